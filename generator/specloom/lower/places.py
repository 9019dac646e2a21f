"""The place of an operation on the SDK's surface: its resource and its method name.

The default reading: the path says it, as a careful person reads it; operationId and tag are
witnesses. All operations are read together, since the role of a step depends on its neighbours.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from specloom import ir
from specloom.ir import Words
from specloom.ir.words import dotted_path, one_of_many, snake, split_words
from specloom.lower.routes import (
    PARAMETER,
    Route,
    asks,
    id_words,
    is_parameter,
    is_plural,
    is_specific,
    is_verb,
    plural_of,
    routes_of,
    segments_of,
    stated_verb,
    stems,
)

Spelled = tuple[str, ...]

Answer = Literal["list", "wrapped", "object", "other"]
"""What a success has: an array, an object around one array, another object, or something else."""

_ITEM_METHODS = {
    "get": "retrieve",
    "delete": "delete",
    "post": "update",
    "put": "update",
    "patch": "update",
}
_COLLECTION_METHODS = {"post": "create", "put": "update", "patch": "update", "delete": "delete"}
_CHANGING = frozenset(("post", "put", "patch", "delete"))
_DOTTED_IDS = 0.8


@dataclass(frozen=True, order=True, slots=True)
class Place:
    """An attribute path under the client and a method name, both in words."""

    resource: tuple[Words, ...]
    method: Words


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of an operation before it has a place. ``method`` has small letters."""

    method: str
    path: str
    id: str = ""
    tag: str = ""
    answer: Answer = "other"

    @property
    def holds_many(self) -> bool:
        """Whether a success holds a list, as far as the description says."""
        return self.answer in ("list", "wrapped")


def read_places(operations: Sequence[Facts]) -> list[list[Place]]:
    """For every operation, the places that it may have, the best one first."""
    routes = _with_stages(operations, routes_of([one.path for one in operations]))
    reading = _Reading(operations, routes)
    are_dotted = _are_dotted(operations)
    found: list[list[Place]] = []
    for facts, route in zip(operations, routes, strict=True):
        read = reading.places(facts, route)
        places = [*read, *_by_id(facts, reading.resource(route), read[0].method)]
        if are_dotted and "." in facts.id:
            places.insert(0, _dotted_place(facts.id))
        found.append(list(dict.fromkeys(places)))
    return found


def tag_places(operations: Sequence[Facts]) -> list[list[Place]]:
    """``client.<tag>.<operationId>``, without the words of the tag; by the path without a tag."""
    by_path = read_places(operations)
    return [
        [*_by_tag(facts), *places] if facts.tag else places
        for facts, places in zip(operations, by_path, strict=True)
    ]


def _by_tag(facts: Facts) -> list[Place]:
    resource = resource_words(facts.tag)
    if not resource:
        return []
    words = operation_words(facts.id, facts.method, facts.path)
    return [Place((resource,), method) for method in (_without(words, resource), words)]


def resource_words(name: str) -> Words:
    """The words of a resource's name. None begins with a digit: `200` is the same as `n200`."""
    words = split_words(name)
    if not words or snake(words).isidentifier():
        return words
    return (f"n{words[0]}", *words[1:])


def operation_words(operation_id: str | None, method: str, path: str) -> Words:
    """The words of an operation: its id's, freed of what web frameworks append, or the path's."""
    words = id_words(operation_id, method, path) if operation_id else ()
    return words or (*_method_words(method), *_path_words(path))


def _method_words(method: str) -> Words:
    """The words of an HTTP method, which in additionalOperations is any text."""
    return split_words(method) or ("call",)


def _path_words(path: str) -> Words:
    words: list[str] = []
    for segment in segments_of(path):
        words += ["by", *split_words(segment)] if is_parameter(segment) else split_words(segment)
    return tuple(words)


def _are_dotted(operations: Sequence[Facts]) -> bool:
    """Whether operationIds are addresses already: ``session.create``."""
    count = sum(1 for one in operations if re.fullmatch(r"\w+(?:\.\w+)+", one.id))
    return bool(operations) and count >= _DOTTED_IDS * len(operations)


def _dotted_place(operation_id: str) -> Place:
    *steps, method = operation_id.split(".")
    return Place(tuple(resource_words(step) or ("root",) for step in steps), split_words(method))


def _by_id(facts: Facts, resource: tuple[Words, ...], plain: Words) -> list[Place]:
    """What the operationId or else the whole path calls it, where others have the better names.

    ``plain`` is the best of these; with what it is about behind it, it is short.
    """
    owner = resource or (("root",),)
    words = id_words(facts.id, facts.method, facts.path)
    short = _without(words, tuple(word for step in owner for word in step))
    whole = operation_words(None, facts.method, facts.path)
    about = (*plain, *one_of_many(owner[-1]))
    return [Place(owner, method) for method in (short, words, about, whole) if method]


def _without(words: Words, others: Words) -> Words:
    """Words without those of others: ``delete_browsers_by_id`` of browsers is ``delete_by_id``."""
    left = tuple(word for word in words if not stems((word,)) & stems(others))
    return left if left and len(left) < len(words) else words


def _with_stages(operations: Sequence[Facts], routes: Sequence[Route]) -> list[Route]:
    """Routes with their previews as first steps; versions too, where an older one has the names."""
    versions: defaultdict[tuple[str, tuple[str, ...], str], set[str]] = defaultdict(set)
    for facts, route in zip(operations, routes, strict=True):
        versions[facts.method, route.steps, route.preview].add(route.version)
    later = {
        (version, steps[:1])
        for (_, steps, _), found in versions.items()
        for version in sorted(found, key=_age)[1:]
    }
    return [
        replace(route, stages=tuple(stage for stage in (route.preview, version) if stage))
        for route in routes
        for version in (route.version if (route.version, route.steps[:1]) in later else "",)
    ]


def _age(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version))


def _acts_alone(words: Words, operations: Sequence[Facts]) -> bool:
    """Whether a first step is an action of the whole API, such as ``POST /search``."""
    if len(operations) != 1 or not is_verb(words):
        return False
    one = operations[0]
    verb = stated_verb(id_words(one.id, one.method, one.path), words)
    return one.method == "post" or (one.method == "get" and snake(words[:1]) == snake(verb))


class _Reading:
    """Knows which steps of all routes are resources, and which are methods of the one before."""

    def __init__(self, operations: Sequence[Facts], routes: Sequence[Route]) -> None:
        self._at: defaultdict[tuple[str, ...], dict[str, Facts]] = defaultdict(dict)
        self._below: defaultdict[tuple[str, ...], set[tuple[str, ...]]] = defaultdict(set)
        self._tags = {snake(split_words(one.tag)) for one in operations if one.tag}
        self._are_resources: dict[tuple[str, ...], bool] = {}
        for facts, route in zip(operations, routes, strict=True):
            steps = (*route.stages, *(step.lower() for step in route.steps))
            self._at[steps][facts.method] = facts
            for end in range(1, len(steps)):
                self._below[steps[:end]].add(steps)

    def resource(self, route: Route) -> tuple[Words, ...]:
        """The resource that a route leads to."""
        return self._split(route)[0]

    def places(self, facts: Facts, route: Route) -> list[Place]:
        """The place of an operation, and the one that it takes if that is a resource's."""
        resource, tail = self._split(route)
        plain = self._plain(facts, route)
        if not tail:
            if not resource:
                return [
                    Place(
                        (("root",),), _method_words(_ITEM_METHODS.get(facts.method, facts.method))
                    )
                ]
            return [Place(resource, self._with_verb(facts, resource[-1], plain))]
        method = self._tail_method(facts, route, resource, tail)
        return [Place(resource, method), Place((*resource, *tail), (plain,))]

    def _split(self, route: Route) -> tuple[tuple[Words, ...], tuple[Words, ...]]:
        """The words of the steps that are resources, and those of the steps that are a method."""
        steps = (*route.stages, *route.steps)
        resource: list[Words] = []
        tail: list[Words] = []
        for index, step in enumerate(steps):
            if step == PARAMETER:
                continue
            words = resource_words(step) or ("root",)
            if tail or not self._is_resource(steps[: index + 1], len(route.stages)):
                tail.append(split_words(step) or ("root",))
            else:
                resource.append(plural_of(words, self._tags))
        return tuple(resource), tuple(tail)

    def _is_resource(self, steps: tuple[str, ...], stages: int) -> bool:
        key = (*steps[:stages], *(step.lower() for step in steps[stages:]))
        if key not in self._are_resources:
            self._are_resources[key] = self._decide(key, split_words(steps[-1]), stages)
        return self._are_resources[key]

    def _decide(self, steps: tuple[str, ...], words: Words, stages: int) -> bool:
        """Whether a literal is a resource of its own, or a method of what stands before it."""
        methods, below = self._at.get(steps, {}), self._below.get(steps, set())
        if len(steps) <= stages:
            return True
        if all(step == PARAMETER for step in steps[stages:-1]):
            return bool(below) or not _acts_alone(words, list(methods.values()))
        if any(one[len(steps)] == PARAMETER for one in below):
            return bool(methods) or not self._acts_on_items(steps, words)
        if below:
            return not (is_verb(words) and methods)
        if "get" in methods and methods.keys() & _CHANGING:
            return True
        return not is_verb(words) and is_plural(words) and self._holds_many(methods)

    def _holds_many(self, methods: dict[str, Facts]) -> bool:
        return "post" in methods or ("get" in methods and methods["get"].holds_many)

    def _acts_on_items(self, steps: tuple[str, ...], words: Words) -> bool:
        """Whether a verb has its object behind it: ``/tools/attach/{tool_id}``."""
        below = self._below[steps]
        return is_verb(words) and all(
            len(one) == len(steps) + 1 and self._acts(self._at[one].keys(), words) for one in below
        )

    def _acts(self, methods: Set[str], verb: Words) -> bool:
        """Whether these HTTP methods do what a verb says: one that asks may be a GET."""
        return methods <= _CHANGING or (asks(verb) and methods <= {"get"})

    def _plain(self, facts: Facts, route: Route) -> str:
        """The method by the HTTP method alone: list, retrieve, create, update, replace, delete."""
        steps = (*route.stages, *(step.lower() for step in route.steps))
        beside, method = self._at[steps].keys(), facts.method
        if steps[-1:] == (PARAMETER,):
            is_replaced = method == "put" and "patch" in beside
            return "replace" if is_replaced else _ITEM_METHODS.get(method, method)
        items = self._at.get((*steps, PARAMETER), {})
        has_items = any(one[len(steps)] == PARAMETER for one in self._below.get(steps, ()))
        if method == "get":
            return "list" if self._is_list(facts, route, has_items) else "retrieve"
        if method == "put" and "post" in beside and has_items:
            return "replace"
        if method == "delete" and "delete" in items:
            return "delete_all"
        return _COLLECTION_METHODS.get(method, method)

    def _is_list(self, facts: Facts, route: Route, has_items: bool) -> bool:
        words = split_words(route.steps[-1]) if route.steps else ()
        names_many = is_plural(words)
        verb = stated_verb(id_words(facts.id, facts.method, facts.path), words)
        is_first = sum(step != PARAMETER for step in route.steps) == 1
        return (
            has_items
            or facts.answer == "list"
            or verb == ("list",)
            or (
                names_many and (facts.answer == "wrapped" or (is_first and facts.answer == "other"))
            )
        )

    def _with_verb(self, facts: Facts, thing: Words, plain: str) -> Words:
        """The plain method, or the verb of the operationId where that says more."""
        verb = stated_verb(id_words(facts.id, facts.method, facts.path), thing)
        if facts.method == "post" and plain == "create" and asks(verb):
            return ("list",) if facts.holds_many else ("retrieve",)
        if facts.method == "post" and plain == "update" and verb == ("create",):
            return verb
        return verb if is_specific(verb, plain) else split_words(plain)

    def _tail_method(
        self, facts: Facts, route: Route, resource: tuple[Words, ...], tail: tuple[Words, ...]
    ) -> Words:
        """The method that the last steps of a path are the name of."""
        words = tuple(word for step in tail for word in step)
        method = facts.method
        if is_verb(tail[-1]) or (is_verb(tail[0]) and len(tail) > 1):
            return words
        if route.steps[-1] == PARAMETER:
            return (_ITEM_METHODS.get(method, method), *words)
        about = tuple(word for step in (*resource[-1:], tail[-1]) for word in step)
        verb = stated_verb(id_words(facts.id, method, facts.path), about)
        is_new = not stems(verb) & stems(about)
        if method in ("post", "put") and is_new and is_specific(verb, "tail"):
            return (*verb, *words)
        return (*{"delete": ("delete",), "patch": ("update",)}.get(method, ()), *words)


Former: TypeAlias = "Sequence[tuple[tuple[ir.Words, ...], ir.FormerName]]"


def nest(
    operations: Sequence[ir.Operation],
    descriptions: Mapping[tuple[ir.Words, ...], str],
    mixins: Mapping[str, str],
    former: Former = (),
) -> tuple[ir.Resource, ...]:
    """The tree, siblings sorted by name; a resource without operations still holds its children.

    Methods on the client itself are those of the first, whose path is empty.

    ``mixins`` has its keys as ``dotted_path`` spells them; ``former`` are names that methods had.
    """
    grouped: dict[tuple[ir.Words, ...], list[ir.Operation]] = {}
    for path in [*(one.resource for one in operations), *(path for path, _ in former)]:
        for depth in range(1, len(path) + 1):
            grouped.setdefault(path[:depth], [])
        if not path:
            grouped.setdefault((), [])
    for operation in operations:
        grouped[operation.resource].append(operation)

    def build(path: tuple[ir.Words, ...]) -> ir.Resource:
        return ir.Resource(
            path=path,
            operations=tuple(grouped[path]),
            children=tuple(
                build(other) for other in sorted(grouped) if path and other[:-1] == path
            ),
            description=descriptions.get(path, ""),
            mixin=mixins.get(dotted_path(path), ""),
            former=tuple(name for place, name in former if place == path),
        )

    return tuple(build(path) for path in sorted(grouped) if len(path) < 2)


def spelled(names: Iterable[Words]) -> Spelled:
    """Names in one spelling, to be compared; as in places, `200` is the same as `n200`."""
    texts = map(snake, names)
    return tuple(text if text.isidentifier() else f"n{text}" for text in texts)


def step_words(step: str) -> Words:
    return tuple(word.lower() for word in split_words(step))
