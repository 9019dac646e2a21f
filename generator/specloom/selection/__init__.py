"""`--allow-partial` and `--only`: generates the API without broken or unselected operations.

An error belongs to every operation that reaches its place. If the user allows it, specloom leaves
out these operations and the components that reach the place. An error that belongs to no operation
remains an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from specloom import ir
from specloom.description.document import Document
from specloom.description.hints import PREFIXES, StreamHint, ignored, stream_hint
from specloom.description.references import follow, reference_to, unread
from specloom.description.tree import (
    Token,
    Value,
    child,
    members,
    reference_in,
    split,
    step,
    uri_of,
)
from specloom.description.walk import FIELDS, METHODS, Visit, item_links, visits
from specloom.errors import Problem, Problems, SpecError
from specloom.options import BuildOptions
from specloom.selection.reach import Endpoint, Reach, endpoints, fields_of, select

_JSON = "application/json"


def as_hinted(document: Document) -> Document:
    """A copy of `document` without ignored operations, and with the streams from extensions."""
    if not any(prefix in one.text for one in document.sources.values() for prefix in PREFIXES):
        return document
    gone = ignored(document)
    return _with_streams(without(document, gone) if gone else document)


def _with_streams(document: Document) -> Document:
    found = list(_streams(document))
    if not found:
        return document
    copies = Copies(document)
    for pointer, hint in found:
        content = copies.down_to(*split(pointer))
        if isinstance(content, dict):
            media = content.pop(_JSON)
            schema = media.get("schema", {}) if isinstance(media, dict) else {}
            if hint.switch or "response-stream" in hint.schemas:
                content[_JSON] = {"schema": hint.schemas.get("response", schema)}
            content[hint.media_type] = {"schema": hint.schemas.get("response-stream", schema)}
    return copies.document()


def _streams(document: Document) -> Iterator[tuple[str, StreamHint]]:
    """The pointers of streams that are described as JSON only."""
    for visit in visits(document):
        hint = stream_hint(visit.value) if visit.kind == "operation" else None
        operation: Any = visit.value
        responses = operation.get("responses") if hint is not None else None
        for status, response in (responses.items() if isinstance(responses, dict) else ()):
            content = response.get("content") if isinstance(response, dict) else None
            is_json = isinstance(content, dict) and list(content) == [_JSON]
            if hint is not None and is_json and str(status).startswith("2"):
                yield child(visit.pointer, "responses", status, "content"), hint


def with_joined_items(document: Document) -> Document:
    """A copy of `document` in which path items with a `$ref` and own fields have both.

    OpenAPI 3.1 does not define fields beside a reference (Path Item Object). Here the own fields
    win over those of the target.
    """
    found = [visit for visit in visits(document) if _is_joined(visit)]
    copies = Copies(document)
    for visit in found:
        own, *others = item_links(document, visit)
        item = copies.down_to(*split(visit.pointer))
        if isinstance(item, dict) and others and reference_in(others[-1].value) is None:
            del item["$ref"]
            for other in others:
                _join(document, item, own.pointer, other)
    return copies.document() if found else document


def _is_joined(visit: Visit) -> bool:
    if visit.kind != "path-item" or not isinstance(visit.value, dict):
        return False
    return "$ref" in visit.value and not visit.value.keys().isdisjoint(FIELDS["path-item"])


def _join(document: Document, item: dict[str, Value], own: str, other: Visit) -> None:
    """Add to `item`, the path item at `own`, what it lacks of another one, by references."""
    for name, written in members(other.value):
        place, value = follow(document, child(other.pointer, name), written)
        here = item.get(str(name))
        there: dict[str, Value] = {
            str(key): _reference(child(place, key), own) for key, _ in members(value)
        }
        if name in METHODS:
            item.setdefault(str(name), _reference(place, own))
        elif name == "additionalOperations":
            item[name] = there | (here if isinstance(here, dict) else {})
        elif name == "parameters":
            known: list[Value] = here if isinstance(here, list) else [here] if here else []
            item[name] = [*known, *_others(document, own, known, list(there.values()))]
        elif name != "$ref":
            item.setdefault(str(name), value)


def _reference(pointer: str, base: str) -> Value:
    return {"$ref": reference_to(pointer, uri_of(base))}


def _others(document: Document, base: str, known: list[Value], added: list[Value]) -> list[Value]:
    """The parameters whose name and location no known parameter has."""

    def key(parameter: Value) -> tuple[Value, Value]:
        _, found = follow(document, base, parameter)
        return (found.get("name"), found.get("in")) if isinstance(found, dict) else (None, None)

    names = [key(one) for one in known]
    return [one for one in added if key(one) not in names]


@dataclass(frozen=True, slots=True)
class Selection:
    """The part of a description to generate.

    `document` is free of errors; `problems` concern this part, including the errors of left-out
    operations. `chosen` contains method and path of the selected operations; None if all are
    selected.
    """

    document: Document
    problems: Problems
    left_out: Mapping[Endpoint, list[Problem]] = field(
        default_factory=dict[Endpoint, list[Problem]]
    )
    chosen: frozenset[tuple[str, str]] | None = None

    def has(self, operation: ir.Operation) -> bool:
        """Whether an operation was selected."""
        return self.chosen is None or (operation.http_method, operation.path) in self.chosen

    def raise_if_empty(self) -> None:
        """Raise SpecError if no selected operation is left."""
        left = {(one.method, one.path) for one in endpoints(self.document) if one.method}
        if self.left_out and not (left if self.chosen is None else left & self.chosen):
            message = "every operation would have to be left out"
            self.problems.error("nothing-left", message, f"{self.document.entry}#")
            raise SpecError(self.problems)

    def as_warnings(self) -> Problems:
        """The problems as warnings, with one warning for each operation left out."""
        warnings = Problems()
        warnings.locator = self.problems.locator
        for problem in self.problems:
            is_error = problem.severity == "error"
            warnings.add(replace(problem, severity="warning") if is_error else problem)
        for endpoint, problems in self.left_out.items():
            reasons = _reasons(problems, lambda one: f"{one.code} at {warnings.place(one)}")
            message = f"{endpoint} is left out: {', '.join(reasons)}"
            warnings.warning("left-out", message, endpoint.pointer)
        return warnings

    def notes(self) -> tuple[ir.LeftOut, ...]:
        """The operations left out, for the SDK's docs, without file names of this machine."""
        return tuple(
            ir.LeftOut(str(endpoint), endpoint.pointer, tuple(_reasons(problems, _noted)))
            for endpoint, problems in self.left_out.items()
        )


_MOST_REASONS = 5
"""The number of reasons listed for one operation."""


def _reasons(problems: list[Problem], said: Callable[[Problem], str]) -> list[str]:
    more = len(problems) - _MOST_REASONS
    first = [said(problem) for problem in problems[:_MOST_REASONS]]
    return [*first, f"and {more} more"] if more > 0 else first


def _noted(problem: Problem) -> str:
    place = f" at {problem.pointer}" if problem.pointer else ""
    return f"{problem.message} ({problem.code}{place})"


def selection_of(document: Document, problems: Problems, options: BuildOptions) -> Selection:
    """The selected operations that can be generated.

    Without `allow_partial`, raises SpecError if an operation cannot be generated; with it, for
    errors that belong to no operation.
    """
    if problems.has_errors and not options.allow_partial:
        problems.advice = _advice(document, problems, options)
    if not options.only and not options.allow_partial:
        problems.raise_if_errors()
    if not options.only and not problems.has_errors:
        return Selection(document, problems)
    return _Selecting(document, problems, options).selection()


_MOST_ADVISED = 1000
"""The maximum number of errors with advice: each error needs a search for its operations."""


def _advice(document: Document, problems: Problems, options: BuildOptions) -> str:
    """The effect of `allow_partial` on errors; empty if it would not help."""
    if sum(problem.severity == "error" for problem in problems) > _MOST_ADVISED:
        return ""
    tried = Problems()
    tried.extend(problems)
    try:
        selection = selection_of(document, tried, replace(options, allow_partial=True))
        selection.raise_if_empty()
    except SpecError:
        return ""
    count = len(selection.left_out)
    if not count:
        return ""
    operations = "the operation that has errors" if count == 1 else f"the {count} operations"
    return f"--allow-partial generates without {operations}{' that have errors' * (count > 1)}"


class _Selecting:
    """Selects operations, and decides which errors stop the run."""

    def __init__(self, document: Document, problems: Problems, options: BuildOptions) -> None:
        self._document = document
        self._problems = problems
        self._options = options
        self._reach = Reach(document)
        self._endpoints = {one: self._reach.nodes(one) for one in endpoints(document)}
        self._components = dict(_components(document))

    def selection(self) -> Selection:
        """The operations to generate, and those left out."""
        chosen = self._chosen()
        concerning = self._concerning(chosen)
        broken: dict[Endpoint, list[Problem]] = {}
        gone: set[str] = set()
        for problem in self._problems:
            if problem.severity == "error":
                hit, components = self._users(problem)
                wanted = [one for one in hit if one in chosen]
                is_refused = wanted and not self._options.allow_partial
                if is_refused or not (hit or components or self._is_spare(problem)):
                    raise SpecError(concerning)
                for endpoint in wanted:
                    broken.setdefault(endpoint, []).append(problem)
                gone.update(components, self._places(hit))
        left_out = {one: broken[one] for one in self._endpoints if one in broken}
        keys = frozenset((one.method, one.path) for one in chosen) if self._options.only else None
        document = without(self._document, gone) if gone else self._document
        return Selection(document, concerning, left_out, keys)

    def _users(self, problem: Problem) -> tuple[list[Endpoint], list[str]]:
        """The endpoints that reach a problem's place, and the components that do."""
        users = self._reach.users(self._nodes_of(problem))
        hit = [one for one, nodes in self._endpoints.items() if users & nodes]
        return hit, [place for place, node in self._components.items() if node in users]

    def _is_spare(self, problem: Problem) -> bool:
        """Whether a problem belongs to an operation that no path refers to."""
        return problem.pointer.startswith(f"{self._document.entry}#/components/pathItems/")

    def _chosen(self) -> set[Endpoint]:
        if not self._options.only:
            return set(self._endpoints)
        pointer = f"{self._document.entry}#"
        webhooks = [one for one in self._endpoints if one.is_webhook]
        if webhooks:
            message = f"--only leaves out the webhooks ({len(webhooks)})"
            hint = "generate without --only for an SDK that reads webhooks"
            place = f"{pointer}/webhooks"
            self._problems.warning("webhooks-left-out", message, place, hint)
        return select(list(self._endpoints), self._options.only, pointer, self._problems)

    def _concerning(self, chosen: set[Endpoint]) -> Problems:
        """The problems of the selected endpoints, and those that belong to no endpoint."""
        if not self._options.only:
            return self._problems
        needed = self._reach.needs(node for one in chosen for node in self._endpoints[one])
        all_nodes = (node for nodes in self._endpoints.values() for node in nodes)
        others = self._reach.needs([*all_nodes, *self._components.values()])
        concerning = Problems()
        concerning.locator = self._problems.locator
        concerning.advice = self._problems.advice
        for problem in self._problems:
            nodes = self._nodes_of(problem)
            if nodes & needed or not nodes & others:
                concerning.add(problem)
        return concerning

    def _nodes_of(self, problem: Problem) -> set[int]:
        """The nodes of a problem; for an unreadable file, all references to it."""
        if problem.location is not None:
            files = self._document.sources.values()
            uris = (one.uri for one in files if one.file == problem.location.file)
            return set().union(*map(self._reach.lacking, uris))
        if problem.code in ("missing-file", "remote-ref"):
            ref = str(self._document.at(problem.pointer))
            return self._reach.lacking(unread(self._document, ref, problem.pointer) or "")
        node = self._reach.node(problem.pointer) if problem.pointer else None
        return set() if node is None else {node}

    def _places(self, hit: list[Endpoint]) -> Iterator[str]:
        """The pointers to remove with endpoints. A path without operations is removed too."""
        left = {one.entry for one in self._endpoints.keys() - hit}
        for endpoint in hit:
            yield endpoint.pointer
            if endpoint.entry not in left:
                yield endpoint.entry


def _components(document: Document) -> Iterator[tuple[str, int]]:
    """Pointers and `id`s of the components that an operation refers to."""
    for kind, _, _ in fields_of(document, "components"):
        for _, pointer, value in fields_of(document, "components", kind):
            if kind != "securitySchemes" and isinstance(value, dict | list):
                yield pointer, id(value)


def without(document: Document, pointers: Iterable[str]) -> Document:
    """A copy of `document` without the mapping keys in `pointers`."""
    copy = Copies(document)
    # Inner values come before outer ones.
    for pointer in sorted(set(pointers), reverse=True):
        uri, tokens = split(pointer)
        holder = copy.down_to(uri, tokens[:-1])
        if isinstance(holder, dict):
            holder.pop(tokens[-1], None)
    return copy.document()


@dataclass
class Copies:
    """Copies the path to the removed parts and shares everything else."""

    source: Document
    roots: dict[str, Value] = field(default_factory=dict[str, Value])
    copied: dict[int, Value] = field(default_factory=dict[int, Value])
    """Copies by the `id` of their originals."""
    own: set[int] = field(default_factory=set[int])

    def down_to(self, uri: str, tokens: list[str]) -> Value:
        """A copy of the value at a place, with copies of all its parents."""
        value = self.roots[uri] = self._own(self.roots.get(uri, self.source.root_of(uri)))
        for token in tokens:
            inner = self._own(step(value, token))
            if isinstance(value, dict):
                value[token] = inner
            elif isinstance(value, list):
                value[int(token)] = inner
            value = inner
        return value

    def document(self) -> Document:
        """The description with the copies."""
        sources = dict(self.source.sources)
        for uri, root in self.roots.items():
            sources[uri] = replace(sources[uri], root=root)
        root = self.roots.get(self.source.entry, self.source.root)
        return replace(self.source, sources=sources, root=root, origins=self._origins())

    def _own(self, value: Value) -> Value:
        if id(value) in self.own or not isinstance(value, dict | list):
            return value
        copy = value.copy()
        self.own.add(id(copy))
        self.copied[id(value)] = copy
        return copy

    def _origins(self) -> dict[tuple[int, Token], str]:
        """Give copies of containers the overlay origins of their values.

        A container has one copy: after an overlay no value is in two places.
        """
        return {
            (id(self.copied[container]) if container in self.copied else container, key): place
            for (container, key), place in self.source.origins.items()
        }
