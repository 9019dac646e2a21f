"""From a whole response to its value or its error."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from functools import cache, reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from ..api.content import Binary, Empty, Events, Json, JsonLines, Redirect, Text
from ..api.info import ErrorPaths
from ..errors import APIError, APIResponseValidationError, APIStatusError, status_error
from ..lazy_httpx2 import httpx2
from ..logs import warn_of_broken_response
from ..media_types import charset_of, is_text, kind_of
from ..options import omit
from ..values import member, pointer_parts, wire_value
from .reply import Reply, declared_content

if TYPE_CHECKING:  # the first JSON loads them
    from pydantic import ValidationError

    from ..models.decoding import Decoder

__all__ = [
    "BinaryContent",
    "JsonReader",
    "Redirection",
    "check_status",
    "error_body",
    "error_parts",
    "plain_body",
    "raise_invalid",
    "read_value",
]

_MAX_QUOTE = 500
_PARTS = ("message", "code", "param", "type")


class BinaryContent:
    """Bytes that the server sent, in memory. ``with_streaming_response`` reads them in chunks.

    Attributes:
        content: The bytes, their transfer compression undone.
        content_type: Their media type, as the server names it.
        request_id: The server's id of the request.
    """

    def __init__(self, content: bytes, content_type: str | None, request_id: str | None) -> None:
        self.content = content
        self.content_type = content_type
        self.request_id = request_id

    def read(self) -> bytes:
        """All bytes."""
        return self.content

    def iter_bytes(self, chunk_size: int = 65_536) -> Iterator[bytes]:
        """The bytes in chunks of ``chunk_size``."""
        view = self.content
        return (view[start : start + chunk_size] for start in range(0, len(view), chunk_size))

    def write_to_file(self, path: str | os.PathLike[str]) -> None:
        """Write the bytes to a file and replace what it contains."""
        Path(path).write_bytes(self.content)

    def __repr__(self) -> str:
        return f"BinaryContent({len(self.content)} bytes, {self.content_type})"


class Redirection:
    """A redirection that the description has among the results (RFC 9110, 15.4), not followed.

    Attributes:
        status_code: The HTTP status.
        headers: The headers of the response.
        location: Where it leads, as an absolute URL; ``None`` if it does not say.
        content: The body.
        request_id: The server's id of the request.
    """

    def __init__(self, response: httpx2.Response, request_id: str | None) -> None:
        location = response.headers.get("location")
        self.status_code = response.status_code
        self.headers = response.headers
        self.location = str(response.url.join(location)) if location else None
        self.content = response.content
        self.request_id = request_id

    def __repr__(self) -> str:
        return f"Redirection({self.status_code}, {self.location})"


def check_status(reply: Reply) -> Reply:
    """The reply itself if it is a success, or a redirection that is described as a result.

    Raises:
        APIStatusError: It has an error status. Its body must have been read.
    """
    status = reply.response.status_code
    if 200 <= status < 300:
        return reply
    if status < 400 and isinstance(declared_content(reply), Redirect):
        return reply
    raise _status_error(reply)


def read_value(reply: Reply) -> Any:
    """The value of a successful response.

    Raises:
        APIResponseValidationError: The body is not JSON or, with ``strict``, not of its type.
    """
    content = declared_content(reply)
    body = reply.response.content
    match content:
        case Json():
            return _read_json_body(reply, content, body)
        case Text():
            return reply.response.whole().text
        case Binary():
            return BinaryContent(body, reply.response.headers.get("content-type"), reply.request_id)
        case Redirect():
            return Redirection(reply.response.whole(), reply.request_id)
        case Events() | JsonLines():
            raise _invalid(reply, body, _unasked_stream(reply))
        case _:
            return None


def _read_json_body(reply: Reply, content: Json, body: bytes) -> Any:
    if not body and _may_be_empty(reply):
        return None
    type_ = content.type()
    try:
        value = JsonReader(reply, type_).read(body)
    except APIResponseValidationError:
        if reply.strict or type_ not in (str, Any):
            raise
        return _other_than_json(reply, type_, body)
    if content.unwrap:
        value = wire_value(value, content.unwrap)
    _set_request_id()(value, reply.request_id)
    return value


def _other_than_json(reply: Reply, type_: Any, body: bytes) -> Any:
    """A body that is text or bytes by its media type, where its value may be that.

    Raises:
        APIResponseValidationError: It may not.
    """
    media_type = reply.response.headers.get("content-type", "")
    if is_text(media_type):
        return reply.response.whole().text
    if type_ is not Any or kind_of(media_type) != "binary" or not media_type:
        raise_invalid(reply, body, _undecodable(reply, body, "not JSON"))
    return BinaryContent(body, media_type, reply.request_id)


def _unasked_stream(reply: Reply) -> str:
    media_type = reply.response.headers.get("content-type", "no content type")
    return f"Expected a value from {reply.operation.id}, not a stream of {media_type}"


def _may_be_empty(reply: Reply) -> bool:
    responses = reply.operation.responses.values()
    return reply.response.status_code in {204, 205} or any(
        isinstance(each, Empty) for each in responses
    )


class JsonReader:
    """Reads JSON text that belongs to a response, and logs what breaks the type."""

    def __init__(self, reply: Reply, type_: Any, *, skips_empty: bool = False) -> None:
        self._reply = reply
        self._skips_empty = skips_empty
        self._decoder = _decoder_for()(type_)
        self._exact = self._decoder.exact

    def read(self, text: bytes) -> Any:
        """JSON text as a value of the type; ``omit`` for no text where that is skipped.

        Raises:
            APIResponseValidationError: It is not JSON or, with ``strict``, not of the type.
        """
        try:
            return self._exact(text)
        except self._decoder.inexact as error:
            return self._read_broken(text, error)

    def _read_broken(self, text: bytes, error: ValidationError) -> Any:
        if self._skips_empty and not text.strip():
            return omit
        try:
            return self._decoder.decode_broken(text, error, self._note, _charset(self._reply))
        except self._decoder.undecodable as reason:
            raise_invalid(self._reply, text, _undecodable(self._reply, text, str(reason)), reason)

    def _note(self, text: bytes, problems: tuple[str, ...]) -> None:
        reply = self._reply
        if reply.strict:
            raise_invalid(reply, text, "The response is not as described: " + ", ".join(problems))
        warn_of_broken_response(reply.info.package, reply.operation.id, problems)


# The first JSON loads pydantic. These functions are called for each JSON text, where an import
# statement would take 0.5 µs.


@cache
def _decoder_for() -> Callable[[Any], Decoder]:
    from ..models.decoding import decoder_for

    return decoder_for


@cache
def _set_request_id() -> Callable[[object, str | None], None]:
    from ..models.base import set_request_id

    return set_request_id


def _undecodable(reply: Reply, text: bytes, reason: str) -> str:
    if not text:
        return f"Expected JSON from {reply.operation.id}, but the response is empty"
    media_type = reply.response.headers.get("content-type", "no content type")
    return f"Cannot read the response of {reply.operation.id} ({media_type}): {reason}"


def raise_invalid(
    reply: Reply, text: bytes, message: str, cause: Exception | None = None
) -> NoReturn:
    """Raise ``APIResponseValidationError`` for a body or a part of one."""
    raise _invalid(reply, text, message) from cause


def _invalid(reply: Reply, text: bytes, message: str) -> APIResponseValidationError:
    return APIResponseValidationError(
        message,
        request=reply.response.whole().request,
        response=reply.response.whole(),
        body=plain_body(text, _charset(reply)),
        request_id=reply.request_id,
        retries_taken=reply.retries_taken,
    )


def _status_error(reply: Reply) -> APIStatusError:
    response = reply.response.whole()
    body = plain_body(response.content, _charset(reply))
    parts = error_parts(reply, body)
    message = parts.pop("message") or _quote(body) or response.reason_phrase or "no message"
    return status_error(response.status_code)(
        message,
        request=response.request,
        response=response,
        body=error_body(reply, body),
        parsed=_parsed(reply),
        request_id=reply.request_id,
        retries_taken=reply.retries_taken,
        **parts,
    )


def error_parts(reply: Reply, body: object) -> dict[str, str | None]:
    """The ``message``, ``code``, ``param`` and ``type`` of an error body.

    They are looked up where the SDK says, then in the usual places.
    """
    own, usual = reply.info.error_paths, ErrorPaths()
    return {name: _first(body, (*getattr(own, name), *getattr(usual, name))) for name in _PARTS}


def error_body(reply: Reply, body: object) -> object:
    """The part of an error body that the SDK shows, if it is there; else the whole."""
    found = (_at(body, pointer) for pointer in reply.info.error_paths.body)
    return next((each for each in found if each is not None), body)


def _first(body: object, pointers: Iterable[str]) -> str | None:
    found = (_at(body, pointer) for pointer in pointers)
    texts = (each for each in found if isinstance(each, (str, int)) and not isinstance(each, bool))
    return next((str(each) for each in texts if each != ""), None)


def _at(value: object, pointer: str) -> object:
    return reduce(member, pointer_parts(pointer), value)


def _parsed(reply: Reply) -> object:
    """The error body as its described type; ``None`` if it does not have that type."""
    content = declared_content(reply)
    if not isinstance(content, Json) or not reply.response.content:
        return None
    try:
        reader = JsonReader(reply._replace(strict=False), content.type())
        return reader.read(reply.response.content)
    except APIError:
        return None


def _charset(reply: Reply) -> str | None:
    return charset_of(reply.response.headers.get("content-type", ""))


def plain_body(text: bytes, charset: str | None = None) -> object:
    """A body as plain JSON values, or as text if it is not JSON; ``None`` if it is empty."""
    from ..models.base import decode_json

    try:
        return decode_json(text, charset)
    except ValueError:
        return text.decode(errors="replace") or None


def _quote(body: object) -> str:
    """The start of a body that has no message in a usual place; empty if it has nothing at all."""
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False) if body else ""
    return text.strip()[:_MAX_QUOTE]
