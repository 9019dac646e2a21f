"""The fake server for users' tests."""

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


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_described_server_answers_every_operation(seed: int) -> None:
    server = FakeServer.from_description(seed=seed)
    with Assistants(
        api_key="k", base_url="http://fake/v1", http_client=server.client(), strict=True
    ) as client:
        assistant = client.assistants.create(model="m")
        thread = client.threads.create()
        run = client.threads.runs.create_and_poll(thread.id, assistant_id=assistant.id)
        assert run.status == "completed"
        assert [message.role for message in client.threads.messages.list(thread.id)]
        assert client.threads.runs.steps.list(run.id, thread_id=thread.id).data
        with client.threads.runs.create(thread.id, assistant_id="a", stream=True) as stream:
            assert stream.get_final_run().status == "completed"


def test_a_described_server_knows_the_examples() -> None:
    server = FakeServer.from_description()
    with Assistants(api_key="k", base_url="http://fake", http_client=server.client()) as client:
        server.prefer("createRun", example="requires_action")
        with client.threads.runs.create("t", assistant_id="a", stream=True) as stream:
            assert stream.get_final_run().status == "requires_action"
        server.prefer("getAssistant", status=404)
        with pytest.raises(NotFoundError, match="There is no"):
            client.assistants.retrieve("a")
