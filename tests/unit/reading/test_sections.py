"""A YAML text in sections says what it says as a whole, or is left to be read whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from specloom.errors import Problems
from specloom.reading import sections, yaml_text
from specloom.reading.load import load
from specloom.reading.sections import Sections, parse_sections
from specloom.reading.text import Fault, TextError
from specloom.reading.tree import Value

ROOT = Path(__file__).parents[3]
CORPUS = ROOT.parent / "shared/corpus"

PLAIN = """\
# Tiny.
---
openapi: 3.1.0
info:
  title: Tiny
  version: "1"
tags:
- name: pets
servers:
  - url: https://example.com

paths: # all of them
  # the first
  /pets:
    get:
      description: |+
        Two lines,

        and blank ones

    # of none
  "/pets/{id}":
    get: {operationId: one}
webhooks:
  new:
    post: {}
components:
  schemas:
    Pet:
      type: object
    Name: {type: string}
  responses: {}
  parameters:
x-end: yes
"""


def whole(text: str) -> Value | None:
    """What a text says; None where it has a fault."""
    faults: list[Fault] = []
    try:
        value = yaml_text.parse(text, faults.append)
    except TextError:
        return None
    return None if faults else value


def written(value: Value) -> str:
    """A value with the order of its keys."""
    return json.dumps(value)


def spaced(text: str, blanks: int) -> str:
    """A text that indents by so many blanks in place of two."""
    lines = text.split("\n")
    return "\n".join(
        " " * ((len(line) - len(line.lstrip(" "))) // 2 * blanks) + line.lstrip(" ")
        for line in lines
    )


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        spaced(PLAIN, 4),
        spaced(PLAIN, 1),
        PLAIN.replace("\n", "\r\n"),
        PLAIN.removesuffix("\n"),
        PLAIN.replace("Two lines,", "Text:\n      that: is no key"),
        PLAIN.replace("# the first", "# the first\x85  /new: {}"),
        PLAIN.replace("# all of them", "# all of them\u2028  /new: {}"),
    ],
    ids=["two", "four", "one", "crlf", "no end", "text like keys", "nel", "ls"],
)
def test_plain_texts_are_read_in_sections(text: str) -> None:
    found = parse_sections(text, Sections())
    assert found is not None
    assert written(found) == written(whole(text))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Name: {type: string}", "Name: &name {type: string}"),
        ("Name: {type: string}", "Pet: {type: string}"),
        ("webhooks:\n", "paths:\n"),
        ("title: Tiny", "title: 'Tiny\npaths: no'"),
        ("title: Tiny", "title: [Tiny,\npaths]"),
        ("x-end: yes", "? x-end\n: yes"),
        ("x-end: yes", "<<: {x-end: yes}"),
        ("x-end: yes", "--- \nx-end: yes"),
        ("x-end: yes", "x-end: yes\n..."),
        ("x-end: yes", "!!str x-end: yes"),
        ("# Tiny.", "%YAML 1.2"),
        ("# Tiny.", "# Tiny.\rx-first: 1"),
        ("  # the first", "    /too/deep: {}"),
        ("  # the first", " /too/flat: {}"),
        ("# of none", "\tof: none"),
        ("/pets:", "/pets: &pets"),
        ("x-end: yes", f"x-end: {'[' * 99}{']' * 99}"),
        ("x-end: yes", "x-end: \x07"),
        ("openapi: 3.1.0", "- openapi"),
    ],
)
def test_what_is_not_plain_is_read_whole(old: str, new: str) -> None:
    assert old in PLAIN
    found = Sections()
    assert parse_sections(PLAIN.replace(old, new), found) is None
    assert not found.met


_LINES = st.sampled_from(
    [
        *PLAIN.splitlines(),
        *(
            f"{' ' * blanks}{text}"
            for blanks in (0, 1, 2, 3, 4, 6)
            for text in ("a: b", "b:", "- c")
        ),
        "paths:",
        "components:",
        "  schemas:",
        "a: |",
        "  b: >-",
        "  'c: d",
        '    e": f',
        "g: [h,",
        "  i: 1]",
        "j: {",
        "}",
        "k: &l m",
        "n: *l",
        "# o",
        "---",
        "...",
        "\t",
        "",
    ]
)


@given(st.lists(_LINES, max_size=25).map("\n".join), st.sampled_from(["\n", "\r\n", "\r", "\x85"]))
@example("paths:\n  a: b\n  a: b", "\n")
@example("paths:\ncomponents:\n", "\n")
@example("components:\n\t\n  title: Tiny", "\n")
def test_sections_never_say_anything_else(text: str, end: str) -> None:
    text = text.replace("\n", end)
    found = parse_sections(text, Sections())
    assert found is None or written(found) == written(whole(text))


def test_descriptions_of_the_corpus() -> None:
    if not CORPUS.is_dir():
        pytest.skip("there is no corpus beside the project")
    count = 0
    for path in sorted(CORPUS.glob("*/*.yaml"))[::5]:
        text = path.read_text("utf-8", errors="replace")
        found = parse_sections(text, Sections()) if len(text) < 400_000 else None
        if found is not None:
            count += 1
            assert written(found) == written(whole(text)), path.name
    assert count > 50


def test_what_is_known_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    first = Sections()
    value = parse_sections(PLAIN, first)
    read: list[str] = []
    build = sections.Builder.build

    def noted(self: sections.Builder) -> Value:
        read.append(self.text)
        return build(self)

    monkeypatch.setattr(sections.Builder, "build", noted)
    edited = PLAIN.replace("type: object", "type: array")
    second = Sections(first.met)
    assert written(parse_sections(PLAIN, second)) == written(value)
    assert (read, second.met) == ([], first.met)
    assert written(parse_sections(edited, Sections(first.met))) == written(whole(edited))
    assert read[0] == "    Pet:\n      type: array\n"
    assert read[1:] == [edited]  # by the test itself


def test_only_large_descriptions_are_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "openapi.yaml"
    file.write_text(PLAIN)
    small, large = Sections(), Sections()
    assert load(file, sections=small, problems=Problems()).root == whole(PLAIN)
    monkeypatch.setattr("specloom.reading.load.LARGE", len(PLAIN) - 1)
    assert load(file, sections=large, problems=Problems()).root == whole(PLAIN)
    assert not small.met
    assert large.met


def test_places_are_those_of_the_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("specloom.reading.load.LARGE", 1)
    file = tmp_path / "openapi.yaml"
    file.write_text(PLAIN)
    document = load(file, sections=Sections(), problems=Problems())
    place = document.locate(f"{document.entry}#/components/schemas/Name/type")
    above = PLAIN[: PLAIN.index("Name:")]
    assert (place.line, place.column) == (above.count("\n") + 1, len("    Name: {") + 1)
