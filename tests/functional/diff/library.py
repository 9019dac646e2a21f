"""The description of spec.yaml, and its changes in cases.yaml."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from specloom.api_diff.kinds import KINDS

HERE = Path(__file__).parent
SPEC = (HERE / "spec.yaml").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Case:
    """Texts to replace, and the expected diff: code and subject of every change."""

    name: str
    edits: tuple[tuple[str, str], ...]
    found: tuple[str, ...]

    @property
    def codes(self) -> list[str]:
        """The kinds of change."""
        return [line.partition(" ")[0] for line in self.found]

    @property
    def is_breaking(self) -> bool:
        """Whether a change of the case is breaking."""
        return any(KINDS[code].bump == "major" for code in self.codes)

    def fits(self, text: str) -> bool:
        """Whether the texts to replace exist."""
        return all(old in text for old, _ in self.edits)


def _case(entry: dict[str, Any]) -> Case:
    edits = {entry["old"]: entry["new"], **entry.get("and", {})}
    # A block that begins with spaces has to begin with something else in YAML.
    plain = [(old.removeprefix("#\n"), new.removeprefix("#\n")) for old, new in edits.items()]
    return Case(entry["case"], tuple(plain), tuple(entry["found"]))


CASES = [_case(entry) for entry in yaml.safe_load((HERE / "cases.yaml").read_text("utf-8"))]


def edited(*cases: Case, text: str = SPEC) -> str:
    """The description with the changes of these cases."""
    for old, new in (edit for case in cases for edit in case.edits):
        assert old in text
        text = text.replace(old, new)
    return text


def together(cases: Iterable[Case]) -> tuple[list[Case], str]:
    """The cases that can be combined, and the combined description."""
    text, had = SPEC, list[Case]()
    for case in cases:
        if case.fits(text):
            text, had = edited(case, text=text), [*had, case]
    return had, text
