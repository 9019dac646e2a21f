"""The documents of a corpus for a merged description, and their portions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import yaml

from e2e.corpus.index import documents
from e2e.corpus.raw import METHODS, Values

DENSITY = 14_000
"""The target size of a merged description, in bytes for each operation."""

_COMPONENT = "#/components/"


@dataclass(frozen=True)
class Source:
    """A document: its path below the corpus, its bytes, its operations, its plain values."""

    path: str
    size: int
    operations: int
    root: Values

    @property
    def is_dense(self) -> bool:
        """Whether it has as many bytes for each operation as a merged description aims at."""
        return self.size >= DENSITY * self.operations


@dataclass(frozen=True)
class Portion:
    """The first ``operations`` of a document, taken for the ``round``-th time, from 1."""

    source: Source
    round: int
    operations: int


def sources(corpus: Path) -> list[Source]:
    """The valid real documents that have operations and refer to their own components alone.

    Raises:
        OSError: The index or a document cannot be read.
        ValueError: There is none.
    """
    found: list[Source] = []
    for document in sorted(documents(corpus, ("real/*",)), key=lambda one: one.path):
        if document.is_valid:
            root = _read(corpus / document.path)
            number = sum(1 for _ in endpoints(root))
            if number and not _leads_elsewhere(root):
                found.append(Source(document.path, document.size, number, root))
    if not found:
        raise ValueError(f"no document of {corpus} can be merged")
    return found


def portions(found: Sequence[Source], total: int) -> Iterator[Portion]:
    """Documents that have ``total`` operations together, the last one cut.

    Dense ones and others take turns, so that there are about as many bytes for an operation at
    every size. Each kind goes round: from the second round on documents come as copies.
    """
    dense = _rounds([one for one in found if one.is_dense])
    others = _rounds([one for one in found if not one.is_dense])
    have, size = 0, 0
    while have < total:
        first, second = (dense, others) if size <= DENSITY * have else (others, dense)
        portion = next(first, None) or next(second)
        source, taken = portion.source, min(portion.operations, total - have)
        yield Portion(source, portion.round, taken)
        have += taken
        size += source.size * taken // source.operations


def endpoints(root: Values) -> Iterator[tuple[str, str]]:
    """Path and method of every operation, in the document's order."""
    for path, item in (root.get("paths") or {}).items():
        yield from ((path, key) for key in item if key in METHODS and path.startswith("/"))


def _rounds(found: Sequence[Source]) -> Iterator[Portion]:
    for number in count(1) if found else ():
        yield from (Portion(source, number, source.operations) for source in found)


def _read(path: Path) -> Values:
    text = path.read_text("utf-8")
    is_json = path.suffix == ".json"
    loaded = json.loads(text) if is_json else yaml.load(text, yaml.CSafeLoader)
    # YAML's integer keys and dates become what they are in JSON; what an alias repeats, two things.
    values: Values = json.loads(json.dumps(loaded, default=str))
    return values


def _leads_elsewhere(value: Any) -> bool:
    if isinstance(value, dict):
        ref = value.get("$ref", _COMPONENT)
        is_elsewhere = isinstance(ref, str) and not ref.startswith(_COMPONENT)
        return is_elsewhere or any(map(_leads_elsewhere, value.values()))
    return isinstance(value, list) and any(map(_leads_elsewhere, value))
