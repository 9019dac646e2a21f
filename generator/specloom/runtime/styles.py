"""How parameters are written: style by shape of the value (OpenAPI 3.1.1, Style Examples; RFC 6570).

Values are primitives, arrays or objects. ``None`` is undefined and left out, in arrays and objects too.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from enum import Enum
from typing import Any
from urllib.parse import quote

from .dates import iso_text
from .omit import Omit
from .operation import Location, Style
from .shapes import is_array, is_mapping, plain

__all__ = ["DEFAULT_STYLES", "text_of", "write_cookie", "write_header", "write_path", "write_query"]

DEFAULT_STYLES: dict[Location, Style] = {
    "path": Style("path", "simple"),
    "query": Style("query", "form", explode=True),
    "header": Style("header", "simple"),
    "cookie": Style("cookie", "form", explode=True),
}

# Reserved characters that mean nothing in a query; `#[]&=+` would change its meaning.
_RESERVED_IN_QUERY = ":/?@!$'()*,;"
_DELIMITERS = {"form": ",", "spaceDelimited": "%20", "pipeDelimited": "%7C"}

_Pairs = list[tuple[str, Any]]


def write_path(name: str, value: Any, style: Style) -> str:
    """A path argument, percent-encoded, with the prefix of its style."""
    if style.content:
        return _quoted(_as_json(value))
    match style.style:
        case "label":
            return "." + _joined(value, style, "." if style.explode else ",")
        case "matrix":
            return _matrix(_quoted(name), value, style)
        case _:
            return _joined(value, style, ",")


def _matrix(name: str, value: Any, style: Style) -> str:
    shape = _shape(value)
    if style.explode and isinstance(shape, list):
        pairs = shape if is_mapping(plain(value)) else [(name, each) for _, each in shape]
        return "".join(f";{_quoted(key)}={_quoted(text_of(each))}" for key, each in pairs)
    text = _joined(value, style, ",")
    return f";{name}={text}" if text else f";{name}"


def write_query(name: str, value: Any, style: Style) -> list[str]:
    """A query parameter as percent-encoded ``key=value`` strings; none for ``None``."""
    safe = _RESERVED_IN_QUERY if style.allow_reserved else ""
    if style.content:
        return [f"{_quoted(name)}={_quoted(_as_json(value), safe)}"]
    return [f"{_quoted(key)}={text}" for key, text in _query_pairs(name, value, style, safe)]


def _query_pairs(name: str, value: Any, style: Style, safe: str) -> list[tuple[str, str]]:
    value = plain(value)
    if plain is None:
        return []
    if style.style == "deepObject" and is_mapping(plain):
        return [(key, _quoted(text_of(each), safe)) for key, each in _deep(name, plain)]
    pairs = _shape(plain)
    if not isinstance(pairs, list):
        return [(name, _quoted(text_of(plain), safe))]
    if style.explode:
        keyed = is_mapping(plain)
        return [(key if keyed else name, _quoted(text_of(each), safe)) for key, each in pairs]
    parts = _flat(pairs, is_mapping(plain))
    delimiter = _DELIMITERS.get(style.style, ",")
    return [(name, delimiter.join(_quoted(text_of(each), safe) for each in parts))] if parts else []


def _deep(name: str, value: Any) -> Iterable[tuple[str, Any]]:
    value = plain(value)
    if is_mapping(plain):
        for key, each in plain.items():
            yield from _deep(f"{name}[{key}]", each)
    elif is_array(plain):
        for each in plain:
            yield from _deep(name, each)
    elif plain is not None:
        yield name, plain


def write_header(value: Any, style: Style) -> str:
    """A header's value. It is not percent-encoded: headers are no URIs."""
    if style.content:
        return _as_json(value)
    return _simple(value, style, ",", str)


def write_cookie(name: str, value: Any, style: Style) -> list[str]:
    """A cookie as ``name=value`` strings."""
    return write_query(name, value, style)


def _joined(value: Any, style: Style, delimiter: str) -> str:
    return _simple(value, style, delimiter, _quoted)


def _simple(value: Any, style: Style, delimiter: str, encode: Any) -> str:
    value = plain(value)
    pairs = _shape(plain)
    if not isinstance(pairs, list):
        return str(encode(text_of(plain)))
    if style.explode and is_mapping(plain):
        return delimiter.join(f"{encode(key)}={encode(text_of(each))}" for key, each in pairs)
    return delimiter.join(encode(text_of(each)) for each in _flat(pairs, is_mapping(plain)))


def _shape(value: Any) -> _Pairs | None:
    """The members of an object or array (keyed by nothing) that are defined; ``None``: a primitive."""
    value = plain(value)
    if is_mapping(plain):
        return [(str(key), each) for key, each in plain.items() if each is not None]
    if is_array(plain):
        return [("", each) for each in plain if each is not None]
    return None


def _flat(pairs: _Pairs, keyed: bool) -> list[Any]:
    return [part for key, each in pairs for part in ((key, each) if keyed else (each,))]


def text_of(value: Any) -> str:
    """A primitive as text: ``true``, ISO 8601, a number as JSON has it; nested values are JSON."""
    match value:
        case str() if not isinstance(value, Enum):
            return value
        case bool():
            return "true" if value else "false"
        case datetime() | date() | time():
            return iso_text(value)
        case Enum():
            return text_of(value.value)
        case None | Omit():
            return ""
        case bytes():
            return value.decode()
        case int() | float():
            return str(value)
        case _:
            return _as_json(value)


def _as_json(value: Any) -> str:
    from .json_text import encode

    return encode(value).decode()


def _quoted(text: str, safe: str = "") -> str:
    return quote(text, safe=safe)
