"""What old code reads, changes and overrides of a client: its headers, queries and addresses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from ..client.configured import Configured
from ..lazy_httpx2 import httpx2
from ..options import Omit
from ..request.auth import sign

if TYPE_CHECKING:
    from .queries import Querystring

__all__ = ["Address", "FormerAttributes", "FormerHeaders", "FormerQuery"]


class Address(str):
    """A server's address as text, which also has the attributes of ``httpx2.URL``."""

    def __getattr__(self, name: str) -> Any:
        return getattr(httpx2.URL(str(self)), name)


class FormerAttributes(Configured):
    """The attributes that clients had. A change of one counts for later requests.

    A subclass may override ``auth_headers``, ``default_headers``, ``default_query`` and
    ``user_agent``: requests have what they return.
    """

    _former: ClassVar[Mapping[str, Any]] = {}
    _custom_headers: Mapping[str, str | Omit]
    _custom_query: Mapping[str, object]
    _timeout: Any

    @property
    def base_url(self) -> Address:
        """The server, as text with a slash at its end and the attributes of a URL."""
        return Address(self._session.settings.base_url.rstrip("/") + "/")

    @base_url.setter
    def base_url(self, value: object) -> None:
        checked: Any = vars(Configured)["base_url"]
        checked.__set__(self, str(value))

    @property
    def _base_url(self) -> Address:
        """The same as ``base_url``."""
        return self.base_url

    @property
    def timeout(self) -> Any:
        """The timeout as it was given, or the usual one."""
        given = self._timeout
        return vars(Configured)["timeout"].__get__(self) if isinstance(given, Omit) else given

    @timeout.setter
    def timeout(self, value: Any) -> None:
        checked: Any = vars(Configured)["timeout"]
        checked.__set__(self, value)
        self._timeout = value

    @property
    def _version(self) -> str:
        """The version of the SDK."""
        version: str = self._session.settings.info.version
        return version

    @property
    def _strict_response_validation(self) -> bool:
        """Whether a response that breaks the description is an error."""
        strict: bool = self._session.settings.strict
        return strict

    @property
    def auth_headers(self) -> dict[str, str]:
        """The headers with credentials that are texts."""
        settings = self._session.settings
        given = {k: v for k, v in settings.credentials.items() if isinstance(v, (str, tuple))}
        return dict(sign(settings.info.security_schemes, given).headers)

    @property
    def default_headers(self) -> dict[str, str | Omit]:
        """The headers that all requests have."""
        usual: dict[str, str | Omit] = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "User-Agent": self.user_agent,
            **self._session.settings.info.headers,
        }
        return {**usual, **self.auth_headers, **self._argument_headers(), **self._custom_headers}

    @property
    def default_query(self) -> dict[str, object]:
        """The query parameters that all requests have."""
        return {**self._custom_query}

    @property
    def user_agent(self) -> str:
        """The name of the SDK in requests."""
        info = self._session.settings.info
        return f"{info.package}/{info.version}"

    @property
    def qs(self) -> Querystring:
        """Writes query strings."""
        from .queries import Querystring

        return Querystring()

    def _argument_headers(self) -> dict[str, str]:
        """The headers that have the values of arguments."""
        found: dict[str, str] = {}
        for name, one in self._former.items():
            value = getattr(self, name, None)
            if one.header and not one.argument and value is not None:
                found[one.header] = one.value.format(value)
        return found

    def _sent_headers(self) -> dict[str, str | Omit]:
        """What goes over the headers of today's client: those that were given or overridden."""
        usual, kind = FormerAttributes, type(self)
        found: dict[str, str | Omit] = {}
        if kind.user_agent is not usual.user_agent:
            found["User-Agent"] = self.user_agent
        if kind.auth_headers is not usual.auth_headers:
            found |= self.auth_headers
        found |= self._argument_headers()
        found |= self._custom_headers
        if kind.default_headers is not usual.default_headers:
            before = usual.default_headers.__get__(self)
            changed = self.default_headers.items()
            found |= {name: value for name, value in changed if before.get(name) != value}
        return found


class FormerHeaders(Mapping[str, "str | Omit"]):
    """The headers of a client as they are when a request is made."""

    def __init__(self, client: FormerAttributes) -> None:
        self._client = client

    def __getitem__(self, name: str) -> str | Omit:
        return self._client._sent_headers()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._client._sent_headers())

    def __len__(self) -> int:
        return len(self._client._sent_headers())

    def items(self) -> Any:
        """All of them, made once."""
        return self._client._sent_headers().items()


class FormerQuery(Mapping[str, object]):
    """The query parameters of a client as they are when a request is made."""

    def __init__(self, client: FormerAttributes) -> None:
        self._client = client

    def __getitem__(self, name: str) -> object:
        return self._client.default_query[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._client.default_query)

    def __len__(self) -> int:
        return len(self._client.default_query)
