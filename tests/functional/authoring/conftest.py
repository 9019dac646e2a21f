"""An empty folder as the current one, and SDKs of descriptions in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from functional.authoring.adding import Generate
from specloom.options import BuildOptions
from support.examples import LIB
from support.generated import Sdk, forget, generate_sdk


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def generate(folder: Path) -> Iterator[Generate]:
    made: list[Sdk] = []

    def run(spec: str = "shop.yaml") -> Sdk:
        made.append(generate_sdk(folder / spec, folder / "sdk", BuildOptions(include=LIB)))
        return made[-1]

    yield run
    for sdk in made:
        forget(sdk)
