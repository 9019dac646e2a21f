"""Stores the results of earlier runs, so that an interrupted run continues."""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from pathlib import Path
from typing import Any

from e2e.corpus.index import Document
from e2e.corpus.outcomes import STEPS, Outcome, Step, from_json

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / ".corpus"
_WHAT_DECIDES = ("generator/specloom", "templates", "tests/e2e/corpus", "tests/support")


class State:
    """Outcomes by document; one line of JSON each in a file that only ever grows.

    A line counts as long as neither the document nor anything that decides its outcome changed.
    """

    def __init__(self, path: Path, corpus: Path, *, fresh: bool = False) -> None:
        self._path = path
        self._corpus = corpus
        self._tool = tool_digest()
        path.parent.mkdir(parents=True, exist_ok=True)
        if fresh:
            path.unlink(missing_ok=True)

    def known(self, document: Document, last: Step) -> Outcome | None:
        """The stored outcome of an unchanged document, if it reached the step ``last``."""
        values = self._lines.get(document.path)
        if values is None or values["key"] != self._key(document.path):
            return None
        is_enough = STEPS.index(values["last"]) >= STEPS.index(last)
        return from_json(values["outcome"]) if is_enough else None

    def add(self, last: Step, outcome: Outcome) -> None:
        """Store the outcome of a run up to the step ``last``."""
        key = self._key(outcome.document)
        values = {"key": key, "last": last, "outcome": outcome.to_json()}
        with self._path.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(values) + "\n")

    def _key(self, document: str) -> str:
        content = (self._corpus / document).read_bytes()
        return f"{self._tool}-{hashlib.sha256(content).hexdigest()}"

    @cached_property
    def _lines(self) -> dict[str, dict[str, Any]]:
        """The last line of each document."""
        if not self._path.exists():
            return {}
        lines = map(json.loads, self._path.read_text("utf-8").splitlines())
        return {values["outcome"]["document"]: values for values in lines}


def tool_digest() -> str:
    """A digest of everything that decides what becomes of a document."""
    digest = hashlib.sha256()
    for folder in _WHAT_DECIDES:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.relative_to(ROOT).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()
