"""Request bodies by media type."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from ..api.operation import Encoding, RequestBody, Style
from ..media_types import (
    MediaKind,
    charset_of,
    essence,
    is_range,
    is_sendable,
    is_text,
    kind_of,
)
from ..models.base import encode_json
from ..values import is_array, is_mapping, items_of, plain
from .styles import styled_pairs, text_of, write_query
from .uploads import Source, StreamedBody, Upload, is_file, source_of

__all__ = ["Body", "encode"]

Body: TypeAlias = bytes | StreamedBody
_NO_ENCODING = Encoding()
_OCTETS = "application/octet-stream"
_FORM_DATA = "multipart/form-data"


def encode(body: Any, declared: RequestBody) -> tuple[Body, str]:
    """A body as bytes or as a stream of bytes, and its ``Content-Type``.

    Raises:
        TypeError: The value cannot be written in this media type.
        ValueError: A text has characters that the charset lacks.
    """
    media_type = declared.media_type
    kind = kind_of(media_type)
    if kind == "json":
        return encode_json(body, declared.numbers), media_type
    # A form needs a boundary, which bytes do not tell. Other kinds may be written by the caller.
    is_whole = isinstance(body, (bytes, StreamedBody)) and essence(media_type) != _FORM_DATA
    if kind == "multipart" and not is_whole:
        return _multipart(body, declared)
    if kind == "form" and not isinstance(body, str):
        return _form(_members(body), declared), media_type
    if (
        kind in _SEQUENCES
        and not is_file(body)
        and not isinstance(body, (str, bytes, StreamedBody))
    ):
        before, after = _SEQUENCES[kind]
        texts: Iterable[Any] = body
        numbers = declared.numbers
        return b"".join(before + encode_json(each, numbers) + after for each in texts), media_type
    return _raw(body, declared)


# What stands before and after each JSON text of a sequence (RFC 7464, 2.2, for ``json-seq``).
_SEQUENCES: dict[MediaKind, tuple[bytes, bytes]] = {
    "json-lines": (b"", b"\n"),
    "json-seq": (b"\x1e", b"\n"),
}


def _raw(body: Any, declared: RequestBody) -> tuple[Body, str]:
    """Bytes as they are, text in its charset. The upload chooses in a range or of several types."""
    media_type = declared.media_type
    if isinstance(body, str):
        media_type = "text/plain" if is_range(media_type) else media_type
        return _text(body, media_type), media_type
    if is_mapping(plain(body)):
        raise TypeError(f"Expected text or bytes for {media_type}, not {type(body).__name__}")
    if is_text(media_type) and not is_file(body) and not is_array(body):
        return _text(text_of(body), media_type), media_type
    upload = Upload.of(body)
    if is_range(media_type):
        media_type = upload.media_type or _OCTETS
    elif upload.media_type is not None and upload.media_type in declared.others:
        media_type = upload.media_type
    if isinstance(body, bytes):
        return body, media_type
    return StreamedBody([upload.source]), media_type


def _text(text: str, media_type: str) -> bytes:
    charset = charset_of(media_type) or "utf-8"
    try:
        return text.encode(charset)
    except UnicodeEncodeError as error:
        raise ValueError(f"Expected text that {charset} has: {error}") from None
    except LookupError:
        raise ValueError(f"Unknown charset in {media_type}") from None


def _members(body: Any) -> Mapping[str, Any]:
    members = plain(body)
    if not is_mapping(members):
        raise TypeError(f"Expected an object for a form, not {type(body).__name__}")
    return members


def _named_parts(body: Any) -> Mapping[str, Any]:
    """The parts by name. RFC 7578 demands one, so a lone file or text gets one."""
    if is_file(body):
        return {"file": body}
    return {"body": body} if isinstance(body, str) else _members(body)


def _form(members: Mapping[str, Any], declared: RequestBody) -> bytes:
    pairs: list[str] = []
    for name, value in members.items():
        encoding = declared.encoding.get(name, _NO_ENCODING)
        pairs += write_query(name, value, _form_style(value, encoding))
    return "&".join(pairs).replace("%20", "+").encode()


def _form_style(value: Any, encoding: Encoding) -> Style:
    """The style of a property. Without one, its media type decides (Encoding Object)."""
    if not _is_styled(encoding):
        is_object = is_mapping(plain(value))
        content = _form_content(encoding.content_type, is_object=is_object)
        return Style("query", "form", explode=True, content=content)
    explode = encoding.style in {None, "form"} if encoding.explode is None else encoding.explode
    return Style("query", encoding.style or "form", explode, encoding.allow_reserved)


def _form_content(content_type: str | None, *, is_object: bool) -> str | None:
    choices = _choices(content_type)
    of_json = next((one for one in choices if kind_of(one) == "json"), None)
    if is_object:
        return of_json or "application/json"
    return choices[0] if choices else None


def _is_styled(encoding: Encoding) -> bool:
    """Whether a property is written as a query parameter is; its media type says nothing then."""
    return (encoding.style, encoding.explode, encoding.allow_reserved) != (None, None, False)


def _multipart(body: Any, declared: RequestBody) -> tuple[StreamedBody, str]:
    boundary = os.urandom(16).hex()
    sources: list[Source] = []
    for headers, content in _parts_of(body, declared):
        head = "\r\n".join(headers)
        sources += [source_of(f"--{boundary}\r\n{head}\r\n\r\n"), content, source_of("\r\n")]
    sources.append(source_of(f"--{boundary}--\r\n"))
    media_type = "multipart/mixed" if is_range(declared.media_type) else declared.media_type
    return StreamedBody(sources), f"{media_type}; boundary={boundary}"


def _parts_of(body: Any, declared: RequestBody) -> Iterator[tuple[list[str], Source]]:
    """The parts, each its headers and its content. Only those of a form have names."""
    is_form = essence(declared.media_type) == _FORM_DATA
    if is_array(body) and not is_file(body) and not is_form:
        for index, value in enumerate(items_of(body)):
            yield _part("", value, _encoding_at(index, declared), declared.numbers)
        return
    for name, value in _named_parts(body).items():
        encoding = declared.encoding.get(name, _NO_ENCODING)
        for key, part in _parts(name, value, encoding):
            yield _part(key if is_form else "", part, encoding, declared.numbers)


def _encoding_at(index: int, declared: RequestBody) -> Encoding:
    prefix = declared.prefix_encoding
    return prefix[index] if index < len(prefix) else declared.item_encoding or _NO_ENCODING


def _parts(name: str, value: Any, encoding: Encoding) -> Iterable[tuple[str, Any]]:
    """An array becomes one part for each item (RFC 7578, 4.3)."""
    if value is None:
        return ()
    items = items_of(value) if is_array(value) and not is_file(value) else (value,)
    if _is_styled(encoding) and not any(is_file(item) for item in items):
        return styled_pairs(name, value, _form_style(value, encoding))
    return ((name, item) for item in items)


def _part(
    name: str, value: Any, encoding: Encoding, numbers: Collection[str]
) -> tuple[list[str], Source]:
    disposition = f'form-data; name="{_escaped(name)}"' if name else ""
    if is_file(value):
        upload = Upload.of(value)
        media_type: str | None = upload.media_type or _only(encoding.content_type) or _OCTETS
        filename = upload.name or name
        kind = disposition or ("attachment" if filename else "")
        disposition = f'{kind}; filename="{_escaped(filename)}"' if filename else kind
        source = upload.source
    else:
        media_type, source = _value_part(value, encoding, numbers)
    headers = [f"Content-Disposition: {disposition}"] if disposition else []
    headers += [f"Content-Type: {media_type}"] if media_type else []
    headers += [f"{name}: {value}" for name, value in encoding.headers.items()]
    return headers, source


def _value_part(
    value: Any, encoding: Encoding, numbers: Collection[str]
) -> tuple[str | None, Source]:
    """A value as JSON or as text: the first of the media types to choose from that it fits."""
    is_object = is_mapping(plain(value)) or is_array(value)
    choices = [] if _is_styled(encoding) else _choices(encoding.content_type)
    if not is_object and (not choices or isinstance(value, str)):
        media_type = next((one for one in choices if is_sendable(one)), None)
    else:  # in text, an object is JSON as well
        fitting = [one for one in choices if kind_of(one) in {"json", "text"} and is_sendable(one)]
        media_type = min(fitting, key=lambda one: kind_of(one) != "json", default=None)
    if is_object and choices and media_type is None and not any(map(is_range, choices)):
        raise TypeError(f"Expected text or bytes for {encoding.content_type}, not an object")
    if is_object or (media_type is not None and kind_of(media_type) == "json"):
        return media_type or "application/json", source_of(encode_json(value, numbers))
    return media_type, source_of(_text(text_of(value), media_type or ""))


def _choices(content_type: str | None) -> list[str]:
    return [one.strip() for one in (content_type or "").split(",") if one.strip()]


def _only(content_type: str | None) -> str | None:
    """The media type that is no choice."""
    choices = _choices(content_type)
    return choices[0] if len(choices) == 1 and is_sendable(choices[0]) else None


def _escaped(text: str) -> str:
    """A name in the header of a part, as the HTML standard says. RFC 7578 leaves it open."""
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
