"""Lines and columns of places in a text, requested in any order."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from specloom.description.source_text import Lines

_TEXTS = st.lists(st.sampled_from(["a", "bc", "\n", "\n\n", "\r\n", "\r", " "])).map("".join)
_PLAIN = st.lists(st.sampled_from(["a", "bc", "\n", "\n\n", " "])).map("".join)


@given(_TEXTS | _PLAIN, st.lists(st.floats(0, 1), max_size=6))
def test_places_and_lines_are_those_that_one_counts(text: str, asked: list[float]) -> None:
    lines = Lines(text)
    expected = re.split("\r\n?|\n", text)
    for share in asked:
        index = round(share * len(text))
        if text[index - 1 : index + 1] == "\r\n":
            continue  # nothing begins inside of a line break
        above = re.split("\r\n?|\n", text[:index])
        assert lines.place(index) == (len(above), len(above[-1]) + 1)
        number = round(share * (len(expected) + 2))
        is_there = 1 <= number <= len(expected)
        assert lines.line(number) == (expected[number - 1] if is_there else None)
