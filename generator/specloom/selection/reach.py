"""The operations that each place in the description belongs to, through references.

Values are identified by `id`, not by pointer: the value of a YAML alias is one object with several
pointers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import partial

from specloom import ir
from specloom.description.document import Document
from specloom.description.references import find_or_none, follow, unread
from specloom.description.tree import Value, child, escape, members, reference_in, split, step
from specloom.description.walk import METHODS, Visit, chained, inside, mapped_references, visits
from specloom.errors import Problems
from specloom.ir.usage import UNREACHED, usage_of


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An operation of `paths`, or of `webhooks` where `path` is the webhook's name.

    `pointer` is its place, `entry` the key of `paths` (or `webhooks`) above it. The two differ if
    the path item is a reference. A path whose reference has no target is an endpoint without a
    method; its `pointer` is its `entry`.
    """

    method: str
    path: str
    pointer: str
    entry: str
    id: str = ""
    tags: tuple[str, ...] = ()
    is_webhook: bool = False

    def __str__(self) -> str:
        name = f"{self.method} {self.path}".strip()
        name = f"webhook {name}" if self.is_webhook else name
        return f"{name} ({self.id})" if self.id else name


def endpoints(document: Document) -> Iterator[Endpoint]:
    """Every endpoint of the description, in its order."""
    for key in ("paths", "webhooks"):
        for path, entry, item in fields_of(document, key):
            found, value = follow(document, entry, item)
            yield from _endpoints_in(document, path, entry, Visit("path-item", found, value), key)


def fields_of(document: Document, *keys: str) -> Iterator[tuple[str, str, Value]]:
    """Names, places and values of a mapping of the description, by its keys.

    A mapping that is a reference also has the keys of its target.
    """
    find = partial(find_or_none, document)
    found: list[tuple[str, Value]] = [(f"{document.entry}#", document.root)]
    for key in keys:
        found = [
            one
            for pointer, value in found
            if isinstance(value, dict) and key in value
            for one in chained(child(pointer, key), value[key], find)
        ]
    for pointer, value in found:
        for name, inner in members(value):
            if not str(name).startswith("x-") and not (name == "$ref" and isinstance(inner, str)):
                yield str(name), child(pointer, name), inner


def _endpoints_in(
    document: Document, path: str, entry: str, item: Visit, key: str
) -> Iterator[Endpoint]:
    fields = item.fields
    is_webhook = key == "webhooks"
    if not fields or isinstance(fields.get("$ref"), str):
        yield Endpoint("", path, entry, entry, is_webhook=is_webhook)
    operations = [(name, child(item.pointer, name), fields.get(name)) for name in METHODS]
    place = child(item.pointer, "additionalOperations")
    others, more = follow(document, place, fields.get("additionalOperations"))
    operations += [(str(name), child(others, name), one) for name, one in members(more)]
    for name, place, operation in operations:
        if isinstance(operation, dict):
            _, value = follow(document, place, operation)
            said = value if isinstance(value, dict) else operation
            given, tags = said.get("operationId"), said.get("tags")
            yield Endpoint(
                name.upper(),
                path,
                place,
                entry,
                given if isinstance(given, str) else "",
                tuple(tag for _, tag in members(tags) if isinstance(tag, str)),
                is_webhook,
            )


class Reach:
    """The description as a graph: the parts and the references of each value.

    An operation needs its path item, for the parameters there. A path item does not need its
    operations, so an error in one of them does not affect the others. A reference into a component
    needs the whole component: components are kept or left out as a whole.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._needs: dict[int, set[int]] = {}
        self._needed_by: dict[int, set[int]] = {}
        self._lost: dict[str, set[int]] = {}
        for visit in visits(document):
            self._needs.setdefault(id(visit.value), set())
            ref = reference_in(visit.value)
            uri = unread(document, ref, visit.pointer) if ref is not None else None
            if uri is not None:
                self._lost.setdefault(uri, set()).add(id(visit.value))
            for user, used in self._edges(visit):
                self._needs.setdefault(id(user), set()).add(id(used))
                self._needed_by.setdefault(id(used), set()).add(id(user))

    def node(self, pointer: str) -> int | None:
        """The innermost node of the graph at or around a place; None outside the description."""
        uri, tokens = split(pointer)
        if uri != self._document.entry and uri not in self._document.sources:
            return None
        value = self._document.root_of(uri)
        found = id(value) if id(value) in self._needs else None
        for token in tokens:
            try:
                value = step(value, token)
            except KeyError:
                break
            found = (
                id(value) if isinstance(value, dict | list) and id(value) in self._needs else found
            )
        return found

    def lacking(self, uri: str) -> set[int]:
        """The references to a file that could not be read."""
        return self._lost.get(uri, set())

    def nodes(self, endpoint: Endpoint) -> frozenset[int]:
        """The nodes of an endpoint: the operation, and the keys above it."""
        places = (endpoint.pointer, endpoint.entry)
        return frozenset(id(self._document.at(place)) for place in places)

    def users(self, nodes: Iterable[int]) -> set[int]:
        """`nodes` and everything that needs one of them."""
        return _closure(nodes, self._needed_by)

    def needs(self, nodes: Iterable[int]) -> set[int]:
        """`nodes` and everything that they need."""
        return _closure(nodes, self._needs)

    def _edges(self, visit: Visit) -> Iterator[tuple[Value, Value]]:
        """The edges of the graph from one visit; only mappings and lists are nodes."""
        for inner in self._inside(visit):
            if not isinstance(inner.value, dict | list):
                continue
            if visit.kind == "path-item" and inner.kind == "operation":
                yield inner.value, visit.value
            else:
                yield visit.value, inner.value
                yield from (
                    (visit.value, one) for one in self._around(visit.pointer, inner.pointer)
                )
            if visit.kind == "callback":
                pointer, item = follow(self._document, inner.pointer, inner.value)
                for operation in self._inside(Visit("path-item", pointer, item)):
                    yield visit.value, operation.value

    def _around(self, user: str, target: str) -> Iterator[Value]:
        """The component that contains `target`, unless it contains `user` too."""
        start = f"{self._document.entry}#/components/"
        kind, _, rest = target.removeprefix(start).partition("/")
        name, _, middle = rest.partition("/")
        component = f"{start}{kind}/{name}"
        if target.startswith(start) and middle and not user.startswith(f"{component}/"):
            yield self._document.at(component)

    def _inside(self, visit: Visit) -> Iterator[Visit]:
        yield from inside(visit, self._find)
        if visit.kind == "discriminator":
            for pointer, target in mapped_references(visit.pointer, visit.value):
                name = f"#/components/schemas/{escape(target)}"
                found = self._find(target, pointer) or self._find(name, self._document.entry)
                if found:
                    yield Visit("schema", *found)

    def _find(self, ref: str, pointer: str) -> tuple[str, Value] | None:
        return find_or_none(self._document, ref, pointer)


def _closure(start: Iterable[int], edges: Mapping[int, set[int]]) -> set[int]:
    found: set[int] = set()
    pending = list(start)
    while pending:
        node = pending.pop()
        if node not in found:
            found.add(node)
            pending.extend(edges.get(node, ()))
    return found


def select(
    endpoints: Sequence[Endpoint], selectors: Sequence[str], pointer: str, problems: Problems
) -> set[Endpoint]:
    """The endpoints that match any of `selectors`.

    A selector that begins with a slash is a pattern for paths (`fnmatch`: `*` goes over slashes);
    any other is a tag or an operationId. A selector without a match is an error at `pointer`.
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
    # A polling method needs the operation that reads the state.
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
