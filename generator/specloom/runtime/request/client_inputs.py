"""Inputs of a call whose defaults are arguments of the client, such as an account.

Only SDKs that have such arguments load this module.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..api.info import ClientArgument
from ..client_arguments import how_to_give
from ..errors import ConfigurationError
from ..options import omit
from ..settings import Settings
from .call import Call

__all__ = ["with_client_inputs"]


def with_client_inputs(call: Call, settings: Settings) -> Call:
    """The call with the client's values for the inputs that it is not given.

    Raises:
        ConfigurationError: Neither the call nor the client has a value that the operation needs.
    """
    inputs: dict[str, dict[str, object]] = {
        "path": dict(call.path),
        "query": dict(call.query),
        "header": dict(call.headers),
    }
    for name, argument in settings.info.client_arguments.items():
        group = inputs.get(argument.location or "")
        if group is None or not _is_missing(call, settings, argument, group):
            continue
        value = settings.client_arguments.get(name)
        if value is not None:
            group[argument.name] = value
        elif argument.location == "path" or argument.name in call.operation.required:
            how = how_to_give(name, argument)
            raise ConfigurationError(f"{call.operation.id} needs {name}: pass it here, or {how}")
    return call.changed(path=inputs["path"], query=inputs["query"], headers=inputs["header"])


def _is_missing(
    call: Call, settings: Settings, argument: ClientArgument, group: Mapping[str, object]
) -> bool:
    """Whether a call takes an input and is not given it. Extra and default ones count as given."""
    if argument.name not in group and not argument.everywhere:
        return False
    if group.get(argument.name, omit) is not omit:
        return False
    options = call.options
    if argument.location == "query":
        return argument.name not in settings.default_query.keys() | options.get("extra_query", {})
    if argument.location == "header":
        given = settings.default_headers.keys() | options.get("extra_headers", {})
        return argument.name.lower() not in {each.lower() for each in given}
    return True
