"""The arithmetic of the benchmarks and their report, on figures made up here."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from datetime import date
from math import inf
from pathlib import Path

import pytest

from bench import payloads, report
from bench.__main__ import _measured
from bench.cases import ROWS
from bench.environments import requirements
from bench.measure import Goal, Samples, interleaved, ratio, spread
from bench.report import Result
from bench.rows import SCRIPTS, Bench, Row
from bench.runners import Fresh

SAMPLES: Samples = {
    "sdk": [1e-3, 2e-3, 9e-3],
    "openai": [10e-3, 20e-3, 30e-3],
    "bare": [0.5e-3, 0.5e-3, 0.5e-3],
}


class Fake:
    """A side that says what it is told, and in which order the sides were asked."""

    def __init__(self, name: str, asked: list[str]) -> None:
        self._name = name
        self._asked = asked

    def sample(self) -> float:
        self._asked.append(self._name)
        return float(len(self._asked))

    def close(self) -> None:
        """Nothing is open."""


def row(*goals: Goal) -> Row:
    return Row("decode", "Read a list", "ms", "By hand.", {}, goals)


def test_a_side_that_fails_leaves_its_row_unmeasured(tmp_path: Path) -> None:
    command = (sys.executable, "-c", "import sys; sys.exit('no such option')")
    row = Row("x", "X", "s", "-", {"a": lambda _: Fresh(command, {}, "cpu", tmp_path)}, ())
    result = _measured(row, Bench("", tmp_path, tmp_path, {}), 1)
    assert (result.samples, result.reason) == ({}, "no such option")


def test_the_sides_take_turns() -> None:
    asked: list[str] = []
    samples = interleaved({name: Fake(name, asked) for name in "AB"}, 3)
    assert "".join(asked) == "ABABAB"
    assert samples == {"A": [1, 3, 5], "B": [2, 4, 6]}


def test_a_ratio_compares_values_of_the_same_round() -> None:
    assert ratio(SAMPLES, "sdk", "openai") == pytest.approx(0.1)
    assert ratio(SAMPLES, "openai", "sdk") == pytest.approx(10)


def test_memory_that_was_there_before_has_a_ratio() -> None:
    assert ratio({"sdk": [0.0], "sdk again": [0.0]}, "sdk", "sdk again") == 1
    assert ratio({"sdk": [0.0], "openai": [8.0]}, "openai", "sdk") == inf


def test_the_spread_is_that_of_the_middle_half() -> None:
    assert spread([0.0, 0.0, 1.0]) == 0
    assert spread([1.0, 2.0, 3.0, 4.0, 5.0]) == pytest.approx(2 / 3)
    assert spread([1.0]) == 0


@pytest.mark.parametrize(
    ("goal", "value", "met"),
    [
        (Goal(2e-3), 2e-3, True),
        (Goal(1.9e-3), 2e-3, False),
        (Goal(1.5e-3, above="bare"), 1.5e-3, True),
        (Goal(0.1, to="openai"), 0.1, True),
        (Goal(0.09, to="openai"), 0.1, False),
    ],
)
def test_a_goal_is_met_up_to_its_limit(goal: Goal, value: float, met: bool) -> None:
    assert goal.figure(SAMPLES) == pytest.approx(value)
    assert goal.is_met(SAMPLES) is met


@pytest.mark.parametrize(
    ("value", "text"), [(1.234e-3, "1.23 ms"), (12.34e-3, "12.3 ms"), (1.234, "1,234 ms")]
)
def test_figures_have_three_digits(value: float, text: str) -> None:
    assert report.figure(value, "ms") == text


def test_the_report_says_which_goals_are_missed() -> None:
    goals = (Goal(0.2, to="openai"), Goal(1e-3), Goal(1.0, to="nobody"))
    result = Result(row(*goals), SAMPLES)
    assert list(report.verdicts([result])) == [
        "met: Read a list: at most 0.2 x openai; it is 0.1 x",
        "MISSED: Read a list: at most 1.00 ms; it is 2.00 ms",
        "not measured: Read a list: at most 1 x nobody",
    ]
    page = report.page([result, Result(row(), {}, "no corpus")], 3, date(2026, 1, 2))
    assert "1 of 3 goals missed." in page
    assert "| openai | 20.0 ms | 10.00 x | 50% |" in page
    assert "Not measured: no corpus." in page
    assert "2026-01-02" in page


def test_every_goal_is_about_sides_that_its_row_has() -> None:
    for each in ROWS:
        assert each.goals
        assert all(goal.is_measured(dict.fromkeys(each.sides, (1.0,))) for goal in each.goals)


@pytest.mark.parametrize("name", SCRIPTS)
def test_everything_in_an_environment_is_pinned(name: str) -> None:
    lines: Sequence[str] = requirements(name).splitlines()
    assert lines
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines)


def test_what_the_server_sends_has_the_sizes_that_the_rows_tell() -> None:
    assert payloads.list_of_runs().count(b'"thread.run"') == payloads.RUNS
    stream = payloads.stream_of_events()
    assert stream.count(b"event: thread.message.delta\n") == payloads.EVENTS
    assert stream.endswith(b"data: [DONE]\n\n")


def test_a_tool_with_many_warnings_is_measured(tmp_path: Path) -> None:
    command = (sys.executable, "-c", "import sys; sys.stderr.write('x' * 500_000); print('7')")
    assert Fresh(command, {}, "memory", tmp_path).sample() == 7.0
