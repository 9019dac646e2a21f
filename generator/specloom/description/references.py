"""References: what a `$ref` leads to, by JSON pointer, `$anchor`, `$id` or `$self`."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from urllib.parse import quote, unquote, urljoin

from specloom.description.document import REMOTE, Document, Source
from specloom.description.suggest import Suggestions
from specloom.description.tree import Value, child, escape, step, unescape, uri_of

MAX_HOPS = 50
"""How many references one may lead through. Published descriptions need four. Without a bound, each
link of a chain of ten thousand would be followed to its end: a hundred million steps in all."""


class RefError(LookupError):
    """A `$ref` leads to nothing that can be used. `code` is one of `specloom.errors.CODES`.

    `hint` says what to write instead. It is a function, since most of these errors are never shown.
    """

    def __init__(
        self, code: str, message: str, hint: Callable[[Suggestions], str] = lambda _: ""
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


def find(document: Document, ref: str, base: str) -> tuple[str, Value]:
    """What `ref`, written in the file (or at the pointer) `base`, leads to: pointer and value.

    A JSON pointer may lead through other references. A plain name is a `$anchor`; an address may be
    a `$id` or `$self` of the same file or of the entry document. The value that is found may be a
    reference itself. Raises RefError.
    """
    return _references(document).find(ref, uri_of(base))


def find_or_none(document: Document, ref: str, base: str) -> tuple[str, Value] | None:
    """What `find` finds; None where that is nothing."""
    try:
        return find(document, ref, base)
    except RefError:
        return None


def follow(document: Document, pointer: str, value: Value) -> tuple[str, Value]:
    """The end of the chain of references that begins with `value` at `pointer`.

    That is `value` itself where it is no reference, and the last reference of a chain that is
    broken, bites its tail or has more than `MAX_HOPS` links.
    """
    seen: set[str] = set()
    while isinstance(value, dict) and isinstance(value.get("$ref"), str) and pointer not in seen:
        if len(seen) > MAX_HOPS:
            break
        seen.add(pointer)
        try:
            pointer, value = find(document, str(value["$ref"]), pointer)
        except RefError:
            break
    return pointer, value


def address(document: Document, ref: str, base: str) -> str:
    """The uri of the file that `ref`, written in `base`, names. Raises RefError."""
    path = ref.partition("#")[0]
    base = uri_of(base)
    if not path:
        return base
    if base.startswith(REMOTE):
        path = urljoin(base, path)
    if path.startswith(REMOTE):
        return path
    if ":" in path.partition("/")[0]:
        message = f"{ref!r} is an address of a kind that is not read"
        raise RefError("bad-ref", message, _relative)
    if unquote(path).startswith(("/", "\\")):
        raise RefError("bad-ref", f"{ref!r} is an absolute path, not read", _relative)
    return _local_uri(document.folder, posixpath.dirname(unquote(base)), unquote(path))


@lru_cache(maxsize=2)  # two documents are compared by `diff`
def _references(document: Document) -> _References:
    return _References(document)


class _References:
    """The references of one document. Remembers what it has found: some are very frequent."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._found: dict[tuple[str, str], tuple[str, Value]] = {}
        self._names: dict[str, Mapping[str, str]] = {}

    def find(self, ref: str, uri: str) -> tuple[str, Value]:
        found = self._found.get((ref, uri))
        if found is None:
            try:
                found = self._found[ref, uri] = self._find(ref, uri, iter(range(MAX_HOPS)))
            except _MissingError as error:
                message = f"{ref!r} leads to nothing"
                raise RefError("undefined-ref", message, partial(_declare, error)) from None
        return found

    def _find(self, ref: str, base: str, hops: Iterator[int]) -> tuple[str, Value]:
        path, _, fragment = ref.partition("#")
        start = self._named(path, base) or f"{address(self._document, ref, base)}#"
        uri = uri_of(start)
        source = self._document.sources.get(uri)
        if source is None or source.broken:
            raise RefError("missing-file", f"{unquote(uri)!r} was not read")
        if fragment and not fragment.startswith("/"):
            anchor = self._names_in(uri).get(f"#{fragment}")
            if anchor is None:
                raise _MissingError(start, None, fragment)
            return anchor, self._document.at(anchor)
        return self._walk(start, fragment.split("/")[1:], hops)

    def _named(self, path: str, base: str) -> str | None:
        """The pointer to what has `path` as its `$id` or `$self`."""
        if not path:
            return None
        known = (self._names_in(uri) for uri in (base, self._document.entry))
        return next((names[path] for names in known if path in names), None)

    def _names_in(self, uri: str) -> Mapping[str, str]:
        """What a file names: `$anchor`s as "#name", `$id`s, and 3.2's `$self` → pointers."""
        source = self._document.sources.get(uri)
        if source is None:
            return {}
        if uri not in self._names:
            self._names[uri] = _names_of(source)
        return self._names[uri]

    def _walk(self, pointer: str, path: list[str], hops: Iterator[int]) -> tuple[str, Value]:
        value = self._document.at(pointer)
        for raw in path:
            token = _token_in(value, raw)
            ref = value.get("$ref") if isinstance(value, dict) else None
            if token is not None:
                pointer, value = child(pointer, token), step(value, token)
            elif isinstance(ref, str) and next(hops, None) is not None:
                target, _ = self._find(ref, uri_of(pointer), hops)
                pointer, value = self._walk(target, [raw], hops)
            else:
                raise _MissingError(pointer, value, unescape(unquote(raw)))
        return pointer, value


class _MissingError(LookupError):
    """Nothing stands at `token` in `value`, which stands at `pointer`."""

    def __init__(self, pointer: str, value: Value, token: str) -> None:
        super().__init__(pointer, token)
        self.pointer, self.value, self.token = pointer, value, token


def _declare(missing: _MissingError, suggestions: Suggestions) -> str:
    """What may have been meant, or where it would have to be declared."""
    keys = list(missing.value) if isinstance(missing.value, dict) else []
    place = missing.pointer.partition("#")[2]
    close = suggestions.closest(missing.token, keys)
    if close is not None:
        return f"did you mean '#{place}/{escape(close)}'?"
    return f"declare {missing.token!r} under '#{place}', or correct the reference"


def _relative(_: Suggestions) -> str:
    return "write the path relative to this file, with forward slashes"


def _token_in(value: Value, raw: str) -> str | None:
    """The token of `value` that `raw` stands for: percent-decoded, or as it is."""
    for token in (unescape(unquote(raw)), unescape(raw)):
        try:
            step(value, token)
        except KeyError:
            continue
        return token
    return None


@lru_cache(maxsize=4096)
def _local_uri(folder: str, base: str, path: str) -> str:
    # By way of the disk's names: a file has one uri, whatever way leads to it.
    path = os.path.join(folder, base, path)
    try:
        path = os.path.relpath(path, folder or ".")
    except ValueError:  # on another drive
        path = os.path.abspath(path)
    return quote(path.replace(os.sep, "/"))


_NAMING_KEYS = ("$id", "$anchor", "$dynamicAnchor", "$self")


def _names_of(source: Source) -> Mapping[str, str]:
    if not any(key in source.text for key in _NAMING_KEYS):
        return {}
    return dict(_names(f"{source.uri}#", source.root))


def _names(pointer: str, root: Value) -> Iterator[tuple[str, str]]:
    stack = [(pointer, root)]
    while stack:
        pointer, value = stack.pop()
        if isinstance(value, dict):
            for key in _NAMING_KEYS:
                name = value.get(key)
                if isinstance(name, str):
                    yield (f"#{name}" if "nchor" in key else name.rstrip("#")), pointer
            stack.extend((child(pointer, key), inner) for key, inner in value.items())
        elif isinstance(value, list):
            stack.extend((child(pointer, index), inner) for index, inner in enumerate(value))
