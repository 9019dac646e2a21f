"""Generates SDKs from descriptions, imports them and calls them over a real server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from support.generated import Sdk, forget, generate_sdk
from support.loopback import Loopback, serving


@pytest.fixture
def server() -> Iterator[Loopback]:
    """A scripted server."""
    with serving() as loopback:
        yield loopback


@pytest.fixture
def generate(tmp_path: Path) -> Iterator[Callable[[str | Path], Sdk]]:
    """Makes an SDK from a description's text, or from its file."""
    made: list[Sdk] = []

    def make(spec: str | Path) -> Sdk:
        if isinstance(spec, str):
            path = tmp_path / f"spec{len(made)}.yaml"
            path.write_text(dedent(spec), encoding="utf-8")
            spec = path
        made.append(generate_sdk(spec, tmp_path / f"sdk{len(made)}"))
        return made[-1]

    yield make
    for sdk in made:
        forget(sdk)


@pytest.fixture(scope="module")
def sdk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sdk]:
    """The SDK of the ``spec.yaml`` beside the test, generated once for each module."""
    made = generate_sdk(request.path.parent / "spec.yaml", tmp_path_factory.mktemp("sdk"))
    yield made
    forget(made)
