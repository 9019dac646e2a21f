"""How far a description may blow up: what is short to write can be very long once it is read.

None of these comes near what published descriptions need; each ends a way to make ten kilobytes of
YAML cost all memory or all day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from specloom import ir
from specloom.description.places import Places
from specloom.errors import Problems, SpecError

if TYPE_CHECKING:
    from specloom.description.document import Document

MAX_DEPTH = 16
"""How deep schemas may stand in one another without names: each level takes some frames of Python's
stack, which has a thousand. Published descriptions reach six."""

MAX_INNER_TYPES = 200
"""How many types one without a name may consist of. Lists and maps of unions of lists and maps,
each of which takes the one before it twice, would else be written out twice as long at each
step."""


MAX_MERGED = 1000
"""How many schemas one may consist of, by `allOf` and `$ref`."""

MAX_MERGED_DEPTH = 100
"""How many of them may take one another in a row."""

MAX_WRITTEN = 1_000_000
"""How many properties and variants all types and bodies may have together, with those that `allOf`
and nested unions repeat in each. A million properties make some 200 MB of Python."""

MAX_RESOURCE_DEPTH = 20
"""How many steps an attribute path may have: each is a folder, and a path has 4096 bytes."""


@dataclass
class Budget:
    """What may still be written."""

    left: int = MAX_WRITTEN

    def spend(self, count: int, document: Document, pointer: str) -> None:
        """Take from what is left. Raises SpecError at the schema that is too much."""
        self.left -= count
        if self.left < 0:
            message = f"all types together have more than {MAX_WRITTEN} properties and variants"
            hint = "many schemas repeat what one of them has: refer to that one by a property"
            raise refusal("too-large", message, document, pointer, hint)


def refusal(code: str, message: str, document: Document, pointer: str, hint: str) -> SpecError:
    """The one error that ends the run at a place that nothing can be made of."""
    problems = Problems()
    problems.locator = Places(document)
    problems.error(code, message, pointer, hint)
    return SpecError(problems)


def is_bulky(lowered: ir.TypeRef) -> bool:
    """Whether a type is too much to be written wherever it is used."""
    count = 0
    pending = [(lowered, 0)]
    while pending:
        type_ref, depth = pending.pop()
        count += 1
        if count > MAX_INNER_TYPES or depth > MAX_DEPTH:
            return True
        pending.extend((inner, depth + 1) for inner in _inner_types(type_ref))
    return False


def _inner_types(type_ref: ir.TypeRef) -> tuple[ir.TypeRef, ...]:
    match type_ref:
        case ir.TupleOf(first=first, item=item):
            return (*first, item)
        case ir.ListOf(item=inner) | ir.MapOf(value=inner) | ir.Nullable(inner=inner):
            return (inner,)
        case ir.UnionOf(members=members):
            return members
        case _:
            return ()
