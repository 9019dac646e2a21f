"""Hashes over all that something leads to, however long and winding the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from specloom.writing.cache import digest


def closure_digests(
    own: Mapping[str, str], mentions: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    """For every key: a hash over itself with its own text, and over all that it leads to.

    ``mentions`` are the keys that one leads to directly; those that ``own`` lacks count as nothing.
    What leads to one another has one closure. Takes time in proportion to the mentions.
    """
    found: dict[str, str] = {}
    itself = {key: digest(key, text) for key, text in own.items()}
    for circle in _circles(own, mentions):
        members = set(circle)
        beyond = {
            found[other]
            for key in circle
            for other in mentions.get(key, ())
            if other in own and other not in members
        }
        closure = digest(*sorted(itself[key] for key in circle), "", *sorted(beyond))
        is_alone = len(circle) == 1
        found.update((key, closure if is_alone else digest(itself[key], closure)) for key in circle)
    return found


def _circles(own: Mapping[str, str], mentions: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """Keys that lead to one another, together; after all that they lead to.

    Tarjan's algorithm ("Depth-first search and linear graph algorithms", 1972), without recursion:
    descriptions have chains of thousands of schemas.
    """
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_keys: list[str] = []
    is_open: set[str] = set()
    for start in own:
        if start in number:
            continue
        way = [(start, iter(mentions.get(start, ())))]
        while way:
            key, others = way[-1]
            if key not in number:
                number[key] = lowest[key] = len(number)
                open_keys.append(key)
                is_open.add(key)
            for other in others:
                if other in own and other not in number:
                    way.append((other, iter(mentions.get(other, ()))))
                    break
                if other in is_open:
                    lowest[key] = min(lowest[key], lowest[other])
            else:
                way.pop()
                if way:
                    around = way[-1][0]
                    lowest[around] = min(lowest[around], lowest[key])
                if lowest[key] == number[key]:
                    circle = [open_keys.pop()]
                    while circle[-1] != key:
                        circle.append(open_keys.pop())
                    is_open.difference_update(circle)
                    yield circle
