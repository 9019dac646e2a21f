"""What the API sends by itself."""

from __future__ import annotations

from dataclasses import dataclass

from specloom.ir.types import TypeRef


@dataclass(frozen=True, slots=True)
class Webhooks:
    """The webhooks of a description.

    ``event`` is the type of all of them; ``named`` has the type of each by its name in the
    description. ``signature`` holds what x-sdk says of it; without anything it is that of Standard
    Webhooks.
    """

    event: TypeRef
    named: tuple[tuple[str, TypeRef], ...]
    signature: tuple[tuple[str, str], ...] = ()
    tolerance: float = 300.0
