"""Webhooks: requests that the server sends. Their signature is checked, and their body is read.

Nothing here is loaded with a client. A signature is an HMAC (RFC 2104) of the body and, with most
servers, of the time and an id; who knows the secret can make one, and nobody else.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
import json
import logging
import re
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

from .errors import ConfigurationError, SDKError
from .models.decoding import decoder_for
from .models.variants import UnknownVariant

__all__ = [
    "Headers",
    "Secret",
    "WebhookError",
    "WebhookSignature",
    "WebhookSignatureError",
    "read_event",
    "verify",
]

Secret: TypeAlias = str | bytes | Sequence[str | bytes]
"""A secret, or several of which any may have signed: the old and the new one."""

Headers: TypeAlias = Mapping[str, str] | Sequence[tuple[str | bytes, str | bytes]]
"""Headers by name, or as pairs, such as those of an ASGI scope."""


class WebhookError(SDKError):
    """A webhook is refused, or its body is not JSON."""


class WebhookSignatureError(WebhookError):
    """The signature of a webhook is missing, wrong or too old. Do not trust its body."""


@dataclass(frozen=True, slots=True)
class WebhookSignature:
    """How a server signs webhooks. The defaults are those of Standard Webhooks.

    Attributes:
        header: The header with the signature, or several signatures.
        signed: What is signed: ``{body}``, and perhaps ``{timestamp}`` and ``{id}``.
        algorithm: The hash function of the HMAC.
        encoding: How the signature is written.
        prefix: The text before a signature. Values with another prefix are passed over.
        separator: The separator between several values of the header. Empty: there is one.
        timestamp_header: The header with the time, in seconds since 1970.
        timestamp_prefix: The prefix of the time, if it stands in the header of the signature.
        id_header: The header with the id of the message.
        event_header: The header with the name of the event.
        secret_prefix: What may stand before a secret.
        secret_encoding: Whether a secret is text, or bytes written as base64.
    """

    header: str = "webhook-signature"
    signed: str = "{id}.{timestamp}.{body}"
    algorithm: Literal["sha1", "sha256", "sha512"] = "sha256"
    encoding: Literal["base64", "hex"] = "base64"
    prefix: str = "v1,"
    separator: str = " "
    timestamp_header: str = "webhook-timestamp"
    timestamp_prefix: str = ""
    id_header: str = "webhook-id"
    event_header: str = ""
    secret_prefix: str = "whsec_"
    secret_encoding: Literal["base64", "text"] = "base64"


def verify(
    signature: WebhookSignature,
    body: str | bytes,
    headers: Headers,
    secret: Secret,
    tolerance: float,
) -> None:
    """Check the signature of a webhook.

    Args:
        signature: How it is signed.
        body: The body exactly as received, not parsed.
        headers: The headers. Their names are case-insensitive.
        secret: The secret or secrets.
        tolerance: How many seconds the time may be off, into the past or the future.

    Raises:
        WebhookSignatureError: The signature is missing or wrong, or the time is off.
        ConfigurationError: There is no secret, or it is not base64.
        TypeError: The body is not what was received, but parsed.
    """
    keys = [_key(one, signature) for one in _secrets(secret)]
    if not keys or not all(keys):
        raise ConfigurationError("no secret, or an empty one: anybody could sign with it")
    given = _fields(headers)
    values = _values(signature, given)
    parts = _parts(signature, given, values, tolerance)
    signed = _signed(signature.signed, parts | {"body": _bytes(body)})
    found = [one.removeprefix(signature.prefix) for one in values if _is_one(one, signature)]
    expected = [_written(key, signed, signature) for key in keys]
    # All are compared, and each in constant time: the time says nothing about the signature.
    matches = [
        hmac.compare_digest(_header_bytes(one), other.encode())
        for one in found
        for other in expected
    ]
    if not any(matches):
        raise WebhookSignatureError("no signature fits the body: wrong secret, or a changed body")


def _is_one(value: str, signature: WebhookSignature) -> bool:
    is_time = bool(signature.timestamp_prefix) and value.startswith(signature.timestamp_prefix)
    return value.startswith(signature.prefix) and not is_time


def _fields(headers: Headers) -> dict[str, str]:
    """Headers by their names in lower case."""
    items: Any = getattr(headers, "items", None)
    pairs: Any = items() if callable(items) else headers
    return {_header_text(name).lower(): _header_text(value) for name, value in pairs}


def _header_text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _secrets(secret: Secret | None) -> Iterator[str | bytes]:
    """The secrets; none for ``None``, which is what a variable that is not set gives."""
    if isinstance(secret, str | bytes):
        yield secret
    else:
        yield from secret or ()


def _key(secret: str | bytes, signature: WebhookSignature) -> bytes:
    if isinstance(secret, bytes):
        return secret
    text = secret.strip().removeprefix(signature.secret_prefix)
    if signature.secret_encoding == "text":
        return secret.encode()
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ConfigurationError("the secret of the webhooks is not base64") from None


def _values(signature: WebhookSignature, headers: Mapping[str, str]) -> list[str]:
    value = headers.get(signature.header.lower())
    if value is None:
        raise WebhookSignatureError(f"the header {signature.header} is missing")
    parts = value.split(signature.separator) if signature.separator else [value]
    return [part.strip() for part in parts]


def _parts(
    signature: WebhookSignature, headers: Mapping[str, str], values: list[str], tolerance: float
) -> dict[str, bytes]:
    """The time and the id, which are signed with the body."""
    parts: dict[str, bytes] = {}
    if "{timestamp}" in signature.signed:
        text = _timestamp(signature, headers, values)
        if not abs(time.time() - int(text)) <= tolerance:  # a NaN accepts nothing
            raise WebhookSignatureError(f"the time of the webhook is off: {tolerance:g} s at most")
        parts["timestamp"] = text.encode()
    if "{id}" in signature.signed:
        id_ = headers.get(signature.id_header.lower())
        if id_ is None:
            raise WebhookSignatureError(f"the header {signature.id_header} is missing")
        parts["id"] = _header_bytes(id_)
    return parts


def _timestamp(signature: WebhookSignature, headers: Mapping[str, str], values: list[str]) -> str:
    prefix = signature.timestamp_prefix
    if prefix:
        text = next((one.removeprefix(prefix) for one in values if one.startswith(prefix)), "")
    else:
        text = headers.get(signature.timestamp_header.lower(), "")
    if not re.fullmatch("[0-9]{1,12}", text):
        raise WebhookSignatureError("the webhook has no time in seconds since 1970")
    return text


def _signed(template: str, parts: Mapping[str, bytes]) -> bytes:
    pieces = re.split(r"\{(body|timestamp|id)\}", template)
    return b"".join(
        parts[piece] if index % 2 else piece.encode() for index, piece in enumerate(pieces)
    )


def _header_bytes(value: str) -> bytes:
    """A header's value. Some servers give bytes that are not UTF-8 as lone surrogates."""
    return value.encode(errors="surrogatepass")


def _bytes(body: object) -> bytes:
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, bytes | bytearray):
        return bytes(body)
    told = f"expected the body as it was received, str or bytes, not {type(body).__name__}"
    raise TypeError(f"{told}: parsed and written again, its signature no longer fits")


def _written(key: bytes, signed: bytes, signature: WebhookSignature) -> str:
    digest = hmac.new(key, signed, getattr(hashlib, signature.algorithm)).digest()
    return digest.hex() if signature.encoding == "hex" else b64encode(digest).decode()


def read_event(
    body: str | bytes,
    headers: Headers,
    signature: WebhookSignature,
    event: Callable[[], Any],
    named: Mapping[str, Callable[[], Any]],
) -> Any:
    """The event in the body of a webhook. An event that is not described is kept whole.

    Args:
        body: The body.
        headers: The headers.
        signature: How it is signed, and which header names the event.
        event: Returns the type of all events.
        named: Types by the name of the event.

    Raises:
        WebhookError: The body is not JSON.
    """
    text = _bytes(body)
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WebhookError(f"the body of the webhook is not JSON: {error}") from error
    name = signature.event_header.lower()
    if not name:
        return decoder_for(event()).decode(text, _report)
    given = _fields(headers).get(name, "")
    if given not in named:
        return _unknown(event())(raw)
    return decoder_for(named[given]()).decode(text, _report)


def _unknown(union: Any) -> type[UnknownVariant]:
    """The class of a union for a variant that is not described."""
    members: tuple[object, ...] = get_args(get_args(union)[0]) if get_args(union) else ()
    for member in members[-1:]:
        if isinstance(member, type) and issubclass(member, UnknownVariant):
            return member
    return UnknownVariant


def _report(_: bytes, problems: tuple[str, ...]) -> None:
    """A webhook that breaks its description is read on, as a response is."""
    logger = logging.getLogger(__name__.partition("._runtime.")[0])
    logger.info("a webhook breaks its description: %s", "; ".join(problems))
