"""Pairs the methods of an old SDK with the operations of a description.

An operation is identified by its HTTP method and path, ignoring the names of path parameters. Old
and new paths may differ by a common prefix.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from specloom import ir
from specloom.adoption.surface import OldArgument, OldMethod
from specloom.ir.words import snake, split_words

_TEMPLATE = re.compile(r"\{([^{}]*)\}")

Argument = tuple[str, str]
"""An input of an operation: its location and its wire name."""
Prefixes = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Pair:
    """An old method and its operation. ``inputs`` maps old arguments to the operation's inputs.

    ``prefixes`` are the prefix of the old path, and its replacement in the description.
    """

    old: OldMethod
    operation: ir.Operation
    inputs: Mapping[str, Argument]
    prefixes: Prefixes = ("", "")


@dataclass(frozen=True, slots=True)
class Matching:
    """The pairs of methods and operations.

    ``pairs`` have one method for each operation; ``others`` are further methods of these
    operations, and ``missing`` the methods without an operation in the description.
    """

    pairs: tuple[Pair, ...]
    others: tuple[Pair, ...]
    missing: tuple[OldMethod, ...]

    def prefixes(self, old: Iterable[str], new: Iterable[str]) -> Prefixes:
        """The prefixes that base URLs take over: they change the paths of all operations.

        ``old`` and ``new`` are base URLs. If pairs have different prefixes, the result are the
        prefixes that give an old base URL the path of a new one, else the most frequent ones.
        """
        found = Counter(one.prefixes for one in self.pairs).most_common()
        paths = {_path_of(url) for url in new}
        fitting = (
            one
            for one, _ in found
            for url in old
            if any(_path_of(f"{url.rstrip('/')}{one[0]}") == path + one[1] for path in paths)
        )
        usual = found[0][0] if found else ("", "")
        return next(fitting, usual) if len(found) > 1 else usual


def matched(methods: Iterable[OldMethod], operations: Iterable[ir.Operation]) -> Matching:
    """Every old method with its operation, if there is one."""
    # If an operation has two methods, the one with the shorter address gives the name. A method
    # whose arguments are unlike those of generated methods comes last.
    methods = sorted(methods, key=lambda one: (not _is_usual(one), one.address.count(".")))
    known = {_key(one.http_method, one.path): one for one in operations}
    old_prefix, new_prefix = _prefixes(methods, known)
    pairs: list[Pair] = []
    others: list[Pair] = []
    missing: list[OldMethod] = []
    taken: set[str] = set()
    for old in methods:
        found = _operation(old, known, old_prefix, new_prefix)
        if found is None:
            missing.append(old)
            continue
        is_same = _key(old.http_method, old.path)[1] == _key("", found.path)[1]
        prefixes = ("", "") if is_same else (old_prefix, new_prefix)
        pair = Pair(old, found, dict(_inputs(old, found)), prefixes)
        (others if found.pointer in taken else pairs).append(pair)
        taken.add(found.pointer)
    return Matching(tuple(pairs), tuple(others), tuple(missing))


def _path_of(url: str) -> str:
    return urlsplit(url).path.rstrip("/")


def _is_usual(old: OldMethod) -> bool:
    """Whether exactly the last argument of the path is positional."""
    names = [one.name for one in old.arguments if one.location == "path"]
    given = [one.name for one in old.arguments if one.location == "path" and one.kind != "keyword"]
    return given == _path_names(old.path)[-1:] or not names


_Key = tuple[str, str]


def _key(method: str, path: str) -> _Key:
    path, mark, query = path.partition("?")
    return method.upper(), _TEMPLATE.sub("{}", path.split("#")[0]).rstrip("/") + mark + query


def _operation(
    old: OldMethod, known: Mapping[_Key, ir.Operation], old_prefix: str, new_prefix: str
) -> ir.Operation | None:
    method, path = _key(old.http_method, old.path)
    plain = path.partition("?")[0]
    for one in (path, plain):
        if (method, one) in known:
            return known[(method, one)]
        moved = (method, new_prefix + one.removeprefix(old_prefix))
        if one.startswith(old_prefix) and moved in known:
            return known[moved]
    return None


def _prefixes(methods: list[OldMethod], known: Mapping[_Key, ir.Operation]) -> tuple[str, str]:
    """The prefixes of old and new paths that pair the most methods."""
    found: Counter[tuple[str, str]] = Counter()
    by_method: dict[str, list[str]] = {}
    for method, path in known:
        by_method.setdefault(method, []).append(path)
    for old in methods[:300]:
        method, path = _key(old.http_method, old.path)
        for new in by_method.get(method, ()):
            if path and new and path.endswith(new):
                found[(path.removesuffix(new), "")] += 1
            elif path and new.endswith(path):
                found[("", new.removesuffix(path))] += 1
    return max(found, key=lambda one: (found[one], -len(one[0] + one[1]), one), default=("", ""))


def _inputs(old: OldMethod, operation: ir.Operation) -> Iterable[tuple[str, Argument]]:
    """The input that each old argument provides."""
    available = _available(operation)
    in_path = _path_names(operation.path)
    names = _TEMPLATE.findall(old.path)
    for argument in old.arguments:
        if argument.location == "path" and argument.name in names:
            index = names.index(argument.name) - len(names) + len(in_path)
            found = ("path", in_path[index]) if 0 <= index < len(in_path) else None
        else:
            found = _input(argument, available)
        if found is not None:
            yield argument.name, found


def _path_names(path: str) -> list[str]:
    return _TEMPLATE.findall(path)


def _available(operation: ir.Operation) -> list[Argument]:
    """The inputs of an operation: those of the body, then parameters."""
    found: list[Argument] = []
    for kind in operation.bodies:
        names = [""] if kind.fields is None else [one.wire_name for one in kind.fields]
        found += [("body", name) for name in names]
    found += [(one.location, one.wire_name) for one in operation.parameters]
    return list(dict.fromkeys(found))


def _input(argument: OldArgument, available: list[Argument]) -> Argument | None:
    """The input with the same location and wire name, else with that wire name or Python name."""
    wire = argument.wire_name
    location = {"file": "body"}.get(argument.location, argument.location)
    if location:
        for one in available:
            if one == (location, wire):
                return one
        for one in available:
            is_header = one[0] == location == "header"
            if one[1] and (one[1] == wire or (is_header and one[1].lower() == wire.lower())):
                return one
    for one in available:
        if one[1] and snake(split_words(one[1])) == argument.name:
            return one
    return None
