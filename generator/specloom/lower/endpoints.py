"""The operations of a description, each where it is offered, and what their places depend on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from specloom.description.node import Node
from specloom.description.tree import escape
from specloom.lower.contents import media_types_of
from specloom.lower.places import Answer, Facts
from specloom.lower.shape import shape_of
from specloom.lower.unwrapping import unwrap
from specloom.runtime.media_types import kind_of

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An operation and where it is offered: two paths may refer to one path item."""

    method: str
    path: str
    pointer: str
    path_item: Node
    operation: Node

    @property
    def http_method(self) -> str:
        """The method as it is sent: in capitals, unless it has no field of its own."""
        return self.method.upper() if self.method in METHODS else self.method


def endpoints(root: Node) -> Iterator[Endpoint]:
    """Every operation below ``paths``."""
    paths = root.get("paths")
    for path, declared in paths.items() if paths else ():
        path_item = declared.follow()
        if not path.startswith("/") or not isinstance(path_item.value, dict):
            continue
        for method, steps, operation in _operations(path_item):
            if isinstance(operation.value, dict):
                yield Endpoint(method, path, f"{declared.pointer}/{steps}", path_item, operation)


def _operations(path_item: Node) -> Iterator[tuple[str, str, Node]]:
    """Methods with their operations, and where these stand below the path item."""
    for method in METHODS:
        operation = path_item.get(method)
        if operation is not None:
            yield method, method, operation.follow()
    # OpenAPI 3.2 §4.9.1: methods that have no field of their own.
    others = path_item.get("additionalOperations")
    for method, operation in others.items() if others else ():
        yield method, f"additionalOperations/{escape(method)}", operation.follow()


def facts_of(endpoint: Endpoint) -> Facts:
    """What the place of an operation depends on."""
    node = endpoint.operation
    tags = node.value.get("tags")
    tag = tags[0] if isinstance(tags, list) and tags and isinstance(tags[0], str) else ""
    answer = _answer(node)
    return Facts(endpoint.method, endpoint.path, node.text("operationId"), tag, answer)


def _answer(operation: Node) -> Answer:
    """What the first success that has content holds; what is no JSON is taken for one object."""
    answer: Answer = "other"
    for media_type, media in _successes(operation):
        answer = "object"
        schema = media.get("schema") if kind_of(media_type) == "json" else None
        if schema is not None and isinstance(schema.value, dict):
            return _held_in(schema)
    return answer


def answers_unnamed(endpoint: Endpoint) -> bool:
    """Whether a success has a schema that is no component."""
    found = (media.get("schema") for _, media in _successes(endpoint.operation))
    return any(schema is not None and schema.ref is None for schema in found)


def _successes(operation: Node) -> Iterator[tuple[str, Node]]:
    """The media types of all successes."""
    responses = operation.get("responses")
    for status, declared in responses.items() if responses else ():
        if status.startswith("2"):
            yield from media_types_of(declared.follow())


def _held_in(schema: Node) -> Answer:
    shape = shape_of(unwrap(schema)[0])
    if shape.is_array:
        return "list"
    values = (one for one in shape.properties.values() if isinstance(one.value, dict))
    arrays = [one for one in values if shape_of(unwrap(one)[0]).is_array]
    return "wrapped" if len(arrays) == 1 else "other" if arrays else "object"
