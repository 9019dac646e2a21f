"""Places in large texts are those that a second reading of the whole text finds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from specloom.description import json_text, near_places, yaml_text
from specloom.description.load import load
from specloom.description.near_places import JsonPlaces, YamlPlaces
from specloom.description.source_text import Fault
from specloom.description.tree import Value, members
from specloom.errors import Problems

YAML = """\
# paths:
openapi: 3.1.0
info:
  title: A text with oddities
  description: |
    paths:
      /a:
        get: not this one

    components:
"paths":
  # a comment where an entry could be

  /a:
    get:
      summary: "over two
        lines"
      tags: [one, two]
# not indented
    post: {summary: flow, parameters:
      [{name: a}, {name: b}]}
  "/b": &b
    get: {summary: quoted}
  '/c':
    get:
      - 1
      -
        - deep
        - {er: still}
  /a:b:
    get: {}
  "/d\\u002Fe": {get: {}}
x-top: last
"""

JSON = json.dumps(
    json.loads('{"a": [1, {"b": "x", "c\\\\n": [[], {}, null]}], "d": {"/e~": 1.5}}'), indent=1
)


def refuse(fault: Fault) -> None:
    raise AssertionError(fault)


def pointers(root: Value, above: tuple[str, ...] = ()) -> Iterator[list[str]]:
    """The tokens of every value, and of one more below it that does not exist."""
    yield list(above)
    yield [*above, "nothing"]
    for key, inner in members(root):
        yield from pointers(inner, (*above, str(key)))


@pytest.mark.parametrize("small", [0, 40, 10_000])
@pytest.mark.parametrize("adjust", [str, lambda text: text.replace("\n", "\r\n")])
def test_yaml(small: int, adjust: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near_places, "_ENTRY", small)
    text = adjust(YAML)
    root = yaml_text.parse(text, refuse)
    places, marked = YamlPlaces(text, root), yaml_text.mark(text)
    found = {tuple(one): places.index(one) for one in pointers(root)}
    assert {key: index for key, index in found.items() if index is not None}.items() <= {
        tuple(one): marked.index(one) for one in pointers(root)
    }.items()
    if small == 40:
        assert found["paths", "/a", "get", "tags", "1"] == text.index("two]")


def test_an_entry_that_cannot_be_read_alone_is_not_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near_places, "_ENTRY", 20)
    text = "paths:\n  /a: &a\n    get: {}\n  /b:\n    get: *a\n"
    places = YamlPlaces(text, yaml_text.parse(text, refuse))
    assert places.index(["paths", "/a", "get"]) == text.index("get")
    assert places.index(["paths", "/b", "get"]) is None


def test_many_questions_are_not_answered_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near_places, "_ENTRY", 24)
    monkeypatch.setattr(near_places, "_MOST", 2)
    text = "paths:\n" + "".join(f"  /{name}:\n    get: {{}}\n" for name in "abcd")
    places = YamlPlaces(text, yaml_text.parse(text, refuse))
    answers = [places.index(["paths", f"/{name}", "get"]) is not None for name in "abcd"]
    assert answers == [True, True, False, False]


def test_json() -> None:
    for text in (JSON, "[]", "{}", ' [ 1 , {"a" : {} } ] ', "1"):
        root = json_text.parse(text, refuse)
        places, marked = JsonPlaces(text), json_text.mark(text)
        for one in pointers(root):
            assert places.index(one) == marked.index(one)


@pytest.mark.parametrize("suffix", ["yaml", "json"])
def test_a_warning_in_a_large_description_has_its_place(suffix: str, tmp_path: Path) -> None:
    summary = "This is said at length. " * 40
    paths: dict[str, Value] = {
        f"/things/{number}": {"get": {"summary": summary, "responses": {}}} for number in range(150)
    }
    root = {"openapi": "3.1.0", "info": {"title": "Large", "version": "1"}, "paths": paths}
    file = tmp_path / f"large.{suffix}"
    text = json.dumps(root, indent=2) if suffix == "json" else _yaml(root)
    file.write_text(text, encoding="utf-8")
    document = load(file, problems=Problems())
    place = document.locate(f"{document.entry}#/paths/~1things~1120/get/responses")
    source = document.sources[document.entry]
    assert "marked" not in vars(source)
    index = source.marked.index(["paths", "/things/120", "get", "responses"])
    assert (place.line, place.column) == source.lines.place(index)


def _yaml(root: dict[str, Value]) -> str:
    import yaml

    return yaml.safe_dump(root, sort_keys=False, width=80)
