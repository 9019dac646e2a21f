"""From a call to the HTTP request: its address, headers and body."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from ..api.operation import Location, RequestBody, Style
from ..checks import is_header_text
from ..credentials import Hidden
from ..options import Omit, omit
from ..servers import address_of
from ..settings import Settings
from ..texts import refuse_wrong_formats
from ..values import is_mapping, plain
from .auth import Signature
from .call import Call
from .styles import DEFAULT_STYLES, write_cookie, write_header, write_path, write_query

if TYPE_CHECKING:  # the first body loads it
    from .uploads import StreamedBody

__all__ = ["Request", "build_request", "merge_headers"]

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_UNRESERVED = re.compile(r"[\w.~-]+", re.ASCII)  # RFC 3986, 2.3
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, 5.6.2
_IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "QUERY"})
_JSON = RequestBody("application/json")


class Request(NamedTuple):
    """An HTTP request. Header names are in lower case.

    ``elsewhere``: a redirect led to another host, which must not see what the first one may.
    ``is_keyed``: the server executes it once, because of its idempotency key.
    """

    method: str
    url: str
    headers: dict[str, str]
    body: bytes | StreamedBody | None = None
    elsewhere: bool = False
    is_keyed: bool = False

    def __repr__(self) -> str:
        """Without headers and query, which may hold credentials; tracebacks show this."""
        return f"<Request {self.method} {self.url.partition('?')[0]}>"

    def may_come_again(self, *, has_come: bool = True) -> bool:
        """Whether it may be sent again after its connection was dropped (RFC 9110, 9.2.2).

        Args:
            has_come: Whether the server may have received it, or a part of it.
        """
        is_harmless = not has_come or self.is_keyed or self.method in _IDEMPOTENT
        return is_harmless and self.replayable

    @property
    def replayable(self) -> bool:
        """Whether its body can be sent again."""
        return self.body is None or isinstance(self.body, bytes) or self.body.replayable


def build_request(
    call: Call, settings: Settings, signature: Signature, base_headers: Mapping[str, str]
) -> Request:
    """Build the request of a call.

    Args:
        call: The operation and its inputs.
        settings: The client's settings.
        signature: The parts that hold the credentials.
        base_headers: The headers of the runtime itself; names in lower case.

    Raises:
        ValueError: An argument cannot be sent, such as an empty path argument.
        ConfigurationError: The operation has servers of its own, and none of what was chosen; or
            an input is missing that an argument of the client stands in for.
    """
    if settings.info.client_arguments:
        from .client_inputs import with_client_inputs  # only such SDKs load it

        call = with_client_inputs(call, settings)
    operation = call.operation
    headers = Hidden(base_headers)
    for layer in (operation.headers, signature.headers, settings.default_headers):
        if layer:
            merge_headers(headers, layer)
    if operation.formats:
        _refuse_wrong_formats(call)
    body, content_type = _body(call)
    if content_type is not None:
        headers["content-type"] = content_type
    if body is not None and not isinstance(body, bytes) and body.length is not None:
        headers["content-length"] = str(body.length)
    if call.headers:
        merge_headers(headers, _header_parameters(call))
    if cookies := _cookies(call, signature):
        merge_headers(headers, {"cookie": cookies})
    if extra := call.options.get("extra_headers"):
        merge_headers(headers, extra)
    url = call.url or _base_url(call, settings) + _path(call)
    url = _with_query(url, call, settings, signature)
    is_keyed = (settings.info.idempotency_header or "").lower() in headers
    return Request(operation.method, url, headers, body, is_keyed=is_keyed)


def _refuse_wrong_formats(call: Call) -> None:
    """Refuse a datetime for a date, and the other way round, as neither means the other."""
    for inputs in (call.path, call.query, call.headers, call.cookies, call.body):
        refuse_wrong_formats(inputs, call.operation.formats)


def merge_headers(headers: dict[str, str], layer: Mapping[str, str | Omit]) -> None:
    """Set the headers of ``layer`` in ``headers``. ``omit`` as a value removes one.

    Raises:
        ValueError: A value cannot be sent in a header. It may be secret, so the message does not
            show it.
        TypeError: A value is not text, or the layer is not a mapping.
    """
    given: Any = layer
    if not is_mapping(given):
        raise TypeError(f"Expected a mapping of headers, not {type(layer).__name__}")
    value: Any
    for name, value in given.items():
        key = _field_name(name)
        if isinstance(value, Omit):
            headers.pop(key, None)
        elif isinstance(value, str) and is_header_text(value):
            headers[key] = value
        elif not isinstance(value, str):
            raise TypeError(f"Expected text for the header `{name}`, not {type(value).__name__}")
        else:
            del value  # reports of errors may show the variables of frames
            raise ValueError(
                f"Expected printable ASCII text without blanks at its ends for the header `{name}`"
            )


@lru_cache(maxsize=1024)
def _field_name(name: str) -> str:
    """The name of a header in lower case.

    Raises:
        ValueError: It cannot be one (RFC 9110, 5.1).
    """
    if not _TOKEN.fullmatch(name):
        raise ValueError(f"Expected the name of a header, not {name!r}")
    return name.lower()


def _base_url(call: Call, settings: Settings) -> str:
    own = call.operation.servers
    return address_of(settings.server, own, settings.base_url) if own else settings.base_url


def _path(call: Call) -> str:
    path = ""
    for index, part in enumerate(_parts(call.operation.path)):
        path += _path_argument(call, part) if index % 2 else part
    if "/." in path:
        _refuse_dot_segments(path)
    return path


@lru_cache(maxsize=1024)
def _parts(template: str) -> tuple[str, ...]:
    """The template split at its parameters: literal, name, literal, name, ..."""
    return tuple(_PLACEHOLDER.split(template))


def _path_argument(call: Call, name: str) -> str:
    value, style = call.path.get(name), _style(call, name, "path")
    if value and type(value) is str and style is DEFAULT_STYLES["path"]:
        return value if _UNRESERVED.fullmatch(value) else quote(value, safe="")
    text = write_path(name, value, style)
    if not text or (style.style != "simple" and text == write_path(name, "", style)):
        shown = call.operation.names.get(name, name)
        raise ValueError(f"Expected a non-empty value for `{shown}` but received {value!r}")
    return text


def _refuse_dot_segments(path: str) -> None:
    """Clients and servers remove such segments and so change the path (RFC 3986, 5.2.4)."""
    if any(segment in {".", ".."} for segment in path.split("/")):
        raise ValueError(f"Expected no path argument that is `.` or `..`, but the path is {path}")


def _with_query(url: str, call: Call, settings: Settings, signature: Signature) -> str:
    inputs: dict[str, Any] = {}
    if call.url is None and (call.query or settings.default_query or call.options):
        extra = call.options.get("extra_query", {})
        inputs = _given({**settings.default_query, **_given(call.query), **extra})
    pairs = [
        f"{quote(name, safe='')}={quote(key, safe='')}" for name, key in signature.query.items()
    ]
    for name, value in inputs.items():
        pairs += write_query(name, value, _style(call, name, "query"))
    if not pairs:
        return url
    return f"{url}{'&' if '?' in url else '?'}{'&'.join(pairs)}"


def _style(call: Call, name: str, location: Location) -> Style:
    style = call.operation.styles.get(name)
    return style if style and style.location == location else DEFAULT_STYLES[location]


def _header_parameters(call: Call) -> dict[str, str]:
    return {
        name: write_header(value, _style(call, name, "header"))
        for name, value in _given(call.headers).items()
        if value is not None
    }


def _cookies(call: Call, signature: Signature) -> str:
    if not (call.cookies or signature.cookies):
        return ""
    pairs = [f"{name}={value}" for name, value in signature.cookies.items()]
    for name, value in _given(call.cookies).items():
        pairs += write_cookie(name, value, _style(call, name, "cookie"))
    return "; ".join(pairs)


def _body(call: Call) -> tuple[bytes | StreamedBody | None, str | None]:
    body = _merged(_given_body(call.body), call.options.get("extra_body", omit))
    declared = call.operation.body or _JSON
    if body is omit:
        if not declared.required:
            return None, None
        body = {}
    return _encoder()(body, declared)


@cache
def _encoder() -> Callable[[Any, RequestBody], tuple[bytes | StreamedBody, str]]:
    """The encoder, loaded with the first body. An import statement takes 0.5 µs for each body."""
    from .bodies import encode

    return encode


def _given_body(body: object) -> object:
    """The body without omitted members; ``omit`` if all of its members are omitted."""
    if body is omit or not is_mapping(body) or not body:
        return body
    return _given(body) or omit


def _merged(body: object, extra: object) -> object:
    if isinstance(extra, Omit):
        return body
    if isinstance(body, Omit):
        return extra
    body = plain(body)
    return {**body, **extra} if is_mapping(body) and is_mapping(extra) else extra


def _given(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in inputs.items() if value is not omit}
