"""Operations → the ``Operation`` constants at the head of a resource module."""

from __future__ import annotations

import re
from urllib.parse import quote

from specloom import ir
from specloom.ir.words import snake, split_words
from specloom.sdk.annotations import Annotations
from specloom.sdk.contents import content_text, is_result, preferred
from specloom.sdk.shared import Shared
from specloom.sdk.views import Constant, spread

_DEFAULT_STYLES = {
    "query": ("form", True),
    "path": ("simple", False),
    "header": ("simple", False),
    "cookie": ("form", True),
}
# What cannot stand in a URL's path as it is (RFC 3986 §3.3), letters of other scripts aside: they
# are encoded where they are sent. A question mark is left, for the query it begins.
_NOT_IN_PATHS = re.compile(r'[\x00-\x20"#<>\\^`|\x7f]')


def constant(
    operation: ir.Operation,
    name: str,
    annotations: Annotations,
    lazy: Annotations,
    shared: Shared,
) -> Constant:
    """The constant of one operation, without what the client says for all of them.

    ``lazy`` writes types as expressions that load them at run time (``types.Run``).
    """
    arguments: list[tuple[str, str]] = [
        ("id", repr(operation.id)),
        ("method", repr(operation.http_method)),
        ("path", repr(_NOT_IN_PATHS.sub(_percent_encoded, operation.path))),
    ]
    optional = {
        "styles": _styles(operation),
        "body": _body(operation.body) if operation.body else "",
        "responses": _responses(operation, lazy, shared),
        "stream": _stream(operation, lazy),
        "pagination": _pagination(operation),
        "security": repr(operation.security) if operation.security is not None else "",
    }
    arguments += [(key, text) for key, text in optional.items() if text]
    return Constant(name, constant_annotation(operation, annotations), tuple(arguments))


def poll_constant(poll: ir.Poll, name: str) -> Constant:
    """The constant that says how an end is waited for."""
    given = {
        "field": poll.field,
        "until": poll.until,
        "arguments": dict(poll.arguments) or None,
        "interval": poll.interval if poll.interval != 1.0 else None,
        "hint_header": poll.hint_header,
        "timeout": poll.timeout,
    }
    arguments = tuple((key, repr(value)) for key, value in given.items() if value is not None)
    return Constant(name, "Poll", arguments, maker="Poll")


def alternatives(operation: ir.Operation, first: Constant) -> list[Constant]:
    """The constants of an operation's other kinds of body."""
    kinds = operation.body.alternatives if operation.body else ()
    return [
        Constant(
            alternative_name(first.name, kind),
            first.annotation,
            (("body", _body(kind)),),
            maker="replace",
            changes=first.name,
        )
        for kind in kinds
    ]


def alternative_name(constant_name: str, kind: ir.RequestBody) -> str:
    """The constant of another kind of body: ``_LOAD__TEXT_CSV``."""
    return f"{constant_name}__{snake(split_words(kind.media_type)).upper()}"


def constant_annotation(operation: ir.Operation, annotations: Annotations) -> str:
    """``Operation[Run]``, or ``Operation[Run, Event]`` where the operation also streams."""
    if operation.pagination is not None:
        result = annotations.read(operation.pagination.item_type)
    else:
        result = result_type(operation, annotations)
    if operation.stream is None:
        return f"Operation[{result}]"
    return f"Operation[{result}, {annotations.read(operation.stream.type)}]"


def result_type(operation: ir.Operation, annotations: Annotations) -> str:
    """The annotation of what a call returns: the union over its success responses."""
    found: dict[str, None] = {}
    for response in operation.responses:
        if is_result(response, operation):
            content = preferred(response)
            found[content_annotation(content, annotations)] = None
    return " | ".join(found) or "None"


def content_annotation(content: ir.Content | None, annotations: Annotations) -> str:
    """The annotation of a response body."""
    if content is None:
        return "None"
    if content.kind == "text":
        return annotations.read(ir.Scalar("string"))
    if content.kind == "binary":
        annotations.runtime.add("BinaryContent")
        return "BinaryContent"
    return annotations.read(content.type)


def _styles(operation: ir.Operation) -> str:
    entries = []
    for parameter in operation.parameters:
        default = _DEFAULT_STYLES.get(parameter.location, ("form", True))
        plain = (parameter.style, parameter.explode) == default
        if plain and not parameter.allow_reserved and parameter.media_type is None:
            continue
        options = [repr(parameter.location), repr(parameter.style), f"explode={parameter.explode}"]
        options += ["allow_reserved=True"] if parameter.allow_reserved else []
        options += [f"content={parameter.media_type!r}"] if parameter.media_type else []
        entries.append(f"{parameter.wire_name!r}: Style({', '.join(options)})")
    return f"{{{spread(entries, 8)}}}" if entries else ""


def _body(body: ir.RequestBody) -> str:
    options = [repr(body.media_type)]
    options += ["required=True"] if body.required else []
    parts = [f"{part.wire_name!r}: {_encoding(part)}" for part in body.encoding]
    options += [f"encoding={{{spread(parts, 12)}}}"] if parts else []
    return f"RequestBody({spread(options, 8)})"


def _encoding(part: ir.PartEncoding) -> str:
    given = {"content_type": part.content_type, "style": part.style, "explode": part.explode}
    options = [f"{key}={value!r}" for key, value in given.items() if value is not None]
    return f"Encoding({', '.join(options)})"


def _responses(operation: ir.Operation, lazy: Annotations, shared: Shared) -> str:
    entries = [
        f"{response.status.text!r}: {content_text(preferred(response), lazy)}"
        for response in operation.responses
        if response.status.text not in shared.errors or is_result(response, operation)
    ]
    return f"{{{spread(entries, 8)}}}" if entries else ""


def _stream(operation: ir.Operation, lazy: Annotations) -> str:
    stream = operation.stream
    if stream is None:
        return ""
    event_type = lazy.read(stream.type)
    if stream.kind == "json-lines":
        return f"JsonLines(lambda: {event_type})"
    options = ["envelope=True"] if stream.envelope else []
    options += [f"done={stream.done!r}"] if stream.done else []
    options += [f"error_event={stream.error_event!r}"] if stream.error_event else []
    return f"Events({spread([f'lambda: {event_type}', *options], 8)})"


def _pagination(operation: ir.Operation) -> str:
    pages = operation.pagination
    if pages is None:
        return ""
    given = {
        "items": pages.items,
        "parameter": pages.parameter,
        "cursor": pages.cursor,
        "has_more": pages.has_more,
        "previous_parameter": pages.previous_parameter,
        "previous_cursor": pages.previous_cursor,
        "limit": pages.limit,
    }
    options = [repr(pages.style)]
    options += [f"{key}={value!r}" for key, value in given.items() if value is not None]
    return f"Pagination({spread(options, 8)})"


def _percent_encoded(match: re.Match[str]) -> str:
    return quote(match.group(0))
