"""Functions that old code imports from ``_utils``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeGuard

from pydantic import TypeAdapter

from ..options import Omit

__all__ = [
    "file_from_path",
    "is_dict",
    "is_given",
    "is_list",
    "is_mapping",
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


def maybe_transform(data: Any, expected_type: object) -> Any:  # noqa: ARG001
    """The data as it is: arguments are sent by their wire names without it."""
    return data
