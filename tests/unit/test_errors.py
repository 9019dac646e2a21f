"""Problems are collected and shown."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

import specloom
from specloom.errors import CODES, Location, Problems, SpecError, as_json, as_text

SOURCES = Path(specloom.__file__).parent


class Lines:
    """A locator of one file; a pointer is "#<line>:<column>"."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")

    def locate(self, pointer: str) -> Location:
        line, column = pointer.removeprefix("#").split(":")
        return Location("a.yaml", int(line), int(column))

    def line(self, location: Location) -> str | None:
        return self.lines[location.line - 1]


def problems_in(text: str) -> Problems:
    problems = Problems()
    problems.locator = Lines(text)
    return problems


def test_a_problem_is_shown_with_place_line_caret_and_hint() -> None:
    problems = problems_in("a: 1\nb: $ref")
    problems.error("undefined-ref", "'x' leads to nothing", "#2:4", "try\n  y: 1")
    assert as_text(problems) == (
        "a.yaml:2:4: undefined-ref: 'x' leads to nothing\n"
        "  2 | b: $ref\n"
        "    |    ^\n"
        "  hint: try\n"
        "      y: 1"
    )


def test_problems_are_sorted_by_place() -> None:
    problems = problems_in("\n" * 20)
    for pointer in ("#10:1", "#2:5", "#2:1"):
        problems.error("wrong-type", "m", pointer)
    problems.error("bad-ref", "m", "#2:1")
    places = [(place.line, place.column, problem.code) for place, problem in problems.located()]
    assert places == [
        (2, 1, "bad-ref"),
        (2, 1, "wrong-type"),
        (2, 5, "wrong-type"),
        (10, 1, "wrong-type"),
    ]


def test_the_same_problem_is_kept_once() -> None:
    problems = Problems()
    for _ in range(2):
        problems.error("bad-ref", "m", "a.yaml#/a")
    assert len(problems) == 1


def test_everything_is_raised_at_once_and_warnings_alone_are_not() -> None:
    problems = Problems()
    problems.warning("unused-path-parameter", "w", "a.yaml#")
    problems.raise_if_errors()
    problems.error("bad-ref", "one", "a.yaml#")
    problems.error("bad-ref", "two", "a.yaml#")
    with pytest.raises(SpecError) as caught:
        problems.raise_if_errors()
    assert len(caught.value.problems) == 3
    assert "a.yaml:1:1: bad-ref: one" in str(caught.value)
    assert "unused-path-parameter: w [warning]" in str(caught.value)


def test_a_minified_file_shows_what_is_around_the_column() -> None:
    problems = problems_in("x" * 500 + "HERE" + "y" * 500)
    problems.error("bad-ref", "m", "#1:501")
    _, line, caret = as_text(problems).split("\n")
    assert len(line) < 120
    assert line[caret.index("^") :].startswith("HERE")


def test_tabs_before_the_column_do_not_move_the_caret() -> None:
    problems = problems_in("\t\tHERE")
    problems.error("bad-ref", "m", "#1:3")
    _, line, caret = as_text(problems).split("\n")
    assert line[caret.index("^") :] == "HERE"


def test_a_description_cannot_drive_the_terminal() -> None:
    problems = problems_in("a\x1b[2J")
    problems.error("bad-ref", "m\x1b[31m\r\nn", "#1:1", "h\x07")
    text = as_text(problems)
    assert all(character.isprintable() or character == "\n" for character in text)
    assert r"m\x1b[31m\r\nn" in text


def test_colour_changes_nothing_but_colour() -> None:
    problems = problems_in("abc")
    problems.error("bad-ref", "m", "#1:1", "h")
    coloured = as_text(problems, colour=True)
    assert coloured != as_text(problems)
    for code in ("\x1b[1;31m", "\x1b[1;33m", "\x1b[1m", "\x1b[36m", "\x1b[0m"):
        coloured = coloured.replace(code, "")
    assert coloured == as_text(problems)


def test_json_holds_everything() -> None:
    problems = problems_in("abc")
    problems.warning("bad-ref", "m", "#1:2", "h")
    assert json.loads(as_json(problems)) == [
        {
            "code": "bad-ref",
            "severity": "warning",
            "message": "m",
            "hint": "h",
            "file": "a.yaml",
            "line": 1,
            "column": 2,
            "pointer": "#1:2",
        }
    ]


def test_an_unknown_code_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        Problems().error("no-such-code", "m")


def test_codes_are_short_words_and_each_is_used() -> None:
    used = set()
    for file in SOURCES.rglob("*.py"):
        if file.name != "errors.py":
            tree = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            used |= {node.value for node in tree if isinstance(node, ast.Constant)}
    for code, meaning in CODES.items():
        assert code == code.lower().strip("-")
        assert meaning.endswith(".")
        assert code in used, f"{code} is never used"
