"""What every operation has in common: said once, on the client."""

from __future__ import annotations

from dataclasses import dataclass

from specloom import ir
from specloom.ir.usage import Usage
from specloom.naming.names import Names
from specloom.sdk.annotations import Annotations
from specloom.sdk.contents import content_text, is_result, preferred
from specloom.sdk.method_docstrings import common_errors_of


@dataclass(frozen=True, slots=True)
class Shared:
    """Error statuses that mean the same wherever they are declared, and headers on every call.

    ``errors`` maps a status to the text of how it is read; ``headers`` are those of x-sdk, which an
    operation need not declare; ``common_errors`` what the docstring of the package says of errors.
    """

    errors: dict[str, str]
    headers: dict[str, str]
    imports: frozenset[tuple[str, str]]
    common_errors: dict[str, str]


def shared_of(api: ir.Api, names: Names, usage: Usage) -> Shared:
    """What the operations of an API share."""
    lazy = Annotations(api, names, usage, prefix="types.")
    errors = {status: content_text(content, lazy) for status, content in _errors(api)}
    imports = lazy.imports | {
        ("._runtime.api.operation", text.partition("(")[0]) for text in errors.values()
    }
    if lazy.uses_prefix:
        imports.add((".", "types"))
    return Shared(errors, dict(api.settings.headers), frozenset(imports), common_errors_of(api))


def _errors(api: ir.Api) -> list[tuple[str, ir.Content | None]]:
    """Statuses that are errors of one content wherever they are declared."""
    found: dict[str, dict[object, ir.Content | None]] = {}
    for operation in api.operations():
        for response in operation.responses:
            if not is_result(response, operation):
                content = preferred(response)
                meaning = (content.kind, content.type) if content is not None else None
                found.setdefault(response.status.text, {})[meaning] = content
    return [
        (status, content)
        for status, meanings in sorted(found.items())
        if len(meanings) == 1
        for content in meanings.values()
    ]
