"""Replays every recorded exchange through the generated client, sync and async.

What the client has to make of a response comes from the description (``support.described``) and
from the response itself, so that the SDK is not measured by itself.
"""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

import assistants_sdk
from assistants_sdk import APIError, Assistants, AsyncAssistants, AsyncStream, Stream
from support.described import assert_read_as, success
from support.fixtures import REDACTED, REQUEST_HEADERS, Call, Fixture, Response, load
from support.loopback import Loopback, Received, serving

PREFIX = "/v1"
DONE = "[DONE]"
FIXTURES = load()
# These hold to the description; the others show what survives.
DESCRIBED_SOURCES = {"prism", "live", "described"}
ERRORS = {
    400: "BadRequestError",
    401: "AuthenticationError",
    404: "NotFoundError",
    422: "UnprocessableEntityError",
    429: "RateLimitError",
    500: "InternalServerError",
}


@dataclass
class Outcome:
    """The result of a call: a value, or the events of a stream; and its final error."""

    value: Any = None
    events: list[Any] = field(default_factory=list)
    error: APIError | None = None


class Clients:
    """A sync and an async client of one scripted server."""

    def __init__(self, server: Loopback, runner: asyncio.Runner) -> None:
        address: Any = {"api_key": REDACTED, "base_url": server.base_url + PREFIX, "max_retries": 0}
        self.server = server
        self._runner = runner
        self._sync = Assistants(**address)
        self._async = AsyncAssistants(**address)

    def close(self) -> None:
        self._sync.close()
        self._runner.run(self._async.close())

    def make(self, call: Call, *, is_async: bool, strict: bool) -> Outcome:
        """Make a call, and read its stream to the end."""
        outcome = Outcome()
        try:
            if is_async:
                client = self._async.with_options(strict=strict)
                self._runner.run(self._make_async(client, call, outcome))
            else:
                self._make_sync(self._sync.with_options(strict=strict), call, outcome)
        except APIError as error:
            outcome.error = error
        return outcome

    def _make_sync(self, client: Assistants, call: Call, outcome: Outcome) -> None:
        outcome.value = call.on(client)
        if isinstance(outcome.value, Stream):
            for event in outcome.value:
                outcome.events.append(event)

    async def _make_async(self, client: AsyncAssistants, call: Call, outcome: Outcome) -> None:
        value = call.on(client)
        outcome.value = await value if inspect.isawaitable(value) else value
        if isinstance(outcome.value, AsyncStream):
            async for event in outcome.value:
                outcome.events.append(event)


@pytest.fixture(scope="module")
def clients() -> Iterator[Clients]:
    """One server and one client of each kind for all fixtures."""
    with serving() as server, asyncio.Runner() as runner:
        clients = Clients(server, runner)
        yield clients
        clients.close()


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize("fixture", FIXTURES, ids=str)
def test_replay(clients: Clients, fixture: Fixture, is_async: bool) -> None:
    response = fixture.response
    headers = dict(response.headers)
    content_type = headers.pop("content-type", None)
    clients.server.answer(response.content, response.status, headers, content_type)

    complete = fixture.source in DESCRIBED_SOURCES
    outcome = clients.make(fixture.call, is_async=is_async, strict=complete)

    assert_sent(clients.server.last, fixture)
    if response.is_stream:
        assert_events(fixture, outcome, complete=complete)
    else:
        assert_result(fixture, outcome, complete=complete)


def assert_sent(received: Received, fixture: Fixture) -> None:
    """The request is exactly the recorded one."""
    request = fixture.request
    headers = {name.lower(): value for name, value in received.headers.items()}
    assert received.method == request.method
    assert received.path == PREFIX + request.path
    assert received.query == [tuple(pair) for pair in request.query]
    assert {name: headers[name] for name in REQUEST_HEADERS if name in headers} == request.headers
    assert (json.loads(received.body) if received.body else None) == request.body


def assert_result(fixture: Fixture, outcome: Outcome, *, complete: bool) -> None:
    """The value, or the error, of a response that is no stream."""
    if fixture.raises is not None or fixture.response.status >= 400:
        assert_error(fixture, outcome.error, expected_error(fixture))
        return
    assert outcome.error is None
    value, wire = outcome.value, fixture.response.json
    assert value.to_dict() == wire
    assert_same_numbers(value.to_dict(), wire)
    schema = success(fixture.operation)["schema"]
    if "data" in wire:
        assert type(value).__name__ in {"SyncCursorPage", "AsyncCursorPage"}
        assert (value.first_id, value.last_id) == (wire["first_id"], wire["last_id"])
        assert (value.has_more, value.has_next_page()) == (wire["has_more"], wire["has_more"])
        assert value.data == value.response.data
        value = value.response
    assert_read_as(schema, value, wire, complete=complete)


def assert_events(fixture: Fixture, outcome: Outcome, *, complete: bool) -> None:
    """The events of a stream in their order, and how it ended."""
    sent = list(events_of(fixture.response))
    reported = sent.pop()["data"] if sent[-1]["event"] == "error" else None
    raises = fixture.raises or (reported and {"class": "APIError", **reported})
    if sent[-1]["data"] == DONE:
        sent.pop()
    else:
        assert raises, "only an error ends a stream that is not done"
    assert [event.to_dict() for event in outcome.events] == sent
    schema = success(fixture.operation, "text/event-stream")["schema"]
    for event, wire in zip(outcome.events, sent, strict=True):
        assert_read_as(schema, event, wire, complete=complete)
    if raises:
        assert_error(fixture, outcome.error, raises)
    else:
        assert outcome.error is None


def events_of(response: Response) -> Iterator[dict[str, Any]]:
    """The complete events in a stream's text, up to the first unreadable one."""
    for block in "\n".join(response.text or ()).split("\n\n")[:-1]:
        fields = dict(line.split(": ", 1) for line in block.split("\n"))
        try:
            data = DONE if fields["data"] == DONE else json.loads(fields["data"])
        except ValueError:
            return
        yield {"event": fields.get("event", "message"), "data": data}


def expected_error(fixture: Fixture) -> Mapping[str, Any]:
    """The expected error of a response, from its status and its body."""
    if fixture.raises is not None:
        return fixture.raises
    body = fixture.response.json
    parts = body.get("error", {})
    if isinstance(body.get("detail"), str):  # as fakeai's framework has it
        parts = {"message": body["detail"]}
    return {"class": ERRORS[fixture.response.status], **parts}


def assert_error(fixture: Fixture, error: APIError | None, expected: Mapping[str, Any]) -> None:
    response = fixture.response
    assert type(error) is getattr(assistants_sdk, expected["class"])
    assert error is not None
    assert error.status_code == response.status
    if "message" in expected:
        assert error.message == expected["message"]
        assert expected["message"] in str(error)
    for name in ("code", "param", "type"):
        assert getattr(error, name) == expected.get(name)
    request_id = response.headers.get("x-request-id", response.headers.get("request-id"))
    assert error.request_id == request_id
    if response.status >= 400:
        whole = response.json or "\n".join(response.text or ()) or None
        assert error.body == (whole.get("error", whole) if isinstance(whole, dict) else whole)


def assert_same_numbers(value: Any, wire: Any) -> None:
    """Compare JSON texts, because 1 equals 1.0 in Python."""
    assert json.dumps(value, sort_keys=True) == json.dumps(wire, sort_keys=True)
