"""The report of a comparison: both sides, the changes with places, and the version step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from specloom.api_diff.changes import Change, asked_version, bump_of, is_enough, step_of
from specloom.api_diff.compare import compare
from specloom.api_diff.kinds import Bump
from specloom.api_diff.sides import Side
from specloom.api_diff.take import surface_of
from specloom.errors import Location


@dataclass(frozen=True, slots=True)
class Version:
    """The SDK's versions (``x-sdk.version``), and the version that the changes need.

    ``asked`` is None if the old version is not ``x.y.z``; ``step`` leads from the old version to
    it.
    """

    old: str
    new: str
    asked: str | None
    step: Bump | None

    @property
    def is_enough(self) -> bool:
        """Whether the new description has the needed version or a later one."""
        return self.asked is not None and is_enough(self.new, self.asked)


@dataclass(frozen=True, slots=True)
class Report:
    """A comparison. ``old`` and ``new`` are the sides as given on the command line."""

    old: str
    new: str
    changes: tuple[Change, ...]
    places: tuple[Location, ...]
    bump: Bump | None
    version: Version

    @property
    def breaking(self) -> int:
        """The number of breaking changes."""
        return sum(change.is_breaking for change in self.changes)

    def placed(self) -> Iterator[tuple[Location, Change]]:
        """The changes, each with its place."""
        return zip(self.places, self.changes, strict=True)


def report_of(old: Side, new: Side) -> Report:
    """Compares two descriptions."""
    before, after = (
        surface_of(one.reading.api, one.reading.names, one.reading.document.entry)
        for one in (old, new)
    )
    changes = compare(before, after)
    bump = bump_of(changes)
    version = before.client.version
    return Report(
        old=old.label,
        new=new.label,
        changes=changes,
        places=tuple(
            (old if change.is_gone else new).locator.locate(change.pointer) for change in changes
        ),
        bump=bump,
        version=Version(
            old=version,
            new=after.client.version,
            asked=asked_version(version, bump),
            step=step_of(version, bump) if bump else None,
        ),
    )
