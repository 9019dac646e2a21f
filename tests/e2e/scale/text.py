"""Plain values → YAML, entry by entry: the tree of a whole description would take gigabytes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml


class _Dumper(yaml.CSafeDumper):
    """Writes repeated values in full, like people."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


def as_yaml(root: dict[str, Any]) -> Iterator[str]:
    """The text of a description, in pieces."""
    for key, value in root.items():
        if key == "paths":
            yield from _section(key, value, "")
        elif key == "components":
            yield f"{key}:\n"
            for kind, components in value.items():
                yield from _section(kind, components, "  ")
        else:
            yield _dumped({key: value}, "")


def _section(key: str, entries: dict[str, Any], margin: str) -> Iterator[str]:
    yield f"{margin}{key}:\n"
    for name, value in entries.items():
        yield _dumped({name: value}, f"{margin}  ")


def _dumped(value: dict[str, Any], margin: str) -> str:
    text = yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)
    return "".join(
        margin + line if line.strip("\n") else line for line in text.splitlines(keepends=True)
    )
