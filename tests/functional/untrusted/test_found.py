"""Small cases of faults that broken and hostile descriptions have revealed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from specloom.errors import SpecError
from specloom.options import BuildOptions
from specloom.pipeline import build
from support.generated import Sdk
from support.loopback import Loopback

pytestmark = pytest.mark.slow

Generate = Callable[[str], Sdk]
DONE: dict[str, Any] = {"200": {"description": "Done."}}


def described(paths: dict[str, Any], **more: Any) -> str:
    info = {"title": "Found", "version": "1"}
    return json.dumps({"openapi": "3.1.0", "info": info, "paths": paths, **more})


def problems(text: str, tmp_path: Path) -> list[tuple[str, str]]:
    """Severity and code of all problems of a description."""
    try:
        found = build(tmp_path / "spec.json", BuildOptions(unsaved=text)).problems
    except SpecError as error:
        found = error.problems
    return [(problem.severity, problem.code) for _, problem in found.located()]


def test_tags_that_make_one_name_are_one_resource(generate: Generate, server: Loopback) -> None:
    paths = {
        f"/{number}": {"get": {"operationId": f"get{number}", "tags": [tag], "responses": DONE}}
        for number, tag in enumerate(("200", "n200"))
    }
    tags = [{"name": "200", "description": "Numbers."}]
    sdk = generate(described(paths, tags=tags, **{"x-sdk": {"resources": "tags"}}))
    client = sdk.client(server.base_url)
    for number in range(2):
        server.answer({})
        getattr(client.n200, f"get{number}")()
        assert server.last.path == f"/{number}"
    assert type(client.n200).__doc__.startswith("Numbers.")


def test_operations_that_differ_by_case_stay_separate(generate: Generate, server: Loopback) -> None:
    paths = {
        f"/{name}": {"get": {"operationId": name, "tags": ["a"], "responses": DONE}}
        for name in ("strasse", "straße")
    }
    sdk = generate(described(paths, **{"x-sdk": {"resources": "tags"}}))
    client = sdk.client(server.base_url)
    for name, path in (("strasse", "/strasse"), ("straße", "/stra%C3%9Fe")):
        server.answer({})
        getattr(client.a, name)()
        assert server.last.path == path


def test_a_stream_is_asked_for_by_a_property_that_exists(tmp_path: Path) -> None:
    stream = {"text/event-stream": {"schema": {"type": "object"}}, "application/json": {}}
    body = {"content": {"application/json": {"schema": {"properties": {"stream": {}}}}}}
    post: dict[str, Any] = {
        "requestBody": body,
        "responses": {"200": {"description": "Done.", "content": stream}},
    }
    for switch, found in (("stream", []), ("partial", [("error", "bad-x-sdk")])):
        post["x-sdk"] = {"stream": {"when": switch}}
        assert problems(described({"/a": {"post": post}}), tmp_path) == found


def test_variables_of_a_server_are_a_mapping(tmp_path: Path) -> None:
    servers = [{"url": "https://{a}.example.com", "variables": ["a"]}]
    assert problems(described({}, servers=servers), tmp_path) == [("error", "wrong-type")]


def test_a_response_without_a_status_is_left_out(
    generate: Generate, server: Loopback, tmp_path: Path
) -> None:
    others = {key: {"description": "No."} for key in ("", "ok", "](http://evil)", "2000", "٢٠٠")}
    text = described({"/a": {"get": {"tags": ["a"], "responses": {**DONE, **others, "4xx": {}}}}})
    assert problems(text, tmp_path) == [("warning", "bad-status")] * 5
    sdk = generate(text)
    server.answer(status=404)
    with pytest.raises(sdk.module.NotFoundError):
        sdk.client(server.base_url).a.retrieve()
    assert not any(b"evil" in path.read_bytes() for path in sdk.folder.rglob("*.*"))


def test_an_invalid_example_is_skipped(tmp_path: Path) -> None:
    parameter = {"name": "a", "in": "query", "required": True, "examples": {"one": "text"}}
    paths = {"/a": {"get": {"parameters": [parameter], "responses": DONE}}}
    assert problems(described(paths), tmp_path) == [("warning", "wrong-type")]


def test_one_argument_fills_all_places_of_its_name(
    generate: Generate, server: Loopback, tmp_path: Path
) -> None:
    declared = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]
    paths = {"/a/{id}/b/{id}": {"get": {"tags": ["a"], "parameters": declared, "responses": DONE}}}
    text = described(paths)
    assert problems(text, tmp_path) == [("warning", "repeated-path-parameter")]
    client = generate(text).client(server.base_url)
    server.answer({})
    client.a.b.retrieve("x/y")
    assert server.last.path == "/a/x%2Fy/b/x%2Fy"


def test_a_scheme_with_a_broken_reference_counts_as_undeclared(
    generate: Generate, server: Loopback, tmp_path: Path
) -> None:
    schemes: dict[str, Any] = {
        "lost": {"$ref": "#/components/securitySchemes/none"},
        "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
    }
    paths = {
        "/a": {"get": {"tags": ["a"], "responses": DONE, "security": [{"lost": []}, {"key": []}]}},
        "/b": {"get": {"tags": ["a"], "responses": DONE, "security": [{"lost": []}]}},
    }
    text = described(paths, components={"securitySchemes": schemes})
    assert problems(text, tmp_path) == [("warning", "undefined-ref")]
    client = generate(text).client(server.base_url, api_key="secret")
    for method, sent in ((client.a.retrieve, "secret"), (client.b.retrieve, None)):
        server.answer({})
        method()
        assert server.last.headers.get("x-key") == sent


@pytest.mark.parametrize(
    ("schema", "body", "part"),
    [
        ({"type": "string"}, "text", b'name="body"\r\n\r\ntext\r\n'),
        ({"type": "string", "format": "binary"}, b"bytes", b'name="file"; filename="file"'),
        ({"type": "string", "format": "binary"}, ("a.txt", b"bytes"), b'; filename="a.txt"'),
    ],
)
def test_a_multipart_body_without_properties_is_one_part(
    generate: Generate, server: Loopback, schema: Any, body: Any, part: bytes
) -> None:
    content = {"multipart/form-data": {"schema": schema}}
    post = {"tags": ["a"], "requestBody": {"content": content}, "responses": DONE}
    client = generate(described({"/a": {"post": post}})).client(server.base_url)
    server.answer({})
    client.a.create(body=body)
    assert part in server.last.body
    assert server.last.headers["content-type"].startswith("multipart/form-data; boundary=")


def test_a_form_given_as_text_is_sent_unchanged(generate: Generate, server: Loopback) -> None:
    content = {"application/x-www-form-urlencoded": {"schema": {"type": "string"}}}
    post = {"tags": ["a"], "requestBody": {"content": content}, "responses": DONE}
    client = generate(described({"/a": {"post": post}})).client(server.base_url)
    server.answer({})
    client.a.create(body="a=1&b=%20")
    assert server.last.body == b"a=1&b=%20"


def test_types_do_not_depend_on_the_order_of_schemas(tmp_path: Path) -> None:
    def ref(name: str) -> dict[str, str]:
        return {"$ref": f"#/components/schemas/{name}"}

    schemas: dict[str, Any] = {
        "List": {"type": "array", "items": ref("Node")},
        "Node": {"type": "object", "properties": {"list": ref("List"), "map": ref("Map")}},
        "Map": {"type": "object", "additionalProperties": ref("List")},
        "Either": {"anyOf": [ref("List"), ref("Either"), {"type": "integer"}]},
    }
    names = []
    for order in (list(schemas), list(reversed(schemas))):
        text = described({}, components={"schemas": {name: schemas[name] for name in order}})
        built = build(tmp_path / "spec.json", BuildOptions(unsaved=text))
        names.append(set(built.names.types.values()))
    assert names[0] == names[1]


def test_a_method_of_additional_operations_never_becomes_code(generate: Generate) -> None:
    operations = {"\nx/json(): pass\n#": {"tags": ["pets"], "responses": DONE}}
    text = described({"/pets": {"additionalOperations": operations}})
    client = generate(text.replace('"3.1.0"', '"3.2.0"')).client("https://found.example.com")
    assert callable(client.pets.x_json_pass)


@pytest.mark.parametrize(
    ("key", "name"),
    [("package", "class"), ("client", "None"), ("package", "shop\n"), ("client", "Shop\n")],
)
def test_a_name_invalid_in_python_is_refused(key: str, name: str, tmp_path: Path) -> None:
    text = described({}, **{"x-sdk": {key: name}})
    assert ("error", "bad-x-sdk") in problems(text, tmp_path)


def test_hundreds_of_errors_say_that_more_may_follow(tmp_path: Path) -> None:
    wrong = {"$ref": "#/components/responses/None"}
    paths = {f"/{number}": {"get": {"responses": {"200": wrong}}} for number in range(201)}
    found = problems(described(paths), tmp_path)
    assert found.count(("error", "undefined-ref")) == 201
    assert ("info", "more-errors") in found
    assert ("info", "more-errors") not in problems(described({"/0": paths["/0"]}), tmp_path)
