"""How long a regular expression of a stranger may take.

Python's `re` knows no limit of time. What a pattern can cost is read off it, and the text that it
is tried on is kept as short as that demands.
"""

from __future__ import annotations

import re
from math import log

_MOST_STEPS = 100_000_000
"""Two seconds or so, at the very worst."""

_MOST_CHOICES = 12
"""Repeats in one another cost two to the power of their number even where there is no text."""

_CHOICE = re.compile(r"[*+?|]|\{\d*,")
_REPEATED_GROUP = re.compile(r"\)(?:[*+]|\{(\d*)(?:,(\d*))?)")


def longest_text(pattern: str) -> int:
    """How many characters a text may have that the pattern is tried on; 0 if it is not to be tried.

    Repeats and alternatives are choices. Those of a group that is repeated itself can be made anew
    at each character; n others are made n times.
    """
    choices = len(_CHOICE.findall(pattern.replace("(?", "(")))
    groups = _REPEATED_GROUP.findall(pattern)
    # What is repeated fifty times is as if it were written fifty times.
    choices += sum(int((most or least or "1")[:6]) for least, most in groups) if choices else 0
    if choices < 2 or not groups:
        return int(_MOST_STEPS ** (1 / (choices + 1)))
    return 0 if choices > _MOST_CHOICES else int(log(_MOST_STEPS, choices + 1) / 1.5)
