"""Exchanges of an API from any source: a request and, if known, its response."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from email import message_from_string
from email.message import Message
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from specloom.errors import Location
from specloom.runtime.media_types import essence, is_text, kind_of

JSON = "application/json"
MULTIPART = "multipart/form-data"
URL_ENCODED = "application/x-www-form-urlencoded"
FORMS = (MULTIPART, URL_ENCODED)
DONE = "[DONE]"
"""The data of the last event in the streams of many APIs; not JSON."""

Pairs = tuple[tuple[str, str], ...]


class FilePart:
    """A file in a form, without its content."""

    def __repr__(self) -> str:
        return 'Path("file.bin")'


@dataclass(frozen=True, slots=True)
class Body:
    """A body: `value` is its JSON, its form as a mapping, the list of its events, or its text.

    For binary data, `value` is None.
    """

    media_type: str
    value: Any = None

    @property
    def is_stream(self) -> bool:
        """Whether `value` is the list of a stream's events, each with `event` and `data`."""
        return kind_of(self.media_type) == "events"

    @property
    def is_structured(self) -> bool:
        """Whether a schema can say something about `value` (RFC 8259 JSON, or a form)."""
        return kind_of(self.media_type) == "json" or self.media_type in FORMS


@dataclass(frozen=True, slots=True)
class Exchange:
    """One exchange. `path` is the path of the request; it may begin with the path of the base URL.

    `origin` is scheme and host, if known ("https://api.example.com"). `place` is the source of the
    exchange, `name` a word for its variant, `operation` its operationId, if known. A `response` of
    None is unknown, or has no body if `status` is 204. `secrets` are the credentials in it.
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
    operation: str = ""
    secrets: frozenset[str] = frozenset()

    @property
    def is_success(self) -> bool:
        """Whether the status is a success."""
        return self.status < 400


def split_url(url: str) -> tuple[str, str, Pairs]:
    """Origin, path and query of an address; one without a scheme has no origin."""
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}" if parts.netloc else ""
    return origin, parts.path or "/", tuple(parse_qsl(parts.query, keep_blank_values=True))


def body_of(text: str, content_type: str) -> Body | None:
    """The body in a text. Without a content type, JSON is recognised by trying to read it."""
    media_type = essence(content_type)
    if not text:
        return None
    if media_type == URL_ENCODED:
        return Body(media_type, form(parse_qsl(text, keep_blank_values=True)))
    if media_type == MULTIPART:
        return Body(media_type, form(_parts(text, content_type)))
    if kind_of(media_type or "text/plain") == "events":
        return Body(media_type, list(events(text)))
    if not media_type or kind_of(media_type) == "json":
        try:
            return Body(media_type or JSON, json.loads(text))
        except ValueError:
            return Body("text/plain", text)
    return Body(media_type, text if is_text(media_type) else None)


def form(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """The fields of a form. A repeated field, or one whose name ends in `[]`, is a list."""
    found: dict[str, list[Any]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return {
        name: values if len(values) > 1 or name.endswith("[]") else values[0]
        for name, values in found.items()
    }


def _parts(text: str, content_type: str) -> Iterator[tuple[str, Any]]:
    """The parts of a multipart form, as browsers copy it (RFC 7578)."""
    message = message_from_string(f"Content-Type: {content_type}\n\n{text}")
    for part in message.get_payload() if message.is_multipart() else ():
        assert isinstance(part, Message)
        name = part.get_param("name", header="content-disposition")
        value = FilePart() if part.get_filename() is not None else part.get_payload()
        if isinstance(name, str):
            yield name, value


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


def typed(text: str) -> Any:
    """A text of a query or a form as a boolean or a number, if it has that form."""
    if text in ("true", "false"):
        return text == "true"
    for read in (int, float):
        try:
            value = read(text)
        except ValueError:
            continue
        # "007" and "nan" stay texts: as numbers they would be written in another way.
        return value if str(value) == text and math.isfinite(value) else text
    return text


def typed_alike(texts: Sequence[str]) -> list[Any]:
    """Texts as booleans or numbers, if all of them have that form; otherwise unchanged."""
    values = [typed(text) for text in texts]
    kinds = {float if isinstance(value, int | float) else str for value in values}
    are_flags = all(isinstance(value, bool) for value in values)
    has_flags = any(isinstance(value, bool) for value in values)
    return values if are_flags or (len(kinds) == 1 and not has_flags) else list(texts)


def typed_fields(value: Any) -> Any:
    """The fields of a form, with booleans and numbers where texts have that form."""
    if isinstance(value, dict):
        return {key: typed_fields(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [typed_fields(inner) for inner in value]
    return typed(value) if isinstance(value, str) else value


_PAGE_MARKS = frozenset("has_more next next_cursor next_page cursor total total_count".split())


def items_key(value: Any) -> str:
    """The property with the items of a page; "" if the value is not a page."""
    if not isinstance(value, dict):
        return ""
    lists = [key for key, inner in value.items() if isinstance(inner, list)]
    is_page = value.get("object") == "list" or bool(_PAGE_MARKS & value.keys())
    return lists[0] if len(lists) == 1 and (is_page or len(value) == 1) else ""


def items_of(value: Any) -> list[Any] | None:
    """The items of a list or a page; None for any other value."""
    if isinstance(value, list):
        return value
    key = items_key(value)
    return value[key] if key else None
