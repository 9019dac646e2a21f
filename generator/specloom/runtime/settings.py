"""What a client is set up with: its arguments, else the environment, else the SDK's own values."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias, TypedDict

from .api.info import SdkInfo
from .api.operation import Security
from .errors import ConfigurationError
from .options import Omit, Timeout
from .servers import ServerChoice, checked_base_url, first_set

__all__ = [
    "DEFAULT_MAX_RETRIES",
    "AsyncClientOptions",
    "AsyncCredential",
    "ClientOptions",
    "Credential",
    "Settings",
    "changed_settings",
    "make_settings",
    "required_schemes",
]

DEFAULT_MAX_RETRIES: Final = 2

Credential: TypeAlias = str | tuple[str, str] | Callable[[], str]
"""A key or token, a pair of user and password, or a function that returns a key."""

AsyncCredential: TypeAlias = Credential | Callable[[], Awaitable[str]]
"""A ``Credential``, or an async function that returns a key."""


class _SharedOptions(TypedDict, total=False):
    base_url: str
    timeout: float | Timeout | None
    max_retries: int
    default_headers: Mapping[str, str | Omit]
    default_query: Mapping[str, object]
    strict: bool


class ClientOptions(_SharedOptions, total=False):
    """What ``with_options`` of a client can change. See the client's own arguments."""

    api_key: Credential


class AsyncClientOptions(_SharedOptions, total=False):
    """What ``with_options`` of an async client can change. See the client's own arguments."""

    api_key: AsyncCredential


_CHANGEABLE: Final = frozenset({*_SharedOptions.__annotations__, "api_key"})


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one client.

    ``timeout`` is ``omit`` if the caller did not set it. ``credentials`` are by security scheme.
    ``server`` is what the caller chose, for operations with servers of their own.
    """

    info: SdkInfo
    base_url: str
    credentials: Mapping[str, AsyncCredential]
    timeout: float | Timeout | Omit | None
    max_retries: int
    default_headers: Mapping[str, str | Omit]
    default_query: Mapping[str, object]
    strict: bool
    server: ServerChoice


def make_settings(
    info: SdkInfo,
    credentials: Mapping[str, AsyncCredential | None],
    base_url: str | None,
    timeout: float | Timeout | Omit | None,
    max_retries: int,
    default_headers: Mapping[str, str | Omit] | None,
    default_query: Mapping[str, object] | None,
    strict: bool,
    server: str | None = None,
    variables: Mapping[str, str | None] | None = None,
) -> Settings:
    """Make settings from the arguments of a client.

    Raises:
        ConfigurationError: There is no server, or none of what was chosen, or no credential that
            the API accepts by default.
    """
    choice = ServerChoice(base_url, server, variables or {}).or_environment(info)
    settings = Settings(
        info=info,
        base_url=choice.base_url_of(info),
        credentials=_with_environment(info, credentials),
        timeout=timeout,
        max_retries=max_retries,
        default_headers=default_headers or {},
        default_query=default_query or {},
        strict=strict,
        server=choice,
    )
    required_schemes(settings, info.security)
    return settings


def changed_settings(settings: Settings, options: ClientOptions | AsyncClientOptions) -> Settings:
    """Settings with some options changed. New headers and query parameters go over the old ones.

    Raises:
        ConfigurationError: The new base URL cannot be used.
    """
    if not options.keys() <= _CHANGEABLE:
        from .keywords import refuse_unknown  # only wrong calls need it

        refuse_unknown(options, _CHANGEABLE)
    changes: dict[str, Any] = dict(options)
    if "base_url" in options:
        changes["base_url"] = checked_base_url(options["base_url"])
        changes["server"] = ServerChoice(options["base_url"])
    for name in ("default_headers", "default_query"):
        if name in changes:
            changes[name] = {**getattr(settings, name), **changes[name]}
    key = changes.pop("api_key", None)
    if key:
        schemes = settings.info.security_schemes.items()
        keys = {name: key for name, scheme in schemes if scheme.argument == "api_key"}
        changes["credentials"] = {**settings.credentials, **keys}
    return replace(settings, **changes)


def required_schemes(
    settings: Settings, security: Security, extra_headers: Iterable[str] = ()
) -> tuple[str, ...]:
    """The schemes that authorise a call: the first alternative with all its credentials given.

    A header that the caller sets or removes counts as a credential.

    Args:
        settings: The client's settings.
        security: The alternatives.
        extra_headers: Names of the headers that the caller sets for this call.

    Raises:
        ConfigurationError: Every alternative lacks a credential.
    """
    if not security or settings.credentials.keys() >= set(security[0]):
        return security[0] if security else ()
    available = settings.credentials.keys() | _set_by_header(settings, extra_headers)
    for alternative in security:
        if available.issuperset(alternative):
            return alternative
    raise ConfigurationError(_missing_credential(settings.info, security))


def _set_by_header(settings: Settings, extra_headers: Iterable[str]) -> set[str]:
    names = {name.lower() for name in (*settings.default_headers, *extra_headers)}
    schemes = settings.info.security_schemes.items()
    return {
        key for key, each in schemes if each.location == "header" and each.name.lower() in names
    }


def _with_environment(
    info: SdkInfo, credentials: Mapping[str, AsyncCredential | None]
) -> dict[str, AsyncCredential]:
    fallback = first_set(info.environment.api_key)
    found: dict[str, AsyncCredential] = {}
    for name, scheme in info.security_schemes.items():
        value = credentials.get(name) or (fallback if scheme.argument == "api_key" else None)
        if value:
            found[name] = value
    return found


def _missing_credential(info: SdkInfo, security: Security) -> str:
    schemes = info.security_schemes
    arguments = {
        schemes[name].argument: None for names in security for name in names if name in schemes
    }
    if not arguments:
        return f"{info.title} needs credentials that this client cannot send"
    hint = ""
    if "api_key" in arguments and info.environment.api_key:
        hint = f", or set {_either(info.environment.api_key)} in the environment"
    return f"{info.title} needs a credential: pass {_either(arguments)}{hint}"


def _either(names: Collection[str]) -> str:
    return " or ".join(names)
