"""The streams of runs for type checkers. This file is not run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import assert_type

from assistants_sdk import (
    Assistants,
    AsyncAssistants,
    AsyncRunStream,
    AsyncStream,
    RunStream,
    Stream,
)
from assistants_sdk.types import AssistantStreamEvent, Message, Run, RunStep


def streams(client: Assistants) -> None:
    runs = client.threads.runs
    stream = runs.create("t", assistant_id="a", stream=True)
    assert_type(stream, RunStream)
    plain: Stream[AssistantStreamEvent] = stream
    assert_type(next(plain), AssistantStreamEvent)
    with stream as entered:
        assert_type(entered, RunStream)
        for event in entered:
            assert_type(event, AssistantStreamEvent)
    assert_type(stream.text_deltas(), Iterator[str])
    assert_type(stream.get_final_run(), Run)
    assert_type(stream.get_final_messages(), list[Message])
    assert_type(stream.get_final_run_steps(), list[RunStep])
    assert_type(stream.current_run, Run | None)
    assert_type(stream.current_message_snapshot, Message | None)
    assert_type(stream.current_run_step_snapshot, RunStep | None)
    stream.get_final_rum()  # type: ignore[attr-defined] # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]


def other_ways(client: Assistants) -> None:
    assert_type(client.threads.create_and_run(assistant_id="a", stream=True), RunStream)
    submit = client.threads.runs.submit_tool_outputs
    assert_type(submit("r", thread_id="t", tool_outputs=[], stream=True), RunStream)


async def async_streams(client: AsyncAssistants) -> None:
    stream = await client.threads.runs.create("t", assistant_id="a", stream=True)
    assert_type(stream, AsyncRunStream)
    plain: AsyncStream[AssistantStreamEvent] = stream
    assert_type(await anext(plain), AssistantStreamEvent)
    async with stream as entered:
        assert_type(entered, AsyncRunStream)
        async for event in entered:
            assert_type(event, AssistantStreamEvent)
    assert_type(stream.text_deltas(), AsyncIterator[str])
    assert_type(await stream.get_final_run(), Run)
    assert_type(await stream.get_final_messages(), list[Message])
    assert_type(await stream.get_final_run_steps(), list[RunStep])
    assert_type(stream.current_message_snapshot, Message | None)
