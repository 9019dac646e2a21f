"""The async client for type checkers. This file is not run."""

from __future__ import annotations

from typing import assert_type

from assistants_sdk import AsyncAssistants, AsyncCursorPage, AsyncRunStream
from assistants_sdk.types import Assistant, AssistantStreamEvent, Message, Run


async def results(client: AsyncAssistants) -> None:
    assert_type(await client.assistants.create(model="gpt-4"), Assistant)
    assert_type(await client.assistants.list(), AsyncCursorPage[Assistant])
    async for message in client.threads.messages.list("thread_1"):
        assert_type(message, Message)


async def streams(client: AsyncAssistants) -> None:
    runs = client.threads.runs
    assert_type(await runs.create("t", assistant_id="a"), Run)
    stream = await runs.create("t", assistant_id="a", stream=True)
    assert_type(stream, AsyncRunStream)
    async with stream:
        async for event in stream:
            assert_type(event, AssistantStreamEvent)
