"""The module of each type.

A model is in the module of the resource whose retrieve, list or create returns it, together with
the types that only it refers to. Types that several resources refer to are in their nearest common
resource, or in ``shared``. Types that would close an import cycle are in ``shared`` too. Types that
no operation uses are in ``others``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from specloom import ir
from specloom.ir.usage import (
    UNREACHED,
    ResourcePath,
    Usage,
    dependencies,
    refs_in,
    response_refs,
    results_of,
)
from specloom.naming.identifiers import KEYWORDS, module_name

SHARED = "shared"
OTHERS = "others"
PARAMS = "_params"
"""The suffix of modules of argument types."""

_SHARED: ResourcePath = ()
_RANKS: dict[ir.Words, int] = {("retrieve",): 0, ("list",): 1, ("create",): 2}
_NO_ANSWER = 3


def modules_of_params(usage: Usage) -> dict[str, str]:
    """Key of an argument type → its module, named after the resources that use it."""
    homes = ((key, _above(paths)) for key, paths in usage.requests.items())
    return {key: f"{types_module(home)}{PARAMS}" for key, home in homes}


def modules_of_models(api: ir.Api, usage: Usage) -> dict[str, str]:
    """Key of a response type → name of its module, without a dot."""
    keys = usage.responses.keys()
    mentions = {
        key: sorted(keys & set(dependencies(api.types[key], request=False))) for key in keys
    }
    homes = _homes(api, mentions)
    _without_circles(homes, mentions)
    return {key: types_module(homes[key]) for key in usage.responses}


@cache
def types_module(path: ResourcePath) -> str:
    """``(("threads",), ("runs",))`` → ``threads_runs``."""
    if path == UNREACHED:
        return OTHERS
    words: ir.Words = tuple(word for step in path for word in step)
    if not words:
        return SHARED
    # The arguments of a resource ``runs`` are in ``runs_params``, which may also be a resource.
    ending = ("types",) if words[-1].lower() == "params" else ()
    return module_name((*words, *ending), KEYWORDS | {SHARED, OTHERS})


def _homes(api: ir.Api, mentions: Mapping[str, Iterable[str]]) -> dict[str, ResourcePath]:
    """The resource of each type, before cycles are removed."""
    answers = _answers(api)
    homes = {key: answers[key] for key in mentions if key in answers}
    pending: list[tuple[str, ResourcePath]] = [
        (key, operation.resource)
        for operation in api.operations()
        for ref in response_refs(operation)
        for key in refs_in(ref)
    ]
    pending += [(other, home) for key, home in homes.items() for other in mentions[key]]
    # A type only ever moves up, so this ends.
    while pending:
        key, user = pending.pop()
        if key in answers:
            continue
        home = _above([homes.get(key, user), user])
        if homes.get(key) != home:
            homes[key] = home
            pending.extend((other, home) for other in mentions[key])
    return {key: homes.get(key, UNREACHED) for key in mentions}


def _answers(api: ir.Api) -> dict[str, ResourcePath]:
    """The result types of retrieve, list and create, with the resource of the method."""
    found: dict[str, dict[int, set[ResourcePath]]] = {}
    for operation in api.operations():
        rank = 1 if operation.pagination else _RANKS.get(operation.name, _NO_ANSWER)
        for key in _results(operation) if rank < _NO_ANSWER else ():
            found.setdefault(key, {}).setdefault(rank, set()).add(operation.resource)
    return {key: _closest(api.types[key], ranks[min(ranks)]) for key, ranks in found.items()}


def _results(operation: ir.Operation) -> Iterator[str]:
    """The types of the results of a call, and of the items of lists in them."""
    for content in results_of(operation):
        if content is not None:
            yield from refs_in(content.result)
    if operation.pagination is not None:
        yield from refs_in(operation.pagination.item_type)


def _closest(named: ir.NamedType, paths: set[ResourcePath]) -> ResourcePath:
    """The resource with the name of the type, else the closest common parent."""
    alike = [path for path in paths if path and _singular(path[-1]) == _singular(named.name)]
    return alike[0] if len(alike) == 1 else _above(paths)


def _singular(words: ir.Words) -> str:
    text = "".join(words).lower()
    return f"{text[:-3]}y" if text.endswith("ies") else text.removesuffix("s")


def _without_circles(homes: dict[str, ResourcePath], mentions: Mapping[str, Iterable[str]]) -> None:
    """Move types to ``shared`` if their modules would import each other in a cycle."""
    while circle := _circle(homes, mentions):
        steps = pairwise(circle)
        moved = [_mentioned_from(user, used, homes, mentions) for user, used in steps]
        for key in min((keys for keys in moved if keys), key=len):
            homes[key] = _SHARED


def _circle(
    homes: Mapping[str, ResourcePath], mentions: Mapping[str, Iterable[str]]
) -> list[ResourcePath]:
    """Resources whose types mention each other, the first one also last; empty without a cycle."""
    imports: dict[ResourcePath, set[ResourcePath]] = {}
    for key, others in mentions.items():
        imports.setdefault(homes[key], set()).update(map(homes.__getitem__, others))
    try:
        TopologicalSorter({one: sorted(imports[one] - {one}) for one in sorted(imports)}).prepare()
    except CycleError as error:
        circle: list[ResourcePath] = error.args[1]
        return circle[::-1]  # graphlib names predecessors first
    return []


def _mentioned_from(
    user: ResourcePath,
    used: ResourcePath,
    homes: Mapping[str, ResourcePath],
    mentions: Mapping[str, Iterable[str]],
) -> set[str]:
    """The types of one module that another mentions, with their dependencies in the module."""
    if used == _SHARED:
        return set()
    pending = [
        other
        for key, others in mentions.items()
        if homes[key] == user
        for other in others
        if homes[other] == used
    ]
    found: set[str] = set()
    while pending:
        key = pending.pop()
        if key not in found:
            found.add(key)
            pending.extend(other for other in mentions[key] if homes[other] == used)
    return found


def _above(paths: Iterable[ResourcePath]) -> ResourcePath:
    """The closest common parent of resources."""
    ordered = sorted(paths)
    first, last = ordered[0], ordered[-1]
    depth = 0
    while depth < min(len(first), len(last)) and first[depth] == last[depth]:
        depth += 1
    return first[:depth]
