"""Text of OpenAPI Overlays for users to edit: pieces of YAML, and the entries of a proposal."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from specloom.authoring.overlay_fixes import Action, path_of
from specloom.description.tree import uri_of
from specloom.layout import plain
from specloom.scaffold.proposal import Grouping, Proposed

_PLAIN = re.compile(r"[A-Za-z][\w.-]*", re.ASCII)
_PLAIN_TARGET = re.compile(r"\$[\w.'/\[\]{}~-]*", re.ASCII)
# Texts that some version of YAML reads as something other than text.
_NOT_TEXT = frozenset("null true false yes no on off y n nan inf".split())


@dataclass(frozen=True, slots=True)
class Entry:
    """An operation in the file. ``target`` is empty if an overlay cannot change the operation."""

    description: str
    notes: tuple[str, ...]
    target: str
    resource: str
    method: str


@dataclass(frozen=True, slots=True)
class Names:
    """The names of the package and the client, and the grouping of operations."""

    package: str
    client: str
    grouping: Grouping


def entries(proposal: list[Proposed]) -> Iterator[Entry]:
    """The operations of the proposal, for the template."""
    for one in proposal:
        operation = one.operation
        summary = one_line(operation.summary)
        yield Entry(
            description=one_line(operation.key) + (f": {summary}" if summary else ""),
            notes=tuple(map(one_line, _notes(one))),
            target=target_of(one.pointer) if one.is_settable else "",
            resource=quoted(one.resource),
            method=quoted(one.method),
        )


def _notes(one: Proposed) -> Iterator[str]:
    if one.instead_of:
        yield f"not client.{one.instead_of}: another operation has this name"
    if not one.is_settable:
        yield f"client.{one.address}; only x-sdk at this place can change the name:"
        yield f"{uri_of(one.pointer)}#{one.pointer.partition('#')[2]}"


def target_of(pointer: str) -> str:
    """The JSONPath of a place, as a text in YAML."""
    target = Action(path_of(pointer), {}).target
    if _PLAIN_TARGET.fullmatch(target):
        return target
    return json.dumps(target, ensure_ascii=not target.isprintable())


def quoted(text: str) -> str:
    """A text in YAML, with quotes if needed."""
    is_plain = _PLAIN.fullmatch(text) and text.lower() not in _NOT_TEXT
    return text if is_plain else json.dumps(text)


def one_line(text: str) -> str:
    """A foreign text for a comment: without control characters and line breaks."""
    return " ".join(plain(text).split())
