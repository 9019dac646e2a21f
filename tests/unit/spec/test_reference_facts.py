"""Side by side with the API's own description: its facts hold in ours, or are wanted changes.

The comparison walks both documents with every ``$ref`` followed and both dialects' ways to say
"or null" made one. A difference is named by the JSON Pointer of its place in *our* document, so
what is written once there is reported once. ``reference_facts.yaml`` lists the wanted ones.

The reference is found through SPECLOOM_REFERENCE, else in ``shared/reference`` beside the checkout.
Where it is absent only the comparison itself is tested, on changed copies of our description.
"""

from __future__ import annotations

import copy
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[3]
OURS = ROOT / "spec" / "assistants.yaml"
TABLES = Path(__file__).with_name("reference_facts.yaml")
BESIDE = ROOT.parent / "shared" / "reference" / "assistants-v1.openapi.yaml"
REFERENCE = Path(os.environ.get("SPECLOOM_REFERENCE", BESIDE))
needs_reference = pytest.mark.skipif(
    not REFERENCE.is_file(),
    reason="the API's reference is not here; set SPECLOOM_REFERENCE to its file to compare",
)

Json = dict[str, Any]
Differences = dict[str, str]
# Facts of a schema that are compared as they stand; the others have parts and are walked.
_PLAIN = {
    *("type", "format", "default", "pattern", "readOnly", "writeOnly", "deprecated"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *("minLength", "maxLength", "minItems", "maxItems", "uniqueItems"),
    *("minProperties", "maxProperties", "propertyNames"),
}
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_NOTHING = "nothing"


@dataclass(frozen=True)
class Place:
    """A value in a document, and the pointer that leads to it."""

    document: Json
    pointer: str
    value: Any

    def child(self, *keys: str | int) -> Place:
        value, pointer = self.value, self.pointer
        for key in keys:
            value = value[key]
            pointer = f"{pointer}/{escape(key)}"
        return Place(self.document, pointer, value)

    def follow(self) -> Place:
        """The place that a chain of ``$ref``s ends at."""
        place = self
        while "$ref" in place.value:
            keys = [unescape(token) for token in place.value["$ref"].split("/")[1:]]
            place = Place(self.document, "", self.document).child(*keys)
        return place


@dataclass(frozen=True)
class Schema:
    """A schema in one form, whatever the dialect: null-ness apart, const as enum, no wrappers."""

    place: Place
    nullable: bool
    facts: Json = field(default_factory=dict)

    @classmethod
    def at(cls, place: Place) -> Schema:
        nullable = False
        while True:
            value = place.value
            nullable = nullable or value.get("nullable") is True or "null" in value.get("type", "")
            if "$ref" in value:
                place = Place(place.document, place.pointer, {"$ref": value["$ref"]}).follow()
                continue
            members = cls._members(place)
            rest = [member for member in members if member.value.get("type") != "null"]
            nullable = nullable or len(rest) < len(members)
            if len(rest) != 1:
                return cls(place, nullable, cls._facts(value))
            place = rest[0]

    @staticmethod
    def _members(place: Place) -> list[Place]:
        key = "oneOf" if "oneOf" in place.value else "anyOf"
        return [place.child(key, i) for i in range(len(place.value.get(key, [])))]

    @staticmethod
    def _facts(value: Json) -> Json:
        facts = {key: value[key] for key in value if key in _PLAIN}
        if isinstance(facts.get("type"), list):
            names = [name for name in facts["type"] if name != "null"]
            facts["type"] = names[0] if len(names) == 1 else names
        if "oneOf" in value or "anyOf" in value:
            facts.pop("type", None)  # says nothing that the members do not say
        return facts

    @property
    def variants(self) -> tuple[str, list[Place]]:
        """``oneOf`` or ``anyOf``, and the members; an empty word where there are none."""
        members = [m for m in self._members(self.place) if m.value.get("type") != "null"]
        word = "oneOf" if "oneOf" in self.place.value else "anyOf"
        return (word if members else "", members)

    @property
    def enum(self) -> set[Any]:
        value = self.place.value
        listed = [value["const"]] if "const" in value else value.get("enum", [])
        return {entry for entry in listed if entry is not None}


class Comparison:
    """Collects in ``found`` where two documents say different things: pointer → what."""

    def __init__(self, reference: Json, ours: Json) -> None:
        self.found: Differences = {}
        self._seen: set[tuple[str, str]] = set()
        self._reference = Place(reference, "", reference)
        self._ours = Place(ours, "", ours)

    def run(self) -> Differences:
        reference, ours = self._reference, self._ours
        self._values(
            ours.pointer + "/info/version",
            reference.value["info"]["version"],
            ours.value["info"]["version"],
        )
        self._values("/security", reference.value["security"], ours.value["security"])
        servers = [[server["url"] for server in p.value["servers"]] for p in (reference, ours)]
        self._values("/servers", *servers)
        schemes = "components", "securitySchemes"
        for name in self._common(reference.child(*schemes), ours.child(*schemes)):
            pair = [
                {k: v for k, v in p.child(*schemes, name).value.items() if k != "description"}
                for p in (reference, ours)
            ]
            self._values(f"/components/securitySchemes/{name}", *pair)
        for path in self._common(reference.child("paths"), ours.child("paths")):
            self._path(reference.child("paths", path), ours.child("paths", path))
        self._component_schemas(reference, ours)
        return self.found

    def _component_schemas(self, reference: Place, ours: Place) -> None:
        schemas = "components", "schemas"
        for name in reference.child(*schemas).value:
            if name in ours.child(*schemas).value:
                self._schema(reference.child(*schemas, name), ours.child(*schemas, name))
            else:
                self._note(f"/components/schemas/{name}", "a schema", _NOTHING)

    def _path(self, reference: Place, ours: Place) -> None:
        for method in _METHODS:
            if method in reference.value and method in ours.value:
                self._operation(reference, ours, method)
            elif method in reference.value or method in ours.value:
                states = [
                    "an operation" if method in p.value else _NOTHING for p in (reference, ours)
                ]
                self._note(f"{ours.pointer}/{method}", *states)

    def _operation(self, reference_item: Place, our_item: Place, method: str) -> None:
        reference, ours = reference_item.child(method), our_item.child(method)
        for key in ("operationId", "tags", "deprecated", "security"):
            self._values(f"{ours.pointer}/{key}", reference.value.get(key), ours.value.get(key))
        self._parameters(
            parameters_of(reference_item, reference), parameters_of(our_item, ours), ours.pointer
        )
        self._request(reference, ours)
        for status in self._common(reference.child("responses"), ours.child("responses")):
            self._content(
                reference.child("responses", status).follow(),
                ours.child("responses", status).follow(),
            )

    def _parameters(
        self, reference: dict[str, Place], ours: dict[str, Place], operation: str
    ) -> None:
        for key in reference.keys() - ours.keys():
            self._note(f"{operation}/parameters/{key}", "a parameter", _NOTHING)
        for key in ours.keys() - reference.keys():
            self._note(ours[key].pointer, _NOTHING, "a parameter")
        for key in reference.keys() & ours.keys():
            theirs, our = reference[key], ours[key]
            for word in ("required", "style", "explode", "allowReserved"):
                pair = theirs.value.get(word, False), our.value.get(word, False)
                self._values(f"{our.pointer}/{word}", *pair)
            self._schema(theirs.child("schema"), our.child("schema"))

    def _request(self, reference: Place, ours: Place) -> None:
        present = [isinstance(p.value.get("requestBody"), dict) for p in (reference, ours)]
        pointer = f"{ours.pointer}/requestBody"
        self._values(pointer, *present)
        if all(present):
            theirs, our = (p.child("requestBody").follow() for p in (reference, ours))
            self._values(
                f"{pointer}/required",
                theirs.value.get("required", False),
                our.value.get("required", False),
            )
            self._content(theirs, our)

    def _content(self, reference: Place, ours: Place) -> None:
        for media_type in self._common(reference.child("content"), ours.child("content")):
            keys = "content", media_type, "schema"
            self._schema(reference.child(*keys), ours.child(*keys))

    def _schema(self, reference_place: Place, our_place: Place) -> None:
        reference, ours = Schema.at(reference_place), Schema.at(our_place)
        self._values(f"{our_place.pointer}/nullable", reference.nullable, ours.nullable)
        pair = reference.place.pointer, ours.place.pointer
        if pair in self._seen:
            return
        self._seen.add(pair)
        for key in reference.facts.keys() | ours.facts.keys():
            self._values(
                f"{ours.place.pointer}/{key}",
                reference.facts.get(key, _NOTHING),
                ours.facts.get(key, _NOTHING),
            )
        self._members(f"{ours.place.pointer}/enum", reference.enum, ours.enum)
        self._object(reference.place, ours.place)
        self._variants(reference, ours)
        if "items" in reference.place.value and "items" in ours.place.value:
            self._schema(reference.place.child("items"), ours.place.child("items"))
        elif "items" in reference.place.value or "items" in ours.place.value:
            self._note(f"{ours.place.pointer}/items", "items here", "or only there")

    def _object(self, reference: Place, ours: Place) -> None:
        required = [set(p.value.get("required", [])) for p in (reference, ours)]
        self._members(f"{ours.pointer}/required", *required)
        empty: Json = {"properties": {}}
        theirs, our = (
            p if "properties" in p.value else Place(p.document, p.pointer, empty)
            for p in (reference, ours)
        )
        for name in self._common(theirs.child("properties"), our.child("properties")):
            self._schema(theirs.child("properties", name), our.child("properties", name))
        extra = [p.value.get("additionalProperties", _NOTHING) for p in (reference, ours)]
        if all(isinstance(entry, dict) for entry in extra):
            self._schema(*(p.child("additionalProperties") for p in (reference, ours)))
        else:
            self._values(f"{ours.pointer}/additionalProperties", *extra)

    def _variants(self, reference: Schema, ours: Schema) -> None:
        (their_word, theirs), (our_word, our) = reference.variants, ours.variants
        pointer = f"{ours.place.pointer}/{our_word or their_word}"
        self._values(pointer, (their_word, len(theirs)), (our_word, len(our)))
        if len(theirs) == len(our):
            for their_member, our_member in zip(theirs, our, strict=True):
                self._schema(their_member, our_member)

    def _common(self, reference: Place, ours: Place) -> list[str]:
        """The keys that both objects have; the others are differences."""
        for key in reference.value.keys() - ours.value.keys():
            self._note(f"{ours.pointer}/{escape(key)}", "declared", _NOTHING)
        for key in ours.value.keys() - reference.value.keys():
            place = ours.child(key)
            place = place.follow() if isinstance(place.value, dict) else place
            self._note(place.pointer, _NOTHING, "declared")
        return [key for key in reference.value if key in ours.value]

    def _members(self, pointer: str, reference: set[Any], ours: set[Any]) -> None:
        for entry in reference - ours:
            self._note(f"{pointer}/{escape(entry)}", "listed", _NOTHING)
        for entry in ours - reference:
            self._note(f"{pointer}/{escape(entry)}", _NOTHING, "listed")

    def _values(self, pointer: str, reference: Any, ours: Any) -> None:
        if reference != ours or isinstance(reference, bool) != isinstance(ours, bool):
            self._note(pointer, reference, ours)

    def _note(self, pointer: str, reference: Any, ours: Any) -> None:
        self.found[pointer] = f"reference: {reference!r}, ours: {ours!r}"


def parameters_of(item: Place, operation: Place) -> dict[str, Place]:
    """The parameters of an operation by ``location.name``, those of its path included."""
    found = {}
    for holder in (item, operation):
        for index in range(len(holder.value.get("parameters", []))):
            place = holder.child("parameters", index).follow()
            found[f"{place.value['in']}.{place.value['name']}"] = place
    return found


def escape(key: object) -> str:
    return str(key).replace("~", "~0").replace("/", "~1")


def unescape(token: str) -> str:
    return token.replace("~1", "/").replace("~0", "~")


@cache
def load(path: Path) -> Any:
    with path.open(encoding="utf-8") as stream:
        return yaml.load(stream, Loader=yaml.CSafeLoader)


def wanted() -> dict[str, str]:
    """The wanted differences: pointer → reason."""
    return {p: group["reason"] for group in load(TABLES)["wanted"] for p in group["pointers"]}


def sentences(node: Any) -> Iterator[str]:
    """The sentences of every summary and description in a document, in plain lower case."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("summary", "description") and isinstance(value, str):
                for sentence in re.split(r"(?<=[.!?])\s+", " ".join(value.split())):
                    yield re.sub(r"[^\w ]", "", sentence).lower()
            else:
                yield from sentences(value)
    elif isinstance(node, list):
        for value in node:
            yield from sentences(value)


@needs_reference
def test_differs_from_the_reference_only_where_wanted() -> None:
    found = Comparison(load(REFERENCE), load(OURS)).run()
    assert {pointer: what for pointer, what in found.items() if pointer not in wanted()} == {}


@needs_reference
def test_every_intended_difference_exists() -> None:
    found = Comparison(load(REFERENCE), load(OURS)).run()
    assert [pointer for pointer in wanted() if pointer not in found] == []


@needs_reference
def test_no_sentence_is_the_references() -> None:
    theirs = {sentence for sentence in sentences(load(REFERENCE)) if sentence}
    assert [sentence for sentence in sentences(load(OURS)) if sentence in theirs] == []


def test_every_intended_difference_has_a_reason_and_is_unique() -> None:
    pointers = [pointer for group in load(TABLES)["wanted"] for pointer in group["pointers"]]
    assert len(pointers) == len(set(pointers))
    assert all(group["reason"].strip() for group in load(TABLES)["wanted"])


def test_a_document_does_not_differ_from_itself() -> None:
    assert Comparison(load(OURS), copy.deepcopy(load(OURS))).run() == {}


@pytest.mark.parametrize(("place", "value", "difference"), load(TABLES)["notices"])
def test_notices(place: str, value: Any, difference: str) -> None:
    changed = copy.deepcopy(load(OURS))
    *parents, last = (unescape(token) for token in place.split("/"))
    holder = changed
    for key in parents:
        holder = holder[int(key)] if isinstance(holder, list) else holder[key]
    index: Any = int(last) if isinstance(holder, list) else last
    if value is None:
        del holder[index]
    else:
        holder[index] = value
    assert difference in Comparison(load(OURS), changed).run()


def test_notices_a_missing_schema() -> None:
    reference = copy.deepcopy(load(OURS))
    reference["components"]["schemas"]["FileObject"] = {"type": "object"}
    assert list(Comparison(reference, load(OURS)).run()) == ["/components/schemas/FileObject"]
