"""What users test their own code with."""

from __future__ import annotations

import asyncio

import pytest

from assistants_sdk import Assistants, AsyncAssistants, NotFoundError
from assistants_sdk.testing import FakeServer


def test_answers_what_was_scripted() -> None:
    server = FakeServer()
    server.answer("DELETE", "/threads/thread_1", {"id": "thread_1", "deleted": True})
    server.answer("GET", "/threads/thread_2", {"error": {"message": "gone"}}, status=404)
    client = Assistants(api_key="k", base_url="http://fake", http_client=server.client())
    assert client.threads.delete("thread_1").deleted is True
    with pytest.raises(NotFoundError, match="gone"):
        client.threads.retrieve("thread_2")
    assert [request.path for request in server.requests] == [
        "/threads/thread_1",
        "/threads/thread_2",
    ]


def test_async() -> None:
    async def check() -> bool:
        server = FakeServer()
        server.answer("DELETE", "/threads/t", {"id": "t", "deleted": True})
        client = AsyncAssistants(
            api_key="k", base_url="http://fake", http_client=server.async_client()
        )
        return (await client.threads.delete("t")).deleted

    assert asyncio.run(check())
