"""The arguments that the client of one API has of its own, such as an account: their values.

Only SDKs that have some load this module.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from .api.info import ClientArgument, SdkInfo
from .checks import is_header_text
from .errors import ConfigurationError

__all__ = ["argument_values", "how_to_give"]

_EXPECTED = {
    "string": "text",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
}
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
    """A text of the environment as a value; ``None`` if it is none of the type."""
    if argument.type == "boolean":
        return _BOOLEANS.get(text.lower())
    if argument.type == "string":
        return text
    try:
        return int(text) if argument.type == "integer" else float(text)
    except ValueError:
        return None


def how_to_give(name: str, argument: ClientArgument) -> str:
    """What a caller does about a missing value, for messages."""
    variables = " or ".join(argument.environment)
    hint = f", or set {variables} in the environment" if variables else ""
    return f"pass {name} to the client{hint}"
