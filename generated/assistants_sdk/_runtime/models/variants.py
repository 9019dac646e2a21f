"""Unions to which an API may add variants: known ones are typed, others are preserved whole."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import lru_cache
from types import UnionType
from typing import Annotated, Any, Final, Literal, NamedTuple, Union, Unpack, get_args, get_origin

from pydantic import BaseModel, GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from ..values import is_mapping
from .fields import fields_of

__all__ = [
    "BROKEN_VARIANT",
    "FURTHER_ITEMS",
    "OpenUnion",
    "UnknownVariant",
    "Variants",
    "open_union",
]

BROKEN_VARIANT = "broken_variant"


class UnknownVariant:
    """A variant that the description does not know.

    Each union has its own subclass, whose tag is the literal ``"UNKNOWN"``, so that comparing the
    tag narrows the union to its known variants.

    Attributes:
        raw: The JSON value as it was received.
    """

    def __init__(self, raw: Any) -> None:
        self.raw: Any = raw

    def to_dict(self) -> Any:
        """The JSON value as it was received."""
        return self.raw

    def __eq__(self, other: object) -> bool:
        return isinstance(other, UnknownVariant) and _key(other) == _key(self)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.raw!r})"


class Variants:
    """Marks a union, ``Annotated[Union[A, B, UnknownAB], Variants("type")]``, as open.

    The last member is a subclass of ``UnknownVariant``. A known variant that breaks its description
    is not unknown: reading it strictly fails, so it is read tolerantly as what its tag says.

    Args:
        tag: The wire name of the property that distinguishes the variants. ``None``: their shape
            distinguishes them.
        mapping: Class names by tag value, for variants whose own tag is not a literal.
        default: The class name of the variant that every other tag means, and none.
    """

    def __init__(
        self,
        tag: str | None,
        mapping: Mapping[str, str] | None = None,
        *,
        default: str | None = None,
    ) -> None:
        self.tag = tag
        self.mapping = dict(mapping or {})
        self.default = default

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        *known, unknown = get_args(source)
        tagged = _tags_of(known, self.tag, self.mapping)
        default = next((each for each in _classes(known) if each.__name__ == self.default), None)
        classes = {*tagged.values(), default}
        others = [member for member in known if member not in classes]
        choices: list[CoreSchema | tuple[CoreSchema, str]] = []
        if others:
            choices.append(handler.generate_schema(Union[tuple(others)]))  # noqa: UP007
        if tagged:
            members = {value: handler.generate_schema(each) for value, each in tagged.items()}
            tag: Any = self.tag or ""
            if default is not None:
                members[_DEFAULT] = handler.generate_schema(default)
                tag = _tag_or_default(self.tag or "", tagged)
            choices.append(core_schema.tagged_union_schema(members, tag))
        choices.append(_unknown_schema(unknown, self.tag, tagged, tuple(_classes(known))))
        return core_schema.union_schema(choices, mode="left_to_right")


_DEFAULT = "(default)"  # beside the values of a tag


def _tag_or_default(
    tag: str, tagged: Mapping[Hashable, type[BaseModel]]
) -> Callable[[Any], Hashable]:
    """Gives the tag of a value, if a variant has it."""

    def tag_of(value: Any) -> Hashable:
        if not is_mapping(value):
            return next((one for one, each in tagged.items() if isinstance(value, each)), _DEFAULT)
        found = value.get(tag)
        return found if isinstance(found, Hashable) and found in tagged else _DEFAULT

    return tag_of


class _FurtherItems:
    """Marks ``Annotated[tuple[A, *tuple[B, ...]], FURTHER_ITEMS]``: ``B`` is the type of each item
    after the first ones. pydantic 2.14 reads these items as one tuple inside of the other.
    """

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        *first, rest = get_args(source)
        if get_origin(rest) is Unpack:  # as pydantic writes the star
            rest = get_args(rest)[0]
        schemas = [handler.generate_schema(each) for each in (*first, get_args(rest)[0])]
        return core_schema.tuple_schema(schemas, variadic_item_index=len(first))


FURTHER_ITEMS: Final = _FurtherItems()


class OpenUnion(NamedTuple):
    """The parts of a union.

    Attributes:
        members: Its members, without the unknown variant.
        tagged: The members that have a tag, by each value of their tag.
        unknown: The unknown variant, if it has one.
    """

    members: tuple[Any, ...]
    tagged: dict[Hashable, type[BaseModel]]
    unknown: type[UnknownVariant] | None


@lru_cache(maxsize=256)
def open_union(type_: Any, tag: str) -> OpenUnion:
    """The parts of a union, or of a single type. ``tag`` counts if ``Variants`` names none."""
    variants = Variants(tag)
    while (inner := _unwrapped(type_)) is not None:
        variants = next((each for each in inner[1] if isinstance(each, Variants)), variants)
        type_ = inner[0]
    members = get_args(type_) if get_origin(type_) in {Union, UnionType} else (type_,)
    unknown = next((each for each in members if _is_class(each, UnknownVariant)), None)
    known = tuple(each for each in members if each is not unknown)
    return OpenUnion(known, _tags_of(known, variants.tag, variants.mapping), unknown)


def _unwrapped(type_: Any) -> tuple[Any, tuple[Any, ...]] | None:
    """The type inside an ``Annotated`` or a named alias, and its metadata."""
    if get_origin(type_) is Annotated:
        return type_.__origin__, type_.__metadata__
    if hasattr(type_, "__value__"):
        return type_.__value__, ()
    return None


def _tags_of(
    members: Iterable[Any], tag: str | None, mapping: Mapping[str, str]
) -> dict[Hashable, type[BaseModel]]:
    """The variants that have a tag, by each value of their tag."""
    if tag is None:
        return {}
    classes = list(_classes(members))
    named = {each.__name__: each for each in classes}
    found = {value: each for each in classes for value in _literals(each, tag)}
    return {**found, **{value: named[name] for value, name in mapping.items()}}


def _classes(members: Iterable[Any]) -> Iterable[type[BaseModel]]:
    return (each for each in members if _is_class(each, BaseModel))


def _is_class(value: Any, base: type) -> bool:
    return isinstance(value, type) and issubclass(value, base)


def _literals(model: type[BaseModel], tag: str) -> tuple[Hashable, ...]:
    for name, field in fields_of(model).items():
        if tag == (field.validation_alias or name) and get_origin(field.annotation) is Literal:
            return get_args(field.annotation)
    return ()


def _unknown_schema(
    unknown: type[UnknownVariant],
    tag: str | None,
    tagged: Mapping[Hashable, type[BaseModel]],
    known: tuple[type[BaseModel], ...],
) -> CoreSchema:
    def read(value: Any) -> Any:
        if isinstance(value, (unknown, *known)):
            return value
        if tag is not None and is_mapping(value):
            found = value.get(tag)
            if isinstance(found, Hashable) and found in tagged:
                raise PydanticCustomError(BROKEN_VARIANT, "a known variant is broken")
        return unknown(value)

    return core_schema.no_info_plain_validator_function(
        read, serialization=core_schema.plain_serializer_function_ser_schema(_raw)
    )


def _key(variant: UnknownVariant) -> tuple[type[UnknownVariant], Any]:
    return type(variant), variant.raw


def _raw(value: UnknownVariant) -> Any:
    return value.raw
