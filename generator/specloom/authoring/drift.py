"""Finds what recordings show and the description lacks, as actions of an Overlay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from specloom.authoring.compare import Difference, Kind, differences, is_of
from specloom.authoring.conventions import Conventions, Known
from specloom.authoring.exchange import DONE, FORMS, Body, Exchange, typed, typed_alike
from specloom.authoring.infer import Inference
from specloom.authoring.known_schemas import KnownSchemas
from specloom.authoring.overlay_fixes import Action, actions_for_null, actions_for_values, path_of
from specloom.authoring.routes import base_urls, below_base, matching
from specloom.authoring.secrets import holds_secret, is_secret_name, redacted_text
from specloom.description.document import Document
from specloom.description.node import Node
from specloom.description.overlay import Patch
from specloom.description.places import Places
from specloom.description.tree import child, split
from specloom.errors import Problems
from specloom.lower.shape import shape_of
from specloom.runtime.media_types import essence

_MOST_ROUNDS = 10


@dataclass(frozen=True, slots=True)
class Seen:
    """A difference, and its place in a recording: `file#pointer`."""

    difference: Difference
    where: str


@dataclass
class Drift:
    """The actions of an overlay, and warnings for violations that no action can fix."""

    actions: list[Action] = field(default_factory=list[Action])
    problems: Problems = field(default_factory=Problems)


def drift_of(document: Document, exchanges: Sequence[Exchange]) -> Drift:
    """Compare exchanges with a description.

    Each round applies the actions so far, and finds further ones, until a round finds none.
    """
    drift = Drift()
    drift.problems.locator = Places(document)
    for number in range(_MOST_ROUNDS):
        comparison = _Comparison(document, exchanges)
        seen = list(comparison.seen())
        if number == 0:
            _tell_of_unknown(comparison, drift)
        found = _actions(document, seen, exchanges)
        actions = [action for action in found if action not in drift.actions]
        if not actions:
            break
        drift.actions += actions
        document = _patched(document, actions)
    _tell_of_rest(seen, document, drift, _secrets(exchanges))
    return drift


def _patched(document: Document, actions: Sequence[Action]) -> Document:
    patch = Patch(document, Problems())
    for action in actions:
        path = tuple(action.path)
        if action.is_removal:
            patch.remove([path], f"{document.entry}#")
        else:
            patch.update(path, action.update, f"{document.entry}#")
    return patch.document


@dataclass
class _Comparison:
    """Compares all exchanges. `unknown` are exchanges that the description lacks, with messages."""

    document: Document
    exchanges: Sequence[Exchange]
    unknown: list[tuple[Exchange, str]] = field(default_factory=list[tuple[Exchange, str]])

    def __post_init__(self) -> None:
        self.conventions = Conventions(
            Node(self.document, f"{self.document.entry}#", self.document.root)
        )
        self.bases = base_urls(self.document.root)

    def seen(self) -> Iterator[Seen]:
        """All differences, in the order of the exchanges."""
        for exchange in self.exchanges:
            known = self._operation(exchange)
            if known is None:
                path, _ = below_base(exchange.path, exchange.origin, self.bases)
                path = redacted_text(path, exchange.secrets)
                self.unknown.append((exchange, f"the description lacks {exchange.method} {path}"))
                continue
            # A refused request may be wrong: it says nothing about the description.
            if exchange.is_success:
                yield from self._of_query(known, exchange)
                yield from self._of_request(known, exchange)
            yield from self._of_response(known, exchange)

    def _operation(self, exchange: Exchange) -> Known | None:
        path, _ = below_base(exchange.path, exchange.origin, self.bases)
        same = [one for one in self.conventions.operations if one.method == exchange.method.lower()]
        route = matching(path, [one.path for one in same])
        return next((one for one in same if route and one.path == route.template), None)

    def _of_request(self, known: Known, exchange: Exchange) -> Iterator[Seen]:
        if exchange.request is not None:
            body = known.node.get("requestBody")
            yield from self._of_body(body, exchange.request, exchange, "/request/body")

    def _of_response(self, known: Known, exchange: Exchange) -> Iterator[Seen]:
        responses = known.node.get("responses")
        code = str(exchange.status)
        declared = responses.value if responses is not None else {}
        key = next((one for one in (code, f"{code[0]}XX", "default") if one in declared), None)
        if responses is None or key is None:
            what = f"the description lacks the status {code} of {exchange.method} {known.path}"
            self.unknown.append((exchange, what))
        elif exchange.response is not None:
            yield from self._of_body(
                responses.child(key), exchange.response, exchange, "/response/json"
            )

    def _of_body(
        self, owner: Node | None, body: Body, exchange: Exchange, at: str
    ) -> Iterator[Seen]:
        """The differences between a body and the schema of its media type."""
        for media_type, media in owner.follow().items_of("content") if owner is not None else ():
            if essence(media_type) != body.media_type:
                continue
            schema = media.get("itemSchema") if body.is_stream else None
            schema = schema or media.get("schema")
            for sample, value in self._values(body, schema) if schema is not None else ():
                assert schema is not None
                yield from _placed(differences(schema, value, f"{at}{sample}"), exchange)

    def _values(self, body: Body, schema: Node) -> list[tuple[str, Any]]:
        if body.is_stream:
            is_whole = _has_envelope(schema)
            events = [one for one in body.value if one["data"] != DONE]
            return [("", one if is_whole else one["data"]) for one in events]
        if not body.is_structured or (body.media_type not in FORMS and isinstance(body.value, str)):
            return []
        if body.media_type in FORMS:
            return [("", _typed_fields(body.value, schema))]
        return [("", body.value)]

    def _of_query(self, known: Known, exchange: Exchange) -> Iterator[Seen]:
        declared = {
            one.text("name"): one
            for one in (entry.follow() for entry in known.parameters)
            if one.text("in") == "query"
        }
        patterns = [name.partition("[")[0] for name in declared]
        for name, text in exchange.query:
            at = f"/request/query/{name}"
            schema = declared[name].get("schema") if name in declared else None
            if schema is not None:
                value = _typed_as(text, schema)
                yield from _placed(differences(schema, value, at), exchange)
            elif name.partition("[")[0] not in patterns and not is_secret_name(name):
                # `filter[a]=1` is the parameter `filter` in another style.
                found = Difference("field", child(known.node.pointer, "parameters"), name, at, text)
                yield from _placed([found], exchange)


def _placed(found: Any, exchange: Exchange) -> Iterator[Seen]:
    for one in found:
        tokens = [redacted_text(token, exchange.secrets) for token in split(f"#{one.sample}")[1]]
        yield Seen(one, reduce(child, tokens, f"{exchange.place.file}#"))


def _has_envelope(schema: Node) -> bool:
    """Whether events are described whole, with `event` and `data`."""
    shape = shape_of(schema)
    if {"event", "data"} <= shape.properties.keys():
        return True
    members = [one for group in shape.variants for one in group]
    return bool(members) and all(_has_envelope(one) for one in members)


def _typed_as(text: Any, schema: Node) -> Any:
    """A string converted to the type of the schema, or unchanged if that is a string."""
    shape = shape_of(schema)
    if not isinstance(text, str):
        return text
    if shape.is_array:
        parts = text.split(",") if shape.item_at(0) else [text]
        return [
            _typed_as(one, declared) if (declared := shape.item_at(index)) else one
            for index, one in enumerate(parts)
        ]
    members = [shape_of(one) for group in shape.variants for one in group]
    types = {name for one in (shape, *members) for name in one.types}
    value = typed(text)
    return value if not types or any(is_of(name, value) for name in types) else text


def _typed_fields(value: Any, schema: Node) -> Any:
    properties = shape_of(schema).properties
    if not isinstance(value, dict):
        return value
    return {
        key: _typed_as(one, properties[key]) if key in properties else one
        for key, one in value.items()
    }


# From differences to actions


def _grouped(seen: Sequence[Seen]) -> Iterator[tuple[tuple[Kind, str, str], list[Seen]]]:
    """The observed values, grouped by the place in the description."""
    groups: dict[tuple[Kind, str, str], list[Seen]] = {}
    for one in seen:
        found = one.difference
        groups.setdefault((found.kind, found.pointer, found.key), []).append(one)
    yield from groups.items()


def _actions(
    document: Document, seen: Sequence[Seen], exchanges: Sequence[Exchange]
) -> Iterator[Action]:
    secrets = _secrets(exchanges)
    conventions = Conventions(Node(document, f"{document.entry}#", document.root))
    inference = Inference(document.version, KnownSchemas(conventions).find, "", secrets)
    for (kind, pointer, key), group in _grouped(seen):
        if split(pointer)[0] != document.entry or holds_secret(key, secrets):
            continue
        values = [one.difference.value for one in group]
        text = _summary(group)
        if kind == "field" and pointer.endswith("/parameters"):
            schema = inference.schema(typed_alike(values), key)
            parameter = {"name": key, "in": "query", "schema": schema}
            yield Action(path_of(pointer)[:-1], {"parameters": [parameter]}, text)
        elif kind == "field":
            update = {"properties": {key: inference.schema(values, key)}}
            yield Action(path_of(pointer), update, text)
        elif kind == "null":
            yield from actions_for_null(document, pointer, text)
        elif kind == "value":
            safe = [one for one in values if not holds_secret(one, secrets)]
            yield from actions_for_values(document, pointer, safe, text)


def _secrets(exchanges: Sequence[Exchange]) -> frozenset[str]:
    return frozenset(secret for one in exchanges for secret in one.secrets)


def _summary(group: Sequence[Seen]) -> str:
    """The place of an observation, without the value."""
    files = list(dict.fromkeys(one.where.partition("#")[0] for one in group))
    more = f" and {len(files) - 1} more" if len(files) > 1 else ""
    return f"Seen in {files[0]}{more}."


# Violations that no action fixes


def _tell_of_unknown(comparison: _Comparison, drift: Drift) -> None:
    for message, count in Counter(message for _, message in comparison.unknown).items():
        place = next(one.place for one, text in comparison.unknown if text == message)
        hint = "add it: specloom add --recording FILE" if "the status" not in message else ""
        times = f", {count} times" if count > 1 else ""
        drift.problems.warning(
            "undescribed-exchange", f"{message}{times}", hint=hint, location=place
        )


_BROKEN = {
    "missing": "the required property {key!r} is missing",
    "type": "a value is of another type",
    "variant": "a value of {key!r} matches no member of the union",
    "field": "the property {key!r} is not declared",
    "null": "null is not allowed, but was seen",
    "value": "an undeclared value looks like a credential",
}


def _tell_of_rest(
    seen: Sequence[Seen], document: Document, drift: Drift, secrets: frozenset[str]
) -> None:
    for (kind, pointer, key), group in _grouped(seen):
        elsewhere = split(pointer)[0] != document.entry
        message = _BROKEN[kind].format(key=redacted_text(key, secrets))
        hint = "an overlay can change the entry document only: edit this file" if elsewhere else ""
        where = f" ({group[0].where}"
        where += f" and {len(group) - 1} more)" if len(group) > 1 else ")"
        drift.problems.warning("broken-contract", message + where, pointer, hint)
