"""Handlers of run streams: events call their methods."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import io
from pathlib import Path
from typing import Any

import pytest

from assistants_sdk import (
    APIConnectionError,
    APITimeoutError,
    Assistants,
    AsyncAssistants,
    SDKError,
)
from assistants_sdk.lib.async_handlers import AsyncAssistantEventHandler
from assistants_sdk.lib.handlers import AssistantEventHandler
from assistants_sdk.testing import FakeServer

STEP = {
    "created_at": 1,
    "assistant_id": "a",
    "thread_id": "t",
    "status": "in_progress",
    "last_error": None,
    "expired_at": None,
    "cancelled_at": None,
    "failed_at": None,
    "completed_at": None,
    "metadata": None,
    "usage": None,
}
NAMES = [name for name in dir(AssistantEventHandler) if name.startswith("on_")]


def _noted(name: str) -> Any:
    def note(self: Any, *arguments: Any) -> None:
        self.calls.append((name, *arguments))

    return note


def _noted_async(name: str) -> Any:
    async def note(self: Any, *arguments: Any) -> None:
        self.calls.append((name, *arguments))

    return note


class Recorder(AssistantEventHandler):
    """Keeps every call."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[Any, ...]] = []


class AsyncRecorder(AsyncAssistantEventHandler):
    """The same for async clients."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[Any, ...]] = []


for _name in NAMES:
    setattr(Recorder, _name, _noted(_name))
    setattr(AsyncRecorder, _name, _noted_async(_name))


@pytest.fixture
def server() -> FakeServer:
    return FakeServer.from_description()


@pytest.fixture
def client(server: FakeServer) -> Assistants:
    return Assistants(api_key="k", base_url="http://fake", http_client=server.client())


def names_of(calls: list[tuple[Any, ...]]) -> list[str]:
    """The names without those of every event, each once in a row."""
    names = [name for name, *_ in calls if name != "on_event"]
    return [name for index, name in enumerate(names) if names[index - 1 : index] != [name]]


def test_the_methods_of_a_message(client: Assistants, server: FakeServer) -> None:
    handler = Recorder()
    with client.threads.runs.stream(
        thread_id="t", assistant_id="a", event_handler=handler
    ) as stream:
        assert stream is handler
        stream.until_done()
    names = names_of(handler.calls)
    assert names.index("on_message_created") < names.index("on_text_created")
    assert names[-3:] == ["on_message_done", "on_run_step_done", "on_end"] or names[-1] == "on_end"
    texts = [call for call in handler.calls if call[0] == "on_text_delta"]
    (done,) = [call for call in handler.calls if call[0] == "on_text_done"]
    assert "".join(call[1].value or "" for call in texts) == done[1].value
    assert texts[-1][2].value == done[1].value
    assert handler.get_final_run().status == "completed"
    assert server.requests[0].json == {"assistant_id": "a", "stream": True}


def test_tool_calls_and_images(client: Assistants, server: FakeServer) -> None:
    server.prefer("createThreadAndRun", example="code_interpreter")
    handler = Recorder()
    with client.threads.create_and_run_stream(assistant_id="a", event_handler=handler) as stream:
        assert [event.event for event in stream][-1] == "thread.run.completed"
    names = names_of(handler.calls)
    assert names.index("on_tool_call_created") < names.index("on_tool_call_done")
    assert names.index("on_run_step_created") < names.index("on_run_step_done")
    created = sum(name == "on_tool_call_created" for name, *_ in handler.calls)
    assert sum(name == "on_tool_call_done" for name, *_ in handler.calls) == created


def test_outputs_of_functions(client: Assistants, server: FakeServer) -> None:
    outputs = [{"tool_call_id": "c", "output": "5"}]
    with client.threads.runs.submit_tool_outputs_stream(
        thread_id="t", run_id="r", tool_outputs=outputs  # type: ignore[arg-type]
    ) as stream:
        assert "".join(stream.text_deltas)
        assert stream.get_final_messages()
        assert stream.current_run is not None
        assert stream.current_event is not None
    assert server.requests[0].path == "/threads/t/runs/r/submit_tool_outputs"


def test_async_handlers_get_the_same(client: Assistants, server: FakeServer) -> None:
    sync = Recorder()
    with client.threads.runs.stream("t", assistant_id="a", event_handler=sync) as stream:
        stream.until_done()

    async def main() -> AsyncRecorder:
        handler = AsyncRecorder()
        async with AsyncAssistants(
            api_key="k", base_url="http://fake", http_client=server.async_client()
        ) as other:
            async with other.threads.runs.stream(
                "t", assistant_id="a", event_handler=handler
            ) as stream:
                texts = [text async for text in stream.text_deltas]
                assert "".join(texts)
                assert (await stream.get_final_run()).status == "completed"
            async with other.threads.create_and_run_stream(assistant_id="a") as plain:
                await plain.until_done()
        return handler

    assert asyncio.run(main()).calls == sync.calls


def test_failures(client: Assistants, server: FakeServer) -> None:
    server.fault("cut_stream")
    handler = Recorder()
    with (
        pytest.raises(APIConnectionError),
        client.threads.runs.stream("t", assistant_id="a", event_handler=handler) as stream,
    ):
        stream.until_done()
    assert [name for name, *_ in handler.calls[-2:]] == ["on_exception", "on_end"]
    server.fault("slow_body", seconds=900)
    late = Recorder()
    with (
        pytest.raises(APITimeoutError),
        client.threads.runs.stream("t", assistant_id="a", event_handler=late, timeout=1) as stream,
    ):
        stream.until_done()
    assert [name for name, *_ in late.calls[-3:]] == ["on_timeout", "on_exception", "on_end"]


def test_a_method_that_raises(client: Assistants) -> None:
    class Broken(Recorder):
        def on_text_delta(self, delta: Any, snapshot: Any) -> None:
            raise ZeroDivisionError(delta, snapshot)

    handler = Broken()
    with (
        pytest.raises(ZeroDivisionError),
        client.threads.runs.stream("t", assistant_id="a", event_handler=handler) as stream,
    ):
        stream.until_done()
    assert [name for name, *_ in handler.calls[-2:]] == ["on_exception", "on_end"]


def test_handlers_used_wrongly(client: Assistants) -> None:
    handler = Recorder()
    with pytest.raises(SDKError, match="has not begun"):
        handler.until_done()
    with client.threads.runs.stream("t", assistant_id="a", event_handler=handler):
        pass
    with (
        pytest.raises(SDKError, match="reads one stream"),
        client.threads.runs.stream("t", assistant_id="a", event_handler=handler),
    ):
        pass
    with pytest.raises(TypeError, match="assistant_id"):
        client.threads.runs.stream("t", assistent_id="a").__enter__()  # type: ignore[call-overload]


def test_arguments_are_those_of_create() -> None:
    from assistants_sdk.lib import handled_streams
    from assistants_sdk.resources.threads import Threads
    from assistants_sdk.resources.threads.runs import Runs

    for arguments, method, path in (
        (handled_streams.RunArguments, Runs.create, {"thread_id"}),
        (handled_streams.ThreadRunArguments, Threads.create_and_run, set()),
    ):
        own = set(arguments.__annotations__) | set(handled_streams.CommonArguments.__annotations__)
        options = set(handled_streams.RequestOptions.__annotations__)
        wanted = set(inspect.signature(method).parameters) - {"self", "stream", "options", *path}
        assert own - options == wanted


def test_a_run_that_waits_ends_its_tool_calls() -> None:
    """The step stays open: its end event never comes."""
    call = {"index": 0, "id": "c1", "type": "function"}
    step = {"id": "s1", "object": "thread.run.step", "type": "tool_calls", "run_id": "r1"}
    details = {"type": "tool_calls", "tool_calls": []}
    whole = STEP | step | {"step_details": details}

    def delta(**function: str) -> dict[str, Any]:
        pieces = {"type": "tool_calls", "tool_calls": [call | {"function": function}]}
        return {
            "id": "s1",
            "object": "thread.run.step.delta",
            "delta": {"step_details": pieces},
        }

    server = FakeServer()
    events = [
        ("thread.run.step.created", whole),
        ("thread.run.step.delta", delta(name="stock", arguments="")),
        ("thread.run.step.delta", delta(arguments="{}")),
        ("thread.run.requires_action", {"id": "r1", "status": "requires_action"}),
    ]
    server.stream("POST", "/threads/t/runs", [*events, ("done", "[DONE]")])
    own = Assistants(api_key="k", base_url="http://fake", http_client=server.client())
    handler = Recorder()
    with own.threads.runs.stream("t", assistant_id="a", event_handler=handler) as stream:
        stream.until_done()
    assert [name for name, *_ in handler.calls if name != "on_event"] == [
        "on_run_step_created",
        "on_tool_call_created",
        "on_run_step_delta",
        "on_tool_call_delta",
        "on_run_step_delta",
        "on_tool_call_done",
        "on_end",
    ]
    done = next(call for call in handler.calls if call[0] == "on_tool_call_done")[1]
    assert (done.function.name, done.function.arguments) == ("stock", "{}")


def test_a_program_is_ported_by_its_imports_and_its_client() -> None:
    from support.pages import programs_of

    page = Path(__file__).parents[2] / "generated/docs/migrating-from-openai-python.md"
    program = next(one for one in programs_of(page) if "class Narrator" in one.text)
    server = FakeServer.from_description()
    server.prefer("createRun", example="requires_action")
    text = program.text.replace(
        "Assistants()", "Assistants(api_key='k', base_url='http://x', http_client=http_client)"
    )
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(text, str(page), "exec"), {"http_client": server.client()})
    assert "calls get_stock" in printed.getvalue()
    assert server.requests[-1].path.endswith("/submit_tool_outputs")
    assert server.requests[-1].json["tool_outputs"]
    ours = [
        line for line in text.splitlines() if "assistants_sdk" in line or "= Assistants(" in line
    ]
    assert 1 <= len(ours) <= 5
