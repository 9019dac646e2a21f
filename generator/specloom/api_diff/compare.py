"""Compares two surfaces."""

from __future__ import annotations

from collections.abc import Iterator

from specloom.api_diff.annotation import meanings_of
from specloom.api_diff.changes import Change, in_order
from specloom.api_diff.compare_methods import MethodComparison
from specloom.api_diff.compare_types import TypeComparison
from specloom.api_diff.pairs import renames, type_pairs
from specloom.api_diff.view import Client, Surface


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
    for one in _only(old.credentials, new.credentials):
        yield Change("credential-removed", "client", one, f"{old.name}({one}=…)", pointer=place)
    for one in _only(new.credentials, old.credentials):
        after = f"{new.name}({one}=…)"
        yield Change("credential-added", "client", one, after=after, pointer=place)
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
