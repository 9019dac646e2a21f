"""Resolves references by JSON pointer, `$anchor`, `$id` or `$self`."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache, partial
from urllib.parse import quote, unquote, urljoin

from specloom.description.document import REMOTE, Document, Source
from specloom.description.tree import (
    Value,
    child,
    escape,
    members,
    reference_in,
    step,
    unescape,
    uri_of,
)

MAX_COMPARISONS = 200_000
"""The maximum number of names to compare for suggestions in one run.

It takes about two seconds: enough for twenty mistakes in a description of ten thousand schemas.
"""


@dataclass
class Suggestions:
    """Finds similar names, within the limit of comparisons."""

    left: int = MAX_COMPARISONS

    def closest(self, word: str, known: Collection[str], likeness: float = 0.6) -> str | None:
        """The name most similar to `word`, ignoring case.

        None if no name is similar, or if the limit is reached. `likeness` is between 0 and 1.
        """
        if len(known) > self.left:
            return None
        self.left -= len(known)
        exact = get_close_matches(word, known, 1, likeness)
        if exact:
            return exact[0]
        folded = {name.casefold(): name for name in known}
        return next(
            (folded[one] for one in get_close_matches(word.casefold(), folded, 1, likeness)), None
        )


MAX_HOPS = 50
"""The maximum length of a chain of references. Published descriptions need four.

Without a limit, a chain of ten thousand links would take a hundred million steps.
"""


class RefError(LookupError):
    """A `$ref` has no usable target.

    `code` is one of `specloom.errors.CODES`. `hint` returns the correction; it is a function
    because most of these errors are never shown. `uri` is the unreadable file, if that is the
    reason.
    """

    def __init__(
        self,
        code: str,
        message: str,
        hint: Callable[[Suggestions], str] = lambda _: "",
        uri: str = "",
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.uri = uri


def find(document: Document, ref: str, base: str) -> tuple[str, Value]:
    """The pointer and the value of the target of `ref`.

    `base` is the file that contains the reference, or its pointer. A JSON pointer may pass through
    other references. A plain name is a `$anchor`; a URI may be a `$id` or `$self` of the same file
    or of the entry document. The target may itself be a reference. Raises RefError.
    """
    return _references(document).find(ref, base if "#" in base else f"{base}#")


def find_or_none(document: Document, ref: str, base: str) -> tuple[str, Value] | None:
    """The result of `find`; None if there is no target."""
    try:
        return find(document, ref, base)
    except RefError:
        return None


def resolved(document: Document, pointer: str) -> str:
    """A pointer with the references on its path resolved; unchanged if it leads nowhere."""
    uri, _, path = pointer.partition("#")
    found = find_or_none(document, f"#{path}", f"{uri}#")
    return pointer if found is None else found[0]


def unread(document: Document, ref: str, base: str) -> str | None:
    """The uri of the unreadable file that `ref` names; None if there is none."""
    try:
        find(document, ref, base)
    except RefError as error:
        return error.uri or None
    return None


def follow(document: Document, pointer: str, value: Value) -> tuple[str, Value]:
    """The end of the chain of references that begins with `value` at `pointer`.

    The result is `value` itself if it is not a reference, and the last reference of a chain that is
    broken, circular or longer than `MAX_HOPS`.
    """
    seen: set[str] = set()
    while (ref := reference_in(value)) is not None and pointer not in seen:
        if len(seen) > MAX_HOPS:
            break
        seen.add(pointer)
        try:
            pointer, value = find(document, ref, pointer)
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
        path = _joined(base, path)
    if path.startswith(REMOTE):
        return path
    if ":" in path.partition("/")[0]:
        message = f"{ref!r} is an address of an unsupported kind"
        raise RefError("bad-ref", message, _relative)
    if unquote(path).startswith(("/", "\\")):
        raise RefError("bad-ref", f"{ref!r} is an absolute path, which is not supported", _relative)
    return _local_uri(document.folder, posixpath.dirname(unquote(base)), unquote(path))


def reference_to(pointer: str, base: str) -> str:
    """The `$ref` that leads to `pointer` from the file `base`."""
    uri, _, fragment = pointer.partition("#")
    path = "" if uri == base else uri
    if path and "://" not in path:
        path = posixpath.relpath(uri, posixpath.dirname(base) or ".")
    return f"{path}#{quote(fragment, safe='/~')}"


@lru_cache(maxsize=2)  # two documents are compared by `diff`
def _references(document: Document) -> _References:
    return _References(document)


class _References:
    """Resolves the references of one document, and caches the results."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._found: dict[tuple[str, str], tuple[str, Value]] = {}
        self._resources: dict[str, list[_Resource]] = {}

    def find(self, ref: str, base: str) -> tuple[str, Value]:
        resource = self._resource_of(base)
        found = self._found.get((ref, resource.pointer))
        if found is None:
            try:
                found = self._find(ref, resource, iter(range(MAX_HOPS)))
            except _MissingError as error:
                message = f"{ref!r} does not exist"
                raise RefError("undefined-ref", message, partial(_declare, error)) from None
            self._found[ref, resource.pointer] = found
        return found

    def _find(self, ref: str, resource: _Resource, hops: Iterator[int]) -> tuple[str, Value]:
        path, _, fragment = ref.partition("#")
        whole = f"{uri_of(resource.pointer)}#"
        if path:
            named = self._named(_joined(resource.address, path), path)
            resource = named or self._file(address(self._document, ref, whole))
        uri = uri_of(resource.pointer)
        source = self._document.sources.get(uri)
        if source is None or source.broken:
            raise RefError("missing-file", f"{unquote(uri)!r} was not read", uri=uri)
        if fragment and not fragment.startswith("/"):
            others = self._file(uri).all_anchors
            anchor = resource.anchors.get(fragment) or others.get(fragment)
            if anchor is None:
                raise _MissingError(resource.pointer, None, fragment)
            return anchor, self._document.at(anchor)
        steps = fragment.split("/")[1:]
        try:
            return self._walk(resource.pointer, steps, hops)
        except _MissingError:
            if resource.pointer == f"{uri}#":
                raise
            # A pointer in a schema with an `$id` that is relative to the whole file.
            return self._walk(f"{uri}#", steps, hops)

    def _named(self, *addresses: str) -> _Resource | None:
        """The resource with one of these as `$id` or `$self`."""
        for uri in list(self._document.sources):
            known = self._resources_in(uri)
            for one in known if len(known) > 1 or known[0].is_named else ():
                if one.is_named and (one.address in addresses or one.name in addresses):
                    return one
        return None

    def _file(self, uri: str) -> _Resource:
        return self._resources_in(uri)[0]

    def _resource_of(self, base: str) -> _Resource:
        """The innermost schema with an `$id` around a place, else the file."""
        found, *inner = self._resources_in(uri_of(base))
        for one in inner:
            is_around = base.startswith(one.pointer) and f"{base}/".startswith(f"{one.pointer}/")
            if is_around and len(one.pointer) > len(found.pointer):
                found = one
        return found

    def _resources_in(self, uri: str) -> list[_Resource]:
        """The file, and its values with an `$id`."""
        source = self._document.sources.get(uri)
        if source is None:
            return [_Resource(f"{uri}#", uri)]
        if uri not in self._resources:
            self._resources[uri] = _resources_of(source)
        return self._resources[uri]

    def _walk(self, pointer: str, path: list[str], hops: Iterator[int]) -> tuple[str, Value]:
        value = self._document.at(pointer)
        for raw in path:
            token = _token_in(value, raw)
            ref = reference_in(value)
            if token is not None:
                pointer, value = child(pointer, token), step(value, token)
            elif ref is not None and next(hops, None) is not None:
                target, _ = self._find(ref, self._resource_of(pointer), hops)
                pointer, value = self._walk(target, [raw], hops)
            else:
                raise _MissingError(pointer, value, unescape(unquote(raw)))
        return pointer, value


class _MissingError(LookupError):
    """There is no `token` in `value`, which is at `pointer`."""

    def __init__(self, pointer: str, value: Value, token: str) -> None:
        super().__init__(pointer, token)
        self.pointer, self.value, self.token = pointer, value, token


def _declare(missing: _MissingError, suggestions: Suggestions) -> str:
    """A suggestion, or the place to declare the target."""
    keys = list(missing.value) if isinstance(missing.value, dict) else []
    place = missing.pointer.partition("#")[2]
    close = suggestions.closest(missing.token, keys)
    if close is not None:
        return f"did you mean '#{place}/{escape(close)}'?"
    return f"declare {missing.token!r} under '#{place}', or correct the reference"


def _relative(_: Suggestions) -> str:
    return "write the path relative to this file, with forward slashes"


def _token_in(value: Value, raw: str) -> str | None:
    """The key or index of `value` that `raw` means: percent-decoded, or as written."""
    for token in (unescape(unquote(raw)), unescape(raw)):
        try:
            step(value, token)
        except KeyError:
            continue
        return token
    return None


@lru_cache(maxsize=4096)
def _local_uri(folder: str, base: str, path: str) -> str:
    # Resolved by the file system: a file has one uri, whatever path names it.
    path = os.path.join(folder, base, path)
    try:
        path = os.path.relpath(path, folder or ".")
    except ValueError:  # on another drive
        path = os.path.abspath(path)
    return quote(path.replace(os.sep, "/"))


_NAMING_KEYS = ("$id", "$anchor", "$dynamicAnchor", "$self")


@dataclass
class _Resource:
    """A schema resource (JSON Schema 2020-12, Core 4.3.5): a file, or a schema with an `$id`.

    Relative references in it resolve against `address`; `name` is the `$id` as written. `anchors`
    are its own anchors; those of a file include the anchors of its inner resources.
    """

    pointer: str
    address: str
    name: str = ""
    anchors: dict[str, str] = field(default_factory=dict[str, str])
    all_anchors: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def is_named(self) -> bool:
        """Whether it has an `$id` or `$self`."""
        return bool(self.name)


def _resources_of(source: Source) -> list[_Resource]:
    name = source.root.get("$self") if isinstance(source.root, dict) else None
    name = name.rstrip("#") if isinstance(name, str) else ""
    place = source.uri if source.uri.startswith(REMOTE) else f"file:///{source.uri}"
    file = _Resource(f"{source.uri}#", _joined(place, name), name)
    found = [file]
    if not any(key in source.text for key in _NAMING_KEYS):
        return found
    stack: list[tuple[str, Value, _Resource]] = [(file.pointer, source.root, file)]
    while stack:
        pointer, value, resource = stack.pop()
        if isinstance(value, dict):
            resource = _resource_at(pointer, value, resource, found)
            for key in ("$anchor", "$dynamicAnchor"):
                anchor = value.get(key)
                if isinstance(anchor, str):
                    resource.anchors.setdefault(anchor, pointer)
                    file.all_anchors.setdefault(anchor, pointer)
        stack.extend(
            (child(pointer, key), inner, resource)
            for key, inner in members(value)
            if isinstance(inner, dict | list)
        )
    return found


def _resource_at(
    pointer: str, value: dict[str, Value], around: _Resource, found: list[_Resource]
) -> _Resource:
    """The resource that begins at a mapping, else the one around it."""
    name = value.get("$id")
    name = name.rstrip("#") if isinstance(name, str) else ""
    if not name:
        return around
    if pointer == around.pointer:
        around.address, around.name = _joined(around.address, name), name
        return around
    found.append(_Resource(pointer, _joined(around.address, name), name))
    return found[-1]


def _joined(base: str, path: str) -> str:
    """The address of ``path`` relative to ``base``; other texts stay unchanged."""
    try:
        return urljoin(base, path)
    except ValueError:
        return path
