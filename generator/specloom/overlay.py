"""Applies OpenAPI Overlay documents (1.0 and 1.1) to a description.

An overlay names, groups and corrects a description that is somebody else's. What it adds keeps its
place in the overlay file, so that a later error points there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import quote

from specloom.document import Document, Source
from specloom.errors import Location, Problems
from specloom.load import complete, read_source
from specloom.tree import Token, Value, child, kind_of, members

_VERSION = re.compile(r"1\.\d+(\..*)?")
_ACTION_KEYS = ("target", "description", "update", "remove", "copy")


def apply_overlays(
    document: Document,
    files: Sequence[Path],
    *,
    problems: Problems,
    allow_remote: bool = False,
) -> Document:
    """`document` with the overlays of `files` applied, in their order.

    Only the entry document is changed. Files that added references name are read. What is wrong
    with an overlay is noted, and its other actions are applied.
    """
    if not files:
        return document
    sources = dict(document.sources)
    origins: dict[tuple[int, Token], str] = {}
    document = replace(document, sources=sources, root=_copy(document.root), origins=origins)
    problems.locator = document
    patch = _Patch(document, origins, problems)
    for file in files:
        source = _read(file, document, problems)
        if source is not None:
            sources[source.uri] = source
            _apply(patch, source, problems)
    return complete(document, allow_remote=allow_remote, problems=problems)


def _read(file: Path, document: Document, problems: Problems) -> Source | None:
    try:
        data = file.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        problems.error("unreadable", reason, location=Location(str(file), 1, 1))
        return None
    try:
        path = os.path.relpath(file, document.folder or ".")
    except ValueError:  # on another drive
        path = os.path.abspath(file)
    return read_source(data, quote(path.replace(os.sep, "/")), str(file), problems)


def _apply(patch: _Patch, overlay: Source, problems: Problems) -> None:
    root = overlay.root if isinstance(overlay.root, dict) else {}
    actions = root.get("actions")
    if _VERSION.fullmatch(str(root.get("overlay"))) and isinstance(actions, list):
        for index, action in enumerate(actions):
            patch.apply(action, child(f"{overlay.uri}#", "actions", index))
    elif not overlay.broken:
        message = "an overlay has a field 'overlay', which is 1.0.0 or 1.1.0, and a list of 'actions'"
        problems.error("not-overlay", message, f"{overlay.uri}#")


@dataclass
class _Patch:
    """Changes the root of `document`, and keeps `origins` (see `Document`) true."""

    document: Document
    origins: dict[tuple[int, Token], str]
    problems: Problems
    # What was removed stays alive: `origins` knows containers by their `id`.
    removed: list[Value] = field(default_factory=list["Value"])

    def apply(self, action: Value, pointer: str) -> None:
        """Do what one action says, to all that its target selects."""
        if not isinstance(action, dict) or not self._is_complete(action, pointer):
            return
        targets = self._select(action["target"], child(pointer, "target"))
        if targets == []:
            message = f"{action['target']!r} selects nothing"
            place = child(pointer, "target")
            self.problems.warning("unmatched-overlay-target", message, place)
        if not targets:
            return
        if action.get("remove") is True:
            self._remove(targets, pointer)
        elif "update" in action:
            for target in targets:
                self._update(target, action["update"], child(pointer, "update"))
        else:
            self._copy_into(targets, action["copy"], child(pointer, "copy"))

    def _is_complete(self, action: dict[str, Value], pointer: str) -> bool:
        for key in action:
            if key not in _ACTION_KEYS and not key.startswith("x-"):
                close = get_close_matches(key, _ACTION_KEYS, 1)
                hint = f"did you mean {close[0]!r}?" if close else ""
                message = f"an action has no field {key!r}"
                self.problems.error("bad-overlay-action", message, child(pointer, key), hint)
        if not isinstance(action.get("target"), str):
            self.problems.error("bad-overlay-action", "an action needs a 'target'", pointer)
            return False
        if action.get("remove") is not True and not {"update", "copy"} & action.keys():
            message = "an action needs 'update', 'copy' or 'remove: true'"
            self.problems.error("bad-overlay-action", message, pointer)
            return False
        return True

    def _select(self, expression: Value, pointer: str) -> list[tuple[Token, ...]] | None:
        """Where the nodes stand that a JSONPath selects; None, and an error, if it is none."""
        # 40 ms to import, and few runs need it.
        from jsonpath import JSONPathEnvironment, JSONPathError  # noqa: PLC0415

        try:
            found = JSONPathEnvironment(strict=True).finditer(str(expression), self.document.root)
            return [match.parts for match in found]
        except JSONPathError as error:
            reason = str(error).partition("\n")[0]
            message = f"{expression!r} is no JSONPath (RFC 9535): {reason}"
            self.problems.error("bad-overlay-target", message, pointer)
            return None
