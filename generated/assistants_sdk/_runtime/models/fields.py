"""The fields of generated models: their wire names and what stands there."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import get_type_hints

from pydantic import BaseModel
from pydantic.fields import FieldInfo

__all__ = ["fields_of", "python_names", "wire_names"]


@cache
def fields_of(model: type[BaseModel]) -> Mapping[str, FieldInfo]:
    """The fields of a model by attribute, each with its type and its wire name.

    pydantic knows only the name and the default of a field whose type stands further down in its
    module, until it completes the class. That builds validators, which takes up to 20 ms; reading
    the annotations takes half of one.
    """
    if model.__pydantic_fields_complete__:
        return model.model_fields
    try:
        hints = get_type_hints(model, include_extras=True)
    except NameError:  # the class stands in a function; pydantic remembers the names there
        model.model_rebuild(_types_namespace={})
        return model.model_fields
    return {
        name: FieldInfo.from_annotated_attribute(hints[name], field.default)
        for name, field in model.model_fields.items()
    }


@cache
def wire_names(model: type[BaseModel]) -> dict[str, str]:
    """The wire names of a model's fields, by attribute."""
    aliases = {name: field.serialization_alias for name, field in fields_of(model).items()}
    return {name: name if alias is None else alias for name, alias in aliases.items()}


@cache
def python_names(model: type[BaseModel]) -> dict[str, str]:
    """The attributes of a model, by the wire names of their fields."""
    return {wire: name for name, wire in wire_names(model).items()}
