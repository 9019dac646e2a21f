"""Operations → the ``Operation`` constants of a resource module, and their shared parts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from specloom import ir
from specloom.ir.usage import Usage, dates_of, is_result, numbers_in_parts, numbers_of, read_as
from specloom.layout import literal
from specloom.naming.names import Names
from specloom.runtime.media_types import accept_of, kind_of
from specloom.sdk.annotations import (
    Annotations,
    accept_code,
    contents_code,
    response_code,
    result_type,
)
from specloom.sdk.client_arguments import ServerArgument, server_arguments, servers_code
from specloom.sdk.code import Annotation, Code, code, imports_of, runtime
from specloom.sdk.method_docstrings import common_errors_of
from specloom.sdk.views import Constant, alternative_name

_FIRST = {"page": 1, "offset": 0}
_JSON = frozenset(("json", "json-lines", "json-seq"))
_DEFAULT_STYLES = {
    "query": ("form", True),
    "path": ("simple", False),
    "header": ("simple", False),
    "cookie": ("form", True),
}
# Characters that must be encoded in a URL's path (RFC 3986 §3.3), except letters of other scripts,
# which are encoded when sent. A question mark stays, because it begins a query, and so do parameter
# names, which are not sent.
_NOT_IN_PATHS = re.compile(r'\{[^{}]+\}|[\x00-\x20"#<>\\^`|\x7f{}]')


def constant(
    operation: ir.Operation,
    name: str,
    annotations: Annotations,
    lazy: Annotations,
    shared: Shared,
    names: Mapping[tuple[str, str], str],
) -> Constant:
    """The constant of one operation, without the parts that the client provides.

    ``lazy`` writes types as expressions that load them at run time (``types.Run``). ``names`` are
    those of the arguments.
    """
    security, servers = operation.security, operation.servers
    arguments = {
        "id": Code(literal(operation.id)),
        "method": Code(literal(operation.http_method)),
        "path": Code(literal(_NOT_IN_PATHS.sub(_percent_encoded, operation.path))),
        "styles": _styles(operation),
        "headers": _headers(operation, shared),
        "formats": _formats(operation, annotations.api),
        "body": _body(operation.body, annotations.api) if operation.body else None,
        "accept": accept_code(operation),
        "responses": _responses(operation, lazy, shared),
        "stream": _stream(operation.stream, lazy) if operation.stream else None,
        "pagination": _pagination(operation.pagination) if operation.pagination else None,
        "security": Code(literal(security)) if security is not None else None,
        "servers": servers_code(servers, shared.variables) if servers else None,
        "required": _required(operation),
        "names": _names(operation, names),
    }
    given = tuple((key, piece) for key, piece in arguments.items() if piece is not None)
    annotation = constant_annotation(operation, annotations)
    return Constant(name, annotation, given, operation=operation.id)


def _names(operation: ir.Operation, names: Mapping[tuple[str, str], str]) -> Code | None:
    """The path arguments whose wire names differ."""
    path = [one.wire_name for one in operation.parameters if one.location == "path"]
    given = {name: names.get(("path", name), name) for name in path}
    others = {name: argument for name, argument in given.items() if name != argument}
    return Code(literal(others)) if others else None


def poll_constant(poll: ir.Poll, name: str) -> Constant:
    """The constant with the polling settings."""
    given = {
        "field": poll.field,
        "until": poll.until,
        "arguments": dict(poll.arguments) or None,
        "interval": poll.interval if poll.interval != 1.0 else None,
        "hint_header": poll.hint_header,
        "timeout": poll.timeout,
    }
    arguments = ((key, Code(literal(value))) for key, value in given.items() if value is not None)
    return Constant(name, Annotation.of(runtime("Poll")), tuple(arguments), maker=runtime("Poll"))


def alternatives(operation: ir.Operation, first: Constant, api: ir.Api) -> list[Constant]:
    """The constants for the other media types of an operation's body."""
    kinds = operation.body.alternatives if operation.body else ()
    return [
        Constant(
            alternative_name(first.name, kind),
            first.annotation,
            (("body", _body(kind, api)),),
            maker=Code(f"{first.name}._replace"),
        )
        for kind in kinds
    ]


def constant_annotation(operation: ir.Operation, annotations: Annotations) -> Annotation:
    """``Operation[Run]``, or ``Operation[Run, Event]`` if the operation also streams."""
    if operation.pagination is not None:
        result = annotations.read(operation.pagination.item_type)
    else:
        result = result_type(operation, annotations)
    if operation.stream is None:
        return Annotation.of(runtime("Operation"), result)
    return Annotation.of(runtime("Operation"), result, annotations.read(operation.stream.type))


def _styles(operation: ir.Operation) -> Code | None:
    entries = []
    for parameter in operation.parameters:
        default = _DEFAULT_STYLES.get(parameter.location, ("form", True))
        plain = (parameter.style, parameter.explode) == default
        if plain and not parameter.allow_reserved and parameter.media_type is None:
            continue
        options = [
            literal(parameter.location),
            literal(parameter.style),
            f"explode={parameter.explode}",
        ]
        options += ["allow_reserved=True"] if parameter.allow_reserved else []
        options += [f"content={literal(parameter.media_type)}"] if parameter.media_type else []
        style = _call("Style", map(Code, options))
        entries.append(_entry(parameter.wire_name, style))
    return code("{{{}}}", _joined(entries)) if entries else None


def _formats(operation: ir.Operation, api: ir.Api) -> Code | None:
    """The inputs that are dates; type checkers accept date-times for them."""
    found = dates_of(operation, api.types)
    entries = [_entry(name, Code(literal(kind))) for name, kind in found.items()]
    return code("{{{}}}", _joined(entries)) if entries else None


def _headers(operation: ir.Operation, shared: Shared) -> Code | None:
    """Constant headers of the operation that the client does not already send."""
    by_client = {name.lower() for name in shared.headers}
    entries = [
        _entry(one.wire_name, Code(literal(one.constant)))
        for one in operation.parameters
        if one.constant is not None and one.wire_name.lower() not in by_client
    ]
    return code("{{{}}}", _joined(entries)) if entries else None


def _required(operation: ir.Operation) -> Code | None:
    """The inputs that the server requires and that arguments of the client provide."""
    names = tuple(one.wire_name for one in operation.parameters if one.needs_value)
    return Code(literal(names)) if names else None


def _body(body: ir.RequestBody, api: ir.Api) -> Code:
    options = [Code(literal(body.media_type))]
    options += [Code("required=True")] if body.required else []
    parts = [_entry(part.wire_name, _encoding(part)) for part in body.encoding]
    options += [code("encoding={{{}}}", _joined(parts))] if parts else []
    prefix = [_encoding(part) for part in body.prefix_encoding]
    options += [code("prefix_encoding=({},)", _joined(prefix))] if prefix else []
    if body.item_encoding is not None:
        options.append(code("item_encoding={}", _encoding(body.item_encoding)))
    options += [Code(f"others={body.others!r}")] if body.others else []
    numbers: tuple[str, ...] = ()
    if kind_of(body.media_type) in _JSON:
        numbers = numbers_of(body, api.types)
    elif kind_of(body.media_type) == "multipart":
        numbers = numbers_in_parts(body, api.types)
    options += [Code(f"numbers={literal(numbers)}")] if numbers else []
    return _call("RequestBody", options)


def _encoding(part: ir.PartEncoding) -> Code:
    given = {
        "content_type": part.content_type,
        "style": part.style,
        "explode": part.explode,
        "allow_reserved": part.allow_reserved or None,
        "headers": dict(part.headers) or None,
    }
    return _call("Encoding", _options(given))


def _responses(operation: ir.Operation, lazy: Annotations, shared: Shared) -> Code | None:
    entries = [
        _entry(response.status.text, response_code(response, operation, lazy))
        for response in operation.responses
        if response.status.text not in shared.errors or is_result(response, operation)
    ]
    return code("{{{}}}", _joined(entries)) if entries else None


def _stream(stream: ir.Stream, lazy: Annotations) -> Code:
    event = code("lambda: {}", lazy.read(stream.type))
    asked = accept_of(stream.media_types)
    usual = {"json-lines": "application/jsonl", "events": "text/event-stream"}[stream.kind]
    given: dict[str, object] = {}
    if stream.kind == "events":
        given = {
            "envelope": stream.envelope or None,
            "done": stream.done,
            "error_event": stream.error_event,
            "has_errors": _has_errors(stream, lazy.api) or None,
        }
    given["accept"] = asked if asked != usual else None
    maker = "Events" if stream.kind == "events" else "JsonLines"
    return _call(maker, [event, *_options({key: one or None for key, one in given.items()})])


def _has_errors(stream: ir.Stream, api: ir.Api) -> bool:
    """Whether a variant of the events must have the property ``error``: it is no failure then."""
    event = _target(stream.type, api)
    if not isinstance(event, ir.UnionOf):
        return False
    variants = (_target(one, api) for one in event.members)
    models = (one for one in variants if isinstance(one, ir.Model))
    return any(
        field.wire_name == "error" and field.required for one in models for field in one.fields
    )


def _target(type_ref: ir.TypeRef, api: ir.Api) -> ir.TypeRef | ir.Model:
    """The model or the type behind references."""
    while isinstance(type_ref, ir.Ref):
        named = api.types[type_ref.key]
        if isinstance(named, ir.Model):
            return named
        type_ref = named.type
    return type_ref


def _pagination(pages: ir.Pagination) -> Code:
    given = {
        "items": pages.items,
        "parameter": pages.parameter,
        "cursor": pages.cursor,
        "has_more": pages.has_more,
        "previous_parameter": pages.previous_parameter,
        "previous_cursor": pages.previous_cursor,
        "item_cursor": pages.item_cursor,
        "cursor_header": pages.cursor_header,
        "total": pages.total,
        "first": pages.first if pages.first != _FIRST.get(pages.style) else None,
        "in_body": pages.is_in_body or None,
    }
    return _call("Pagination", [Code(literal(pages.style)), *_options(given)])


def _options(given: Mapping[str, object]) -> list[Code]:
    return [Code(f"{key}={literal(value)}") for key, value in given.items() if value is not None]


def _call(name: str, arguments: Iterable[Code]) -> Code:
    return code("{}({})", runtime(name), _joined([*arguments]))


def _entry(key: str, value: Code) -> Code:
    return code("{}: {}", Code(literal(key)), value)


def _joined(pieces: Sequence[Code]) -> Code:
    return Code(", ".join(one.text for one in pieces), imports_of(pieces))


def _percent_encoded(match: re.Match[str]) -> str:
    """A percent-encoded character; a parameter in braces is unchanged."""
    return match.group(0) if match.group(0).startswith("{") else quote(match.group(0))


@dataclass(frozen=True, slots=True)
class Shared:
    """Error statuses with one meaning everywhere, and headers of every call.

    ``errors`` contains the reading of each status; ``headers`` are those of x-sdk, which operations
    need not declare; ``common_errors`` is the text about errors in the docstring of the package;
    ``variables`` are the client's arguments for the variables of servers.
    """

    errors: dict[str, Code]
    headers: dict[str, str]
    common_errors: dict[str, str]
    variables: dict[str, ServerArgument]


def shared_of(api: ir.Api, names: Names, usage: Usage) -> Shared:
    """The data that the operations of an API share."""
    lazy = Annotations(api, names, usage, prefix="types.")
    errors = {status: contents_code(contents, lazy) for status, contents in _errors(api)}
    variables = server_arguments(api).variables
    return Shared(errors, dict(api.settings.headers), common_errors_of(api), variables)


def _errors(api: ir.Api) -> list[tuple[str, list[ir.Content]]]:
    """Error statuses that have the same content in all operations."""
    found: dict[str, dict[object, list[ir.Content]]] = {}
    for operation in api.operations():
        for response in operation.responses:
            if not is_result(response, operation):
                contents = read_as(response)
                meaning = tuple((one.kind, one.type, one.media_type) for one in contents)
                if len(contents) == 1:  # then its media type does not matter
                    meaning = ((contents[0].kind, contents[0].type, ""),)
                found.setdefault(response.status.text, {})[meaning] = contents
    return [
        (status, contents)
        for status, meanings in sorted(found.items())
        if len(meanings) == 1
        for contents in meanings.values()
    ]
