"""`specloom ir`: the reading, all names, and every clash."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from specloom.commands import main

TEXT = """
openapi: 3.2.0
info: {title: T, version: "1"}
paths:
  /pets/{id}:
    put:
      operationId: putPet
      tags: [pets]
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: id, in: query, schema: {type: string}}
        - {name: X-Trace, in: header, schema: {type: string}}
        - {name: limit, in: query, schema: {type: integer}}
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses:
        "200":
          content: {application/json: {schema: {$ref: '#/components/schemas/pet'}}}
  /chat:
    post:
      operationId: chat
      requestBody:
        content: {application/json: {schema: {properties: {stream: {type: boolean}}}}}
      responses:
        "200":
          content:
            application/json: {schema: {type: string}}
            text/event-stream: {itemSchema: {type: string}}
components:
  schemas:
    Pet: {properties: {home: {$ref: '#/components/schemas/Home'}, first-name: {type: string}}}
    pet: {properties: {fooBar: {type: string}, foo_bar: {type: string}}}
    Home: {properties: {street: {type: string}}}
"""
PUT = "a.yaml#/paths/~1pets~1{id}/put"
SCHEMAS = "a.yaml#/components/schemas"


@pytest.fixture
def printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    return ir_of(tmp_path, monkeypatch)


def ir_of(folder: Path, monkeypatch: pytest.MonkeyPatch, *options: str) -> dict[str, Any]:
    monkeypatch.chdir(folder)
    Path("a.yaml").write_text(TEXT, encoding="utf-8")
    result = CliRunner().invoke(main, ["ir", "a.yaml", *options])
    assert result.exit_code == 0, result.output
    loaded: dict[str, Any] = json.loads(result.stdout)
    return loaded


def test_the_ir(printed: dict[str, Any]) -> None:
    assert printed["api"]["is"] == "Api"
    assert set(printed["api"]["types"]) == {f"{SCHEMAS}/{name}" for name in ("Pet", "pet", "Home")}


def test_names(printed: dict[str, Any]) -> None:
    names = printed["names"]
    given = {"Pet": "Pet", "pet": "Pet2", "Home": "Home"}
    assert names["types"] == {f"{SCHEMAS}/{name}": text for name, text in given.items()}
    assert names["params"] == {f"{SCHEMAS}/Home": "HomeParam"}
    assert names["methods"] == {
        "a.yaml#/paths/~1chat/post": "client.chat.create",
        PUT: "client.pets.update",
    }
    assert names["fields"] == {
        f"{SCHEMAS}/Pet": {"first-name": "first_name"},
        f"{SCHEMAS}/pet": {"fooBar": "foo_bar_2"},
    }
    assert names["arguments"] == {
        PUT: {
            "query": {"id": "query_id"},
            "header": {"X-Trace": "x_trace"},
            "body": {"first-name": "first_name"},
        }
    }


def test_clashes_with_their_results(printed: dict[str, Any]) -> None:
    clashes = {clash["pointer"]: (clash["wanted"], clash["given"]) for clash in printed["clashes"]}
    assert clashes == {
        f"{SCHEMAS}/pet": ("Pet", "Pet2"),
        f"{SCHEMAS}/pet/properties/fooBar": ("foo_bar", "foo_bar_2"),
        f"{PUT}/parameters/1": ("id", "query_id"),
    }


def test_what_was_seen_by_shape(printed: dict[str, Any]) -> None:
    (seen,) = printed["seen"]
    assert (seen["operation"], seen["x-sdk"]) == ("chat", {"stream": {"when": "stream"}})


def test_a_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    part = ir_of(tmp_path, monkeypatch, "--only", "chat")
    assert (part["api"]["types"], part["names"]["types"], part["clashes"]) == ({}, {}, [])
    assert list(part["names"]["methods"].values()) == ["client.chat.create"]
