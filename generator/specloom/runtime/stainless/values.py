"""Functions that old code imports from ``_utils``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeGuard

from pydantic import TypeAdapter

from ..options import Omit, omit

__all__ = [
    "file_from_path",
    "is_dict",
    "is_given",
    "is_list",
    "is_mapping",
    "make_request_options",
    "maybe_transform",
    "parse_date",
    "parse_datetime",
]


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
