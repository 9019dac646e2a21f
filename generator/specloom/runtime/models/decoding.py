"""From JSON text to typed values.

The normal way is one strict pass of pydantic-core over the bytes. Only what fails it is read a
second time, tolerantly. The errors of the first pass then say what broke the description.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import lru_cache, partial
from threading import Lock
from typing import Any, ClassVar, TypeAlias

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import CoreSchema, ErrorDetails, SchemaValidator, from_json

from ..values import is_list, is_mapping
from .chains import one_by_one
from .schemas import exact, models_in, tolerant, whole_numbers
from .unusual import Substitutes, json_of, utf8_of
from .variants import BROKEN_VARIANT

__all__ = ["Decoder", "UndecodableError", "decoder_for", "validator_of"]

_Rewrite: TypeAlias = Callable[[CoreSchema], CoreSchema]
OnBroken: TypeAlias = Callable[[bytes, tuple[str, ...]], object]


class UndecodableError(Exception):
    """The text is not JSON, or its value as a whole does not have the type."""


class Decoder:
    """Reads JSON text as one type.

    Attributes:
        exact: Reads text that is as described, and raises ``inexact`` for any other.
        inexact: The error that ``exact`` raises.
        undecodable: The error that the other methods raise.
    """

    inexact: ClassVar = ValidationError
    undecodable: ClassVar = UndecodableError

    def __init__(self, type_: Any) -> None:
        self._type = type_
        try:
            self._schema = exact(_schema_of(type_))
        except RecursionError:
            self._schema = exact(one_by_one(type_))
        self.exact: Callable[[bytes], Any] = partial(
            validator_of(self._schema).validate_json, strict=True, by_name=False, by_alias=True
        )
        self._validators: dict[_Rewrite, SchemaValidator] = {}

    def decode(self, text: bytes, on_broken: OnBroken) -> Any:
        """Read ``text``.

        Args:
            text: The JSON text.
            on_broken: Called if something breaks the type, with the text and the paths of all
                that does (``data[].created_at: missing``).

        Raises:
            UndecodableError: The text is not JSON, or not even of the expected JSON type.
        """
        try:
            return self.exact(text)
        except ValidationError as error:
            return self.decode_broken(text, error, on_broken)

    def decode_broken(
        self,
        text: bytes,
        error: ValidationError,
        on_broken: OnBroken,
        charset: str | None = None,
    ) -> Any:
        """Read ``text``, for which ``exact`` raised ``error``, as ``decode`` does.

        ``charset`` is the server's value.
        """
        details = _details(error)
        if details[0]["type"] == "json_invalid":
            return self._decode_unusual(text, charset, on_broken, details[0]["msg"])
        try:
            if any(each["type"] == "int_type" for each in details):
                return self._read_by(whole_numbers, text)
        except ValidationError as others:
            details = _details(others)
        try:
            value = self._read_by(_tolerant_numbers, text)
        except ValidationError:
            raise UndecodableError(details[0]["msg"]) from None
        problems = _problems(details, from_json(text))
        if problems:
            on_broken(text, problems)
        return value

    def _decode_unusual(
        self, text: bytes, charset: str | None, on_broken: OnBroken, reason: str
    ) -> Any:
        substitutes = Substitutes()
        try:
            value = substitutes.insert(json_of(utf8_of(text, charset)))
        except ValueError:
            raise UndecodableError(reason) from None
        plain = json.dumps(value, ensure_ascii=False).encode()
        try:
            return substitutes.remove(self.exact(plain))
        except ValidationError as error:
            if _details(error)[0]["type"] == "json_invalid":
                raise UndecodableError(reason) from None
            return substitutes.remove(self.decode_broken(plain, error, on_broken))

    def _read_by(self, rewrite: _Rewrite, text: bytes) -> Any:
        """Read by a rewritten schema, whose validator is made when it is first needed."""
        if rewrite not in self._validators:
            try:
                schema = rewrite(self._schema)
            except RecursionError:
                schema = rewrite(exact(one_by_one(self._type)))
            self._validators[rewrite] = validator_of(schema)
        validator = self._validators[rewrite]
        return validator.validate_json(text, strict=True, by_name=False, by_alias=True)


def _schema_of(type_: Any) -> CoreSchema:
    adapter: TypeAdapter[Any] = TypeAdapter(type_)
    adapter.rebuild()
    return adapter.core_schema


def _tolerant_numbers(schema: CoreSchema) -> CoreSchema:
    return tolerant(whole_numbers(schema))


def _details(error: ValidationError) -> list[ErrorDetails]:
    return error.errors(include_url=False, include_context=False, include_input=False)


@lru_cache(maxsize=4096)
def decoder_for(type_: Any) -> Decoder:
    """The decoder of a type. Making one takes milliseconds, so each is made once."""
    return Decoder(type_)


def _problems(details: list[ErrorDetails], wire: Any) -> tuple[str, ...]:
    kinds: dict[str, str] = {}
    for each in details:
        if each["type"] != BROKEN_VARIANT:
            kinds.setdefault(_path(each, wire), each["type"])
    return tuple(f"{path}: {kind}" for path, kind in kinds.items())


def _path(error: ErrorDetails, wire: Any) -> str:
    """The field path of an error. Its location also names variants, which the wire lacks."""
    path = ""
    for part in error["loc"]:
        if isinstance(part, int) and is_list(wire):
            wire, path = wire[part] if part < len(wire) else None, f"{path}[]"
        elif is_mapping(wire) and part in wire:
            wire, path = wire[part], f"{path}.{part}"
    if error["type"] == "missing" and isinstance(error["loc"][-1], str):
        path = f"{path}.{error['loc'][-1]}"
    return path.removeprefix(".") or "(body)"


_building = Lock()


def validator_of(schema: CoreSchema) -> SchemaValidator:
    """The validator of a schema.

    pydantic-core would take the validator of a model class instead if the class is complete, as it
    is after its first instance. The changes that ``schemas`` made would be lost. So the classes
    count as incomplete meanwhile.
    """
    with _building, _incomplete(models_in(schema)):
        return SchemaValidator(schema)


@contextmanager
def _incomplete(models: set[type[BaseModel]]) -> Generator[None]:
    complete = [each for each in models if each.__pydantic_complete__]
    for each in complete:
        each.__pydantic_complete__ = False
    try:
        yield
    finally:
        for each in complete:
            each.__pydantic_complete__ = True
