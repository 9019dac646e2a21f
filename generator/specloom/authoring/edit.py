"""Inserts entries into the text of a YAML or JSON file. All other bytes stay unchanged."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from specloom.authoring.style import Style, style_of, written
from specloom.description import json_text, yaml_text
from specloom.description.source_text import TextError
from specloom.description.tree import Value

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class EditError(Exception):
    """An alias or a block scalar of the file prevents the insertion of an entry."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A new entry `key` of the mapping at `path`, which is created if it is missing.

    It follows the key `after`, or all keys.
    """

    path: tuple[str, ...]
    key: str
    value: Any
    after: str | None = None


def with_entries(text: str, entries: Sequence[Entry]) -> str:
    """`text` with new entries. Raises EditError if an insertion changes another value."""
    for entry in entries:
        text = _with_entry(text, entry)
    return text


def _with_entry(text: str, entry: Entry) -> str:
    root = yaml.compose(text, Loader=_LOADER)
    expected = _value_of(text)
    _add(expected, entry)
    edited = _Editor(text, root, style_of(text, root)).put(entry)
    try:
        result = _value_of(edited)
    except TextError as error:
        raise EditError(str(error)) from None
    if result != expected:
        raise EditError(f"{entry.key!r} would change other entries of the file")
    return edited


def _value_of(text: str) -> Any:
    def ignore(_: object) -> None:
        """Ignore duplicate keys: the file already had them."""

    if text.lstrip().startswith("{"):
        try:
            return json_text.parse(text, ignore)
        except TextError:
            pass
    # An alias and its anchor are one object. In a copy they are two: a change affects only one.
    return json.loads(json.dumps(yaml_text.parse(text, ignore)))


def _add(root: Value, entry: Entry) -> None:
    place: Any = root
    for token in entry.path:
        if place.get(token) is None:
            place[token] = {}
        place = place[token]
    place[entry.key] = entry.value


@dataclass(frozen=True, slots=True)
class _Editor:
    """One text, read once for the places of its nodes."""

    text: str
    root: Any
    style: Style

    def put(self, entry: Entry) -> str:
        """The text with an entry in it."""
        node, key, depth = self.root, None, 0
        for token in entry.path:
            found = _child(node, token)
            if found is None:
                break
            key, node = found
            depth += 1
        values: Any = {entry.key: entry.value}
        for token in reversed(entry.path[depth:]):
            values = {token: values}
        after = entry.after if depth == len(entry.path) else None
        if isinstance(node, yaml.MappingNode) and node.value:
            return (self._flow if node.flow_style else self._block)(node, values, after)
        return self._into_empty(node, key, values)

    def _block(self, node: Any, values: dict[str, Any], after: str | None) -> str:
        entries = {key.value: (key, value) for key, value in node.value}
        key, value = entries.get(after or "", node.value[-1])
        column = node.value[0][0].start_mark.column
        at = self._line_end(self._end(key, value), column)
        gap = self.style.newline if self._are_apart(node) else ""
        return self._insert(at, gap + written(values, self.style, column))

    def _into_empty(self, node: Any, key: Any, values: dict[str, Any]) -> str:
        """The text with the first entry of a mapping that is `{}`, `null` or empty.

        The rest of the mapping's line stays.
        """
        if key is None:
            raise EditError("the file is empty")
        start, end = node.start_mark.index, node.end_mark.index
        if self.text[: key.start_mark.index].lstrip().startswith("{"):
            return self.text[:start] + self._json(values, key.start_mark.line) + self.text[end:]
        kept = _Editor(self.text[:start].rstrip(" ") + self.text[end:], None, self.style)
        at = kept._line_end(key.end_mark.index, key.start_mark.column)
        column = key.start_mark.column + self.style.step
        return kept._insert(at, written(values, self.style, column))

    def _flow(self, node: Any, values: dict[str, Any], after: str | None) -> str:
        entries = {key.value: (key, value) for key, value in node.value}
        at = self._end(*entries.get(after or "", node.value[-1]))
        first = node.value[0][0].start_mark
        if first.line == node.end_mark.line:
            return (
                self.text[:at]
                + ", "
                + json.dumps(values, ensure_ascii=False)[1:-1]
                + (self.text[at:])
            )
        inner = self._json(values, node.start_mark.line)
        body = inner[1 : inner.rindex("}")].rstrip()
        return self.text[:at] + "," + body + self.text[at:]

    def _json(self, values: dict[str, Any], line: int) -> str:
        """A mapping as JSON that begins on a line, indented as the file is."""
        text = self.text.splitlines()[line]
        indent = text[: len(text) - len(text.lstrip())]
        inner = re.search(r"\n([ \t]+)\S", self.text)
        lines = json.dumps(values, indent=inner[1] if inner else 2, ensure_ascii=False)
        return lines.replace("\n", self.style.newline + indent)

    def _end(self, key: Any, value: Any) -> int:
        """The end of an entry's text, without the white space after it."""
        end = int(key.end_mark.index)
        if _is_behind(key, value):
            end = max(end, self._value_end(value))
        # The node of a block scalar includes the white space after its text.
        while end and self.text[end - 1].isspace():
            end -= 1
        return end

    def _value_end(self, node: Any) -> int:
        if node.value and isinstance(node, yaml.CollectionNode) and not node.flow_style:
            last = node.value[-1]
            if isinstance(last, tuple):
                return self._end(*last)
            return self._value_end(last) if _is_behind(node, last) else int(node.start_mark.index)
        return int(node.end_mark.index)

    def _are_apart(self, node: Any) -> bool:
        """Whether blank lines separate the entries of a mapping."""
        if len(node.value) < 2:
            return False
        (key, value), last = node.value[-2], node.value[-1][0]
        between = self.text[self._end(key, value) : last.start_mark.index]
        return any(not line.strip() for line in between.splitlines()[1:-1])

    def _line_end(self, at: int, column: int) -> int:
        """The end of a character's line and of the deeper indented comments after it."""
        end = self._next_line(at)
        while match := re.compile(r"(?:[ \t]*\r?\n)*([ \t]*)#.*(?:\n|\Z)").match(self.text, end):
            if len(match[1]) <= column:
                break
            end = match.end()
        return end

    def _next_line(self, at: int) -> int:
        found = self.text.find("\n", at)
        return len(self.text) if found < 0 else found + 1

    def _insert(self, at: int, added: str) -> str:
        before = self.text[:at]
        if before and not before.endswith("\n"):
            before += self.style.newline
        return before + added + self.text[at:]


def _child(node: Any, token: str) -> tuple[Any, Any] | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next(((key, value) for key, value in pairs if key.value == token), None)


def _is_behind(before: Any, node: Any) -> bool:
    """Whether a node follows another in the text. An alias does not: its node is the anchor's."""
    return bool(node.start_mark.index >= before.start_mark.index)
