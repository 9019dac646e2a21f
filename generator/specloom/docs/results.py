"""What a call gives, and how an example goes on with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from specloom import ir
from specloom.ir.words import snake
from specloom.naming.names import Names
from specloom.naming.reserved import KEYWORDS
from specloom.sdk.contents import is_redirection, results_of

Kind = Literal["page", "stream", "nothing", "bytes", "value"]

# Names that an example uses itself, or that a reader would take for something else.
_TAKEN = KEYWORDS | frozenset(
    "client main asyncio print page stream event httpx2 type object list dict str int float bool"
    " bytes set id input iter next open range sum max min map filter all any file dir".split()
)
_TELLING = ("id", "name", "title", "status")


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a call: its kind, a variable's name for it (of a page: for an item), and an
    expression worth printing."""

    kind: Kind
    name: str
    shown: str


def result_of(operation: ir.Operation, api: ir.Api, names: Names) -> Result:
    """What a plain call of an operation gives, without a stream where that is a choice."""
    if operation.pagination is not None:
        return _value("page", operation.pagination.item_type, api, names)
    if operation.stream is not None and operation.stream.is_always:
        return stream_result(operation.stream, api)
    contents = list(results_of(operation))
    if not contents and any(is_redirection(one, operation) for one in operation.responses):
        return Result("value", "result", "result.location")
    if all(content is None for content in contents):
        return Result("nothing", "", "")
    if len(contents) == 1 and contents[0] is not None:
        if contents[0].kind == "binary":
            return Result("bytes", "content", "")
        if contents[0].kind == "json":
            return _value("value", contents[0].type, api, names)
    return Result("value", "result", "result")


def stream_result(stream: ir.Stream, api: ir.Api) -> Result:
    """What a call gives that streams."""
    if not stream.envelope:
        return Result("stream", "event", "event")
    named = api.types[stream.type.key] if isinstance(stream.type, ir.Ref) else None
    has_no_name = isinstance(named, ir.Model) and all(
        field.wire_name != "event" for field in named.fields
    )
    return Result("stream", "event", "event.data" if has_no_name else "event.event")


def _value(kind: Kind, type_ref: ir.TypeRef, api: ir.Api, names: Names) -> Result:
    named = api.types[type_ref.key] if isinstance(type_ref, ir.Ref) else None
    if named is None:
        plain = "item" if kind == "page" else "result"
        return Result(kind, plain, plain)
    name = snake(named.name)
    if len(named.name) > 3 or name in _TAKEN or not name.isidentifier() or not name.isascii():
        name = "item" if kind == "page" else "result"
    return Result(kind, name, _telling(named, name, names))


def _telling(named: ir.NamedType, name: str, names: Names) -> str:
    """The attribute that says the most in a line; the whole thing if none does."""
    required = {
        field.wire_name
        for field in (named.fields if isinstance(named, ir.Model) else ())
        if field.required and not field.write_only and _is_plain(field.type)
    }
    wire_name = next((each for each in _TELLING if each in required), None)
    return f"{name}.{names.fields[named.key][wire_name]}" if wire_name else name


def _is_plain(type_ref: ir.TypeRef) -> bool:
    return isinstance(type_ref, ir.Literal | ir.Ref) or type_ref in (
        ir.Scalar("string"),
        ir.Scalar("integer"),
    )
