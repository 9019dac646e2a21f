"""The words of a schema's name, before ``naming`` turns them into Python."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from specloom.description.hints import name_hint, type_name_hint
from specloom.description.tree import unescape
from specloom.ir.words import capital_word, one_of_many, split_words
from specloom.lower.composition import component_name

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from specloom import ir
    from specloom.description.node import Node
    from specloom.lower.places import Place


_PHRASES = {
    "200": "OK",
    "201": "Created",
    "202": "Accepted",
    "204": "No Content",
    "400": "Bad Request",
    "401": "Unauthorized",
    "402": "Payment Required",
    "403": "Forbidden",
    "404": "Not Found",
    "405": "Method Not Allowed",
    "409": "Conflict",
    "410": "Gone",
    "412": "Precondition Failed",
    "413": "Content Too Large",
    "415": "Unsupported Media Type",
    "422": "Unprocessable Content",
    "429": "Too Many Requests",
    "500": "Internal Server Error",
    "502": "Bad Gateway",
    "503": "Service Unavailable",
    "504": "Gateway Timeout",
}
"""The phrases of statuses (RFC 9110 and RFC 6585)."""
SHARED = tuple(f"#/components/{kind}" for kind in ("responses", "requestBodies", "parameters"))


def own_name(node: Node) -> ir.Words | None:
    """The words of ``x-sdk.name``, which wins over the names lock."""
    extension = node.own("x-sdk")
    return split_words(extension.text("name") if extension else "") or None


def sdk_name(node: Node) -> ir.Words | None:
    """The words of ``x-sdk.name``, or of another generator's extension, where one gives a name."""
    return own_name(node) or split_words(name_hint(node.value) or "") or None


def shared_words(node: Node, *endings: str) -> ir.Words | None:
    """The words for types inside a shared component: its own name, whatever operation is first.

    The first of `endings` follows, unless the name ends with one. A status stands for its phrase:
    `202` is `AcceptedResponse`. None for a value that is not shared.
    """
    holder, _, name = node.pointer.rpartition("/")
    if not holder.endswith(SHARED):
        return None
    words = split_words(_PHRASES.get(name, unescape(name))) or ("shared",)
    return (*words, *(() if words[-1].lower() in endings else endings[:1]))


def response_words(described: Sequence[tuple[str, Node]], words: ir.Words) -> dict[str, ir.Words]:
    """The words of the response of each status: ``UserCreateResponse``, ``UserCreateError``.

    A further inline one of a kind has its status as well: ``UserCreate409Error``. ``default`` alone
    is no error.
    """
    is_alone = not any(status.startswith(("1", "2", "3")) for status, _ in described)
    found: dict[str, ir.Words] = {}
    taken: set[str] = set()
    for status, node in described:
        is_result = status.startswith("2") or (status == "default" and is_alone)
        kind = "response" if is_result else "error"
        found[status] = (*words, *((status,) if kind in taken else ()), kind)
        content = None if shared_words(node) else node.get("content")
        schemas = [media.get("schema") for _, media in content.items()] if content else []
        if any(one is not None and one.ref is None for one in schemas):
            taken.add(kind)
    return found


def type_words(places: Sequence[Place], unnamed: Container[Place]) -> list[ir.Words]:
    """The name prefixes of operations' types: ``agents.messages.create`` is ``MessageCreate``.

    If two operations would have the same prefix, one gets more words of its path: one that is not
    in ``unnamed``, or the one with the longer path, or of the smaller resource.
    """
    counts = Counter(place.resource for place in places)

    def rank(one: Place) -> tuple[bool, int, bool, int, Place]:
        is_made = _singular(one.resource[-1:]) != _joined(one.resource[-1:])
        return (one not in unnamed, len(one.resource), is_made, -counts[one.resource], one)

    order = sorted(set(places), key=rank)
    found: dict[Place, ir.Words] = {}
    taken: set[tuple[str, ...]] = set()
    for depth in range(1, max((len(one.resource) for one in order), default=0) + 1):
        for place in (one for one in order if one not in found):
            words = _singular(place.resource[-depth:]) + tuple(map(capital_word, place.method))
            spelling = tuple(word.lower() for word in words)
            is_last = depth >= len(place.resource)
            if is_last and spelling in taken:  # of `/status` and `/statuses`
                words = _joined(place.resource) + tuple(map(capital_word, place.method))
                spelling = tuple(word.lower() for word in words)
            if spelling not in taken or is_last:
                taken.add(spelling)
                found[place] = words
    return [found.get(place, place.method) for place in places]


def _joined(steps: tuple[ir.Words, ...]) -> ir.Words:
    return tuple(word for step in steps for word in step)


def _singular(steps: tuple[ir.Words, ...]) -> ir.Words:
    return tuple(word for step in steps for word in one_of_many(step))


def given_name(node: Node) -> ir.Words | None:
    """The name of a schema in the description."""
    hinted = type_name_hint(node.value)
    return sdk_name(node) or (split_words(hinted) if hinted else component_name(node))
