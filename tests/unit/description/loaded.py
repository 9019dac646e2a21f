"""Loads short descriptions."""

from __future__ import annotations

from pathlib import Path

import pytest

from specloom.description import yaml_text
from specloom.description.document import Document
from specloom.description.load import load
from specloom.description.source_text import Fault
from specloom.errors import Problems, SpecError

HEAD = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n"


def read(folder: Path, files: dict[str, str | bytes], **options: bool) -> tuple[Document, Problems]:
    """Write files, load the first of them."""
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    problems = Problems()
    return load(folder / next(iter(files)), problems=problems, **options), problems


def refused(folder: Path, content: str | bytes, name: str = "a.yaml") -> list[tuple[str, int, int]]:
    """Code, line and column of the fault in an entry document."""
    with pytest.raises(SpecError) as caught:
        read(folder, {name: content})
    return [(problem.code, at.line, at.column) for at, problem in caught.value.problems.located()]


def found(problems: Problems) -> list[tuple[str, str]]:
    return [(problem.code, f"{at.line}:{at.column}") for at, problem in problems.located()]


def unexpected(fault: Fault) -> None:
    pytest.fail(fault.message)


def yaml(text: str) -> object:
    return yaml_text.parse(text, unexpected)
