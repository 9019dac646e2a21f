"""JSON text to typed values.

The good path is one strict pass of pydantic-core over the bytes. Only what fails it is read a
second time, tolerantly; the errors of the first pass then say where the contract was broken.
"""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

from .schemas import exact, tolerant
from .shapes import is_list, is_mapping
from .validators import validator_of
from .variants import BROKEN_VARIANT

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from pydantic_core import ErrorDetails, SchemaValidator

    OnBroken: TypeAlias = Callable[[bytes, tuple[str, ...]], object]

__all__ = ["Decoder", "UndecodableError", "decoder_for"]


class UndecodableError(Exception):
    """The text is no JSON, or its value as a whole is not of the type."""


class Decoder:
    """Reads JSON text as one type.

    Attributes:
        exact: Reads text that is as described, and raises ``inexact`` over any other.
        inexact: What ``exact`` raises.
        undecodable: What the others raise.
    """

    inexact: ClassVar = ValidationError
    undecodable: ClassVar = UndecodableError

    def __init__(self, type_: Any) -> None:
        adapter: TypeAdapter[Any] = TypeAdapter(type_)
        adapter.rebuild()
        self._schema = exact(adapter.core_schema)
        self.exact: Callable[[bytes], Any] = partial(
            validator_of(self._schema).validate_json, strict=True, by_name=False, by_alias=True
        )
        self._tolerant: SchemaValidator | None = None

    def decode(self, text: bytes, on_broken: OnBroken) -> Any:
        """Read ``text``.

        Args:
            text: The JSON text.
            on_broken: Called with the text, and the paths of what broke the type's contract
                (``data[].created_at: missing``), where something did.

        Raises:
            UndecodableError: It is no JSON, or not even of the JSON type that is expected.
        """
        try:
            return self.exact(text)
        except ValidationError as error:
            return self.decode_broken(text, error, on_broken)

    def decode_broken(self, text: bytes, error: ValidationError, on_broken: OnBroken) -> Any:
        """Read ``text`` over which ``exact`` raised ``error``; as ``decode`` does."""
        details = error.errors(include_url=False, include_context=False, include_input=False)
        if details[0]["type"] == "json_invalid":
            raise UndecodableError(details[0]["msg"]) from None
        if self._tolerant is None:
            self._tolerant = validator_of(tolerant(self._schema))
        try:
            value = self._tolerant.validate_json(text, strict=True, by_name=False, by_alias=True)
        except ValidationError:
            raise UndecodableError(details[0]["msg"]) from None
        problems = _problems(details, from_json(text))
        if problems:
            on_broken(text, problems)
        return value


@lru_cache(maxsize=4096)
def decoder_for(type_: Any) -> Decoder:
    """The decoder of a type; making one costs milliseconds, so each is made once."""
    return Decoder(type_)


def _problems(details: list[ErrorDetails], wire: Any) -> tuple[str, ...]:
    kinds: dict[str, str] = {}
    for each in details:
        if each["type"] != BROKEN_VARIANT:
            kinds.setdefault(_path(each, wire), each["type"])
    return tuple(f"{path}: {kind}" for path, kind in kinds.items())


def _path(error: ErrorDetails, wire: Any) -> str:
    """The field path of an error; its location also names variants, which the wire lacks."""
    path = ""
    for part in error["loc"]:
        if isinstance(part, int) and is_list(wire):
            wire, path = wire[part], f"{path}[]"
        elif is_mapping(wire) and part in wire:
            wire, path = wire[part], f"{path}.{part}"
    if error["type"] == "missing":
        path = f"{path}.{error['loc'][-1]}"
    return path.removeprefix(".") or "(body)"
