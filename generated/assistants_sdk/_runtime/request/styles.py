"""Writes parameters by their style and shape (OpenAPI 3.1.1, Style Examples; RFC 6570).

A value is a primitive, an array or an object. ``None`` is undefined and left out everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import quote, unquote

from ..api.operation import Location, Style
from ..media_types import kind_of
from ..options import Omit
from ..texts import refuse_non_finite, sent_text
from ..values import is_array, is_mapping, items_of, plain

__all__ = [
    "DEFAULT_STYLES",
    "styled_pairs",
    "text_of",
    "write_cookie",
    "write_header",
    "write_path",
    "write_query",
]

DEFAULT_STYLES: dict[Location, Style] = {
    "path": Style("path", "simple"),
    "query": Style("query", "form", explode=True),
    "header": Style("header", "simple"),
    "cookie": Style("cookie", "form", explode=True),
}

# Reserved characters that have no meaning in a value of a query. `#[]&+` would change its meaning.
_RESERVED_IN_QUERY = ":/?@!$'()*,;="
_RESERVED_IN_PATH = ":/@!$&'()*+,;="  # `?` and `#` would end the path
_RESERVED_IN_COOKIE = ":/?@!$&'()*+="
_TRIPLE = re.compile(r"(%(?!2e)[0-9a-f]{2})", re.IGNORECASE)  # an encoded dot is a dot segment
_DELIMITERS = {"form": ",", "spaceDelimited": "%20", "pipeDelimited": "%7C"}
_Encode: TypeAlias = Callable[[str], str]


class _Members(NamedTuple):
    """The defined members of an array (with empty keys) or of an object."""

    keyed: bool
    pairs: list[tuple[str, Any]]

    def flat(self) -> list[str]:
        """The members as texts: the items, or each key and its value in turn."""
        pairs = self.pairs
        if not self.keyed:
            return [text_of(each) for _, each in pairs]
        return [part for key, each in pairs for part in (key, text_of(each))]


def write_path(name: str, value: Any, style: Style) -> str:
    """A path argument, percent-encoded, with the prefix of its style."""
    encode = _encoder(style, _RESERVED_IN_PATH)
    if style.content:
        return encode(_content(value, style.content))
    match style.style:
        case "label":
            return "." + _simple(value, style, encode, "." if style.explode else ",")
        case "matrix":
            return _matrix(name, value, style, encode)
        case _:
            return _simple(value, style, encode)


def _encoder(style: Style, reserved: str) -> _Encode:
    """Percent-encodes all but unreserved characters, or what RFC 6570, 3.2.3 leaves as well."""
    if not style.allow_reserved:
        return _quoted
    return lambda text: "".join(
        part if index % 2 else quote(part, safe=reserved)
        for index, part in enumerate(_TRIPLE.split(text))
    )


def _matrix(name: str, value: Any, style: Style, encode: _Encode) -> str:
    members = _members(value)
    if style.explode and members:
        pairs = [(key or name, each) for key, each in members.pairs]
        return "".join(f";{_quoted(key)}={encode(text_of(each))}" for key, each in pairs)
    text = _simple(value, style, encode)
    return f";{_quoted(name)}={text}" if text else f";{_quoted(name)}"


def write_query(name: str, value: Any, style: Style) -> list[str]:
    """A query parameter as percent-encoded ``key=value`` strings. ``None`` gives no string."""
    reserved = _RESERVED_IN_COOKIE if style.location == "cookie" else _RESERVED_IN_QUERY
    encode = _encoder(style, reserved)
    if style.content:
        text = encode(_content(value, style.content))
        return [text if style.style == "querystring" else f"{_quoted(name)}={text}"]
    return [f"{_quoted(key)}={text}" for key, text in _query_pairs(name, value, style, encode)]


def _query_pairs(name: str, value: Any, style: Style, encode: _Encode) -> list[tuple[str, str]]:
    if value is None:
        return []
    members = _members(value)
    if members is None:
        return [(name, encode(text_of(value)))]
    if style.style == "deepObject":
        return [(key, encode(text_of(each))) for key, each in _deep(name, value)]
    if style.explode:
        pairs = ((key or name, one) for key, each in members.pairs for one in _repeated(key, each))
        return [(key, encode(text_of(one))) for key, one in pairs]
    text = _DELIMITERS.get(style.style, ",").join(map(encode, members.flat()))
    return [(name, text)] if members.pairs else []


def _repeated(key: str, value: Any) -> list[Any]:
    """An array in an exploded object repeats its key, as a parameter of that name would.

    An array in an array, which has no key, is one text with commas.
    """
    members = _members(value)
    if members is None or members.keyed or any(_members(one) for _, one in members.pairs):
        return [value]
    items = [one for _, one in members.pairs]
    return items if key else [",".join(map(text_of, items))]


def styled_pairs(name: str, value: Any, style: Style) -> list[tuple[str, str]]:
    """The names and texts of a query parameter, for where nothing is percent-encoded."""
    return [(key, unquote(text)) for key, text in _query_pairs(name, value, style, _quoted)]


def _deep(name: str, value: Any) -> Iterable[tuple[str, Any]]:
    """``name[key]``. OpenAPI leaves the rest open: objects nest further, arrays repeat the name.

    Arrays of what has members itself number it, ``name[0][key]``: it would run together else.
    """
    members = _members(value)
    if members is None:
        yield name, value
        return
    numbered = not members.keyed and any(_members(each) for _, each in members.pairs)
    for index, (key, each) in enumerate(members.pairs):
        step = f"[{key}]" if members.keyed else f"[{index}]" if numbered else ""
        yield from _deep(f"{name}{step}", each)


def write_header(value: Any, style: Style) -> str:
    """The value of a header. It is not percent-encoded, since a header is not a URI."""
    return _content(value, style.content) if style.content else _simple(value, style, str)


def write_cookie(name: str, value: Any, style: Style) -> list[str]:
    """A cookie as ``name=value`` strings. The style ``cookie`` encodes nothing (OpenAPI 3.2).

    Raises:
        ValueError: Without encoding, a value would end the cookie.
    """
    if style.style != "cookie":
        return write_query(name, value, style)
    pairs = [f"{key}={text}" for key, text in _query_pairs(name, value, style, str)]
    if any(";" in pair for pair in pairs):
        raise ValueError(f"Expected no semicolon in the cookie `{name}`")
    return pairs


def _simple(value: Any, style: Style, encode: _Encode, delimiter: str = ",") -> str:
    members = _members(value)
    if members is None:
        return encode(text_of(value))
    if style.explode and members.keyed:
        return delimiter.join(
            f"{encode(key)}={encode(text_of(each))}" for key, each in members.pairs
        )
    return delimiter.join(map(encode, members.flat()))


def _members(value: Any) -> _Members | None:
    """The members of an array or object; ``None`` for a primitive."""
    value = plain(value)
    if is_mapping(value):
        return _Members(True, [(str(key), each) for key, each in value.items() if each is not None])
    if is_array(value):
        return _Members(False, [("", each) for each in items_of(value) if each is not None])
    return None


def text_of(value: Any) -> str:
    """A primitive as text: ``true``, ISO 8601, a number as in JSON. Nested values become JSON.

    Raises:
        ValueError: A number is not finite, or a date-time has no offset.
    """
    match value:
        case str() if not isinstance(value, Enum):
            return value
        case bool():
            return "true" if value else "false"
        case Enum():
            return text_of(value.value)
        case None | Omit():
            return ""
        case bytes():
            return value.decode()
        case int():
            return str(value)
        case float():
            refuse_non_finite(value)
            return str(value)
        case _:
            text = sent_text(value)
            return _as_json(value) if text is None else text


def _content(value: Any, media_type: str) -> str:
    return _as_json(value) if kind_of(media_type) == "json" else text_of(value)


def _as_json(value: Any) -> str:
    from ..models.base import encode_json  # loads pydantic

    return encode_json(value).decode()


def _quoted(text: str) -> str:
    return quote(text, safe="")
