"""How black lays out a statement: on one line, else with what stands in brackets on lines below."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from specloom.writing.docstrings import WIDTH
from specloom.writing.layout.brackets import Brackets, Phrase, parse
from specloom.writing.layout.lines import UnclearError

# Where black may prefer to split at, rather than in the last brackets.
_OPERATOR = re.compile(r" (?:and|or|if|else|in|not|is|for|[-+*/%@<>|]|[*=!<>/]=|\*\*) |^(?:-|not )")
_COMMENT = re.compile(r"#[^'\"]*$")
_DECLARATION = re.compile(r"\w+: (?!TypeAlias|Operation)")
_CONSTANT = re.compile(r"\w+: Operation")
_GENERIC = re.compile(r"\w+: \w+")
ByBlack = Callable[[str, int], str]
"""Lays out an argument of a function, at an indentation."""


def lay_out_statement(text: str, indent: int, argument_by_black: ByBlack) -> str:
    """A statement without its indentation. Raises UnclearError for what only black knows."""
    if not text.isascii():  # a letter may be two columns wide
        raise UnclearError
    if text.startswith("from "):
        return _import(text, indent)
    if "#" in text and _COMMENT.search(text):
        return _commented(text, indent)
    phrase = parse(text)
    if not phrase.explodes and indent + len(phrase.flat) <= WIDTH:
        return phrase.flat
    if text.startswith(("def ", "async def ")):
        return _definition(phrase, indent, argument_by_black)
    if text.startswith(("if ", "@")):
        raise UnclearError
    if text.startswith("class "):
        return _class(phrase, indent)
    if _DECLARATION.match(str(phrase.parts[0])):
        return _declaration(phrase, indent)
    if len(phrase.parts) == 4 and _CONSTANT.match(str(phrase.parts[0])):
        return _constant(phrase.parts, indent)
    return "\n".join(_split(phrase.parts, indent, ""))


def _import(text: str, indent: int) -> str:
    if "\n" not in text and "(" not in text and indent + len(text) <= WIDTH:
        return text
    head, _, names = text.partition(" import ")
    if names.startswith("("):
        if not names.endswith(",)"):
            raise UnclearError
        names = names[1:-2]
    if not re.fullmatch(r"[\w\s,]+", names):
        raise UnclearError
    margin = "\n" + " " * indent
    inner = "".join(f"{margin}    {name.strip()}," for name in names.split(","))
    return f"{head} import ({inner}{margin})"


def _commented(text: str, indent: int) -> str:
    if "\n" in text or "  # " not in text or indent + len(text) > WIDTH:
        raise UnclearError
    return text


def _definition(phrase: Phrase, indent: int, argument_by_black: ByBlack) -> str:
    head, brackets, tail = phrase.parts[0], phrase.parts[1], phrase.parts[2:]
    if not isinstance(head, str) or not isinstance(brackets, Brackets) or not brackets.items:
        raise UnclearError
    behind = Phrase(tail).close()
    if brackets.opening != "(" or behind.explodes or any(one.explodes for one in brackets.items):
        raise UnclearError
    if max(len(head), len(behind.flat)) + 1 > WIDTH - indent:
        raise UnclearError
    margin = "\n" + " " * indent
    flat = ", ".join([one.flat for one in brackets.items])
    is_short = indent + 4 + len(flat) <= WIDTH and len(brackets.items) > 1
    if is_short and not brackets.ends_in_comma:
        return f"{head}({margin}    {flat}{margin}){behind.flat}"
    inner = [
        (
            one.flat
            if _fits(one, indent + 4)
            else _argument(one, indent + 4) or argument_by_black(one.flat, indent + 4)
        )
        for one in brackets.items
    ]
    return f"{head}({''.join([f'{margin}    {one},' for one in inner])}{margin}){behind.flat}"


def _argument(argument: Phrase, indent: int) -> str:
    """An argument that is too long for a line; empty where it is for black to lay out."""
    try:
        return _union(argument, indent)
    except UnclearError:
        return ""


def _class(phrase: Phrase, indent: int) -> str:
    *before, colon = phrase.parts
    if colon != ":":
        raise UnclearError
    return "\n".join(_split(before, indent, ":"))


def _declaration(phrase: Phrase, indent: int) -> str:
    """``name: annotation``, maybe with a default, too long for a line."""
    *before, last = phrase.parts
    default = last if last == " = None" else ""
    margin = "\n" + " " * indent
    if phrase.explodes:
        raise UnclearError
    is_none = phrase.flat.endswith(" = None")
    if is_none and indent + len(phrase.flat) - len("None") + len("(") <= WIDTH:
        return f"{phrase.flat.removesuffix('None')}({margin}    None{margin})"
    union = _union(phrase, indent)
    if union:
        return union
    parts = before if default else phrase.parts
    if len(parts) != 2 or not _GENERIC.fullmatch(str(parts[0])):
        raise UnclearError
    return "\n".join(_split(parts, indent, str(default)))


def _union(phrase: Phrase, indent: int) -> str:
    """``name: A | B``, maybe with a default: in brackets. Empty for an annotation of another kind.

    Of one that ends in brackets, black might split these.
    """
    name, _, rest = str(phrase.parts[0]).partition(": ")
    members = [""]
    if any(one[0] in "\"'" for one in _texts(phrase.parts)):
        raise UnclearError
    for part in (rest, *phrase.parts[1:]):
        first, *others = part.split(" | ") if isinstance(part, str) else (part.flat,)
        members[-1] += first
        members += others
    members[-1], equals, default = members[-1].partition(" = ")
    if len(members) < 2 or not members[-1].isidentifier() or not rest:
        return ""
    margin = "\n" + " " * indent
    flat = " | ".join(members)
    if indent + 4 + len(flat) <= WIDTH:
        inner = f"{margin}    {flat}"
    elif indent + 6 + max(map(len, members)) <= WIDTH:
        inner = f"{margin}    " + f"{margin}    | ".join(members)
    else:
        raise UnclearError
    return f"{name}: ({inner}{margin}){equals}{default}"


def _constant(parts: list[str | Brackets], indent: int) -> str:
    """``name: Operation[A] = Operation(…)``: its type is split, or brackets are put around."""
    name, arguments, maker, call = parts
    head = Phrase([name, arguments]).close().flat
    if indent + len(f"{head}{maker}(") <= WIDTH:
        return "\n".join(_split(parts, indent, ""))
    if indent + len(f"{head} = (") <= WIDTH:
        margin = "\n" + " " * indent
        inner = "\n".join(_split([str(maker).removeprefix(" = "), call], indent + 4, ""))
        return f"{head} = ({margin}    {inner}{margin})"
    _, *rest = _split([maker, call], indent, "")
    return "\n".join([*_split([name, arguments], indent, f"{maker}("), *rest])


def _split(parts: list[str | Brackets], indent: int, end: str) -> Iterator[str]:
    """The lines of what ends in brackets, the first without its indentation."""
    *before, brackets = parts
    if not isinstance(brackets, Brackets) or not brackets.items or not _is_head(before):
        raise UnclearError
    head = Phrase(before).close()
    if head.explodes or (brackets.opening == "[" and not _may_split(brackets, head.flat)):
        raise UnclearError
    if indent + len(head.flat) + 1 > WIDTH:
        raise UnclearError
    yield head.flat + brackets.opening
    margin = " " * (indent + 4)
    flat = ", ".join([one.flat for one in brackets.items])
    fits = not brackets.explodes and indent + 4 + len(flat) <= WIDTH
    if fits and (brackets.is_trailer or len(brackets.items) == 1):
        is_tuple = brackets.opening == "(" and not brackets.is_trailer
        yield f"{margin}{flat}{',' if is_tuple else ''}"
    else:
        if len(brackets.items) == 1 and not brackets.ends_in_comma:
            raise UnclearError
        for one in brackets.items:
            yield from _item(one, margin)
    ending = f"{brackets.closing}{end}"
    if indent + len(ending) > WIDTH:
        raise UnclearError
    yield margin[4:] + ending


def _may_split(brackets: Brackets, head: str) -> bool:
    """Whether black splits these square brackets, rather than others or none."""
    known = (" = Literal", "TypeAlias = Annotated", ": Operation")
    return not brackets.is_trailer or head.endswith(known) or bool(_GENERIC.fullmatch(head))


def _item(item: Phrase, margin: str) -> Iterator[str]:
    is_plain = len(_texts(item.parts)) == len(item.parts) and not _has_operator(item.parts)
    if _fits(item, len(margin)) or (is_plain and not item.flat.startswith("lambda")):
        yield f"{margin}{item.flat},"  # what has no brackets has nowhere to be split at
    else:
        first, *rest = _split(item.parts, len(margin), ",")
        yield margin + first
        yield from rest


def _fits(item: Phrase, indent: int) -> bool:
    """Whether the item has a place on one line, with the comma behind it."""
    return not item.explodes and indent + len(item.flat) + 1 <= WIDTH


def _is_head(parts: list[str | Brackets]) -> bool:
    """Whether black has nothing to split at before the last brackets."""
    texts = _texts(parts)
    if len(parts) - len(texts) > (0 if ", " in texts else 1):
        return False
    # Several names may be assigned to; a comma is an end of nothing else that we know.
    return (", " not in texts or " = " in texts[-1]) and not _has_operator(parts)


def _has_operator(parts: list[str | Brackets]) -> bool:
    """Whether there is an operator outside of brackets and strings."""
    return any(one[0] not in "\"'" and _OPERATOR.search(one) for one in _texts(parts))


def _texts(parts: list[str | Brackets]) -> list[str]:
    return [one for one in parts if isinstance(one, str)]
