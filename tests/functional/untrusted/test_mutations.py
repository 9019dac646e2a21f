"""Randomly broken real descriptions: each is generated, or refused with a place.

The default is a fixed set of two hundred; `pytest --exhaustive` tries many thousands of random
ones.
"""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from specloom import pipeline
from specloom.errors import SpecError
from specloom.options import BuildOptions
from support.mutations import mutated
from support.untrusted import faults

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
CORPUS = ROOT.parent / "shared/corpus"
OWN = [*ROOT.glob("tests/functional/*/*.yaml"), *ROOT.glob("tests/golden/*/spec.yaml")]
LARGEST = 60_000
"""The maximum size in bytes of a description that is mutated repeatedly."""


def read(path: Path) -> Any:
    """A description as JSON values; None if it is not JSON."""
    try:
        document = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
        # YAML's dates and integer keys are what JSON does not know.
        found = json.loads(json.dumps(document, default=str))
    except (UnicodeDecodeError, yaml.YAMLError, TypeError, ValueError):
        return None
    return found if isinstance(found, dict) and "openapi" in found else None


def outcome(document: Any) -> str:
    """The result for a description: the text of a failure, if there is one."""
    options = BuildOptions(unsaved=json.dumps(document))
    try:
        result: Any = pipeline.build(ROOT / "spec.json", options).files
    except SpecError as error:
        result = error
    return "\n".join(faults(result, ROOT / "generated"))


def hold(request: pytest.FixtureRequest, documents: list[Any], examples: int) -> None:
    """Mutate the documents, this many times."""
    is_exhaustive = request.config.getoption("--exhaustive")

    @settings(
        max_examples=examples * 100 if is_exhaustive else examples,
        derandomize=not is_exhaustive,
        deadline=timedelta(minutes=2),
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.sampled_from(documents), st.integers(0, 2**32))
    def broken(document: Any, seed: int) -> None:
        assert not outcome(mutated(document, Random(seed)))

    broken()


def test_small_descriptions_of_this_project(request: pytest.FixtureRequest) -> None:
    documents = [read(path) for path in sorted(OWN) if path.stat().st_size < LARGEST]
    hold(request, [one for one in documents if one is not None], 200)


def test_the_assistants_description(request: pytest.FixtureRequest) -> None:
    hold(request, [read(ROOT / "spec/assistants.yaml")], 3)


def test_descriptions_of_the_corpus(request: pytest.FixtureRequest) -> None:
    if not CORPUS.is_dir():
        pytest.skip("there is no corpus beside the project")
    paths = [path for path in sorted(CORPUS.glob("*/*.*")) if path.stat().st_size < LARGEST]
    hold(request, [one for path in paths[::4] if (one := read(path)) is not None], 60)
