"""Markdown pages from a reader's view: programs, links, headings."""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_BLOCK = re.compile(r"^```python\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)
_FENCED = re.compile(r"^( *)(`{3,}).*?^\1\2\n", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Example:
    """A block of code, its first line, and its shown output."""

    code: str
    line: int
    output: str | None


@dataclass(frozen=True)
class Program:
    """Consecutive blocks that form a program: an import starts a new one."""

    page: Path
    blocks: list[Example]

    @property
    def text(self) -> str:
        """Its code, with line numbers of the page."""
        lines: list[str] = []
        for block in self.blocks:
            lines += [""] * (block.line - 1 - len(lines)) + block.code.splitlines()
        return "\n".join(lines) + "\n"


def examples_of(page: Path) -> Iterator[Example]:
    """The Python blocks of a page."""
    text = page.read_text(encoding="utf-8")
    for match in _BLOCK.finditer(text):
        line = text[: match.start()].count("\n") + 2
        yield Example(match.group(1), line, match.group(2))


def programs_of(page: Path) -> list[Program]:
    """The programs of a page."""
    programs: list[Program] = []
    for example in examples_of(page):
        is_whole = re.match(
            r"(?:import|from) \w+.*?^(?:client|async def)", example.code, re.M | re.S
        )
        if is_whole or not programs:
            programs.append(Program(page, []))
        programs[-1].blocks.append(example)
    return programs


def run(program: Program) -> None:
    """Run a program and compare its output with the shown one."""
    names: dict[str, Any] = {"__name__": "__example__"}
    try:
        for example in program.blocks:
            printed = io.StringIO()
            code = compile("\n" * (example.line - 1) + example.code, str(program.page), "exec")
            with contextlib.redirect_stdout(printed):
                exec(code, names)
            if example.output is not None:
                assert printed.getvalue() == example.output
    finally:
        for value in [value for value in names.values() if hasattr(value, "with_options")]:
            if not isinstance(value, type):
                value.close()


def type_errors(programs: list[Program], sdk: Path, folder: Path) -> list[str]:
    """The errors of ``mypy --strict`` in programs that use the SDK in the folder ``sdk``."""
    modules = {f"example_{number}": program for number, program in enumerate(programs)}
    for name, program in modules.items():
        (folder / f"{name}.py").write_text(program.text, encoding="utf-8")
    cache = Path(tempfile.gettempdir()) / "specloom-tests-mypy-examples"
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--no-error-summary"]
    command += ["--follow-imports=silent", "--python-version=3.11", f"--cache-dir={cache}"]
    result = subprocess.run(
        [*command, *(f"{name}.py" for name in modules)],
        cwd=folder,
        env=os.environ | {"MYPYPATH": str(sdk)},
        capture_output=True,
        text=True,
        check=False,
    )
    found = (result.stdout + result.stderr).splitlines()
    return [_placed(line, modules) for line in found]


def _placed(line: str, modules: dict[str, Program]) -> str:
    name = line.partition(".py:")[0]
    return line.replace(f"{name}.py", str(modules[name].page)) if name in modules else line


def prose_of(page: Path) -> str:
    """The text of a page without its code."""
    return _CODE.sub("", _FENCED.sub("", page.read_text(encoding="utf-8")))


def anchors_of(page: Path) -> list[str]:
    """The anchors of a page's headings in GitHub's form: letters, digits, - and _."""
    text = _FENCED.sub("", page.read_text(encoding="utf-8"))
    headings = [re.sub(r"\]\([^)]*\)", "", heading) for heading in _HEADING.findall(text)]
    return [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings]


def linked_from(page: Path) -> set[Path]:
    """The pages that a page links to."""
    links = (link.partition("#")[0] for link in _LINK.findall(prose_of(page)))
    return {(page.parent / link).resolve() for link in links if link.endswith(".md")}


def broken_links(pages: list[Path]) -> list[str]:
    """Links to missing files or headings."""
    known = {page.resolve(): set(anchors_of(page)) for page in pages}
    broken = []
    for page in pages:
        for link in _LINK.findall(prose_of(page)):
            if link.startswith(("http://", "https://", "mailto:")):
                continue
            path, _, anchor = link.partition("#")
            target = (page.parent / path).resolve() if path else page.resolve()
            if not target.exists() or (anchor and anchor not in known.get(target, ())):
                broken.append(f"{page}: {link}")
    return broken
