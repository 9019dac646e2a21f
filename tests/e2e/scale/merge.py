"""Merges several descriptions into one. Equal portions give an equal description."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from e2e.corpus.raw import METHODS, Values
from e2e.scale.renaming import Renaming, free, unescape
from e2e.scale.sources import Portion, endpoints

PACKAGE = "scale_sdk"
CLIENT = "Scale"

_Component = tuple[str, str]
"""Kind and name."""


def merge(portions: Iterable[Portion]) -> dict[str, Any]:
    """One OpenAPI 3.1 description of the operations of all, and of the components they reach.

    Names are changed only where they clash. Tags stay, but a copy of a document has tags of its
    own. Security schemes that say the same are one.
    """
    merger = _Merger()
    for portion in portions:
        merger.add(portion)
    return merger.root


class _Merger:
    def __init__(self) -> None:
        self.root: dict[str, Any] = {
            "openapi": "3.1.0",
            "info": {"title": "Scale", "version": "1.0.0"},
            "x-sdk": {"package": PACKAGE, "client": CLIENT},
            "servers": [{"url": "https://scale.example.com"}],
            "tags": [],
            "paths": {},
            "components": {},
        }
        self._components: dict[str, dict[str, Any]] = self.root["components"]
        self._paths: set[str] = set()
        self._operation_ids: set[str] = set()
        self._tags: set[str] = set()
        self._schemes: dict[str, str] = {}

    def add(self, portion: Portion) -> None:
        """Take the operations of a portion, and the components that they reach."""
        root = portion.source.root
        paths = _first(root, portion.operations)
        reached = _reached(root, paths)
        names = self._renaming(root, paths, reached, portion)
        for kind, name in reached:
            value = names.applied(_as_3_1(root["components"][kind][name]))
            self._components.setdefault(kind, {}).setdefault(names.component(kind, name), value)
        for path, item in paths.items():
            self.root["paths"][names.paths[path]] = names.applied(_as_3_1(item))
        for tag in root.get("tags") or ():
            if tag["name"] in names.tags and names.tags[tag["name"]] not in self._tags:
                self.root["tags"].append({**tag, "name": names.tags[tag["name"]]})
        self._tags.update(names.tags.values())

    def _renaming(
        self,
        root: Values,
        paths: dict[str, dict[str, Any]],
        reached: list[_Component],
        portion: Portion,
    ) -> Renaming:
        """Names for what clashes; in the items of ``paths``, tags and security have theirs."""
        names, prefix = Renaming(), _prefix(portion)
        for kind, name in reached:
            taken = self._components.get(kind, {})
            new = free(name, f"{prefix}_{name}", taken.__contains__)
            names.components.setdefault(kind, {})[name] = new
        self._share_schemes(root, names)
        for path, item in paths.items():
            new = free(path, f"/{prefix.lower()}{path}", lambda one: _shape(one) in self._paths)
            self._paths.add(_shape(new))
            names.paths[path] = new
            for operation in (item[method] for method in METHODS if method in item):
                self._rename_operation(operation, names, portion)
                operation["security"] = names.security(
                    operation.get("security", root.get("security") or [])
                )
        return names

    def _rename_operation(
        self, operation: dict[str, Any], names: Renaming, portion: Portion
    ) -> None:
        ending = f" {portion.round}" if portion.round > 1 else ""
        names.tags.update({tag: tag + ending for tag in operation.get("tags") or ()})
        operation["tags"] = [names.tags[tag] for tag in operation.get("tags") or ()]
        given = operation.get("operationId")
        if given:
            other = f"{_prefix(portion)}_{given}"
            new = free(given, other, lambda one: _plain(one) in self._operation_ids)
            self._operation_ids.add(_plain(new))
            names.operation_ids[given] = new

    def _share_schemes(self, root: Values, names: Renaming) -> None:
        """Reuse an existing equal scheme, whatever its name is."""
        own = names.components.get("securitySchemes", {})
        for name, new in own.items():
            said = {**root["components"]["securitySchemes"][name], "description": ""}
            own[name] = self._schemes.setdefault(json.dumps(said, sort_keys=True), new)


def _first(root: Values, number: int) -> dict[str, dict[str, Any]]:
    """The path items of the first operations, without the others; ours to change."""
    wanted = set(islice(endpoints(root), number))
    return {
        path: {
            key: dict(value) if key in METHODS else value
            for key, value in item.items()
            if key not in METHODS or (path, key) in wanted
        }
        for path, item in root["paths"].items()
        if any(path == one for one, _ in wanted)
    }


def _reached(root: Values, paths: dict[str, dict[str, Any]]) -> list[_Component]:
    """The components that paths need, in the document's order."""
    components = root.get("components") or {}
    found = {("securitySchemes", name) for name in components.get("securitySchemes") or ()}
    pending: list[Any] = [
        *paths.values(),
        *(components[kind][name] for kind, name in found),
    ]
    while pending:
        for component in set(_mentioned(pending.pop())) - found:
            kind, name = component
            if name in components.get(kind, {}):
                found.add(component)
                pending.append(components[kind][name])
    return [
        (kind, name) for kind in components for name in components[kind] if (kind, name) in found
    ]


def _mentioned(value: Any) -> Iterator[_Component]:
    if isinstance(value, list):
        for item in value:
            yield from _mentioned(item)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key in ("$ref", "propertyName") and isinstance(inner, str):
                yield from _targets(value)
            else:
                yield from _mentioned(inner)


def _targets(holder: dict[str, Any]) -> Iterator[_Component]:
    mapping = holder.get("mapping") or {} if "propertyName" in holder else {}
    for ref in (holder.get("$ref"), *mapping.values()):
        if isinstance(ref, str):
            _, _, kind, token, *_ = ref.split("/") if "/" in ref else ("", "", "schemas", ref)
            yield kind, unescape(token)


def _as_3_1(value: Any) -> Any:
    """A limit of 3.0 that is exclusive is the limit itself in 3.1; the rest reads the same."""
    if isinstance(value, list):
        return [_as_3_1(item) for item in value]
    if not isinstance(value, dict):
        return value
    new = {key: _as_3_1(inner) for key, inner in value.items()}
    for exclusive, limit in (
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ):
        if isinstance(new.get(exclusive), bool):
            is_exclusive = new.pop(exclusive)
            if is_exclusive and limit in new:
                new[exclusive] = new.pop(limit)
    return new


def _prefix(portion: Portion) -> str:
    """A name for the document: the first words of its title, and the number of its copy."""
    title = str(portion.source.root.get("info", {}).get("title", "API"))
    words = "".join(word.capitalize() for word in re.findall("[A-Za-z0-9]+", title)[:3])
    return f"{words}{portion.round if portion.round > 1 else ''}"


def _shape(path: str) -> str:
    """A path without the names of its parameters."""
    return re.sub(r"\{[^}]*\}", "{}", path)


def _plain(name: str) -> str:
    """The names of one method in any spelling."""
    return re.sub("[^a-z0-9]", "", name.lower())
