"""The place of an operation in the SDK: its resource and its method name.

The default reading follows the path; operationId and tag are further evidence. All operations are
read together, because the role of a step depends on its neighbours.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from typing import Literal

from specloom.ir import Words
from specloom.ir.words import is_plural, one_of_many, readable_start, snake, split_words
from specloom.lower.routes import (
    ACTION,
    PARAMETER,
    Route,
    asks,
    from_verb,
    id_words,
    is_parameter,
    is_plain,
    is_specific,
    is_verb,
    item_method,
    later_versions,
    plural_of,
    routes_of,
    segments_of,
    shared_steps,
    stated_verb,
    stems,
    steps_of_id,
)

Answer = Literal["list", "wrapped", "object", "other"]
"""The result of a success: an array, an object around one array, another object, or other."""

_COLLECTION_METHODS = {"post": "create", "put": "update", "patch": "update", "delete": "delete"}
_CHANGING = frozenset(("post", "put", "patch", "delete"))
_PREPOSITIONS = frozenset("by for from in of on to via with".split())
_IDLE = _PREPOSITIONS | frozenset("all collection controller find index list many".split())
_WRITES = ("post", "put", "patch")
_IDS = frozenset("id Id ID IDs".split())
_GETTING = frozenset("describe fetch get read retrieve".split())


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
    deprecated: bool = False
    pages: bool = False  # a query parameter asks for a further page

    @property
    def words(self) -> Words:
        """The words of the operationId."""
        return id_words(self.id, self.method, self.path)

    @property
    def holds_many(self) -> bool:
        """Whether a success contains a list, as far as the description tells."""
        return self.answer in ("list", "wrapped")


def read_places(operations: Sequence[Facts]) -> list[list[Place]]:
    """The possible places of every operation, the best one first."""
    routes = _with_stages(operations, routes_of([one.path for one in operations]))
    reading = _Reading(operations, routes)
    shared = shared_steps([one.id for one in operations])
    found: list[list[Place]] = []
    best: dict[tuple[str, str], Place] = {}
    for facts, route in zip(operations, routes, strict=True):
        read = reading.places(facts, route)
        places = [*read, *_by_id(facts, reading.split(route)[0], read[0])]
        steps = steps_of_id(facts.id)
        if shared is not None and steps:
            places.insert(0, _stated_place(steps[shared:]))
        found.append(list(dict.fromkeys(map(_readable, places))))
        best[facts.method, facts.path] = found[-1][0]
    for facts, places in zip(operations, found, strict=True):
        path, _, mark = facts.path.partition("#")
        plain = best.get((facts.method, path)) if mark and "=" not in mark else None
        if plain is not None:  # `POST /chats#stream` is `chats.create_stream`
            words = split_words(mark)
            is_action = is_verb(words) and len(words) > 1 and mark in facts.id
            places.insert(0, Place(plain.resource, words if is_action else plain.method + words))
    return found


def _readable(place: Place) -> Place:
    return Place(place.resource, readable_start(place.method))


def resource_words(name: str) -> Words:
    """The words of a resource's name. None begins with a digit: `200` is the same as `n200`."""
    return readable_start(split_words(name))


def operation_words(operation_id: str | None, method: str, path: str) -> Words:
    """The words of an operation: its id without the suffixes of frameworks, or the path."""
    words = id_words(operation_id, method, path) if operation_id else ()
    return words or (*_method_words(method), *_path_words(path))


def _method_words(method: str) -> Words:
    """The words of an HTTP method; in additionalOperations it is any text."""
    return split_words(method) or ("call",)


def _path_words(path: str) -> Words:
    words: list[str] = []
    for segment in segments_of(path):
        words += ["by", *split_words(segment)] if is_parameter(segment) else split_words(segment)
    return tuple(words)


def _stated_place(stated: Sequence[str]) -> Place:
    *steps, method = stated
    return Place(tuple(resource_words(step) or ("root",) for step in steps), split_words(method))


def _by_id(facts: Facts, resource: tuple[Words, ...], best: Place) -> list[Place]:
    """Names by the operationId, by ``best`` with its object, and by the path, for clashes."""
    owner = resource or best.resource
    words = from_verb(facts.words)
    left = without(words, _joined(owner))
    is_plain = facts.method in _WRITES and snake(left[:1]) == facts.method
    if is_plain and len(best.method) == 1 and (not left[1:] or left[1].lower() in _PREPOSITIONS):
        left = (*best.method, *left[1:])
    short = left[:-1] if left and left[-1].lower() in _PREPOSITIONS else left
    whole = operation_words(None, facts.method, facts.path)
    thing = owner[-1] if owner else ()
    about = (*best.method, *(thing if best.method == ("list",) else one_of_many(thing)))
    methods = (short, left, about, words, whole) if is_plain else (short, left, words, about, whole)
    return [Place(owner, one) for one in methods if one and not _IDS.issuperset(one[1:] or "-")]


def without(words: Words, others: Words) -> Words:
    """Words without those of others: ``delete_browsers_by_id`` of browsers is ``delete_by_id``."""
    known = stems(others)
    left: list[str] = []
    follows_gap = False
    for word in words:
        is_known = bool(stems((word,)) & known)
        if not is_known:
            if follows_gap and left and {left[-1].lower(), word.lower()} <= _PREPOSITIONS:
                left.pop()  # its object is left out
            left.append(word)
        follows_gap = is_known
    return tuple(left) if left and len(left) < len(words) else words


def _with_stages(operations: Sequence[Facts], routes: Sequence[Route]) -> list[Route]:
    """Routes with previews as first steps; with versions too if another version has the names."""
    pairs = zip(operations, routes, strict=True)
    later = later_versions((one.method, route, one.deprecated) for one, route in pairs)
    return [
        replace(route, stages=tuple(stage for stage in (route.preview, version) if stage))
        for route in routes
        for version in (route.version if (route.version, route.steps[:1]) in later else "",)
    ]


def _is_stated(facts: Facts) -> bool:
    """Whether the last step is the operationId, with a verb: ``streamed-list-objects``."""
    words = split_words(segments_of(facts.path)[-1])
    stated = facts.words
    return snake(words) == snake(stated) and any(is_verb((word,)) for word in words)


def _names_one(stated: Words, thing: Words) -> bool:
    """Whether an operationId is about one other thing: ``getAppsGroup`` of ``apps``."""
    known, verb = stems(thing), stated_verb(stated, thing)
    left = [word.lower() for word in stated if not stems((word,)) & known]
    others = left[len(verb) :] if left[: len(verb)] == list(verb) else []
    is_idle = not _IDLE.isdisjoint(others) or any(word[-1:].isdigit() for word in others)
    return bool(others) and not is_idle and not is_plural(tuple(others))


def _joined(steps: Iterable[Words]) -> Words:
    return tuple(word for step in steps for word in step)


def _verb_first(words: Words, stated: Words) -> Words:
    """``playback_start`` as ``start_playback``, if the operationId has these words in this order.

    Their forms are those of the operationId: ``PauseCallRecording`` for ``record_pause``.
    """
    lowered = [word.lower() for word in stated]
    verb, others = words[-1].lower(), words[:-1]
    if not others or verb not in lowered or not is_verb((verb,)):
        return ()
    after = lowered[lowered.index(verb) + 1 :]
    found = [next((one for one in after if one.startswith(w.lower())), "") for w in others]
    return (verb, *found) if all(found) else ()


def _acts_alone(words: Words, operations: Sequence[Facts]) -> bool:
    """Whether a first step is an action of the whole API, such as ``POST /search``."""
    if len(operations) != 1 or not is_verb(words):
        return False
    one = operations[0]
    verb = stated_verb(id_words(one.id, one.method, one.path), words)
    if one.method == "delete":
        return is_plain(words[:1], "delete")
    return one.method in _CHANGING or (one.method == "get" and snake(words[:1]) == snake(verb))


class _Reading:
    """Knows which steps of all routes are resources, and which are methods of the step before."""

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

    def places(self, facts: Facts, route: Route) -> list[Place]:
        """The place of an operation, and its alternative if a resource has that place."""
        resource, tail = self.split(route)
        plain = self._plain(facts, route)
        if not tail:
            if not resource:
                return [Place((("root",),), _method_words(item_method(facts.method)))]
            return [Place(resource, self._with_verb(facts, resource, plain))]
        method = self._tail_method(facts, route, resource, tail)
        return [Place(resource, method), Place((*resource, *tail), (plain,))]

    def split(self, route: Route) -> tuple[tuple[Words, ...], tuple[Words, ...]]:
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
        """Whether a literal is a resource of its own, or a method of the step before it."""
        methods, below = self._at.get(steps, {}), self._below.get(steps, set())
        if len(steps) <= stages or steps[-1].startswith(ACTION):
            return len(steps) <= stages
        if all(step == PARAMETER for step in steps[stages:-1]):
            return bool(below) or not _acts_alone(words, list(methods.values()))
        if words[:1] == ("by",) and all(len(one) < len(steps) + 3 for one in below):
            return False  # `/users/by/name/{name}`
        if any(one[len(steps)] == PARAMETER for one in below):
            return bool(methods) or not self._acts_on_items(steps, words)
        if below:
            return not (is_verb(words) and methods)
        if "get" in methods and methods.keys() & _CHANGING:
            return True
        return not is_verb(words) and is_plural(words) and self._holds_many(methods)

    def _holds_many(self, methods: dict[str, Facts]) -> bool:
        if methods.keys() == {"post"}:
            return not _is_stated(methods["post"])
        return "post" in methods or ("get" in methods and methods["get"].holds_many)

    def _acts_on_items(self, steps: tuple[str, ...], words: Words) -> bool:
        """Whether the object of a verb follows it: ``/tools/attach/{tool_id}``."""
        below = self._below[steps]
        return is_verb(words) and all(
            len(one) == len(steps) + 1 and self._acts(self._at[one].keys(), words) for one in below
        )

    def _acts(self, methods: Set[str], verb: Words) -> bool:
        """Whether these HTTP methods fit a verb: one that asks may be a GET."""
        return methods <= _CHANGING or (asks(verb[:1]) and methods <= {"get"})

    def _plain(self, facts: Facts, route: Route) -> str:
        """The plain method of an HTTP method: list, retrieve, create, update, replace, delete."""
        steps = (*route.stages, *(step.lower() for step in route.steps))
        beside, method, listed = self._at[steps].keys(), facts.method, self._at[steps].get("get")
        if steps[-1:] == (PARAMETER,):
            of_list = {"get": "list", "post": "create"}
            if method in of_list and listed and self._lists_items_of(listed, steps):
                return of_list[method]
            return item_method(method, beside)
        items = self._at.get((*steps, PARAMETER), {})
        has_items = any(one[len(steps)] == PARAMETER for one in self._below.get(steps, ()))
        if method == "get":
            return "list" if self._is_list(facts, route, has_items) else "retrieve"
        is_replaced = method == "put" and ("patch" in beside or ("post" in beside and has_items))
        plain = "replace" if is_replaced else _COLLECTION_METHODS.get(method, method)
        if method not in items or method not in _COLLECTION_METHODS or method == "post":
            return plain
        is_bulk = "bulk" in map(str.lower, facts.words)
        if method == "delete" and not is_bulk:
            return "delete_all"
        names_many = bool(steps) and is_plural(split_words(steps[-1]))
        holds_many = names_many or (listed is not None and listed.holds_many)
        return f"bulk_{item_method(method, items)}" if is_bulk or holds_many else plain

    def _lists_items_of(self, facts: Facts, steps: tuple[str, ...]) -> bool:
        """Whether the last parameter owns the listed items: ``/files/{folder}/{file}``."""
        has_items = any(one[len(steps)] == PARAMETER for one in self._below.get(steps, ()))
        if "get" in self._at.get(steps[:-1], {}):
            return has_items and facts.answer == "list"
        states_list = facts.words[:1] in (("list",), ("List",))
        literal = next((step for step in reversed(steps) if step != PARAMETER), "")
        return facts.holds_many and is_plural(split_words(literal)) and (has_items or states_list)

    def _is_list(self, facts: Facts, route: Route, has_items: bool) -> bool:
        words = split_words(route.steps[-1]) if route.steps else ()
        names_many = is_plural(words)
        words_of_id = facts.words
        verb = stated_verb(words_of_id, words)
        is_first = sum(step != PARAMETER for step in route.steps) == 1
        is_one = facts.answer == "object" and not (names_many or is_plural(words_of_id))
        if is_one and (not facts.id or snake(verb) in _GETTING):
            return False
        is_wrapped, is_unknown = facts.answer == "wrapped", facts.answer == "other"
        holds_many = facts.answer == "list" or (facts.pages and is_wrapped)
        is_first = is_first and not _names_one(words_of_id, words)
        is_named_so = names_many and (is_wrapped or (is_first and is_unknown))
        return has_items or holds_many or verb == ("list",) or is_named_so

    def _with_verb(self, facts: Facts, resource: tuple[Words, ...], plain: str) -> Words:
        """The plain method, or the verb of the operationId if that is more specific."""
        *owners, thing = resource
        words = facts.words
        verb = stated_verb(words, thing)
        if stems(verb) & stems(_joined(owners)):  # `loadBalancers_add_droplets`
            own = stated_verb(without(words, _joined(owners)), thing)
            verb = verb if not own and snake(words[:1]) == snake(verb) else own
        if facts.method == "post" and plain == "create" and asks(verb):
            return ("list",) if facts.holds_many else ("retrieve",)
        if facts.method == "post" and plain == "update" and verb == ("create",):
            return verb
        return verb if is_specific(verb, plain) else split_words(plain)

    def _tail_method(
        self, facts: Facts, route: Route, resource: tuple[Words, ...], tail: tuple[Words, ...]
    ) -> Words:
        """The method named after the last steps of a path."""
        words = _joined(tail)
        method = facts.method
        undone = re.escape(snake(words))
        stated = snake(facts.words)
        if method == "delete" and re.search(rf"(?:^|_)un_?{undone}(?:_|$)", stated):
            return (f"un{snake(words)}",)
        if words == ("by",) and facts.id:
            return without(facts.words, _joined(resource))
        if words[0] == "by":
            is_many = method == "get" and facts.holds_many
            return ("list" if is_many else item_method(method), *words)
        in_order = _verb_first(words, facts.words)
        if in_order and method != "get":
            return in_order
        if is_verb(tail[-1]) or (is_verb(tail[0]) and len(tail) > 1):
            return words
        if route.steps[-1] == PARAMETER:
            return (item_method(method), *words)
        about = _joined((*resource[-1:], tail[-1]))
        verb = stated_verb(facts.words, about)
        known = _joined((*filter(is_plural, resource), about))
        is_new = not stems(verb) & stems(known)
        if method in ("post", "put") and is_new and is_specific(verb, "tail"):
            return (*({"put": ("update",)}.get(snake(verb), verb)), *words)
        return (*{"delete": ("delete",), "patch": ("update",)}.get(method, ()), *words)
