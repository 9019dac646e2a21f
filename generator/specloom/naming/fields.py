"""The attributes of models, named when they are asked for: no model's depend on another's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from specloom import ir
from specloom.naming.identifiers import Clash, attribute, free
from specloom.naming.reserved import MODEL_ATTRIBUTES
from specloom.naming.words import snake


class FieldNames(Mapping[str, dict[str, str]]):
    """By the keys of models: wire names, and the identifiers given to them.

    ``reserved`` are names of types that an attribute could be spelled like. It would hide the type
    from the attributes after it; only scripts without capitals have such names.
    """

    def __init__(self, types: Mapping[str, ir.NamedType], type_names: Iterable[str]) -> None:
        self._types = types
        self._given: dict[str, dict[str, str]] = {}
        self._clashes: dict[str, list[Clash]] = {}
        self.reserved = frozenset(name for name in type_names if name == name.lower())

    def __getitem__(self, key: str) -> dict[str, str]:
        if key not in self._given:
            model = self._types[key]
            if not isinstance(model, ir.Model):
                raise KeyError(key)
            self._clashes[key] = []
            reserved = MODEL_ATTRIBUTES | self.reserved
            self._given[key] = _members(model, reserved, self._clashes[key])
        return self._given[key]

    def __iter__(self) -> Iterator[str]:
        return (key for key, named in self._types.items() if isinstance(named, ir.Model))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @property
    def clashes(self) -> list[Clash]:
        """What had to give way, in all models."""
        found: list[Clash] = []
        for key in self:
            _ = self[key]  # which notes them
            found += self._clashes[key]
        return found


def _members(model: ir.Model, reserved: frozenset[str], clashes: list[Clash]) -> dict[str, str]:
    taken: set[str] = set()
    given: dict[str, str] = {}
    for field in sorted(model.fields, key=_rank):
        first = attribute(field.name, reserved)
        name = free(first, taken, "{}_{}".format)
        if name != first:
            clashes.append(Clash(first, name, field.pointer))
        taken.add(name)
        given[field.wire_name] = name
    return given


def _rank(field: ir.Field) -> tuple[bool, str]:
    return (snake(field.name) != field.wire_name, field.wire_name)
