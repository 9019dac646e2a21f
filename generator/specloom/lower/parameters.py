"""Converts parameters to the IR: merges path-level ones, fills in styles, marks bound headers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypedDict

from specloom import ir
from specloom.description.hints import is_ignored
from specloom.description.node import is_deprecated, sdk_extension
from specloom.description.tree import child
from specloom.description.walk import STYLES
from specloom.ir.words import snake, split_words
from specloom.lower.endpoints import part_encoding, warn_of_structure
from specloom.lower.schema_names import own_name, sdk_name, shared_words
from specloom.lower.shape import limits_of, shape_of
from specloom.lower.types import example_of

if TYPE_CHECKING:
    from specloom.description.node import Node
    from specloom.errors import Problems
    from specloom.lower.types import TypeLowering


def with_shared_headers(
    operations: Sequence[ir.Operation], settings: ir.Settings
) -> tuple[list[ir.Operation], ir.Settings]:
    """Bind the headers that every operation requires with the same constant or default.

    They become headers of the client instead of arguments.
    """
    shared = dict(_required(operations[0])) if operations else {}
    for operation in operations[1:]:
        shared = dict(shared.items() & _required(operation).items())
    known = {name.lower() for name, _ in settings.headers}
    spelled = {
        one.wire_name.lower(): one.wire_name
        for one in (operations[0].parameters if operations else ())
        if one.wire_name.lower() in shared.keys() - known
    }
    headers = tuple((wire_name, shared[name]) for name, wire_name in spelled.items())
    bound = [_bound(one, {name: shared[name] for name in spelled}) for one in operations]
    return bound, replace(settings, headers=(*settings.headers, *headers))


def header_text(value: object) -> str | None:
    """A value as header text; None if it cannot be in a header."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value) if isinstance(value, str | int | float) else ""
    return text if text and text.isascii() and text.isprintable() else None


def _required(operation: ir.Operation) -> dict[str, str]:
    """The required headers that have a constant or a default, by their names in lower case."""
    found = {
        one.wire_name.lower(): one.constant or header_text(one.default)
        for one in operation.parameters
        if one.location == "header" and one.required
    }
    return {name: value for name, value in found.items() if value is not None}


def _bound(operation: ir.Operation, headers: dict[str, str]) -> ir.Operation:
    if not headers:
        return operation
    parameters = tuple(
        (
            replace(one, constant=headers.get(one.wire_name.lower(), one.constant))
            if one.location == "header"
            else one
        )
        for one in operation.parameters
    )
    return replace(operation, parameters=parameters)


# OpenAPI 3.1 §4.8.12.1: definitions of these header parameters "SHALL be ignored".
_IGNORED_HEADERS = frozenset(("accept", "content-type", "authorization"))
# HTTP and the connection set these (RFC 9110 §7.2, §7.6.1, §8.6).
_SENT_BY_ITSELF = frozenset(
    "connection content-length host keep-alive proxy-connection te trailer transfer-encoding"
    " upgrade user-agent".split()
)
_IN_PATH = re.compile(r"\{([^{}]+)\}")
_LOCATIONS = frozenset(STYLES)
_FORM = "application/x-www-form-urlencoded"


class ParameterLowering:
    """Lowers the parameters of operations."""

    def __init__(
        self, types: TypeLowering, bound_headers: dict[str, str], problems: Problems
    ) -> None:
        self._types = types
        self._problems = problems
        self._bound = {name.lower(): value for name, value in bound_headers.items()}

    def lower(
        self, path_item: Node, operation: Node, path: str, words: ir.Words
    ) -> tuple[ir.Parameter, ...]:
        """All parameters of an operation, path parameters first, in the path's order.

        The operation's parameters replace those of the path item with the same name and location.
        Path parameters that the path lacks are left out, and undeclared ones are text; the checks
        have reported both.
        """
        found: dict[tuple[str, str], Node] = {}
        for holder in (path_item, operation):
            for entry in holder.entries_of("parameters"):
                place = entry.described()
                found[(place.text("in"), place.text("name"))] = place
        others = [
            place
            for place, node in found.items()
            if place[0] != "path" and _is_argument(*place) and not self._is_left_out(node)
        ]
        declared_or_text = (
            (
                self._parameter(found["path", name], words)
                if ("path", name) in found
                else _undeclared(name, operation)
            )
            for name in dict.fromkeys(_IN_PATH.findall(path))
        )
        return (
            *declared_or_text,
            *(
                parameter
                for node in (found[place] for place in others)
                for parameter in self._fields_of_query(node, words)
                or (self._parameter(node, words),)
            ),
        )

    def _is_left_out(self, node: Node) -> bool:
        """Whether a parameter is not an argument: an extension says so, or the client sends it."""
        is_spare = is_ignored(node.value) and node.value.get("required") is not True
        return is_spare or self._is_sent_by_itself(node)

    def _is_sent_by_itself(self, node: Node) -> bool:
        name = node.text("name")
        if node.text("in") != "header" or name.lower() not in _SENT_BY_ITSELF:
            return False
        message = f"the client sets the header {name!r} itself: it is not an argument"
        self._problems.warning("framing-header", message, node.pointer, "remove the parameter")
        return True

    def _may_be_reserved(self, node: Node) -> bool:
        """Whether ``allowReserved`` applies: before OpenAPI 3.2, only in the query."""
        root = node.document.root
        version = root.get("openapi") if isinstance(root, dict) else ""
        if node.text("in") == "query" or not str(version).startswith(("3.0", "3.1")):
            return True
        message = "'allowReserved' outside the query has no effect before OpenAPI 3.2"
        hint = "write openapi: 3.2.0, or remove it"
        self._problems.warning("unused-keyword", message, f"{node.pointer}/allowReserved", hint)
        return False

    def _fields_of_query(self, node: Node, operation_words: ir.Words) -> tuple[ir.Parameter, ...]:
        """The properties of a query string that one schema describes as a form."""
        schema, media_type = _schema_of(node)
        is_form = node.text("in") == "querystring" and media_type == _FORM
        if schema is None or not is_form or not isinstance(schema.value, dict):
            return ()
        words = shared_words(node) or (*operation_words, *split_words(node.text("name")))
        shape = shape_of(schema)
        encodings = _encodings_of_query(node, self._problems)
        return tuple(
            ir.Parameter(
                name=field.name,
                wire_name=field.wire_name,
                pointer=field.pointer,
                location="query",
                type=field.type,
                required=field.required,
                **_written_as(encodings.get(field.wire_name), shape.properties[field.wire_name]),
                description=field.description,
                default=field.default,
                deprecated=field.deprecated,
                replaced_by=field.replaced_by,
                limits=field.limits,
                example=field.example,
                is_named=field.is_named,
            )
            for field in self._types.fields(schema, shape, words)
        )

    def _parameter(self, node: Node, operation_words: ir.Words) -> ir.Parameter:
        value: dict[str, Any] = node.value
        wire_name = value["name"]
        is_whole_query = value["in"] == "querystring"
        location: ir.ParameterLocation = "query" if is_whole_query else value["in"]
        words = sdk_name(node) or split_words(wire_name) or ("value",)
        schema, media_type = _schema_of(node)
        content = node.get("content")
        if content is not None and media_type is not None:
            warn_of_structure(media_type, content.get(media_type) or content, self._problems)
        style = _style(value)
        final = schema.follow() if schema is not None else None
        schema_value = final.value if final and isinstance(final.value, dict) else {}
        return ir.Parameter(
            name=words,
            wire_name=wire_name,
            pointer=node.pointer,
            location=location,
            type=self._types.lower(schema, shared_words(node) or (*operation_words, *words)),
            required=location == "path" or value.get("required") is True,
            style=style,
            explode=bool(value.get("explode", style in ("form", "cookie"))),
            allow_reserved=value.get("allowReserved") is True and self._may_be_reserved(node),
            media_type=media_type,
            description=node.text("description") or (final.text("description") if final else ""),
            default=schema_value.get("default"),
            constant=self._constant(value, schema_value) if location == "header" else None,
            deprecated=is_deprecated(node),
            replaced_by=sdk_extension(node).get("replaced_by"),
            limits=limits_of(final) if final else (),
            example=_example(node, schema),
            is_named=own_name(node) is not None,
        )

    def _constant(self, parameter: dict[str, Any], schema: dict[str, Any]) -> str | None:
        """The constant inputs: from x-sdk, or the only possible value of a required header."""
        bound = self._bound.get(parameter["name"].lower())
        enum = schema.get("enum")
        values = [schema["const"]] if "const" in schema else enum if isinstance(enum, list) else []
        if bound is not None or parameter.get("required") is not True or len(values) != 1:
            return bound
        return header_text(values[0])


def _style(parameter: dict[str, Any]) -> str:
    """The style of a parameter; the checks have noted one that its location does not have."""
    said, known = parameter.get("style"), STYLES[parameter["in"]]
    return said if said in known else known[0]


def _undeclared(name: str, operation: Node) -> ir.Parameter:
    """A parameter of a path template without a declaration: any text."""
    return ir.Parameter(
        name=split_words(name) or ("value",),
        wire_name=name,
        pointer=operation.pointer,
        location="path",
        type=ir.Scalar("string"),
        required=True,
        style=STYLES["path"][0],
        explode=False,
    )


def _encodings_of_query(node: Node, problems: Problems) -> dict[str, ir.PartEncoding]:
    """How the properties of a query string are written, by their names."""
    named = node.items_of("content", _FORM, "encoding")
    return {name: part_encoding(name, one, _FORM, problems) for name, one in named}


class _Written(TypedDict):
    style: str
    explode: bool
    allow_reserved: bool
    media_type: str | None


def _written_as(encoding: ir.PartEncoding | None, schema: Node) -> _Written:
    """Style and media type of a property of a form (OpenAPI 3.1 §4.8.15).

    A style wins over a media type. Without either, an object is JSON.
    """
    said = encoding or ir.PartEncoding("")
    has_style = said.style is not None or said.explode is not None or said.allow_reserved
    style = said.style or "form"
    is_object = isinstance(schema.value, dict) and shape_of(schema).is_object
    media_type = said.content_type or ("application/json" if is_object else None)
    return {
        "style": style,
        "explode": style == "form" if said.explode is None else said.explode,
        "allow_reserved": said.allow_reserved,
        "media_type": None if has_style else media_type,
    }


def _is_argument(location: str, name: str) -> bool:
    is_ignored = location == "header" and name.lower() in _IGNORED_HEADERS
    return bool(name) and location in _LOCATIONS and not is_ignored


def _schema_of(node: Node) -> tuple[Node | None, str | None]:
    """The schema of a parameter, from ``schema`` or from ``content`` with one media type."""
    for media_type, media in node.items_of("content"):
        return media.get("schema"), media_type
    return node.get("schema"), None


def _example(node: Node, schema: Node | None) -> object:
    for _, example in node.items_of("examples"):
        value = example.follow().value
        return value.get("value", value.get("dataValue")) if isinstance(value, dict) else None
    own = example_of(node)
    return own if own is not None or schema is None else example_of(schema.follow())


def with_client_arguments(
    operations: Sequence[ir.Operation], settings: ir.Settings
) -> tuple[list[ir.Operation], ir.Settings]:
    """Mark the inputs with a default from the client's arguments; methods do not require them."""
    if not settings.client_arguments:
        return list(operations), settings
    places = {_place(one.location or "", one.wire_name): one for one in settings.client_arguments}
    bound = [
        replace(
            operation,
            parameters=tuple(_with_client_argument(one, places) for one in operation.parameters),
        )
        for operation in operations
    ]
    used = {one.client_argument for operation in bound for one in operation.parameters}
    arguments = tuple(
        replace(one, everywhere=one.location is not None and one.name not in used)
        for one in settings.client_arguments
    )
    return bound, replace(settings, client_arguments=arguments)


def _with_client_argument(
    parameter: ir.Parameter, places: Mapping[tuple[str, str], ir.ClientArgument]
) -> ir.Parameter:
    argument = places.get(_place(parameter.location, parameter.wire_name))
    if argument is None or parameter.constant is not None:
        return parameter
    note = f"Default: `{argument.name}` of the client."
    return replace(
        parameter,
        wire_name=argument.wire_name,  # header names ignore case
        client_argument=argument.name,
        needs_value=parameter.required and parameter.location != "path",
        required=False,
        description=f"{parameter.description.rstrip()} {note}".lstrip(),
    )


def _place(location: str, name: str) -> tuple[str, str]:
    return location, name.lower() if location == "header" else name


def positional_of(
    operation: Node, parameters: Sequence[ir.Parameter], problems: Problems
) -> tuple[str, ...]:
    """The positional path parameters of x-sdk; an error for unknown ones."""
    names = [str(one) for one in sdk_extension(operation).get("positional") or ()]
    known = [one.wire_name for one in parameters if one.location == "path"]
    for index, name in enumerate(names):
        if name not in known or name in names[:index]:
            message = f"no path parameter is named {name!r}"
            is_twice = name in known
            hint = "it is listed twice" if is_twice else f"known here: {', '.join(known)}"
            place = f"{operation.pointer}/x-sdk/positional/{index}"
            problems.error("bad-x-sdk", message, place, hint)
    return tuple(names)


def check_argument_names(root: Node, api: ir.Api, problems: Problems) -> None:
    """Report arguments that the client already has: a credential, a variable, a resource."""
    known = {snake(split_words(one.key)): "a security scheme" for one in api.security_schemes}
    known |= {snake(split_words(name)): "a variable of a server" for name in _variables(api)}
    known |= {snake(one.path[0]): "a resource" for one in api.resources if one.path}
    known |= {snake(one.name): "a method" for one in _own_methods(api.resources)}
    for argument in api.settings.client_arguments:
        taker = known.get(argument.name)
        if taker is not None:
            message = f"the client has {argument.name!r} already: {taker} is called so"
            place = child(root.pointer, "x-sdk", "client_arguments", argument.name)
            problems.error(
                "bad-x-sdk", message, place, "choose another name, and write it as 'name'"
            )


def _variables(api: ir.Api) -> Iterable[str]:
    servers = [*api.servers, *(one for each in api.operations() for one in each.servers)]
    return (variable.name for server in servers for variable in server.variables)


def _own_methods(resources: Sequence[ir.Resource]) -> Iterable[ir.Operation]:
    return (operation for one in resources if not one.path for operation in one.operations)
