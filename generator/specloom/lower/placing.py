"""The place of every operation, from x-sdk, the names lock, hints, or the default reading.

Each source wins over the later ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from specloom import ir
from specloom.description.hints import place_hint
from specloom.description.node import is_deprecated, sdk_extension
from specloom.ir import Words
from specloom.ir.names_lock import Entry, Lock, operation_key, still_works
from specloom.ir.words import readable_start, snake, split_words
from specloom.lower.endpoints import Endpoint, facts_of
from specloom.lower.places import (
    Facts,
    Place,
    operation_words,
    read_places,
    resource_words,
    without,
)
from specloom.lower.routes import is_verb

if TYPE_CHECKING:
    from specloom.description.node import Node


_PARAMETER = re.compile(r"\{[^{}]*\}")
Spelled = tuple[str, ...]

_ORDER = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Candidates:
    """The possible places of an operation, the best one first; a single one is fixed.

    ``may_move``: its resource may change, because x-sdk does not name it. ``is_hinted``: an
    extension names its method. That name wins over derived names.
    """

    method: str
    path: str
    places: Sequence[Place]
    may_move: bool = True
    is_hinted: bool = False
    deprecated: bool = False


def settled(operations: Sequence[Candidates]) -> list[Place]:
    """The place of every operation: its first free candidate.

    Operations with one candidate keep it; then plainer paths go first. The place of a resource is
    not free. An operation below a method moves up beside it. If the last candidate is taken too,
    naming appends a number.
    """
    surface = _Surface(one.places[0] for one in operations)
    found: dict[int, Place] = {}
    best = {(one.method, _PARAMETER.sub("{}", one.path)): one.places[0] for one in operations}
    order = sorted(range(len(operations)), key=lambda index: _rank(operations[index], best))
    for index in order:
        places = list(operations[index].places)
        if operations[index].may_move:
            places += [surface.beside_method(place) for place in places]
        free = (place for place in places if surface.is_free(place))
        found[index] = next(free, places[-1])
        surface.take(found[index])
    return [found[index] for index in range(len(operations))]


class _Surface:
    """The resources and methods that are taken."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._resources = {step for place in places for step in _steps(place)}
        self._methods: set[Spelled] = set()

    def is_free(self, place: Place) -> bool:
        name = spelled((*place.resource, place.method))
        is_taken = name in self._methods or name in self._resources
        return not is_taken and self._methods.isdisjoint(_steps(place))

    def beside_method(self, place: Place) -> Place:
        """The place, moved up to the resource of a method that blocks it, if there is one.

        Below the method ``users.search``, ``users.search.results.list`` is
        ``users.list_search_results``, and ``users.search.results`` is ``users.search_results``.
        """
        for depth, step in enumerate(_steps(place)):
            if step in self._methods:
                below = tuple(word for words in place.resource[depth:] for word in words)
                names = (place.method, below) if is_verb(place.method) else (below, place.method)
                return Place(place.resource[:depth], names[0] + names[1])
        return place

    def take(self, place: Place) -> None:
        self._methods.add(spelled((*place.resource, place.method)))
        self._resources.update(_steps(place))


def _steps(place: Place) -> Iterator[Spelled]:
    names = spelled(place.resource)
    return (names[:end] for end in range(1, len(names) + 1))


def _is_for_many(one: Candidates, best: Mapping[tuple[str, str], Place]) -> bool:
    """Whether ``POST /jobs/actions`` is on all jobs, because ``POST /jobs/{id}/actions`` exists."""
    owner, _, step = one.path.rpartition("/")
    on_one = f"{_PARAMETER.sub('{}', owner)}/{{}}/{step}"
    is_beside = one.method == "post" and not owner.endswith("}")
    return is_beside and best.get((one.method, on_one)) == one.places[0]


def _acts_on_many(one: Candidates) -> bool:
    """Whether an action is on the collection: ``/jobs/cancel``, not ``/jobs/{id}:cancel``."""
    *_, owner, step = ("", "", *one.path.rstrip("/").replace(":", "/").split("/"))
    is_action = one.method != "get" and split_words(step) == one.places[0].method
    return is_action and is_verb(split_words(step)) and not owner.startswith("{")


def _rank(
    one: Candidates, best: Mapping[tuple[str, str], Place]
) -> tuple[bool, bool, bool, bool, int, int, int, str, str]:
    """The priority for a contested name: fixed places first, then plainer paths."""
    method = one.method.lower()
    return (
        len(one.places) > 1,
        not one.is_hinted,
        one.deprecated,
        _acts_on_many(one) or _is_for_many(one, best),
        one.path.count("{"),
        one.path.count("/"),
        _ORDER.index(method) if method in _ORDER else len(_ORDER),
        one.path,
        one.method,
    )


@dataclass(frozen=True, slots=True)
class Explicit:
    """The place of an operation in x-sdk; None if it has none."""

    resource: tuple[Words, ...] | None
    method: Words | None

    def over(self, place: Place) -> Place:
        """The place, overridden by these words; the words of resources have small letters."""
        steps = place.resource if self.resource is None else self.resource
        return Place(
            tuple(tuple(word.lower() for word in words) for words in steps),
            self.method or place.method,
        )

    def first(self, places: Sequence[Place]) -> list[Place]:
        """The best place with these words, and alternatives."""
        if self.resource is None and self.method is None:
            return list(places)
        within = [Explicit(self.resource, None).over(place) for place in places]
        return [self.over(places[0]), *within, *places]


def spelled(names: Iterable[Words]) -> Spelled:
    """Names in one spelling for comparison; as in places, `200` is the same as `n200`."""
    return tuple(text if text.isidentifier() else f"n{text}" for text in map(snake, names))


def step_words(step: str) -> Words:
    return tuple(word.lower() for word in split_words(step))


class LockedPlaces:
    """Settles places, and collects the names that renames have replaced.

    ``places`` are all places without a lock: a resource in the lock keeps their words. The lock
    spells names as users write them; they are compared by their words, because no identifier exists
    yet.
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
        """Whether the lock has an operation."""
        return self._entry(self._lock.operations, endpoint) is not None

    def lacks_pages(self, endpoint: Endpoint) -> bool:
        """Whether the operation had no pages before: its result stays the same."""
        entry = self._entry(self._lock.operations, endpoint)
        return entry is not None and not entry.pages

    def has_pages(self, endpoint: Endpoint) -> bool:
        """Whether the lock has pages for this operation."""
        entry = self._entry(self._lock.operations, endpoint)
        return entry is not None and bool(entry.pages)

    def place(self, operation: Endpoint, derived: Place, explicit: Explicit) -> Place:
        """The place of an operation."""
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
        """The name of the method that also waits; ``said``: x-sdk influences it."""
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
        """Record the former names of the operation that still work."""
        now = spelled((*place.resource, place.method))
        was = {entry.name: self._version, **entry.was}
        for old, since in sorted(was.items()):
            steps, method = _steps_of(old)
            is_other = spelled(map(split_words, (*steps, method))) != now
            if is_other and still_works(since, self._version):
                name = ir.FormerName(split_words(method), operation.pointer, since, waits)
                self.former.append((self._words(steps), name))

    def _words(self, steps: tuple[str, ...]) -> tuple[Words, ...]:
        """The words of a resource's path, in the spelling of its longest known part."""
        names = spelled(map(split_words, steps))
        for depth in range(len(steps), 0, -1):
            known = self._steps.get(names[:depth])
            if known is not None:
                return (*known, *(step_words(step) for step in steps[depth:]))
        return tuple(step_words(step) for step in steps)


def _steps_of(address: str) -> tuple[tuple[str, ...], str]:
    *steps, method = address.split(".")
    return tuple(steps), method


def _is_numbered(locked: str, wanted: Words | None) -> bool:
    """Whether a locked name is the wanted one, or that name with a number."""
    if not wanted:
        return False
    locked_name, name = spelled((split_words(locked), wanted))
    return re.fullmatch(rf"{re.escape(name)}(?:_\d+)?", locked_name) is not None


@dataclass(frozen=True, slots=True)
class Placed:
    """The place of an operation; ``wanted`` is a better one that another operation has.

    ``said`` is the place in x-sdk.
    """

    place: Place
    wanted: Place | None
    said: Explicit


@dataclass(frozen=True, slots=True)
class Placing:
    """All places, in the order of the operations, and the lock."""

    placed: list[Placed]
    locked: LockedPlaces


def tag_places(operations: Sequence[Facts]) -> list[list[Place]]:
    """``client.<tag>.<operationId>``, without the words of the tag; by the path without a tag."""
    by_path = read_places(operations)
    return [
        [*_by_tag(facts), *places] if facts.tag else places
        for facts, places in zip(operations, by_path, strict=True)
    ]


def _by_tag(facts: Facts) -> list[Place]:
    resource = resource_words(re.sub(r"^\d+[.)]\s+", "", facts.tag))
    if not resource:
        return []
    words = operation_words(facts.id, facts.method, facts.path)
    return [
        Place((resource,), readable_start(method)) for method in (without(words, resource), words)
    ]


def place_all(
    endpoints: Sequence[Endpoint],
    sdk: Mapping[str, Any],
    lock: Lock,
    version: str,
) -> Placing:
    """The place of every operation.

    ``sdk`` is the x-sdk of the root, ``version`` the SDK's version.
    """
    read = tag_places if sdk.get("resources") == "tags" else read_places
    words = {key: split_words(value) for key, value in (sdk.get("words") or {}).items()}
    derived = [
        [_reworded(place, words) for place in places]
        for places in read([facts_of(endpoint) for endpoint in endpoints])
    ]
    said = [explicit_of(endpoint.operation) for endpoint in endpoints]
    hinted = [_hinted(endpoint.operation) for endpoint in endpoints]
    candidates = [
        list(dict.fromkeys(explicit.over(place) for place in hint.first(places)))
        for explicit, hint, places in zip(said, hinted, derived, strict=True)
    ]
    locked = LockedPlaces(lock, version, (places[0] for places in candidates))
    for index, endpoint in enumerate(endpoints):
        if locked.has(endpoint) or said[index].method is not None:
            candidates[index] = [locked.place(endpoint, candidates[index][0], said[index])]
    places = settled(
        [
            Candidates(
                endpoint.method,
                endpoint.path,
                found,
                may_move=explicit.resource is None,
                is_hinted=hint.method is not None,
                deprecated=is_deprecated(endpoint.operation),
            )
            for endpoint, found, explicit, hint in zip(
                endpoints, candidates, said, hinted, strict=True
            )
        ]
    )
    placed = [
        Placed(place, found[0] if place != found[0] else None, explicit)
        for place, found, explicit in zip(places, candidates, said, strict=True)
    ]
    return Placing(placed, locked)


def _reworded(place: Place, words: Mapping[str, Words]) -> Place:
    """The place in the words that the SDK uses for those of the reading."""

    def own(name: Words) -> Words:
        return tuple(new for word in name for new in words.get(word.lower(), (word,)))

    return Place(tuple(own(step) for step in place.resource), own(place.method))


def explicit_of(operation: Node) -> Explicit:
    """The place of an operation in x-sdk."""
    sdk = sdk_extension(operation)
    resource, method = sdk.get("resource"), sdk.get("method")
    if resource is None:
        path = None
    else:
        path = tuple(split_words(part) for part in resource.split(".") if part)
    return Explicit(path, split_words(method) if method else None)


def _hinted(operation: Node) -> Explicit:
    """The place of an operation from extensions of other generators."""
    hint = place_hint(operation.value, operation.document.root)
    steps = None if hint.resource is None else tuple(map(split_words, hint.resource))
    return Explicit(steps, split_words(hint.method) if hint.method else None)
