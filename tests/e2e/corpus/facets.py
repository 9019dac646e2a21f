"""A schema as the list of schemas that apply to one value: allOf and ``$ref`` resolved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from e2e.corpus.raw import Values, target

_VARIANTS = ("oneOf", "anyOf")


@dataclass(frozen=True)
class Facets:
    """The schemas that hold of a value, what they were reached by, and what is left to choose.

    ``refs`` are the references followed for this value, ``chosen`` those of its variants, the last
    the innermost; ``chosen_from`` is how often there was a choice; ``trail`` are the references of
    the values around it.
    """

    schemas: tuple[Values, ...]
    refs: tuple[str, ...] = ()
    chosen: tuple[str, ...] = ()
    trail: tuple[str, ...] = ()
    choices: tuple[tuple[Any, ...], ...] = ()
    chosen_from: int = 0

    def values_of(self, key: str) -> Iterator[Any]:
        """The values of one keyword in the schemas."""
        found = (schema.get(key) for schema in self.schemas)
        return (value for value in found if value is not None)

    def choose(self, root: Values, variant: Any) -> Facets:
        """The same with the first choice made."""
        ref = variant.get("$ref") if isinstance(variant, Mapping) else None
        chosen = (*self.chosen, ref) if isinstance(ref, str) else self.chosen
        rest = replace(
            self, chosen=chosen, choices=self.choices[1:], chosen_from=self.chosen_from + 1
        )
        return _with(root, rest, variant)


def facets_of(root: Values, schemas: tuple[Any, ...], trail: tuple[str, ...]) -> Facets:
    """The facets of a value that all of ``schemas`` hold of.

    Raises:
        OutsideError: A reference leads out of the document.
        RecursionError: The value has to contain itself.
    """
    found = Facets((), trail=trail)
    for schema in schemas:
        found = _with(root, found, schema)
    return found


def _with(root: Values, facets: Facets, schema: Any) -> Facets:
    if not isinstance(schema, Mapping):
        return facets if schema is not False else replace(facets, schemas=({"enum": []},))
    ref = schema.get("$ref", schema.get("$dynamicRef"))
    if isinstance(ref, str):
        if ref in facets.trail:
            raise RecursionError(ref)
        if ref not in facets.refs:
            facets = replace(facets, refs=(*facets.refs, ref))
            facets = _with(root, facets, target(root, ref))
    facets = replace(facets, schemas=(*facets.schemas, schema))
    for member in schema.get("allOf") or ():
        facets = _with(root, facets, member)
    for key in _VARIANTS:
        if schema.get(key):
            facets = replace(facets, choices=(*facets.choices, tuple(schema[key])))
    return facets
