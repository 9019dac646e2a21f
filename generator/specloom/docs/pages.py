"""The data that all pages share: the users of each type, and hand-written mixins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from specloom import ir
from specloom.custom_code.include import Include
from specloom.docs.calls import Examples
from specloom.docs.places import Places
from specloom.docs.prose import item
from specloom.docs.wording import Meanings, Wording
from specloom.ir.usage import Usage, dependencies, is_result, refs_in, request_refs
from specloom.naming.names import Names
from specloom.sdk.streams import streams_of


@dataclass(slots=True)
class Uses:
    """By the key of a type: pointers of operations, and keys of types. Dicts keep the order."""

    returned_by: dict[str, dict[str, ir.Operation]] = field(
        default_factory=dict[str, dict[str, ir.Operation]]
    )
    taken_by: dict[str, dict[str, ir.Operation]] = field(
        default_factory=dict[str, dict[str, ir.Operation]]
    )
    part_of: dict[str, dict[str, None]] = field(default_factory=dict[str, dict[str, None]])
    errors: set[str] = field(default_factory=set[str])


def uses_of(api: ir.Api) -> Uses:
    """The direct uses of every type."""
    uses = Uses()
    for operation in api.operations():
        for key in _returned(operation):
            uses.returned_by.setdefault(key, {})[operation.pointer] = operation
        for key in _taken(operation):
            uses.taken_by.setdefault(key, {})[operation.pointer] = operation
        for response in operation.responses:
            if not is_result(response, operation):
                for content in response.contents:
                    uses.errors.update(refs_in(content.type))
    for named in api.types.values():
        for request in (False, True):
            for key in dependencies(named, request=request):
                if key != named.key:
                    uses.part_of.setdefault(key, {})[named.key] = None
    return uses


def _returned(operation: ir.Operation) -> Iterator[str]:
    for response in operation.responses:
        if is_result(response, operation):
            for content in response.contents:
                yield from refs_in(content.type)
    if operation.stream is not None:
        yield from refs_in(operation.stream.type)
    if operation.pagination is not None:
        yield from refs_in(operation.pagination.item_type)


def _taken(operation: ir.Operation) -> Iterator[str]:
    for type_ref in request_refs(operation):
        yield from refs_in(type_ref)


@dataclass(frozen=True, slots=True)
class Addition:
    """A class that inherits a mixin: its name, the mixin's docstring, and its members as entries.

    The docstring is Markdown by the SDK's authors, and the page shows it unchanged.
    """

    name: str
    description: str
    members: list[str]


def addition(name: str, mixin: str, include: Include | None, page: str) -> Addition | None:
    """The members that a class inherits from its mixin; None without a readable mixin."""
    written = include.classes.get(mixin) if include is not None else None
    if written is None:
        return None
    members = [
        item(f"`{one.call}`" + (":" if one.summary else ""), one.summary, page)
        for one in written.members
    ]
    return Addition(name, written.docstring, members)


def stream_additions(api: ir.Api, include: Include | None, page: str) -> list[Addition]:
    """The named stream classes, including those without a mixin."""
    return [
        addition(name, operations[0].stream.mixin, include, page) or Addition(name, "", [])
        for name, operations in streams_of(api).items()
        if operations[0].stream is not None
    ]


@dataclass(frozen=True, slots=True)
class Pages:
    """What every page is made from."""

    api: ir.Api
    names: Names
    usage: Usage
    places: Places
    uses: Uses
    examples: Examples
    meanings: Meanings
    include: Include | None = None

    def wording(self, page: str) -> Wording:
        """Words for types on a page."""
        return Wording(self.api, self.names, self.usage, self.places, page)
