"""The base of generated models, and their way back to the wire.

Reading loses nothing: fields that the description does not know are kept, and so are values that
break it (``decoding``). Writing gives wire names and only what was received or set.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from functools import cache
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict
from pydantic_core import to_json

from .dates import iso_text
from .deprecation import DeprecatedField
from .shapes import is_array, is_mapping, member, pointer_parts
from .variants import UnknownVariant, Variants

__all__ = [
    "Model",
    "UnknownVariant",
    "Variants",
    "python_names",
    "request_id_of",
    "set_request_id",
    "to_wire",
    "wire_value",
]

_REQUEST_ID = "_request_id"


class Model(BaseModel):
    """An object of the API.

    A required field that the server left out reads ``None``, and one of the wrong type reads as the
    JSON value that came; each is logged once as a warning, or raised where ``strict`` is set.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="allow",
        defer_build=True,
        validate_by_alias=True,
        validate_by_name=True,
        protected_namespaces=(),
    )
    __deprecated_fields__: ClassVar[Mapping[str, str]] = {}
    """What is said where a field is read that is not to be used any more."""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        # pydantic's own ``Field(deprecated=…)`` begins to warn when a class is completed, which for
        # one that is only ever part of others is late, or never.
        for name, message in vars(cls).get("__deprecated_fields__", {}).items():
            setattr(cls, name, DeprecatedField(name, message))

    @property
    def _request_id(self) -> str | None:
        return vars(self).get(_REQUEST_ID)

    def to_dict(self) -> dict[str, Any]:
        """The object as JSON values, by wire names: what was received or set, and nothing else.

        A date-time is written as ISO 8601 with the same instant and offset; all else is as it came.
        """
        extra, values = self.__pydantic_extra__ or {}, vars(self)
        known = {
            wire: to_wire(values[name])
            for name, wire in _wire_names(type(self)).items()
            if self._is_given(name)
        }
        return known | {name: to_wire(value) for name, value in extra.items()}

    def _is_given(self, name: str) -> bool:
        """Whether a field was received or set; pydantic counts unknown fields of that name too.

        Beside an unknown field of its Python name, a renamed one that holds its default cannot be
        told from one that was not received, and is taken for that.
        """
        if name not in self.__pydantic_fields_set__:
            return False
        is_shadowed = name in (self.__pydantic_extra__ or {})
        return not is_shadowed or vars(self)[name] != type(self).model_fields[name].default

    def to_json(self, *, indent: int | None = None) -> str:
        """``to_dict()`` as JSON text; ``indent`` is a number of spaces."""
        return to_json(self.to_dict(), indent=indent).decode()


def to_wire(value: Any) -> Any:
    """A value as JSON values: models by their wire names, dates as ISO 8601, the rest as it is."""
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, (Model, UnknownVariant)):
        return value.to_dict()
    if is_mapping(value):
        return {key: to_wire(each) for key, each in value.items()}
    if is_array(value):
        return [to_wire(each) for each in value]
    if isinstance(value, (datetime, date, time)):
        return iso_text(value)
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return value.decode() if isinstance(value, bytes) else value


def wire_value(value: Any, name: str) -> Any:
    """The part of a decoded value that a wire name, or a JSON Pointer (RFC 6901), points at."""
    for part in pointer_parts(name) if name.startswith("/") else (name,):
        value = _property(value, part)
    return value


def _property(value: Any, name: str) -> Any:
    if isinstance(value, Model):
        own = python_names(type(value)).get(name)
        return vars(value).get(own) if own else (value.__pydantic_extra__ or {}).get(name)
    return member(value.raw if isinstance(value, UnknownVariant) else value, name)


@cache
def _wire_names(model: type[Model]) -> dict[str, str]:
    aliases = {name: field.serialization_alias for name, field in model.model_fields.items()}
    return {name: name if alias is None else alias for name, alias in aliases.items()}


@cache
def python_names(model: type[Model]) -> dict[str, str]:
    """The attributes of a model by the wire names of their fields."""
    return {wire: name for name, wire in _wire_names(model).items()}


def set_request_id(result: object, request_id: str | None) -> None:
    """Remember which request a model came with."""
    if isinstance(result, Model):
        vars(result)[_REQUEST_ID] = request_id


def request_id_of(result: object) -> str | None:
    """The server's id of the request that a model or a page came with, for its support."""
    if isinstance(result, Model):
        return vars(result).get(_REQUEST_ID)
    return getattr(result, "request_id", None)
