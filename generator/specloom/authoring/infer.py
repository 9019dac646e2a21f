"""Schemas from samples: types, and their meaning (ids, times, enums, nulls).

The libraries for this, such as genson, merge samples and drop the values. This module keeps all
values of each place: only the values distinguish an enum or a time from other text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from specloom.authoring.exchange import FilePart
from specloom.authoring.secrets import holds_secret, is_secret_name, looks_secret
from specloom.ir.words import in_lower_case, item_name, one_of_many, split_words

Schema: TypeAlias = dict[str, Any]

Reuse: TypeAlias = Callable[[Sequence[Any], str], "str | None"]
"""From samples and a property name to the `$ref` of a matching schema."""


class Noted(dict[str, Any]):
    """A mapping with an open question in `todo`."""

    def __init__(self, values: Schema, todo: str) -> None:
        super().__init__(values)
        self.todo = todo


def no_reuse(samples: Sequence[Any], name: str) -> str | None:  # noqa: ARG001 - a Reuse
    """The `Reuse` of a description without schemas."""
    return None


_ENOUGH = 6
"""The number of samples that make an enum credible: each value twice on average."""

_MOST = 12
_WORD = re.compile(r"[A-Za-z][A-Za-z_.-]*(?:\d{1,2})?")
_FORMATS = (
    ("date-time", re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)")),
    ("date", re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")),
    ("uuid", re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")),
    ("uri", re.compile(r"https?://[^\s<>\"{}|\\^`]+")),
)
_TIME_WORDS = frozenset(
    "at on time timestamp date created updated modified expires since until start end".split()
)
_NOT_THINGS = frozenset("external first last next previous prev".split())
_TIMES = (
    (range(10**9, 4 * 10**9), "In Unix seconds."),
    (range(10**12, 4 * 10**12), "In Unix milliseconds."),
)


@dataclass(frozen=True, slots=True)
class Inference:
    """Infers schemas in the dialect of an OpenAPI version ("3.0").

    `owner` is the thing, in words, that a property `id` identifies. No schema contains a value of
    `secrets`.
    """

    version: str
    reuse: Reuse = no_reuse
    owner: str = ""
    secrets: Collection[str] = field(default_factory=frozenset)

    def schema(self, samples: Sequence[Any], name: str = "") -> Schema:
        """A schema that all `samples` of the property `name` satisfy."""
        present = [sample for sample in samples if sample is not None]
        if not present:
            return Noted({}, "only null was seen: which type is it otherwise?")
        schema = self._present(present, name)
        return schema if len(present) == len(samples) else self.nullable(schema)

    def nullable(self, schema: Schema) -> Schema:
        """The schema that also allows null."""
        declared = schema.get("type")
        if self.version == "3.0":
            wrapped = schema if "$ref" not in schema else {"allOf": [schema]}
            return _like(schema, {**wrapped, "nullable": True} if wrapped else wrapped)
        if isinstance(declared, str) and "enum" not in schema and "const" not in schema:
            return _like(schema, {**schema, "type": [declared, "null"]})
        if "anyOf" in schema:
            return _like(schema, {"anyOf": [*schema["anyOf"], {"type": "null"}]})
        return {"oneOf": [schema, {"type": "null"}]} if schema else schema

    def _present(self, samples: Sequence[Any], name: str) -> Schema:
        ref = self.reuse(samples, name)
        if ref is not None:
            return {"$ref": ref}
        kinds = {_kind(sample) for sample in samples}
        if kinds == {"integer", "number"}:
            return {"type": "number"}
        if len(kinds) > 1:
            groups = [[one for one in samples if _kind(one) == kind] for kind in sorted(kinds)]
            schemas = [self._present(group, name) for group in groups]
            return Noted({"anyOf": schemas}, "values of several types were seen: are these all?")
        match kinds.pop():
            case "object":
                return self._object(samples, name)
            case "array":
                return self._array(samples, name)
            case "string":
                return self._string(samples, name)
            case "integer":
                return _described({"type": "integer"}, _time_unit(samples, name))
            case "file":
                return {"type": "string", "format": "binary"}
            case kind:
                return {"type": kind}

    def _object(self, samples: Sequence[dict[str, Any]], name: str) -> Schema:
        keys = list(dict.fromkeys(key for sample in samples for key in sample))
        if not keys:
            free = {"type": "object", "additionalProperties": True}
            return Noted(free, "only an empty object was seen: what may it contain?")
        if _is_map(keys, samples):
            values = [value for sample in samples for value in sample.values()]
            others = self.schema(values, item_name(name))
            return {"type": "object", "additionalProperties": others}
        named = [key for key in keys if not holds_secret(key, self.secrets)]
        required = [key for key in named if all(key in sample for sample in samples)]
        # A property `id` of a named object identifies that object.
        owner = in_lower_case(one_of_many(split_words(name))) or self.owner
        inside = replace(self, owner=owner)
        properties = {
            key: inside.schema([sample[key] for sample in samples if key in sample], key)
            for key in named
        }
        start: Schema = {"type": "object", "required": required} if required else {"type": "object"}
        unnamed = [sample[key] for sample in samples for key in sample if key not in properties]
        # A key that is a credential is data, and must not become the name of a property.
        others = {"additionalProperties": self.schema(unnamed, item_name(name))} if unnamed else {}
        return {**start, **({"properties": properties} if properties else {}), **others}

    def _array(self, samples: Sequence[list[Any]], name: str) -> Schema:
        items = [item for sample in samples for item in sample]
        if not items:
            return Noted(
                {"type": "array", "items": {}}, "the list was empty: what does it contain?"
            )
        return {"type": "array", "items": self.schema(items, item_name(name))}

    def _string(self, samples: Sequence[str], name: str) -> Schema:
        values = list(dict.fromkeys(samples))
        if is_secret_name(name) or holds_secret(values, self.secrets):
            return {"type": "string"}
        for known, pattern in _FORMATS:
            if all(pattern.fullmatch(value) for value in values):
                return _described(
                    {"type": "string", "format": known},
                    self._id_text(name) if known == "uuid" else "",
                )
        if name == "object" and len(values) == 1:
            # In many APIs, this property contains the type of its object.
            tag: Schema = {"enum": values} if self.version == "3.0" else {"const": values[0]}
            return {"type": "string"} | tag
        if _is_enum(samples, values, name):
            return Noted(
                {"type": "string", "enum": sorted(values)},
                "the values of the samples: are there others?",
            )
        return _described({"type": "string"}, self._id_text(name))

    def _id_text(self, name: str) -> str:
        words = [word.lower() for word in split_words(name)]
        if words[-1:] != ["id"]:
            return ""
        owner = " ".join(words[:-1]) or self.owner
        return f"Id of the {owner}." if owner and owner not in _NOT_THINGS else ""


def _like(schema: Schema, changed: Schema) -> Schema:
    return Noted(changed, schema.todo) if isinstance(schema, Noted) else changed


def _described(schema: Schema, text: str) -> Schema:
    return {"description": text, **schema} if text else schema


def _kind(value: Any) -> str:
    match value:
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case FilePart():
            return "file"
        case _:
            return "object"


def _is_map(keys: Sequence[str], samples: Sequence[dict[str, Any]]) -> bool:
    """Whether keys are data rather than names: ids or numbers with values of one kind."""
    kinds = {_kind(value) for sample in samples for value in sample.values() if value is not None}
    return len(kinds) == 1 and all(looks_like_id(key) for key in keys)


def _is_enum(samples: Sequence[str], values: Sequence[str], name: str) -> bool:
    return (
        len(samples) >= _ENOUGH
        and 1 < len(values) <= min(_MOST, len(samples) // 2)
        and split_words(name)[-1:] not in (("id",), ("name",))
        and all(_WORD.fullmatch(value) and len(value) <= 40 for value in values)
    )


def _time_unit(samples: Sequence[int], name: str) -> str:
    """The unit of Unix times in words, if name and values suggest Unix times."""
    if not _TIME_WORDS.intersection(word.lower() for word in split_words(name)):
        return ""
    fitting = (text for span, text in _TIMES if all(sample in span for sample in samples))
    return next(fitting, "")


_IDS = re.compile(
    r"\d+"
    r"|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
    r"|(?=\w*\d)[0-9a-fA-F]{12,}"
    r"|[A-Za-z]{1,16}[_-](?=[A-Za-z0-9_-]*\d)[A-Za-z0-9_-]{5,}"  # asst_abc123
    r"|[a-z]{1,16}_(?=[A-Za-z0-9]*[A-Z])(?=[A-Za-z0-9]*[a-z])[A-Za-z0-9]{8,}"
    r"|(?=[^/]*\d)(?=[^/]*[A-Za-z])[\w.:~-]{16,}"
    r"|[^@\s/]+@[^@\s/]+\.[a-z]+"
)
_VERSION = re.compile(r"\d{4}-\d\d-\d\d(?:-\w+)?|v\d.*", re.IGNORECASE)
_WORDS = re.compile(r"[a-z]+\d{0,2}(?:[_.-][a-z]+\d{0,2})*")


def looks_like_id(text: str) -> bool:
    """Whether a string looks like an id: `42`, `asst_abc123`, a UUID."""
    if _VERSION.fullmatch(text) or _WORDS.fullmatch(text):
        return False
    return bool(_IDS.fullmatch(text)) or looks_secret(text)
