"""A description as plain values: its operations and what their parts refer to.

This reads the document for itself, so that what specloom loses is missed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import quote, unquote, urljoin

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
Values = Mapping[str, Any]


_FILES = "x-files"
_TEMPLATED = re.compile(r"\{([^{}]+)\}")


class OutsideError(LookupError):
    """A ``$ref`` that does not lead to a value of this document."""


def bundled(files: Mapping[str, Any], entry: str) -> Values:
    """The files of a description as one document: what is outside of ``entry`` is below a key.

    Args:
        files: The values of each file, by URIs relative to the same folder.
        entry: The URI of the one with the paths.
    """
    if len(files) == 1:
        return cast("Values", files[entry])
    others = {uri: value for uri, value in files.items() if uri != entry}
    whole = {uri: _rebased(value, uri, entry, set(files)) for uri, value in files.items()}
    return {**whole[entry], _FILES: {uri: whole[uri] for uri in others}}


def _rebased(value: Any, uri: str, entry: str, known: set[str]) -> Any:
    if isinstance(value, list):
        return [_rebased(each, uri, entry, known) for each in value]
    if not isinstance(value, Mapping):
        return value
    found = {key: _rebased(each, uri, entry, known) for key, each in value.items()}
    if isinstance(value.get("$ref"), str):
        found["$ref"] = _rebased_ref(value["$ref"], uri, entry, known)
    return found


def _rebased_ref(ref: str, uri: str, entry: str, known: set[str]) -> str:
    file, _, pointer = ref.partition("#")
    other = unquote(urljoin(quote(uri), file)) if file else uri
    if other == entry:
        return f"#{pointer}"
    escaped = other.replace("~", "~0").replace("/", "~1")
    return f"#/{_FILES}/{quote(escaped)}{pointer}" if other in known else ref


def follow(root: Values, node: Any) -> Any:
    """What a node stands for: its ``$ref``, to the end.

    Raises:
        OutsideError: The reference leads out of the document, or nowhere.
    """
    seen: set[str] = set()
    while isinstance(node, Mapping) and isinstance(node.get("$ref"), str):
        if node["$ref"] in seen:
            raise OutsideError(f"{node['$ref']} leads back to itself")
        seen.add(node["$ref"])
        node = target(root, node["$ref"])
    return node


def target(root: Values, ref: str) -> Any:
    """What a reference points at (RFC 6901, as a URI fragment)."""
    if ref != "#" and not ref.startswith("#/"):
        return _anchored(root, ref)
    value: Any = root
    for token in ref.split("/")[1:]:
        key = unquote(token).replace("~1", "/").replace("~0", "~")
        try:
            value = value[int(key)] if isinstance(value, list) else value[key]
        except (LookupError, TypeError, ValueError):
            raise OutsideError(ref) from None
    return value


def _anchored(root: Values, ref: str) -> Any:
    """The one schema with an anchor. Which one of several is meant depends on the way to it."""
    found = [one for one in _mappings(root) if f"#{one.get('$dynamicAnchor')}" == ref]
    found += [one for one in _mappings(root) if f"#{one.get('$anchor')}" == ref]
    if len(found) != 1:
        raise OutsideError(ref)
    return found[0]


def _mappings(value: Any) -> Iterator[Values]:
    if isinstance(value, Mapping):
        yield value
    if isinstance(value, Mapping | list):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from _mappings(each)


@dataclass(frozen=True)
class Endpoint:
    """An operation as the document has it. ``parameters`` are by place and name."""

    method: str
    path: str
    operation: Values
    parameters: Mapping[tuple[str, str], Values]

    @property
    def key(self) -> tuple[str, str]:
        """What identifies it: method in capitals, and path."""
        return self.method, self.path

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def endpoints(root: Values) -> Iterator[Endpoint]:
    """Every operation of every path."""
    for path, declared in (root.get("paths") or {}).items():
        if not path.startswith("/"):
            continue
        item = follow(root, declared)
        if not isinstance(item, Mapping):
            continue
        named = [(method.upper(), item.get(method)) for method in METHODS]
        named += (item.get("additionalOperations") or {}).items()
        for method, declared_operation in named:
            operation = follow(root, declared_operation)
            if isinstance(operation, Mapping):
                yield Endpoint(method, path, operation, _parameters(root, path, item, operation))


def _parameters(root: Values, path: str, *holders: Values) -> dict[tuple[str, str], Values]:
    """The declared parameters. One that only the path names is text."""
    found: dict[tuple[str, str], Values] = {
        ("path", name): {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _TEMPLATED.findall(path)
    }
    for holder in holders:
        for declared in holder.get("parameters") or ():
            parameter = follow(root, declared)
            if isinstance(parameter, Mapping):
                found[parameter["in"], parameter["name"]] = parameter
    return found


def schema_of(parameter: Values) -> Any:
    """The schema of a parameter: its own, or that of its content."""
    for media in (parameter.get("content") or {}).values():
        return (media or {}).get("schema")
    return parameter.get("schema")
