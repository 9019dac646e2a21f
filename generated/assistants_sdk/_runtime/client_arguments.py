"""The arguments of one API's client, such as an account: their values.

Only SDKs that have some load this module, and clients whose credentials or server are changed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from typing import Any

from .api.info import ClientArgument, SdkInfo
from .checks import checked_credential, is_header_text
from .credentials import AsyncCredential
from .errors import ConfigurationError

__all__ = ["argument_values", "how_to_give", "own_changes"]

_EXPECTED = {
    "string": "text",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
}
_OF_CLIENT = ("client_id", "client_secret", "scopes")
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


def argument_values(info: SdkInfo, given: Mapping[str, object]) -> dict[str, object]:
    """The values of the arguments that have one: as given, else of the environment or by default.

    Raises:
        ConfigurationError: A required one is missing, or a value is of another type.
    """
    found: dict[str, object] = {}
    for name, argument in info.client_arguments.items():
        value = given.get(name)
        if value is not None:
            _check(name, argument, value)
        else:
            value = _of_environment(argument)
        if value is not None:
            found[name] = value
        elif argument.required:
            raise ConfigurationError(f"{info.title} needs {name}: {how_to_give(name, argument)}")
    return found


def own_changes(
    settings: Any,
    options: Mapping[str, Any],
    known: Collection[str],
    client_of: Callable[..., Mapping[str, AsyncCredential]],
) -> dict[str, Any]:
    """The changes by an SDK's own options of ``with_options``.

    Args:
        settings: The settings of the client.
        options: The object that ``with_options`` received.
        known: The options of every SDK.
        client_of: Makes the credential of an OAuth 2 client.

    Returns:
        New values of the settings, and the options of every SDK as they are.

    Raises:
        TypeError: An option does not exist.
        ConfigurationError: A value cannot be used.
    """
    info: SdkInfo = settings.info
    servers = {*settings.server.variables, *(["server"] if len(info.servers) > 1 else [])}
    takes_client = any(one.takes_client for one in info.security_schemes.values())
    client = set(_OF_CLIENT if takes_client else ())
    own = {*info.client_arguments, *_credential_names(info), *servers, *client}
    if not options.keys() <= {*known, *own}:
        from .keywords import refuse_unknown  # only wrong calls need it

        refuse_unknown(options, {*known, *own})
    changes = {name: value for name, value in options.items() if name not in own}
    if given := {name: options[name] for name in options if name in info.client_arguments}:
        values = {**settings.client_arguments, **given}
        changes["client_arguments"] = argument_values(info, values)
    if servers & options.keys():
        changes["server"] = settings.server.changed(options)
        changes["base_url"] = changes["server"].base_url_of(info)
    if {*_credential_names(info), *client} & options.keys():
        credentials = _changed_credentials(info, settings.credentials, options)
        if client & options.keys():
            credentials |= client_of(info, *_client_parts(settings.credentials, options))
        changes["credentials"] = credentials
    return changes


def _credential_names(info: SdkInfo) -> set[str]:
    """The arguments for credentials, but for a key that every SDK may have."""
    arguments = {one.argument for one in info.security_schemes.values()} - {"api_key"}
    return {name for argument in arguments for name in argument.split(" and ")}


def _changed_credentials(
    info: SdkInfo, old: Mapping[str, Any], options: Mapping[str, Any]
) -> dict[str, Any]:
    """The credentials after some were given anew; of a user and a password, one may be."""
    found = dict(old)
    for key, scheme in info.security_schemes.items():
        names = scheme.argument.split(" and ")
        given = [options.get(name) for name in names]
        if scheme.argument == "api_key" or not any(given):
            continue
        if len(names) > 1:
            before = old.get(key) or [None] * len(names)
            given = [new or part for new, part in zip(given, before, strict=True)]
            if not all(given):
                raise ConfigurationError(f"Pass {scheme.argument} together")
        value = given[0] if len(names) == 1 else tuple(given)
        found[key] = checked_credential(scheme.argument, value)
    return found


def _client_parts(
    old: Mapping[str, Any], options: Mapping[str, Any]
) -> tuple[str | None, str | None, Collection[str]]:
    """Id, secret and scopes of an OAuth 2 client; new scopes are for the client of before."""
    from .tokens import ClientCredentials

    client_id, secret, scopes = (options.get(name) for name in _OF_CLIENT)
    for source in old.values():
        if isinstance(source, ClientCredentials) and not (client_id or secret):
            client_id, secret = source.client
    return client_id, secret, scopes or ()


def _check(name: str, argument: ClientArgument, value: Any) -> None:
    """Refuse a value of another type, without showing it: it may be secret."""
    is_boolean = isinstance(value, bool)
    fits = {
        "string": isinstance(value, str),
        "integer": isinstance(value, int) and not is_boolean,
        "number": isinstance(value, (int, float)) and not is_boolean,
        "boolean": is_boolean,
    }[argument.type]
    if not fits:
        raise ConfigurationError(
            f"Expected {name} to be {_EXPECTED[argument.type]}, not {type(value).__name__}"
        )
    _check_text(name, argument, value)


def _check_text(source: str, argument: ClientArgument, value: object) -> None:
    if isinstance(value, str) and not value:
        raise ConfigurationError(f"Expected {source} to be no empty text")
    if argument.location == "header" and isinstance(value, str) and not is_header_text(value):
        raise ConfigurationError(
            f"Expected {source} to be printable ASCII text without blanks at its ends"
        )


def _of_environment(argument: ClientArgument) -> object:
    """The value of the first variable that is set, else the default."""
    for variable in argument.environment:
        text = os.environ.get(variable)
        if text:
            value = _parsed(text, argument)
            if value is None:
                expected = _EXPECTED[argument.type]
                raise ConfigurationError(f"Expected {variable} in the environment to be {expected}")
            _check_text(variable, argument, value)
            return value
    return argument.default


def _parsed(text: str, argument: ClientArgument) -> object:
    """An environment variable as a value; ``None`` if it has another type."""
    if argument.type == "boolean":
        return _BOOLEANS.get(text.lower())
    if argument.type == "string":
        return text
    try:
        return int(text) if argument.type == "integer" else float(text)
    except ValueError:
        return None


def how_to_give(name: str, argument: ClientArgument) -> str:
    """The advice about a missing value, for messages."""
    variables = " or ".join(argument.environment)
    hint = f", or set {variables} in the environment" if variables else ""
    return f"pass {name} to the client{hint}"
