"""Derives security schemes from the credentials of recorded requests."""

from __future__ import annotations

from collections.abc import Sequence

from specloom.authoring.conventions import Customs
from specloom.authoring.exchange import Exchange
from specloom.authoring.infer import Noted, Schema
from specloom.authoring.secrets import is_secret_name

_TODO = "seen in the request: is it right for the whole API? then move 'security' to the root"


def seen_schemes(customs: Customs, exchanges: Sequence[Exchange]) -> dict[str, Schema]:
    """A Security Scheme Object (OpenAPI, section 4.8.27) for each kind of credential, by name.

    Empty for a description that has security schemes. A cookie is none: it belongs to a session.
    """
    if customs.components("securitySchemes"):
        return {}
    found: dict[str, Schema] = {}
    for exchange in exchanges:
        for name, value in exchange.headers:
            found |= _of_header(name, value)
        for name, _ in exchange.query:
            if is_secret_name(name):
                found["apiKey"] = {"type": "apiKey", "in": "query", "name": name}
    return {key: Noted(scheme, _TODO) for key, scheme in found.items()}


def _of_header(name: str, value: str) -> dict[str, Schema]:
    if name.lower() == "authorization":
        scheme = value.partition(" ")[0].lower()
        if scheme in ("bearer", "basic"):
            return {f"{scheme}Auth": {"type": "http", "scheme": scheme}}
        return {"apiKey": {"type": "apiKey", "in": "header", "name": name}}
    if name.lower() in ("cookie", "proxy-authorization") or not is_secret_name(name):
        return {}
    return {"apiKey": {"type": "apiKey", "in": "header", "name": name}}
