"""OAuth 2 access tokens (RFC 6749): kept for all calls of a client, and renewed in time.

An object of a class here is a credential. It holds one token for all clients, threads and tasks
that use it. Calls that need a token during a token request wait for its result.
"""

from __future__ import annotations

import json
import os
import time
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterable, Mapping
from copy import copy
from math import inf, isfinite
from threading import Lock
from typing import Any, Final, Literal, NamedTuple
from urllib.parse import quote, quote_plus, urljoin

from .api.info import SecurityScheme
from .credentials import TokenSource
from .errors import APIError, ConfigurationError, TokenError
from .values import is_mapping

__all__ = [
    "Authentication",
    "ClientCredentials",
    "EndpointTokens",
    "RefreshToken",
    "Token",
    "TokenProvider",
    "TokenRequest",
    "Tokens",
]

Authentication = Literal["basic", "post"]

_MARGIN: Final = 60.0  # seconds before its end that a token is renewed, or a fifth of its life
_MASK: Final = "***"


class Token(NamedTuple):
    """An access token.

    Attributes:
        access_token: The token.
        expires_in: The seconds that it is valid from now on; ``None`` if that is not known.
        refresh_token: The token that requests a new one.
    """

    access_token: str
    expires_in: float | None = None
    refresh_token: str | None = None

    def __repr__(self) -> str:
        """Without the tokens."""
        return f"<Token for {self.expires_in} s>"


class TokenRequest(NamedTuple):
    """A request to a token endpoint: by POST, a form."""

    url: str
    form: dict[str, str]
    headers: dict[str, str]

    def __repr__(self) -> str:
        """Without the secret."""
        return f"<TokenRequest {self.url}>"


class Tokens(TokenSource):
    """The token of a source, and its lock.

    Attributes:
        fetches: How many times a token was asked for.
    """

    def __init__(self) -> None:
        self.fetches = 0
        self._lock, self._process = Lock(), os.getpid()
        self._token: str | None = None
        self._renewal = inf
        self._failure: Exception | None = None

    def valid(self) -> str | None:
        """The token; ``None`` if it is missing or expires soon."""
        return self._token if time.monotonic() < self._renewal else None

    def refuse(self, token: object) -> None:
        """The server does not take a token any more: it is not used again."""
        if token == self._token:
            self._token = None

    def lock(self) -> Lock:
        """The lock during a token request. A forked process has its own."""
        if self._process != os.getpid():
            self._lock, self._process = Lock(), os.getpid()
        return self._lock

    def outcome(self, fetches: int) -> str | None:
        """The token that was fetched meanwhile, however short its life is.

        Args:
            fetches: What ``fetches`` was before the wait.

        Raises:
            Exception: Fetching it failed meanwhile: an ``APIError``, or what a function raised.
        """
        failure = self._failure if self.fetches != fetches else None
        if isinstance(failure, APIError):
            raise copy(failure) from failure
        if failure is not None:
            raise failure
        return self._token if self.fetches != fetches else self.valid()

    def keep(self, token: Token) -> str:
        """Use a new token from now on."""
        self.fetches += 1
        self._failure = None
        life = inf if token.expires_in is None else token.expires_in
        self._token = token.access_token  # first: other threads must not use the old one
        self._renewal = time.monotonic() + life - min(_MARGIN, life / 5)
        return token.access_token

    def fail(self, error: Exception) -> None:
        """Fetching a token failed, also for all that wait for it."""
        self.fetches += 1
        self._failure = error

    def __repr__(self) -> str:
        """Without secrets; tracebacks show this."""
        return f"<{type(self).__name__}>"


class TokenProvider(Tokens):
    """Tokens of a function of yours, for logins that the SDK does not do.

    Args:
        fetch: Returns a new ``Token``, or only its text. It may be async for an async client. It
            is called when there is no token, before the token ends, and after a 401.
    """

    def __init__(self, fetch: Callable[[], Token | str | Awaitable[Token | str]]) -> None:
        super().__init__()
        if not callable(fetch):
            raise ConfigurationError("Expected fetch to be a function that returns a token")
        self.fetch = fetch

    @staticmethod
    def checked(given: object) -> Token:
        """The result of the function, as a token.

        Raises:
            ConfigurationError: It is none.
        """
        token = Token(given) if isinstance(given, str) else given
        text: Any = token.access_token if isinstance(token, Token) else None
        if isinstance(token, Token) and isinstance(text, str) and text:
            return token._replace(expires_in=_seconds(token.expires_in))
        raise ConfigurationError(f"Expected fetch to return a token, not {type(given).__name__}")


class EndpointTokens(Tokens):
    """Tokens of the token endpoint of an API. A subclass defines the request."""

    def __init__(
        self,
        client_id: str | None,
        client_secret: str | None,
        scopes: Iterable[str],
        token_url: str | None,
        authentication: Authentication,
        parameters: Mapping[str, str] | None,
    ) -> None:
        super().__init__()
        if authentication not in ("basic", "post"):
            raise ConfigurationError(
                f"Expected authentication 'basic' or 'post', not {authentication!r}"
            )
        self._scopes = _texts(scopes)
        if not self._scopes and scopes:
            raise ConfigurationError(f"Expected scopes to be a list of texts, not {scopes!r}")
        self._token_url = token_url
        self.client = self._id, self._secret = client_id, client_secret
        self._authentication = authentication
        self._parameters = dict(parameters or {})

    def request(self, scheme: SecurityScheme, base_url: str) -> TokenRequest:
        """The request to the token endpoint.

        Args:
            scheme: The security scheme that needs a token.
            base_url: The client's server. A relative endpoint is below it.

        Raises:
            ConfigurationError: No endpoint is known.
        """
        url = self._token_url or self._described_url(scheme)
        if not url:
            raise ConfigurationError(f"Expected a token_url for {type(self).__name__}")
        form: dict[str, str] = {**self._parameters, **self._grant()}
        if self._scopes:
            form["scope"] = " ".join(self._scopes)
        headers = {"accept": "application/json"}
        if self._secret is None or self._authentication == "post":
            given = {"client_id": self._id, "client_secret": self._secret}
            form |= {name: value for name, value in given.items() if value is not None}
        else:
            headers["authorization"] = f"Basic {self._basic(self._secret)}"
        return TokenRequest(urljoin(f"{base_url}/", url), form, headers)

    def _basic(self, secret: str) -> str:
        """Id and secret as HTTP Basic has them (RFC 6749, 2.3.1)."""
        pair = f"{quote_plus(self._id or '')}:{quote_plus(secret)}"
        return b64encode(pair.encode()).decode()

    def _grant(self) -> dict[str, str]:
        raise NotImplementedError

    def _described_url(self, scheme: SecurityScheme) -> str | None:
        return scheme.token_url

    def _secrets(self) -> list[str]:
        return [self._basic(self._secret), self._secret] if self._secret else []

    def read(self, status_code: int, content: bytes) -> Token:
        """The token in a response.

        Raises:
            TokenError: It has none that can be sent.
        """
        body = _json(content)
        given = body.get("access_token")
        kind = body.get("token_type") or "bearer"
        if not (isinstance(given, str) and given):
            raise TokenError(f"The token endpoint answered {status_code} without an access_token")
        if not str(kind).lower().startswith("bearer"):
            raise TokenError("The token endpoint gave a token that is no bearer token")
        refresh = body.get("refresh_token")
        refresh = refresh if isinstance(refresh, str) and refresh else None
        return Token(given, _seconds(body.get("expires_in")), refresh)

    def failure(self, error: APIError) -> TokenError:
        """The error of a failed call of the endpoint, without any secret."""
        content = error.response.content if error.response is not None else b""
        body = _json(content)
        code = body.get("error") if isinstance(body.get("error"), str) else error.code
        message = self._masked(str(body.get("error_description") or code or error.message))
        shown = self._masked(_text(content))
        reached = "" if error.status_code is None else f" with {error.status_code}"
        return TokenError(
            f"No access token: the token endpoint failed{reached}: {message}",
            response=_bare(error, shown),
            body=_json(shown.encode()) or None,
            code=self._masked(code) if code else None,
            request_id=error.request_id,
            retries_taken=error.retries_taken,
        )

    def _masked(self, text: str) -> str:
        for secret in self._secrets():
            forms = (secret, quote_plus(secret), quote(secret, safe=""), json.dumps(secret)[1:-1])
            for form in forms:
                text = text.replace(form, _MASK)
        return text


class ClientCredentials(EndpointTokens):
    """Tokens for a program without a user (RFC 6749, 4.4).

    Args:
        client_id: The id of the client.
        client_secret: Its secret.
        scopes: The scopes to ask for. Without them, the server decides.
        token_url: The token endpoint. Otherwise that of the API's description.
        authentication: Whether id and secret are sent as HTTP Basic or in the form.
        parameters: Further parameters of the form, such as ``{"audience": "https://api.test"}``.

    Raises:
        ConfigurationError: A value cannot be used.
    """

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        *,
        scopes: Iterable[str] = (),
        token_url: str | None = None,
        authentication: Authentication = "basic",
        parameters: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(client_id, client_secret, scopes, token_url, authentication, parameters)
        for name, value in (("client_id", client_id), ("client_secret", client_secret)):
            _require_text(name, value)

    def _grant(self) -> dict[str, str]:
        return {"grant_type": "client_credentials"}


class RefreshToken(EndpointTokens):
    """Tokens by a refresh token (RFC 6749, 6), which a login gave to you.

    Args:
        refresh_token: The refresh token. If the server gives a new one, that is used next.
        client_id: The id of the client that the token was given to.
        client_secret: Its secret, if it has one.
        scopes: The scopes to ask for. Without them, those of the login.
        token_url: The token endpoint. Otherwise that of the API's description.
        authentication: Whether id and secret are sent as HTTP Basic or in the form.
        parameters: Further parameters of the form.
        on_token: Called with each new token, to store its ``refresh_token`` if there is one. It may
            be async for an async client.

    Raises:
        ConfigurationError: A value cannot be used.
    """

    def __init__(
        self,
        refresh_token: str,
        *,
        client_id: str | None = None,
        client_secret: str | None = None,
        scopes: Iterable[str] = (),
        token_url: str | None = None,
        authentication: Authentication = "basic",
        parameters: Mapping[str, str] | None = None,
        on_token: Callable[[Token], Awaitable[object] | object] | None = None,
    ) -> None:
        super().__init__(client_id, client_secret, scopes, token_url, authentication, parameters)
        _require_text("refresh_token", refresh_token)
        self._refresh_token = refresh_token
        self._on_token = on_token

    def _grant(self) -> dict[str, str]:
        return {"grant_type": "refresh_token", "refresh_token": self._refresh_token}

    def _described_url(self, scheme: SecurityScheme) -> str | None:
        return scheme.refresh_url or scheme.token_url

    def _secrets(self) -> list[str]:
        return [*super()._secrets(), self._refresh_token]

    def keep(self, token: Token) -> str:
        """Use a new token, and its refresh token, from now on."""
        self._refresh_token = token.refresh_token or self._refresh_token
        return super().keep(token)

    def tell(self, token: Token) -> object:
        """Tell the caller of a new token. What this returns may be awaitable."""
        return None if self._on_token is None else self._on_token(token)


def _texts(values: Any) -> tuple[str, ...]:
    """The texts of a collection; empty for other values. A text alone would be its characters."""
    return () if isinstance(values, str) else tuple(values)


def _require_text(name: str, value: Any) -> None:
    if not (isinstance(value, str) and value):
        raise ConfigurationError(f"Expected {name} to be text")


def _json(content: bytes) -> dict[str, Any]:
    try:
        found: Any = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return dict(found) if is_mapping(found) else {}


def _text(content: bytes) -> str:
    """Content as text. JSON is written anew, because a secret may be escaped in many ways."""
    try:
        return json.dumps(json.loads(content))
    except (ValueError, RecursionError):
        return content.decode(errors="replace")


def _seconds(value: Any) -> float | None:
    """``expires_in``, which some servers send as text; None if it is not a number."""
    try:
        seconds = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return seconds if isfinite(seconds) and seconds >= 0 else None


def _bare(error: APIError, content: str) -> Any:
    """The response without the headers of the request and without a secret."""
    if error.response is None:
        return None
    import httpx2

    request = error.response.request
    shown = httpx2.Request(request.method, str(request.url).partition("?")[0])
    return httpx2.Response(error.response.status_code, content=content.encode(), request=shown)
