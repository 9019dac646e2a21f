"""Tools that replace HTTP calls see the calls of an SDK: pytest-httpx2."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest

from functional.runtime.sample import INFO, AsyncSample, Sample
from specloom.runtime import errors

respx = pytest.importorskip("respx", reason="pytest-httpx2 is not installed")
pytest.importorskip("pytest_httpx2", reason="pytest-httpx2 is not installed")
BASE = "https://api.test"
RUN = {"id": "r1", "status": "done"}


@pytest.mark.parametrize("http_client", [httpx2.Client, lambda: None], ids=["own", "default"])
def test_pytest_httpx2_sees_sync_calls(http_client: Any) -> None:
    with respx.mock(using="httpcore2", base_url=BASE) as router:
        route = router.get("/runs/r").respond(json=RUN)
        with Sample(
            INFO, credentials={"key": "k"}, base_url=BASE, http_client=http_client()
        ) as client:
            assert client.runs.retrieve("r").id == "r1"
    assert [one.request.headers["authorization"] for one in route.calls] == ["Bearer k"]


@pytest.mark.parametrize("http_client", [httpx2.AsyncClient, lambda: None], ids=["own", "default"])
def test_pytest_httpx2_sees_async_calls_and_retries(http_client: Any) -> None:
    async def main() -> None:
        async with AsyncSample(
            INFO,
            credentials={"key": "k"},
            base_url=BASE,
            http_client=http_client(),
            max_retries=1,
        ) as client:
            with pytest.raises(errors.InternalServerError):
                await client.runs.retrieve("r")

    with respx.mock(using="httpcore2", base_url=BASE) as router:
        route = router.get("/runs/r").respond(503, headers={"retry-after-ms": "1"})
        asyncio.run(main())
    assert route.call_count == 2
