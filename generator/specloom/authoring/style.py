"""The style of a YAML file, and new text in the same style.

ruamel.yaml writes only the new text. If it wrote the whole file, it would change other lines too
(docs/decisions/0009).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from typing import Any

import yaml

from specloom.authoring.infer import Noted

WIDTH = 100
"""The longest line that is written in flow style."""

_PLAIN = re.compile(r"\d+\.\d+\.\d+|[A-Za-z_/$][\w/{}.~-]*(?:,? [A-Za-z0-9_(][\w./()-]*)*")
# Texts that some version of YAML reads as something other than text.
_NOT_TEXT = re.compile(r"~|null|true|false|yes|no|on|off|y|n|nan|inf", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Style:
    """`step` is the indentation of a mapping, `offset` the indentation of a list's dashes."""

    step: int = 2
    offset: int = 2
    quote: str = "'"
    flow: bool = True
    newline: str = "\n"


def style_of(text: str, root: yaml.Node | None) -> Style:
    """The style that most of a file has."""
    counts: Counter[str] = Counter()
    steps: Counter[int] = Counter()
    offsets: Counter[int] = Counter()
    for key, value in _entries(root):
        counts[f"quote {value.style}" if isinstance(value, yaml.ScalarNode) else ""] += 1
        column = value.start_mark.column - key.start_mark.column
        below = value.start_mark.line > key.start_mark.line
        if isinstance(value, yaml.MappingNode):
            counts[f"flow {value.flow_style}"] += bool(value.value)
            if below:
                steps[column] += 1
        elif isinstance(value, yaml.SequenceNode) and below and not value.flow_style:
            offsets[column] += 1
    return Style(
        step=_most(steps, 2),
        offset=_most(offsets, 2),
        quote='"' if counts['quote "'] > counts["quote '"] else "'",
        flow=counts["flow True"] > 0 or counts["flow False"] < 5,
        newline="\r\n" if "\r\n" in text else "\n",
    )


def _most(counts: Counter[int], otherwise: int) -> int:
    return counts.most_common(1)[0][0] if counts else otherwise


def _entries(root: yaml.Node | None) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    """Every key with its value."""
    stack, seen = [root], {id(root)}
    while stack:
        node = stack.pop()
        inner = list(node.value) if isinstance(node, yaml.CollectionNode) else []
        if isinstance(node, yaml.MappingNode):
            yield from inner
            inner = [value for _, value in inner]
        # An alias and its anchor are the same node.
        fresh = [one for one in inner if id(one) not in seen]
        seen.update(map(id, fresh))
        stack.extend(fresh)


def written(values: dict[str, Any], style: Style, indent: int = 0) -> str:
    """A mapping as block YAML, indented, with a comment for every open question."""
    from ruamel.yaml import YAML

    emitter = YAML()
    emitter.width = 2**16
    emitter.indent(mapping=style.step, sequence=style.offset + 2, offset=style.offset)
    emitter.representer.ignore_aliases = lambda _: True
    emitter.representer.add_representer(type(None), _write_null)
    stream = StringIO()
    emitter.dump(_Writer(style).mapping(values, indent)[0], stream)
    lines = stream.getvalue().splitlines()
    return "".join(f"{' ' * indent}{line}".rstrip() + style.newline for line in lines)


def _write_null(representer: Any, _: None) -> Any:
    return representer.represent_scalar("tag:yaml.org,2002:null", "null")


@dataclass(frozen=True, slots=True)
class _Writer:
    """Converts plain values to nodes that ruamel.yaml writes in a style.

    Each method also returns the open questions of the value: a comment follows the nearest key.
    Lists have no comments.
    """

    style: Style

    def mapping(self, values: dict[str, Any], column: int) -> tuple[Any, list[str]]:
        from ruamel.yaml.comments import CommentedMap

        made = CommentedMap()
        for key, value in values.items():
            inner, todos = self._value(value, column + self.style.step, len(key) + 2)
            written_key = self._text(key)
            made[written_key] = inner
            if todos:
                made.yaml_add_eol_comment(f"TODO: {'; '.join(todos)}", written_key, column=0)
        return made, [values.todo] if isinstance(values, Noted) else []

    def _value(self, value: Any, column: int, before: int) -> tuple[Any, list[str]]:
        if isinstance(value, dict):
            made, todos = self.mapping(value, column)
            if not value or self._fits(value, column + before):
                made.fa.set_flow_style()
            return made, todos
        if isinstance(value, list):
            return self._list(value, column, before)
        return (self._text(value) if isinstance(value, str) else value), []

    def _list(self, values: list[Any], column: int, before: int) -> tuple[Any, list[str]]:
        from ruamel.yaml.comments import CommentedSeq

        made, todos = CommentedSeq(), list[str]()
        for value in values:
            inner, noted = (
                self.mapping(value, column)
                if isinstance(value, dict) and value
                else self._value(value, column, 2)
            )
            made.append(inner)
            todos += noted
        is_flat = not any(isinstance(value, dict | list) for value in values)
        if not values or (is_flat and self.style.flow and self._width(values, column + before)):
            made.fa.set_flow_style()
        return made, todos

    def _fits(self, value: dict[str, Any], column: int) -> bool:
        """Whether a mapping is small enough for one line: `{type: string, format: date}`."""
        is_small = not any(
            isinstance(one, dict) or (isinstance(one, list) and any(map(_is_container, one)))
            for one in value.values()
        )
        has_text = not {"description", "summary", "title"}.isdisjoint(value)
        return self.style.flow and is_small and not has_text and self._width(value, column)

    def _width(self, value: Any, column: int) -> bool:
        """Whether a flat mapping or list fits into a line, with quotes and brackets."""
        parts = list(value) if isinstance(value, list) else [f"{k}: {v}" for k, v in value.items()]
        return column + sum(len(str(part)) + 2 for part in parts) <= WIDTH

    def _text(self, text: str) -> Any:
        from ruamel.yaml.scalarstring import DoubleQuotedScalarString, SingleQuotedScalarString

        if _PLAIN.fullmatch(text) and not _NOT_TEXT.fullmatch(text):
            return text
        quoted = DoubleQuotedScalarString if self.style.quote == '"' else SingleQuotedScalarString
        return quoted(text)


def _is_container(value: Any) -> bool:
    return isinstance(value, dict | list)
