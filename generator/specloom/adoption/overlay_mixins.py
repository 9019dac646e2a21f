"""The parts of the overlay that adapt the description's own ``x-sdk``.

The overlay renames resources and methods. The ``x-sdk`` may use names that then no longer exist.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from specloom.adoption.matching import Matching
from specloom.description.tree import child
from specloom.pipeline import Reading
from specloom.scaffold.overlay_text import quoted, target_of


def unfit_actions(matching: Matching, reading: Reading, *, includes: bool) -> Iterator[str]:
    """Actions that adapt or remove mixins and the call of the README.

    ``includes``: the settings of the new SDK include a folder of hand-written code.
    """
    root: Any = reading.document.root
    sdk = root.get("x-sdk") if isinstance(root, dict) else None
    mixins, readme = (
        sdk.get(key) if isinstance(sdk, dict) else None for key in ("mixins", "readme")
    )
    place = child(f"{reading.document.entry}#", "x-sdk")
    if mixins and not includes:
        yield "  # Hand-written classes of another SDK of this description\n"
        yield _removed(child(place, "mixins"))
    elif isinstance(mixins, dict):
        heirs = mixins.get("resources")
        moved = _moved(heirs, matching, reading) if isinstance(heirs, dict) else {}
        yield from _renamed(moved, child(place, "mixins", "resources"))
    if isinstance(readme, dict) and (readme.get("arguments") or _is_renamed(readme, reading)):
        yield "  # The call of the README uses former names\n"
        yield _removed(child(place, "readme"))


def _removed(pointer: str) -> str:
    return f"  - target: {target_of(pointer)}\n    remove: true\n"


def _is_renamed(readme: Mapping[str, Any], reading: Reading) -> bool:
    return readme.get("operation") not in {one.id for one in reading.api.operations()}


def _moved(
    heirs: Mapping[str, str], matching: Matching, reading: Reading
) -> dict[str, tuple[str, str]]:
    """Mixin and new resource by resources that no longer exist; the new one may be empty."""
    addresses = dict(reading.names.addresses)
    moves: dict[str, Counter[str]] = {}
    for pair in matching.pairs:
        before = addresses[pair.operation.pointer].rpartition(".")[0]
        moves.setdefault(before, Counter())[pair.old.resource] += 1
        addresses[pair.operation.pointer] = pair.old.address
    remaining = {one.rpartition(".")[0] for one in addresses.values()}
    found = {}
    for heir, mixin in heirs.items():
        if not any(f"{one}.".startswith(f"{heir}.") for one in remaining):
            best = moves.get(heir, Counter()).most_common(1)
            found[heir] = (mixin, best[0][0] if best else "")
    return found


def _renamed(moved: Mapping[str, tuple[str, str]], place: str) -> Iterator[str]:
    for heir, (mixin, resource) in moved.items():
        text = f"is now {resource}" if resource else "does not exist"
        yield f"  # The resource {quoted(heir)}, which inherits a mixin, {text}\n"
        yield _removed(child(place, heir))
        if resource:
            yield f"  - target: {target_of(place)}\n"
            yield f"    update: {{{quoted(resource)}: {quoted(mixin)}}}\n"
