"""Run streams put together what comes in pieces: text, messages, run steps, the run.

What they have to come to is read from the recorded events themselves, as plain JSON.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from assistants_sdk import (
    APIConnectionError,
    APIError,
    Assistants,
    AsyncAssistants,
    AsyncRunStream,
    AsyncStream,
    RunStream,
    SDKError,
    Stream,
)
from support.fixtures import Fixture, load
from support.loopback import Loopback, serving

STREAMS = {str(one): one for one in load() if one.response.is_stream and one.response.status == 200}
WHOLE = [
    one for one in STREAMS.values() if one.response.text and "data: [DONE]" in one.response.text
]
MESSAGE = STREAMS["prism-createRun-stream_message"]
REQUIRES_ACTION = STREAMS["prism-createRun-stream_requires_action"]
ERROR = STREAMS["prism-createRun-stream_error"]
CUT_OFF = STREAMS["synthetic-createRun-stream_cut_off"]
EVENT_STREAM = "text/event-stream"


class Run:
    """A run's stream, read in the sync or in the async way."""

    def __init__(self, runner: asyncio.Runner, stream: Any) -> None:
        self.stream = stream
        self._runner = runner
        self._events = iter(stream) if isinstance(stream, Stream) else aiter(stream)

    def next(self) -> Any:
        """The next event; None at the end."""
        if isinstance(self._events, AsyncIterator):
            return self._runner.run(anext(self._events, None))  # type: ignore[arg-type]
        return next(self._events, None)

    def events(self) -> Iterator[Any]:
        """The remaining events."""
        while (event := self.next()) is not None:
            yield event

    def texts(self) -> list[str]:
        """The values of ``text_deltas``."""
        return self._runner.run(_listed(self.stream.text_deltas()))

    def does(self, method: str) -> Any:
        """The result of a method of the stream."""
        return self._runner.run(_awaited(getattr(self.stream, method)()))

    def close(self) -> None:
        """Close the stream."""
        self.does("close")


async def _listed(texts: Any) -> list[str]:
    return [text async for text in texts] if isinstance(texts, AsyncIterator) else list(texts)


async def _awaited(value: Any) -> Any:
    return await value if asyncio.iscoroutine(value) else value


class Runs:
    """Streams of a scripted server, all sync or all async."""

    def __init__(self, server: Loopback, runner: asyncio.Runner, *, is_async: bool) -> None:
        self.server = server
        self.is_async = is_async
        self._runner = runner
        kind: Any = AsyncAssistants if is_async else Assistants
        self.client = kind(api_key="k", base_url=server.base_url, max_retries=0)

    def of(self, content: bytes) -> Run:
        """The stream of a run whose server sends this text."""
        self.server.answer(content, content_type=EVENT_STREAM)
        create = self.client.threads.runs.create
        return Run(self._runner, self.run(create("thread_1", assistant_id="asst_1", stream=True)))

    def replayed(self, fixture: Fixture) -> Run:
        """The stream that a fixture recorded, by the call that it recorded."""
        self.server.answer(fixture.response.content, content_type=EVENT_STREAM)
        return Run(self._runner, self.run(fixture.call.on(self.client)))

    def run(self, value: Any) -> Any:
        """A value, awaited where it has to be."""
        return self._runner.run(_awaited(value))


@pytest.fixture(params=[False, True], ids=["sync", "async"])
def runs(request: pytest.FixtureRequest) -> Iterator[Runs]:
    with serving() as server, asyncio.Runner() as runner:
        made = Runs(server, runner, is_async=request.param)
        yield made
        made.run(made.client.close())


def recorded(fixture: Fixture) -> list[dict[str, Any]]:
    """The data of a fixture's events."""
    lines = [
        line.removeprefix("data: ") for line in fixture.response.text or () if "data: " in line
    ]
    return [json.loads(line) for line in lines if line != "[DONE]"]


def last(fixture: Fixture, object_name: str) -> list[dict[str, Any]]:
    """The last state of each object of a kind, from the events."""
    found = {one["id"]: one for one in recorded(fixture) if one.get("object") == object_name}
    return list(found.values())


def sse(*events: tuple[str, Any], done: bool = True) -> bytes:
    """The text of a stream."""
    text = "".join(f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in events)
    return (text + ("event: done\ndata: [DONE]\n\n" if done else "")).encode()


def delta(part: dict[str, Any], id_: str = "msg_1") -> tuple[str, dict[str, Any]]:
    """An event with a piece of a message."""
    data = {"id": id_, "object": "thread.message.delta", "delta": {"content": [part]}}
    return "thread.message.delta", data


def step_delta(call: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """An event with a piece of a run step's tool call."""
    details = {"type": "tool_calls", "tool_calls": [call]}
    data = {"id": "step_1", "object": "thread.run.step.delta", "delta": {"step_details": details}}
    return "thread.run.step.delta", data


@pytest.mark.parametrize("fixture", WHOLE, ids=str)
def test_the_last_events_give_the_final_state(runs: Runs, fixture: Fixture) -> None:
    run = runs.replayed(fixture)
    assert [run.does("get_final_run").to_dict()] == last(fixture, "thread.run")
    messages, steps = run.does("get_final_messages"), run.does("get_final_run_steps")
    finished = {
        one["id"] for one in last(fixture, "thread.message") if one["status"] != "in_progress"
    }
    assert [one.to_dict() for one in messages if one.id in finished] == [
        one for one in last(fixture, "thread.message") if one["id"] in finished
    ]
    assert [one.id for one in messages] == [one["id"] for one in last(fixture, "thread.message")]
    assert [one.id for one in steps] == [one["id"] for one in last(fixture, "thread.run.step")]


def test_pieces_add_up_to_the_final_state(runs: Runs) -> None:
    compared = {"thread.message.completed": 0, "thread.run.step.completed": 0}
    for fixture in WHOLE:
        run = runs.replayed(fixture)
        begun: set[str] = set()  # a step may also go on that an earlier stream has begun
        message = step = None
        for event in run.events():
            whole = event.to_dict()["data"]
            if event.event.endswith(".created"):
                begun.add(whole["id"])
            elif event.event == "thread.message.completed" and whole["id"] in begun:
                assert message is not None
                assert message["content"] == whole["content"]
                compared[event.event] += 1
            elif event.event == "thread.run.step.completed" and whole["id"] in begun:
                assert step is not None
                assert step["step_details"] == whole["step_details"]
                compared[event.event] += 1
            current = run.stream.current_message_snapshot
            message = current.to_dict() if current is not None else None
            current = run.stream.current_run_step_snapshot
            step = current.to_dict() if current is not None else None
    assert all(count >= 3 for count in compared.values())


def test_text_comes_piece_by_piece(runs: Runs) -> None:
    run = runs.replayed(MESSAGE)
    assert run.texts() == ["Wipe the chain", ", then oil", " each link."]
    assert run.stream.current_run.status == "completed"


def test_text_continues_after_events_that_were_read(runs: Runs) -> None:
    run = runs.replayed(MESSAGE)
    while "Wipe" not in str(run.next()):
        assert run.stream.current_message_snapshot is None or (
            run.stream.current_message_snapshot.content == []
        )
    content = run.stream.current_message_snapshot.content
    assert content[0].text.value == "Wipe the chain"
    assert run.texts() == [", then oil", " each link."]


def test_nothing_is_known_before_the_first_event(runs: Runs) -> None:
    stream = runs.replayed(MESSAGE).stream
    assert stream.current_run is None
    assert stream.current_message_snapshot is None
    assert stream.current_run_step_snapshot is None


def test_a_run_that_waits_for_functions_ends_its_stream(runs: Runs) -> None:
    run = runs.replayed(REQUIRES_ACTION)
    run.does("until_done")
    waiting = run.does("get_final_run")
    assert waiting.status == "requires_action"
    (call,) = waiting.required_action.submit_tool_outputs.tool_calls
    (step,) = run.does("get_final_run_steps")
    (shown,) = step.step_details.tool_calls
    assert (shown.id, shown.function.name) == (call.id, call.function.name)
    assert json.loads(shown.function.arguments) == json.loads(call.function.arguments)
    assert shown.function.output is None
    assert run.does("get_final_messages") == []


def test_a_reported_error_is_raised_by_every_method_that_reads_to_the_end(runs: Runs) -> None:
    run = runs.replayed(ERROR)
    for method in ("until_done", "get_final_run", "get_final_messages", "get_final_run_steps"):
        with pytest.raises(APIError, match="The server had a fault"):
            run.does(method)
    assert run.stream.current_run.status == "in_progress"


def test_a_stream_that_is_cut_off_has_no_end(runs: Runs) -> None:
    run = runs.replayed(CUT_OFF)
    with pytest.raises(APIConnectionError):
        run.texts()
    with pytest.raises(APIConnectionError):
        run.does("get_final_run")
    assert run.stream.current_run is not None


def test_a_stream_that_was_left_early_has_no_end(runs: Runs) -> None:
    long = [delta({"index": 0, "type": "text", "text": {"value": "word " * 100}})] * 2000
    run = runs.of(sse(*long))
    run.next()
    run.close()
    for _ in range(2):
        with pytest.raises(SDKError):
            run.does("get_final_run")


def test_a_stream_without_a_run_says_so(runs: Runs) -> None:
    run = runs.of(sse())
    with pytest.raises(SDKError, match="told of no run"):
        run.does("get_final_run")
    assert run.does("get_final_messages") == []


def test_events_of_a_later_version_count_as_well(runs: Runs) -> None:
    (data,) = last(MESSAGE, "thread.run")
    newer = {**data, "status": "incomplete"}
    run = runs.of(sse(("thread.run.created", data), ("thread.run.incomplete", newer)))
    assert run.does("get_final_run").to_dict() == newer


def test_events_about_anything_else_are_passed_over(runs: Runs) -> None:
    (data,) = last(MESSAGE, "thread.run")
    others = [("weather", {"object": "rain"}), ("weather", [1]), ("weather", "dry")]
    run = runs.of(sse(("thread.run.created", data), *others))
    assert run.does("get_final_run").to_dict() == data


def test_a_part_of_a_later_version_grows_by_its_index(runs: Runs) -> None:
    pieces = [
        delta({"index": 1, "type": "sound", "sound": {"file_id": "file_1"}}),
        delta({"index": 0, "type": "text", "text": {"value": "Listen", "mood": "calm"}}),
        delta({"index": 1, "type": "sound", "sound": {"seconds": 3}}),
    ]
    (message,) = runs.of(sse(*pieces)).does("get_final_messages")
    assert message.to_dict()["content"] == [
        {"type": "text", "text": {"value": "Listen", "annotations": [], "mood": "calm"}},
        {"type": "sound", "sound": {"file_id": "file_1", "seconds": 3}},
    ]
    assert message.content[0].type == "text"


def test_pieces_without_a_beginning_make_a_message(runs: Runs) -> None:
    (message,) = runs.of(sse(delta({"index": 0, "type": "text", "text": {"value": "Hi"}}))).does(
        "get_final_messages"
    )
    assert (message.id, message.object, message.content[0].text.value) == (
        "msg_1",
        "thread.message",
        "Hi",
    )


def test_null_says_nothing_about_what_has_come(runs: Runs) -> None:
    pieces = [
        step_delta({"index": 0, "id": "call_1", "type": "function", "function": {"name": "f"}}),
        step_delta({"index": 0, "type": "function", "function": {"arguments": "{}"}}),
        step_delta({"index": 0, "type": "function", "function": {"output": "3"}}),
        step_delta({"index": 0, "type": "function", "function": {"output": None, "name": None}}),
    ]
    (step,) = runs.of(sse(*pieces)).does("get_final_run_steps")
    (call,) = step.step_details.tool_calls
    assert call.to_dict()["function"] == {"name": "f", "arguments": "{}", "output": "3"}


def test_files_of_a_message_are_gathered(runs: Runs) -> None:
    def files(*ids: str) -> tuple[str, dict[str, Any]]:
        name, data = delta({"index": 0, "type": "text", "text": {"value": "."}})
        return name, {**data, "delta": {**data["delta"], "file_ids": list(ids)}}

    (message,) = runs.of(sse(files("a"), files(), files("a", "b"))).does("get_final_messages")
    assert message.file_ids == ["a", "b"]


def test_messages_that_are_written_in_turns_stay_apart(runs: Runs) -> None:
    pieces = [
        delta({"index": 0, "type": "text", "text": {"value": value}}, id_)
        for value, id_ in (("a", "msg_1"), ("x", "msg_2"), ("b", "msg_1"))
    ]
    run = runs.of(sse(*pieces))
    messages = run.does("get_final_messages")
    assert [(one.id, one.content[0].text.value) for one in messages] == [
        ("msg_1", "ab"),
        ("msg_2", "x"),
    ]
    assert run.stream.current_message_snapshot == messages[0]


def test_a_snapshot_that_was_taken_does_not_change(runs: Runs) -> None:
    run = runs.replayed(MESSAGE)
    taken = [
        run.stream.current_message_snapshot
        for event in run.events()
        if event.event == "thread.message.delta"
    ]
    texts = [message.content[0].text.value for message in taken]
    assert texts == [
        "Wipe the chain",
        "Wipe the chain, then oil",
        "Wipe the chain, then oil each link.",
    ]


def test_the_stream_has_a_class_of_its_own(runs: Runs) -> None:
    stream = runs.replayed(MESSAGE).stream
    assert type(stream) is (AsyncRunStream if runs.is_async else RunStream)
    assert isinstance(stream, AsyncStream if runs.is_async else Stream)


def test_a_raw_response_is_parsed_to_it_too(runs: Runs) -> None:
    runs.server.answer(MESSAGE.response.content, content_type=EVENT_STREAM)
    create = runs.client.threads.runs.with_raw_response.create
    response = runs.run(create("thread_1", assistant_id="asst_1", stream=True))
    run = Run(runs._runner, response.parse())
    assert run.texts() == ["Wipe the chain", ", then oil", " each link."]


def test_a_streamed_response_is_parsed_to_it_too(runs: Runs) -> None:
    runs.server.answer(MESSAGE.response.content, content_type=EVENT_STREAM)
    create = runs.client.threads.runs.with_streaming_response.create
    opened = create("thread_1", assistant_id="asst_1", stream=True)

    async def text() -> list[str]:
        if runs.is_async:
            async with opened as response:
                return [each async for each in (await response.parse()).text_deltas()]
        with opened as response:
            return list(response.parse().text_deltas())

    assert runs.run(text()) == ["Wipe the chain", ", then oil", " each link."]


def test_without_stream_the_run_itself_is_returned(runs: Runs) -> None:
    (data,) = last(MESSAGE, "thread.run")
    runs.server.answer(data)
    run = runs.run(runs.client.threads.runs.create("thread_1", assistant_id="asst_1"))
    assert run.to_dict() == data
