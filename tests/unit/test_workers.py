"""Processes that share work: the same results in the same order, whoever has done it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from specloom.classes import models
from specloom.options import BuildOptions
from specloom.pipeline import build
from specloom.workers import Workers, one_for_each_processor
from specloom.writing import format
from support.shared_work import inverse, squared_elsewhere, who_squares

pytestmark = pytest.mark.slow

SPEC = Path(__file__).parents[2] / "spec" / "assistants.yaml"
LIB = SPEC.with_name("lib")


@pytest.fixture
def two() -> Iterator[Workers]:
    workers = Workers(2)
    yield workers
    workers.close()


def test_much_work_is_done_elsewhere_and_comes_back_in_order(two: Workers) -> None:
    done = list(two.map(who_squares, range(20), is_much=True))
    assert [square for square, _ in done] == [number * number for number in range(20)]
    assert os.getpid() not in {process for _, process in done}


@pytest.mark.parametrize(
    ("count", "parts", "is_much"), [(2, 5, False), (1, 5, True), (2, 1, True), (2, 0, True)]
)
def test_what_is_not_worth_a_process_is_done_here(count: int, parts: int, is_much: bool) -> None:
    done = list(Workers(count).map(who_squares, range(parts), is_much=is_much))
    assert done == [(number * number, os.getpid()) for number in range(parts)]


def test_what_is_left_of_dead_workers_is_done_here(two: Workers) -> None:
    parts = [(number, os.getpid()) for number in range(4)]
    assert list(two.map(squared_elsewhere, parts, is_much=True)) == [0, 1, 4, 9]
    # They are not asked again.
    assert list(two.map(who_squares, [3, 4], is_much=True)) == [(9, os.getpid()), (16, os.getpid())]


def test_an_error_elsewhere_is_one_here(two: Workers) -> None:
    with pytest.raises(ZeroDivisionError):
        list(two.map(inverse, [1, 0], is_much=True))


def test_there_is_one_for_each_processor_that_the_process_may_use() -> None:
    may_use = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(8)
    with one_for_each_processor() as workers:
        assert workers.count == min(8, len(may_use))


def test_shared_work_gives_the_same_bytes(two: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    options = BuildOptions(include=LIB)
    alone = build(SPEC, options).files
    monkeypatch.setattr(format, "_MUCH", 0)
    monkeypatch.setattr(models, "_AT_ONCE", 20)
    assert build(SPEC, options, workers=two).files == alone
