"""Request bodies by media type."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, TypeAlias

from ..api.operation import Encoding, RequestBody, Style
from ..models.base import encode_json
from ..values import is_array, is_mapping, items_of, plain
from .styles import text_of, write_query
from .uploads import Source, StreamedBody, Upload, is_file, source_of

__all__ = ["Body", "encode"]

Body: TypeAlias = bytes | StreamedBody
_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"
_JSON_LINES = frozenset({"application/jsonl", "application/x-ndjson", "application/json-seq"})
_NO_ENCODING = Encoding()


def encode(body: Any, declared: RequestBody) -> tuple[Body, str]:
    """A body as bytes or as a stream of bytes, and its ``Content-Type``.

    Raises:
        TypeError: The value cannot be written in this media type.
    """
    media_type = declared.media_type
    essence = _essence(media_type)
    if essence.endswith(("/json", "+json")):
        return encode_json(body), media_type
    if essence == _MULTIPART:
        return _multipart(_named_parts(body), declared)
    if essence == _FORM and isinstance(body, str):
        return body.encode(), media_type
    if essence == _FORM:
        return _form(_members(body), declared), media_type
    if essence in _JSON_LINES and not is_file(body) and not isinstance(body, str):
        return b"".join(encode_json(line) + b"\n" for line in body), media_type
    return _raw(body, media_type)


@lru_cache(maxsize=256)
def _essence(media_type: str) -> str:
    """The media type without its parameters."""
    return media_type.partition(";")[0].strip().lower()


def _raw(body: Any, media_type: str) -> tuple[Body, str]:
    """Bytes as they are. The media type of the upload replaces a range such as ``image/*``."""
    upload = Upload.of(body)
    if "*" in media_type:
        media_type = upload.media_type or "application/octet-stream"
    if isinstance(body, (bytes, str)):
        return body.encode() if isinstance(body, str) else body, media_type
    return StreamedBody([upload.source]), media_type


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
    if encoding.style is None and encoding.explode is None:
        is_object = is_mapping(plain(value))
        content = encoding.content_type or ("application/json" if is_object else None)
        return Style("query", "form", explode=True, content=content)
    explode = encoding.style in {None, "form"} if encoding.explode is None else encoding.explode
    return Style("query", encoding.style or "form", explode, encoding.allow_reserved)


def _multipart(members: Mapping[str, Any], declared: RequestBody) -> tuple[StreamedBody, str]:
    boundary = os.urandom(16).hex()
    sources: list[Source] = []
    for name, value in members.items():
        encoding = declared.encoding.get(name, _NO_ENCODING)
        for part in _parts(value):
            headers, content = _part(name, part, encoding)
            sources += [source_of(f"--{boundary}\r\n{headers}\r\n\r\n"), content, source_of("\r\n")]
    sources.append(source_of(f"--{boundary}--\r\n"))
    return StreamedBody(sources), f"{declared.media_type}; boundary={boundary}"


def _parts(value: Any) -> Iterable[Any]:
    """An array becomes one part for each item (RFC 7578, 4.3)."""
    if value is None:
        return ()
    return items_of(value) if is_array(value) and not is_file(value) else (value,)


def _part(name: str, value: Any, encoding: Encoding) -> tuple[str, Source]:
    disposition = f'Content-Disposition: form-data; name="{_escaped(name)}"'
    if not is_file(value):
        media_type, source = _value_part(value, encoding)
        return (
            f"{disposition}\r\nContent-Type: {media_type}" if media_type else disposition
        ), source
    upload = Upload.of(value)
    media_type = upload.media_type or encoding.content_type or "application/octet-stream"
    filename = _escaped(upload.name or name)
    return f'{disposition}; filename="{filename}"\r\nContent-Type: {media_type}', upload.source


def _value_part(value: Any, encoding: Encoding) -> tuple[str | None, Source]:
    is_object = is_mapping(plain(value)) or is_array(value)
    media_type = encoding.content_type or ("application/json" if is_object else None)
    as_json = is_object or (media_type or "").endswith("json")
    return media_type, source_of(encode_json(value) if as_json else text_of(value))


def _escaped(text: str) -> str:
    """A name in the header of a part, as the HTML standard says. RFC 7578 leaves it open."""
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
