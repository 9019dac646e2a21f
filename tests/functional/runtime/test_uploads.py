"""Uploads of bytes from all kinds of sources over a real server, sync and async."""

from __future__ import annotations

import asyncio
import io
import os
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from functional.runtime.misbehaving import Connection, Misbehaving, misbehaving
from functional.runtime.sample import INFO, Run
from specloom.runtime import errors
from specloom.runtime.api.content import Json
from specloom.runtime.api.operation import Operation, RequestBody
from specloom.runtime.client.session import AsyncSession, SyncSession
from specloom.runtime.connections.transport import AsyncTransport, SyncTransport
from specloom.runtime.settings import Settings, make_settings
from support.loopback import Loopback

RUN = {"id": "r1", "status": "done"}
DATA = bytes(range(256)) * 1024  # four chunks of a file
RAW: Operation[Run] = Operation(
    id="upload",
    method="POST",
    path="/files",
    body=RequestBody("application/octet-stream", required=True),
    responses={"200": Json(lambda: Run)},
)
FORM: Operation[Run] = RAW._replace(body=RequestBody("multipart/form-data", required=True))


class Chunks:
    """Can be read again and again."""

    def __iter__(self) -> Iterator[bytes]:
        yield from (DATA[:1000], DATA[1000:])


class AsyncChunks:
    """Can be read again and again, by an async client."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield DATA[:1000]
        await asyncio.sleep(0)
        yield DATA[1000:]


async def once() -> AsyncIterator[bytes]:
    """Can be read once."""
    async for chunk in AsyncChunks():
        yield chunk


class Watched(io.BytesIO):
    """A file that records the largest read."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.sizes: list[int | None] = []

    def read(self, size: int | None = -1, /) -> bytes:
        self.sizes.append(size)
        return super().read(size)


class Pipe:
    """A file that cannot seek."""

    def __init__(self) -> None:
        self.read = io.BytesIO(DATA).read


class AsyncFile:
    """A file that a web framework received."""

    filename = "photo.png"

    def __init__(self) -> None:
        self.file = io.BytesIO(DATA)

    async def read(self, size: int = -1) -> bytes:
        await asyncio.sleep(0)
        return self.file.read(size)


SOURCES: dict[str, Callable[[Path], Any]] = {
    "bytes": lambda _: DATA,
    "bytearray": lambda _: bytearray(DATA),
    "memoryview": lambda _: memoryview(DATA),
    "path": lambda path: path,
    "file": lambda _: io.BytesIO(DATA),
    "tuple": lambda path: ("name.bin", path),
    "typed tuple": lambda _: ("name.bin", io.BytesIO(DATA), "text/x"),
    "iterable": lambda _: Chunks(),
    "list": lambda _: [DATA[:7], DATA[7:]],
}
SINGLE: dict[str, Callable[[Path], Any]] = {
    "iterator": lambda _: iter(Chunks()),
    "pipe": lambda _: Pipe(),
}
ASYNC: dict[str, Callable[[Path], Any]] = {"async iterable": lambda _: AsyncChunks()}
ASYNC_SINGLE: dict[str, Callable[[Path], Any]] = {
    "async iterator": lambda _: once(),
    "async file": lambda _: AsyncFile(),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "data.bin"
    path.write_bytes(DATA)
    return path


def settings(server: Loopback | Misbehaving) -> Settings:
    return make_settings(INFO, {"key": "k"}, server.base_url, 5.0, 1, None, None, False)


def upload(server: Loopback | Misbehaving, operation: Operation[Run], body: Any) -> Run:
    calls = SyncSession(settings(server), SyncTransport(), lambda _: None)
    try:
        return calls.call(operation, body=body)
    finally:
        calls.transport.close()


def upload_async(server: Loopback | Misbehaving, operation: Operation[Run], body: Any) -> Run:
    async def no_wait(_: float) -> None:
        """Nothing waits in a test."""

    async def main() -> Run:
        calls = AsyncSession(settings(server), AsyncTransport(), no_wait)
        try:
            return await calls.call(operation, body=body)
        finally:
            await calls.transport.close()

    return asyncio.run(main())


def each_way(
    common: dict[str, Callable[[Path], Any]], for_async: dict[str, Callable[[Path], Any]]
) -> Any:
    sync = [pytest.param(upload, make, id=name) for name, make in common.items()]
    both = {**common, **for_async}.items()
    return [*sync, *(pytest.param(upload_async, make, id=f"async-{name}") for name, make in both)]


@pytest.mark.parametrize(("send", "make"), each_way(SOURCES, ASYNC))
def test_what_can_be_read_again_is_sent_again(
    server: Loopback, path: Path, send: Callable[..., Run], make: Callable[[Path], Any]
) -> None:
    server.answer(status=500)
    server.answer(RUN)
    send(server, RAW, make(path))
    assert [request.body for request in server.received] == [DATA] * 2
    assert server.last.headers["content-type"] == "application/octet-stream"


@pytest.mark.parametrize(("send", "make"), each_way(SINGLE, ASYNC_SINGLE))
def test_what_can_be_read_once_is_sent_once(
    server: Loopback, path: Path, send: Callable[..., Run], make: Callable[[Path], Any]
) -> None:
    server.answer(status=500)
    with pytest.raises(errors.InternalServerError) as caught:
        send(server, RAW, make(path))
    assert [request.body for request in server.received] == [DATA]
    assert server.last.headers["transfer-encoding"] == "chunked"
    assert caught.value.retries_taken == 0


@pytest.mark.parametrize("body", [AsyncChunks(), AsyncFile()])
def test_a_sync_client_refuses_async_sources(server: Loopback, body: Any) -> None:
    with pytest.raises(TypeError, match="async client"):
        upload(server, RAW, body)


def test_an_async_file_is_a_part_of_a_form_with_its_name(server: Loopback) -> None:
    server.answer(RUN)
    upload_async(server, FORM, {"file": AsyncFile()})
    assert b'name="file"; filename="photo.png"\r\nContent-Type: image/png' in server.last.body
    assert DATA in server.last.body


@pytest.mark.parametrize("send", [upload, upload_async])
@pytest.mark.parametrize("operation", [RAW, FORM])
def test_a_file_is_never_read_whole(
    server: Loopback, send: Callable[..., Run], operation: Operation[Run]
) -> None:
    file = Watched(DATA)
    server.answer(RUN)
    send(server, operation, file if operation is RAW else {"file": file})
    assert DATA in server.last.body
    assert set(file.sizes) == {65_536}
    assert server.last.headers["content-length"] == str(len(server.last.body))


def test_forms_take_chunks_as_a_file(server: Loopback) -> None:
    server.answer(RUN)
    upload_async(server, FORM, {"one": ("a.bin", once()), "two": iter([b"xy", b"z"])})
    body = server.last.body
    assert b'name="one"; filename="a.bin"' in body
    assert DATA in body
    assert b'name="two"; filename="two"' in body
    assert b"\r\n\r\nxyz\r\n" in body


@pytest.mark.parametrize(
    ("body", "media_type"),
    [(("a.png", b"x"), "image/png"), (("a", b"x", "image/x"), "image/x"), (b"x", None)],
)
def test_a_range_of_media_types_gets_the_files_own(
    server: Loopback, body: Any, media_type: str | None
) -> None:
    server.answer(RUN)
    upload(server, RAW._replace(body=RequestBody("image/*")), body)
    assert server.last.headers["content-type"] == (media_type or "application/octet-stream")


class Wrapper:
    """Iterates a file from its current position. Its chunks are equal."""

    def __init__(self) -> None:
        self.file = io.BytesIO(bytes(4_000_000))

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self.file.read(1000), b"")


class AsyncWrapper(Wrapper):
    """As ``Wrapper``, for an async client."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self.read_on()

    async def read_on(self) -> AsyncIterator[bytes]:
        for chunk in iter(self):
            yield chunk


@pytest.mark.parametrize(("send", "kind"), [(upload, Wrapper), (upload_async, AsyncWrapper)])
def test_what_was_read_in_part_is_not_sent_again(
    send: Callable[..., Run], kind: type[Wrapper]
) -> None:
    def refuse(connection: Connection) -> None:
        connection.send(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        connection.reset()

    body = kind()
    with misbehaving(refuse) as server:
        with pytest.raises(errors.APIError):
            send(server, RAW, body)
        assert body.file.tell() < len(body.file.getvalue())
        assert len(server.heads) == 1


class Changing(io.BytesIO):
    """Gets another size while it is read."""

    size = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        position = self.tell()
        self.truncate(min(self.size, len(self.getvalue())))
        self.seek(0, io.SEEK_END)
        self.write(bytes(self.size - self.tell()))
        self.seek(position)
        return data


@pytest.mark.parametrize("send", [upload, upload_async])
@pytest.mark.parametrize("size", [len(DATA) // 2, len(DATA) * 2])
def test_a_file_that_changes_is_an_error(
    server: Loopback, send: Callable[..., Run], size: int
) -> None:
    file = Changing(DATA)
    file.size = size
    server.answer(RUN)
    with pytest.raises(errors.APIConnectionError, match="has changed while it was sent"):
        send(server, RAW, file)


class NoPositions(io.BytesIO):
    """Can seek, but does not report its position."""

    def seek(self, *to: int) -> int:
        super().seek(*to)
        return None  # type: ignore[return-value]


def test_a_file_without_positions_is_sent_once(server: Loopback) -> None:
    file = NoPositions(DATA)
    server.answer(status=500)
    with pytest.raises(errors.InternalServerError):
        upload(server, RAW, file)
    assert [request.body for request in server.received] == [DATA]


class Spent:
    """Refuses a second iteration, like the body of a response."""

    def __init__(self) -> None:
        self._is_read = False

    def __iter__(self) -> Iterator[bytes]:
        if self._is_read:
            raise RuntimeError("it was read already")
        self._is_read = True
        return iter((DATA[:1000], DATA[1000:]))


class AsyncSpent:
    """As ``Spent``."""

    def __init__(self) -> None:
        self._chunks = Spent()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self._chunks:
            yield chunk


@pytest.mark.parametrize(
    ("send", "make"), each_way({"sync": lambda _: Spent()}, {"own": lambda _: AsyncSpent()})
)
def test_the_first_failure_is_raised_not_that_of_reading_again(
    server: Loopback, path: Path, send: Callable[..., Run], make: Callable[[Path], Any]
) -> None:
    server.answer(status=500)
    with pytest.raises(errors.InternalServerError) as caught:
        send(server, RAW, make(path))
    assert [request.body for request in server.received] == [DATA]
    assert caught.value.retries_taken == 0


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no FIFOs")
def test_a_pipe_is_sent_once(server: Loopback, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(DATA,))
    writer.start()
    server.answer(status=500)
    with pytest.raises(errors.InternalServerError):
        upload(server, RAW, pipe)
    writer.join(10)
    assert [request.body for request in server.received] == [DATA]
