"""The conventions of a description: naming, order and references, for new entries."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from specloom.description.node import Node
from specloom.description.tree import child
from specloom.description.walk import METHODS
from specloom.ir import Words
from specloom.ir.words import camel, kebab, pascal, snake, split_words

_ORDER = (
    "tags operationId summary description x-sdk parameters requestBody responses security"
).split()


@dataclass(frozen=True, slots=True)
class Known:
    """A described operation, and its path item `item`."""

    method: str
    path: str
    item: Node
    node: Node

    @property
    def values(self) -> dict[str, Any]:
        """The operation."""
        return self.node.value if isinstance(self.node.value, dict) else {}

    @property
    def is_of_item(self) -> bool:
        """Whether its path ends in a parameter."""
        return self.path.rstrip("/").endswith("}")

    @property
    def parameters(self) -> list[Node]:
        """Its parameters, those of its path item first; references are not followed."""
        places = (self.item.get("parameters"), self.node.get("parameters"))
        return [entry for place in places if place is not None for entry in place.entries()]


@dataclass(frozen=True)
class Conventions:
    """The conventions of a description. `root` is the place of the whole document."""

    root: Node

    @cached_property
    def operations(self) -> list[Known]:
        """Every operation, in document order."""
        return list(self._operations())

    def _operations(self) -> Iterator[Known]:
        for path, item in self.root.items_of("paths"):
            place = item.follow()
            for method in METHODS:
                node = place.get(method)
                if node is not None:
                    yield Known(method, path, place, node)

    @property
    def templates(self) -> list[str]:
        """Every path."""
        paths = self.root.value.get("paths")
        return [path for path in paths if path.startswith("/")] if isinstance(paths, dict) else []

    def components(self, kind: str) -> dict[str, Node]:
        """The components of a kind, such as "schemas", by name."""
        return dict(self.root.items_of("components", kind))

    @property
    def extension(self) -> dict[str, Any]:
        """The `x-sdk` of the root."""
        value = self.root.value.get("x-sdk")
        return value if isinstance(value, dict) else {}

    def operation_id(self, words: Words) -> str:
        """An operationId with the spelling of the others."""
        known = [one.values.get("operationId") for one in self.operations]
        return _SPELLINGS[spelling([name for name in known if isinstance(name, str)], "camel")](
            words
        )

    def verb(self, method: str, is_of_item: bool, otherwise: str) -> str:
        """The most common verb at the beginning of operationIds of such operations."""
        firsts = Counter(
            split_words(one.values["operationId"])[0].lower()
            for one in self.operations
            if (one.method, one.is_of_item) == (method, is_of_item)
            and isinstance(one.values.get("operationId"), str)
            and len(split_words(one.values["operationId"])) > 1
            and self._is_plain(one)
        )
        return firsts.most_common(1)[0][0] if firsts else otherwise

    def _is_plain(self, one: Known) -> bool:
        """Whether the path contains no verb; `/runs/{id}/cancel` contains one."""
        last = [segment for segment in one.path.split("/") if not segment.startswith("{")][-1:]
        first = split_words(one.values["operationId"])[:1]
        return [word.lower() for word in first] != [word.lower() for word in last]

    @property
    def parameter_spelling(self) -> str:
        """The spelling of path parameters: "snake" or "camel"."""
        names = [name for path in self.templates for name in re.findall(r"\{([^{}]+)\}", path)]
        return "camel" if spelling(names, "snake") == "camel" else "snake"

    @property
    def puts_parameters_on_paths(self) -> bool:
        """Whether most path parameters are declared once for all operations of a path."""
        with_ids = [one for one in self.operations if "{" in one.path]
        shared = [one for one in with_ids if one.item.get("parameters") is not None]
        return len(shared) * 2 > len(with_ids)

    def shared_responses(self, path: str) -> dict[str, Any]:
        """The responses that every such operation refers to, usually its errors."""
        alike = self._alike(path)
        if len(alike) < 2:
            return {}
        common = [_refs(one.values.get("responses")) for one in alike]
        return {
            status: {"$ref": ref}
            for status, ref in common[0].items()
            if all(one.get(status) == ref for one in common)
        }

    def _alike(self, path: str) -> list[Known]:
        """The operations whose paths have parameters if this one has, and none if it has none."""
        return [one for one in self.operations if ("{" in one.path) == ("{" in path)]

    def shared_parameters(self, location: str, among: Sequence[Known] | None = None) -> list[str]:
        """The `$ref`s of parameters in a location that all operations share."""
        operations = self.operations if among is None else among
        if len(operations) < 2:
            return []
        refs = [[one.ref for one in known.parameters if one.ref] for known in operations]
        return [
            ref
            for ref in refs[0]
            if all(ref in others for others in refs) and self.target(ref).text("in") == location
        ]

    def target(self, ref: str) -> Node:
        """The target of a reference in the entry document."""
        return Node(self.root.document, self.root.pointer, {"$ref": ref}).follow()

    def with_pages(self, name: str) -> list[Known]:
        """The operations with a pagination scheme."""
        return [
            one
            for one in self.operations
            if name and (one.values.get("x-sdk") or {}).get("pagination") == name
        ]

    def declared_parameter(self, location: str, name: str) -> str | None:
        """The `$ref` of the component for this parameter."""
        for key, node in self.components("parameters").items():
            place = node.follow()
            same = place.text("name")
            if location == "header":
                same, name = same.lower(), name.lower()
            if (place.text("in"), same) == (location, name):
                return child("#/components/parameters", key)
        return None

    def tags(self, path: str) -> list[Any]:
        """The tags of the operations nearest to a path."""
        beside = [one for one in self.operations if _shared(one.path, path)]
        nearest = max(beside, key=lambda one: _shared(one.path, path), default=None)
        if nearest is not None and nearest.values.get("tags"):
            return list(nearest.values["tags"])
        is_grouped = self.extension.get("resources") == "tags"
        literals = [one for one in path.split("/") if one and "{" not in one]
        names = [one for one in literals if not re.fullmatch(r"v\d[\w.]*|api", one)]
        return names[:1] if is_grouped and not (beside and nearest) else []

    def ordered(self, operation: dict[str, Any]) -> dict[str, Any]:
        """The fields of an operation in the order of the other operations."""
        wanted = set(operation)
        model = max(self.operations, key=lambda one: len(wanted & one.values.keys()), default=None)
        keys = sorted(operation, key=_ORDER.index)
        # The fields that both have get the order of the model; the others keep their places.
        known = iter([key for key in (model.values if model else ()) if key in operation])
        shared = model.values.keys() & operation.keys() if model else set()
        return {key: operation[key] for key in (next(known) if k in shared else k for k in keys)}


def neighbour(keys: Sequence[str], key: str) -> str | None:
    """The key that a new key follows; None for the end.

    If the keys are sorted, the new key is sorted in. Otherwise it follows the last key with the
    most equal segments at the beginning.
    """
    if len(keys) > 2 and list(keys) == sorted(keys):
        return max((one for one in keys if one < key), default=None)
    best = max((_shared(one, key) for one in keys), default=0)
    if not best or "/" not in key:
        return None
    return [one for one in keys if _shared(one, key) == best][-1]


def _shared(left: str, right: str) -> int:
    """The number of leading segments that two paths share."""
    pairs = zip(left.strip("/").split("/"), right.strip("/").split("/"), strict=False)
    count = 0
    for one, other in pairs:
        if one != other:
            break
        count += 1
    return count


def _refs(responses: Any) -> dict[str, str]:
    found = responses if isinstance(responses, dict) else {}
    return {
        str(status): response["$ref"]
        for status, response in found.items()
        if isinstance(response, dict) and isinstance(response.get("$ref"), str)
    }


_SPELLINGS = {"snake": snake, "camel": camel, "pascal": pascal, "kebab": kebab}


def spelling(names: Iterable[str], otherwise: str) -> str:
    """The most common spelling of names with several words."""
    counts = Counter(filter(None, map(_spelling, names)))
    return counts.most_common(1)[0][0] if counts else otherwise


def _spelling(name: str) -> str:
    if "_" in name:
        return "snake"
    if "-" in name:
        return "kebab"
    if not re.search(r"[a-z][A-Z]", name):
        return ""
    return "pascal" if name[0].isupper() else "camel"
