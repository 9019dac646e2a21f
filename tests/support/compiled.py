"""Compiles the runtime once for all SDKs of a process, because each SDK has a copy of it."""

from __future__ import annotations

from importlib.machinery import SourceFileLoader
from types import CodeType
from typing import Any

_compile = SourceFileLoader.source_to_code
_codes: dict[bytes, CodeType] = {}


def share_runtime_code() -> None:
    """Let each import of a module in ``_runtime`` use the code of an equal module."""
    SourceFileLoader.source_to_code = _source_to_code  # type: ignore[method-assign]


def _source_to_code(self: SourceFileLoader, data: Any, path: Any, **options: Any) -> CodeType:
    if "_runtime" not in str(path):
        return _compile(self, data, path, **options)
    source = bytes(data)
    if source not in _codes:
        _codes[source] = _compile(self, data, path, **options)
    return _placed(_codes[source], str(path))


def _placed(code: CodeType, path: str) -> CodeType:
    """The code as if it were compiled from this file: tests check the files of frames."""
    inner = (_placed(one, path) if isinstance(one, CodeType) else one for one in code.co_consts)
    return code.replace(co_filename=path, co_consts=tuple(inner))
