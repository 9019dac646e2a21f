"""What each error status means, said once where it means the same for the whole API."""

from __future__ import annotations

from dataclasses import dataclass

from specloom import ir
from specloom.docs.places import guide, href
from specloom.docs.prose import item
from specloom.sdk.contents import is_result
from specloom.sdk.method_docstrings import error_class


@dataclass(frozen=True, slots=True)
class Meanings:
    """The statuses that more than one operation declares, always with the same words."""

    by_status: dict[str, str]


def meanings_of(api: ir.Api) -> Meanings:
    """The statuses that mean the same in every operation."""
    found: dict[str, list[str]] = {}
    for operation in api.operations():
        for response in error_responses(operation):
            found.setdefault(response.status.text, []).append(response.description)
    return Meanings(
        {
            status: texts[0]
            for status, texts in sorted(found.items())
            if len(texts) > 1 and len(set(texts)) == 1 and texts[0]
        }
    )


def error_responses(operation: ir.Operation) -> list[ir.Response]:
    """The error responses of an operation, sorted by status."""
    raised = (one for one in operation.responses if not is_result(one, operation))
    return sorted(raised, key=lambda one: one.status.text)


def errors_told(operation: ir.Operation, meanings: Meanings, page: str) -> list[str]:
    """Entries of a list: the operation's own errors with text, the shared ones by name."""
    shared: list[ir.Response] = []
    own: list[ir.Response] = []
    for response in error_responses(operation):
        is_shared = response.status.text in meanings.by_status
        (shared if is_shared else own).append(response)
    tree = href(guide("errors", "exception-hierarchy"), page)
    entries = [
        item(
            f"[`{error_class(one.status.text)}`]({tree}) ({_status(one)}):",
            one.description,
            page,
        )
        for one in own
    ]
    if shared:
        names = ", ".join(f"`{error_class(one.status.text)}` ({_status(one)})" for one in shared)
        address = href(guide("errors", "what-each-status-means"), page)
        entries.append(f"- {names}: see [what each status means]({address})")
    return entries


def _status(response: ir.Response) -> str:
    return "any other status" if response.status.text == "default" else response.status.text


def meanings_told(meanings: Meanings, page: str) -> list[str]:
    """Entries of a list: the statuses that mean the same in every operation."""
    return [
        item(
            f"{'any other status' if status == 'default' else status}, `{error_class(status)}`:",
            text,
            page,
        )
        for status, text in meanings.by_status.items()
    ]
