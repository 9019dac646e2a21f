"""The places that operations keep: x-sdk first, then the lock of names, then what is derived."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from specloom import ir
from specloom.ir.names_lock import Entry, Lock, operation_key, still_works
from specloom.ir.words import split_words
from specloom.lower.places import Place
from specloom.lower.settling import spelled

if TYPE_CHECKING:
    from specloom.ir import Words
    from specloom.lower.endpoints import Endpoint


@dataclass(frozen=True, slots=True)
class Explicit:
    """What x-sdk says of an operation's place; None where it says nothing."""

    resource: tuple[Words, ...] | None
    method: Words | None

    def over(self, place: Place) -> Place:
        """The place with what is said here in its stead; resources have small letters."""
        steps = place.resource if self.resource is None else self.resource
        return Place(
            tuple(tuple(word.lower() for word in words) for words in steps),
            self.method or place.method,
        )

    def first(self, places: Sequence[Place]) -> list[Place]:
        """The best place with what is said here in its stead, and others where it is taken."""
        if self.resource is None and self.method is None:
            return list(places)
        within = [Explicit(self.resource, None).over(place) for place in places]
        return [self.over(places[0]), *within, *places]


class LockedPlaces:
    """Settles places, and gathers the names that a rename has left behind.

    ``places`` are all places without a lock: a resource that the lock names has their words. The
    lock has names as users write them; they are compared by their words, since no name is made yet.
    """

    def __init__(self, lock: Lock, version: str, places: Iterable[Place]) -> None:
        self._lock = lock
        self._version = version
        self._steps: dict[tuple[str, ...], tuple[Words, ...]] = {}
        self.former: list[tuple[tuple[Words, ...], ir.FormerName]] = []
        for resource in sorted({place.resource for place in places}):
            for depth in range(1, len(resource) + 1):
                self._steps.setdefault(spelled(resource[:depth]), resource[:depth])

    def has(self, endpoint: Endpoint) -> bool:
        """Whether the lock knows an operation."""
        return self._entry(self._lock.operations, endpoint) is not None

    def lacks_pages(self, endpoint: Endpoint) -> bool:
        """Whether users know an operation as one without pages: what it returns stays."""
        entry = self._entry(self._lock.operations, endpoint)
        return entry is not None and not entry.pages

    def place(self, operation: Endpoint, derived: Place, explicit: Explicit) -> Place:
        """Where an operation goes."""
        entry = self._entry(self._lock.operations, operation)
        if entry is None:
            return explicit.over(derived)
        steps, method = _steps_of(entry.name)
        said = None if _is_numbered(method, explicit.method) else explicit.method
        locked = Place(self._words(steps), split_words(method))
        place = Explicit(explicit.resource, said).over(locked)
        self._leave(operation, entry, place, waits=False)
        return place

    def poll(self, operation: Endpoint, place: Place, derived: Words, *, said: bool) -> Words:
        """What the method that also waits is called; ``said``: x-sdk has a part in that."""
        entry = self._entry(self._lock.polls, operation)
        if entry is None:
            return derived
        method = _steps_of(entry.name)[1]
        is_renamed = said and not _is_numbered(method, derived)
        name = derived if is_renamed else split_words(method)
        self._leave(operation, entry, Place(place.resource, name), waits=True)
        return name

    def _entry(self, entries: Mapping[str, Entry], operation: Endpoint) -> Entry | None:
        return entries.get(operation_key(operation.http_method, operation.path))

    def _leave(self, operation: Endpoint, entry: Entry, place: Place, *, waits: bool) -> None:
        """Note the names that the operation had, as far as they still work."""
        now = spelled((*place.resource, place.method))
        was = {entry.name: self._version, **entry.was}
        for old, since in sorted(was.items()):
            steps, method = _steps_of(old)
            is_other = spelled(map(split_words, (*steps, method))) != now
            if is_other and still_works(since, self._version):
                name = ir.FormerName(split_words(method), operation.pointer, since, waits)
                self.former.append((self._words(steps), name))

    def _words(self, steps: tuple[str, ...]) -> tuple[Words, ...]:
        """The words of a resource's path, as the longest part of it that is known has them."""
        names = spelled(map(split_words, steps))
        for depth in range(len(steps), 0, -1):
            known = self._steps.get(names[:depth])
            if known is not None:
                return (*known, *(_step_words(step) for step in steps[depth:]))
        return tuple(_step_words(step) for step in steps)


def _step_words(step: str) -> Words:
    return tuple(word.lower() for word in split_words(step))


def _steps_of(address: str) -> tuple[tuple[str, ...], str]:
    *steps, method = address.split(".")
    return tuple(steps), method


def _is_numbered(locked: str, wanted: Words | None) -> bool:
    """Whether a locked name is the wanted one, or what it became when another had that already."""
    if not wanted:
        return False
    locked_name, name = spelled((split_words(locked), wanted))
    return re.fullmatch(rf"{re.escape(name)}(?:_\d+)?", locked_name) is not None
