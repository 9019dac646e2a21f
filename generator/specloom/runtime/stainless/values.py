"""Functions that old code imports from ``_utils``."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import Any, TypeGuard, TypeVar

from pydantic import TypeAdapter

from ..options import Omit, omit

__all__ = [
    "async_maybe_transform",
    "deepcopy_minimal",
    "file_from_path",
    "is_dict",
    "is_given",
    "is_list",
    "is_mapping",
    "make_request_options",
    "maybe_transform",
    "parse_date",
    "parse_datetime",
    "required_args",
    "strip_not_given",
]

_FunctionT = TypeVar("_FunctionT", bound=Callable[..., Any])


def parse_datetime(value: datetime | int | float | str) -> datetime:
    """A date-time from its text or its seconds. Raises ValueError."""
    return TypeAdapter(datetime).validate_python(value)


def parse_date(value: date | int | float | str) -> date:
    """A date from its text or its seconds. Raises ValueError."""
    return TypeAdapter(date).validate_python(value)


def file_from_path(path: str) -> tuple[str, bytes]:
    """A file to upload: its name and its bytes."""
    return os.path.basename(path), Path(path).read_bytes()


def is_given(value: object) -> bool:
    """Whether an argument is given."""
    return not isinstance(value, Omit)


def is_dict(value: object) -> TypeGuard[dict[object, object]]:
    """Whether it is a dict."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[object]]:
    """Whether it is a list."""
    return isinstance(value, list)


def is_mapping(value: object) -> TypeGuard[Mapping[str, object]]:
    """Whether it is a mapping."""
    return isinstance(value, Mapping)


def make_request_options(
    *,
    query: Mapping[str, object] | None = None,
    extra_headers: Mapping[str, str | Omit] | None = None,
    extra_query: Mapping[str, object] | None = None,
    extra_body: object = None,
    idempotency_key: str | None = None,
    timeout: Any = omit,
    post_parser: object = omit,  # noqa: ARG001
) -> dict[str, Any]:
    """The ``options`` of ``client.post`` and its like."""
    given = {
        "headers": extra_headers,
        "params": {**(query or {}), **(extra_query or {})} or None,
        "extra_json": extra_body,
        "idempotency_key": idempotency_key,
    }
    found = {name: value for name, value in given.items() if value is not None}
    return found if isinstance(timeout, Omit) else {**found, "timeout": timeout}


def maybe_transform(data: Any, expected_type: object) -> Any:  # noqa: ARG001
    """The data as it is: arguments are sent by their wire names without it."""
    return data


async def async_maybe_transform(data: Any, expected_type: object) -> Any:
    """See ``maybe_transform``."""
    return maybe_transform(data, expected_type)


def strip_not_given(values: Any) -> Any:
    """A mapping without the entries that are not given; other values unchanged."""
    if not isinstance(values, Mapping):
        return values
    return {name: value for name, value in values.items() if is_given(value)}


def deepcopy_minimal(item: Any) -> Any:
    """A copy of dicts and lists; what they hold is the same."""
    if isinstance(item, dict):
        return {name: deepcopy_minimal(value) for name, value in item.items()}
    return [deepcopy_minimal(value) for value in item] if isinstance(item, list) else item


def required_args(*variants: Sequence[str]) -> Callable[[_FunctionT], _FunctionT]:
    """A decorator for a function that needs all arguments of one of several sets."""

    def decorated(function: _FunctionT) -> _FunctionT:
        names = [*inspect.signature(function).parameters]

        @wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            given = {*names[: len(args)], *kwargs}
            if not any(given.issuperset(variant) for variant in variants):
                expected = " or ".join(str([*variant]) for variant in variants)
                raise TypeError(f"Missing required arguments; expected all of {expected}")
            return function(*args, **kwargs)

        return call  # type: ignore[return-value]

    return decorated
