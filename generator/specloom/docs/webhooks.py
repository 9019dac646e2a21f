"""The guide about webhooks: which there are, and how they are signed."""

from __future__ import annotations

from typing import Any

from specloom import ir
from specloom.docs.pages import Pages
from specloom.docs.prose import code

_STANDARD = {
    "header": "webhook-signature",
    "timestamp_header": "webhook-timestamp",
    "id_header": "webhook-id",
}


def webhook_entries(pages: Pages, page: str) -> dict[str, Any]:
    """What the guide says; nothing for an API without webhooks."""
    webhooks = pages.api.webhooks
    if webhooks is None:
        return {}
    said = dict(webhooks.signature)
    is_standard = "header" not in said
    headers = _STANDARD if is_standard else said
    wording = pages.wording(page)
    return {
        "is_standard": is_standard,
        "headers": [code(value) for key in _STANDARD if (value := headers.get(key))],
        "has_time": is_standard or "{timestamp}" in said.get("signed", ""),
        "tolerance": f"{webhooks.tolerance:g}",
        "event": wording.read(webhooks.event),
        "event_header": code(said["event_header"]) if said.get("event_header") else "",
        "named": [(code(name), wording.read(type_ref)) for name, type_ref in webhooks.named],
        "is_union": isinstance(_inner(webhooks.event, pages.api), ir.UnionOf),
    }


def _inner(type_ref: ir.TypeRef, api: ir.Api) -> ir.TypeRef:
    named = api.types.get(type_ref.key) if isinstance(type_ref, ir.Ref) else None
    return named.type if isinstance(named, ir.Alias) else type_ref
