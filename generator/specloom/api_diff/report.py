"""The report of a comparison: both sides, the changes with places, and the version step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from specloom.api_diff.annotation import meanings_of
from specloom.api_diff.changes import (
    Change,
    asked_version,
    bump_of,
    in_order,
    is_enough,
    step_of,
)
from specloom.api_diff.compare_methods import MethodComparison
from specloom.api_diff.compare_types import TypeComparison
from specloom.api_diff.kinds import Bump
from specloom.api_diff.pairs import renames, type_pairs
from specloom.api_diff.sides import Side
from specloom.api_diff.take import surface_of
from specloom.api_diff.view import Client, Surface
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


def compare(old: Surface, new: Surface) -> tuple[Change, ...]:
    """All changes, breaking ones first."""
    types = type_pairs(old.types, new.types)
    meanings = meanings_of(old, new, renames(types))
    former = dict(new.former)
    return in_order(
        (
            *_client_changes(old.client, new.client),
            *MethodComparison(meanings, former).changes(old.methods, new.methods),
            *TypeComparison(meanings, former).changes(types),
            *_ended_names(old, new),
        )
    )


def _ended_names(old: Surface, new: Surface) -> Iterator[Change]:
    """Former names of the old surface that the new one has dropped."""
    used = {one.address for one in new.methods} | {one.address for one in new.types}
    for name, now in old.former:
        if name not in used and name not in dict(new.former):
            before, after = (
                one if one.startswith("types.") else f"client.{one}" for one in (name, now)
            )
            yield Change("alias-removed", name, "", before, after, pointer=new.client.pointer)


def _client_changes(old: Client, new: Client) -> Iterator[Change]:
    place = new.pointer
    if old.package != new.package:
        before, after = f"import {old.package}", f"import {new.package}"
        yield Change("package-renamed", "client", "", before, after, pointer=place)
    if old.name != new.name:
        yield Change(
            "client-renamed", "client", "", f"{old.name}()", f"{new.name}()", pointer=place
        )
    for one in _only(old.arguments, new.arguments):
        yield Change("credential-removed", "client", one, f"{old.name}({one}=…)", pointer=place)
    for one in _only(new.arguments, old.arguments):
        after = f"{new.name}({one}=…)"
        code = "required-credential-added" if one in new.required else "credential-added"
        yield Change(code, "client", one, after=after, pointer=place)
    both = set(old.arguments) & set(new.arguments)
    for one in both & (set(old.required) ^ set(new.required)):
        code = "argument-now-required" if one in new.required else "argument-now-optional"
        yield Change(code, "client", one, pointer=place)
    for one in _only(old.variables, new.variables):
        yield Change("variable-removed", "client", one, f"os.environ[{one!r}]", pointer=place)
    for one in _only(new.variables, old.variables):
        after = f"os.environ[{one!r}]"
        yield Change("variable-added", "client", one, after=after, pointer=place)
    if old.base_url != new.base_url:
        before, after = f"base_url={old.base_url!r}", f"base_url={new.base_url!r}"
        yield Change("base-url-changed", "client", "base_url", before, after, pointer=place)
    yield from _header_changes(dict(old.headers), dict(new.headers), place)


def _header_changes(old: dict[str, str], new: dict[str, str], place: str) -> Iterator[Change]:
    for name in sorted(old.keys() | new.keys()):
        before, after = ("" if name not in side else f"{name}: {side[name]}" for side in (old, new))
        if before != after:
            yield Change("header-changed", "client", name, before, after, pointer=place)


def _only(these: tuple[str, ...], those: tuple[str, ...]) -> list[str]:
    return [one for one in dict.fromkeys(these) if one not in those]
