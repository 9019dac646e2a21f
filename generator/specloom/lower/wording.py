"""What a schema is called, before ``names.py`` makes Python of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from specloom.lower.shape import shape_of
from specloom.tree import unescape
from specloom.words import split_words

if TYPE_CHECKING:
    from specloom import ir
    from specloom.node import Node

_HOLDERS = ("#/components/schemas", "/$defs", "/definitions")


def sdk_name(node: Node) -> ir.Words | None:
    """The words of ``x-sdk.name``, where a person gave one."""
    extension = node.get("x-sdk")
    return (split_words(extension.text("name")) or None) if extension else None


def component_name(node: Node) -> ir.Words | None:
    """The words of a component's own name; None for a schema inside something else."""
    name = component_at(node.pointer)
    return None if name is None else split_words(name) or ("model",)


def component_at(pointer: str) -> str | None:
    """The name of the component that stands at a pointer; None where that is something else."""
    holder, _, name = pointer.rpartition("/")
    return unescape(name) if holder.endswith(_HOLDERS) else None


def given_name(node: Node) -> ir.Words | None:
    """The name a person gave a schema, in whatever way."""
    return sdk_name(node) or component_name(node)


def variant_name(variant: Node, index: int, words: ir.Words) -> ir.Words:
    """What an inline variant of ``words`` is called: by its tag's value, its title, its place."""
    own = _own_words(variant) or ("variant", str(index + 1))
    # "Seat ticket" as a variant of "ticket" has said it already.
    repeats = [word.lower() for word in own[-len(words) :]] == [word.lower() for word in words]
    return own if repeats and len(own) > len(words) else (*words, *own)


def _own_words(variant: Node) -> ir.Words | None:
    if variant.ref is not None:
        return component_name(variant.follow())
    for prop in shape_of(variant).properties.values():
        values = shape_of(prop).values
        if values and len(values) == 1 and isinstance(values[0], str):
            return split_words(values[0]) or None
    return split_words(variant.text("title")) or None
