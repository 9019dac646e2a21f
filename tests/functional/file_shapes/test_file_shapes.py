"""Descriptions in many files, with cycles, with remote parts, or with hardly any content."""

from __future__ import annotations

import http.server
import inspect
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from specloom.errors import SpecError
from specloom.pipeline import BuildOptions, build
from support.generated import Sdk
from support.loopback import Loopback
from support.typecheck import mypy_errors

pytestmark = pytest.mark.slow

PET: dict[str, Any] = {
    "name": "Rex",
    "owner": {"name": "Ann", "pets": [{"name": "Tom", "owner": {"name": "Bob"}}]},
    "friends": [{"name": "Kim"}],
}


def test_a_cycle_of_files_is_read_as_its_types(sdk: Sdk, server: Loopback) -> None:
    server.answer(PET)
    pet = sdk.client(server.base_url, strict=True).pets.retrieve("p")
    assert server.last.path == "/pets/p"
    assert pet.to_dict() == PET
    tom = pet.owner.pets[0]
    assert type(tom) is type(pet) is type(pet.friends[0]) is sdk.types.Pet
    assert type(tom.owner) is type(pet.owner) is sdk.types.Owner


def test_an_operation_overrides_its_path(sdk: Sdk, server: Loopback) -> None:
    server.answer({"name": "Ann"})
    get_owner = sdk.client(server.base_url).copies.retrieve
    assert list(inspect.signature(get_owner).parameters) == [
        "id", "limit", "header_trace", "trace", "options"
    ]  # fmt: skip
    get_owner("o", limit=3, trace=True, header_trace="t")
    assert server.last.raw_query == "limit=3&trace=true"
    assert server.last.headers["trace"] == "t"
    told = inspect.getdoc(get_owner) or ""
    assert "Of the operation." in told
    assert "Of the path." not in told


def test_a_path_item_may_refer_to_another(sdk: Sdk, server: Loopback) -> None:
    client = sdk.client(server.base_url)
    for method, path in (
        (client.copies.retrieve, "/copies/o"),
        (client.owners.retrieve, "/owners/o"),
    ):
        server.answer({"name": "Ann"})
        assert isinstance(method("o"), sdk.types.Owner)
        assert server.last.path == path


def test_references_into_the_middle(sdk: Sdk, server: Loopback) -> None:
    client = sdk.client(server.base_url, strict=True)
    server.answer({"streets": [{"name": "Main"}]})
    server.answer({"name": "Side"})
    middle = client.middle.retrieve()
    deep = client.deep.retrieve()
    assert type(middle.streets[0]) is type(deep)
    assert deep.name == "Side"


def test_a_response_of_another_file_is_the_error(sdk: Sdk, server: Loopback) -> None:
    server.answer({"reason": "none"}, status=418)
    with pytest.raises(sdk.module.APIStatusError) as caught:
        sdk.client(server.base_url).copies.retrieve("o")
    assert isinstance(caught.value.parsed, sdk.types.Problem)
    assert caught.value.parsed.reason == "none"


def test_payloads_of_webhooks_are_types(sdk: Sdk) -> None:
    adopted = sdk.types.Adopted.model_validate({"pet": {"name": "Rex"}})
    assert isinstance(adopted.pet, sdk.types.Pet)


def test_the_sdk_type_checks(sdk: Sdk) -> None:
    assert mypy_errors(sdk) == []


HEAD = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n"


@pytest.mark.parametrize(
    "body",
    [
        "paths: {}\n",
        "components: {}\n",
        "webhooks: {a: {post: {requestBody: {content: {application/json: {schema: {type: object, "
        "properties: {x: {type: string}}}}}}, responses: {'200': {description: D}}}}}\n",
        "components: {schemas: {A: {type: object, properties: {x: {type: string}}}}}\n",
    ],
    ids=["no paths", "nothing", "webhooks only", "schemas only"],
)
def test_a_description_without_operations(
    generate: Callable[[str], Sdk], server: Loopback, body: str
) -> None:
    sdk = generate(HEAD + body)
    sdk.import_all()
    server.answer({"any": 1})
    client = sdk.client(server.base_url)
    assert client.get("/anything", cast_to=dict) == {"any": 1}
    assert mypy_errors(sdk) == []


def told(path: Path, options: BuildOptions | None = None) -> str:
    """The problems of a description that cannot be read."""
    with pytest.raises(SpecError) as caught:
        build(path, options or BuildOptions())
    return str(caught.value)


PATHS = """\
paths:
  /a:
    get:
      responses:
        '200':
          description: D
          content: {{application/json: {{schema: {{$ref: '{ref}'}}}}}}
"""


def test_a_missing_file_is_an_error_at_its_reference(tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    path.write_text(HEAD + PATHS.format(ref="missing.yaml#/A"), "utf-8")
    message = told(path)
    assert "spec.yaml:9:" in message
    assert "missing.yaml" in message


@pytest.fixture
def remote() -> Iterator[str]:
    """The URL of a schema on another host."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            text = b"type: object\nrequired: [x]\nproperties: {x: {type: string}}\n"
            self.send_response(200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: Any) -> None:
            """Keep the test's output clean."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as served:
        thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{served.server_address[1]}/schema.yaml"
        served.shutdown()
        thread.join()


def test_a_remote_file_is_read_only_where_that_is_allowed(tmp_path: Path, remote: str) -> None:
    path = tmp_path / "spec.yaml"
    path.write_text(HEAD + PATHS.format(ref=remote), "utf-8")
    message = told(path)
    assert "spec.yaml:9:" in message
    assert "--allow-remote" in message
    files = build(path, BuildOptions(allow_remote=True)).files
    assert any("x: str" in text for name, text in files.items() if "/types/" in name)
