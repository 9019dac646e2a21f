"""User code for type checkers: it is checked, not run."""

from __future__ import annotations

from typing import Annotated, Literal, Union, assert_type

from functional.runtime.sample import (
    AsyncSample,
    Run,
    RunEvent,
    Runs,
    Sample,
    TextEvent,
    UnknownRunStreamEvent,
)
from specloom.runtime.api.operation import Operation, Poll
from specloom.runtime.client.session import AsyncSession, SyncSession
from specloom.runtime.models.base import Model, UnknownVariant, Variants
from specloom.runtime.pagination.pages import (
    AsyncCursorPage,
    AsyncOffsetPage,
    AsyncPaginator,
    SyncCursorPage,
)
from specloom.runtime.response.raw import AsyncResponseManager, RawResponse, ResponseManager
from specloom.runtime.response.reading import BinaryContent
from specloom.runtime.streaming.stream import AsyncStream, Stream

POLL = Poll("status", until=("done",), arguments={"run_id": "id"})
Event = RunEvent | TextEvent | UnknownRunStreamEvent


class Text(Model):
    """A variant."""

    type: Literal["text"]
    text: str


class Image(Model):
    """Another."""

    type: Literal["image"]
    url: str


class UnknownPart(UnknownVariant):
    """Any other."""

    type: Literal["UNKNOWN"] = "UNKNOWN"


Part = Annotated[Union[Text, Image, UnknownPart], Variants("type")]  # noqa: UP007


class Message(Model):
    """Has parts."""

    content: list[Part]


def narrows(message: Message) -> str:
    for part in message.content:
        if part.type == "text":
            assert_type(part, Text)
            return part.text
        if part.type == "UNKNOWN":
            assert_type(part, UnknownPart)
            return str(part.raw)
        assert_type(part, Image)
    return ""


def operations(session: SyncSession, operation: Operation[Run, Event]) -> None:
    assert_type(session.call(operation, path={"a": 1}), Run)
    assert_type(session.page(operation), SyncCursorPage[Run])
    assert_type(session.stream(operation), Stream[Event])
    assert_type(session.call_or_stream(operation, True), Run | Stream[Event])
    assert_type(session.poll(operation, operation, POLL, path={"a": 1}, interval=2), Run)


async def async_operations(session: AsyncSession, operation: Operation[Run, Event]) -> None:
    assert_type(await session.call(operation), Run)
    assert_type(session.page(operation), AsyncPaginator[Run])
    assert_type(await session.page(operation), AsyncCursorPage[Run])
    assert_type(await session.offset_page(operation), AsyncOffsetPage[Run])
    assert_type(await session.stream(operation), AsyncStream[Event])
    assert_type(await session.poll(operation, operation, POLL, body={}, timeout=None), Run)


def clients(client: Sample, runs: Runs) -> None:
    assert_type(client.runs.retrieve("r", timeout=3, strict=True), Run)
    assert_type(client.with_options(max_retries=3, api_key=lambda: "k"), Sample)
    assert_type(client.get("/x", cast_to=list[Run]), list[Run])
    assert_type(runs.with_raw_response.retrieve("r"), RawResponse[Run])
    assert_type(runs.with_raw_response.list(after="a").parse(), SyncCursorPage[Run])
    assert_type(runs.with_streaming_response.retrieve("r"), ResponseManager[Run])
    for run in client.runs.list():
        assert_type(run, Run)


async def async_clients(client: AsyncSample) -> None:
    assert_type(await client.runs.with_raw_response.retrieve("r"), RawResponse[Run])
    assert_type(await client.runs.with_raw_response.list(), RawResponse[AsyncCursorPage[Run]])
    async with client.runs.with_streaming_response.download("r") as response:
        assert_type(await response.read(), bytes)
    assert_type(
        client.runs.with_streaming_response.download("r"), AsyncResponseManager[BinaryContent]
    )
    async for run in client.runs.list():
        assert_type(run, Run)
