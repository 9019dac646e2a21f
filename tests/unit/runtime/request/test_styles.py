"""The tables of styles in OpenAPI 3.1.1, 4.8.12.5, and their gaps."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import Enum, StrEnum
from typing import Any

import pytest

from specloom.runtime.api.operation import Style
from specloom.runtime.models.base import Model
from specloom.runtime.request.styles import text_of, write_header, write_path, write_query

ARRAY = ["blue", "black", "brown"]
OBJECT = {"R": 100, "G": 200, "B": 150}


@pytest.mark.parametrize(
    ("style", "explode", "value", "expected"),
    [
        ("simple", False, "blue", "blue"),
        ("simple", False, ARRAY, "blue,black,brown"),
        ("simple", False, OBJECT, "R,100,G,200,B,150"),
        ("simple", True, ARRAY, "blue,black,brown"),
        ("simple", True, OBJECT, "R=100,G=200,B=150"),
        ("label", False, "", "."),
        ("label", False, "blue", ".blue"),
        ("label", False, ARRAY, ".blue,black,brown"),
        ("label", False, OBJECT, ".R,100,G,200,B,150"),
        ("label", True, ARRAY, ".blue.black.brown"),
        ("label", True, OBJECT, ".R=100.G=200.B=150"),
        ("matrix", False, "", ";color"),
        ("matrix", False, "blue", ";color=blue"),
        ("matrix", False, ARRAY, ";color=blue,black,brown"),
        ("matrix", False, OBJECT, ";color=R,100,G,200,B,150"),
        ("matrix", True, "blue", ";color=blue"),
        ("matrix", True, ARRAY, ";color=blue;color=black;color=brown"),
        ("matrix", True, OBJECT, ";R=100;G=200;B=150"),
        ("simple", False, "a/b?c d%é", "a%2Fb%3Fc%20d%25%C3%A9"),
    ],
)
def test_path(style: str, explode: bool, value: Any, expected: str) -> None:
    assert write_path("color", value, Style("path", style, explode)) == expected


@pytest.mark.parametrize(
    ("style", "explode", "value", "expected"),
    [
        ("form", True, "blue", "color=blue"),
        ("form", True, [[1, 2], [3]], "color=1%2C2&color=3"),
        ("form", True, "", "color="),
        ("form", True, ARRAY, "color=blue&color=black&color=brown"),
        ("form", True, OBJECT, "R=100&G=200&B=150"),
        ("form", False, ARRAY, "color=blue,black,brown"),
        ("form", False, OBJECT, "color=R,100,G,200,B,150"),
        ("spaceDelimited", False, ARRAY, "color=blue%20black%20brown"),
        ("spaceDelimited", False, OBJECT, "color=R%20100%20G%20200%20B%20150"),
        ("spaceDelimited", True, ARRAY, "color=blue&color=black&color=brown"),
        ("pipeDelimited", False, ARRAY, "color=blue%7Cblack%7Cbrown"),
        ("pipeDelimited", False, OBJECT, "color=R%7C100%7CG%7C200%7CB%7C150"),
        ("deepObject", True, OBJECT, "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150"),
        ("deepObject", True, {"a": {"b": [1, 2]}}, "color%5Ba%5D%5Bb%5D=1&color%5Ba%5D%5Bb%5D=2"),
        ("form", True, None, ""),
        ("form", True, [None, "a", None], "color=a"),
        ("form", True, [], ""),
        ("form", False, [], ""),
        ("form", True, {"a": None, "b": "x&y=z"}, "b=x%26y%3Dz"),
        ("form", False, ["a,b", "c"], "color=a%2Cb,c"),
    ],
)
def test_query(style: str, explode: bool, value: Any, expected: str) -> None:
    assert "&".join(write_query("color", value, Style("query", style, explode))) == expected


def test_reserved_characters_stay_where_they_are_allowed() -> None:
    style = Style("query", "form", explode=True, allow_reserved=True)
    assert write_query("q", "/a?b=c&d#e", style) == ["q=/a?b=c%26d%23e"]


def test_content_is_json() -> None:
    style = Style("query", "form", content="application/json")
    assert write_query("filter", {"a": [1, None]}, style) == [
        "filter=%7B%22a%22%3A%5B1%2Cnull%5D%7D"
    ]
    assert write_header({"a": True}, style) == '{"a":true}'


@pytest.mark.parametrize(
    ("explode", "value", "expected"),
    [
        (False, ARRAY, "blue,black,brown"),
        (False, OBJECT, "R,100,G,200,B,150"),
        (True, OBJECT, "R=100,G=200,B=150"),
        (False, "a b/c", "a b/c"),
        (False, True, "true"),
    ],
)
def test_header(explode: bool, value: Any, expected: str) -> None:
    assert write_header(value, Style("header", "simple", explode)) == expected


class Color(Enum):
    RED = "red"


class TextColor(StrEnum):
    BLUE = "blue"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, "true"),
        (1, "1"),
        (1.5, "1.5"),
        (datetime(2024, 5, 1, 12, tzinfo=UTC), "2024-05-01T12:00:00Z"),
        (date(2024, 5, 1), "2024-05-01"),
        (Color.RED, "red"),
        (TextColor.BLUE, "blue"),
        (b"raw", "raw"),
        ([1, {"a": None}], '[1,{"a":null}]'),
    ],
)
def test_primitives(value: Any, expected: str) -> None:
    assert text_of(value) == expected


def test_a_model_is_an_object_of_its_wire_names() -> None:
    class Range(Model):
        low: int

    assert write_query("r", Range(low=1), Style("query", "deepObject", True)) == ["r%5Blow%5D=1"]
