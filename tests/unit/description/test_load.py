"""Entry documents of descriptions, and hostile ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specloom.description.load import load, read_source
from specloom.description.places import mark
from specloom.description.source_text import Lines, Mark
from specloom.description.tree import Value
from specloom.errors import Problems, SpecError
from unit.description.loaded import HEAD, found, read, refused


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
            ("info: {}\nswagger: '1.2'", ("unsupported-version", 2, 1)),
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

    @pytest.mark.parametrize(
        ("content", "hint"),
        [
            ("paths: {}", "write 'openapi: 3.1.0' if it is one"),
            ("openapi: 4.0.0", "write 'openapi: 3.1.0' if it is one"),
            ("openapi: 2.0", "write swagger: '2.0' if it is one"),
            ("swagger: '1.2'", "convert it to Swagger 2.0 or OpenAPI 3"),
            ("asyncapi: 3.0.0", "this is AsyncAPI; specloom reads OpenAPI"),
            (
                "overlay: 1.0.0",
                "this is an overlay; name it with --overlay, beside the description",
            ),
            ('{"info": {}, "item": []}', "this may be a Postman collection; export it as OpenAPI"),
            ('{"log": {}}', "this may be a HAR recording; 'specloom add --recording' takes it"),
        ],
    )
    def test_other_files_say_what_to_do(self, tmp_path: Path, content: str, hint: str) -> None:
        (tmp_path / "a.yaml").write_text(content, encoding="utf-8")
        with pytest.raises(SpecError) as caught:
            load(tmp_path / "a.yaml", problems=Problems())
        assert [problem.hint for problem in caught.value.problems] == [hint]

    @pytest.mark.parametrize("version", ["3.0.0", "3.0.4", "3.1.1", "3.2.0", "3.0", "3.1.0-rc1"])
    def test_versions_that_are_read(self, tmp_path: Path, version: str) -> None:
        document, _ = read(tmp_path, {"a.yaml": f"openapi: {version}\npaths: {{}}"})
        assert document.version == version[:3]

    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(SpecError) as caught:
            load(tmp_path / "none.yaml", problems=Problems())
        assert f"{tmp_path / 'none.yaml'}:1:1: unreadable: " in str(caught.value)

    def test_a_folder_is_not_a_file(self, tmp_path: Path) -> None:
        with pytest.raises(SpecError, match="unreadable"):
            load(tmp_path, problems=Problems())

    def test_duplicate_keys_name_both_lines_and_do_not_stop_the_parser(
        self, tmp_path: Path
    ) -> None:
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

    def test_a_merged_key_is_not_a_duplicate(self, tmp_path: Path) -> None:
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
        monkeypatch.setattr("specloom.description.load.MAX_BYTES", 1000)
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
            assert _shape_of_mark(mark(source)) == _shape(source.root)
        for place, _ in problems.located():
            assert Lines(text).line(place.line) is not None


def _shape(value: Value) -> object:
    """The keys and the lengths of a value, at all depths."""
    if isinstance(value, dict):
        return {key: _shape(inner) for key, inner in value.items()}
    return [_shape(inner) for inner in value] if isinstance(value, list) else None


def _shape_of_mark(mark: Mark) -> object:
    """The same of what is marked."""
    marks = None if isinstance(mark, int) else mark[1]
    if isinstance(marks, dict):
        return {key: _shape_of_mark(inner) for key, inner in marks.items()}
    return [_shape_of_mark(inner) for inner in marks] if isinstance(marks, list) else None
