"""How large a document is once its YAML aliases are written out, without writing them out.

An alias is the same Python object at several places, so that each container is measured once: a
document that a few aliases blow up to more values than there are atoms is measured as fast as any.
"""

from __future__ import annotations

from dataclasses import dataclass

from specloom.description.source_text import MAX_DEPTH, Fault, too_deep
from specloom.description.tree import Token, Value, members

MAX_VALUES = 10_000_000
"""How many values a file may hold. The densest published descriptions hold 60,000 in a MB."""

MAX_EXPANSION = 10
FREE_EXPANSION = 20_000
"""How many times longer aliases may make a document, beyond a number of values that anybody may
use: what stands at two places becomes two types. No published description that we know is made
longer by a tenth."""

MAX_ENUM = 5_000
"""How many values of an enum the SDK names. Type checkers and editors are slow with more, and black
takes a minute for 100,000."""


def is_small(root: Value) -> bool:
    """Whether nothing stands twice, and nothing is too deep: so it is with nearly all files.

    A quarter of what `Sizes` takes, which then has nothing to say.
    """
    level: list[Value] = [root]
    seen: set[int] = set()
    for _ in range(MAX_DEPTH):
        below: list[Value] = []
        for value in level:
            if isinstance(value, dict | list) and value:
                if id(value) in seen:
                    return False
                seen.add(id(value))
                below.extend(value.values() if isinstance(value, dict) else value)
        if not below:
            return True
        level = below
    return False


@dataclass(frozen=True, slots=True)
class _Extent:
    values: int
    depth: int


class Sizes:
    """The extent of every container below `root`."""

    def __init__(self, root: Value) -> None:
        self._root = root
        self._extents: dict[int, _Extent] = {}
        self._measure()
        written = sum(len(value) for value in self._containers)
        self._most = min(MAX_VALUES, FREE_EXPANSION + MAX_EXPANSION * written)

    def fault(self) -> tuple[list[str], Fault] | None:
        """What is wrong, and the tokens that lead to where; None if nothing is."""
        found = self._of(self._root)
        if found.depth > MAX_DEPTH:
            return self._deepest(), too_deep(0)
        if found.values > self._most:
            message = f"aliases make more than {self._most} values of this file"
            hint = "write what is used often as a component, and refer to it with $ref"
            return self._largest(), Fault("too-many-aliases", message, 0, hint)
        return None

    def _of(self, value: Value) -> _Extent:
        return self._extents.get(id(value), _NOTHING)

    def _measure(self) -> None:
        self._containers: list[dict[str, Value] | list[Value]] = []
        pending: list[tuple[Value, bool]] = [(self._root, False)]
        while pending:
            value, is_measured_inside = pending.pop()
            if not isinstance(value, dict | list):
                continue
            inner = value.values() if isinstance(value, dict) else value
            if is_measured_inside:
                parts = [self._of(one) for one in inner if isinstance(one, dict | list)]
                values = len(value) + sum(one.values for one in parts)
                depth = 1 + max((one.depth for one in parts), default=0)
                self._extents[id(value)] = _Extent(values, depth)
            elif id(value) not in self._extents:
                self._extents[id(value)] = _NOTHING
                self._containers.append(value)
                pending.append((value, True))
                pending.extend((one, False) for one in inner if isinstance(one, dict | list))

    def _deepest(self) -> list[str]:
        """The way down to the first container that is too deep."""
        tokens: list[str] = []
        value = self._root
        while len(tokens) < MAX_DEPTH:
            token, value = max(members(value), key=lambda item: self._of(item[1]).depth)
            tokens.append(str(token))
        return tokens

    def _largest(self) -> list[str]:
        """The way down to the innermost container that alone is too large."""
        tokens: list[str] = []
        inner: tuple[Token, Value] | None = ("", self._root)
        while inner is not None:
            value = inner[1]
            large = (item for item in members(value) if self._of(item[1]).values > self._most)
            inner = next(large, None)
            tokens += [str(inner[0])] if inner is not None else []
        return tokens


_NOTHING = _Extent(0, 0)
