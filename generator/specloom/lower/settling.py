"""Gives every operation one of its places, so that no two have one name, whatever the order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from specloom.ir import Words
from specloom.ir.words import snake
from specloom.lower.places import Place
from specloom.lower.verbs import is_verb

_ORDER = ("get", "post", "put", "patch", "delete")

Spelled = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidates:
    """The places that an operation may have, the best one first; one alone cannot give way.

    ``may_move``: its resource may be another one too, since nobody has named it. ``is_hinted``: an
    extension names its method, which then goes before names that are read.
    """

    method: str
    path: str
    places: Sequence[Place]
    may_move: bool = True
    is_hinted: bool = False


def settled(operations: Sequence[Candidates]) -> list[Place]:
    """The place of every operation: the first of its candidates that nothing else has.

    What has one candidate keeps it; then the plainer path goes first. A place that is a resource's
    is not free. An operation below a method moves up beside it. Where even the last candidate is
    taken, naming puts a number behind it.
    """
    surface = _Surface(one.places[0] for one in operations)
    given: dict[int, Place] = {}
    order = sorted(range(len(operations)), key=lambda index: _rank(operations[index]))
    for index in order:
        places = list(operations[index].places)
        if operations[index].may_move:
            places += [surface.beside_method(place) for place in places]
        free = (place for place in places if surface.is_free(place))
        given[index] = next(free, places[-1])
        surface.take(given[index])
    return [given[index] for index in range(len(operations))]


def spelled(names: Iterable[Words]) -> Spelled:
    """Names in one spelling, to be compared; as in places, `200` is the same as `n200`."""
    texts = map(snake, names)
    return tuple(text if text.isidentifier() else f"n{text}" for text in texts)


class _Surface:
    """The resources and methods that are given away."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._resources = {step for place in places for step in _steps(place)}
        self._methods: set[Spelled] = set()

    def is_free(self, place: Place) -> bool:
        name = spelled((*place.resource, place.method))
        is_taken = name in self._methods or name in self._resources
        return not is_taken and self._methods.isdisjoint(_steps(place))

    def beside_method(self, place: Place) -> Place:
        """The place, moved up to the resource of the method that is in its way, if one is.

        Below the method ``users.search``, ``users.search.results.list`` is
        ``users.list_search_results``, and ``users.search.results`` is ``users.search_results``.
        """
        for depth, step in enumerate(_steps(place)):
            if depth and step in self._methods:
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


def _rank(one: Candidates) -> tuple[bool, bool, int, int, int, str, str]:
    """Who keeps a name that two ask for: what cannot give way, then the plainer path."""
    method = one.method.lower()
    return (
        len(one.places) > 1,
        not one.is_hinted,
        one.path.count("{"),
        one.path.count("/"),
        _ORDER.index(method) if method in _ORDER else len(_ORDER),
        one.path,
        one.method,
    )
