"""Checks x-sdk against operations: envelopes, and the names in its schemes.

An envelope is a JSON response of which callers get one property (`unwrap`). A list or a poll would
fail without a property that its scheme names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NamedTuple

from specloom import ir
from specloom.description.node import Node, sdk_extension
from specloom.description.tree import child, one_of
from specloom.errors import Problems
from specloom.ir.operations import result_type, success_contents, success_type
from specloom.lower.composition import unwrap
from specloom.lower.endpoints import successes
from specloom.lower.paging import derived_arguments, query_places
from specloom.lower.shape import shape_of
from specloom.lower.type_refs import (
    Types,
    found_at,
    member_type,
    names_in,
    plain_name,
    resolved,
    steps_of,
)
from specloom.runtime.media_types import kind_of

if TYPE_CHECKING:
    from specloom.description.node import Node
    from specloom.errors import Problems
    from specloom.lower.types import TypeLowering

_Fits = Callable[[ir.TypeRef], bool]


class _Misfit(NamedTuple):
    """A missing part of one operation; ``steps`` lead from its scheme to the name."""

    steps: tuple[str, ...]
    message: str
    hint: str


Said = Iterable[tuple[ir.Operation, Mapping[str, Any]]]
"""Operations, each with its x-sdk."""

_Users = dict[tuple[str, str], list[tuple[str, list[_Misfit]]]]
"""For each scheme, the places that name it and the missing parts there."""


def check_schemes(root: Node, said: Said, types: Types, problems: Problems) -> None:
    """Report what operations lack of their pagination and polling schemes.

    A part that every operation of a scheme lacks is an error of the scheme; otherwise it is an
    error of each operation that lacks it.
    """
    said = list(said)
    by_id = {operation.id: operation for operation, _ in said}
    schemes, checks = sdk_extension(root), _Checks(types)
    users: _Users = {}
    for operation, sdk in said:
        name = str(sdk.get("pagination"))
        scheme = (schemes.get("pagination") or {}).get(name)
        if scheme is not None:
            place = child(operation.pointer, "x-sdk", "pagination")
            misfits = list(checks.pages(operation, scheme))
            users.setdefault(("pagination", name), []).append((place, misfits))
        name = str((sdk.get("poll") or {}).get("scheme"))
        scheme = (schemes.get("polling") or {}).get(name) or {}
        read = by_id.get(scheme.get("read", ""))
        if read is not None:
            place = child(operation.pointer, "x-sdk", "poll", "scheme")
            misfits = list(checks.polls(operation, read, scheme))
            users.setdefault(("polling", name), []).append((place, misfits))
    for steps, found in users.items():
        _report(child(root.pointer, "x-sdk", *steps), found, problems)


def lacks_of_pages(operation: ir.Operation, scheme: Mapping[str, Any], types: Types) -> str | None:
    """The first part that an operation lacks of a pagination scheme; None if it has all."""
    return next((one.message for one in _Checks(types).pages(operation, scheme)), None)


def _report(scheme: str, users: list[tuple[str, list[_Misfit]]], problems: Problems) -> None:
    for steps in dict.fromkeys(one.steps for _, found in users for one in found):
        misfits = [(place, one) for place, found in users for one in found if one.steps == steps]
        is_of_all = len({place for place, _ in misfits}) == len(users)
        for place, one in misfits[:1] if is_of_all else misfits:
            pointer = child(scheme, *steps) if is_of_all else place
            problems.error("bad-x-sdk", one.message, pointer, one.hint)


@dataclass(frozen=True, slots=True)
class _Checks:
    types: Types

    def pages(self, operation: ir.Operation, scheme: Mapping[str, Any]) -> Iterator[_Misfit]:
        """The part that an operation lacks of its pagination scheme."""
        page = success_type(operation.responses, "json")
        if page is None:
            hint = "describe one, or leave 'pagination' out"
            yield _Misfit((), f"no success response of {operation.id} is JSON: no pages", hint)
            return
        where = f"the response of {operation.id}"
        yield from self._items(page, scheme, where)
        yield from self._property(page, ("has_more",), scheme, where, _is_boolean, "boolean")
        for steps in (("cursor",), ("previous", "cursor"), ("total",)):
            yield from self._property(page, steps, scheme, where, _is_plain, "text or number")
        yield from _header(operation, scheme)
        for steps in (("parameter",), ("previous", "parameter"), ("limit",)):
            yield from self._parameter(operation, steps, scheme)

    def _items(self, page: ir.TypeRef, scheme: Mapping[str, Any], where: str) -> Iterator[_Misfit]:
        """The missing parts of the response: the list, and the cursor in its items."""
        items = found_at(page, scheme.get("items") or "", self.types)
        if "items" in scheme:
            yield from self._property(page, ("items",), scheme, where, _is_list, "list")
        elif items is not None and not _is_list(items):
            names = self._names(page, _is_list)
            yield _Misfit((), f"{where} is not a list, and 'items' is missing", _nearest("", names))
        if isinstance(items, ir.ListOf):
            where = f"an item of {where}"
            yield from self._property(
                items.item, ("item_cursor",), scheme, where, _is_plain, "text or number"
            )

    def polls(
        self, operation: ir.Operation, read: ir.Operation, scheme: Mapping[str, Any]
    ) -> Iterator[_Misfit]:
        """The part of the scheme that an operation, or the one that reads its state, lacks."""
        for one in dict.fromkeys((operation.id, read.id)):
            result = result_type(operation if one == operation.id else read)
            if result is None:
                message = f"no success response of {one} is JSON: the end of the job cannot be seen"
                yield _Misfit((), message, "describe one, or leave 'poll' out")
                return
            where = f"the response of {one}"
            yield from self._property(result, ("field",), scheme, where, _is_plain, "text")
            if one == read.id:
                yield from self._ends(result, scheme, where)
        yield from self._arguments(operation, read, scheme)

    def _ends(self, result: ir.TypeRef, scheme: Mapping[str, Any], where: str) -> Iterator[_Misfit]:
        """The end values, if the property's enum has none of them: the wait would never end.

        A single missing value is not an error: enums of responses are often incomplete.
        """
        name = scheme.get("field") or ""
        found = found_at(result, name, self.types)
        if not isinstance(found, ir.Literal) or found.kind == "open":
            return
        until = [value for value in scheme.get("until") or () if isinstance(value, str)]
        if until and not set(until) & set(found.values):
            message = f"{name!r} of {where} is never {one_of(map(repr, until))}"
            known = [str(one) for one in found.values]
            yield _Misfit(("until",), message, _nearest(until[0], known))

    def _arguments(
        self, operation: ir.Operation, read: ir.Operation, scheme: Mapping[str, Any]
    ) -> Iterator[_Misfit]:
        known = [one.wire_name for one in read.parameters if one.location == "path"]
        arguments: dict[str, str] = scheme.get("arguments") or {}
        for name in arguments:
            if name not in known:
                message = f"{read.id} has no path parameter {name!r}"
                yield _Misfit(("arguments", name), message, _nearest(name, known))
        result = result_type(operation)
        for name, source in (derived_arguments(read, operation) | arguments).items():
            if result is not None and found_at(result, source, self.types) is None:
                steps = ("arguments", name) if name in arguments else ()
                message = f"the response of {operation.id} has no {source!r}, {name!r} of {read.id}"
                names = self._names(result, _is_plain)
                yield _Misfit(steps, message, _nearest(source, names) or "say 'arguments'")

    def _property(
        self,
        start: ir.TypeRef,
        steps: tuple[str, ...],
        scheme: Mapping[str, Any],
        where: str,
        fits: _Fits,
        kind: str,
    ) -> Iterator[_Misfit]:
        name = _named(scheme, steps)
        if name is None:
            return
        found = found_at(start, name, self.types)
        if found is not None and (fits(found) or isinstance(found, ir.UnionOf)):
            return
        names = self._names(start, fits)
        if isinstance(resolved(start, self.types), ir.ListOf) and fits is _is_list:
            names = [""]
        what = f"has no {name!r}" if found is None else f"has {name!r}, which is not a {kind}"
        yield _Misfit(steps, f"{where} {what}", _nearest(name, names))

    def _names(self, start: ir.TypeRef, fits: _Fits) -> list[str]:
        return [plain_name(one) for one, each in names_in(start, self.types) if fits(each)]

    def _parameter(
        self, operation: ir.Operation, steps: tuple[str, ...], scheme: Mapping[str, Any]
    ) -> Iterator[_Misfit]:
        name = _named(scheme, steps)
        known = [*query_places(operation, self.types)]
        if name is None or name in known:
            return
        body = operation.body
        if body is not None and self._in_body(body, steps_of(name)):
            return
        known += self._body_names(body) if body is not None else []
        message = f"{operation.id} has no query parameter {name!r}, nor such a property of its body"
        yield _Misfit(steps, message, _nearest(name, known))

    def _in_body(self, body: ir.RequestBody, steps: list[str]) -> bool:
        fields = {one.wire_name: one.type for one in body.fields or ()}
        if body.fields is None:
            return found_at(body.type, _pointer(*steps), self.types) is not None
        top = fields.get(steps[0])
        return top is not None and found_at(top, _pointer(*steps[1:]), self.types) is not None

    def _body_names(self, body: ir.RequestBody) -> list[str]:
        if body.fields is None:
            return [plain_name(one) for one, _ in names_in(body.type, self.types)]
        nested = [
            _pointer(field.wire_name) + pointer
            for field in body.fields
            for pointer, _ in names_in(field.type, self.types)
        ]
        return [*(field.wire_name for field in body.fields), *nested]


def _header(operation: ir.Operation, scheme: Mapping[str, Any]) -> Iterator[_Misfit]:
    """A header that is named but not described, although others are."""
    name = scheme.get("cursor_header")
    known = [
        header
        for response in operation.responses
        if response.status.is_success
        for header in response.headers
    ]
    if name and known and name.lower() not in (header.lower() for header in known):
        message = f"the response of {operation.id} has no header {name!r}"
        yield _Misfit(("cursor_header",), message, _nearest(name, known))


def _pointer(*steps: str) -> str:
    return child("", *steps)


def _named(scheme: Mapping[str, Any], steps: tuple[str, ...]) -> str | None:
    found: Any = scheme
    for step in steps:
        found = (found or {}).get(step)
    return found if isinstance(found, str) else None


def _nearest(name: str, known: Iterable[str]) -> str:
    """A suggestion: the nearest name, the same with slashes, else all names."""
    names = list(dict.fromkeys(known))
    pointer = "/" + name.strip("/$").removeprefix(".").replace(".", "/")
    last = [one for one in names if one.rpartition("/")[2] == name.rpartition(".")[2]]
    close = [pointer] if pointer in names else get_close_matches(name, names, 1) or last
    if close or len(names) == 1:
        return f"did you mean {(close or names)[0]!r}?"
    return f"there: {', '.join(map(repr, names[:10]))}" if names else ""


def _is_list(type_ref: ir.TypeRef) -> bool:
    return isinstance(type_ref, ir.ListOf) or type_ref == ir.Scalar("any")


def _is_boolean(type_ref: ir.TypeRef) -> bool:
    is_literal = isinstance(type_ref, ir.Literal)
    return is_literal or type_ref in (ir.Scalar("boolean"), ir.Scalar("any"))


def _is_plain(type_ref: ir.TypeRef) -> bool:
    return isinstance(type_ref, ir.Scalar | ir.Literal)


def member_of(sdk: Mapping[str, Any], root: Mapping[str, Any]) -> str:
    """The property that callers of an operation get; empty for the whole response."""
    return str(sdk.get("unwrap", root.get("unwrap")) or "")


def name_result(operation: Node, member: str, words: ir.Words, types: TypeLowering) -> None:
    """Lower the unwrapped value before its envelope, so that it gets the name of a result."""
    for media_type, media in successes(operation):
        schema = media.get("schema") if kind_of(media_type) == "json" else None
        inner = _inside(schema, member) if schema is not None else None
        if inner is not None:
            types.lower(inner, (*words, "response"))
            types.lower(schema, (*words, "response", "envelope"))


def _inside(schema: Node, member: str) -> Node | None:
    found: Node | None = schema
    for step in steps_of(member):
        found = shape_of(unwrap(found)[0]).properties.get(step) if found is not None else None
    return found


def without_envelope(operation: ir.Operation, member: str, types: Types) -> ir.Operation:
    """The operation with that property as the result of every JSON success that has it."""
    if not member:
        return operation

    def opened(content: ir.Content) -> ir.Content:
        inner = member_type(content.type, member, types) if content.kind == "json" else None
        return content if inner is None else replace(content, unwrap=member, inner=inner)

    responses = tuple(
        replace(one, contents=tuple(map(opened, one.contents))) if one.status.is_success else one
        for one in operation.responses
    )
    return replace(operation, responses=responses)


def whole(operation: ir.Operation) -> ir.Operation:
    """The operation with whole responses; of a page, they contain the next cursor."""
    responses = tuple(
        replace(one, contents=tuple(replace(each, unwrap="", inner=None) for each in one.contents))
        for one in operation.responses
    )
    return replace(operation, responses=responses)


def check_envelopes(root: Node, said: Said, types: Types, problems: Problems) -> None:
    """Report every `unwrap` of a missing property; at the root, one that no operation has."""
    said = list(said)
    sdk = root.value.get("x-sdk") if isinstance(root.value, dict) else None
    default = sdk.get("unwrap") if isinstance(sdk, dict) else None
    for operation, own in said:
        if isinstance(own.get("unwrap"), str) and not _is_opened(operation):
            message = (
                f"no successful JSON response of {operation.id} has a property {own['unwrap']!r}"
            )
            place = child(operation.pointer, "x-sdk", "unwrap")
            problems.error(
                "bad-x-sdk", message, place, _nearest_property(own["unwrap"], [operation], types)
            )
    plain = [operation for operation, own in said if "unwrap" not in own]
    if isinstance(default, str) and plain and not any(map(_is_opened, plain)):
        message = f"no successful JSON response of any operation has a property {default!r}"
        place = child(root.pointer, "x-sdk", "unwrap")
        problems.error("bad-x-sdk", message, place, _nearest_property(default, plain, types))


def _is_opened(operation: ir.Operation) -> bool:
    return any(one.unwrap for one in success_contents(operation.responses))


def _nearest_property(name: str, operations: Iterable[ir.Operation], types: Types) -> str:
    known = {
        plain_name(pointer): None
        for operation in operations
        for content in success_contents(operation.responses)
        if content.kind == "json"
        for pointer, _ in names_in(content.type, types)
    }
    return _nearest(name, known)
