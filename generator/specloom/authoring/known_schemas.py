"""Finds the existing schema that samples match, to refer to it instead of repeating it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from specloom.authoring.compare import differences
from specloom.authoring.conventions import Conventions
from specloom.description.node import Node
from specloom.description.tree import child
from specloom.ir.words import split_words
from specloom.lower.shape import Shape, shape_of

_TAG = "object"
"""The property that commonly holds an object's type."""


@dataclass(frozen=True)
class KnownSchemas:
    """The component schemas of a description."""

    conventions: Conventions

    @cached_property
    def _shapes(self) -> list[tuple[str, Node, Shape]]:
        schemas = self.conventions.components("schemas").items()
        return [(name, node, shape_of(node)) for name, node in schemas]

    def find(self, samples: Sequence[Any], name: str) -> str | None:
        """The `$ref` of the one schema that all samples fit; a `Reuse` for `Inference`.

        The best match is a schema with the object's tag, then a union with such a member. Without
        a tag, all fields must be known and at least two of them required. None if several schemas
        match equally well.
        """
        if not all(isinstance(sample, dict) for sample in samples):
            return None
        ranks: dict[int, list[str]] = {}
        for known, node, shape in self._shapes:
            is_namesake = _same_words(known, name)
            if _is_body(known) and not is_namesake:
                continue
            rank = _rank(node, shape, samples, is_namesake)
            if rank:
                ranks.setdefault(rank, []).append(known)
        best = ranks[max(ranks)] if ranks else []
        return child("#/components/schemas", best[0]) if len(best) == 1 else None


def _is_body(name: str) -> bool:
    """Whether a schema belongs to one operation's request; other operations do not use it."""
    return split_words(name)[-1:] == ("Request",)


def _rank(node: Node, shape: Shape, samples: Sequence[Any], is_namesake: bool) -> int:
    """The confidence that samples match a schema; 0 if they do not."""
    tags = _tags(shape)
    if not all(_has(sample, tags, shape) for sample in samples):
        return 0
    found = [one.kind for sample in samples for one in differences(node, sample)]
    if set(found) - {"field"}:
        return 0
    if _TAG in tags:
        return 5
    if found or not _is_telling(shape, tags, is_namesake, samples):
        return 0
    return 4 if shape.variants else 3 if tags else 2 if is_namesake else 1


def _has(sample: dict[str, Any], tags: dict[str, Any], shape: Shape) -> bool:
    same = all(name in sample and sample[name] == value for name, value in tags.items())
    return same and shape.required <= sample.keys()


def _tags(shape: Shape) -> dict[str, Any]:
    """The required properties with a single possible value."""
    return dict(_constants(shape))


def _constants(shape: Shape) -> Iterator[tuple[str, Any]]:
    for name in sorted(shape.required & shape.properties.keys()):
        values = shape_of(shape.properties[name]).values
        if values is not None and len(values) == 1:
            yield name, values[0]


def _is_telling(
    shape: Shape, tags: dict[str, Any], is_namesake: bool, samples: Sequence[Any]
) -> bool:
    """Whether a match is significant: nearly all samples match `{type: object}`."""
    if shape.variants:
        leaves = [shape_of(leaf) for group in shape.variants for leaf in group]
        return all(_tags(leaf) for leaf in leaves if leaf.is_object) and any(
            leaf.is_object for leaf in leaves
        )
    if is_namesake or not shape.properties:
        return is_namesake and shape.is_object
    if tags:
        return True
    return len(shape.required) > 1 and all(
        len(sample.keys() & shape.required) * 2 >= len(sample) for sample in samples
    )


def _same_words(schema: str, name: str) -> bool:
    return [one.lower() for one in split_words(schema)] == [
        one.lower() for one in split_words(name)
    ]
