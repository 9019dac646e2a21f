"""Our text has black's format: black formats a text a second time if its first pass changes it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from specloom import pipeline
from specloom.layout import assigned, literal, with_type, wrapped
from specloom.options import BuildOptions
from specloom.output.format import format_python
from specloom.output.render import render
from specloom.sdk import sdk_files

ROOT = Path(__file__).parents[3]


def is_exact(text: str) -> bool:
    return format_python(text, "") == text


def test_every_file_of_our_own_sdk_takes_black_one_pass() -> None:
    reading = pipeline.read(
        ROOT / "spec" / "assistants.yaml", BuildOptions(include=ROOT / "spec" / "lib")
    )
    planned = sdk_files(reading.api, reading.names, reading.usage)
    texts = {
        file.path: render(file.template, file.context)
        for file in planned
        if file.path.endswith(".py")
    }
    assert len(texts) > 20
    assert [path for path, text in texts.items() if not is_exact(text)] == []


TEXTS = ["plain", "it's", 'say "x"', 'it\'s "x"', "'\"\"'", "a\\b", "a\\'b", "\n\x00ü", "\\", '"']
VALUES = [1e-07, -3, True, None, [], ("a",), {"a": ["b", ("c", 1)]}]


@pytest.mark.parametrize("value", [*TEXTS, *VALUES])
def test_a_literal_is_the_value_and_has_the_quotes_of_black(value: object) -> None:
    text = literal(value)
    assert eval(text) == value
    assert is_exact(f"x = {text}\n")


LINES = [
    "f({0}, b)",
    "f({0}, [b, (c,)], d=e)",
    'f({{"a": Json(lambda: {0} | types.B), "b, [": g(x, y)}}, d=e)',
    "{{1: f({0} | b, c), 2: [x, y]}}",
    "f(a={{1: {0}}})",
    "f(lambda: list[{0} | Bbbbbbbbbbbbbbbbbbbbbbbb | c] | D)",
]


@pytest.mark.parametrize("length", [*range(5, 90, 3)])
@pytest.mark.parametrize("line", LINES)
def test_a_line_is_wrapped_as_black_wraps_it(line: str, length: int) -> None:
    assert is_exact(f"{wrapped(line.format('a' * length), 0)}\n")
    assert is_exact(f"def f():\n    {wrapped('return ' + line.format('a' * length), 4)}\n")


TYPES = ["{0}", "{0} | None", "list[{0}]", "list[{0}] | B | None", "A[{0} | B, F(alias='b')]"]


@pytest.mark.parametrize("length", [*range(5, 75, 2), *range(75, 81)])
@pytest.mark.parametrize("annotation", TYPES)
def test_a_type_is_wrapped_as_black_wraps_it(annotation: str, length: int) -> None:
    annotation = annotation.format("A" * length).replace("'", '"')
    field = assigned("x", "None", 4, annotation)
    assert is_exact(f"class A:\n    {field}\n")
    assert is_exact(f"class A:\n    {with_type('x: ', annotation, '', 4)}\n")
    assert is_exact(f"{assigned('X: TypeAlias', annotation, 0)}\n")


@pytest.mark.parametrize("value", ["A | B", "list[A] | B", "list[A | B]"])
def test_an_alias_whose_name_fills_the_line_is_valid_python(value: str) -> None:
    ast.parse(assigned(f"{'A' * 120}: TypeAlias", value, 0))
    ast.parse(assigned("A" * 120, value, 0, "TypeAlias"))
