"""A place in the description: a value together with the JSON Pointer that leads to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from specloom.description.references import find, follow
from specloom.description.tree import escape, reference_in

if TYPE_CHECKING:
    from specloom.description.document import Document


class Node(NamedTuple):
    """A value in a document and where it stands.

    ``pointer`` is ``<file>#<JSON Pointer>``; children extend it, references leave it.
    """

    document: Document
    pointer: str
    value: Any

    def child(self, key: str | int) -> Node:
        """The value under a key or index that exists."""
        return Node(self.document, f"{self.pointer}/{escape(key)}", self.value[key])

    def own(self, key: str) -> Node | None:
        """The value that stands here under a key, or None; what this refers to does not count."""
        if isinstance(self.value, dict) and key in self.value:
            return self.child(key)
        return None

    def get(self, key: str) -> Node | None:
        """The value under a key, or None where this is no object or has no such key.

        A reference has the keys of what it leads to, beside its own; so have the methods below.
        """
        found = self.own(key)
        if found is None and self.ref is not None:
            end = self.follow()
            return end.own(key) if end.ref is None else None
        return found

    def text(self, key: str) -> str:
        """The string under a key, stripped; empty where there is none."""
        found = self.get(key)
        return found.value.strip() if found is not None and isinstance(found.value, str) else ""

    def items(self) -> Iterator[tuple[str, Node]]:
        """Keys and values of an object; nothing for anything else."""
        end = self.follow()
        if self.ref is None or end.ref is not None:
            yield from self.own_items()
            return
        yield from ((key, one) for key, one in self.own_items() if key != "$ref")
        yield from ((key, one) for key, one in end.own_items() if key not in self.value)

    def own_items(self) -> Iterator[tuple[str, Node]]:
        """Keys and values that stand here; what this refers to does not count."""
        for key in self.value if isinstance(self.value, dict) else ():
            yield key, self.child(key)

    def entries(self) -> Iterator[Node]:
        """The members of an array; nothing for anything else."""
        end = self.follow()
        for index in range(len(end.value) if isinstance(end.value, list) else 0):
            yield end.child(index)

    @property
    def uri(self) -> str:
        """The file this stands in."""
        return self.pointer.partition("#")[0]

    @property
    def last_token(self) -> str:
        """The last step of the pointer, unescaped: for a component, its name."""
        return self.pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")

    @property
    def ref(self) -> str | None:
        """The text of ``$ref`` (or ``$dynamicRef``), where this is a reference."""
        return reference_in(self.value)

    def target(self) -> Node:
        """The place one ``$ref`` leads to (checks.py has made sure that it exists)."""
        pointer, value = find(self.document, self.ref or "", self.pointer)
        return Node(self.document, pointer, value)

    def follow(self) -> Node:
        """Where a chain of ``$ref``s ends; the last reference of one that leads to nothing."""
        return Node(self.document, *follow(self.document, self.pointer, self.value))
