"""Models that mention one another in long chains, as the query languages of databases do.

pydantic describes a model with all that it mentions inside of it, one in the other. Some sixty in a
row are more than Python's stack holds. Here each model is described by itself, and mentions others
by reference.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from functools import cache
from typing import Any, TypeAlias, cast

from pydantic import BaseModel, GetCoreSchemaHandler, TypeAdapter
from pydantic_core import CoreSchema, SchemaSerializer, SchemaValidator, core_schema

from .schemas import rebuilt

__all__ = ["complete_one_by_one", "one_by_one", "schema_of_model"]

_Node: TypeAlias = dict[str, Any]

_only: ContextVar[object] = ContextVar("only", default=None)
"""The type whose schema is being made, where models in it are to be mentioned alone."""
_MENTIONED = "mentioned_model"


def schema_of_model(cls: type[BaseModel], source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
    """The schema of a model, or while another one's is made, what stands in its place."""
    only = _only.get()
    if only is None or only is cls:
        return handler(source)
    return core_schema.any_schema(metadata={_MENTIONED: cls})


def one_by_one(type_: Any) -> CoreSchema:
    """The schema of a type, in which every model is a definition of its own."""
    made: dict[str, _Node] = {}
    pending: list[type[BaseModel]] = []
    found: set[type[BaseModel]] = set()

    def mention(cls: type[BaseModel]) -> _Node:
        if cls not in found:
            found.add(cls)
            pending.append(cls)
        return {"type": "definition-ref", "schema_ref": _name_of(cls)}

    model: type[BaseModel] | None = type_ if _is_model(type_) else None
    schema = mention(model) if model else _flat(_described(type_), None, mention, made)
    while pending:
        cls = pending.pop()
        made[_name_of(cls)] = {**_flat(_described(cls), cls, mention, made), "ref": _name_of(cls)}
    whole = {"type": "definitions", "schema": schema, "definitions": list(made.values())}
    return cast(CoreSchema, whole)


def complete_one_by_one(cls: type[BaseModel]) -> None:
    """Make a model ready to be used that pydantic cannot complete, since its chain is too long."""
    schema = one_by_one(cls)
    cls.__pydantic_core_schema__ = schema
    cls.__pydantic_validator__ = SchemaValidator(schema)
    cls.__pydantic_serializer__ = SchemaSerializer(schema)
    cls.__pydantic_complete__ = True


@cache
def _described(type_: Any) -> _Node:
    """The schema of one type, in which models are only mentioned."""
    token = _only.set(type_)
    try:
        adapter: TypeAdapter[Any] = TypeAdapter(type_)
        adapter.rebuild()
        return cast(_Node, adapter.core_schema)
    finally:
        _only.reset(token)


def _flat(
    node: _Node,
    root: type[BaseModel] | None,
    mention: Callable[[type[BaseModel]], _Node],
    made: dict[str, _Node],
) -> _Node:
    """A schema whose models, but for the root, are mentioned; its own definitions go to ``made``.

    A model that was completed before has others inside of it.
    """

    def visit(inner: _Node) -> _Node:
        metadata: _Node = inner.get("metadata") or {}
        mentioned: type[BaseModel] | None = metadata.get(_MENTIONED)
        if mentioned is not None:
            return mention(mentioned)
        if inner["type"] == "model" and inner["cls"] is not root:
            return mention(inner["cls"])
        if inner["type"] == "definitions":
            for one in inner["definitions"]:
                if one["type"] == "model":
                    mention(one["cls"])
                else:
                    made.setdefault(one["ref"], rebuilt(one, visit))
            return visit(inner["schema"])
        if inner["type"] == "definition-ref" and root and inner["schema_ref"] == _name_of(root):
            return mention(root)
        return rebuilt(inner, visit)

    return visit(node)


def _is_model(type_: Any) -> bool:
    return isinstance(type_, type) and issubclass(type_, BaseModel)


def _name_of(cls: type[BaseModel]) -> str:
    """As pydantic names it in references."""
    return f"{cls.__module__}.{cls.__qualname__}:{id(cls)}"
