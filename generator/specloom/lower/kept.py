"""The types that schemas of `components` are, as text for the next build, and taken from it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from specloom import ir
from specloom.ir.kept import KeptModel, head_of, text_of
from specloom.ir.text import as_text, named_type, type_ref
from specloom.usage import dependencies


class Lowered(NamedTuple):
    """What lowering has come to after some schemas: the named types, the type of each place that
    got no name, and how much of the budget is left."""

    types: dict[str, ir.NamedType]
    places: Mapping[str, ir.TypeRef]
    left: int


def lowered_text(lowered: Lowered) -> str:
    """A line of what is always needed, and one for each model: see `Lowered` for what it holds."""
    heads, lines = types_said(lowered.types.values())
    places = {key: place for key, place in lowered.places.items() if key not in lowered.types}
    return "\n".join([as_text([heads, places, lowered.left]), *lines])


def lowered_from(text: str) -> Lowered:
    """What `lowered_text` has made a text of."""
    first, *lines = text.split("\n")
    heads, places, left = json.loads(first)
    return Lowered(types_from(heads, lines), _Places(places), left)


def types_said(types: Iterable[ir.NamedType]) -> tuple[list[object], list[str]]:
    """Types as JSON is to have them: of models what is always needed, and the texts of these."""
    heads: list[object] = []
    lines: list[str] = []
    for named in types:
        if isinstance(named, ir.Model):
            mentions = (_mentions(named, request=False), _mentions(named, request=True))
            heads.append([head_of(named), mentions])
            lines.append(text_of(named))
        else:
            heads.append(named)
    return heads, lines


def types_from(heads: Iterable[Any], lines: Iterable[str]) -> dict[str, ir.NamedType]:
    """The types, by their keys, that `types_said` was given."""
    models = iter(lines)
    found: dict[str, ir.NamedType] = {}
    for head, rest in heads:
        is_alias = isinstance(head, str)
        named = named_type([head, rest]) if is_alias else KeptModel.of(head, rest, next(models))
        found[named.key] = named
    return found


class _Places(Mapping[str, ir.TypeRef]):
    """Types as JSON has them, read when they are asked for."""

    def __init__(self, said: dict[str, Any]) -> None:
        self._said = said

    def __getitem__(self, key: str) -> ir.TypeRef:
        return type_ref(self._said[key])

    def __iter__(self) -> Iterator[str]:
        return iter(self._said)

    def __len__(self) -> int:
        return len(self._said)


def _mentions(model: ir.Model, *, request: bool) -> list[str]:
    return list(dict.fromkeys(dependencies(model, request=request)))
