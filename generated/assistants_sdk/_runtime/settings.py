"""The configuration of a client: its arguments, else the environment, else the SDK's own values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypedDict

from .api.info import SdkInfo, SecurityScheme
from .api.operation import Security
from .checks import (
    checked_credential,
    checked_max_retries,
    checked_middleware,
    checked_retries,
    checked_timeout,
)
from .credentials import AsyncCredential, Credential, Hidden, Parts
from .errors import ConfigurationError
from .lazy_httpx2 import httpx2
from .middleware import AsyncMiddleware, Middleware
from .options import Omit, Timeout, omit
from .retries import Retries
from .servers import ServerChoice, checked_base_url, first_set

__all__ = [
    "DEFAULT_MAX_RETRIES",
    "AsyncClientOptions",
    "AsyncCredential",
    "ClientArguments",
    "ClientOptions",
    "Credential",
    "Settings",
    "api_key_of",
    "changed_settings",
    "make_settings",
    "required_schemes",
    "set_api_key",
]

DEFAULT_MAX_RETRIES: Final = 2


class _SharedOptions(TypedDict, total=False):
    base_url: str
    timeout: float | Timeout | None
    max_retries: int
    retries: Retries | None
    default_headers: Mapping[str, str | Omit]
    default_query: Mapping[str, object]
    strict: bool


class ClientOptions(_SharedOptions, total=False):
    """The options of a client's ``with_options``. See the client's own arguments."""

    api_key: Credential
    middleware: Sequence[Middleware]
    http_client: httpx2.Client


class AsyncClientOptions(_SharedOptions, total=False):
    """The options of an async client's ``with_options``. See the client's own arguments."""

    api_key: AsyncCredential
    middleware: Sequence[AsyncMiddleware]
    http_client: httpx2.AsyncClient


class ClientArguments(TypedDict, total=False):
    """The arguments of a client that are the same in every SDK.

    Attributes:
        base_url: The server. ``None`` takes it from the environment, or the SDK's own.
        timeout: Seconds for each phase of a request, a ``Timeout``, or ``None`` for no limit. The
            default is that of ``http_client``, else the SDK's own, else 600 seconds and 5 to
            connect.
        max_retries: How often a failed request is sent again.
        retries: Which failures are retried, and after which waits; ``None`` for the defaults.
        default_headers: Headers that go over the SDK's own. ``omit`` removes one.
        default_query: Query parameters of every request.
        strict: Whether a response that breaks the description raises
            ``APIResponseValidationError``.
        server: The name of the server. ``None`` takes the first.
        variables: Values of the servers' variables, by the argument that takes each.
        client_arguments: Values of the arguments that only this API has, by name. ``None`` takes
            one from the environment, or the default.
        client_id: The id of an OAuth 2 client. ``None`` takes it from the environment.
        client_secret: Its secret. ``None`` takes it from the environment.
        scopes: The scopes to ask for. Without them, the server decides.
        middleware: Functions around each request: they may change it and its response.
    """

    base_url: str | None
    timeout: float | Timeout | Omit | None
    max_retries: int
    retries: Retries | None
    default_headers: Mapping[str, str | Omit] | None
    default_query: Mapping[str, object] | None
    strict: bool
    server: str | None
    variables: Mapping[str, str | None] | None
    client_arguments: Mapping[str, object] | None
    client_id: str | None
    client_secret: str | None
    scopes: Collection[str]
    middleware: Sequence[Middleware | AsyncMiddleware]


_CHANGEABLE: Final = frozenset(ClientOptions.__annotations__)


@dataclass(slots=True, eq=False, repr=False)
class Settings:
    """The settings of one client. All its sessions share them, so that a change counts at once.

    ``timeout`` is ``omit`` if the caller did not set it. ``credentials`` are by security scheme.
    ``server`` is what the caller chose, for operations with servers of their own. ``retries`` is
    ``None`` for the defaults.
    Values that may be secret are hidden.
    """

    info: SdkInfo
    base_url: str
    credentials: Mapping[str, AsyncCredential]
    timeout: Timeout | Omit
    max_retries: int
    default_headers: Mapping[str, str | Omit]
    default_query: Mapping[str, object]
    strict: bool
    server: ServerChoice
    retries: Retries | None = None
    middleware: tuple[Any, ...] = ()
    client_arguments: Mapping[str, object] = field(default_factory=dict[str, object])


def make_settings(
    info: SdkInfo,
    credentials: Mapping[str, AsyncCredential | Parts | None],
    base_url: str | None = None,
    timeout: float | Timeout | Omit | None = omit,
    max_retries: int = DEFAULT_MAX_RETRIES,
    default_headers: Mapping[str, str | Omit] | None = None,
    default_query: Mapping[str, object] | None = None,
    strict: bool = False,
    server: str | None = None,
    variables: Mapping[str, str | None] | None = None,
    retries: Retries | None = None,
    client_id: str | None = None,
    client_secret: str | None = None,
    scopes: Collection[str] = (),
    middleware: Sequence[Middleware | AsyncMiddleware] = (),
    client_arguments: Mapping[str, object] | None = None,
) -> Settings:
    """Make settings from the arguments of a client.

    Raises:
        ConfigurationError: There is no server, or none of what was chosen, or no credential and
            the API asks for one by default, or an argument is missing or cannot be used.
    """
    choice = ServerChoice(base_url, server, variables or {}).or_environment(info)
    settings = Settings(
        info=info,
        base_url=choice.base_url_of(info),
        credentials=_with_environment(
            info, credentials, _client_of(info, client_id, client_secret, scopes)
        ),
        timeout=checked_timeout(timeout),
        max_retries=checked_max_retries(max_retries),
        default_headers=default_headers or {},
        default_query=default_query or {},
        strict=strict,
        server=choice,
        retries=checked_retries(retries),
        middleware=checked_middleware(middleware),
        client_arguments=_argument_values(info, client_arguments or {}),
    )
    if not settings.credentials:  # else they may be those of some operations
        required_schemes(settings, info.security)
    return settings


def changed_settings(settings: Settings, options: ClientOptions | AsyncClientOptions) -> Settings:
    """Settings with some options changed. New headers and query parameters go over the old ones.

    Raises:
        ConfigurationError: The new base URL cannot be used.
    """
    changes: dict[str, Any] = dict(options)
    own = settings.info.client_arguments.keys()
    if not options.keys() <= _CHANGEABLE - own:
        from .client_arguments import own_changes  # what this API has of its own

        changes = own_changes(settings, options, _CHANGEABLE, _client_of)
    if "base_url" in options:
        changes["base_url"] = checked_base_url(options["base_url"])
        changes["server"] = settings.server.changed(options)
    if "timeout" in options:
        changes["timeout"] = checked_timeout(options["timeout"])
    if "max_retries" in options:
        changes["max_retries"] = checked_max_retries(options["max_retries"])
    if "middleware" in options:
        changes["middleware"] = checked_middleware(options["middleware"])
    if "retries" in options:
        changes["retries"] = checked_retries(options["retries"])
    for name in ("default_headers", "default_query"):
        if name in changes:
            changes[name] = {**getattr(settings, name), **changes[name]}
    if changes.pop("http_client", None) is not None and settings.timeout is settings.info.timeout:
        changes.setdefault("timeout", omit)  # that of the HTTP client goes over the SDK's own
    key = changes.pop("api_key", None)
    changed = replace(settings, **changes)
    if key:
        set_api_key(changed, key)
    return changed


def _argument_values(info: SdkInfo, given: Mapping[str, object]) -> dict[str, object]:
    if not info.client_arguments:
        return {}
    from .client_arguments import argument_values  # only SDKs with such arguments load it

    return argument_values(info, given)


def set_api_key(settings: Settings, key: AsyncCredential) -> None:
    """Change the key that all calls with these settings use from now on.

    Raises:
        ConfigurationError: The API takes none, or this cannot be one.
    """
    if api_key_of(settings) is None and not _takes_api_key(settings):
        raise ConfigurationError(f"{settings.info.title} takes no api_key")
    settings.credentials = _with_api_key(settings, key)


def api_key_of(settings: Settings) -> AsyncCredential | None:
    """The key, if there is one."""
    return next(
        (
            settings.credentials[name]
            for name in _takes_api_key(settings)
            if name in settings.credentials
        ),
        None,
    )


def _with_api_key(settings: Settings, key: AsyncCredential) -> dict[str, AsyncCredential]:
    checked: AsyncCredential = checked_credential("api_key", key)
    return {**settings.credentials, **dict.fromkeys(_takes_api_key(settings), checked)}


def _takes_api_key(settings: Settings) -> list[str]:
    """The security schemes whose credential is the argument ``api_key``."""
    schemes = settings.info.security_schemes.items()
    return [name for name, scheme in schemes if scheme.argument == "api_key"]


def required_schemes(
    settings: Settings, security: Security, extra_headers: Iterable[str] = ()
) -> tuple[str, ...]:
    """The schemes that authorise a call: the first alternative with all its credentials given.

    A call that may go without credentials has them nevertheless where they are given. A header that
    the caller sets or removes counts as a credential.

    Args:
        settings: The client's settings.
        security: The alternatives.
        extra_headers: Names of the headers that the caller sets for this call.

    Raises:
        ConfigurationError: Every alternative lacks a credential.
    """
    if not security or (security[0] and settings.credentials.keys() >= set(security[0])):
        return security[0] if security else ()
    available = settings.credentials.keys() | _set_by_header(settings, extra_headers)
    for alternative in security:
        if alternative and available.issuperset(alternative):
            return alternative
    if () in security:
        return ()
    raise ConfigurationError(_missing_credential(settings.info, security))


def _set_by_header(settings: Settings, extra_headers: Iterable[str]) -> set[str]:
    names = {name.lower() for name in (*settings.default_headers, *extra_headers)}
    schemes = settings.info.security_schemes.items()
    return {
        key for key, each in schemes if each.location == "header" and each.name.lower() in names
    }


def _with_environment(
    info: SdkInfo,
    credentials: Mapping[str, AsyncCredential | Parts | None],
    client: Mapping[str, AsyncCredential],
) -> dict[str, AsyncCredential]:
    fallback = first_set(info.environment.api_key)
    found: Hidden[Any] = Hidden()
    for name, scheme in info.security_schemes.items():
        value = credentials.get(name) or client.get(name)
        if scheme.variables:
            value = _or_variables(scheme, value)
        elif scheme.argument == "api_key":
            value = value or fallback
        if value:
            found[name] = value
    del fallback, client  # reports of errors may show the variables of frames
    value = None
    for name in found:
        found[name] = checked_credential(info.security_schemes[name].argument, found[name])
    return found


def _or_variables(
    scheme: SecurityScheme, value: AsyncCredential | Parts | None
) -> AsyncCredential | None:
    """The value, with what environment variables hold of it."""
    if not isinstance(value, tuple):
        return value or first_set(scheme.variables[0])
    parts: Parts = value  # pyright: ignore[reportUnknownVariableType]
    user, password = (
        one or first_set(names) for one, names in zip(parts, scheme.variables, strict=True)
    )
    if user and password:
        return user, password
    if user or password:
        hint = "".join(f", or set {_either(names)}" for names in scheme.variables if names)
        raise ConfigurationError(f"Pass {scheme.argument} together{hint}")
    return None


def _client_of(
    info: SdkInfo, client_id: str | None, client_secret: str | None, scopes: Collection[str]
) -> dict[str, AsyncCredential]:
    """The source of tokens for the id and the secret of a client, by the scheme that takes it."""
    names = [name for name, each in info.security_schemes.items() if each.takes_client]
    if not names:
        return {}
    variables, is_given = info.environment, bool(client_id or client_secret)
    client_id = client_id or first_set(variables.client_id)
    client_secret = client_secret or first_set(variables.client_secret)
    if not (client_id and client_secret):
        if not is_given:
            return {}
        missing, known = "client_secret", variables.client_secret
        if not client_id:
            missing, known = "client_id", variables.client_id
        hint = f", or set {_either(known)} in the environment" if known else ""
        raise ConfigurationError(f"{info.title} needs both: pass {missing}{hint}")
    from .tokens import ClientCredentials  # only such clients load it

    scheme = info.security_schemes[names[0]]
    source = ClientCredentials(
        client_id,
        client_secret,
        scopes=scopes,
        authentication=scheme.authentication,
        parameters=scheme.parameters,
    )
    return {names[0]: source}


def _missing_credential(info: SdkInfo, security: Security) -> str:
    schemes = info.security_schemes
    together = {
        tuple(dict.fromkeys(schemes[name].argument for name in names)): None
        for names in security
        if schemes.keys() >= set(names)
    }
    if not together:
        return f"{info.title} needs credentials that this client cannot send"
    needed = [each for name, each in schemes.items() if any(name in names for names in security)]
    variables = [" and ".join(map(_either, one.variables)) for one in needed if one.variables]
    if any(one.argument == "api_key" and not one.variables for one in needed):
        variables += filter(None, [_either(info.environment.api_key)])
    hint = f", or set {_either(sorted(variables))} in the environment" if variables else ""
    if any(each.takes_client for each in needed):
        together[("client_id", "client_secret")] = None
    wanted = _either([" and ".join(names) for names in together])
    return f"{info.title} needs a credential: pass {wanted}{hint}"


def _either(names: Collection[str]) -> str:
    return " or ".join(names)
