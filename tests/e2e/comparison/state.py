"""Stores the results of earlier runs, so that an interrupted run continues."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from e2e.comparison.tools import REQUIREMENTS, Tool
from e2e.corpus.state import ROOT

# What decides of a result besides the requirements of the tool; for ours, specloom itself.
_COMMON = ("documents.py", "processes.py", "tools.py")
_OURS = ("generator/specloom", "templates")


class State:
    """Results by tool and document; one line of JSON each in a file that only ever grows."""

    def __init__(self, path: Path, corpus: Path, *, fresh: bool = False) -> None:
        self._path = path
        self._corpus = corpus
        path.parent.mkdir(parents=True, exist_ok=True)
        if fresh:
            path.unlink(missing_ok=True)
        self._digests: dict[str, str] = {}
        self._lines = self._read()

    def known(self, tool: Tool, document: str) -> dict[str, Any] | None:
        """The stored result, if the document, the tool and the comparison are unchanged."""
        line = self._lines.get((tool.key, document))
        is_valid = line is not None and line["key"] == self._key(tool, document)
        return line["result"] if line is not None and is_valid else None

    def add(self, tool: Tool, document: str, result: dict[str, Any]) -> None:
        """Store a result."""
        line = {"key": self._key(tool, document), "result": result}
        with self._path.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line) + "\n")

    def _key(self, tool: Tool, document: str) -> str:
        if tool.key not in self._digests:
            self._digests[tool.key] = _digest(tool)
        content = (self._corpus / document).read_bytes()
        return f"{self._digests[tool.key]}-{hashlib.sha256(content).hexdigest()}"

    def _read(self) -> dict[tuple[str, str], dict[str, Any]]:
        if not self._path.exists():
            return {}
        lines = map(json.loads, self._path.read_text("utf-8").splitlines())
        return {(line["result"]["tool"], line["result"]["document"]): line for line in lines}


def _digest(tool: Tool) -> str:
    paths = [Path(__file__).with_name(name) for name in _COMMON]
    if tool.is_ours:
        for folder in _OURS:
            found = sorted((ROOT / folder).rglob("*"))
            paths += [path for path in found if path.is_file() and "__pycache__" not in path.parts]
    else:
        paths += sorted(REQUIREMENTS.glob(f"{tool.key}*.txt"))
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()
