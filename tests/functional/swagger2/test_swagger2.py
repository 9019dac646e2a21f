"""Swagger 2.0: parameters, bodies, forms, files, responses, servers and security."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from specloom.commands import main
from specloom.options import BuildOptions
from specloom.pipeline import build
from support.generated import Sdk
from support.loopback import Loopback
from support.typecheck import mypy_errors

HERE = Path(__file__).parent


@pytest.fixture
def client(sdk: Sdk, server: Loopback) -> Any:
    return sdk.client(server.base_url, api_key="k", basic_auth=("ann", "pass"), grant="token")


def test_a_query_is_joined_as_its_collection_format_says(client: Any, server: Loopback) -> None:
    server.answer([{"id": "1", "name": "n", "weight": None}])
    found = client.items.list(
        limit=5, tags=["a", "b"], ids=[1, 2], colors=["r", "g"], words=["x", "y"]
    )
    assert server.last.query == [
        ("limit", "5"),
        ("tags", "a"),
        ("tags", "b"),
        ("ids", "1,2"),
        ("colors", "r|g"),
        ("words", "x,y"),
    ]
    assert [(one.id, one.name, one.weight) for one in found] == [("1", "n", None)]


def test_what_cannot_be_joined_so_is_said(sdk: Sdk) -> None:
    assert sdk.warnings == ("collection-format",)


def test_a_shared_body_is_flattened_and_inherits(client: Any, server: Loopback, sdk: Sdk) -> None:
    owner = {"kind": "Person", "age": 7}
    server.answer({"id": "1", "name": "n", "owner": owner}, status=201)
    item = client.items.create(name="n", owner=None)
    assert server.last.json == {"name": "n", "owner": None}
    assert server.last.headers["x-key"] == "k"
    assert isinstance(item.owner, sdk.types.Person)
    assert item.owner.age == 7


def test_a_shared_answer_is_the_body_of_the_error(client: Any, server: Loopback, sdk: Sdk) -> None:
    server.answer({"code": 4}, status=404)
    with pytest.raises(sdk.module.NotFoundError) as caught:
        client.items.create(name="n")
    assert caught.value.parsed.code == 4


def test_a_form_with_a_file_and_with_a_field_of_the_path(client: Any, server: Loopback) -> None:
    server.answer(status=204)
    client.items.photo.put("i/1", photo=b"png", sizes=[1, 2], note="hello")
    body = server.last.body
    assert server.last.path == "/items/i%2F1/photo"
    assert server.last.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert body.count(b'name="sizes"') == 2
    assert b'name="note"\r\n' in body
    assert b"\r\n\r\nhello\r\n" in body
    assert b"\r\n\r\npng\r\n" in body
    assert server.last.headers["authorization"] == (
        "Basic " + base64.b64encode(b"ann:pass").decode()
    )


def test_a_file_is_answered(client: Any, server: Loopback) -> None:
    server.answer(b"\x89PNG", content_type="image/png")
    assert client.items.photo.get("1").read() == b"\x89PNG"


def test_a_stream_of_grpc_gateway_is_read_line_by_line(client: Any, server: Loopback) -> None:
    lines = b'{"result":{"id":"a","name":"n"}}\n{"result":{"id":"b","name":"n"}}\n'
    server.answer(lines, content_type="application/json")
    with client.stream.items() as stream:
        assert [one.result.id for one in stream] == ["a", "b"]


def test_a_form_without_files_is_url_encoded(client: Any, server: Loopback) -> None:
    server.answer("t")
    assert client.tokens.create(name="a b", scopes=["x", "y"]) == "t"
    assert server.last.body == b"name=a+b&scopes=x,y"
    assert server.last.headers["authorization"] == "Bearer token"


def test_the_server_is_the_safe_one(sdk: Sdk) -> None:
    with sdk.module.Depot(api_key="k") as client:
        assert client.base_url == "https://depot.example/v2"


_TREE = """
swagger: "2.0"
info: {title: Trees, version: "1"}
host: trees.example
paths:
  /trees: {$ref: "#/x-trees"}
  /twigs: {$ref: "twigs.yaml"}
x-trees:
  get:
    produces: [application/json]
    responses: {"200": {description: ok, schema: {$ref: "#/definitions/Tree"}}}
definitions:
  Tree:
    type: object
    properties:
      root: {$ref: "#/definitions/Tree"}
      name: {type: string}
      pair: {type: array, items: [{$ref: "#/definitions/Tree"}, {type: string}]}
      untyped: {items: [{$ref: "#/definitions/Tree"}, {type: integer}]}
"""


def test_references_stay_references(
    tmp_path: Path, generate: Callable[[str | Path], Sdk], server: Loopback
) -> None:
    (tmp_path / "twigs.yaml").write_text("{get: {responses: {'204': {description: ok}}}}")
    sdk = generate(_TREE)
    client = sdk.client(server.base_url)
    answer = {"root": {"root": {"name": "n"}}, "pair": [{"name": "p"}, "x"], "untyped": {"a": 1}}
    server.answer(answer)
    tree = client.trees.list()
    assert [type(one) for one in tree.pair] == [sdk.types.Tree, str]
    assert tree.untyped == {"a": 1}
    assert type(tree.root.root) is sdk.types.Tree
    assert tree.root.root.name == "n"
    server.answer(status=204)
    client.twigs.list()
    assert server.last.path == "/twigs"


@pytest.mark.parametrize(
    "place", ["/twigs: {$ref: '#/x-none'}", "/twigs: {parameters: [{$ref: '#/x-none'}]}"]
)
def test_a_reference_without_a_target_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("spec.yaml").write_text(_TREE.replace('/twigs: {$ref: "twigs.yaml"}', place))
    result = CliRunner().invoke(main, ["generate", "spec.yaml", "-o", "out"])
    assert result.exit_code == 2
    assert "spec.yaml:7:" in result.stderr
    assert "undefined-ref" in result.stderr


@pytest.mark.slow
def test_types(sdk: Sdk) -> None:
    assert mypy_errors(sdk) == []


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (
            '$ref: "#/definitions/Item"}}',
            '$ref: "#/definitions/Itm"}}',
            "did you mean '#/definitions/Item'?",
        ),
        ("{type: file}", "{type: fil}", ":20: unknown-type"),
        ("basePath: /v2/", "basePath: [v2]", "4:1: wrong-type"),
        ("consumes: [multipart/form-data]", "consumes: multipart/form-data", ": wrong-type"),
        ("{name: item_id, in: path", "{name: item, in: path", ": undeclared-path-parameter"),
    ],
)
def test_places_are_those_of_the_original(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, place: str
) -> None:
    text = (HERE / "spec.yaml").read_text()
    assert old in text
    monkeypatch.chdir(tmp_path)
    Path("spec.yaml").write_text(text.replace(old, new))
    result = CliRunner().invoke(main, ["generate", "spec.yaml", "-o", "out"])
    assert place in result.stderr


def test_an_overlay_lies_over_the_form_of_openapi_3(tmp_path: Path) -> None:
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text(
        "overlay: 1.0.0\nactions:\n"
        "  - {target: \"$.paths['/tokens'].post\", update: {summary: New.}}\n"
        "  - {target: '$.components.schemas.Item', update: {description: An item.}}\n"
    )
    built = build(HERE / "spec.yaml", BuildOptions(overlays=(overlay,)))
    assert "An item." in "".join(built.files.values())
    # The copy that an overlay changes knows where its values stand.
    (warning,) = built.problems
    assert str(built.problems.place(warning)) == f"{HERE / 'spec.yaml'}:73:72"


def test_nothing_is_added_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("spec.yaml").write_text((HERE / "spec.yaml").read_text())
    curl = "curl https://depot.example/v2/boxes"
    result = CliRunner().invoke(main, ["add", "--spec", "spec.yaml", "--curl", curl])
    assert result.exit_code == 2
    assert "spec.yaml:1:1: swagger-2" in result.stderr
