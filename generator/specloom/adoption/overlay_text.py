"""Pieces of an overlay's text: scalars in YAML, comments and targets."""

from __future__ import annotations

import json
import re

from specloom.authoring.overlay_fixes import Action, path_of
from specloom.layout import plain

_PLAIN = re.compile(r"[A-Za-z][\w.-]*", re.ASCII)
# Texts that some version of YAML reads as something other than text.
_NOT_TEXT = frozenset("null true false yes no on off y n nan inf".split())


def quoted(text: str) -> str:
    """A text in YAML, with quotes if needed."""
    if _PLAIN.fullmatch(text) and text.lower() not in _NOT_TEXT:
        return text
    return json.dumps(text)


def line(text: str) -> str:
    """A text of the old SDK for a comment: one line of it."""
    return " ".join(plain(text).split())


def action_target(pointer: str) -> str:
    """The JSONPath of a place, as a text in YAML."""
    return json.dumps(Action(path_of(pointer), {}).target)
