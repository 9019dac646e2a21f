"""JSON that pydantic-core refuses though it can be read.

It takes UTF-8 alone, no lone surrogates, and at most 200 levels (RFC 8259 leaves all three open).
"""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from typing import Any, Final

from pydantic import BaseModel

from ..values import is_list, is_mapping, is_tuple
from .variants import UnknownVariant

__all__ = ["Substitutes", "json_of", "utf8_of"]

_MAX_LEVELS: Final = 100  # models and unions count several times for pydantic-core


def utf8_of(text: bytes, charset: str | None) -> bytes:
    """JSON text in UTF-8, without a byte order mark.

    Args:
        text: The text. UTF-16 and UTF-32 are seen by the bytes that are zero.
        charset: What the server says of text that is not UTF-8.
    """
    encoding = json.detect_encoding(text)
    try:
        if encoding != "utf-8":
            return text.decode(encoding).encode("utf-8", "surrogatepass")
        text.decode()
    except UnicodeDecodeError:
        return _recoded(text, charset)
    return text


def _recoded(text: bytes, charset: str | None) -> bytes:
    try:
        return text.decode(charset or "utf-8").encode()
    except (UnicodeError, LookupError):
        return text.removeprefix(BOM_UTF8)


def json_of(text: bytes) -> Any:
    """JSON text in UTF-8 as plain values.

    Raises:
        ValueError: It is not JSON, or is nested deeper than Python can read.
    """
    try:
        return json.loads(text.decode("utf-8", "surrogatepass"))
    except RecursionError:
        raise ValueError("recursion limit exceeded") from None


class Substitutes:
    """Texts that stand for the values that pydantic-core does not take, while it reads the rest."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}

    def insert(self, value: Any, level: int = 0) -> Any:
        """The value with substitutes."""
        if isinstance(value, str):
            return self._substitute(value) if _has_surrogates(value) else value
        if level == _MAX_LEVELS and isinstance(value, (dict, list)):
            return self._substitute(value)
        if is_mapping(value):
            insert = self.insert
            return {insert(key): insert(each, level + 1) for key, each in value.items()}
        if is_list(value):
            return [self.insert(each, level + 1) for each in value]
        return value

    def _substitute(self, value: Any) -> str:
        name = f"\ufdd0{len(self._values)}\ufdd1"  # no text has these characters (Unicode, 23.7)
        self._values[name] = value
        return name

    def remove(self, value: Any) -> Any:
        """The value that pydantic-core read, with what the substitutes stand for."""
        if isinstance(value, str):
            return self._values.get(value, value)
        if isinstance(value, UnknownVariant):
            return type(value)(self.remove(value.raw))
        if isinstance(value, BaseModel):
            vars(value).update(self.remove(vars(value)))
            extra = value.__pydantic_extra__
            if extra:
                others = self.remove(extra)
                extra.clear()
                extra.update(others)
            return value
        if is_mapping(value):
            return {self.remove(key): self.remove(each) for key, each in value.items()}
        if is_tuple(value):
            return tuple(self.remove(each) for each in value)
        return [self.remove(each) for each in value] if is_list(value) else value


def _has_surrogates(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)
