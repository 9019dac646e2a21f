"""Values that a schema describes: the smallest, or one that shows all its parts.

What no type of Python says is not tried: ``pattern``, ``not``, ``if``, ``dependent…``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from e2e.corpus.facets import Facets, facets_of
from e2e.corpus.raw import OutsideError, Values, follow, target
from e2e.corpus.scalars import (
    NoSampleError,
    as_list,
    implied_type,
    listed_values,
    may_be_null,
    number,
    text,
    types_of,
)

_DEEPEST = 5
_MOST_VALUES = 2000
# As a variant it means null: OpenAPI 3.0 has no other way to write it.
_ONLY_NULLABLE = {"nullable": True}


class Sampler:
    """Makes values for one direction.

    Args:
        root: The document.
        for_request: Whether the client sends the value; read-only properties are then left out,
            and else the write-only ones.
        full: Whether everything optional is there, once; otherwise nothing is.
        nulls: Whether a value that may be null is, unless ``full``.
        files: Whether strings of the format ``binary`` are bytes.
    """

    def __init__(
        self,
        root: Values,
        *,
        for_request: bool,
        full: bool = False,
        nulls: bool = True,
        files: bool = False,
    ) -> None:
        self._root = root
        self._hidden = "readOnly" if for_request else "writeOnly"
        self._full = full
        self._nulls = nulls and not full
        self._files = files
        self._made = 0

    def sample(self, schema: Any) -> Any:
        """A value of a schema.

        Raises:
            NoSampleError: None was found.
        """
        self._made = 0
        try:
            return self._value((schema,), (), 0)
        except OutsideError as error:
            raise NoSampleError(f"outside of the document: {error}") from None

    def _value(self, schemas: tuple[Any, ...], trail: tuple[str, ...], depth: int) -> Any:
        self._made += 1
        try:
            facets = facets_of(self._root, schemas, trail)
        except RecursionError as error:
            raise NoSampleError(f"{error} has to contain itself") from None
        return self._chosen(self._with_heir(facets), depth)

    def _with_heir(self, facets: Facets) -> Facets:
        """A base class that no tag stands for is never sent itself: the first of its heirs is."""
        if not facets.refs or facets.choices:
            return facets
        base = target(self._root, facets.refs[0])
        discriminator = base.get("discriminator") if isinstance(base, Mapping) else None
        if not isinstance(discriminator, Mapping):
            return facets
        mapping = discriminator.get("mapping") or {}
        heirs = [_as_ref(value) for value in mapping.values()] or self._heirs(facets.refs[0])
        if not heirs or facets.refs[0] in heirs:
            return facets
        return facets_of(self._root, ({"$ref": heirs[0]}, *facets.schemas), facets.trail)

    def _heirs(self, ref: str) -> list[str]:
        """The components that take another by allOf."""
        schemas = (self._root.get("components") or {}).get("schemas") or {}
        return [
            f"#/components/schemas/{name}"
            for name, schema in schemas.items()
            if isinstance(schema, Mapping) and {"$ref": ref} in as_list(schema.get("allOf"))
        ]

    def _chosen(self, facets: Facets, depth: int) -> Any:
        """The value with the first variant that has one; the last, where everything is shown."""
        if not facets.choices:
            return self._plain(facets, depth)
        reason = "no variant"
        # Null comes first: what shows all parts takes the last.
        variants = sorted(facets.choices[0], key=lambda one: one != _ONLY_NULLABLE)
        for variant in reversed(variants) if self._wants_more(depth) else variants:
            try:
                meant = {"type": "null"} if variant == _ONLY_NULLABLE else variant
                return self._chosen(facets.choose(self._root, meant), depth)
            except NoSampleError as error:
                reason = str(error)
            except RecursionError as error:
                reason = f"{error} has to contain itself"
        raise NoSampleError(reason)

    def _wants_more(self, depth: int) -> bool:
        return self._full and depth < _DEEPEST and self._made < _MOST_VALUES

    def _plain(self, facets: Facets, depth: int) -> Any:
        types = types_of(facets)
        if self._nulls and may_be_null(facets):
            return None
        listed = listed_values(facets, types)
        if listed is not None:
            return listed[-1] if self._full else listed[0]
        if types is None:
            types = [implied_type(facets)]
        kinds = [kind for kind in types if kind != "null"]
        match kinds[0] if kinds else "null":
            case "object":
                return self._object(facets, depth)
            case "array":
                return self._array(facets, depth)
            case "string":
                return text(facets, files=self._files)
            case "integer" | "number" as kind:
                return number(facets, kind)
            case "boolean":
                return True
            case "null":
                return None
            case _:
                return "anything"

    def _object(self, facets: Facets, depth: int) -> dict[str, Any]:
        properties: dict[str, list[Any]] = {}
        for declared in facets.values_of("properties"):
            for name, schema in (follow(self._root, declared) or {}).items():
                properties.setdefault(name, []).append(schema)
        required = {name for names in facets.values_of("required") for name in as_list(names)}
        extra = [each for each in facets.values_of("additionalProperties") if each is not True]
        made: dict[str, Any] = {}
        # What is required comes first, while there is room.
        names = dict.fromkeys((*properties, *sorted(required)))
        for name in sorted(names, key=lambda one: one not in required):
            if self._is_left_out(name, properties, extra):
                continue
            if name in required or (facets.chosen_from and _is_constant(properties[name])):
                made[name] = self._below(tuple(properties.get(name, extra)), facets, depth)
            elif self._wants_more(depth):
                self._try(made, name, tuple(properties[name]), facets, depth)
        is_open = not any(facets.values_of("patternProperties")) and False not in extra
        if extra and is_open and self._wants_more(depth):
            self._try(made, "another key", tuple(extra), facets, depth)
        least = max((n for n in facets.values_of("minProperties")), default=0)
        while len(made) < least and is_open:
            made[f"key {len(made)}"] = self._below(tuple(extra), facets, depth)
        self._set_tags(made, facets)
        return made

    def _is_left_out(self, name: str, properties: Values, extra: list[Any]) -> bool:
        """What the other side writes; and what is required but nowhere described, which no method
        of the SDK takes (of responses it is a part).
        """
        if any(self._is_hidden(schema) for schema in properties.get(name, ())):
            return True
        return self._hidden == "readOnly" and name not in properties and not extra

    def _is_hidden(self, schema: Any) -> bool:
        final = follow(self._root, schema)
        return any(
            isinstance(each, Mapping) and each.get(self._hidden) is True for each in (schema, final)
        )

    def _below(self, schemas: tuple[Any, ...], facets: Facets, depth: int) -> Any:
        return self._value(schemas, (*facets.trail, *facets.refs), depth + 1)

    def _try(
        self,
        made: dict[str, Any],
        name: str,
        schemas: tuple[Any, ...],
        facets: Facets,
        depth: int,
    ) -> None:
        with suppress(NoSampleError):
            made[name] = self._below(schemas, facets, depth)

    def _set_tags(self, made: dict[str, Any], facets: Facets) -> None:
        """The discriminator says which of the schemas it is, unless its own schema already does."""
        meant = [*reversed(facets.chosen), *facets.refs]
        for discriminator in facets.values_of("discriminator"):
            name = discriminator.get("propertyName") if isinstance(discriminator, Mapping) else None
            schemas = [
                declared[name] for declared in facets.values_of("properties") if name in declared
            ]
            if not meant or not isinstance(name, str) or self._hides(schemas):
                continue
            mapped = {
                _as_ref(ref): tag for tag, ref in (discriminator.get("mapping") or {}).items()
            }
            tag = next((mapped[ref] for ref in meant if ref in mapped), meant[0].split("/")[-1])
            own = facets_of(self._root, tuple(schemas), ())
            listed = listed_values(own, ["string"])
            if listed is None or tag in listed:
                made[name] = tag

    def _hides(self, schemas: list[Any]) -> bool:
        return any(self._is_hidden(schema) for schema in schemas)

    def _array(self, facets: Facets, depth: int) -> list[Any]:
        prefix = next((as_list(each) for each in facets.values_of("prefixItems")), [])
        items = tuple(each for each in facets.values_of("items") if each is not False)
        least = max((n for n in facets.values_of("minItems")), default=0)
        if False in facets.values_of("items"):
            least = max(least, len(prefix))  # people mean a tuple, and write no minItems
        most = min((n for n in facets.values_of("maxItems")), default=math.inf)
        wanted = max(least, min(len(prefix) or 1, most) if self._wants_more(depth) else 0)
        made: list[Any] = []
        while len(made) < wanted:
            schemas = (prefix[len(made)],) if len(made) < len(prefix) else items
            try:
                made.append(self._below(schemas, facets, depth))
            except NoSampleError:
                if len(made) < least:
                    raise
                break
        if any(each is True for each in facets.values_of("uniqueItems")) and len(made) > 1:
            _make_unique(made)
        return made


def _is_constant(schemas: list[Any]) -> bool:
    """Whether a property can have one value only, and so tells variants apart."""
    found = [one for one in schemas if isinstance(one, Mapping)]
    return any("const" in one or len(as_list(one.get("enum"))) == 1 for one in found)


def _as_ref(mapped: str) -> str:
    """A mapping names a schema, or is a reference to it."""
    return mapped if "/" in mapped or "#" in mapped else f"#/components/schemas/{mapped}"


def _make_unique(made: list[Any]) -> None:
    for index, value in enumerate(made):
        match value:
            case bool() | None:
                raise NoSampleError("unique items")
            case str():
                made[index] = f"{value}{index}" if index else value
            case int() | float():
                made[index] = value + index
            case dict() | list() if index:
                raise NoSampleError("unique items")
            case _:
                pass
