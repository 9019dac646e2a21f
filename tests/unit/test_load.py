"""Reading descriptions: YAML's and JSON's quirks, files that refer to each other, hostile input."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specloom.errors import Problems, SpecError
from specloom.reading import json_text, yaml_text
from specloom.reading.document import Document, RefError
from specloom.reading.load import load, read_source
from specloom.reading.text import Fault, TextError

HEAD = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n"


def read(folder: Path, files: dict[str, str | bytes], **options: bool) -> tuple[Document, Problems]:
    """Write files, load the first of them."""
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    problems = Problems()
    return load(folder / next(iter(files)), problems=problems, **options), problems


def refused(folder: Path, content: str | bytes, name: str = "a.yaml") -> list[tuple[str, int, int]]:
    """Code, line and column of what is wrong with an entry document."""
    with pytest.raises(SpecError) as caught:
        read(folder, {name: content})
    return [(problem.code, at.line, at.column) for at, problem in caught.value.problems.located()]


def found(problems: Problems) -> list[tuple[str, str]]:
    return [(problem.code, f"{at.line}:{at.column}") for at, problem in problems.located()]


def unexpected(fault: Fault) -> None:
    pytest.fail(fault.message)


def yaml(text: str) -> object:
    return yaml_text.parse(text, unexpected)


class TestYaml:
    @pytest.mark.parametrize(
        ("written", "value"),
        [
            ("2024-01-31", "2024-01-31"),
            ("on", "on"),
            ("no", "no"),
            ("Yes", "Yes"),
            ("0755", "0755"),
            ("0x1f", "0x1f"),
            ("0o17", "0o17"),
            ("1_000", "1_000"),
            ("12:30", "12:30"),
            ("+1", "+1"),
            (".inf", ".inf"),
            ("3.1.0", "3.1.0"),
            ("", None),
            ("~", None),
            ("null", None),
            ("True", True),
            ("false", False),
            ("0", 0),
            ("-1", -1),
            ("1e3", 1000.0),
            ("1.5E-2", 0.015),
            (".5", 0.5),
            ("'12'", "12"),
            ("!!str 12", "12"),
            ("!!int '12'", 12),
            ("!!timestamp 2024-01-31", "2024-01-31"),
        ],
    )
    def test_scalars_follow_the_json_schema(self, written: str, value: object) -> None:
        assert yaml(f"a: {written}\n") == {"a": value}
        assert type(yaml(f"a: {written}\n")["a"]) is type(value)  # type: ignore[index]

    def test_keys_are_text_as_written(self) -> None:
        keys = yaml("{200: a, 1e3: b, on: c, null: d, true: e, 2024-01-31: f, 007: g}")
        assert list(keys) == ["200", "1e3", "on", "null", "true", "2024-01-31", "007"]  # type: ignore[call-overload]

    def test_aliases_and_merges(self) -> None:
        text = """
base: &base {a: 1, b: 2}
more: &more {b: 3, c: 4}
list: &list [1, 2]
one: {<<: *base, b: 9}
two:
  <<: [*base, *more]
quoted: {"<<": 5}
again: *list
"""
        value = yaml(text)
        assert isinstance(value, dict)
        assert value["one"] == {"a": 1, "b": 9}
        assert value["two"] == {"a": 1, "b": 2, "c": 4}
        assert value["quoted"] == {"<<": 5}
        assert value["again"] == [1, 2]

    def test_an_alias_may_be_a_key(self) -> None:
        assert yaml("a: &k name\n*k : 1\n") == {"a": "name", "name": 1}

    def test_line_breaks_of_windows(self) -> None:
        assert yaml("a:\r\n  - b\r\n  - c\r\n") == {"a": ["b", "c"]}

    def test_without_libyaml(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import yaml as pyyaml

        text = "a: &x {1: 0755, b: [on, 2024-01-31]}\nc: {<<: *x, d: 'q'}\n"
        fast = yaml(text)
        monkeypatch.setattr(yaml_text, "_LOADER", pyyaml.Loader)
        assert yaml(text) == fast
        with pytest.raises(TextError) as caught:
            yaml("a: [\n")
        assert caught.value.fault.code == "not-yaml"

    @pytest.mark.parametrize(
        ("text", "code", "index"),
        [
            ("a: b: c", "not-yaml", 4),
            ("a:\n\t- b", "not-yaml", 3),
            ("a: @b", "not-yaml", 3),
            ("a: \x00", "not-yaml", 3),
            ("a: [1", "not-yaml", 5),
            ("a: {{ b }}", "key-not-text", 4),
            ("? [1]\n: 2", "key-not-text", 2),
            ("a: &x [1]\n*x : 2", "key-not-text", 10),
            ("a: *x", "bad-alias", 3),
            ("a: &x [*x]", "bad-alias", 7),
            ("a: {<<: 1}", "bad-alias", 9),
            ("a: !include b.yaml", "unsupported-tag", 3),
            ("a: !!set {b}", "unsupported-tag", 3),
            ("a: !!python/object:os.x {}", "unsupported-tag", 3),
            ("--- 1\n--- 2", "several-documents", 6),
            ("a: 1e999", "bad-number", 3),
            (f"a: {'9' * 5000}", "bad-number", 3),
            ("[" * 5000, "too-deep", 100),
            ("- " * 5000, "too-deep", 200),
        ],
    )
    def test_what_is_refused(self, text: str, code: str, index: int) -> None:
        with pytest.raises(TextError) as caught:
            yaml(text)
        assert (caught.value.fault.code, caught.value.fault.index) == (code, index)

    def test_a_tab_is_called_a_tab(self) -> None:
        with pytest.raises(TextError) as caught:
            yaml("a:\n\tb: 1")
        assert "tab" in caught.value.fault.hint


class TestJson:
    def test_agrees_with_the_yaml_reader(self) -> None:
        text = '{"a": [1, 2.5, true, null, "\\u00e9\\n"], "b": {"200": {}}, "c": []}'
        assert json_text.parse(text, unexpected) == yaml(text) == json.loads(text)

    @pytest.mark.parametrize(
        ("text", "code", "index"),
        [
            ('{"a": 1,}', "not-json", 8),
            ('{"a": NaN}', "not-json", 6),
            ('{"a": "\\ud800"}', "not-json", 6),
            ('{"a": 1e999}', "bad-number", 6),
            (f'{{"a": {"9" * 5000}}}', "bad-number", 6),
            ('{"a":' * 5000, "too-deep", 500),
        ],
    )
    def test_what_is_refused(self, text: str, code: str, index: int) -> None:
        with pytest.raises(TextError) as caught:
            json_text.parse(text, unexpected)
        # Where exactly Python sees a trailing comma differs between its versions.
        assert caught.value.fault.code == code
        assert abs(caught.value.fault.index - index) <= 1

    def test_a_pair_of_surrogates_is_a_character(self) -> None:
        assert json_text.parse('{"a": "\\ud83d\\ude00"}', unexpected) == {"a": "😀"}


class TestEntry:
    def test_json_and_yaml_and_a_bom_are_read(self, tmp_path: Path) -> None:
        as_json = json.dumps({"openapi": "3.0.3", "paths": {}})
        for content in (
            as_json,
            "\ufeff" + as_json,
            "\ufeffopenapi: 3.0.3\npaths: {}",
            "{openapi: 3.0.3,}",
        ):
            document, problems = read(tmp_path, {"a.yaml": content})
            assert document.version == "3.0"
            assert not len(problems)

    @pytest.mark.parametrize(
        ("content", "expected"),
        [
            ("", ("not-openapi", 1, 1)),
            ("just text", ("not-openapi", 1, 1)),
            ("- a\n- b", ("not-openapi", 1, 1)),
            ("title: x", ("not-openapi", 1, 1)),
            ("info: {}\nswagger: '2.0'", ("swagger-2", 2, 1)),
            ("openapi: 4.0.0", ("unsupported-version", 1, 1)),
            ("openapi: 2.0", ("unsupported-version", 1, 1)),
            ("openapi: 3.0.0\na: b: c", ("not-yaml", 2, 5)),
            ('{"openapi": "3.0.0",\n "a" "b"}', ("not-json", 2, 6)),
            ("openapi: 3.0.0\r\na: 1\r\na: [", ("not-yaml", 3, 5)),
            ("é: b: c", ("not-yaml", 1, 5)),
            ("openapi: 3.1.0".encode("utf-16"), ("not-utf8", 1, 1)),
            (b"openapi: 3.1.0\na: \xff", ("not-utf8", 2, 4)),
            (b"\x00\x01\x02", ("not-yaml", 1, 1)),
        ],
    )
    def test_what_is_no_description(
        self, tmp_path: Path, content: str | bytes, expected: tuple[str, int, int]
    ) -> None:
        assert refused(tmp_path, content) == [expected]

    def test_swagger_names_a_converter(self, tmp_path: Path) -> None:
        with pytest.raises(SpecError, match="swagger2openapi"):
            read(tmp_path, {"a.yaml": "swagger: '2.0'"})

    @pytest.mark.parametrize("version", ["3.0.0", "3.0.4", "3.1.1", "3.2.0", "3.0", "3.1.0-rc1"])
    def test_versions_that_are_read(self, tmp_path: Path, version: str) -> None:
        document, _ = read(tmp_path, {"a.yaml": f"openapi: {version}\npaths: {{}}"})
        assert document.version == version[:3]

    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(SpecError) as caught:
            load(tmp_path / "none.yaml", problems=Problems())
        assert f"{tmp_path / 'none.yaml'}:1:1: unreadable: " in str(caught.value)

    def test_a_folder_is_no_file(self, tmp_path: Path) -> None:
        with pytest.raises(SpecError, match="unreadable"):
            load(tmp_path, problems=Problems())

    def test_duplicate_keys_name_both_lines_and_reading_goes_on(self, tmp_path: Path) -> None:
        text = HEAD + "paths:\n  /a:\n    get: {}\n    get:\n      deprecated: true\n"
        document, problems = read(tmp_path, {"a.yaml": text})
        assert found(problems) == [("duplicate-key", "6:5")]
        (problem,) = problems
        assert "on line 5" in problem.message
        assert document.at("a.yaml#/paths/~1a/get/deprecated") is True

    def test_duplicate_keys_of_json(self, tmp_path: Path) -> None:
        text = '{"openapi": "3.0.0",\n "paths": {},\n "paths": {"/a": {}}}'
        _, problems = read(tmp_path, {"a.json": text})
        assert found(problems) == [("duplicate-key", "3:2")]

    def test_a_merged_key_is_no_duplicate(self, tmp_path: Path) -> None:
        text = HEAD + "x-a: &a {b: 1}\nx-c: {<<: *a, b: 2}\n"
        _, problems = read(tmp_path, {"a.yaml": text})
        assert not len(problems)


class TestHostileInput:
    def test_aliases_that_multiply(self, tmp_path: Path) -> None:
        lines = ["x0: &x0 [lol]"]
        lines += [f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 10)}]" for n in range(1, 20)]
        ((code, _, _),) = refused(tmp_path, HEAD + "\n".join(lines))
        assert code == "too-many-aliases"

    def test_aliases_that_nest(self, tmp_path: Path) -> None:
        lines = ["x0: &x0 []", *(f"x{n}: &x{n} [*x{n - 1}]" for n in range(1, 500))]
        ((code, _, _),) = refused(tmp_path, HEAD + "\n".join(lines))
        assert code == "too-deep"

    def test_merges_that_multiply(self, tmp_path: Path) -> None:
        keys = ", ".join(f"k{n}: 1" for n in range(2000))
        lines = [f"x: &x {{{keys}}}", *(f"y{n}: {{<<: *x}}" for n in range(600))]
        ((code, _, _),) = refused(tmp_path, HEAD + "\n".join(lines))
        assert code == "too-many-aliases"

    @pytest.mark.parametrize("name", ["a.yaml", "a.json"])
    def test_nesting(self, tmp_path: Path, name: str) -> None:
        text = '{"openapi": "3.1.0", "x": ' + "[" * 500 + "]" * 500 + "}"
        ((code, line, _),) = refused(tmp_path, text, name)
        assert (code, line) == ("too-deep", 1)

    def test_size(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("specloom.reading.load.MAX_BYTES", 1000)
        assert refused(tmp_path, HEAD + "# " + "x" * 1000) == [("too-large", 1, 1)]

    @given(st.binary(max_size=200))
    def test_any_bytes_are_read_or_refused(self, data: bytes) -> None:
        problems = Problems()
        source = read_source(data, "a.yaml", "a.yaml", problems)
        assert problems.has_errors or not source.broken

    @settings(max_examples=300)
    @given(st.text(alphabet="ab:-{}[],&*<!?|>'\"#%@\\ \n\t01.", max_size=60))
    def test_any_text_is_read_or_refused_and_its_places_are_found(self, text: str) -> None:
        problems = Problems()
        source = read_source(text.encode(), "a.yaml", "a.yaml", problems)
        if not source.broken:
            assert source.marked.root == source.root
        for place, _ in problems.located():
            assert source.lines.line(place.line) is not None


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
        pointer, value = document.find("#/components/schemas/A", "a.yaml")
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
            document.find("file:///etc/hosts", f"{server}/file.yaml")
        assert caught.value.code == "bad-ref"


@pytest.fixture
def server() -> Iterator[str]:
    """A server of `a.yaml`, which refers to `b.json` beside it, and of a file that looks around."""
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
        found, value = document.find(ref, "a.yaml")
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
            document.find(ref, "a.yaml")
        assert caught.value.code == code

    def test_a_near_name_is_suggested(self, document: Document) -> None:
        with pytest.raises(RefError) as caught:
            document.find("#/component/schemas/A", "a.yaml")
        assert caught.value.hint == "did you mean '#/components'?"


class TestLocate:
    YAML = """\
a:
  b: [1, 2]
x: &x {  y: 1}
c:
  x: *x
d: {<<: *x, z: 1}
é:
  200: ok
"""

    @pytest.mark.parametrize(
        ("pointer", "place"),
        [
            ("#", "1:1"),
            ("#/a", "1:1"),
            ("#/a/b", "2:3"),
            ("#/a/b/1", "2:10"),
            ("#/a/none/deeper", "1:1"),
            ("#/c/x", "5:3"),
            ("#/c/x/y", "3:10"),
            ("#/d/y", "3:10"),
            ("#/d/z", "6:13"),
            ("#/é/200", "8:3"),
        ],
    )
    def test_yaml(self, tmp_path: Path, pointer: str, place: str) -> None:
        source = read_source(self.YAML.encode(), "a.yaml", "a.yaml", Problems())
        document = Document("a.yaml", str(tmp_path), {"a.yaml": source}, source.root)
        at = document.locate(f"a.yaml{pointer}")
        assert f"{at.line}:{at.column}" == place

    def test_json(self, tmp_path: Path) -> None:
        text = '{\r\n  "a": {"b": [true,\r\n   "}"]},\r\n  "c": 1\r\n}'
        source = read_source(text.encode(), "a.json", "a.json", Problems())
        document = Document("a.json", str(tmp_path), {"a.json": source}, source.root)
        places = [document.locate(f"a.json#{path}") for path in ("/a", "/a/b", "/a/b/1", "/c")]
        assert [(at.line, at.column) for at in places] == [(2, 3), (2, 9), (3, 4), (4, 3)]

    def test_an_unknown_file_has_its_first_line(self, tmp_path: Path) -> None:
        document, _ = read(tmp_path, {"a.yaml": HEAD})
        assert str(document.locate("b%20c.yaml#/a")) == "b c.yaml:1:1"
