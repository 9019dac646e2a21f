"""One document, one tool: generation, completeness, import and types."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from e2e.comparison.processes import Ended, run
from e2e.comparison.tools import Tool, bare
from e2e.corpus.index import Document, documents
from e2e.corpus.raw import endpoints

_IMPORT_ALL = """\
import importlib, sys
from pathlib import Path
package = sys.argv[1]
paths = sorted(Path(package).rglob("*.py"))
names = [".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in paths]
failures = []
for name in names:
    try:
        importlib.import_module(name)
    except BaseException as error:
        failures.append(f"{name}: {type(error).__name__}: {error}")
print(f"{len(failures)} of {len(names)} modules: {failures[0]}" if failures else "")
sys.exit(bool(failures) or not names)
"""


@dataclass(frozen=True)
class DocumentResult:
    """What a tool made of a document. A step that was not reached is None; "" is success.

    ``is_advised`` tells that it took the options that the tool's error advises.
    """

    tool: str
    document: str
    described: int
    cpu: float
    generate: str
    is_advised: bool = False
    present: int = 0
    imports: str | None = None
    types: str | None = None

    @property
    def is_generated(self) -> bool:
        """Whether the tool reported success."""
        return not self.generate


def sample(corpus: Path, every: int) -> list[Document]:
    """Every so many of the real, valid documents by path, from the first on."""
    found = [one for one in documents(corpus, ("real/*",)) if one.is_valid]
    return sorted(found, key=lambda one: one.path)[::every]


def run_all(
    pairs: Iterable[tuple[Tool, Document]], corpus: Path, processes: int
) -> Iterator[DocumentResult]:
    """The results of tools and documents as they come; at most so many at once."""
    with ThreadPoolExecutor(processes) as pool:
        yield from pool.map(lambda pair: compare(pair[0], pair[1], corpus), pairs)


def compare(tool: Tool, document: Document, corpus: Path) -> DocumentResult:
    """Generate, count, import, type-check; the output is deleted afterwards."""
    source = corpus / document.path
    # Outside of any repository, whose settings some tools would take for their output's.
    folder = Path(tempfile.mkdtemp(prefix=f"{tool.key}-"))
    described = operations_of(source)
    ended = generate(tool, source, folder)
    values: dict[str, Any] = {}
    for options in tool.advised:
        if ended.code:
            shutil.rmtree(folder)
            ended, values["is_advised"] = generate(tool, source, folder, options), True
    values |= {"generate": _failure(ended), "cpu": ended.cpu}
    if not values["generate"]:
        values["present"] = len(tool.operations(folder) & described)
        project = folder / tool.below
        package = tool.package or package_of(project)
        importing = [str(tool.python(client=True)), "-c", _IMPORT_ALL, package]
        values["imports"] = _failure(run(importing, project))
        values["types"] = _failure(_mypy(tool, project, package))
    shutil.rmtree(folder, ignore_errors=True)
    return DocumentResult(tool.key, document.path, len(described), **values)


def generate(
    tool: Tool,
    source: Path,
    folder: Path,
    extra: Iterable[str] = (),
    environment: Mapping[str, str] | None = None,
) -> Ended:
    """Run a tool as documented, into a folder that may exist."""
    folder.mkdir(parents=True, exist_ok=True)
    if tool.prepare is not None:
        tool.prepare(source, folder)
    return run([*tool.command(source, folder), *extra], folder, environment)


def operations_of(source: Path) -> set[tuple[str, str]]:
    """Method and path of each operation that a document describes, as ``Tool.operations``."""
    text = source.read_text(encoding="utf-8")
    root = json.loads(text) if source.suffix == ".json" else yaml.load(text, yaml.CSafeLoader)
    return {(one.method, bare(one.path)) for one in endpoints(root)}


def package_of(folder: Path) -> str:
    """The one package in a project that was generated."""
    (found,) = (path.parent.name for path in folder.glob("*/__init__.py"))
    return found


def _mypy(tool: Tool, folder: Path, package: str) -> Ended:
    """mypy with its own defaults, the client's dependencies as they are installed."""
    # A cache of its own: most clients are packages of one name, and mypy would mix them up.
    cache = str(folder / ".mypy_cache")
    return run(
        [
            *(sys.executable, "-m", "mypy", "--config-file=", "--package", package),
            *("--python-executable", str(tool.python(client=True)), "--cache-dir", cache),
        ],
        folder,
    )


def _failure(ended: Ended) -> str:
    if ended.code is None:
        return "took too long"
    said = " ".join(ended.output.split())
    return "" if ended.code == 0 else f"exit code {ended.code}: {said[:200]} … {said[-200:]}"
