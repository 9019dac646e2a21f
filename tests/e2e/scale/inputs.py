"""Merged descriptions on disk, each with one edit after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from e2e.scale.merge import merge
from e2e.scale.sources import Source, endpoints, portions
from e2e.scale.text import as_yaml

State = Literal["whole", "operation edited", "schema edited"]
_EDIT = "scale_edit"


@dataclass(frozen=True)
class Inputs:
    """A description of some operations: its file in each state, every edit on top of the last."""

    operations: int
    files: Mapping[State, Path]

    @property
    def megabytes(self) -> float:
        """The size of the whole description."""
        return self.files["whole"].stat().st_size / 1e6


def write_inputs(found: Sequence[Source], operations: int, folder: Path) -> Inputs:
    """Merge documents to a description of ``operations``, and write it below ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[State, Path] = {}
    for state, root in states(merge(portions(found, operations))):
        files[state] = folder / f"{operations}-{state.replace(' ', '-')}.yaml"
        with files[state].open("w", encoding="utf-8", newline="\n") as stream:
            stream.writelines(as_yaml(root))
    return Inputs(operations, files)


def states(root: dict[str, Any]) -> Iterator[tuple[State, dict[str, Any]]]:
    """A description, with its middle operation edited, and with its middle object as well."""
    yield "whole", root
    path, method = _middle(list(endpoints(root)))
    item = root["paths"][path]
    operation = item[method]
    argument = {"name": _EDIT, "in": "query", "schema": {"type": "string"}}
    edited = {
        **operation,
        "parameters": [*(operation.get("parameters") or ()), argument],
    }
    root = {**root, "paths": {**root["paths"], path: {**item, method: edited}}}
    yield "operation edited", root
    components = root["components"]
    schemas = components["schemas"]
    name = _middle([name for name, schema in schemas.items() if schema.get("properties")])
    properties = {**schemas[name]["properties"], _EDIT: {"type": "string"}}
    schemas = {**schemas, name: {**schemas[name], "properties": properties}}
    yield "schema edited", {**root, "components": {**components, "schemas": schemas}}


def _middle(entries: Sequence[Any]) -> Any:
    return entries[len(entries) // 2]
