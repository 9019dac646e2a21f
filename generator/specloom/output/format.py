"""Formats generated Python with black or ruff."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from specloom.errors import Location, refuse
from specloom.layout import WIDTH
from specloom.options import FormatterName

_MUCH = 400_000
"""The number of characters that justify several processes: two seconds of black."""
_MOST = 8
"""The maximum number of processes: more use memory and save little time."""


class FormatError(Exception):
    """A rendered file is not Python: a defect of its template."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path} is not valid Python: {reason}")
        self.path = path
        self.reason = reason


class _Formatted(NamedTuple):
    """A formatted file, or the reason why it cannot be parsed."""

    text: str
    fault: str = ""


def format_python(text: str, path: str) -> str:
    """Format a Python file with black. Raises FormatError if it cannot be parsed."""
    return format_files([(path, text)], "black")[path]


def format_files(texts: Iterable[tuple[str, str]], formatter: FormatterName) -> dict[str, str]:
    """Format Python files, given by path. Many are formatted while the next ones are still made.

    Raises FormatError if a file cannot be parsed, and SpecError if a formatting process is killed.
    """
    by_formatter = _by_ruff if formatter == "ruff" else _by_black
    paths: list[str] = []

    def noted() -> Iterator[str]:
        for path, text in texts:
            paths.append(path)
            yield text

    formatted: dict[str, str] = {}
    for path, made in zip(paths, by_formatter(noted()), strict=True):
        if made.fault:
            raise FormatError(path, made.fault)
        formatted[path] = made.text
    return formatted


def formatted_by(formatter: FormatterName) -> str:
    """A formatter with its version and settings, as text: equal texts give equal output."""
    return f"{formatter} {version(formatter)}, {WIDTH} columns"


def _by_black(texts: Iterator[str]) -> list[_Formatted]:
    few: list[str] = []
    length = 0
    for text in texts:
        few.append(text)
        length += len(text)
        if length > _MUCH and _may_start_others():
            return _on_all_processors(chain(few, texts))
    return [*map(_black, few)]


def _may_start_others() -> bool:
    """Whether other processes help. A daemonic one (a worker of a task queue) cannot start any."""
    from multiprocessing import current_process

    return _processors() > 1 and not current_process().daemon


def _on_all_processors(texts: Iterable[str]) -> list[_Formatted]:
    # Imported here: few descriptions are so large.
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    # The processes are not forked: a thread may be drawing the progress.
    pool = ProcessPoolExecutor(min(_MOST, _processors()), get_context("spawn"), _begin)
    try:
        return [*pool.map(_black, texts)]
    except BrokenProcessPool:
        message = "a process that formats files with black was killed; nothing is written"
        hint = "run it again; if memory is short, use --formatter ruff, which needs less"
        raise refuse("no-formatter", message, Location("black"), hint) from None
    finally:
        pool.shutdown(cancel_futures=True)


def _begin() -> None:
    """Set up a worker: Ctrl-C is for its parent, and it ends with its parent."""
    from threading import Thread

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End with the parent: the workers of a killed parent would wait forever."""
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _processors() -> int:
    """The number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _black(text: str) -> _Formatted:
    # Imported here: slow to import, and not needed where nothing changed.
    from black import Mode, format_str
    from black.mode import TargetVersion

    try:
        mode = Mode(line_length=WIDTH, target_versions={TargetVersion.PY311})
        return _Formatted(format_str(text, mode=mode))
    except ValueError as error:
        return _Formatted("", str(error))


def _by_ruff(texts: Iterator[str]) -> list[_Formatted]:
    """Format all files in one run, with fixed settings."""
    import subprocess
    import tempfile

    from ruff import find_ruff_bin  # type: ignore[import-untyped]

    # Neutral names: ruff ignores folders with certain names, such as build.
    with tempfile.TemporaryDirectory(prefix="specloom-") as folder:
        files: list[Path] = []
        for text in texts:
            files.append(Path(folder, f"{len(files)}.py"))
            files[-1].write_text(text, encoding="utf-8", newline="\n")
        options = [f"--line-length={WIDTH}", "--target-version=py311", "--config=exclude=[]"]
        options += ["--isolated", "--no-cache", "--no-respect-gitignore"]
        command = [find_ruff_bin(), "format", *options, folder]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        made = [file.read_text(encoding="utf-8") for file in files]
    formatted = [_Formatted(text, _fault(text) if done.returncode else "") for text in made]
    if done.returncode and not any(one.fault for one in formatted):
        raise RuntimeError(f"ruff format: {done.stderr}")
    return formatted


def _fault(text: str) -> str:
    try:
        compile(text, "", "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        return str(error)
    return ""
