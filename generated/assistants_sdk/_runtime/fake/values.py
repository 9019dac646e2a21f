"""Values of JSON Schemas, chosen by a random generator: the same seed gives the same values.

The schemas are those of the packaged description: ``$ref`` by name, ``type`` and its limits,
``enum``, ``anyOf`` with a ``discriminator``, ``properties``, ``items``, and an ``example``.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from math import ceil, floor
from random import Random
from typing import Any, TypeGuard
from uuid import UUID

from ..values import is_mapping

__all__ = ["Values"]

_DEEP = 4  # From here on, an object has only what it must have.
_DEEPEST = 12
_START = datetime(2026, 1, 1, tzinfo=UTC)
_WORDS = (
    "amber birch cedar delta ember flint grove harbor iris juniper kelp linden maple north olive"
    " pine quartz river slate tulip umber violet willow yarrow zephyr"
).split()


class Values:
    """Makes values.

    Args:
        schemas: The named schemas.
        random: Chooses among the possible values.
    """

    def __init__(self, schemas: Mapping[str, Any], random: Random) -> None:
        self._schemas = schemas
        self._random = random

    def of(self, schema: Mapping[str, Any], name: str = "value", depth: int = 0) -> Any:
        """A value of a schema. ``name`` is the property that it is for."""
        if "example" in schema:
            return schema["example"]
        if "$ref" in schema:
            return self._named(schema["$ref"], name, depth)
        if "enum" in schema:
            return self._random.choice(schema["enum"])
        if "anyOf" in schema:
            return self._variant(schema, name, depth)
        return self._plain(schema, name, depth)

    def _plain(self, schema: Mapping[str, Any], name: str, depth: int) -> Any:
        match schema.get("type"):
            case "object":
                return self._object(schema, name, depth)
            case "array":
                return self._array(schema, name, depth)
            case "string":
                return self._text(schema, name)
            case "integer":
                return self._integer(schema, name)
            case "number":
                return self._between(schema, whole=False)
            case "boolean":
                return self._random.random() < 0.5
            case "null":
                return None
            case _:
                return self._word()

    def variants(self, schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """The schemas that a value may have one of; the schema itself if it has no choice."""
        while "$ref" in schema:
            schema = self._schemas.get(schema["$ref"], {})
        members: list[Mapping[str, Any]] = schema.get("anyOf", [])
        return [one for one in members if one.get("type") != "null"] or [schema]

    def _named(self, key: str, name: str, depth: int) -> Any:
        return {} if depth > _DEEPEST else self.of(self._schemas.get(key, {}), name, depth + 1)

    def _variant(self, schema: Mapping[str, Any], name: str, depth: int) -> Any:
        members: list[Mapping[str, Any]] = schema["anyOf"]
        if depth >= _DEEP and {"type": "null"} in members:
            return None
        chosen = self._random.choice(self.variants(schema))
        if depth >= _DEEP:
            chosen = next((one for one in members if "$ref" not in one), chosen)
        value = self.of(chosen, name, depth)
        tags = [tag for tag, key in schema.get("mapping", {}).items() if key == chosen.get("$ref")]
        if tags and is_mapping(value):
            value = {**value, schema["discriminator"]: tags[0]}
        return value

    def _object(self, schema: Mapping[str, Any], name: str, depth: int) -> dict[str, Any]:
        required = schema.get("required", ())
        value = {
            key: self.of(one, key, depth + 1)
            for key, one in schema.get("properties", {}).items()
            if key in required or (depth < _DEEP and self._random.random() < 0.5)
        }
        if "additionalProperties" in schema and not value and depth < _DEEP:
            value[self._word()] = self.of(schema["additionalProperties"], name, depth + 1)
        return value

    def _array(self, schema: Mapping[str, Any], name: str, depth: int) -> list[Any]:
        least, most = schema.get("minItems", 0), schema.get("maxItems", 3)
        wanted = self._random.randint(1, 3) if depth < _DEEP else 0
        count = min(max(wanted, int(least)), max(int(most), 0), 100)
        first, word = schema.get("prefixItems", ()), name.removesuffix("s")
        schemas = first or [schema["items"]] * count
        return [self.of(one, word, depth + 1) for one in schemas]

    def _text(self, schema: Mapping[str, Any], name: str) -> str:
        made = self._formatted(schema.get("format", "")) or self._meant(name)
        least, most = int(schema.get("minLength", 0)), schema.get("maxLength")
        made = made.ljust(min(least, 10_000), "x")
        return made[: int(most)] if most is not None else made

    def _formatted(self, name: str) -> str:
        random = self._random
        match name:
            case "date-time":
                return f"{self._time():%Y-%m-%dT%H:%M:%SZ}"
            case "date":
                return f"{self._time():%Y-%m-%d}"
            case "time":
                return f"{self._time():%H:%M:%SZ}"
            case "duration":
                return f"PT{random.randint(1, 59)}M"
            case "uuid":
                return str(UUID(int=random.getrandbits(128), version=4))
            case "email":
                return f"{self._word()}@example.com"
            case "uri" | "url":
                return f"https://example.com/{self._word()}"
            case "hostname":
                return f"{self._word()}.example.com"
            case "ipv4":
                return f"192.0.2.{random.randint(1, 254)}"
            case "ipv6":
                return f"2001:db8::{random.randint(1, 0xFFFF):x}"
            case "byte" | "binary":
                return b64encode(self._word().encode()).decode()
            case _:
                return ""

    def _meant(self, name: str) -> str:
        """Text by the name of its property."""
        words = name.lower().replace("-", "_").strip("_").split("_")
        if words[-1] == "id":
            return "_".join([*(words[:-1] or ["id"]), f"{self._random.getrandbits(32):08x}"])
        if words[-1] in ("url", "uri", "href", "email"):
            return self._formatted("email" if words[-1] == "email" else "uri")
        if words[-1] == "at":
            return self._formatted("date-time")
        return f"{self._word()} {self._word()}"

    def _integer(self, schema: Mapping[str, Any], name: str) -> int:
        if name.endswith(("_at", "At")) and "minimum" not in schema:
            return int(self._time().timestamp())
        return int(self._between(schema, whole=True))

    def _between(self, schema: Mapping[str, Any], *, whole: bool) -> float:
        """A number within its limits; OpenAPI 3.0 has booleans for the exclusive ones."""
        step = schema.get("multipleOf") or (1 if whole else 0.01)
        least, most = schema.get("minimum"), schema.get("maximum")
        above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
        above, below = (least if above is True else above), (most if below is True else below)
        low = max(filter(is_number, (least, above)), default=None)
        high = min(filter(is_number, (most, below)), default=None)
        low = low if low is not None else 0 if high is None or high >= 0 else high - 100 * step
        high = high if high is not None else low + 100 * step
        first = ceil(low / step) + (above == low and low % step == 0)
        last = floor(high / step) - (below == high and high % step == 0)
        if first > last:
            return (low + high) / 2
        value = self._random.randint(first, last) * step
        return value if whole else round(value, 6)

    def _time(self) -> datetime:
        return _START + timedelta(seconds=self._random.randrange(365 * 86_400))

    def _word(self) -> str:
        return self._random.choice(_WORDS)


def is_number(value: object) -> TypeGuard[float]:
    """Whether it is a JSON number."""
    return isinstance(value, int | float) and not isinstance(value, bool)
