"""x-sdk → IR: further arguments of the client, the inputs they stand in for, and its defaults."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from specloom import ir
from specloom.description.tree import child
from specloom.ir.words import snake, split_words

if TYPE_CHECKING:
    from specloom.description.node import Node
    from specloom.errors import Problems


def client_arguments_of(sdk: Mapping[str, Any]) -> tuple[ir.ClientArgument, ...]:
    """The further arguments of the client."""
    given: Mapping[str, Mapping[str, Any]] = sdk.get("client_arguments") or {}
    return tuple(
        ir.ClientArgument(
            name=name,
            location=one.get("in"),
            wire_name=(one.get("name") or name) if one.get("in") else "",
            type=one.get("type") or "string",
            environment=tuple(one.get("environment") or ()),
            default=one.get("default"),
            required=one.get("required") is True,
            description=one.get("description") or "",
        )
        for name, one in given.items()
    )


def timeout_of(sdk: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    """The arguments of the default ``Timeout``; empty without one."""
    said = sdk.get("timeout")
    if said is None:
        return ()
    phases = said if isinstance(said, dict) else {"timeout": said}
    return tuple((name, float(seconds)) for name, seconds in phases.items())


def retries_of(sdk: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    """The arguments of the default ``Retries``; empty without any."""
    said: Mapping[str, Any] = sdk.get("retries") or {}
    return tuple(
        (name, tuple(value) if isinstance(value, list) else value) for name, value in said.items()
    )


def with_client_arguments(
    operations: Sequence[ir.Operation], settings: ir.Settings
) -> tuple[list[ir.Operation], ir.Settings]:
    """Mark the inputs that arguments of the client stand in for: methods need not take them."""
    if not settings.client_arguments:
        return list(operations), settings
    places = {_place(one.location or "", one.wire_name): one for one in settings.client_arguments}
    bound = [
        replace(operation, parameters=tuple(_bound(one, places) for one in operation.parameters))
        for operation in operations
    ]
    used = {one.client_argument for operation in bound for one in operation.parameters}
    arguments = tuple(
        replace(one, everywhere=one.location is not None and one.name not in used)
        for one in settings.client_arguments
    )
    return bound, replace(settings, client_arguments=arguments)


def _bound(
    parameter: ir.Parameter, places: Mapping[tuple[str, str], ir.ClientArgument]
) -> ir.Parameter:
    argument = places.get(_place(parameter.location, parameter.wire_name))
    if argument is None or parameter.constant is not None:
        return parameter
    note = f"Default: `{argument.name}` of the client."
    return replace(
        parameter,
        wire_name=argument.wire_name,  # a header may be spelled otherwise
        client_argument=argument.name,
        needs_value=parameter.required and parameter.location != "path",
        required=False,
        description=f"{parameter.description.rstrip()} {note}".lstrip(),
    )


def _place(location: str, name: str) -> tuple[str, str]:
    return location, name.lower() if location == "header" else name


def check_argument_names(root: Node, api: ir.Api, problems: Problems) -> None:
    """Note the arguments that the client has already: a credential, a variable, a resource."""
    known = {snake(split_words(one.key)): "a security scheme" for one in api.security_schemes}
    known |= {snake(split_words(name)): "a variable of a server" for name in _variables(api)}
    known |= {snake(one.path[0]): "a resource" for one in api.resources if one.path}
    known |= {snake(one.name): "a method" for one in _own_methods(api.resources)}
    for argument in api.settings.client_arguments:
        taker = known.get(argument.name)
        if taker is not None:
            message = f"the client has {argument.name!r} already: {taker} is called so"
            place = child(root.pointer, "x-sdk", "client_arguments", argument.name)
            problems.error("bad-x-sdk", message, place, "choose another name, and say it in 'name'")


def _variables(api: ir.Api) -> Iterable[str]:
    servers = [*api.servers, *(one for each in api.operations() for one in each.servers)]
    return (variable.name for server in servers for variable in server.variables)


def _own_methods(resources: Sequence[ir.Resource]) -> Iterable[ir.Operation]:
    return (operation for one in resources if not one.path for operation in one.operations)
