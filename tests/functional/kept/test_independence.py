"""No operation has a say in what another one is: in its types, their names, what is told of them."""

from __future__ import annotations

import copy
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from specloom.errors import as_text
from specloom.lower.limits import Budget
from specloom.options import BuildOptions
from specloom.pipeline import build
from specloom.reading.suggest import Suggestions
from specloom.writing.cache import FOLDER, Cache
from specloom.writing.output import apply, plan_output

pytestmark = pytest.mark.slow

Json = dict[str, Any]
INNER: Json = {"type": "object", "properties": {"x": {"type": "string"}}}


def content(schema: Json) -> Json:
    """A body of JSON."""
    return {"content": {"application/json": {"schema": schema}}}


def shared(kind: str, name: str) -> Json:
    """A reference to a component."""
    return {"$ref": f"#/components/{kind}/{name}"}


def answering(response: Json, **more: Any) -> Json:
    """An operation that answers so."""
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


def assert_same(folder: Path, *documents: Json) -> None:
    """Each document, after those before it, makes what it makes by itself."""
    for document in documents:
        options = BuildOptions(unsaved=json.dumps(document))
        cache = Cache(folder)
        warm = build(folder / "spec.json", options, cache=cache)
        cold = build(folder / "spec.json", options, cache=Cache())
        assert warm.files == cold.files
        assert as_text(warm.problems) == as_text(cold.problems)
        apply(plan_output(warm.files, folder, warm.kept), force=True)
        cache.save()


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
def test_there_is_no_type_of_what_is_not_used(tmp_path: Path, what: str) -> None:
    document = described({"/a": UNUSED[what]})
    edited = copy.deepcopy(document)
    edited["paths"]["/b"] = {"get": answering(content(shared("schemas", "Pet")))}
    assert_same(tmp_path, document, edited)
    assert not (tmp_path / "shop_sdk" / "types" / "others.py").exists()


@pytest.mark.parametrize("name", ["_", "..", "Any"])
@pytest.mark.parametrize("schema", [INNER, {"oneOf": [INNER, {}]}], ids=["object", "anything"])
def test_who_is_gone_has_named_no_response(tmp_path: Path, name: str, schema: Json) -> None:
    response = {name: {"description": "Shared.", **content(schema)}}
    operation = {"responses": {"200": shared("responses", name)}}
    document = described({"/a": {"get": operation}, "/b": {"get": operation}}, responses=response)
    edited = copy.deepcopy(document)
    del edited["paths"]["/a"]
    assert_same(tmp_path, document, edited, document)


@pytest.mark.parametrize("more", [{}, {"x-sdk": {"name": "foo"}}], ids=["plain", "named"])
def test_webhooks_and_operations_call_a_shared_body_the_same(tmp_path: Path, more: Json) -> None:
    inner = {"type": "object", "properties": {"n": INNER}, **more}
    body = {"Push": content({"allOf": [inner]})}
    pushed = {"post": answering({}, requestBody=shared("requestBodies", "Push"))}
    without = described({"/push": pushed}, requestBodies=body)
    having = described({"/push": pushed}, requestBodies=body, webhooks={"pushed": pushed})
    assert_same(tmp_path, without, having, without)


def test_what_shared_components_cost_is_not_counted_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Budget.__init__, "__defaults__", (900,))
    wide = {"type": "object", "properties": {f"p{n}": {"type": "string"} for n in range(600)}}
    response = {"Wide": {"description": "Much.", **content(wide)}}
    operation = {"responses": {"200": shared("responses", "Wide")}}
    orders = ("a", "ba", "cba")
    assert_same(
        tmp_path,
        *(
            described({f"/{name}": {"get": operation} for name in order}, responses=response)
            for order in orders
        ),
    )


def test_slips_in_operations_take_no_suggestions_from_schemas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Suggestions.__init__, "__defaults__", (50,))
    big = {"type": "object", "properties": {f"prop{n}": {"type": "string"} for n in range(40)}}
    document = described({"/a": {"get": answering({})}})
    document["components"]["schemas"]["Big"] = {**big, "required": ["prop1x"]}
    edited = copy.deepcopy(document)
    edited["paths"]["/b"] = {"get": answering(content({**big, "required": ["prop2x"]}))}
    assert_same(tmp_path, document, edited)


def test_a_file_of_the_cache_is_not_taken_for_another(tmp_path: Path) -> None:
    document = described({"/a": {"get": answering(content(INNER))}})
    assert_same(tmp_path, document)
    files = sorted(path.name for path in (tmp_path / FOLDER).iterdir() if path.suffix != "")
    assert {"schemas.txt", "paths.txt", "classes.json"} <= set(files)
    for name in files:
        for other in files:
            shutil.copy(tmp_path / FOLDER / name, tmp_path / FOLDER / f"{other}.copy")
        for other in files:
            (tmp_path / FOLDER / f"{other}.copy").rename(tmp_path / FOLDER / other)
        assert_same(tmp_path, document)
