"""Where credentials go in a request (OpenAPI 3.1.1, Security Scheme Object)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Awaitable, Mapping
from typing import NamedTuple

from ..api.info import SecurityScheme
from ..credentials import Hidden
from ..errors import ConfigurationError
from ..settings import AsyncCredential

__all__ = ["Signature", "resolve_credentials", "resolve_credentials_async", "sign"]


class Signature(NamedTuple):
    """The parts of a request that authorise it."""

    headers: dict[str, str]
    query: dict[str, str]
    cookies: dict[str, str]

    def __repr__(self) -> str:
        """Without the credentials; tracebacks show this."""
        return f"<Signature in {', '.join([*self.headers, *self.query, *self.cookies])}>"


def resolve_credentials(credentials: Mapping[str, AsyncCredential]) -> Hidden[object]:
    """The values of credentials. Callables are called once for all attempts of a call."""
    values = ((name, each() if callable(each) else each) for name, each in credentials.items())
    return Hidden(values)


async def resolve_credentials_async(
    credentials: Mapping[str, AsyncCredential],
) -> Hidden[object]:
    """As ``resolve_credentials``, for callables that may be async."""
    values = resolve_credentials(credentials)
    for name, value in values.items():
        if isinstance(value, Awaitable):
            values[name] = await value
    return values


def sign(schemes: Mapping[str, SecurityScheme], values: Mapping[str, object]) -> Signature:
    """Place credentials, which are given by scheme name.

    Raises:
        ConfigurationError: A credential, or what a callable returned, has the wrong type.
    """
    signature = Signature(Hidden(), Hidden(), Hidden())
    for name, value in values.items():
        scheme = schemes[name]
        text = _text(scheme, value)
        match scheme.location:
            case "header":
                signature.headers[scheme.name] = text
            case "query":
                signature.query[scheme.name] = text
            case "cookie" if ";" in text:
                raise ConfigurationError(f"Expected no semicolon in {scheme.argument}: a cookie")
            case "cookie":
                signature.cookies[scheme.name] = text
    return signature


def _text(scheme: SecurityScheme, value: object) -> str:
    match scheme.kind, value:
        case "bearer", str():
            return f"Bearer {value}"
        case "http", str():
            return f"{scheme.scheme} {value}"
        case "basic", (str() as user, str()) if ":" in user:
            raise ConfigurationError("Expected no colon in the user of basic_auth (RFC 7617)")
        case "basic", (str() as user, str() as password):
            return "Basic " + b64encode(f"{user}:{password}".encode()).decode()
        case "apiKey", str():
            return value
        case _:
            expected = "a pair of user and password" if scheme.kind == "basic" else "a str"
            raise ConfigurationError(
                f"Expected {expected} for {scheme.argument}, not {type(value).__name__}"
            )
