"""Decisions and delays of retries, as numbers."""

from __future__ import annotations

from typing import Any

import pytest

from specloom.runtime.delays import asked_delay
from specloom.runtime.errors import ConfigurationError
from specloom.runtime.retries import DEFAULT_RETRIES, Retries, RetryBudget

NOW = 1_714_521_600.0  # 2024-05-01T00:00:00Z


@pytest.mark.parametrize(
    ("taken", "delay"), [(0, 0.5), (1, 1), (2, 2), (3, 4), (4, 8), (5, 8), (99, 8)]
)
def test_waits_double_up_to_eight_seconds(taken: int, delay: float) -> None:
    assert DEFAULT_RETRIES.backoff(taken, lambda: 0.0) == delay
    assert DEFAULT_RETRIES.backoff(taken, lambda: 1.0) == delay * 0.75


@pytest.mark.parametrize(
    ("status", "advice", "expected"),
    [
        (400, None, False),
        (404, None, False),
        (408, None, True),
        (409, None, True),
        (429, None, True),
        (500, None, True),
        (503, "false", False),
        (404, "true", True),
        (404, "maybe", False),
    ],
)
def test_which_statuses_are_tried_again(status: int, advice: str | None, expected: bool) -> None:
    headers = {} if advice is None else {"x-should-retry": advice}
    assert DEFAULT_RETRIES.is_retryable(status, headers) is expected


@pytest.mark.parametrize(
    ("status", "advice", "expected"),
    [(429, None, True), (429, "false", False), (500, None, False), (500, "true", False)],
)
def test_statuses_of_the_caller_count(status: int, advice: str | None, expected: bool) -> None:
    headers = {} if advice is None else {"x-should-retry": advice}
    assert Retries(statuses={429}).is_retryable(status, headers) is expected


def test_waits_of_the_caller() -> None:
    patient = Retries(first_delay=2, max_delay=60, jitter=0)
    assert [patient.backoff(taken, lambda: 1.0) for taken in (0, 1, 4, 5, 999)] == [
        2,
        4,
        32,
        60,
        60,
    ]


def test_methods_know_no_case() -> None:
    assert Retries(methods=["get"]).repeats("GET")
    assert not Retries(methods=["get"]).repeats("POST")
    assert Retries().repeats("POST")


def test_a_budget_is_spent_and_refilled_up_to_its_capacity() -> None:
    budget = RetryBudget(2, refill=0.5)
    assert [budget.take(), budget.take(), budget.take()] == [True, True, False]
    budget.succeed()
    assert not budget.take()
    budget.succeed()
    assert budget.take()
    for _ in range(9):
        budget.succeed()
    assert budget.left == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"statuses": 429},
        {"statuses": ["429"]},
        {"statuses": {42}},
        {"methods": "GET"},
        {"methods": {1}},
        {"first_delay": -1},
        {"max_delay": float("inf")},
        {"max_server_delay": None},
        {"jitter": 1.1},
        {"jitter": True},
        {"budget": 10},
        {"on_retry": "print"},
    ],
)
def test_wrong_values_are_refused_when_given(wrong: dict[str, Any]) -> None:
    name, value = next(iter(wrong.items()))
    with pytest.raises(ConfigurationError, match=f"Expected {name} to be"):
        Retries(**{name: value})


@pytest.mark.parametrize("wrong", [-1, float("nan"), "10"])
def test_wrong_budgets_are_refused(wrong: Any) -> None:
    with pytest.raises(ConfigurationError, match="Expected capacity"):
        RetryBudget(wrong)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"retry-after": "20"}, 20.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "250", "retry-after": "20"}, 0.25),
        ({"retry-after-ms": "soon", "retry-after": "20"}, 20.0),
        ({"retry-after": "Wed, 01 May 2024 00:00:30 GMT"}, 30.0),
        ({"retry-after": "Tue, 30 Apr 2024 00:00:00 GMT"}, 0.0),
        ({"retry-after": "120"}, 120.0),
        ({"retry-after": "3600"}, 3600.0),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "tomorrow"}, None),
        ({"retry-after": "Mon, 01 Jan 0001 00:00:00 -0000"}, 0.0),
    ],
)
def test_what_the_server_asks(headers: dict[str, str], expected: float | None) -> None:
    assert asked_delay(headers, NOW) == expected


def test_a_header_of_the_api_comes_first() -> None:
    headers = {"x-poll-after-ms": "300", "retry-after": "20"}
    assert asked_delay(headers, NOW, "x-poll-after-ms") == 0.3
    assert asked_delay({"x-wait": "4"}, NOW, "x-wait") == 4
    assert asked_delay({"retry-after": "20"}, NOW, "x-wait") == 20
