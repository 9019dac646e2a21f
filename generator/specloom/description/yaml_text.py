"""Parses YAML text to plain values, from libyaml's events.

Scalars follow the JSON schema of YAML 1.2, as OpenAPI requires: there are no dates, and `on`, `no`
and `yes` are text. Values that YAML versions read differently (`0755`, `0x1f`, `12:30`, `1_000`,
`+1`) are text too. Keys are text as written: `200:` is "200". Anchors, aliases and `<<` merges
work. The parser is iterative, so deep nesting does not use the stack.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import yaml

from specloom.description.source_text import (
    MAX_DEPTH,
    Fault,
    Lines,
    Mark,
    Report,
    TextError,
    duplicate_key,
    number,
    too_deep,
)
from specloom.description.tree import Value

MAX_MERGED = 1_000_000
"""The maximum number of entries that `<<` merges may copy."""

_CONSTANTS: dict[str, Value] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMBER_START = frozenset("-.0123456789")
# The JSON schema does not allow `.5`, but all other parsers do, and published descriptions use it.
_NUMBER = re.compile(r"-?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_STANDARD = "tag:yaml.org,2002:"
_TEXT_TAGS = {"!", f"{_STANDARD}str", f"{_STANDARD}timestamp"}
_PLAIN_TAGS = {_STANDARD + name for name in ("int", "float", "bool", "null")}
_COLLECTION_TAGS = {None, "!", f"{_STANDARD}map", f"{_STANDARD}seq"}
_CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def parse(text: str, report: Report) -> Value:
    """The value of YAML `text`.

    Duplicate keys are reported, and the last one wins. Raises TextError for all other faults.
    """
    builder = Builder(text)
    root: Value = builder.build()
    if builder.duplicated:
        again = _MarkingBuilder(text)
        again.build()
        lines = Lines(text)
        for key, first, second in again.duplicates:
            report(duplicate_key(lines, key, first, second))
    return root


def mark(text: str) -> Mark:
    """The places of all keys and items of `text`, which `parse` has accepted."""
    return _MarkingBuilder(text).mark()


class Builder:
    """Builds one document from events. It records no places, which makes it fast."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.duplicated = False
        self._documents = 0
        # The container of the next value: a mapping if there is one, else a list. `_MarkingBuilder`
        # fills them with marks instead of values.
        self._top: list[Any] = []
        self._map: dict[str, Any] | None = None
        self._list = self._top
        self._key: str | None = None
        self._merging = False
        self._stack: list[tuple[dict[str, Any] | None, list[Any]]] = []
        self._open_anchors: list[str | None] = []
        self._anchors: dict[str, Any] = {}
        # Most keys occur many times, so equal keys share one string.
        self._keys: dict[str, str] = {}
        self._merges: dict[int, list[Any]] = {}
        self._merged = 0

    def build(self) -> Any:
        """The root value; None for an empty text. Raises TextError."""
        handlers: dict[type[Any], Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._start_mapping,
            yaml.SequenceStartEvent: self._start_list,
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._start_document,
        }
        with collector_off(), _yaml_errors(self.text):
            loader = _LOADER(self.text)
            # Not yaml.parse: it requests every event twice.
            for event in iter(loader.get_event, None):
                handle = handlers.get(type(event))
                if handle is not None:
                    handle(event)
            loader.dispose()
        return self._top[0] if self._top else None

    def _start_document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            hint = "keep one description in a file; remove the '---'"
            raise _bad("several-documents", "a second document begins here", event, hint)

    def _scalar(self, event: Any) -> None:
        value: Value = event.value
        if self._map is not None and self._key is None:
            self._enter_key(event.value, event)
        else:
            if event.implicit[0]:
                value = _plain(event)
            elif event.tag is not None:
                value = _tagged(event)
            self._put(value, event)
        if event.anchor is not None:
            self._anchors[event.anchor] = value

    def _enter_key(self, key: str, event: Any) -> None:
        # A quoted "<<" is an ordinary key.
        if key == "<<" and isinstance(event, yaml.ScalarEvent) and event.implicit[0]:
            self._merging = True
        elif self._map is not None and key in self._map:
            self.duplicated = True
        self._key = self._keys.setdefault(key, key)

    def _put(self, value: Any, event: Any) -> None:  # noqa: ARG002 - for _MarkingBuilder
        if self._map is None:
            self._list.append(value)
        elif self._merging:
            self._merges.setdefault(id(self._map), []).append(value)
            self._key, self._merging = None, False
        elif self._key is not None:
            self._map[self._key] = value
            self._key = None

    def _start_mapping(self, event: Any) -> None:
        mapping: dict[str, Any] = {}
        self._enter(mapping, event)
        self._map = mapping

    def _start_list(self, event: Any) -> None:
        items: list[Any] = []
        self._enter(items, event)
        self._map, self._list = None, items

    def _enter(self, container: Value, event: Any) -> None:
        if self._map is not None and self._key is None:
            hint = "quote it if it is meant as text (a template's {{ }} has to be quoted)"
            raise _bad("key-not-text", "a key is a list or a mapping", event, hint)
        if event.tag not in _COLLECTION_TAGS:
            raise _unsupported_tag(event)
        if len(self._stack) >= MAX_DEPTH:
            raise TextError(too_deep(_index(event)))
        self._stack.append((self._map, self._list))
        self._put(container, event)
        self._open_anchors.append(event.anchor)
        self._key, self._merging = None, False

    def _end(self, event: Any) -> None:
        container: Value = self._list if self._map is None else self._map
        if self._map is not None and id(self._map) in self._merges:
            self._merge(self._map, self._merges.pop(id(self._map)), event)
        # The anchor is set only here, so that an alias inside its own value is an error, not a
        # loop.
        anchor = self._open_anchors.pop()
        if anchor is not None:
            self._anchors[anchor] = container
        self._map, self._list = self._stack.pop()
        self._key, self._merging = None, False

    def _alias(self, event: Any) -> None:
        if event.anchor not in self._anchors:
            if event.anchor in self._open_anchors:
                raise _bad(
                    "bad-alias", f"*{event.anchor} refers to the value that contains it", event
                )
            raise _bad(
                "bad-alias",
                f"*{event.anchor} refers to an anchor that is not defined above it",
                event,
            )
        value = self._anchors[event.anchor]
        if self._map is None or self._key is not None:
            self._put(value, event)
        elif isinstance(value, str):
            self._enter_key(value, event)
        else:
            raise _bad("key-not-text", f"the key *{event.anchor} is no text", event)

    def _merge(self, mapping: dict[str, Any], values: list[Any], event: Any) -> None:
        """Add the entries of `<<` to the mapping.

        The mapping's own keys win; of several sources, the first wins.
        """
        sources = [
            source for value in values for source in (value if isinstance(value, list) else [value])
        ]
        own = dict(mapping)
        mapping.clear()
        for source in reversed(sources):
            if not isinstance(source, dict):
                raise _bad("bad-alias", "<< takes a mapping or a list of mappings", event)
            mapping.update(source)
            self._merged += 1 + len(source)
        mapping.update(own)
        if self._merged > MAX_MERGED:
            raise _bad("too-many-aliases", f"<< copies more than {MAX_MERGED} entries", event)


class _MarkingBuilder(Builder):
    """Builds marks instead of values, and reports duplicate keys."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.duplicates: list[tuple[str, int, int]] = []
        self._key_index = 0

    def mark(self) -> Mark:
        """The mark of the whole text."""
        root = self.build()
        return (0, root[1]) if isinstance(root, tuple) else 0

    def _enter_key(self, key: str, event: Any) -> None:
        super()._enter_key(key, event)
        self._key_index = _index(event)
        if self._map is not None and key in self._map and not self._merging:
            first = self._map[key]
            first = first[0] if isinstance(first, tuple) else first
            self.duplicates.append((key, first, self._key_index))

    def _put(self, value: Any, event: Any) -> None:
        if not self._merging:
            index = self._key_index if self._map is not None else _index(event)
            value = (index, value) if isinstance(value, dict | list) else index
        super()._put(value, event)

    def _merge(self, mapping: dict[str, Any], values: list[Any], event: Any) -> None:
        marks = [
            [one[1] for one in value] if isinstance(value, list) else value for value in values
        ]
        super()._merge(mapping, marks, event)


_LOADER: Any = getattr(yaml, "CLoader", yaml.Loader)


def _plain(event: Any) -> Value:
    text: str = event.value
    if text[:1] in _NUMBER_START and _NUMBER.fullmatch(text):
        return _number(text, event)
    return _CONSTANTS.get(text, text)


def _tagged(event: Any) -> Value:
    if event.tag in _TEXT_TAGS:
        text: str = event.value
        return text
    if event.tag in _PLAIN_TAGS:
        return _plain(event)
    raise _unsupported_tag(event)


def _number(text: str, event: Any) -> int | float:
    try:
        return number(text)
    except ValueError:
        raise _bad("bad-number", "this number is too large", event, "quote it") from None


def _index(event: Any) -> int:
    index: int = event.start_mark.index
    return index


def _bad(code: str, message: str, event: Any, hint: str = "") -> TextError:
    return TextError(Fault(code, message, _index(event), hint))


def _unsupported_tag(event: Any) -> TextError:
    tag = event.tag.replace(_STANDARD, "!!")
    return _bad("unsupported-tag", f"the tag {tag} has no meaning in JSON", event, "remove it")


@contextmanager
def collector_off() -> Generator[None]:
    """Disables garbage collection in the block: all new objects stay alive, so it finds nothing."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


_HINTS = {
    "cannot start any token": "quote the text: YAML gives this character a meaning of its own",
    "mapping values are not allowed": "quote the text if it has ': ', or check the indentation",
    "did not find expected key": "check the indentation and the quotes of the lines above",
    "could not find expected ':'": "check that the key above ends with ':'",
    "expected <block end>": "check the indentation of this line against the ones above",
}


@contextmanager
def _yaml_errors(text: str) -> Generator[None]:
    try:
        yield
    except yaml.MarkedYAMLError as error:
        raise TextError(_depth_fault(text, error) or _syntax_fault(text, error)) from None
    except yaml.YAMLError:
        # libyaml counts bytes, so the character is located here.
        found = _CONTROL.search(text)
        index = found.start() if found else 0
        message = "a control character, which YAML does not allow"
        raise TextError(Fault("not-yaml", message, index, "remove it")) from None


def _depth_fault(text: str, error: yaml.MarkedYAMLError) -> Fault | None:
    """The nesting fault before the place of `error`, if there is one.

    libyaml reads ahead of its events, and since 0.2.6 it has a depth limit of its own. Both would
    hide the place where the text exceeds our limit, so the text before the error is parsed again.
    """
    mark = error.problem_mark or error.context_mark
    if mark is None or mark.index >= len(text):
        return None
    try:
        Builder(text[: mark.index]).build()
    except TextError as earlier:
        return earlier.fault if earlier.fault.code == "too-deep" else None
    return None


def _syntax_fault(text: str, error: yaml.MarkedYAMLError) -> Fault:
    message = ", ".join(part for part in (error.context, error.problem) if part)
    mark = error.problem_mark or error.context_mark
    index = mark.index if mark else 0
    if text[index : index + 1] == "\t" or "\t" in text[text.rfind("\n", 0, index) + 1 : index]:
        return Fault("not-yaml", message, index, "indent with spaces: YAML allows no tab here")
    hint = next((hint for sign, hint in _HINTS.items() if sign in message), "")
    return Fault("not-yaml", message, index, hint)
