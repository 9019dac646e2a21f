"""Which module each type lives in.

A type goes to the resource that uses it; one that several use goes to the resource above them
all, and at last to ``shared``. What a type mentions is used by everyone who uses the type, so it
lives at the same height or higher: imports between these modules never run in a circle. Types
that no operation reaches are in ``others``, which nothing else imports.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from specloom import ir
from specloom.naming.identifiers import module_name
from specloom.naming.reserved import KEYWORDS
from specloom.usage import UNREACHED, ResourcePath

SHARED = "shared"
OTHERS = "others"


def assign_modules(users: Mapping[str, set[ResourcePath]]) -> dict[str, str]:
    """Key of a type → name of its module, without a dot."""
    return {key: types_module(_common_parent(paths)) for key, paths in users.items()}


@cache
def types_module(path: ResourcePath) -> str:
    """``(("threads",), ("runs",))`` → ``threads_runs``."""
    if path == UNREACHED:
        return OTHERS
    words: ir.Words = tuple(word for step in path for word in step)
    if not words:
        return SHARED
    # What a resource ``runs`` takes is in ``runs_params``, which a resource may be called as well.
    ending = ("types",) if words[-1].lower() == "params" else ()
    return module_name((*words, *ending), KEYWORDS | {SHARED, OTHERS})


def _common_parent(paths: Iterable[ResourcePath]) -> ResourcePath:
    ordered = sorted(paths)
    first, last = ordered[0], ordered[-1]
    depth = 0
    while depth < min(len(first), len(last)) and first[depth] == last[depth]:
        depth += 1
    return first[:depth]
