"""Whether and when; numbers only."""

from __future__ import annotations

import pytest

from specloom.runtime.delays import asked_delay
from specloom.runtime.sending.retry import backoff, is_retryable

NOW = 1_714_521_600.0  # 2024-05-01T00:00:00Z


@pytest.mark.parametrize(
    ("taken", "delay"), [(0, 0.5), (1, 1), (2, 2), (3, 4), (4, 8), (5, 8), (99, 8)]
)
def test_waits_double_up_to_eight_seconds(taken: int, delay: float) -> None:
    assert backoff(taken, lambda: 0.0) == delay
    assert backoff(taken, lambda: 1.0) == delay * 0.75


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
    assert is_retryable(status, headers) is expected


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
