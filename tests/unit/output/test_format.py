"""Python as black or ruff formats it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from specloom.errors import SpecError
from specloom.options import FormatterName
from specloom.output import format
from specloom.output.format import FormatError, format_files

FORMATTERS = get_args(FormatterName)
UGLY = {
    "a/build/x.py": "x = f( 'a',\n'b',)\n",
    "b.py": f"def f({', '.join('a' * 9 + str(n) for n in range(9))}): ...\n",
}
PRETTY = {
    "a/build/x.py": 'x = f(\n    "a",\n    "b",\n)\n',
    "b.py": "def f(\n" + "".join(f"    {'a' * 9}{n},\n" for n in range(9)) + "): ...\n",
}


@pytest.mark.parametrize("formatter", FORMATTERS)
def test_files_with_any_name_are_formatted(formatter: FormatterName) -> None:
    assert format_files(UGLY.items(), formatter) == PRETTY


@pytest.mark.parametrize("formatter", FORMATTERS)
def test_no_files_are_formatted_without_input(formatter: FormatterName) -> None:
    assert format_files([], formatter) == {}


@pytest.mark.parametrize("formatter", FORMATTERS)
def test_what_is_no_python_is_told_with_its_path(formatter: FormatterName) -> None:
    with pytest.raises(FormatError, match=r"^bad\.py is not valid Python: .") as caught:
        format_files([*UGLY.items(), ("bad.py", "x = f(1\n")], formatter)
    assert caught.value.path == "bad.py"


def test_ruff_ignores_settings_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ruff.toml").write_text("line-length = 20\nformat.quote-style = 'single'\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert format_files(UGLY.items(), "ruff") == PRETTY


def test_several_processes_give_the_same_output(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(format, "_MUCH", 0)
    monkeypatch.setattr(format, "_processors", lambda: 2)
    assert format_files(UGLY.items(), "black") == PRETTY
    with pytest.raises(FormatError, match=r"^bad\.py "):
        format_files([*UGLY.items(), ("bad.py", "x = f(1\n")], "black")


def test_an_error_in_the_making_of_a_file_ends_the_formatting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def texts() -> Iterator[tuple[str, str]]:
        yield from UGLY.items()
        raise LookupError("no more files")

    monkeypatch.setattr(format, "_MUCH", 0)
    monkeypatch.setattr(format, "_processors", lambda: 2)
    with pytest.raises(LookupError, match="no more files"):
        format_files(texts(), "black")


def test_a_process_of_black_that_is_killed_is_an_error_with_a_hint(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(format, "_MUCH", 0)
    monkeypatch.setattr(format, "_processors", lambda: 2)
    monkeypatch.setattr(format, "_black", end_this_process)
    with pytest.raises(SpecError) as caught:
        format_files(UGLY.items(), "black")
    (problem,) = caught.value.problems
    assert problem.code == "no-formatter"
    assert "--formatter ruff" in problem.hint


def end_this_process(_text: str) -> object:
    os._exit(9)


@pytest.mark.skipif(os.name != "posix", reason="only POSIX kills a process hard")
def test_no_process_of_black_stays_when_its_parent_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        "import os, signal, time\n"
        "from concurrent.futures import ProcessPoolExecutor\n"
        "from multiprocessing import get_context\n"
        "from specloom.output.format import _begin\n"
        "if __name__ == '__main__':\n"
        "    pool = ProcessPoolExecutor(1, get_context('spawn'), _begin)\n"
        "    print(pool.submit(os.getpid).result(), flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    # The worker has the parent's output: that ends when the worker does, or there is a timeout.
    parent = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, check=False, timeout=60
    )
    assert parent.returncode == -signal.SIGKILL
    assert int(parent.stdout)
