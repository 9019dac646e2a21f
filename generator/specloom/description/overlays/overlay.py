"""Applies OpenAPI Overlay documents (1.0 and 1.1) to a description.

An overlay names, groups and corrects a description that is somebody else's. What it adds keeps its
place in the overlay file, so that a later error points there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import quote

from specloom.description.document import Document, Source
from specloom.description.load import complete, read_source
from specloom.description.overlays.patch import Patch
from specloom.description.overlays.patch import Path as TreePath
from specloom.description.places import Places, origin_of
from specloom.description.tree import Value, child
from specloom.errors import Location, Problems

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
    patch = Patch(replace(document, sources=sources), problems)
    problems.locator = Places(patch.document)
    for file in files:
        overlay = _read(file, document, problems)
        if overlay is not None:
            sources[overlay.uri] = overlay
            _apply(patch, overlay, problems)
    return complete(patch.document, allow_remote=allow_remote, problems=problems)


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


def _apply(patch: Patch, overlay: Source, problems: Problems) -> None:
    root = overlay.root if isinstance(overlay.root, dict) else {}
    actions = root.get("actions")
    if _VERSION.fullmatch(str(root.get("overlay"))) and isinstance(actions, list):
        for index, action in enumerate(actions):
            pointer = child(f"{overlay.uri}#", "actions", index)
            if isinstance(action, dict) and _is_complete(action, pointer, problems):
                _act(patch, action, pointer, problems)
    elif not overlay.broken:
        message = "an overlay has the fields 'overlay', 1.0.0 or 1.1.0, and 'actions', a list"
        problems.error("not-overlay", message, f"{overlay.uri}#")


def _is_complete(action: dict[str, Value], pointer: str, problems: Problems) -> bool:
    for key in action:
        if key not in _ACTION_KEYS and not key.startswith("x-"):
            close = get_close_matches(key, _ACTION_KEYS, 1)
            hint = f"did you mean {close[0]!r}?" if close else ""
            message = f"an action has no field {key!r}"
            problems.error("bad-overlay-action", message, child(pointer, key), hint)
    if not isinstance(action.get("target"), str):
        problems.error("bad-overlay-action", "an action needs a 'target'", pointer)
        return False
    if action.get("remove") is not True and not {"update", "copy"} & action.keys():
        message = "an action needs 'update', 'copy' or 'remove: true'"
        problems.error("bad-overlay-action", message, pointer)
        return False
    return True


def _act(patch: Patch, action: dict[str, Value], pointer: str, problems: Problems) -> None:
    """Do what one action says to all that its target selects."""
    place = child(pointer, "target")
    targets = _select(patch, action["target"], place, problems)
    if targets == []:
        message = f"{action['target']!r} selects nothing"
        problems.warning("unmatched-overlay-target", message, place)
    elif action.get("remove") is True:
        patch.remove(targets or [], pointer)
    else:
        value, origin = action.get("update"), child(pointer, "update")
        if "update" not in action:
            found = _copied(patch, action["copy"], child(pointer, "copy"), problems)
            if found is None:
                return
            origin, value = found
        for target in targets or []:
            patch.update(target, value, origin)


def _copied(
    patch: Patch, expression: Value, pointer: str, problems: Problems
) -> tuple[str, Value] | None:
    """The one node that `copy` selects, and where it was written."""
    selected = _select(patch, expression, pointer, problems)
    if selected is None:
        return None
    if len(selected) != 1:
        message = f"'copy' takes one node, {expression!r} selects {len(selected)}"
        problems.error("bad-overlay-action", message, pointer)
        return None
    place = child(f"{patch.document.entry}#", *selected[0])
    return origin_of(patch.document, place), patch.document.at(place)


def _select(
    patch: Patch, expression: Value, pointer: str, problems: Problems
) -> list[TreePath] | None:
    """Where the nodes stand that a JSONPath selects; None, and an error, if it is no JSONPath."""
    # 40 ms to import, and few runs need it.
    from specloom.description.overlays.jsonpaths import QueryError, select

    try:
        return select(str(expression), patch.document.root)
    except QueryError as error:
        problems.error("bad-overlay-target", f"{expression!r} cannot be used: {error}", pointer)
        return None
