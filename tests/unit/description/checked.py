"""Runs the checks over a small description."""

from __future__ import annotations

from pathlib import Path

from specloom.description.checks import check
from specloom.description.load import load
from specloom.errors import Problems

HEAD = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n"


def checked(folder: Path, text: str, **files: str) -> Problems:
    (folder / "a.yaml").write_text(text, encoding="utf-8")
    for name, content in files.items():
        (folder / f"{name}.yaml").write_text(content, encoding="utf-8")
    problems = Problems()
    check(load(folder / "a.yaml", problems=problems), problems)
    return problems


def found(problems: Problems) -> list[tuple[str, str, int]]:
    return [(problem.code, problem.severity, at.line) for at, problem in problems.located()]


def only(problems: Problems) -> tuple[str, str]:
    """Message and hint of the only problem."""
    (problem,) = problems
    return problem.message, problem.hint
