"""Pointers and their places in files."""

from __future__ import annotations

from pathlib import Path

import pytest

from specloom.description import json_text
from specloom.description.document import Document
from specloom.description.load import read_source
from specloom.description.places import Places
from specloom.description.source_text import Mark
from specloom.errors import Problems
from unit.description.loaded import HEAD, read


class TestLocate:
    YAML = """\
a:
  b: [1, 2]
x: &x {  y: 1}
c:
  x: *x
d: &y {<<: *x, z: 1}
é:
  200: ok
f:
  - {<<: [*x, *y], z: 2}
  - *x
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
            ("#/d/z", "6:16"),
            ("#/é/200", "8:3"),
            ("#/f/0/y", "3:10"),
            ("#/f/0/z", "10:20"),
            ("#/f/1", "11:5"),
            ("#/f/1/y", "3:10"),
            ("#/f/2", "9:1"),
        ],
    )
    def test_yaml(self, tmp_path: Path, pointer: str, place: str) -> None:
        source = read_source(self.YAML.encode(), "a.yaml", "a.yaml", Problems())
        document = Document("a.yaml", str(tmp_path), {"a.yaml": source}, source.root)
        at = Places(document).locate(f"a.yaml{pointer}")
        assert f"{at.line}:{at.column}" == place

    def test_of_two_mappings_that_are_merged_the_first_has_the_place(self, tmp_path: Path) -> None:
        text = "a: &a {k: 1}\nb: &b {k: 2}\nc: {<<: [*a, *b]}\n"
        source = read_source(text.encode(), "a.yaml", "a.yaml", Problems())
        document = Document("a.yaml", str(tmp_path), {"a.yaml": source}, source.root)
        assert document.at("a.yaml#/c/k") == 1
        assert Places(document).locate("a.yaml#/c/k").line == 1

    def test_json(self, tmp_path: Path) -> None:
        text = '{\r\n  "a": {"b": [true,\r\n   "}"]},\r\n  "c": 1\r\n}'
        source = read_source(text.encode(), "a.json", "a.json", Problems())
        document = Document("a.json", str(tmp_path), {"a.json": source}, source.root)
        places = Places(document)
        found = [places.locate(f"a.json#{path}") for path in ("/a", "/a/b", "/a/b/1", "/c")]
        assert [(at.line, at.column) for at in found] == [(2, 3), (2, 9), (3, 4), (4, 3)]

    def test_an_unknown_file_has_its_first_line(self, tmp_path: Path) -> None:
        document, _ = read(tmp_path, {"a.yaml": HEAD})
        assert str(Places(document).locate("b%20c.yaml#/a")) == "b c.yaml:1:1"

    def test_a_text_is_marked_once_for_all_places(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        marked: list[str] = []
        mark = json_text.mark

        def counting(text: str) -> Mark:
            marked.append(text)
            return mark(text)

        monkeypatch.setattr(json_text, "mark", counting)
        source = read_source(b'{"a": 1, "b": 2}', "a.json", "a.json", Problems())
        places = Places(Document("a.json", str(tmp_path), {"a.json": source}, source.root))
        assert not marked
        assert [places.locate(f"a.json#/{key}").column for key in "ab"] == [2, 10]
        assert marked == [source.text]
