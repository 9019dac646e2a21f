"""A place in the description: a value together with the JSON Pointer that leads to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from specloom.description.references import find
from specloom.description.tree import escape

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

    def get(self, key: str) -> Node | None:
        """The value under a key, or None where this is no object or has no such key."""
        if isinstance(self.value, dict) and key in self.value:
            return self.child(key)
        return None

    def text(self, key: str) -> str:
        """The string under a key, stripped; empty where there is none."""
        value = self.value.get(key) if isinstance(self.value, dict) else None
        return value.strip() if isinstance(value, str) else ""

    def items(self) -> Iterator[tuple[str, Node]]:
        """Keys and values of an object; nothing for anything else."""
        if isinstance(self.value, dict):
            for key in self.value:
                yield key, self.child(key)

    def entries(self) -> Iterator[Node]:
        """The members of an array; nothing for anything else."""
        if isinstance(self.value, list):
            for index in range(len(self.value)):
                yield self.child(index)

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
        """The text of ``$ref``, where this is a reference."""
        if isinstance(self.value, dict):
            ref = self.value.get("$ref")
            return ref if isinstance(ref, str) else None
        return None

    def target(self) -> Node:
        """The place one ``$ref`` leads to (checks.py has made sure that it exists)."""
        pointer, value = find(self.document, self.ref or "", self.uri)
        return Node(self.document, pointer, value)

    def follow(self) -> Node:
        """Where a chain of ``$ref``s ends; one that bites its tail ends where it does."""
        node, seen = self, set()
        while node.ref is not None and node.pointer not in seen:
            seen.add(node.pointer)
            node = node.target()
        return node
