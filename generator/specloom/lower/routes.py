"""Paths as routes: the steps that say what an operation is about, and whether it is a preview."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote

from specloom.ir.words import split_words
from specloom.lower.verbs import is_verb

_PARAMETER = re.compile(r"\{[^{}]*\}")
# `label{value}` (RFC 6570 labels) and `users('{id}')` (keys of OData): a thing and which one.
_KEYED = re.compile(r"([A-Za-z][\w-]*[A-Za-z])(?:\('?)?\{[^{}]*\}(?:'?\))?")
_FORMAT = re.compile(r"\.(?:json|\{[^{}]*\})$")  # `users.json`, `users.{format}`
_VERSION = re.compile(r"v\d+(?:[._-]\d+)*", re.IGNORECASE)
_PREVIEW = re.compile(r"(?:v\d+[\d._-]*)?(alpha|beta)\d*", re.IGNORECASE)
_PREFIX = re.compile(r"v\d[\w.-]*|api|apis|rest", re.IGNORECASE)
# `messages:batchCreate` (custom methods, AIP-136) and `files.list` (RPC by HTTP).
_CUSTOM_METHOD = re.compile(r"(.*[^:]):([A-Za-z]\w*)")
_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
_PREVIEW_QUERY = re.compile(r"(?:^|&)(alpha|beta)=true(?:&|$)", re.IGNORECASE)
_ALMOST_ALL = 0.9

PARAMETER = "{}"
"""What stands in a route for any step with a parameter."""


@dataclass(frozen=True, slots=True)
class Route:
    """The steps of a path: literals as the path has them, ``PARAMETER`` for the others.

    ``preview`` is ``alpha`` or ``beta`` where the path says so; ``version`` what the path begins
    with, such as ``v2``; ``stages`` are those of both that the SDK shows as resources.
    """

    steps: tuple[str, ...]
    preview: str = ""
    version: str = ""
    stages: tuple[str, ...] = ()


def routes_of(paths: Iterable[str]) -> list[Route]:
    """A route for each path, without what nearly all of them begin with."""
    routes = [_without_prefix(_route(path)) for path in paths]
    while (shared := _shared_start(routes)) is not None:
        routes = [
            replace(route, steps=route.steps[1:]) if route.steps[:1] == (shared,) else route
            for route in routes
        ]
    return routes


def segments_of(path: str) -> list[str]:
    """The segments of a path as people read them, without those that are empty."""
    return [_decoded(segment) for segment in path.split("/") if segment]


def _decoded(segment: str) -> str:
    """A segment without percent-encoding, unless that changes where it ends or is a parameter."""
    text = unquote(segment) if "%" in segment else segment
    return segment if set("/{}") & (set(text) - set(segment)) else text


def is_parameter(segment: str) -> bool:
    """Whether a segment of a path is one parameter and nothing else."""
    return _PARAMETER.fullmatch(segment) is not None


def _route(path: str) -> Route:
    path, _, query = path.partition("#")[0].partition("?")
    preview = _PREVIEW_QUERY.search(query)
    steps = [step for segment in segments_of(path) for step in _steps(segment)]
    return Route(tuple(steps), preview[1].lower() if preview else "")


def _steps(segment: str) -> list[str]:
    segment = _FORMAT.sub("", segment) or segment
    custom = _CUSTOM_METHOD.fullmatch(segment)
    if custom is not None:
        return [*_steps(custom[1]), custom[2]]
    keyed = _KEYED.fullmatch(segment)
    if keyed is not None and split_words(keyed[1])[-1].lower() != "v":  # `api-v{version}`
        return [keyed[1], PARAMETER]
    if _PARAMETER.search(segment):
        return [PARAMETER]
    return segment.split(".") if _DOTTED.fullmatch(segment) else [segment]


def _without_prefix(route: Route) -> Route:
    """Leading ``api`` and version segments say nothing about the resource."""
    steps = route.steps
    while len(steps) > 1 and (_PREFIX.fullmatch(steps[0]) or _PREVIEW.fullmatch(steps[0])):
        preview = _PREVIEW.fullmatch(steps[0])
        version = steps[0].lower() if _VERSION.fullmatch(steps[0]) else route.version
        route = Route(steps[1:], preview[1].lower() if preview else route.preview, version)
        steps = route.steps
    return route


def _shared_start(routes: Sequence[Route]) -> str | None:
    """A first step that nearly all routes have, and that is no resource itself."""
    counted = Counter(route.steps[0] for route in routes if route.steps)
    if not counted:
        return None
    start, count = max(counted.items(), key=lambda one: (one[1], one[0]))
    if start == PARAMETER or count < _ALMOST_ALL * len(routes):
        return None
    below = [route.steps[1:] for route in routes if route.steps[:1] == (start,)]
    is_idle = all(map(_begins_with_resource, below)) and len({rest[0] for rest in below}) > 1
    return start if is_idle else None


def _begins_with_resource(steps: Sequence[str]) -> bool:
    """Whether steps begin with a thing, and not with what is done to the step before them."""
    if not steps or steps[0] == PARAMETER:
        return False
    return len(steps) > 1 or not is_verb(split_words(steps[0]))
