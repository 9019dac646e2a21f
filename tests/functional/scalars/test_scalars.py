"""Scalars that JSON lacks are sent in their usual text; others are refused."""

from __future__ import annotations

import json
import logging
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

import pytest

from support.generated import Sdk
from support.loopback import Loopback


class Colour(Enum):
    """An enum whose ``str`` is not its value."""

    RED = "red"


TEXTS: list[tuple[Any, str]] = [
    (UUID(int=5), "00000000-0000-0000-0000-000000000005"),
    (Decimal("1.10"), "1.10"),
    (Decimal("1E+3"), "1000"),
    (Decimal("0.00000001"), "0.00000001"),
    (PurePosixPath("a/b"), "a/b"),
    (time(5, 30), "05:30:00"),
    (date(2024, 1, 2), "2024-01-02"),
    (datetime(2024, 1, 2, tzinfo=UTC), "2024-01-02T00:00:00Z"),
    (timedelta(days=1, hours=2), "P1DT2H"),
    (Colour.RED, "red"),
]
REFUSED: list[Any] = [
    float("nan"),
    float("inf"),
    Decimal("NaN"),
    datetime(2024, 1, 2),
]


def ids(value: object) -> str:
    return repr(value)


@pytest.mark.parametrize(("value", "text"), TEXTS, ids=ids)
def test_usual_text_everywhere(value: Any, text: str, sdk: Sdk, server: Loopback) -> None:
    for _ in range(3):
        server.answer({})
    client = sdk.client(server.base_url)
    client.s.retrieve(value, value=value, values=[value], x_value=value)
    sent = server.last
    assert sent.path == "/s/" + text.replace("/", "%2F").replace(":", "%3A")
    assert sent.query == [("value", text), ("values", text)]
    assert sent.headers["X-Value"] == text
    client.json.send(value=value, values=[value], one={"deep": value})
    assert server.last.json == {"value": text, "values": [text], "one": {"deep": text}}
    client.form.create(value=value)
    assert server.last.body.decode() == "value=" + text.replace("/", "%2F").replace(":", "%3A")


def test_a_decimal_is_a_number_where_the_description_has_one(sdk: Sdk, server: Loopback) -> None:
    fine = Decimal("-1234567890.12345678901234567890")
    for _ in range(3):
        server.answer(status=204)
    numbers = sdk.client(server.base_url).numbers
    numbers.send(
        price=Decimal("1.10"),
        limit=fine,
        count=Decimal("5"),
        money=Decimal("1.10"),
        label=Decimal("2"),
        rates={"EUR": Decimal("0.5"), "label": Decimal("1E+2")},
        rows=[{"weight": Decimal("2.50"), "under": [{"weight": Decimal("3"), "code": fine}]}],
        any={"price": Decimal("4"), "other": Decimal("5.0")},
    )
    assert server.last.body.decode() == (
        '{"price":1.10,"limit":-1234567890.12345678901234567890,"count":5,"money":"1.10","label":"2",'
        '"rates":{"EUR":0.5,"label":100},'
        f'"rows":[{{"weight":2.50,"under":[{{"weight":3,"code":"{fine}"}}]}}],'
        '"any":{"price":4,"other":"5.0"}}'
    )
    numbers.list(body=(Decimal("0.1"), 2, Decimal("3.00")))
    assert server.last.body == b"[0.1,2,3.00]"
    with pytest.raises(ValueError, match="Expected a finite number, not Infinity"):
        numbers.send(price=Decimal("Infinity"))
    itself: list[Any] = [Decimal(1)]
    itself.append(itself)
    with pytest.raises(TypeError, match="a value that does not contain itself"):
        numbers.list(body=itself)
    with pytest.raises(ValueError, match="Expected bytes of UTF-8 text"):
        numbers.list(body=[b"\xff"])


def test_sets_are_arrays(sdk: Sdk, server: Loopback) -> None:
    server.answer({})
    server.answer(status=204)
    client = sdk.client(server.base_url)
    client.s.retrieve("k", values={"b", "a"})
    assert server.last.raw_query == "values=a&values=b"
    client.json.send(values=frozenset({"b", "a"}))
    assert server.last.json == {"values": ["a", "b"]}


@pytest.mark.parametrize("value", REFUSED, ids=ids)
def test_what_has_no_text_is_refused(value: Any, sdk: Sdk, server: Loopback) -> None:
    client = sdk.client(server.base_url)
    for call in (
        lambda: client.s.retrieve("k", value=value),
        lambda: client.s.retrieve(value),
        lambda: client.s.retrieve("k", x_value=value),
        lambda: client.json.send(value=value),
        lambda: client.json.send(one={"deep": [value]}),
        lambda: client.form.create(value=value),
    ):
        with pytest.raises(
            ValueError, match=r"Expected a (finite number|datetime with a time zone)"
        ):
            call()
    assert server.received == []


def test_a_text_that_looks_like_no_number_is_sent(sdk: Sdk, server: Loopback) -> None:
    server.answer(status=204)
    sdk.client(server.base_url).json.send(value="NaN or -Infinity")
    assert server.last.json == {"value": "NaN or -Infinity"}


def test_dates_and_date_times_are_not_each_other(sdk: Sdk, server: Loopback) -> None:
    client = sdk.client(server.base_url)
    noon = datetime(2024, 1, 2, 12, tzinfo=UTC)
    for call in (
        lambda: client.s.retrieve("k", day=noon),
        lambda: client.s.retrieve("k", days=[noon]),
        lambda: client.json.send(day=noon),
        lambda: client.json.send(days=[noon]),
        lambda: client.json.send(holidays={"may": noon}),
        lambda: client.json.send(end=noon),
        lambda: client.json.send(one={"inner": {"born": noon}}),
        lambda: client.days.send(body=[noon]),
    ):
        with pytest.raises(ValueError, match=r"Expected a date for `\w+`.*give value.date\(\)"):
            call()
    with pytest.raises(ValueError, match=r"Expected a date-time for `since`.*give a datetime"):
        client.s.retrieve("k", since=date(2024, 1, 2))
    with pytest.raises(ValueError, match=r"Expected a date-time for `at`.*give a datetime"):
        client.json.send(one={"at": date(2024, 1, 2)})
    assert server.received == []
    server.answer(status=204)
    client.json.send(when=noon, one={"at": noon, "born": noon.date()})
    assert server.last.json["when"] == "2024-01-02T12:00:00Z"


def test_whole_floats_are_integers(
    sdk: Sdk, server: Loopback, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "scalars_sdk")
    body = (
        b'{"count": 1.0, "counts": [1e3, 2], "price": 2.0, "label": 3.0, "inner": {"count": 4.0}}'
    )
    for _ in range(2):
        server.answer(body, content_type="application/json")
    found = sdk.client(server.base_url, strict=True).s.retrieve("k")
    read = (found.count, found.counts, found.price, found.label, found.inner.count)
    assert read == (1, [1000, 2], 2.0, 3, 4)
    assert [type(each) for each in (found.count, found.price, found.label)] == [int, float, int]
    assert found.to_dict() == json.loads(body)
    assert "not as described" not in caplog.text


def test_a_naive_datetime_round_trips(sdk: Sdk, server: Loopback) -> None:
    server.answer({"at": "2024-01-02T00:00:00"})
    server.answer(status=204)
    client = sdk.client(server.base_url)
    found = client.s.retrieve("k")
    assert found.at == datetime(2024, 1, 2)
    client.json.send(one=found)
    assert server.last.json == {"one": {"at": "2024-01-02T00:00:00"}}


def test_read_only_fields_are_not_sent_back(sdk: Sdk, server: Loopback) -> None:
    body = {"id": "1", "count": 2, "inner": {"id": "3", "new": True}}
    server.answer(body)
    server.answer(status=204)
    server.answer(status=204)
    client = sdk.client(server.base_url)
    found = client.s.retrieve("k")
    assert found.to_dict() == body
    client.json.send(one=found)
    assert server.last.json == {"one": {"count": 2, "inner": {"new": True}}}
    client.json.send(extra_body={"all": [found]})
    assert server.last.json == {"all": [{"count": 2, "inner": {"new": True}}]}
