"""Files that refer to each other."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from specloom.description.document import Document
from specloom.description.references import RefError, Suggestions, find
from unit.description.loaded import HEAD, found, read


class TestReferences:
    def test_files_are_read_transitively_and_cycles_end(self, tmp_path: Path) -> None:
        files: dict[str, str | bytes] = {
            "api/a.yaml": HEAD + "components: {schemas: {A: {$ref: '../models/b.yaml#/B'}}}\n",
            "models/b.yaml": "B:\n  properties:\n    c: {$ref: c%20c.json}\n",
            "models/c c.json": '{"items": {"$ref": "../api/a.yaml#/components/schemas/A"}}',
        }
        document, problems = read(tmp_path, files)
        assert not len(problems)
        assert set(document.sources) == {"a.yaml", "../models/b.yaml", "../models/c%20c.json"}
        pointer, value = find(document, "#/components/schemas/A", "a.yaml")
        assert pointer == "a.yaml#/components/schemas/A"
        assert value == {"$ref": "../models/b.yaml#/B"}

    def test_a_missing_file_names_the_line_of_the_first_reference(self, tmp_path: Path) -> None:
        text = (
            HEAD
            + "components:\n  schemas:\n    A:\n      $ref: none.yaml\n    B: {$ref: none.yaml}\n"
        )
        _, problems = read(tmp_path, {"a.yaml": text})
        assert found(problems) == [("missing-file", "6:7")]

    def test_a_reference_to_a_bare_name_says_how_to_write_it(self, tmp_path: Path) -> None:
        text = HEAD + "components: {schemas: {A: {$ref: Pet}}}\n"
        _, problems = read(tmp_path, {"a.yaml": text})
        (problem,) = problems
        assert "#/components/schemas/Pet" in problem.hint

    def test_problems_of_another_file_are_there(self, tmp_path: Path) -> None:
        text = HEAD + "components: {schemas: {A: {$ref: b.yaml}, B: {$ref: b.yaml}}}\n"
        _, problems = read(tmp_path, {"a.yaml": text, "b.yaml": "a: 1\nb: c: d\n"})
        ((place, problem),) = problems.located()
        assert (problem.code, place.line) == ("not-yaml", 2)
        assert place.file == str(tmp_path / "b.yaml")

    def test_data_that_looks_like_a_reference_is_none(self, tmp_path: Path) -> None:
        text = HEAD + """
components:
  examples: {E: {value: {$ref: e.yaml}}}
  schemas:
    A:
      properties: {$ref: {type: string}}
      example: {$ref: e.yaml}
      default: {$ref: e.yaml}
      enum: [{$ref: e.yaml}]
x-more: {$ref: e.yaml}
"""
        _, problems = read(tmp_path, {"a.yaml": text})
        assert not len(problems)

    def test_remote_files_are_refused(self, tmp_path: Path) -> None:
        text = HEAD + "components:\n  schemas:\n    A: {$ref: 'https://localhost:1/a.yaml'}\n"
        _, problems = read(tmp_path, {"a.yaml": text})
        assert found(problems) == [("remote-ref", "5:9")]
        (problem,) = problems
        assert "--allow-remote" in problem.hint

    def test_remote_files_are_read_if_allowed(self, tmp_path: Path, server: str) -> None:
        text = HEAD + f"components: {{schemas: {{A: {{$ref: '{server}/a.yaml#/A'}}}}}}\n"
        document, problems = read(tmp_path, {"a.yaml": text}, allow_remote=True)
        assert not len(problems)
        assert document.at(f"{server}/b.json#") == {"type": "string"}

    def test_a_remote_file_that_is_not_there(self, tmp_path: Path, server: str) -> None:
        text = HEAD + f"components: {{schemas: {{A: {{$ref: '{server}/none.yaml'}}}}}}\n"
        _, problems = read(tmp_path, {"a.yaml": text}, allow_remote=True)
        assert [problem.code for problem in problems] == ["missing-file"]

    def test_a_remote_file_cannot_read_local_ones(self, tmp_path: Path, server: str) -> None:
        text = HEAD + f"components: {{schemas: {{A: {{$ref: '{server}/file.yaml'}}}}}}\n"
        document, _ = read(tmp_path, {"a.yaml": text}, allow_remote=True)
        assert set(document.sources) == {"a.yaml", f"{server}/file.yaml"}
        with pytest.raises(RefError) as caught:
            find(document, "file:///etc/hosts", f"{server}/file.yaml")
        assert caught.value.code == "bad-ref"


@pytest.fixture
def server() -> Iterator[str]:
    """A server of `a.yaml`, which refers to `b.json`, and of a file with other references."""
    files = {
        "/a.yaml": "A: {$ref: b.json}",
        "/b.json": '{"type": "string"}',
        "/file.yaml": "$ref: file:///etc/hosts",
    }

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = files.get(self.path)
            self.send_response(200 if body else 404)
            self.end_headers()
            self.wfile.write((body or "").encode())

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: tests are quiet."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


class TestFind:
    DOCUMENT = HEAD + """
$self: https://example.com/api.yaml
paths:
  /a/{b}:
    parameters: [{$ref: '#/components/parameters/P'}]
    get: {responses: {200: {description: ok}}}
components:
  parameters: {P: {name: b, in: path, schema: {type: string}}}
  schemas:
    A: {$anchor: here, properties: {x: {$ref: '#/components/schemas/B'}}}
    B: {$id: https://example.com/b, $defs: {c: {type: integer}}}
    Loop: {$ref: '#/components/schemas/Loop/inner'}
    "50%": {type: number}
"""

    @pytest.fixture
    def document(self, tmp_path: Path) -> Document:
        return read(tmp_path, {"a.yaml": self.DOCUMENT})[0]

    @pytest.mark.parametrize(
        ("ref", "pointer"),
        [
            ("#", "#"),
            ("#/paths/~1a~1{b}/get", "#/paths/~1a~1{b}/get"),
            ("#/paths/~1a~1%7Bb%7D/get/responses/200", "#/paths/~1a~1{b}/get/responses/200"),
            ("#/paths/~1a~1{b}/parameters/0/schema", "#/components/parameters/P/schema"),
            ("#/components/schemas/A/properties/x/$defs/c", "#/components/schemas/B/$defs/c"),
            ("#here", "#/components/schemas/A"),
            ("https://example.com/b#/$defs/c", "#/components/schemas/B/$defs/c"),
            ("https://example.com/api.yaml#/components", "#/components"),
            ("a.yaml#/components", "#/components"),
            ("./a.yaml#/components", "#/components"),
            ("#/components/schemas/50%", "#/components/schemas/50%"),
            ("#/components/schemas/50%25", "#/components/schemas/50%"),
        ],
    )
    def test_what_is_found(self, document: Document, ref: str, pointer: str) -> None:
        found, value = find(document, ref, "a.yaml")
        assert found == f"a.yaml{pointer}"
        assert value == document.at(found)

    @pytest.mark.parametrize(
        ("ref", "code"),
        [
            ("#/components/schemas/None", "undefined-ref"),
            ("#/components/schemas/Loop/inner", "undefined-ref"),
            ("#/paths/~1a~1{b}/parameters/7", "undefined-ref"),
            ("#/paths/~1a~1{b}/parameters/-", "undefined-ref"),
            ("#/openapi/x", "undefined-ref"),
            ("#nowhere", "undefined-ref"),
            ("other.yaml", "missing-file"),
            ("urn:a:b", "bad-ref"),
            (r"C:\a.yaml", "bad-ref"),
        ],
    )
    def test_what_leads_to_nothing(self, document: Document, ref: str, code: str) -> None:
        with pytest.raises(RefError) as caught:
            find(document, ref, "a.yaml")
        assert caught.value.code == code

    def test_a_near_name_is_suggested(self, document: Document) -> None:
        with pytest.raises(RefError) as caught:
            find(document, "#/component/schemas/A", "a.yaml")
        assert caught.value.hint(Suggestions()) == "did you mean '#/components'?"
