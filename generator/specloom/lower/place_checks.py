"""Checks of places (too deep, shared by two operations, of one thing), further names, the tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from specloom import ir
from specloom.description.node import sdk_extension
from specloom.description.tree import child
from specloom.ir import Words
from specloom.ir.words import dotted_path, snake, split_words
from specloom.lower.places import Place
from specloom.lower.placing import spelled, step_words

if TYPE_CHECKING:
    from specloom.errors import Problems
    from specloom.lower.endpoints import Endpoint

MAX_RESOURCE_DEPTH = 20
"""The maximum number of steps of an attribute path: each is a folder, and paths have 4096 bytes."""

Former = list[tuple[tuple[Words, ...], ir.FormerName]]


def names_beside(
    endpoints: Sequence[Endpoint], places: Sequence[Place], former: Former, problems: Problems
) -> Former:
    """The further names of methods: aliases and former names, each with its resource.

    Invalid ones are reported.
    """
    _refuse_depth(endpoints, places, problems)
    _refuse_clashes(endpoints, places, problems)
    aliases = _aliases(endpoints, places, problems)
    known = {_spelled_name(*one) for one in aliases}
    return [*aliases, *(one for one in former if _spelled_name(*one) not in known)]


def _refuse_depth(
    endpoints: Sequence[Endpoint], places: Sequence[Place], problems: Problems
) -> None:
    """Raise SpecError if a resource is nested too deeply for a file path."""
    for endpoint, one in zip(endpoints, places, strict=True):
        if len(one.resource) > MAX_RESOURCE_DEPTH:
            message = f"its resource would have more than {MAX_RESOURCE_DEPTH} steps"
            hint = "add\n  x-sdk:\n    resource: another.place"
            problems.error("too-deep", message, endpoint.pointer, hint)
    problems.raise_if_errors()


def _spelled_name(resource: tuple[Words, ...], name: ir.FormerName) -> tuple[str, ...]:
    return spelled((*resource, name.name))


def _aliases(endpoints: Sequence[Endpoint], places: Sequence[Place], problems: Problems) -> Former:
    """The aliases that x-sdk gives to operations; a taken one is an error."""
    found: Former = []
    holders = {
        spelled((*one.resource, one.method)): f"{endpoint.http_method} {endpoint.path}"
        for endpoint, one in zip(endpoints, places, strict=True)
    }
    resources = _resources(places)
    for endpoint in endpoints:
        for index, address in enumerate(sdk_extension(endpoint.operation).get("aliases") or ()):
            *steps, method = address.split(".")
            resource = tuple(map(step_words, steps))
            name = ir.FormerName(split_words(method), endpoint.pointer, since="")
            key = _spelled_name(resource, name)
            above = (holders[key[:end]] for end in range(1, len(key) + 1) if key[:end] in holders)
            other = "a resource" if key in resources else next(above, None)
            if other is None:
                holders[key] = f"{endpoint.http_method} {endpoint.path}"
                found.append((resource, name))
            else:
                pointer = child(endpoint.pointer, "x-sdk", "aliases", index)
                message = f"client.{address} is already {other}, or below it"
                problems.error("surface-clash", message, pointer, "choose another name")
    return found


def _resources(places: Sequence[Place]) -> set[tuple[str, ...]]:
    return {
        spelled(one.resource[:depth]) for one in places for depth in range(1, len(one.resource) + 1)
    }


def _refuse_clashes(
    endpoints: Sequence[Endpoint], places: Sequence[Place], problems: Problems
) -> None:
    """Report a name that x-sdk gives to two operations, or to an operation and a resource."""
    resources = _resources(places)
    taken: dict[tuple[str, ...], Endpoint] = {}
    for endpoint, one in zip(endpoints, places, strict=True):
        if not sdk_extension(endpoint.operation).get("method"):
            continue
        name = spelled((*one.resource, one.method))
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


def nest(
    operations: Sequence[ir.Operation],
    descriptions: Mapping[tuple[ir.Words, ...], str],
    mixins: Mapping[str, str],
    former: Sequence[tuple[tuple[Words, ...], ir.FormerName]] = (),
) -> tuple[ir.Resource, ...]:
    """The tree of resources, siblings sorted by name, including resources without operations.

    The methods of the client itself belong to the first resource, whose path is empty. ``mixins``
    has keys in the form of ``dotted_path``; ``former`` are former names of methods.
    """
    grouped: dict[tuple[ir.Words, ...], list[ir.Operation]] = {}
    for path in [*(one.resource for one in operations), *(path for path, _ in former)]:
        for depth in range(1, len(path) + 1):
            grouped.setdefault(path[:depth], [])
        if not path:
            grouped.setdefault((), [])
    for operation in operations:
        grouped[operation.resource].append(operation)

    children: dict[tuple[ir.Words, ...], list[tuple[ir.Words, ...]]] = {}
    for path in sorted(grouped):
        children.setdefault(path[:-1], []).append(path)

    def build(path: tuple[ir.Words, ...]) -> ir.Resource:
        return ir.Resource(
            path=path,
            operations=tuple(grouped[path]),
            children=tuple(map(build, children.get(path, ()))) if path else (),
            description=descriptions.get(path, ""),
            mixin=mixins.get(dotted_path(path), ""),
            former=tuple(name for place, name in former if place == path),
        )

    return tuple(build(path) for path in sorted(grouped) if len(path) < 2)


_READING = ("fetch", "get", "read", "retrieve")


def reads_one(operation: ir.Operation) -> bool:
    """Whether an operation returns one thing, judging by its path and its name.

    A list within that thing does not continue: ``GET /sessions/{id}``.
    """
    return operation.path.rstrip("/").endswith("}") and snake(operation.name) in _READING
