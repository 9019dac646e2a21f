"""Where credentials go in a request (OpenAPI 3.1.1, Security Scheme Object)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Awaitable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from .errors import ConfigurationError
from .info import SecurityScheme

if TYPE_CHECKING:
    from .settings import AsyncCredential

__all__ = ["Signature", "asked", "awaited", "sign"]


class Signature(NamedTuple):
    """What a request carries to be authorised."""

    headers: dict[str, str]
    query: dict[str, str]
    cookies: dict[str, str]


def asked(credentials: Mapping[str, AsyncCredential]) -> dict[str, object]:
    """The credentials of a call; callables are asked once for all its attempts."""
    return {name: each() if callable(each) else each for name, each in credentials.items()}


async def awaited(credentials: Mapping[str, AsyncCredential]) -> dict[str, object]:
    """As ``asked``, where a callable may be async."""
    values = asked(credentials)
    for name, value in values.items():
        if isinstance(value, Awaitable):
            values[name] = await value
    return values


def sign(schemes: Mapping[str, SecurityScheme], values: Mapping[str, object]) -> Signature:
    """Place the credentials, by scheme name.

    Raises:
        ConfigurationError: A credential, or what a callable returned, is not of its type.
    """
    signature = Signature({}, {}, {})
    for name, value in values.items():
        scheme = schemes[name]
        text = _text(scheme, value)
        match scheme.location:
            case "header":
                signature.headers[scheme.name] = text
            case "query":
                signature.query[scheme.name] = text
            case "cookie":
                signature.cookies[scheme.name] = text
    return signature


def _text(scheme: SecurityScheme, value: object) -> str:
    match scheme.kind, value:
        case "bearer", str():
            return f"Bearer {value}"
        case "basic", (str() as user, str() as password):
            return "Basic " + b64encode(f"{user}:{password}".encode()).decode()
        case "apiKey", str():
            return value
        case _:
            expected = "a pair of user and password" if scheme.kind == "basic" else "a str"
            raise ConfigurationError(
                f"Expected {expected} for {scheme.argument}, not {type(value).__name__}"
            )
