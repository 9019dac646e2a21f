"""The table of hostile suites in docs/runtime.md has their numbers of cases."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
ROW = re.compile(r"^\|.*\| `([\w/]+\.py)` \| (\d+) \| (\d+) \|$", re.MULTILINE)


def test_the_table_has_the_numbers_of_cases(request: pytest.FixtureRequest) -> None:
    config = request.config
    if config.option.keyword or config.option.markexpr or any("::" in each for each in config.args):
        pytest.skip("only some cases of a suite were asked for")
    seeds = int(os.environ.get("HOSTILE_SEEDS", "1"))
    paths = [Path(str(each.path)) for each in request.session.items]
    rows = ROW.findall((ROOT / "docs" / "runtime.md").read_text(encoding="utf-8"))
    assert len(rows) > 10
    for suite, one_seed, five_seeds in rows:
        found = paths.count(ROOT / "tests" / "functional" / suite)
        step = (int(five_seeds) - int(one_seed)) // 4
        if found:  # else this run is one of other suites
            assert found == int(one_seed) + step * (seeds - 1), suite
