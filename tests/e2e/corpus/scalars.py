"""The type of a value from its facets, and values without parts."""

from __future__ import annotations

import math
from typing import Any

from e2e.corpus.facets import Facets

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


class NoSampleError(Exception):
    """A schema without a sample value."""


def as_list(value: Any) -> list[Any]:
    """The value itself, if it is a list."""
    return value if isinstance(value, list) else []


def types_of(facets: Facets) -> list[str] | None:
    """The types that all schemas allow; None if no schema has a type."""
    found: list[str] | None = None
    for declared in facets.values_of("type"):
        names = [declared] if isinstance(declared, str) else as_list(declared)
        if found is not None:
            names = [name for name in found if name in _widened(names)]
            if not names:
                raise NoSampleError("types that exclude each other")
        found = names
    return found


def _widened(names: list[str]) -> list[str]:
    return [*names, "integer"] if "number" in names else names


def may_be_null(facets: Facets) -> bool:
    """Whether a schema allows null and none refuses it; ``nullable`` by itself is for all."""
    if any(None not in values for values in facets.values_of("enum")):
        return False
    typed = [schema for schema in facets.schemas if schema.get("type")]
    allowing = [one for one in typed if one.get("nullable") or "null" in as_list(one["type"])]
    by_itself = any(one.get("nullable") for one in facets.schemas if not one.get("type"))
    listed = any(True for _ in facets.values_of("enum"))
    return by_itself or (bool(typed or listed) and len(allowing) == len(typed))


def implied_type(facets: Facets) -> str:
    """The type that the keywords of a schema imply; ``then`` and ``else`` may give it."""
    about = {
        "object": ("properties", "additionalProperties", "required"),
        "array": ("items", "prefixItems"),
    }
    for kind, keys in about.items():
        if any(any(facets.values_of(key)) for key in keys):
            return kind
    branches = [branch for key in ("then", "else") for branch in facets.values_of(key)]
    return next((implied_type(Facets((branch,))) for branch in branches), "any")


def listed_values(facets: Facets, types: list[str] | None) -> list[Any] | None:
    """The values that ``const`` and ``enum`` leave, null aside; None where there is neither."""
    groups = [[schema["const"]] for schema in facets.schemas if "const" in schema]
    groups += [as_list(values) for values in facets.values_of("enum")]
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


def text(facets: Facets, *, files: bool) -> Any:
    """A text of the format and length that the schemas want; bytes for a file."""
    formats = list(facets.values_of("format"))
    if "binary" in formats and files:
        return FILE
    for name in formats:
        if name in _FORMATS:
            return _FORMATS[name]
    least = max((n for n in facets.values_of("minLength")), default=0)
    most = min((n for n in facets.values_of("maxLength")), default=math.inf)
    made = "text".ljust(least, "x")
    return made if most >= len(made) else made[: int(most)]


def number(facets: Facets, kind: str) -> int | float:
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
