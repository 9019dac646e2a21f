"""Where an operation stands on the SDK's surface: its resource and its method name.

``x-sdk.resource`` and ``x-sdk.method`` always win. Else ``resources: tags`` gives
``client.<tag>.<operation id>``, and ``resources: paths`` the REST reading of method and path.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from specloom.ir import Words
from specloom.ir.words import snake, split_words

_PREFIX = re.compile(r"v\d[\w.]*|api|rest", re.IGNORECASE)
_PARAMETER = re.compile(r"\{[^{}]*\}")
_ITEM_METHODS = {"get": "retrieve", "delete": "delete", "post": "update"}
_UPDATES = {"put": "update", "patch": "update"}


@dataclass(frozen=True, slots=True)
class Place:
    """An attribute path under the client and a method name, both in words."""

    resource: tuple[Words, ...]
    method: Words


def by_tag(tag: str | None, operation_words: Words) -> Place:
    """``client.<tag>.<operation>``; operations without a tag share the resource ``default``."""
    words = resource_words(tag) if tag else ()
    return Place((words or ("default",),), operation_words)


def resource_words(name: str) -> Words:
    """The words of a resource's name. None begins with a digit: `200` is the same as `n200`."""
    words = split_words(name)
    if not words or snake(words).isidentifier():
        return words
    return (f"n{words[0]}", *words[1:])


def operation_words(operation_id: str | None, method: str, path: str) -> Words:
    """The words of an operation: its id's, freed of what web frameworks append, or the path's."""
    if operation_id:
        words = split_words(_without_framework_suffix(operation_id, method, path))
        if words:
            return words
    return (*_method_words(method), *_path_words(path))


def _method_words(method: str) -> Words:
    """The words of an HTTP method, which in additionalOperations is any text."""
    return split_words(method) or ("call",)


def _path_words(path: str) -> Words:
    words: list[str] = []
    for segment in _segments(path):
        if _PARAMETER.fullmatch(segment):
            words += ["by", *split_words(segment)]
        else:
            words += split_words(segment)
    return tuple(words)


def _without_framework_suffix(operation_id: str, method: str, path: str) -> str:
    """``read_items_items__item_id__get`` → ``read_items``: FastAPI appends path and method."""
    suffix = re.sub(r"\W", "_", path) + "_" + method
    if operation_id.lower().endswith(suffix.lower()) and len(operation_id) > len(suffix):
        return operation_id[: -len(suffix)]
    return operation_id


class PathReading:
    """The REST reading: knows all paths, since a segment's role depends on its neighbours."""

    def __init__(self, methods_by_path: Mapping[str, set[str]]) -> None:
        self._methods = {_normal(path): methods for path, methods in methods_by_path.items()}
        self._parents_of_items = {
            normal[: normal.rindex("/{}")] for normal in self._methods if "/{}" in normal
        }
        for normal in self._methods:
            self._add_parents(normal)

    def _add_parents(self, normal: str) -> None:
        position = normal.find("/{}")
        while position != -1:
            self._parents_of_items.add(normal[:position])
            position = normal.find("/{}", position + 1)

    def place(self, method: str, path: str, returns_list: bool) -> Place:
        """Where the operation goes: ``GET /threads/{id}/runs`` is ``threads.runs.list``."""
        segments = _segments(path)
        literals = tuple(
            resource_words(segment) or ("root",)
            for segment in _without_prefix(segments)
            if not _PARAMETER.fullmatch(segment)
        )
        if not segments or not literals:
            return Place((("root",),), _method_words(_ITEM_METHODS.get(method, method)))
        if _PARAMETER.fullmatch(segments[-1]):
            return Place(literals, _method_words(self._item_method(method, path)))
        if len(literals) > 1 and not self._is_collection(path):
            return Place(literals[:-1], literals[-1])
        return Place(literals, _method_words(self._collection_method(method, path, returns_list)))

    def _is_collection(self, path: str) -> bool:
        normal = _normal(path)
        return "get" in self._methods.get(normal, ()) or normal in self._parents_of_items

    def _item_method(self, method: str, path: str) -> str:
        if method == "put" and "patch" in self._methods.get(_normal(path), ()):
            return "replace"
        return _ITEM_METHODS.get(method) or _UPDATES.get(method) or method

    def _collection_method(self, method: str, path: str, returns_list: bool) -> str:
        holds_items = _normal(path) in self._parents_of_items
        if method == "get":
            return "list" if holds_items or returns_list else "retrieve"
        if method == "delete":
            return "delete_all" if holds_items else "delete"
        return {"post": "create"}.get(method) or self._item_method(method, path)


def _segments(path: str) -> list[str]:
    return [segment for segment in path.split("/") if segment]


def _without_prefix(segments: list[str]) -> list[str]:
    """Leading ``api`` and version segments say nothing about the resource."""
    start = 0
    while start < len(segments) - 1 and _PREFIX.fullmatch(segments[start]):
        start += 1
    return segments[start:]


def _normal(path: str) -> str:
    """The path with its parameters' names gone, so that ``{id}`` and ``{user_id}`` are equal."""
    return "/" + "/".join(_PARAMETER.sub("{}", segment) for segment in _segments(path))
