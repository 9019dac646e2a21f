"""The corpus: its documents and its index."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal

INDEX = "index.tsv"
Group = Literal["real, valid", "edge, valid", "invalid"]


@dataclass(frozen=True)
class Document:
    """A document: its path below the corpus, its size, and the verdict of another validator."""

    path: str
    size: int
    is_valid: bool

    @property
    def group(self) -> Group:
        """Its group: the owner of the API publishes ``real`` documents."""
        if not self.is_valid:
            return "invalid"
        return "real, valid" if self.path.startswith("real/") else "edge, valid"


def documents(corpus: Path, patterns: Sequence[str] = ("*",)) -> list[Document]:
    """The documents that a pattern matches, large ones first: the last to end should be short.

    Raises:
        OSError: The index cannot be read.
        ValueError: No document matches one of the patterns.
    """
    with (corpus / INDEX).open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        found = [
            Document(
                path=row["path"],
                size=int(row["bytes"]),
                is_valid=row["validator"] == "valid",
            )
            for row in rows
            if any(fnmatchcase(row["path"], pattern) for pattern in patterns)
        ]
    for pattern in patterns:
        if not any(fnmatchcase(one.path, pattern) for one in found):
            raise ValueError(f"no document of {corpus / INDEX} matches {pattern!r}")
    return sorted(found, key=lambda one: (-one.size, one.path))
