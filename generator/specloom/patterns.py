"""Limits the time of regular expressions from untrusted descriptions.

Python's `re` has no time limit. The cost of a pattern is estimated from its syntax, and limits the
length of the texts that it is matched against.
"""

from __future__ import annotations

import re
from math import log

_MOST_STEPS = 100_000_000
"""About two seconds in the worst case."""

_MOST_CHOICES = 12
"""Nested repeats cost two to the power of their number, even for an empty text."""

_CHOICE = re.compile(r"[*+?|]|\{\d*,")
_REPEATED_GROUP = re.compile(r"\)(?:[*+]|\{(\d*)(?:,(\d*))?)")


def longest_text(pattern: str) -> int:
    """The maximum length of a text for the pattern; 0 if the pattern must not be used.

    Repeats and alternatives are choices. The choices in a repeated group can change at each
    character; n other choices are made n times.
    """
    choices = len(_CHOICE.findall(pattern.replace("(?", "(")))
    groups = _REPEATED_GROUP.findall(pattern)
    # Fifty repeats count as fifty copies.
    choices += sum(int((most or least or "1")[:6]) for least, most in groups) if choices else 0
    if choices < 2 or not groups:
        return int(_MOST_STEPS ** (1 / (choices + 1)))
    return 0 if choices > _MOST_CHOICES else int(log(_MOST_STEPS, choices + 1) / 1.5)
