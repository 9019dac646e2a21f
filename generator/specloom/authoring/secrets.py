"""Recognises credentials by their names and forms, so that specloom writes none of them."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from specloom.authoring.exchange import FilePart, Pairs
from specloom.ir.words import split_words

REDACTED = "REDACTED"

_WORDS = frozenset(
    "authorization bearer cookie credential credentials csrf cvc cvv jwt passphrase passwd password"
    " pin pwd secret secrets signature xsrf".split()
)
_WHOLE = frozenset("apikey auth otp pass session sessionid sid sig token".split())
_KEYS = frozenset(
    "access account api app auth client encryption functions license master private secret session"
    " signing subscription".split()
)
_VALUES = re.compile(
    r"(?:sk|pk|rk|whsec|gh[opsur]|github_pat|glpat|xox[abeoprs]|npm|hf|shpat|pypi|dop_v1)[-_]\w[\w-]{7,}"
    r"|AKIA[0-9A-Z]{12,}|AIza[\w-]{20,}|SG\.[\w-]{8,}\.[\w-]{8,}"
    r"|eyJ[\w-]{6,}\.[\w-]{4,}\.[\w-]*"  # a JWT (RFC 7519)
    r"|(?i:bearer|basic)\s+[\w+/=.~-]{6,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----"
)
# Headers that clients, browsers and proxies add to any request. They are not part of the API.
_ORDINARY = re.compile(
    r"accept|accept-.*|access-control-.*|alt-used|baggage|cache-control|connection|content-.*|cookie"
    r"|dnt|expect|host|http2?-.*|if-.*|keep-alive|origin|pragma|priority|proxy-.*|range|referer"
    r"|sec-.*|sentry-trace|te|trailer|traceparent|tracestate|transfer-encoding|upgrade.*|user-agent"
    r"|via|x-amzn-trace-id|x-b3-.*|x-client-data|x-forwarded-.*|x-real-ip|x-request-id"
    r"|x-requested-with|x-stainless-.*|:.*"
)
_SCHEMES = frozenset("basic bearer digest negotiate token apikey".split())
_SHORTEST = 6


def is_secret_name(name: str) -> bool:
    """Whether something of this name is a credential: `client_secret`, `X-Api-Key`, `token`."""
    words = [word.lower() for word in split_words(name)]
    words = words[1:] if words[:1] == ["x"] else words  # a header of the API's own
    if not words:
        return False
    if _WORDS.intersection(words) or "".join(words) in _WHOLE or words[-1] in ("token", "apikey"):
        return True
    return words[-1] == "key" and bool(_KEYS.intersection(words[:-1]))


def looks_secret(value: str) -> bool:
    """Whether a text has the form of a well-known kind of credential."""
    return bool(_VALUES.search(value))


def is_ordinary_header(name: str) -> bool:
    """Whether a header is one that any client sends, and no parameter of an operation."""
    return bool(_ORDINARY.fullmatch(name.lower()))


def secrets_in(headers: Pairs, query: Pairs) -> frozenset[str]:
    """The credentials in a request, and the parts of each."""
    found = {value for name, value in (*headers, *query) if is_secret_name(name)}
    parts = {part for value in found for part in re.split(r"[\s;,=]+", value)}
    return frozenset(
        one
        for one in found | parts
        if len(one) >= _SHORTEST and one.lower() not in _SCHEMES and REDACTED not in one
    )


def redacted(value: Any, secrets: Collection[str] = ()) -> Any:
    """JSON without `secrets`, and without values whose name or form is that of a credential."""
    if isinstance(value, dict):
        return {
            redacted_text(key, secrets): (
                REDACTED
                if is_secret_name(key) and isinstance(inner, str) and inner
                else redacted(inner, secrets)
            )
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [redacted(inner, secrets) for inner in value]
    if isinstance(value, FilePart):
        return None
    return redacted_text(value, secrets) if isinstance(value, str) else value


def holds_secret(value: Any, secrets: Collection[str]) -> bool:
    """Whether a credential is in JSON, as a text or as the key of an object."""
    if isinstance(value, dict):
        return any(holds_secret(one, secrets) for pair in value.items() for one in pair)
    if isinstance(value, list):
        return any(holds_secret(one, secrets) for one in value)
    return isinstance(value, str) and redacted_text(value, secrets) != value


def redacted_text(text: str, secrets: Collection[str] = ()) -> str:
    """A text in which a fixed word replaces each credential."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, REDACTED)
    return _VALUES.sub(REDACTED, text)
