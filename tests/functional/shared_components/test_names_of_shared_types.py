"""The types of an operation do not depend on other operations."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from specloom.lower.type_refs import Budget
from specloom.options import BuildOptions
from specloom.pipeline import read

Json = dict[str, Any]
INNER: Json = {"type": "object", "properties": {"x": {"type": "string"}}}


def content(schema: Json) -> Json:
    """A body of JSON."""
    return {"content": {"application/json": {"schema": schema}}}


def shared(kind: str, name: str) -> Json:
    """A reference to a component."""
    return {"$ref": f"#/components/{kind}/{name}"}


def answering(response: Json, **more: Any) -> Json:
    """An operation with this response."""
    return {"responses": {"200": {"description": "Yes.", **response}}, **more}


def described(paths: Json, **more: Any) -> Json:
    """A description with these paths; ``more`` are components, and webhooks."""
    webhooks = more.pop("webhooks", {})
    pet = {"Pet": {"type": "object", "properties": {"name": {"type": "string"}}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Shop", "version": "1"},
        "servers": [{"url": "https://shop.example.com"}],
        "paths": paths,
        "webhooks": webhooks,
        "components": {"schemas": pet, **more},
    }


def types_of(document: Json) -> set[str]:
    """The names of all types."""
    reading = read(Path("spec.json"), BuildOptions(unsaved=json.dumps(document)))
    return set(reading.names.types.values())


EVENTS = {"content": {"text/event-stream": {"schema": INNER}}}
UNUSED: dict[str, Json] = {
    "what a response to HEAD would be": {"head": answering(content(INNER))},
    "a property of a body that is only read": {
        "post": answering(
            {},
            requestBody=content(
                {"type": "object", "properties": {"id": {"readOnly": True, **INNER}}}
            ),
        )
    },
    "a variant of what may be anything": {"get": answering(content({"oneOf": [INNER, {}]}))},
    "events that x-sdk describes again": {
        "get": answering(EVENTS, **{"x-sdk": {"stream": {"events": shared("schemas", "Pet")}}})
    },
}


@pytest.mark.parametrize("what", UNUSED)
def test_unused_schemas_have_no_type(what: str) -> None:
    assert types_of(described({"/a": UNUSED[what]})) == {"Pet"}


@pytest.mark.parametrize("name", ["_", "..", "Any"])
def test_who_is_gone_has_named_no_response(name: str) -> None:
    response = {name: {"description": "Shared.", **content(INNER)}}
    operation = {"responses": {"200": shared("responses", name)}}
    document = described({"/a": {"get": operation}, "/b": {"get": operation}}, responses=response)
    edited = copy.deepcopy(document)
    del edited["paths"]["/a"]
    assert len(types_of(document)) == 2
    assert types_of(edited) == types_of(document)


@pytest.mark.parametrize("more", [{}, {"x-sdk": {"name": "foo"}}], ids=["plain", "named"])
def test_webhooks_and_operations_call_a_shared_body_the_same(more: Json) -> None:
    inner = {"type": "object", "properties": {"n": INNER}, **more}
    body = {"Push": content({"allOf": [inner]})}
    pushed = {"post": answering({}, requestBody=shared("requestBodies", "Push"))}
    without = described({}, requestBodies=body, webhooks={"pushed": pushed})
    having = described({"/push": pushed}, requestBodies=body, webhooks={"pushed": pushed})
    assert types_of(without) == types_of(having)


def test_what_shared_components_cost_is_not_counted_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Budget.__init__, "__defaults__", (900,))
    wide = {"type": "object", "properties": {f"p{n}": {"type": "string"} for n in range(600)}}
    response = {"Wide": {"description": "Much.", **content(wide)}}
    operation = {"responses": {"200": shared("responses", "Wide")}}
    document = described({f"/{name}": {"get": operation} for name in "abc"}, responses=response)
    assert len(types_of(document)) == 2
