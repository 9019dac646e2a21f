"""Values and lines of Python as black writes them.

black formats a file a second time where its first pass has changed the text, to be sure that
nothing changes any more. A file that stands as black writes it takes half of the time. What these
few rules do not cover costs that second pass, and nothing else: black has the last word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from specloom.docstrings import WIDTH

_STEP = 4
_TOKEN = re.compile(
    r"""'(?:[^'\\]|\\.)*' | "(?:[^"\\]|\\.)*" | [(\[{] | [)\]}] | ,\ ? | \ \|\  """, re.VERBOSE
)


def literal(value: object) -> str:
    """A value as a literal: text in double quotes unless that needs more escapes."""
    if isinstance(value, str):
        return _text_literal(value)
    if isinstance(value, dict):
        pairs = (f"{literal(key)}: {literal(one)}" for key, one in value.items())
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, tuple):
        return f"({', '.join(map(literal, value))}{',' * (len(value) == 1)})"
    return repr(value)


def _text_literal(value: str) -> str:
    body = repr(f'{value}"')[1:-2]  # a double quote has `repr` use single ones
    if value.count('"') > value.count("'"):
        return f"'{body}'"
    body = body.replace("\\'", "'").replace('"', '\\"')
    return f'"{body}"'


def wrapped(text: str, indent: int, after: int = 0) -> str:
    """A line of Python, over several where it is too long.

    Args:
        text: The line, without its indentation.
        indent: How far it is indented; its further lines are so too.
        after: How many characters follow it.
    """
    if indent + len(text) + after <= WIDTH:
        return text
    margin = "\n" + " " * indent
    members = list(_cut(text, " | "))
    if len(members) > 1:
        following = [f"| {one}" for one in members[1:-1]]
        texts = [wrapped(one, indent) for one in (members[0], *following)]
        return margin.join([*texts, wrapped(f"| {members[-1]}", indent, after)])
    start, end = _last_brackets(text)
    if end - start < 2:
        return text
    head, tail = text[: start + 1], text[end:]
    body = _body(text[start + 1 : end], indent + _STEP, is_call=head[-2:-1].isidentifier())
    comma = "," if text.startswith("def ") and "," not in body else ""
    return f"{head}{margin}{' ' * _STEP}{body}{comma}{margin}{tail}"


def with_type(before: str, annotation: str, behind: str, indent: int, after: int = 0) -> str:
    """A line with a type in it, which is put in brackets where it is to be wrapped and has none.

    ``before`` and ``behind`` are what stands beside the type; the rest is as `wrapped` has it.
    """
    text = f"{before}{annotation}{behind}"
    if indent + len(text) + after <= WIDTH:
        return text
    enclosed = wrapped(f"{before}({annotation}){behind}", indent, after)
    if _is_union(annotation):
        return enclosed
    is_cramped = indent + len(before) + _head(annotation) > WIDTH
    return enclosed if is_cramped and _fits(enclosed, indent) else wrapped(text, indent, after)


def assigned(target: str, value: str, indent: int, annotation: str = "") -> str:
    """``target: annotation = value``, over several lines where it is too long.

    The value is put in brackets unless it has some that open on the first line. Where there is no
    room for these either, the type is wrapped.
    """
    start = f"{target}: {annotation} = " if annotation else f"{target} = "
    column = indent + len(start)
    if column + len(value) <= WIDTH:
        return start + value
    inner, margin = wrapped(value, indent + _STEP), "\n" + " " * indent
    enclosed = f"{start}({margin}{' ' * _STEP}{inner}{margin})"
    is_cramped = column + _head(value) > WIDTH
    if column < WIDTH and (_is_union(value) or (is_cramped and _fits(enclosed, indent))):
        return enclosed
    if annotation:
        return with_type(f"{target}: ", annotation, f" = {value}", indent)
    return wrapped(start + value, indent)


def _fits(text: str, indent: int) -> bool:
    first, *others = text.split("\n")
    return indent + len(first) <= WIDTH and all(len(line) <= WIDTH for line in others)


def _is_union(annotation: str) -> bool:
    return len([*_cut(annotation, " | ")]) > 1


def _head(text: str) -> int:
    """How long a text is up to its last outer bracket; endless where it has none."""
    start, end = _last_brackets(text)
    return start + 1 if end else WIDTH


def _body(text: str, indent: int, *, is_call: bool) -> str:
    """What stands in brackets; an item a line where it is too long, or no call's arguments."""
    items = list(_cut(text, ", "))
    has_comma = text.endswith(",")
    if len(items) == 1 and not has_comma:
        return wrapped(text, indent)
    if is_call and not has_comma and indent + len(text) <= WIDTH:
        return text
    items[-1] = items[-1].removesuffix(",")
    return f"\n{' ' * indent}".join(f"{wrapped(one, indent, 1)}," for one in items)


def _cut(text: str, separator: str) -> Iterator[str]:
    """A text at the separators that stand in no brackets of it."""
    depth = start = 0
    for token in _TOKEN.finditer(text):
        depth += _turn(token[0])
        if depth == 0 and token[0] == separator:
            yield text[start : token.start()]
            start = token.end()
    yield text[start:]


def _last_brackets(text: str) -> tuple[int, int]:
    """Where the last pair of outer brackets opens and closes; (0, 0) where there is none."""
    depth = opened = start = end = 0
    for token in _TOKEN.finditer(text):
        turn = _turn(token[0])
        if turn > 0 and depth == 0:
            opened = token.start()
        depth += turn
        if turn < 0 and depth == 0:
            start, end = opened, token.start()
    return start, end


def _turn(token: str) -> int:
    return 1 if token in ("(", "[", "{") else -1 if token in (")", "]", "}") else 0
