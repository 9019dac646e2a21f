"""What earlier runs found, so that a run that was stopped goes on where it was."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

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

    def known(self, last: Step) -> dict[str, Outcome]:
        """The outcomes of this tool for documents as they are, that went as far as ``last``."""
        found: dict[str, Outcome] = {}
        for line in self._lines():
            values = json.loads(line)
            if values["tool"] == self._tool and STEPS.index(values["last"]) >= STEPS.index(last):
                found[values["outcome"]["document"]] = from_json(values["outcome"])
        return found

    def add(self, last: Step, outcome: Outcome) -> None:
        """Note the outcome of a run that was asked to go as far as ``last``."""
        values = {"tool": self._tool, "last": last, "outcome": outcome.to_json()}
        with self._path.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(values) + "\n")

    def _lines(self) -> list[str]:
        if not self._path.exists():
            return []
        return self._path.read_text("utf-8").splitlines()


def tool_digest() -> str:
    """A digest of everything that decides what becomes of a document."""
    digest = hashlib.sha256()
    for folder in _WHAT_DECIDES:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(path.relative_to(ROOT).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()
