"""Models with the options that their methods had, and functions of ``_models`` and ``_compat``."""

from __future__ import annotations

from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter

from ..models.base import Model as CurrentModel
from ..models.base import encode_json
from ..models.decoding import decoder_for
from ..options import omit

__all__ = [
    "PYDANTIC_V1",
    "PYDANTIC_V2",
    "FinalRequestOptions",
    "Model",
    "construct_type",
    "get_model_fields",
    "model_copy",
    "model_dump",
    "model_json",
    "model_parse",
    "parse_obj",
    "validate_type",
]

PYDANTIC_V1, PYDANTIC_V2 = False, True
_ModelT = TypeVar("_ModelT", bound=BaseModel)


class Model(CurrentModel):
    """An object of the API."""

    def to_dict(
        self,
        *,
        mode: Literal["json", "python"] = "python",
        use_api_names: bool = True,
        exclude_unset: bool = True,
        exclude_defaults: bool = False,
        exclude_none: bool = False,
        warnings: bool = True,
    ) -> dict[str, Any]:
        """The object as a dict. Without options it has the received and set fields, by wire names.

        Args:
            mode: ``json`` for JSON values alone; with ``python``, dates stay dates.
            use_api_names: Whether the keys are wire names.
            exclude_unset: Whether to leave out fields that are neither received nor set.
            exclude_defaults: Whether to leave out values that are the defaults.
            exclude_none: Whether to leave out ``None``.
            warnings: Whether a value of another type gives a warning of pydantic.
        """
        return self.model_dump(
            mode=mode,
            by_alias=use_api_names,
            exclude_unset=exclude_unset,
            exclude_defaults=exclude_defaults,
            exclude_none=exclude_none,
            warnings=warnings,
        )

    def to_json(
        self,
        *,
        indent: int | None = 2,
        use_api_names: bool = True,
        exclude_unset: bool = True,
        exclude_defaults: bool = False,
        exclude_none: bool = False,
        warnings: bool = True,
    ) -> str:
        """The object as JSON text. ``indent`` is a number of spaces; see ``to_dict``."""
        return self.model_dump_json(
            indent=indent,
            by_alias=use_api_names,
            exclude_unset=exclude_unset,
            exclude_defaults=exclude_defaults,
            exclude_none=exclude_none,
            warnings=warnings,
        )


class FinalRequestOptions(BaseModel):
    """The options of a request, which ``_prepare_options`` may change."""

    model_config = ConfigDict(arbitrary_types_allowed=True, extra="allow")

    method: str
    url: str
    params: Any = {}
    headers: Any = omit
    max_retries: Any = omit
    timeout: Any = omit
    files: Any = None
    idempotency_key: str | None = None
    json_data: Any = None
    extra_json: Any = None

    def get_max_retries(self, max_retries: int) -> int:
        """The number of retries: its own, or that of the client."""
        return max_retries if self.max_retries is omit else int(self.max_retries)


def construct_type(*, value: object, type_: Any, metadata: object = None) -> Any:  # noqa: ARG001
    """A value as a type, without an error where it breaks the type."""
    return decoder_for(type_).decode(encode_json(value), lambda *_: None)


def validate_type(*, type_: Any, value: object) -> Any:
    """A value as a type. Raises ``pydantic.ValidationError``."""
    return TypeAdapter(type_).validate_python(value)


def parse_obj(model: type[_ModelT], value: object) -> _ModelT:
    """A model of JSON values. Raises ``pydantic.ValidationError``."""
    return model.model_validate(value)


model_parse = parse_obj


def model_copy(model: _ModelT, *, deep: bool = False) -> _ModelT:
    """A copy of a model."""
    return model.model_copy(deep=deep)


def model_dump(model: BaseModel, **options: Any) -> dict[str, Any]:
    """A model as a dict; the options are those of pydantic."""
    return model.model_dump(**options)


def model_json(model: BaseModel, *, indent: int | None = None) -> str:
    """A model as JSON text."""
    return model.model_dump_json(indent=indent)


def get_model_fields(model: type[BaseModel]) -> dict[str, Any]:
    """The fields of a model by name."""
    return dict(model.model_fields)
