"""``specloom add``, from an empty folder to a call of the new method."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from functional.authoring.adding import (
    BLUE,
    EMPTY,
    KEY,
    RED,
    Generate,
    add,
    added,
    refused,
    write,
)
from specloom.commands import main
from support.loopback import serving

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("folder")]


class TestFromNothing:
    def test_samples(self, generate: Generate) -> None:
        write("shop.yaml", EMPTY)
        write("red.json", RED)
        write("blue.json", BLUE)
        root = added(
            "GET", "/widgets/{widget_id}", "--response", "red.json", "--response", "blue.json"
        )
        widget = root["components"]["schemas"]["Widget"]
        assert widget["required"] == ["id", "object", "created_at", "parts"]
        assert widget["properties"]["parts"]["items"]["required"] == ["size"]
        sdk = generate()
        with serving() as server, sdk.client(server.base_url) as client:
            server.answer(RED)
            found = client.widgets.retrieve("w_1a2b3c")
            assert isinstance(found, sdk.types.Widget)
            assert found.parts[0].size == 1
            assert server.last.path == "/widgets/w_1a2b3c"

    def test_a_curl_command(self, generate: Generate) -> None:
        write("shop.yaml", EMPTY)
        write("red.json", RED)
        result = add(
            "--curl",
            "-",
            "--response",
            "red.json",
            stdin=f"curl 'https://api.example.com/v1/widgets/w_1a2b3c/paint?dry_run=true' "
            f"-H 'Authorization: Bearer {KEY}' --json '{{\"color\": \"red\"}}'",
        )
        assert result.exit_code == 0, result.output
        assert '    client.widgets.paint("w_1a2b3c", color="red", dry_run=True)' in (result.stdout)
        assert "bearerAuth: {type: http, scheme: bearer}" in Path("shop.yaml").read_text()
        assert "from the request. If the whole API uses it" in result.stdout
        assert "no-error-response" in result.stderr
        assert result.stdout.endswith("Next: specloom generate shop.yaml -o sdk/\n")
        sdk = generate()
        with serving() as server, sdk.client(server.base_url, api_key=KEY) as client:
            server.answer(RED)
            client.widgets.paint("w_1a2b3c", color="red", dry_run=True)
            assert (server.last.method, server.last.path) == ("POST", "/widgets/w_1a2b3c/paint")
            assert (server.last.json, server.last.raw_query) == ({"color": "red"}, "dry_run=true")

    def test_one_operation_after_another(self, generate: Generate) -> None:
        write("shop.yaml", EMPTY)
        write("red.json", RED)
        write("page.json", {"data": [RED, BLUE], "has_more": False})
        added("POST", "/widgets", "--request", "red.json", "--response", "red.json")
        added("GET", "/widgets", "--response", "page.json")
        root = added("DELETE", "/widgets/w_1a2b3c", "--status", "204")
        assert list(root["paths"]) == ["/widgets", "/widgets/{widget_id}"]
        assert list(root["paths"]["/widgets"]) == ["post", "get"]
        delete = root["paths"]["/widgets/{widget_id}"]["delete"]
        assert delete["operationId"] == "deleteWidget"
        assert list(delete["responses"]) == ["204"]
        sdk = generate()
        with serving() as server, sdk.client(server.base_url) as client:
            server.answer({"data": [RED], "has_more": False})
            assert client.widgets.list().data[0].id == "w_1a2b3c"
            server.answer(None, 204)
            assert client.widgets.delete("w_1a2b3c") is None

    def test_30_has_its_own_nulls(self, generate: Generate) -> None:
        write("shop.yaml", EMPTY.replace("3.1.0", "3.0.3"))
        write("red.json", {**RED, "note": None})
        write("blue.json", {**RED, "note": "new"})
        root = added("GET", "/widgets/7", "--response", "red.json", "--response", "blue.json")
        properties = root["components"]["schemas"]["Widget"]["properties"]
        assert properties["note"] == {"type": "string", "nullable": True}
        assert properties["object"] == {"type": "string", "enum": ["widget"]}
        parameter = root["paths"]["/widgets/{widget_id}"]["get"]["parameters"][0]
        assert parameter["schema"] == {"type": "integer"}
        assert generate().warnings == ()

    def test_forms_files_and_text(self, generate: Generate) -> None:
        write("shop.yaml", EMPTY)
        root = added("--curl", "curl https://api.example.com/v1/files -F purpose=x -F file=@a.txt")
        body = root["paths"]["/files"]["post"]["requestBody"]["content"]["multipart/form-data"]
        schema = root["components"]["schemas"][body["schema"]["$ref"].rpartition("/")[2]]
        assert schema["properties"]["file"] == {"type": "string", "format": "binary"}
        sdk = generate()
        with serving() as server, sdk.client(server.base_url) as client:
            server.answer(None)
            client.files.create(purpose="x", file=b"hello")
            assert b"hello" in server.last.body

    def test_streams(self, generate: Generate) -> None:
        write("shop.yaml", EMPTY)
        lines = [
            'data: {"type":"delta","text":"a"}',
            "",
            'data: {"type":"end"}',
            "",
            "data: [DONE]",
            "",
            "",
        ]
        write(
            "chat.json",
            {
                "request": {"method": "GET", "path": "/chat", "query": [], "headers": {}},
                "response": {
                    "status": 200,
                    "headers": {"content-type": "text/event-stream"},
                    "text": lines,
                },
            },
        )
        root = added("--recording", "chat.json")
        assert root["paths"]["/chat"]["get"]["x-sdk"] == {"stream": {"done": "[DONE]"}}
        sdk = generate()
        with serving() as server, sdk.client(server.base_url) as client:
            server.answer("\n".join(lines).encode(), content_type="text/event-stream")
            with client.chat.retrieve() as stream:
                assert [event.type for event in stream] == ["delta", "end"]

    def test_a_json_description_stays_json(self) -> None:
        write("shop.json", json.dumps(yaml.safe_load(EMPTY), indent=2) + "\n")
        write("red.json", RED)
        result = add("GET", "/widgets/1", "--response", "red.json", spec="shop.json")
        assert result.exit_code == 0, result.output
        text = Path("shop.json").read_text()
        assert text == json.dumps(json.loads(text), indent=2) + "\n"
        assert "shop.json:44:7: from one sample: is every field required?" in result.stdout


class TestRefused:
    @pytest.fixture(autouse=True)
    def _spec(self, folder: Path) -> None:  # noqa: ARG002 - the current folder
        write("shop.yaml", EMPTY)
        write("red.json", RED)

    def test_an_operation_that_is_there(self) -> None:
        added("GET", "/widgets/7", "--response", "red.json")
        told = refused("GET", "/widgets/8", "--response", "red.json")
        assert "shop.yaml:7:5: operation-exists: the description already has GET" in told
        assert "hint: compare it with recordings: specloom drift" in told

    def test_an_operation_id_that_is_taken(self) -> None:
        added("GET", "/widgets/7", "--response", "red.json")
        told = refused("GET", "/boxes", "--operation-id", "getWidget", "--response", "red.json")
        assert "already has the operationId 'getWidget'" in told
        assert "--operation-id NAME" in told

    def test_what_would_not_generate(self) -> None:
        write("shop.yaml", EMPTY.replace("paths: {}", "x-sdk: {resources: paths}\npaths: {}"))
        added("GET", "/widgets/7", "--response", "red.json")
        write(
            "names.yaml",
            "overlay: 1.0.0\nactions:\n  - target: $.paths.*.post\n    update: {x-sdk: {bad: 1}}\n",
        )
        write("pyproject.toml", '[tool.specloom]\nspec = "shop.yaml"\noverlays = ["names.yaml"]\n')
        told = refused("POST", "/widgets/7", "--response", "red.json")
        assert "names.yaml:4:22: unknown-x-sdk-key" in told

    def test_a_broken_description(self) -> None:
        write("shop.yaml", "openapi: 3.1.0\npaths: [\n")
        assert "not-yaml" in refused("GET", "/widgets", "--response", "red.json")

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (("--curl", "wget https://a.b"), "--curl:1:1: bad-curl: "),
            (("GET", "/a", "--response", "none.json"), "none.json:1:1: unreadable: "),
            (("GET", "/a", "--response", "shop.yaml"), "shop.yaml:1:1: bad-sample: "),
            (("--recording", "red.json"), "red.json:1:1: bad-sample: this is neither"),
            (
                ("POST", "/a", "--curl", "curl https://a.b/a"),
                "bad-sample: there is no POST; seen: GET",
            ),
            (("GET", "/a", "--curl", "curl https://a.b/c"), "does not match /a"),
            (("GARBAGE", "/a"), "bad-sample: OpenAPI has no method GARBAGE"),
        ],
    )
    def test_contradictory_input(self, arguments: tuple[str, ...], message: str) -> None:
        assert message in refused(*arguments)

    @pytest.mark.parametrize("arguments", [(), ("GET",)])
    def test_no_evidence(self, arguments: tuple[str, ...]) -> None:
        assert "--curl, with --recording, or with METHOD and PATH" in refused(*arguments)

    def test_several_operations_at_once(self) -> None:
        entries = [
            {"request": {"method": "GET", "url": f"https://api.example.com/v1{path}", "headers": []},
             "response": {"status": 200, "content": {"mimeType": "application/json", "text": "{}"}}}
            for path in ("/a", "/b")
        ]  # fmt: skip
        write("s.har", {"log": {"entries": entries}})
        assert "hint: choose one: specloom add METHOD PATH" in refused("--recording", "s.har")
        assert list(added("GET", "/b", "--recording", "s.har")["paths"]) == ["/b"]

    def test_a_dry_run_writes_nothing(self) -> None:
        write("tests/fixtures/README.md", "")
        result = add("GET", "/widgets/7", "--response", "red.json", "--dry-run")
        assert result.exit_code == 0
        assert result.stdout.startswith("--- a/shop.yaml\n+++ b/shop.yaml\n")
        assert "+  /widgets/{widget_id}:\n" in result.stdout
        assert Path("shop.yaml").read_text() == EMPTY
        assert not Path("tests/fixtures/synthetic").exists()


CREDENTIALS = [
    (
        "-H 'Authorization: Bearer abcdef123456'",
        {"bearerAuth": {"type": "http", "scheme": "bearer"}},
    ),
    ("-u ada:lovelace", {"basicAuth": {"type": "http", "scheme": "basic"}}),
    (
        "-H 'X-Api-Key: abcdef123456'",
        {"apiKey": {"type": "apiKey", "in": "header", "name": "X-Api-Key"}},
    ),
    ("-H 'Cookie: session=abcdef123456'", None),
]


@pytest.mark.parametrize(("options", "schemes"), CREDENTIALS)
def test_a_credential_offers_its_security_scheme(
    options: str, schemes: dict[str, Any] | None, tmp_path: Path
) -> None:
    added = _added_to_nothing(
        f"curl https://api.example.com/chat/completions -d '{{}}' {options}", tmp_path
    )
    assert added.get("components", {}).get("securitySchemes") == schemes
    operation = added["paths"]["/chat/completions"]["post"]
    assert operation["operationId"] == "createChatCompletion"
    assert operation.get("security") == ([{key: []} for key in schemes] if schemes else None)


def test_a_word_between_collections_may_be_an_id(tmp_path: Path) -> None:
    curl = "curl -X PATCH https://api.example.com/repos/octocat/hello-world/issues/1347 -d '{\"a\": 1}'"
    added = _added_to_nothing(curl, tmp_path)
    (path,) = added["paths"]
    assert path == "/repos/octocat/hello-world/issues/{issue_id}"
    assert added["paths"][path]["patch"]["operationId"] == "updateRepoIssue"


def test_a_form_with_a_file_is_called_with_a_file(tmp_path: Path) -> None:
    printed = _add_to_nothing(
        "curl https://api.example.com/files -F purpose=x -F file=@a.bin", tmp_path
    )
    assert 'client.files.create(purpose="x", file=Path("file.bin"))' in printed


def test_the_todo_of_a_missing_response_replaces_the_warnings_about_it(tmp_path: Path) -> None:
    printed = _add_to_nothing("curl https://api.example.com/files", tmp_path)
    assert "no response sample: what does the response contain?" in printed
    assert "[warning]" not in printed


def _add_to_nothing(curl: str, folder: Path) -> str:
    spec = folder / "nothing.yaml"
    spec.write_text(
        'openapi: 3.1.0\ninfo: {title: Chat, version: "1"}\n'
        "servers: [{url: https://api.example.com}]\npaths: {}\n"
    )
    result = CliRunner().invoke(main, ["add", "--spec", str(spec), "--curl", curl])
    assert result.exit_code == 0, result.output
    return result.output


def _added_to_nothing(curl: str, folder: Path) -> dict[str, Any]:
    _add_to_nothing(curl, folder)
    found: dict[str, Any] = yaml.safe_load((folder / "nothing.yaml").read_text())
    return found
