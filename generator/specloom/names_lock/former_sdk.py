"""Reads the file about a former SDK: the arguments of its client, and its imports."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from specloom.description.document import Document
from specloom.description.places import Places
from specloom.description.tree import child
from specloom.errors import Problems
from specloom.ir.former_sdk import FormerArgument, FormerRequest, FormerSdk
from specloom.names_lock.file import source_of
from specloom.naming.identifiers import KEYWORDS

_NOTHING = FormerSdk()
_PARTS = ("arguments", "legacy_responses", "array_format", "requests", "imports")
_ARRAY_FORMATS = ("", "comma", "repeat", "brackets", "indices")
_MEDIA_RANGES = re.compile(r"[!-~]+(?: [!-~]+)*", re.ASCII)
_OPERATION = re.compile(r"[A-Z]+ /\S*", re.ASCII)
_HEADER = re.compile(r"[A-Za-z0-9-]+")
_TARGET = re.compile(r"[A-Za-z_]\w*|[A-Z]+ /\S*(?: arguments)?", re.ASCII)


def read_former_sdk(file: Path | None, document: Document, problems: Problems) -> FormerSdk:
    """The content of the file; empty without a file. Its problems are reported."""
    if file is None:
        return _NOTHING
    source = source_of(file, document, problems)
    if source is None:
        return _NOTHING
    places = Places(document.with_source(source))
    if source.broken:
        problems.locator = places
        return _NOTHING
    return _Reader(places, problems, f"{source.uri}#").read(source.root)


class _Reader:
    def __init__(self, places: Places, problems: Problems, place: str) -> None:
        self._places = places
        self._problems = problems
        self._place = place

    def read(self, root: Any) -> FormerSdk:
        """The parts of the file."""
        parts = dict(self._members(root, self._place))
        for key in (one for one in parts if one not in _PARTS):
            hint = f"its sections are {', '.join(_PARTS)}"
            self._refuse(f"a former SDK has no section {key!r}", child(self._place, key), hint)
        place = child(self._place, "arguments")
        given = self._members(parts.get("arguments"), place)
        arguments = [self._argument(name, value, child(place, name)) for name, value in given]
        requests = dict(self._requests(parts.get("requests")))
        legacy = parts.get("legacy_responses", False)
        inner = child(self._place, "legacy_responses")
        self._check(legacy, lambda one: isinstance(one, bool), inner)
        arrays = parts.get("array_format", "")
        inner = child(self._place, "array_format")
        is_known = self._check(arrays, lambda one: one in _ARRAY_FORMATS, inner)
        imports = dict(self._imports(parts.get("imports")))
        former = FormerSdk(tuple(arguments), imports, requests, legacy is True)
        return replace(former, array_format=arrays) if is_known else former

    def _members(self, value: Any, place: str) -> Iterator[tuple[str, Any]]:
        if value is not None and not isinstance(value, dict):
            self._refuse("this is a mapping", place)
            return
        yield from (value or {}).items()

    def _argument(self, name: str, value: Any, place: str) -> FormerArgument:
        self._check(name, _is_identifier, place)
        checks: dict[str, Callable[[Any], bool]] = {
            "variables": _are_texts,
            "argument": _is_identifier,
            "position": lambda one: one in (0, 1),
            "header": lambda one: isinstance(one, str) and bool(_HEADER.fullmatch(one)),
            "value": lambda one: isinstance(one, str) and one.count("{}") == 1,
            "servers": lambda one: isinstance(one, dict) and _are_texts(list(one.values())),
        }
        usable = self._usable("an argument", value, checks, place)
        usable["variables"] = tuple(usable.get("variables", ()))
        return FormerArgument(name, **usable)

    def _usable(
        self, what: str, value: Any, checks: Mapping[str, Callable[[Any], bool]], place: str
    ) -> dict[str, Any]:
        """The members of a mapping that fit; others are noted."""
        found = dict(self._members(value, place))
        for key in (one for one in found if one not in checks):
            hint = f"known here: {', '.join(checks)}"
            self._refuse(f"{what} has no key {key!r}", child(place, key), hint)
        return {
            key: found[key]
            for key, fits in checks.items()
            if key in found and self._check(found[key], fits, child(place, key))
        }

    def _requests(self, value: Any) -> Iterator[tuple[str, FormerRequest]]:
        place = child(self._place, "requests")
        checks: dict[str, Callable[[Any], bool]] = {
            "accept": _is_media_range,
            "headers": _are_headers,
            "body": lambda one: isinstance(one, bool),
            "idempotency_key": lambda one: isinstance(one, bool),
        }
        for operation, members in self._members(value, place):
            inner = child(place, operation)
            if self._check(operation, _is_operation, inner):
                yield operation, FormerRequest(**self._usable("a request", members, checks, inner))

    def _imports(self, value: Any) -> Iterator[tuple[str, Mapping[str, str]]]:
        place = child(self._place, "imports")
        for module, names in self._members(value, place):
            inner = child(place, module)
            if not self._check(module, _is_module, inner):
                continue
            yield module, {
                name: target
                for name, target in self._members(names, inner)
                if self._check(name, _is_identifier, child(inner, name))
                and self._check(target, _is_target, child(inner, name))
            }

    def _check(self, value: Any, fits: Callable[[Any], bool], place: str) -> bool:
        if fits(value):
            return True
        self._refuse(f"{value!r} is not valid here", place)
        return False

    def _refuse(self, message: str, pointer: str, hint: str = "") -> None:
        location = self._places.locate(pointer)
        self._problems.error("bad-former-sdk", message, hint=hint, location=location)


def _are_headers(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(name, str) and _HEADER.fullmatch(name) and _is_media_range(one)
        for name, one in value.items()
    )


def _is_identifier(value: Any) -> bool:
    return isinstance(value, str) and value.isidentifier() and value not in KEYWORDS


def _is_module(value: Any) -> bool:
    return isinstance(value, str) and all(map(_is_identifier, value.split(".")))


def _is_operation(value: Any) -> bool:
    return isinstance(value, str) and bool(_OPERATION.fullmatch(value))


def _is_media_range(value: Any) -> bool:
    return isinstance(value, str) and bool(_MEDIA_RANGES.fullmatch(value))


def _is_target(value: Any) -> bool:
    return isinstance(value, str) and bool(_TARGET.fullmatch(value))


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
