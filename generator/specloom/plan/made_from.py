"""What a file is made from, as a hash: where it is the same, so is the file.

A file shows a resource, or the types of a module. What it says of them follows from what the IR
says of these and of all that they lead to, from the names and places of all these, and from what
holds for the whole API. That is more than any file looks at, and so nothing is missed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property

from specloom import ir
from specloom.ir.kept import text_of
from specloom.ir.text import as_text
from specloom.naming.names import Names
from specloom.plan.closures import closure_digests
from specloom.plan.pages.errors import meanings_of
from specloom.plan.pages.places import Places, public_name
from specloom.plan.pages.uses import Uses
from specloom.plan.shared import Shared
from specloom.plan.type_modules import assign_modules
from specloom.usage import Usage, mentioned_by, mentioned_in
from specloom.writing.cache import digest


class MadeFrom:
    """The hashes of one build; all are empty where nobody asks for them."""

    def __init__(
        self,
        api: ir.Api,
        names: Names,
        usage: Usage,
        places: Places,
        uses: Uses,
        shared: Shared,
        *,
        is_asked: bool,
    ) -> None:
        self._api = api
        self._names = names
        self._usage = usage
        self._places = places
        self._uses = uses
        self._shared = shared
        self._is_asked = is_asked

    def types(self, keys: Iterable[str]) -> str:
        """What says what some types are."""
        if not self._is_asked:
            return ""
        return digest(self._whole, *(self._closures[key] for key in keys))

    def types_page(self, title: str, keys: Iterable[str]) -> str:
        """What says what some types are, and who uses them."""
        if not self._is_asked:
            return ""
        keys = list(keys)
        users = [[*self._users(key)] for key in keys]
        return digest(self.types(keys), as_text([title, users]))

    def resource(self, resource: ir.Resource, added: object = None) -> str:
        """What says what one can do with a resource, and what is ``added`` to it by hand."""
        if not self._is_asked:
            return ""
        below = [(child.path, child.description) for child in resource.children]
        itself = replace(resource, operations=(), children=())
        pointers = [
            *(operation.pointer for operation in resource.operations),
            *(former.operation for former in resource.former),
        ]
        operations = (self._closures.get(pointer, "") for pointer in pointers)
        return digest(self._whole, as_text([itself, below, added]), *operations)

    @cached_property
    def _whole(self) -> str:
        """What holds for the whole API."""
        api = replace(self._api, resources=(), types={}, left_out=())
        shared = (self._shared.errors, self._shared.headers, sorted(self._shared.imports))
        reserved = sorted(self._names.fields.reserved)
        return digest(as_text([api, *shared, reserved, meanings_of(self._api)]))

    @cached_property
    def _closures(self) -> dict[str, str]:
        """By the keys of types and the pointers of operations, which differ."""
        own = {key: self._type(named) for key, named in self._api.types.items()}
        mentions = {key: [*mentioned_in(named)] for key, named in self._api.types.items()}
        for operation in self._api.operations():
            own[operation.pointer] = as_text(self._operation(operation))
            mentions[operation.pointer] = [*self._leads_to(operation)]
        return closure_digests(own, mentions)

    def _type(self, named: ir.NamedType) -> str:
        """The names of a type's fields follow from what it is, and from `reserved`."""
        key, names, place = named.key, self._names, self._places.type(named.key)
        beside = (
            names.types[key],
            names.params.get(key),
            names.unknown.get(key),
            self._former.get(key),
            self._modules.get(key),
            (place.page, place.anchor) if place is not None else None,
        )
        return f"{text_of(named)}{beside!r}"  # which is plain text and None

    def _operation(self, operation: ir.Operation) -> list[object]:
        pointer, names = operation.pointer, self._names
        successor = names.successors.get(pointer)
        return [
            operation,
            names.methods[pointer],
            names.polls.get(pointer),
            names.addresses[pointer],
            sorted(names.arguments[pointer].items()),
            successor,
            names.addresses.get(successor or ""),
        ]

    def _leads_to(self, operation: ir.Operation) -> Iterator[str]:
        yield from mentioned_by(operation)
        if operation.poll is not None:
            yield operation.poll.read
        yield self._names.successors.get(operation.pointer, "")

    def _users(self, key: str) -> Iterator[object]:
        uses = self._uses
        for operations in (uses.returned_by.get(key, {}), uses.taken_by.get(key, {})):
            yield [
                (one.resource, self._names.addresses[one.pointer]) for one in operations.values()
            ]
        yield key in uses.errors
        for owner in uses.part_of.get(key, {}):
            yield public_name(owner, self._names, self._usage), self._places.type(owner)

    @cached_property
    def _modules(self) -> dict[str, tuple[str | None, str | None]]:
        """By the keys of types, the modules of what is read and of what is given."""
        read, given = assign_modules(self._usage.responses), assign_modules(self._usage.requests)
        return {key: (read.get(key), given.get(key)) for key in self._api.types}

    @cached_property
    def _former(self) -> dict[str, list[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = {}
        for old, (key, since) in self._names.former_types.items():
            found.setdefault(key, []).append((old, since))
        return found
