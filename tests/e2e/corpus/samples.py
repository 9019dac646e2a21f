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

_FORMATS = {
    "date-time": "2024-01-02T03:04:05Z",
    "date": "2024-01-02",
    "time": "03:04:05Z",
    "uuid": "6f1c2ab4-98de-4c0b-8a51-2f4d1c3b7a90",
    "email": "a@example.com",
    "uri": "https://example.com/a",
    "url": "https://example.com/a",
    "byte": "dGV4dA==",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
}
FILE = b"\x00file\xff"
_DEEPEST = 5
_MOST_VALUES = 2000


class NoSampleError(Exception):
    """A schema of which no value could be found."""


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
            if isinstance(schema, Mapping) and {"$ref": ref} in _list(schema.get("allOf"))
        ]

    def _chosen(self, facets: Facets, depth: int) -> Any:
        """The value with the first variant that has one; the last, where everything is shown."""
        if not facets.choices:
            return self._plain(facets, depth)
        reason = "no variant"
        variants = facets.choices[0]
        for variant in reversed(variants) if self._wants_more(depth) else variants:
            try:
                return self._chosen(facets.choose(self._root, variant), depth)
            except NoSampleError as error:
                reason = str(error)
            except RecursionError as error:
                reason = f"{error} has to contain itself"
        raise NoSampleError(reason)

    def _wants_more(self, depth: int) -> bool:
        return self._full and depth < _DEEPEST and self._made < _MOST_VALUES

    def _plain(self, facets: Facets, depth: int) -> Any:
        types = _types(facets)
        if self._nulls and _may_be_null(facets):
            return None
        listed = _listed(facets, types)
        if listed is not None:
            return listed[-1] if self._full else listed[0]
        if types is None:
            types = [_implied(facets)]
        kinds = [kind for kind in types if kind != "null"]
        match kinds[0] if kinds else "null":
            case "object":
                return self._object(facets, depth)
            case "array":
                return self._array(facets, depth)
            case "string":
                return _text(facets, files=self._files)
            case "integer" | "number" as kind:
                return _number(facets, kind)
            case "boolean":
                return True
            case "null":
                return None
            case _:
                return "anything"

    def _object(self, facets: Facets, depth: int) -> dict[str, Any]:
        properties: dict[str, list[Any]] = {}
        for declared in facets.values_of("properties"):
            for name, schema in (declared or {}).items():
                properties.setdefault(name, []).append(schema)
        required = {name for names in facets.values_of("required") for name in _list(names)}
        extra = [each for each in facets.values_of("additionalProperties") if each is not True]
        made: dict[str, Any] = {}
        # What is required comes first, while there is room.
        for name in sorted(
            {**properties, **dict.fromkeys(required)}, key=lambda n: n not in required
        ):
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
            listed = _listed(own, ["string"])
            if listed is None or tag in listed:
                made[name] = tag

    def _hides(self, schemas: list[Any]) -> bool:
        return any(self._is_hidden(schema) for schema in schemas)

    def _array(self, facets: Facets, depth: int) -> list[Any]:
        prefix = next((_list(each) for each in facets.values_of("prefixItems")), [])
        items = tuple(each for each in facets.values_of("items") if each is not False)
        least = max((n for n in facets.values_of("minItems")), default=0)
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
    return any("const" in one or len(_list(one.get("enum"))) == 1 for one in found)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _as_ref(mapped: str) -> str:
    """A mapping names a schema, or is a reference to it."""
    return mapped if "/" in mapped or "#" in mapped else f"#/components/schemas/{mapped}"


def _types(facets: Facets) -> list[str] | None:
    """The types that all schemas allow; None where none says anything."""
    found: list[str] | None = None
    for declared in facets.values_of("type"):
        names = [declared] if isinstance(declared, str) else _list(declared)
        if found is not None:
            names = [name for name in found if name in _widened(names)]
            if not names:
                raise NoSampleError("types that exclude each other")
        found = names
    return found


def _widened(names: list[str]) -> list[str]:
    return [*names, "integer"] if "number" in names else names


def _may_be_null(facets: Facets) -> bool:
    """Whether a schema allows null and none refuses it; ``nullable`` by itself is for all."""
    if any(None not in values for values in facets.values_of("enum")):
        return False
    typed = [schema for schema in facets.schemas if schema.get("type")]
    allowing = [one for one in typed if one.get("nullable") or "null" in _list(one["type"])]
    by_itself = any(one.get("nullable") for one in facets.schemas if not one.get("type"))
    listed = any(True for _ in facets.values_of("enum"))
    return by_itself or (bool(typed or listed) and len(allowing) == len(typed))


def _implied(facets: Facets) -> str:
    """The type that a schema without one is about."""
    about = {
        "object": ("properties", "additionalProperties", "required"),
        "array": ("items", "prefixItems"),
    }
    for kind, keys in about.items():
        if any(any(facets.values_of(key)) for key in keys):
            return kind
    return "any"


def _listed(facets: Facets, types: list[str] | None) -> list[Any] | None:
    """The values that ``const`` and ``enum`` leave, null aside; None where there is neither."""
    groups = [[schema["const"]] for schema in facets.schemas if "const" in schema]
    groups += [_list(values) for values in facets.values_of("enum")]
    if not groups:
        return None
    kept = [value for value in groups[0] if all(value in group for group in groups[1:])]
    kept = [value for value in kept if types is None or _is_of(value, types)]
    if not kept:
        raise NoSampleError("no value of the enum is of its type")
    return [value for value in kept if value is not None] or kept


def _is_of(value: Any, types: list[str]) -> bool:
    match value:
        case None:
            return True
        case bool():
            return "boolean" in types
        case int():
            return "integer" in types or "number" in types
        case float():
            return "number" in types
        case str():
            return "string" in types
        case list():
            return "array" in types
        case _:
            return "object" in types


def _text(facets: Facets, *, files: bool) -> Any:
    formats = list(facets.values_of("format"))
    if "binary" in formats and files:
        return FILE
    for name in formats:
        if name in _FORMATS:
            return _FORMATS[name]
    least = max((n for n in facets.values_of("minLength")), default=0)
    most = min((n for n in facets.values_of("maxLength")), default=math.inf)
    text = "text" + "x" * max(0, least - 4)
    return text if most >= len(text) else text[: int(most)]


def _number(facets: Facets, kind: str) -> int | float:
    """The number nearest to 1 that the limits allow; with a fraction where it may have one."""
    low, high = _limit(facets, "minimum", max), _limit(facets, "maximum", min)
    step = next(facets.values_of("multipleOf"), None)
    value: float = 1 if kind == "integer" or low is not None or high is not None else 1.5
    if low is not None:
        value = max(value, low)
    if high is not None:
        value = min(value, high)
    if step:
        value = math.ceil(value / step) * step
        value = value - step if high is not None and value > high else value
    return int(value) if kind == "integer" else value


def _limit(facets: Facets, key: str, tightest: Any) -> float | None:
    """An inclusive limit; of an exclusive one (a flag in 3.0, a number since) the next integer."""
    exclusive = f"exclusive{key.capitalize()}"
    inward = 1 if key == "minimum" else -1
    found = []
    for schema in facets.schemas:
        own, other = schema.get(key), schema.get(exclusive)
        if isinstance(own, int | float):
            found.append(own + (inward if other is True else 0))
        if isinstance(other, int | float) and not isinstance(other, bool):
            found.append(other + inward)
    return tightest(found) if found else None


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
