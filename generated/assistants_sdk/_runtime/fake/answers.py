"""Requests and answers of the fake server."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

import httpx2

from ..models.base import encode_json

__all__ = ["Answer", "Script", "SentRequest", "matches", "response_of", "sent_request", "sse"]


class SentRequest(NamedTuple):
    """A request that the client sent.

    Attributes:
        method: The HTTP method in capitals.
        path: The path, still percent-encoded.
        query: Names and values in their order.
        headers: The headers. Their names are case-insensitive.
        content: The body.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: httpx2.Headers
    content: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.content)


class Answer(NamedTuple):
    """A response.

    Attributes:
        body: Bytes or text as they are, ``None`` for none, or a JSON value or a model.
        status: The HTTP status.
        headers: Its headers. The default ``content-type`` depends on the body.
    """

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = {}


Script: TypeAlias = Answer | Exception | Callable[[SentRequest], Answer]


def sse(events: Iterable[tuple[str, Any]]) -> bytes:
    """Server-sent events as bytes, from names and data. Data is text, a JSON value or a model.

    If the API ends its streams with an event, such as ``("done", "[DONE]")``, that must come last.
    """
    return b"".join(_event(name, data) for name, data in events)


def _event(name: str, data: Any) -> bytes:
    text = data if isinstance(data, str) else encode_json(data).decode()
    lines = [f"event: {name}"] if name else []
    lines += [f"data: {line}" for line in text.split("\n")]
    return ("\n".join(lines) + "\n\n").encode()


def sent_request(request: httpx2.Request) -> SentRequest:
    """A request whose body has been read, as the fake server keeps it."""
    return SentRequest(
        request.method,
        request.url.raw_path.decode().partition("?")[0],
        tuple(request.url.params.multi_items()),
        request.headers,
        request.content,
    )


def asks_for_token(sent: SentRequest) -> bool:
    """Whether a request is one for an access token of OAuth 2 (RFC 6749, 4)."""
    is_form = "application/x-www-form-urlencoded" in sent.headers.get("content-type", "")
    return sent.method.upper() == "POST" and is_form and b"grant_type=" in sent.content


def response_of(answer: Answer) -> httpx2.Response:
    """An answer as ``httpx2`` returns it."""
    content, content_type = _content(answer.body)
    headers = httpx2.Headers({"content-type": content_type} if content_type else None)
    headers.update(answer.headers)
    return httpx2.Response(answer.status, headers=headers, content=content)


def _content(body: Any) -> tuple[bytes, str | None]:
    match body:
        case None:
            return b"", None
        case bytes():
            return body, "application/octet-stream"
        case str():
            return body.encode(), "text/plain; charset=utf-8"
        case _:
            return encode_json(body), "application/json"


def matches(template: str, path: str, *, below: bool = False) -> bool:
    """Whether a path is one of a template.

    ``{name}`` matches one segment, ``{+name}`` several. ``below`` allows a path to begin with
    that of a base URL.
    """
    parts = re.split(r"(\{\+?)[^{}]*\}", template)
    pattern = "".join(
        {"{": "[^/]+", "{+": ".+"}[part] if index % 2 else re.escape(part)
        for index, part in enumerate(parts)
    )
    return re.fullmatch(f"(?:/.*)?{pattern}" if below else pattern, path) is not None
