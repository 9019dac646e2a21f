"""What every operation has in common: said once, on the client."""

from __future__ import annotations

from dataclasses import dataclass

from specloom import ir
from specloom.annotations import Annotations
from specloom.names import Names
from specloom.plan.contents import content_text, is_result, preferred
from specloom.usage import Usage


@dataclass(frozen=True, slots=True)
class Shared:
    """Error statuses that mean the same wherever they are declared, and headers on every call.

    ``errors`` maps a status to the text of how it is read; ``headers`` are those of x-sdk, which an
    operation need not declare.
    """

    errors: dict[str, str]
    headers: dict[str, str]


def shared_of(api: ir.Api, names: Names, usage: Usage) -> Shared:
    """What the operations of an API share."""
    return Shared(_errors(api, names, usage), dict(api.settings.headers))


def _errors(api: ir.Api, names: Names, usage: Usage) -> dict[str, str]:
    lazy = Annotations(api, names, usage, prefix="types.")
    found: dict[str, set[str]] = {}
    for operation in api.operations():
        for response in operation.responses:
            if not is_result(response, operation):
                text = content_text(preferred(response), lazy)
                found.setdefault(response.status.text, set()).add(text)
    return {status: next(iter(texts)) for status, texts in sorted(found.items()) if len(texts) == 1}
