"""The place of every operation: what x-sdk says, what the lock holds, what hints say, the reading.

In this order: x-sdk always wins, and the default reading fills what nothing else says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from specloom.description.hints import place_hint
from specloom.ir import Words
from specloom.ir.names_lock import Lock
from specloom.ir.words import snake, split_words
from specloom.lower.behaviour import sdk_extension
from specloom.lower.endpoints import Endpoint, facts_of
from specloom.lower.limits import MAX_RESOURCE_DEPTH
from specloom.lower.locked import Explicit, LockedPlaces
from specloom.lower.places import Place, read_places, tag_places
from specloom.lower.settling import Candidates, settled, spelled

if TYPE_CHECKING:
    from specloom.description.node import Node
    from specloom.errors import Problems


@dataclass(frozen=True, slots=True)
class Placed:
    """The place of an operation; ``wanted`` is the better one, where another has that.

    ``said`` is what x-sdk says of it.
    """

    place: Place
    wanted: Place | None
    said: Explicit


@dataclass(frozen=True, slots=True)
class Placing:
    """All places, in the order of the operations, and the lock that some of them come from."""

    placed: list[Placed]
    locked: LockedPlaces


def place_all(
    endpoints: Sequence[Endpoint],
    sdk: Mapping[str, Any],
    lock: Lock,
    version: str,
    problems: Problems,
) -> Placing:
    """Where every operation goes. ``sdk`` is the x-sdk of the root, ``version`` the SDK's."""
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
                may_move=explicit.resource is None and hint.resource is None,
                is_hinted=hint.method is not None,
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
    _refuse_depth(endpoints, placed, problems)
    _refuse_clashes(endpoints, placed, problems)
    return Placing(placed, locked)


def _reworded(place: Place, words: Mapping[str, Words]) -> Place:
    """The place in the words that the SDK has for those of the reading."""

    def own(name: Words) -> Words:
        return tuple(new for word in name for new in words.get(word.lower(), (word,)))

    return Place(tuple(own(step) for step in place.resource), own(place.method))


def explicit_of(operation: Node) -> Explicit:
    """What x-sdk says of an operation's place."""
    sdk = sdk_extension(operation)
    resource, method = sdk.get("resource"), sdk.get("method")
    if resource is None:
        path = None
    else:
        path = tuple(split_words(part) for part in resource.split(".") if part)
    return Explicit(path, split_words(method) if method else None)


def _hinted(operation: Node) -> Explicit:
    """What extensions of other generators say of an operation's place."""
    hint = place_hint(operation.value, operation.document.root)
    steps = None if hint.resource is None else tuple(map(split_words, hint.resource))
    return Explicit(steps, split_words(hint.method) if hint.method else None)


def _refuse_depth(
    endpoints: Sequence[Endpoint], placed: Sequence[Placed], problems: Problems
) -> None:
    """Raise SpecError if a resource stands so deep that its file could have no path."""
    for endpoint, one in zip(endpoints, placed, strict=True):
        if len(one.place.resource) > MAX_RESOURCE_DEPTH:
            message = f"its resource would have more than {MAX_RESOURCE_DEPTH} steps"
            hint = "add\n  x-sdk:\n    resource: another.place"
            problems.error("too-deep", message, endpoint.pointer, hint)
    problems.raise_if_errors()


def _refuse_clashes(
    endpoints: Sequence[Endpoint], placed: Sequence[Placed], problems: Problems
) -> None:
    """A name that x-sdk gives to two operations, or to one and a resource, is an error."""
    resources = {
        spelled(one.place.resource[:depth])
        for one in placed
        for depth in range(1, len(one.place.resource) + 1)
    }
    taken: dict[tuple[str, ...], Endpoint] = {}
    for endpoint, one in zip(endpoints, placed, strict=True):
        if one.said.method is None:
            continue
        name = spelled((*one.place.resource, one.place.method))
        first = taken.setdefault(name, endpoint)
        if first is endpoint and name not in resources:
            continue
        other = "a resource" if first is endpoint else f"{first.http_method} {first.path}"
        problems.error(
            "surface-clash",
            f"client.{'.'.join(name)} is already {other}",
            endpoint.pointer,
            f"write another name there, such as\n  x-sdk:\n    method: {_other(endpoint)}",
        )


def _other(endpoint: Endpoint) -> str:
    return snake(split_words(endpoint.operation.text("operationId"))) or "another_name"
