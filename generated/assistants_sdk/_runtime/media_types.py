"""The kind of each media type: the one table that the generator and every SDK read.

A media type is ``type/subtype``, perhaps with parameters, or a range of them: ``text/*``, ``*/*``
(RFC 9110, 8.3 and 12.5.1). A structured suffix such as ``+json`` says how a subtype is written
(RFC 6839).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, TypeAlias

__all__ = [
    "MediaKind",
    "accept_of",
    "best_match",
    "charset_of",
    "essence",
    "is_range",
    "is_sendable",
    "is_text",
    "kind_of",
]

MediaKind: TypeAlias = Literal[
    "json", "json-lines", "json-seq", "events", "form", "multipart", "xml", "text", "binary", "any"
]
"""``json-lines`` is one JSON text a line, ``json-seq`` what RFC 7464 makes of a sequence of them.
``any`` is a range that holds several kinds."""

_MEDIA_TYPE = re.compile(
    r"[!#$%&'*+.^`|~\w-]+/[!#$%&'*+.^`|~\w-]+[ \t]*(?:;[^\x00-\x1f\x7f]*)?\Z", re.ASCII
)

# Subtypes, without an ``x-`` before them. They mean the same under ``application`` and ``text``.
_SUBTYPES: dict[str, MediaKind] = {
    **dict.fromkeys(["json", "amz-json-1.0", "amz-json-1.1"], "json"),
    **dict.fromkeys(["ndjson", "nd-json", "jsonl", "jsonlines", "json-lines"], "json-lines"),
    **dict.fromkeys(["ldjson", "stream+json", "json-stream", "jsonstream"], "json-lines"),
    "json-seq": "json-seq",
    "event-stream": "events",
    "www-form-urlencoded": "form",
    "xml": "xml",
    **dict.fromkeys(["yaml", "toml", "csv", "graphql", "javascript", "sql", "jwt"], "text"),
}
_SUFFIXES: dict[str, MediaKind] = {
    **_SUBTYPES,
    **dict.fromkeys(["x-ndjson", "x-jsonlines", "x-json-lines"], "json-lines"),
}
_TYPES: dict[str, MediaKind] = {"text": "text", "multipart": "multipart", "*": "any"}
_WITH_SUBTYPES = frozenset({"application", "text"})
_OPAQUE = frozenset({"audio", "font", "image", "video"})  # ``image/svg+xml`` is for viewers


@lru_cache(maxsize=1024)
def essence(media_type: str) -> str:
    """The type without its parameters: ``text/plain; charset=utf-8`` becomes ``text/plain``."""
    return media_type.partition(";")[0].strip().lower()


@lru_cache(maxsize=1024)
def kind_of(media_type: str) -> MediaKind:
    """The kind of a body with this media type. Every other media type is ``binary``."""
    type_, _, subtype = essence(media_type).partition("/")
    if type_ in _WITH_SUBTYPES and (found := _SUBTYPES.get(subtype.removeprefix("x-"))):
        return found
    has_suffix = "+" in subtype and type_ not in _OPAQUE
    if has_suffix and (found := _SUFFIXES.get(subtype.rpartition("+")[2])):
        return found
    return _TYPES.get(type_) or ("any" if (type_, subtype) == ("application", "*") else "binary")


def is_text(media_type: str) -> bool:
    """Whether a body of this media type is read as text that has no values in it to read."""
    return kind_of(media_type) in {"text", "xml", "form"}


def is_range(media_type: str) -> bool:
    """Whether it matches several media types."""
    return "*" in essence(media_type)


def is_sendable(media_type: str) -> bool:
    """Whether it can be a ``Content-Type``: it is one media type, well formed."""
    return _MEDIA_TYPE.match(media_type) is not None and not is_range(media_type)


def charset_of(media_type: str) -> str | None:
    """The charset parameter, as written."""
    for parameter in media_type.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip('"') or None
    return None


def best_match(described: Iterable[str], media_type: str) -> str | None:
    """The described media type or range that a body belongs to: the most exact one.

    A body whose media type is not described belongs to one of the same kind.
    """
    found = [one for one in described if _exactness(one, media_type)]
    return max(found, key=lambda one: _exactness(one, media_type), default=None)


def _exactness(described: str, media_type: str) -> int:
    """How exactly a description names a media type; 0 if it does not."""
    one, other = essence(described), essence(media_type)
    if one == other:
        return 5 if described.strip().lower() != one else 4
    if is_range(one) and _as_pattern(one).fullmatch(other):
        return 1 if one == "*/*" else 3
    return 2 if kind_of(one) == kind_of(other) != "binary" else 0


@lru_cache(maxsize=256)
def _as_pattern(range_: str) -> re.Pattern[str]:
    return re.compile(re.escape(range_).replace(r"\*", ".+"))


def accept_of(media_types: Iterable[str]) -> str:
    """The ``Accept`` header for these media types (RFC 9110, 12.5.1): JSON is preferred.

    Parameters stay, but for a charset. Invalid media types are left out.
    """
    named = {one: _without_charset(one) for one in media_types if _MEDIA_TYPE.match(one)}
    of_json = [text for one, text in named.items() if kind_of(one) == "json"]
    others = [text for one, text in named.items() if kind_of(one) != "json"]
    if of_json:
        others = [f"{text};q=0.9" for text in others]
    return ", ".join(dict.fromkeys((*sorted(of_json, key="application/json".__ne__), *others)))


def _without_charset(media_type: str) -> str:
    first, *parameters = (part.strip() for part in media_type.split(";"))
    kept = [one for one in parameters if one and not one.lower().startswith("charset")]
    return ";".join((first, *kept))
