"""A build with a cache gives the same output as a build without one."""

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

from specloom.errors import SpecError
from specloom.options import BuildOptions
from specloom.output.folder import apply, plan_output
from specloom.pipeline import build
from support.mutations import mutated

SHOP: Any = yaml.safe_load((Path(__file__).parent / "spec.yaml").read_text())


def files_of(document: object, folder: Path, *, is_warm: bool) -> dict[str, str]:
    """The files of a description, with or without the cache of an output folder."""
    options = BuildOptions(unsaved=json.dumps(document), formatter="ruff")
    return build(folder / "spec.json", options, cached_in=folder if is_warm else None).files


def test_successive_edits_equal_a_first_build(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> None:
    is_exhaustive = request.config.getoption("--exhaustive")

    @settings(
        max_examples=500 if is_exhaustive else 6,
        derandomize=not is_exhaustive,
        deadline=timedelta(minutes=5),
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, 2**32))
    def edited_often(seed: int) -> None:
        random, folder = Random(seed), tmp_path_factory.mktemp("shop")
        document = SHOP
        for _ in range(5):
            changed = mutated(document, random)
            try:
                cold = files_of(changed, folder, is_warm=False)
            except SpecError:
                continue
            assert files_of(changed, folder, is_warm=True) == cold
            apply(plan_output(cold, folder), force=True)
            document = changed

    edited_often()
