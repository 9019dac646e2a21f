"""`--only`: the selected operations, and the subset of the API that they need.

The part is taken from the whole once everything is placed and named, so that it has the names that
the whole has.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from difflib import get_close_matches
from fnmatch import fnmatchcase

from specloom import ir
from specloom.errors import Problems
from specloom.ir.usage import UNREACHED, usage_of
from specloom.selection.reach import Endpoint


def select(
    endpoints: Sequence[Endpoint], selectors: Sequence[str], pointer: str, problems: Problems
) -> set[Endpoint]:
    """The endpoints that match any of `selectors`.

    A selector that begins with a slash is a pattern for paths (`fnmatch`: `*` goes over slashes);
    any other is a tag or an operationId. One that means nothing is noted at `pointer`.
    """
    candidates = [endpoint for endpoint in endpoints if not endpoint.is_webhook]
    chosen: set[Endpoint] = set()
    for selector in selectors:
        found = {endpoint for endpoint in candidates if _means(selector, endpoint)}
        if not found:
            message = f"--only {selector!r} selects no operation"
            hint = _suggestion(selector, candidates)
            problems.error("unmatched-selector", message, pointer, hint)
        chosen |= found
    return chosen


def _means(selector: str, endpoint: Endpoint) -> bool:
    if selector.startswith("/"):
        return fnmatchcase(endpoint.path, selector)
    return selector == endpoint.id or selector in endpoint.tags


def _suggestion(selector: str, candidates: Sequence[Endpoint]) -> str:
    tags = sorted({tag for endpoint in candidates for tag in endpoint.tags})
    ids = [endpoint.id for endpoint in candidates if endpoint.id]
    paths = [endpoint.path for endpoint in candidates]
    known = paths if selector.startswith("/") else [*tags, *ids]
    folded = {name.lower(): name for name in known}
    close = get_close_matches(selector.lower(), folded, 1)
    if close:
        return f"did you mean {folded[close[0]]!r}?"
    choice = f"; tags: {', '.join(tags[:10])}" if tags else ""
    return f"name a tag, an operationId, or a pattern of paths such as '/users/*'{choice}"


def restricted(api: ir.Api, is_chosen: Callable[[ir.Operation], bool]) -> ir.Api:
    """The API with only the selected operations and the types they use."""
    # A method that waits goes with the operation that it reads again.
    chosen = {one.pointer for one in api.operations() if is_chosen(one)}
    chosen_api = replace(api, resources=_chosen(api.resources, chosen))
    usage = usage_of(chosen_api)
    reached = {
        key
        for users in (usage.requests, usage.responses)
        for key, paths in users.items()
        if paths != {UNREACHED}
    }
    types = {key: one for key, one in api.types.items() if key in reached}
    return replace(chosen_api, types=types, webhooks=None)


def _chosen(resources: tuple[ir.Resource, ...], chosen: set[str]) -> tuple[ir.Resource, ...]:
    """The resources with the selected operations. Resources without any are removed."""
    left: list[ir.Resource] = []
    for resource in resources:
        operations = tuple(
            one if one.poll is None or one.poll.read in chosen else replace(one, poll=None)
            for one in resource.operations
            if one.pointer in chosen
        )
        children = _chosen(resource.children, chosen)
        former = tuple(one for one in resource.former if one.operation in chosen)
        if operations or children or former:
            smaller = replace(resource, operations=operations, children=children, former=former)
            left.append(smaller)
    return tuple(left)
