"""A server may add a value to any enum: it is read, kept and written back."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from support.generated import Sdk
from support.loopback import Loopback
from support.typecheck import mypy_errors

NEW = {
    "status": "paused",
    "state": "paused",
    "previous": ["queued", "paused"],
    "by_region": {"eu": "up", "us": "sideways"},
    "priority": 13,
    "ratio": 0.75,
    "outcome": "ugly",
}


def test_new_values_are_read_kept_and_written(sdk: Sdk, server: Loopback) -> None:
    server.answer(NEW)
    job = sdk.client(server.base_url).jobs.retrieve("1")
    assert {name: getattr(job, name) for name in NEW} == NEW
    assert job.to_dict() == NEW


def test_new_values_break_no_contract(
    sdk: Sdk, server: Loopback, caplog: pytest.LogCaptureFixture
) -> None:
    server.answer(NEW)
    job = sdk.client(server.base_url, strict=True).jobs.retrieve("1")
    assert job.status == "paused"
    assert caplog.records == []


def test_a_list_of_enum_values_takes_new_ones(sdk: Sdk, server: Loopback) -> None:
    server.answer(["queued", "paused"])
    assert sdk.client(server.base_url, strict=True).states.list() == ["queued", "paused"]


def test_async_client_reads_the_same(sdk: Sdk, server: Loopback) -> None:
    server.answer({"status": "paused"})

    async def read() -> Any:
        async with sdk.async_client(server.base_url, strict=True) as client:
            return await client.jobs.retrieve("1")

    assert asyncio.run(read()).to_dict() == {"status": "paused"}


def test_known_values_are_offered_and_typos_found(sdk: Sdk) -> None:
    snippet = """
        from typing import Literal, assert_type
        from queue_sdk import Queue

        def check(client: Queue) -> None:
            job = client.jobs.create(priority=5, mode="fast", region="mars")
            client.jobs.create(priority=4)  # type: ignore[arg-type]
            client.jobs.create(priority=1, mode="fsat")  # type: ignore[arg-type]
            assert_type(job.status, Literal["queued", "done"] | str)
            assert_type(job.ratio, Literal["auto"] | float | None)
            assert_type(job.outcome, Literal["good", "bad"] | str | None)
    """
    assert mypy_errors(sdk, snippet) == []
