"""Writes the names of an old SDK into a names lock."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from specloom import ir
from specloom.adoption.matching import Matching, Pair
from specloom.adoption.surface import OldSdk
from specloom.ir.names_lock import Entry, Lock, argument_key, type_key
from specloom.ir.operations import success_contents
from specloom.ir.words import snake, split_words
from specloom.naming.identifiers import ARGUMENTS, TYPE_NAMES, is_address, is_public_name
from specloom.pipeline import Reading

_VERSION = re.compile(r"[0-9][0-9A-Za-z.+!-]*")


def lock_of(sdk: OldSdk, matching: Matching, reading: Reading) -> Lock:
    """A lock that gives the old names to all operations, arguments and types of both SDKs."""
    operations: dict[str, Entry] = {}
    arguments: dict[str, Entry] = {}
    taken: set[str] = set()
    paired = {pair.operation.pointer for pair in matching.pairs}
    named = reading.names.addresses.items()
    others = {address for pointer, address in named if pointer not in paired}
    version = sdk.version or reading.api.settings.version
    second = _second_names(version, matching, others)
    for pair in matching.pairs:
        key = pair.operation.key
        if pair.old.address not in taken and is_address(pair.old.address):
            taken.add(pair.old.address)
            operations[key] = Entry(
                pair.old.address,
                pair.operation.id if pair.operation.has_own_id else "",
                second.get(pair.operation.pointer, {}),
                pages=_style(pair, sdk),
            )
        given = reading.names.arguments[pair.operation.pointer]
        for name, one in pair.inputs.items():
            is_plain = name == snake(split_words(one[1])) and given.get(one, name) == name
            if not is_plain and one in given and _is_argument(name):
                arguments[argument_key(key, *one)] = Entry(name)
    return Lock(
        operations, {}, arguments, dict(_types(sdk, matching, reading)), reading.document.entry
    )


def _second_names(version: str, matching: Matching, in_use: set[str]) -> dict[str, dict[str, str]]:
    """Further names of an operation: they work with a warning, like former names.

    A name that another operation has (``in_use``) is left out.
    """
    found: dict[str, dict[str, str]] = {}
    first = in_use | {one.old.address for one in matching.pairs}
    for pair in matching.others:
        address = pair.old.address
        if _VERSION.fullmatch(version) and address not in first and is_address(address):
            found.setdefault(pair.operation.pointer, {})[address] = version
    return found


def _style(pair: Pair, sdk: OldSdk) -> str:
    """The style of the pages of an operation; empty if one SDK has none."""
    if not pair.old.page:
        return ""
    if pair.operation.pagination is not None:
        return pair.operation.pagination.style
    page = sdk.pages.get(pair.old.page)
    return page.style if page else ""


def _is_argument(name: str) -> bool:
    return is_public_name(name) and name not in ARGUMENTS


def _types(sdk: OldSdk, matching: Matching, reading: Reading) -> Iterator[tuple[str, Entry]]:
    """The old class of each returned type, if all methods of both SDKs agree."""
    votes: dict[str, Counter[str]] = {}
    for pair in matching.pairs:
        key = result_key(pair)
        place = type_key(key, reading.document.entry) if key and not pair.old.unwrap else None
        if place and key and pair.old.returns and _is_type(pair.old.returns):
            votes.setdefault(place, Counter())[pair.old.returns] += 1
    declared = {type_key(key, reading.document.entry) for key in reading.api.types}
    for name, place in sdk.schemas.items():
        if place in declared and _is_type(name):
            votes.setdefault(place, Counter())[name] += 1
    chosen = {place: _chosen(place, names) for place, names in votes.items()}
    counts = Counter(chosen.values())
    in_use = dict(_named(reading))
    for place, name in sorted(chosen.items()):
        is_taken = in_use.get(name, place) != place and in_use.get(name) not in chosen
        if counts[name] == 1 and not is_taken:
            yield place, Entry(name)


def _chosen(place: str, names: Counter[str]) -> str:
    """The most frequent name; of equally frequent names, the one in the description."""
    return min(names, key=lambda name: (-names[name], name != place, name))


def _named(reading: Reading) -> Iterator[tuple[str, str]]:
    """Names that types have, with their keys in the lock."""
    for key, name in reading.names.types.items():
        yield name, type_key(key, reading.document.entry) or key


def _is_type(name: str) -> bool:
    return is_public_name(name) and name not in TYPE_NAMES and bool(split_words(name))


def result_key(pair: Pair) -> str | None:
    """The key of the type that a method returns, or that its pages contain."""
    operation = pair.operation
    if pair.old.page:
        found = operation.pagination.item_type if operation.pagination else None
    else:
        contents = [one for one in success_contents(operation.responses) if not one.is_stream]
        found = contents[0].type if contents else None
    while isinstance(found, ir.Nullable):
        found = found.inner
    return found.key if isinstance(found, ir.Ref) else None
