"""The SDK for type checkers: mypy and pyright read this file, which is not run."""

from __future__ import annotations

from typing import Literal, assert_type

from assistants_sdk import (
    Assistants,
    Retries,
    Retry,
    RetryBudget,
    RunStream,
    SyncCursorPage,
    Timeout,
    omit,
)
from assistants_sdk.types import (
    Assistant,
    AssistantDeleted,
    CodeInterpreterTool,
    ImageFileContentBlock,
    Message,
    Run,
    RunStatus,
    TextContentBlock,
    Thread,
    ThreadMessageDelta,
    UnknownMessageContent,
)


def results(client: Assistants) -> None:
    assert_type(client.assistants.create(model="gpt-4"), Assistant)
    assert_type(client.assistants.delete("asst_1"), AssistantDeleted)
    assert_type(client.assistants.list(limit=2), SyncCursorPage[Assistant])
    assert_type(client.threads.create(), Thread)
    assert_type(client.threads.runs.retrieve("run_1", thread_id="thread_1"), Run)
    for message in client.threads.messages.list("thread_1"):
        assert_type(message, Message)


def arguments(client: Assistants) -> None:
    tool = CodeInterpreterTool(type="code_interpreter")
    client.assistants.create(model="any-model-at-all", tools=[tool, {"type": "retrieval"}])
    client.assistants.create(model="gpt-4", name=None, metadata=omit)
    client.assistants.create(model="gpt-4", tools=[{"type": "typo"}])  # type: ignore[list-item] # pyright: ignore[reportArgumentType]
    client.assistants.list(order="upwards")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    client.threads.runs.retrieve("thread_1", "run_1")  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
    client.assistants.retrieve("asst_1", timeout=5.0, max_retries=0, extra_headers={"x": "y"})
    client.assistants.retrieve("asst_1", tiemout=5.0)  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]


def retries(client: Assistants) -> None:
    def tell(retry: Retry) -> None:
        assert_type(retry.delay, float)

    calm = Retries(statuses={429}, methods=["GET"], budget=RetryBudget(10), on_retry=tell)
    Assistants(retries=calm, timeout=Timeout(total=30)).with_options(retries=None)
    client.assistants.retrieve("asst_1", retries=calm, timeout=Timeout(5.0, total=30.0))
    client.assistants.retrieve("asst_1", retries=3)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]


def streams(client: Assistants, either: bool) -> None:
    runs = client.threads.runs
    assert_type(runs.create("t", assistant_id="a"), Run)
    assert_type(runs.create("t", assistant_id="a", stream=False), Run)
    assert_type(runs.create("t", assistant_id="a", stream=True), RunStream)
    assert_type(runs.create("t", assistant_id="a", stream=either), Run | RunStream)
    with runs.create("t", assistant_id="a", stream=True) as stream:
        for event in stream:
            if event.event == "thread.message.delta":
                assert_type(event, ThreadMessageDelta)
            elif event.event == "thread.run.completed":
                assert_type(event.data, Run)


def narrowing(message: Message, run: Run) -> None:
    for part in message.content:
        assert_type(part, ImageFileContentBlock | TextContentBlock | UnknownMessageContent)
        if part.type == "text":
            assert_type(part, TextContentBlock)
            assert_type(part.text.value, str)
        elif part.type == "UNKNOWN":
            assert_type(part, UnknownMessageContent)
    assert_type(run.status, RunStatus | str)
    assert_type(run.object, Literal["thread.run"])
    assert_type(run.expires_at, int | None)
