"""The recorder with a scripted server instead of Prism, fakeai or a live server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from record.recording import Recorder, RecordingError, without_chance
from record.scenarios import Scenario, examples, flow
from support.described import operations
from support.fixtures import Call, from_json, load
from support.loopback import Loopback, serving

KEY = "sk-a-key-that-stays-here"
THREAD: dict[str, Any] = {"id": "thread_1", "object": "thread", "created_at": 1, "metadata": {}}
GET = Scenario("getThread", "one", Call("threads.retrieve", ["thread_1"]))


@pytest.fixture
def server() -> Iterator[Loopback]:
    """A scripted server."""
    with serving() as loopback:
        yield loopback


@pytest.fixture
def recorder(server: Loopback) -> Iterator[Recorder]:
    """A recorder of that server."""
    with Recorder("live", f"{server.base_url}/v1", KEY) as recorder:
        yield recorder


def test_records_an_exchange(server: Loopback, recorder: Recorder) -> None:
    server.answer(THREAD, headers={"X-Request-Id": "req_1", "Set-Cookie": "a=b"})

    fixture = recorder.record(GET)

    assert fixture.source == "live"
    assert fixture.request.path == "/threads/thread_1"
    assert fixture.response.json == THREAD
    assert fixture.response.headers == {
        "content-type": "application/json",
        "x-request-id": "req_1",
    }
    assert from_json(fixture.to_json()) == fixture


def test_keeps_the_key_out_of_the_fixture(server: Loopback, recorder: Recorder) -> None:
    server.answer(THREAD | {"metadata": {"sent": KEY}})

    fixture = recorder.record(GET)

    assert server.last.headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in fixture.to_json()
    assert fixture.request.headers["authorization"] == "Bearer REDACTED"
    assert fixture.response.json["metadata"] == {"sent": "REDACTED"}


def test_asks_for_an_example_outside_the_recorded_call(
    server: Loopback, recorder: Recorder
) -> None:
    server.answer(THREAD)

    fixture = recorder.record(replace(GET, prefer="code=200, example=tagged"))

    assert server.last.headers["Prefer"] == "code=200, example=tagged"
    assert "Prefer" not in fixture.to_json()


def test_a_later_step_uses_what_an_earlier_one_saved(server: Loopback, recorder: Recorder) -> None:
    server.answer(THREAD)
    server.answer(THREAD)

    recorder.record(Scenario("createThread", "new", Call("threads.create"), save="thread"))
    fixture = recorder.record(
        Scenario("getThread", "new", Call("threads.retrieve", ["{thread.id}"]))
    )

    assert fixture.call.arguments == ["thread_1"]
    assert fixture.request.path == "/threads/thread_1"


def test_a_step_after_a_failed_one_is_refused(recorder: Recorder) -> None:
    with pytest.raises(RecordingError, match=r"there is no \{thread\.id\}"):
        recorder.record(Scenario("getThread", "new", Call("threads.retrieve", ["{thread.id}"])))


def test_repeats_a_step_until_the_result_is_right(
    server: Loopback, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("record.recording._PAUSE_SECONDS", 0)
    server.answer(THREAD)
    server.answer(THREAD | {"created_at": 2})

    fixture = recorder.record(replace(GET, until={"created_at": 2}))

    assert fixture.response.json["created_at"] == 2


@pytest.mark.parametrize(
    ("location", "content_type", "is_refused"),
    [
        (["request", "body"], "application/json", True),
        (["response", "body"], "application/json", True),
        (["request", "body"], "text/event-stream", True),
        (["response", "body"], "text/event-stream", False),
    ],
)
def test_refuses_violations_that_prism_reports(
    server: Loopback, recorder: Recorder, location: list[str], content_type: str, is_refused: bool
) -> None:
    violation = {"location": location, "message": "must be red"}
    headers = {"sl-violations": json.dumps([violation])}
    server.answer(THREAD, headers=headers, content_type=content_type)

    if is_refused:
        with pytest.raises(RecordingError, match=rf"getThread/one: 200 {location[0]}.*be red"):
            recorder.record(GET)
    else:
        assert recorder.record(GET).response.is_stream


def test_a_request_can_be_wrong_on_purpose(server: Loopback, recorder: Recorder) -> None:
    violation = {"location": ["request", "query", "limit"], "message": "must be <= 100"}
    headers = {"sl-violations": json.dumps([violation])}
    server.answer({"error": {"message": "limit"}}, 400, headers)

    fixture = recorder.record(replace(GET, statuses=range(400, 401), refused=True))

    assert fixture.response.status == 400


def test_refuses_a_status_that_was_not_expected(server: Loopback, recorder: Recorder) -> None:
    server.answer({"error": {"message": "No such thread."}}, 404)

    with pytest.raises(RecordingError, match=r"getThread/one: 404: No such thread\."):
        recorder.record(GET)


def test_chance_is_taken_out_in_the_order_of_appearance() -> None:
    first, second = f"thread_{'a' * 32}", f"thread_{'b' * 32}"
    recorded = next(each for each in load() if each.operation == "getThread")

    def fixture(thread: str, time: int) -> Any:
        body = {"id": thread, "created_at": time, "metadata": {"n": "1"}}
        return replace(recorded, response=replace(recorded.response, json=body))

    taken = list(
        without_chance([fixture(first, 1795237751), fixture(second, 1795237752), fixture(first, 1)])
    )

    ids = [each.response.json["id"] for each in taken]
    assert ids == [f"thread_{1:032x}", f"thread_{2:032x}", f"thread_{1:032x}"]
    assert taken[0].response.json["created_at"] == taken[1].response.json["created_at"]
    assert taken[2].response.json["created_at"] == 1


def test_the_scenarios_name_every_operation_once_per_variant() -> None:
    for scenarios in (list(examples()), flow()):
        names = [scenario.name for scenario in scenarios]
        assert len(set(names)) == len(names)
    assert {scenario.operation for scenario in examples()} <= set(operations())
