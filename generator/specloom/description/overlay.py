"""Applies OpenAPI Overlay documents (1.0 and 1.1) to a description.

An overlay changes a description without editing it. Added values keep their place in the overlay
file, so that later problems point there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from specloom.description.document import Document, Source
from specloom.description.load import complete, read_source
from specloom.description.places import Places, origin_of
from specloom.description.tree import Token, TreePath, Value, child, kind_of, members
from specloom.errors import Location, Problems, did_you_mean


class Patch:
    """Changes a copy of the entry document; `document` is the changed description."""

    def __init__(self, document: Document, problems: Problems) -> None:
        self._origins: dict[tuple[int, Token], str] = {}
        self._problems = problems
        # Keeps removed values alive: `origins` uses the `id` of containers as keys.
        self._removed: list[Value] = []
        root = _copy(document.root)
        self.document = replace(document, root=root, origins=self._origins)
        self._take_over(document.root, root, document.origins)

    def _take_over(self, old: Value, new: Value, origins: Mapping[tuple[int, Token], str]) -> None:
        """Give the copies in `new` the origins of the values of `old`."""
        if not origins:
            return
        for (key, before), (_, after) in zip(members(old), members(new), strict=True):
            if (id(old), key) in origins:
                self._origins[id(new), key] = origins[id(old), key]
            self._take_over(before, after, origins)

    def remove(self, paths: Iterable[TreePath], pointer: str) -> None:
        """Remove the values at `paths`; `pointer` is the place of the action."""
        doomed: dict[str, set[Token]] = {}
        for path in paths:
            if path:
                doomed.setdefault(self._pointer(path[:-1]), set()).add(path[-1])
            else:
                self._refuse("the whole document cannot be removed", pointer)
        # Found before the removal: one may be inside another.
        parents = [(self.document.at(place), place) for place in doomed]
        origins = {place: origin_of(self.document, place) for place in doomed}
        for parent, place in parents:
            if isinstance(parent, dict):
                for key in doomed[place]:
                    self._removed.append(parent.pop(str(key)))
                    self._origins.pop((id(parent), key), None)
            elif isinstance(parent, list):
                self._remove_items(parent, doomed[place], origins[place])

    def _remove_items(self, items: list[Value], indices: set[Token], origin: str) -> None:
        """Close the gaps in a list; items that move up keep their origins."""
        where = [
            self._origins.pop((id(items), index), child(origin, index))
            for index in range(len(items))
        ]
        self._removed.extend(items)
        remaining = [index for index in range(len(items)) if index not in indices]
        items[:] = [items[index] for index in remaining]
        self._origins |= {(id(items), new): where[old] for new, old in enumerate(remaining)}

    def update(self, path: TreePath, value: Value, origin: str) -> None:
        """Merge `value`, written at `origin`, into the value at `path`.

        Mappings are merged and lists are joined. Other values are appended to a list, or replace
        text, a number or a boolean (Overlay 1.1, Action Object).
        """
        target = self.document.at(self._pointer(path))
        if isinstance(target, dict) and isinstance(value, dict):
            self._merge(target, value, origin)
        elif isinstance(target, list):
            self._append(target, value, origin)
        elif path and not (_is_container(target) or _is_container(value)):
            self._put(self.document.at(self._pointer(path[:-1])), path[-1], value, origin)
        else:
            self._refuse(f"{kind_of(value)} cannot be merged into {kind_of(target)}", origin)

    def _merge(self, target: dict[str, Value], value: dict[str, Value], origin: str) -> None:
        for key, new in value.items():
            old, place = target.get(key), child(origin, key)
            if isinstance(old, dict) and isinstance(new, dict):
                self._merge(old, new, place)
            elif isinstance(old, list) and isinstance(new, list):
                self._append(old, new, place)
            elif old is None or not (_is_container(old) or _is_container(new)):
                self._put(target, key, new, place)
            elif new is not None:  # null does not change a container
                self._refuse(f"{kind_of(new)} cannot be merged into {kind_of(old)}", place)

    def _append(self, target: list[Value], value: Value, origin: str) -> None:
        new = [(value, origin)]
        if isinstance(value, list):
            new = [(item, child(origin, index)) for index, item in enumerate(value)]
        for item, place in new:
            self._origins[id(target), len(target)] = place
            target.append(_copy(item))

    def _put(self, parent: Value, key: Token, value: Value, origin: str) -> None:
        if isinstance(parent, dict):
            self._removed.append(parent.get(str(key)))
            parent[str(key)] = _copy(value)
        elif isinstance(parent, list):
            parent[int(key)] = _copy(value)
        self._origins[id(parent), key] = origin

    def _pointer(self, path: TreePath) -> str:
        return child(f"{self.document.entry}#", *path)

    def _refuse(self, message: str, pointer: str) -> None:
        self._problems.error("bad-overlay-action", message, pointer)


def _is_container(value: Value) -> bool:
    return isinstance(value, dict | list)


def _copy(value: Value) -> Value:
    """A copy without shared values: a change of one YAML alias must not affect the other."""
    if isinstance(value, dict):
        return {key: _copy(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_copy(inner) for inner in value]
    return value


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

    Only the entry document changes. Files that added references name are read. A fault in an
    overlay is reported, and its other actions are applied.
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
        problems.error("unreadable", reason, location=Location(str(file)))
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
            message = f"an action has no field {key!r}"
            problems.error(
                "bad-overlay-action", message, child(pointer, key), did_you_mean(key, _ACTION_KEYS)
            )
    if not isinstance(action.get("target"), str):
        problems.error("bad-overlay-action", "an action needs a 'target'", pointer)
        return False
    if action.get("remove") is not True and not {"update", "copy"} & action.keys():
        message = "an action needs 'update', 'copy' or 'remove: true'"
        problems.error("bad-overlay-action", message, pointer)
        return False
    return True


def _act(patch: Patch, action: dict[str, Value], pointer: str, problems: Problems) -> None:
    """Apply one action to all values that its target selects."""
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
    """The one node that `copy` selects, with its origin."""
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
    """The paths of the nodes that a JSONPath selects; None, and an error, if it is invalid."""
    # Importing this takes 40 ms, and few runs need it.
    from specloom.description.jsonpaths import QueryError, select

    try:
        return select(str(expression), patch.document.root)
    except QueryError as error:
        problems.error("bad-overlay-target", f"{expression!r} cannot be used: {error}", pointer)
        return None
