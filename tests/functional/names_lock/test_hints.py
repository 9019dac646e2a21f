"""The names lock wins over extensions of other generators."""

from __future__ import annotations

from pathlib import Path

from functional.names_lock.depot import lock, names, run

DESCRIPTION = """\
openapi: 3.1.0
info: {title: Shop, version: "1"}
paths:
  /parts/{id}:
    get:
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: id, in: query, ID, schema: {type: string}}
        - {name: X-User, in: header, x-fern-parameter-name: USER, schema: {type: string}}
        - {name: X-Shop, in: header, SHOP, schema: {type: string}}
      responses:
        "200":
          description: found
          content: {application/json: {schema: {$ref: "#/components/schemas/Part"}}}
components:
  schemas:
    Part: {type: object, TYPE, properties: {id: {type: string}}}
"""
PLAIN = {"ID, ": "", "USER": "user", "SHOP, ": "", "TYPE, ": ""}


def _describe(changes: dict[str, str]) -> None:
    text = DESCRIPTION
    for mark, said in {**PLAIN, **changes}.items():
        text = text.replace(mark, said)
    Path("depot.yaml").write_text(text)


def test_a_locked_name_stays_where_an_extension_names_it_otherwise() -> None:
    _describe({})
    assert run().exit_code == 0
    assert "GET /parts/{id} query id: query_id" in lock()
    assert "GET /parts/{id} header X-User: user" in lock()
    _describe(
        {
            "ID, ": "x-fern-parameter-name: other, ",
            "USER": "owner",
            "SHOP, ": "x-sdk: {name: store}, ",
            "TYPE, ": "x-fern-type-name: Piece, ",
        }
    )
    now = names()
    (arguments,) = now.arguments.values()
    assert arguments == {
        ("path", "id"): "id",
        ("query", "id"): "query_id",
        ("header", "X-User"): "user",
        ("header", "X-Shop"): "store",
    }
    assert list(now.types.values()) == ["Part"]
    _describe({"USER": "user, x-sdk: {name: owner}"})
    (arguments,) = names().arguments.values()
    assert arguments["header", "X-User"] == "owner"
