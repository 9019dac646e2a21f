"""The base of generated models, and the way from models to JSON.

Reading loses nothing: fields that the description does not know are preserved, and so are values
that break it (see ``decoding``). Writing gives wire names, and only what was received or set.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, ClassVar, Final

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema, from_json, to_json

from ..deprecation import DeprecatedField
from ..texts import iso_text, refuse_non_finite, sent_text
from ..values import is_array, is_mapping, items_of, plain
from .chains import complete_one_by_one, schema_of_model
from .fields import python_names, wire_names
from .unusual import json_of, utf8_of
from .variants import UnknownVariant, Variants

__all__ = [
    "Model",
    "UnknownVariant",
    "Variants",
    "decode_json",
    "encode_json",
    "json_text",
    "request_id_of",
    "set_request_id",
    "to_wire",
]

_SCALARS: Final = frozenset({str, int, float, bool, type(None)})
_CONTAINERS: Final = frozenset({dict, list})
_MAX_CONTAINERS: Final = 10_000  # to look at, for a container that contains itself has no end
_REQUEST_ID: Final = "_request_id"


class Model(BaseModel):
    """An object of the API.

    A required field that the server left out reads as ``None``, and one of the wrong type reads as
    the JSON value that came. Each is logged once, or raised if ``strict`` is set.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="allow",
        defer_build=True,
        validate_by_alias=True,
        validate_by_name=True,
        protected_namespaces=(),
    )
    __deprecated_fields__: ClassVar[Mapping[str, str]] = {}
    """The warnings of deprecated fields, by name."""
    __read_only_fields__: ClassVar[frozenset[str]] = frozenset()
    """The fields that only servers write (OpenAPI: ``readOnly``). They are not sent."""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        # pydantic's own ``Field(deprecated=…)`` only warns once a class is complete. A class that
        # is only ever used inside others is completed late or never.
        for name, message in vars(cls).get("__deprecated_fields__", {}).items():
            setattr(cls, name, DeprecatedField(name, message))

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler, /
    ) -> CoreSchema:
        return schema_of_model(cls, source, handler)

    @classmethod
    def model_rebuild(cls, *, _parent_namespace_depth: int = 2, **options: Any) -> bool | None:
        """As pydantic's, for models as well that mention one another in chains of any length."""
        try:
            depth = _parent_namespace_depth + 1
            return super().model_rebuild(_parent_namespace_depth=depth, **options)
        except RecursionError:
            complete_one_by_one(cls)
            return True

    @property
    def _request_id(self) -> str | None:
        return vars(self).get(_REQUEST_ID)

    def to_dict(self) -> dict[str, Any]:
        """The object as JSON values by wire names: what was received or set, and nothing else.

        A date-time is written in ISO 8601 with the same instant and offset. Everything else is as
        it came.
        """
        extra, values = self.__pydantic_extra__ or {}, vars(self)
        known = {
            wire: to_wire(values[name])
            for name, wire in wire_names(type(self)).items()
            if self._is_given(name)
        }
        return known | {name: to_wire(value) for name, value in extra.items()}

    def _to_request(self) -> dict[str, Any]:
        """The object for a request: ``to_dict()`` without read-only fields."""
        extra, values = self.__pydantic_extra__ or {}, vars(self)
        known = {
            wire: to_wire(values[name], sent=True)
            for name, wire in wire_names(type(self)).items()
            if name not in self.__read_only_fields__ and self._is_given(name)
        }
        return known | {name: to_wire(value, sent=True) for name, value in extra.items()}

    def _member(self, name: str) -> Any:
        """The value of a wire name; otherwise ``None``."""
        own = python_names(type(self)).get(name)
        return vars(self).get(own) if own else (self.__pydantic_extra__ or {}).get(name)

    def _is_given(self, name: str) -> bool:
        """Whether a field was received or set. pydantic counts unknown fields of that name too.

        If there is an unknown field with the Python name of a renamed one, the renamed one counts
        as not received when it holds its default: the two cases look the same.
        """
        if name not in self.__pydantic_fields_set__:
            return False
        is_shadowed = name in (self.__pydantic_extra__ or {})
        return not is_shadowed or vars(self)[name] != type(self).model_fields[name].default

    def to_json(self, *, indent: int | None = None) -> str:
        """``to_dict()`` as JSON text. ``indent`` is a number of spaces."""
        return json_text(self.to_dict(), indent)


def json_text(value: Any, indent: int | None) -> str:
    """JSON values as text. Lone surrogates, and what nests too deep for pydantic-core, as well."""
    try:
        return to_json(value, indent=indent).decode()
    except ValueError:
        separators = (",", ":") if indent is None else None
        return json.dumps(value, indent=indent, separators=separators)


def to_wire(value: Any, *, sent: bool = False) -> Any:
    """A value as JSON values: models by wire names, dates in ISO 8601, the rest unchanged.

    Args:
        value: The value.
        sent: Whether it becomes part of a request. Then read-only fields are left out, and scalars
            that JSON lacks have their usual text.

    Raises:
        ValueError: It is to be sent, and has a date-time without an offset.
    """
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, Model):
        return plain(value) if sent else value.to_dict()
    if isinstance(value, UnknownVariant):
        return value.raw
    if is_mapping(value):
        return {key: to_wire(each, sent=sent) for key, each in value.items()}
    if is_array(value):
        return [to_wire(each, sent=sent) for each in items_of(value)]
    if sent and (text := sent_text(value)) is not None:
        return text
    if isinstance(value, (datetime, date, time)):
        return iso_text(value)
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return _text_of(value) if isinstance(value, bytes) else value


def _text_of(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise ValueError(
            "Expected bytes of UTF-8 text: JSON has no others (base64 is text)"
        ) from None


def set_request_id(result: object, request_id: str | None) -> None:
    """Remember the request that a model came with."""
    if isinstance(result, Model):
        vars(result)[_REQUEST_ID] = request_id


def request_id_of(result: object) -> str | None:
    """The server's id of the request that a model or a page came with, to tell its support."""
    if isinstance(result, Model):
        return vars(result).get(_REQUEST_ID)
    return getattr(result, "request_id", None)


def encode_json(value: Any, numbers: Collection[str] = ()) -> bytes:
    """A value as JSON (RFC 8259) without white space. Models are written by their wire names.

    Args:
        value: The value.
        numbers: The properties in which a ``Decimal`` is a number; see ``RequestBody``.

    Raises:
        TypeError: A value has no JSON form, or contains itself.
        ValueError: A number is not finite, or a date-time has no offset.
    """
    is_plain = _is_plain(value)
    try:
        if not is_plain:
            value = to_wire(_with_digits(value, numbers) if numbers else value, sent=True)
    except RecursionError:
        raise TypeError("Expected a value that does not contain itself") from None
    try:
        text = to_json(value)
    except ValueError as error:
        raise TypeError(str(error)) from error
    if b"NaN" in text or b"Infinity" in text:  # mostly in a string
        _refuse_non_finite(value)
    return text if is_plain or not numbers else _DIGITS.sub(rb"\1", text)


# pydantic-core writes a Decimal as text. Its digits are marked by what no text of a caller has, and
# lose mark and quotes when the JSON is written.
_MARK: Final = os.urandom(16).hex()
_DIGITS: Final = re.compile(f'"{_MARK}([^"]*)"'.encode())


def _with_digits(value: Any, numbers: Collection[str], places: tuple[str, ...] = ("",)) -> Any:
    """A copy in which each ``Decimal`` in one of the properties is marked as a number."""
    if isinstance(value, Decimal):
        return f"{_MARK}{sent_text(value)}" if any(one in numbers for one in places) else value
    if is_mapping(value):
        inherited = tuple(f"{one}/*" for one in places)
        return {
            key: _with_digits(each, numbers, (str(key), *inherited)) for key, each in value.items()
        }
    if is_array(value):
        return [_with_digits(each, numbers, places) for each in items_of(value)]
    return value


def _refuse_non_finite(value: Any) -> None:
    if isinstance(value, float):
        refuse_non_finite(value)
    elif is_mapping(value) or is_array(value):
        for each in value.values() if is_mapping(value) else value:
            _refuse_non_finite(each)


def _is_plain(value: object) -> bool:
    """Whether a value is JSON as it is, as almost all are: dicts, lists and scalars alone."""
    if type(value) not in _CONTAINERS:
        return type(value) in _SCALARS
    containers: list[Any] = [value]
    for container in containers:  # the list grows meanwhile
        current: object = container
        each: object
        for each in container.values() if type(current) is dict else container:
            if type(each) not in _SCALARS:
                if type(each) not in _CONTAINERS or len(containers) > _MAX_CONTAINERS:
                    return False
                containers.append(each)
    return True


def decode_json(text: bytes, charset: str | None = None) -> Any:
    """JSON text as plain values. ``charset`` is the server's value.

    Raises:
        ValueError: The text is not JSON.
    """
    try:
        return from_json(text)
    except ValueError:
        return json_of(utf8_of(text, charset))
