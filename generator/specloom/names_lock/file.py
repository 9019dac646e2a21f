"""The lock file: YAML with one sorted line for each name, so that branches can be merged."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from specloom.description.document import Document, Source
from specloom.description.load import read_source
from specloom.description.places import Places
from specloom.description.tree import Value, child, kind_of
from specloom.errors import Location, Problems, refuse
from specloom.ir.names_lock import NO_LOCK, Entry, Lock
from specloom.naming.identifiers import is_address, is_public_name

_HEAD = """\
# The names that users of the SDK call. specloom generate adds to this file; commit it.
# A name changes where x-sdk says so; the old one, under "was", works until the next version.
"""
_SECTIONS = ("operations", "polls", "arguments", "types")
_RESULTS = "by_operation"
_KEYS = ("name", "id", "returns", "pages", "was")
_PAGES = ("", "cursor", "offset", "page", "link")
_VERSION = re.compile(r"\d[0-9A-Za-z.+!-]*")
# Texts that YAML reads as themselves without quotes.
_PLAIN = re.compile(r"[A-Za-z/][\w/{}.~-]*(?: [\w/{}.~-]+)*", re.ASCII)
_PLAIN_VALUE = re.compile(r"[A-Za-z][\w.-]*", re.ASCII)
_OTHER_IN_YAML = frozenset("false n no null off on true y yes".split())


def read_lock(file: Path | None, document: Document, problems: Problems) -> tuple[Lock, Document]:
    """The content of a lock, and the description with the lock among its sources.

    Empty if the file does not exist yet. Its problems are reported.
    """
    if file is None or not file.exists():
        return replace(NO_LOCK, document=document.entry), document
    source = source_of(file, document, problems)
    if source is None:
        return NO_LOCK, document
    document = document.with_source(source)
    places = problems.locator = Places(document)
    lock = NO_LOCK if source.broken else _Reader(source, places, problems).lock()
    return replace(lock, document=document.entry), document


def source_of(file: Path, document: Document, problems: Problems) -> Source | None:
    """A YAML file beside the description; None if it cannot be read. Its problems are reported."""
    try:
        if file.is_fifo() or file.is_char_device():  # reading one may never end
            raise OSError(f"{file.name} is a pipe or a device")
        data = file.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        problems.error("unreadable", reason, location=Location(str(file)))
        return None
    return read_source(data, _uri(file, document), str(file), problems)


def _uri(file: Path, document: Document) -> str:
    try:
        path = os.path.relpath(file, document.folder or ".")
    except ValueError:  # on another drive
        path = os.path.abspath(file)
    return quote(path.replace(os.sep, "/"))


class _Reader:
    """Parses the values of a lock into entries."""

    def __init__(self, source: Source, places: Places, problems: Problems) -> None:
        self._source = source
        self._places = places
        self._problems = problems

    def lock(self) -> Lock:
        root, place = self._source.root, f"{self._source.uri}#"
        root = {} if root is None else root
        if not isinstance(root, dict):
            self._refuse(f"a lock is a mapping, not {kind_of(root)}", place)
            return NO_LOCK
        for key in root:
            if key not in (*_SECTIONS, "results"):
                hint = f"its sections are {', '.join((*_SECTIONS, 'results'))}"
                self._refuse(f"a lock has no section {key!r}", child(place, key), hint)
        sections = {
            name: dict(self._entries(name, root.get(name), child(place, name)))
            for name in _SECTIONS
        }
        for name in _SECTIONS:
            if name != "arguments":
                self._refuse_twins(sections[name])
        operations, polls, arguments, types = (sections[name] for name in _SECTIONS)
        if root.get("results", _RESULTS) != _RESULTS:
            self._refuse(f"'results' can only be {_RESULTS}", child(place, "results"))
        joins_results = bool(operations) and "results" not in root
        return Lock(operations, polls, arguments, types, joins_results=joins_results)

    def _entries(self, section: str, value: Value, place: str) -> Iterator[tuple[str, Entry]]:
        if value is not None and not isinstance(value, dict):
            self._refuse(f"{section!r} is a mapping, not {kind_of(value)}", place)
            return
        is_name = is_address if section in ("operations", "polls") else is_public_name
        for key, inner in (value or {}).items():
            entry = self._entry(inner, child(place, key), is_name)
            if entry is not None:
                yield key, entry

    def _entry(self, value: Value, place: str, is_name: Callable[[str], bool]) -> Entry | None:
        fields = value if isinstance(value, dict) else {"name": value}
        was = fields.get("was") or {}
        for key in fields:
            if key not in _KEYS:
                hint = f"known here: {', '.join(_KEYS)}"
                self._refuse(f"an entry has no key {key!r}", child(place, key), hint)
        if not isinstance(was, dict):
            message = "'was' is a mapping of names to versions"
            self._refuse(message, child(place, "was"))
            return None
        pages = fields.get("pages") or ""
        if pages not in _PAGES:
            self._refuse(f"{pages!r} is not a style of pages", child(place, "pages"))
            return None
        returns = fields.get("returns") or "none"
        if not isinstance(returns, str) or not is_public_name(returns):
            self._refuse(f"{returns!r} is not the name of a type", child(place, "returns"))
            return None
        names = [(fields.get("name"), place), *((old, child(place, "was", old)) for old in was)]
        for name, where in names:
            if not isinstance(name, str) or not is_name(name):
                self._refuse(f"{name!r} is not a valid name in an SDK", where)
                return None
        for old, since in was.items():
            if not isinstance(since, str) or not _VERSION.fullmatch(since):
                hint = 'write it in quotes, as in "0.2.0"'
                self._refuse(f"{since!r} is not a version", child(place, "was", old), hint)
                return None
        versions = {old: str(since) for old, since in was.items()}
        own_id, returns = (str(fields.get(key) or "") for key in ("id", "returns"))
        return Entry(str(fields["name"]), own_id, versions, place, str(pages), returns)

    def _refuse_twins(self, entries: Mapping[str, Entry]) -> None:
        """Report two entries with one name, as a merge may produce."""
        first: dict[str, str] = {}
        for key, entry in entries.items():
            other = first.setdefault(entry.name, key)
            if other != key:
                hint = "restore the name from the last release"
                self._refuse(f"{entry.name!r} is the name of {other} as well", entry.pointer, hint)

    def _refuse(self, message: str, pointer: str, hint: str = "") -> None:
        self._problems.error("bad-lock", message, hint=hint, location=self._places.locate(pointer))


def lock_text(lock: Lock) -> str:
    """The text of a lock file."""
    parts = [_HEAD]
    for name in _SECTIONS:
        entries: Mapping[str, Entry] = getattr(lock, name)
        if entries:
            lines = (f"  {_line(key, entries[key])}\n" for key in sorted(entries, key=_rank))
            parts += ["\n", f"{name}:\n", *lines]
    if not lock.joins_results:
        parts.append(f"\nresults: {_RESULTS}\n")
    return "".join(parts)


def write_lock(file: Path, text: str) -> bool:
    """Write a lock atomically; returns whether it changed.

    Raises SpecError if it cannot be written.
    """
    temporary = file.with_name(f".{file.name}.specloom-new")
    try:
        if file.exists() and file.read_bytes().replace(b"\r\n", b"\n") == text.encode():
            return False
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(text.encode())
        temporary.replace(file)
    except OSError as error:
        raise refuse("unwritable", str(error), Location(str(file))) from error
    return True


def _rank(key: str) -> tuple[str, str]:
    """The sort key that groups the operations of one path."""
    method, _, path = key.partition(" ")
    return (path, method) if path.startswith("/") else (key, "")


def _line(key: str, entry: Entry) -> str:
    was = ", ".join(f"{_value(old)}: {_value(entry.was[old])}" for old in sorted(entry.was))
    fields = [f"id: {_value(entry.id)}"] if entry.id else []
    fields += [f"returns: {entry.returns}"] if entry.returns else []
    fields += [f"pages: {entry.pages}"] if entry.pages else []
    fields += [f"was: {{{was}}}"] if was else []
    name = _value(entry.name)
    return (
        f"{_key(key)}: {{{', '.join([f'name: {name}', *fields])}}}"
        if fields
        else (f"{_key(key)}: {name}")
    )


def _key(text: str) -> str:
    return _text(text, _PLAIN)


def _value(text: str) -> str:
    return _text(text, _PLAIN_VALUE)


def _text(text: str, plain: re.Pattern[str]) -> str:
    """A string as YAML, plain or in double quotes."""
    if plain.fullmatch(text) and text.lower() not in _OTHER_IN_YAML:
        return text
    return f'"{"".join(map(_quoted, text))}"'


def _quoted(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    return character if character.isprintable() else f"\\U{ord(character):08x}"
