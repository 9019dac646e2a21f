"""What a schema is called, before ``names.py`` makes Python of it."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from specloom.description.hints import name_hint, type_name_hint
from specloom.description.tree import unescape
from specloom.description.walk import SCHEMA_ONES
from specloom.ir.words import one_of_many, split_words
from specloom.lower.shape import shape_of

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from specloom import ir
    from specloom.description.node import Node
    from specloom.lower.places import Place

SHARED = tuple(f"#/components/{kind}" for kind in ("responses", "requestBodies", "parameters"))
_HOLDERS = ("#/components/schemas", "#/schemas", "/$defs", "/definitions")
_IN_A_FILE = frozenset((*SCHEMA_ONES, "schema", "itemSchema"))


def sdk_name(node: Node) -> ir.Words | None:
    """The words of ``x-sdk.name``, or of another generator's extension, where one gives a name."""
    extension = node.own("x-sdk")
    name = (extension.text("name") if extension else "") or name_hint(node.value) or ""
    return split_words(name) or None


def component_name(node: Node) -> ir.Words | None:
    """The words of a component's own name; None for a schema inside something else."""
    name = component_at(node.pointer)
    return None if name is None else split_words(name) or ("model",)


def component_at(pointer: str) -> str | None:
    """The name of the component that stands at a pointer; None where that is something else.

    A file that is a schema as a whole is called by its name.
    """
    holder, _, name = pointer.rpartition("/")
    if pointer.endswith("#"):
        return PurePosixPath(unquote(pointer[:-1])).stem
    is_in_file = holder.endswith("#") and name not in _IN_A_FILE  # a file of nothing but schemas
    return unescape(name) if is_in_file or holder.endswith(_HOLDERS) else None


def shared_words(node: Node, *endings: str) -> ir.Words | None:
    """What to call the types inside of what operations share: by its own name, whoever is first.

    The first of `endings` follows, unless the name ends with one. None for what is not shared.
    """
    holder, _, name = node.pointer.rpartition("/")
    if not holder.endswith(SHARED):
        return None
    words = split_words(unescape(name)) or ("shared",)
    return (*words, *(() if words[-1].lower() in endings else endings[:1]))


def type_words(places: Sequence[Place], unnamed: Container[Place]) -> list[ir.Words]:
    """What the types of operations begin with: ``agents.messages.create`` is ``MessageCreate``.

    Where two operations would have the same, one has more of its path: one that is not among those
    whose bodies are ``unnamed``, or the one with the longer path.
    """
    order = sorted(set(places), key=lambda one: (one not in unnamed, len(one.resource), one))
    given: dict[Place, ir.Words] = {}
    taken: set[tuple[str, ...]] = set()
    for depth in range(1, max((len(one.resource) for one in order), default=0) + 1):
        for place in (one for one in order if one not in given):
            words = _singular(place.resource[-depth:]) + place.method
            spelling = tuple(word.lower() for word in words)
            if spelling not in taken or depth >= len(place.resource):
                taken.add(spelling)
                given[place] = words
    return [given.get(place, place.method) for place in places]


def _singular(steps: tuple[ir.Words, ...]) -> ir.Words:
    return tuple(word for step in steps for word in one_of_many(step))


def given_name(node: Node) -> ir.Words | None:
    """The name a person gave a schema, in whatever way."""
    hinted = type_name_hint(node.value)
    return sdk_name(node) or (split_words(hinted) if hinted else component_name(node))


def variant_names(variants: list[Node], words: ir.Words) -> list[ir.Words]:
    """What the variants of ``words`` are called where they have no name of their own.

    By the value of their tag or their title; a number is the last resort.
    """
    objects = [variant for variant in variants if shape_of(variant).is_object]
    return [
        _beside(words, _own_words(variant) or _rest_words(variant, variants, objects))
        for variant in variants
    ]


def _beside(words: ir.Words, own: ir.Words) -> ir.Words:
    # "Seat ticket" as a variant of "ticket" has said it already.
    repeats = [word.lower() for word in own[-len(words) :]] == [word.lower() for word in words]
    return own if repeats and len(own) > len(words) else (*words, *own)


def _rest_words(variant: Node, variants: list[Node], objects: list[Node]) -> ir.Words:
    if variant not in objects:
        return ()
    return ("object",) if len(objects) == 1 else ("variant", str(variants.index(variant) + 1))


def _own_words(variant: Node) -> ir.Words | None:
    if variant.ref is not None:
        return component_name(variant.follow())
    for prop in shape_of(variant).properties.values():
        values = shape_of(prop).values
        if values and len(values) == 1 and isinstance(values[0], str):
            return split_words(values[0]) or None
    return split_words(variant.text("title")) or None
