"""Exchanges of an API, however somebody came by them: a request, and perhaps its response."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from specloom.errors import Location, Problems, SpecError
from specloom.lower.media import content_kind, essence

JSON = "application/json"
MULTIPART = "multipart/form-data"
URL_ENCODED = "application/x-www-form-urlencoded"
DONE = "[DONE]"
"""What many APIs send as the last event of a stream; no JSON."""

Pairs = tuple[tuple[str, str], ...]


class FilePart:
    """A file in a form; what is in it does not matter."""


@dataclass(frozen=True, slots=True)
class Body:
    """A body: `value` is its JSON, its form as a mapping, the list of its events, or its text.

    Of bytes that are no text, `value` is None.
    """

    media_type: str
    value: Any = None

    @property
    def is_stream(self) -> bool:
        """Whether `value` is the list of a stream's events, each with `event` and `data`."""
        return content_kind(self.media_type) == "events"

    @property
    def is_structured(self) -> bool:
        """Whether a schema can say something about `value` (RFC 8259 JSON, or a form)."""
        return content_kind(self.media_type) == "json" or self.media_type in (
            MULTIPART,
            URL_ENCODED,
        )


@dataclass(frozen=True, slots=True)
class Exchange:
    """One exchange. `path` is as it was sent, perhaps with the base URL's own path before it.

    `origin` is scheme and host where they are known ("https://api.example.com"), `place` where the
    exchange was read; `name` says in a word what is special about it. A `response` of None is one
    that is not known; of `status` 204 it has no body. `secrets` are the credentials it carried.
    """

    method: str
    path: str
    place: Location
    origin: str = ""
    query: Pairs = ()
    headers: Pairs = ()
    request: Body | None = None
    status: int = 200
    response: Body | None = None
    name: str = ""
    secrets: frozenset[str] = frozenset()

    @property
    def is_success(self) -> bool:
        """Whether the call returned rather than failed."""
        return self.status < 400


def split_url(url: str) -> tuple[str, str, Pairs]:
    """Origin, path and query of an address; one without a scheme has no origin."""
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}" if parts.netloc else ""
    return origin, parts.path or "/", tuple(parse_qsl(parts.query, keep_blank_values=True))


def body_of(text: str, content_type: str) -> Body | None:
    """The body that a text is, by its content type or, where that says nothing, by its looks."""
    media_type = essence(content_type)
    if not text:
        return None
    if media_type == URL_ENCODED:
        return Body(media_type, form(parse_qsl(text, keep_blank_values=True)))
    if content_kind(media_type or "text/plain") == "events":
        return Body(media_type, list(events(text)))
    if not media_type or content_kind(media_type) == "json":
        try:
            return Body(media_type or JSON, json.loads(text))
        except ValueError:
            return Body("text/plain", text)
    return Body(media_type, text if content_kind(media_type) == "text" else None)


def form(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """The fields of a form; one that comes several times, or ends in `[]`, is a list."""
    found: dict[str, list[Any]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return {
        name: values if len(values) > 1 or name.endswith("[]") else values[0]
        for name, values in found.items()
    }


def events(text: str) -> Iterator[dict[str, Any]]:
    """The whole events of a stream (HTML Standard, Server-sent events); data is JSON or text."""
    for block in re.split(r"(?:\r\n|\r|\n){2}", text):
        fields = [line.partition(":") for line in block.splitlines() if not line.startswith(":")]
        data = "\n".join(value.removeprefix(" ") for name, _, value in fields if name == "data")
        if not data:
            continue
        names = [value.strip() for name, _, value in fields if name == "event"]
        yield {"event": names[-1] if names else "message", "data": _json_or_text(data)}


def _json_or_text(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def refuse(code: str, message: str, place: Location, hint: str = "") -> SpecError:
    """The error that ends a command for one reason; to be raised."""
    problems = Problems()
    problems.error(code, message, hint=hint, location=place)
    return SpecError(problems)
