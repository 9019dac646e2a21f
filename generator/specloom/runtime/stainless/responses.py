"""The responses of ``with_raw_response`` and ``with_streaming_response`` with their old members."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, get_args, get_origin

from ..api.content import Events
from ..client.base import _content
from ..response.raw import (
    AsyncStreamedResponse,
    RawResponse,
    ResultT,
    StreamedResponse,
    _Response,
)
from ..response.reading import read_value
from ..response.reply import Reply
from ..streaming.stream import AsyncStream, Stream

if TYPE_CHECKING:
    import httpx2

__all__ = [
    "APIResponse",
    "AsyncAPIResponse",
    "AsyncStreamedAPIResponse",
    "BaseAPIResponse",
    "StreamedAPIResponse",
]


class _Text(str):
    """Text that can also be called: ``response.text`` and ``response.text()`` are the same."""

    def __call__(self) -> str:
        return str(self)


class _AwaitableText(str):
    """Text that can also be called and awaited: ``await response.text()``."""

    async def __call__(self) -> str:
        return str(self)


def _is_response(kind: Any) -> bool:
    module = getattr(kind, "__module__", "").partition(".")[0]
    return module in ("httpx", "httpx2") and kind.__name__ == "Response"


def _read_as(reply: Reply, kind: Any) -> Any:
    """The body as a value of another type: a model, a list, ``str``, a stream, or the response.

    Raises:
        APIResponseValidationError: The body cannot be read as that.
    """
    if _is_response(kind):
        return reply.response.whole()
    if _is_of_stream(kind):
        (event,) = get_args(kind) or (Any,)
        return (get_origin(kind) or kind)(_changed(reply, stream=Events(lambda: event)))
    return read_value(_changed(reply, responses={"2XX": _content(kind)}))


def _is_of_stream(kind: Any) -> bool:
    origin = get_origin(kind) or kind
    return isinstance(origin, type) and issubclass(origin, (Stream, AsyncStream))


def _changed(reply: Reply, **changes: Any) -> Reply:
    return reply._replace(operation=reply.operation._replace(**changes))


class BaseAPIResponse(_Response[ResultT]):
    """The common part of the responses of sync and async clients."""

    @property
    def url(self) -> httpx2.URL:
        """The address of the request."""
        return self.http_response.url

    @property
    def method(self) -> str:
        """The method of the request."""
        return self.http_request.method

    @property
    def http_version(self) -> str:
        """The version of HTTP."""
        return self.http_response.http_version


class APIResponse(BaseAPIResponse[ResultT], RawResponse[ResultT]):
    """A response whose body was read already."""

    def parse(self, *, to: Any = None) -> Any:
        """The value that the method returns otherwise, or the body as a value of a type ``to``."""
        return super().parse() if to is None else _read_as(self._reply, to)

    @property
    def text(self) -> _Text:
        """The body as text; call it or not."""
        return _Text(self.http_response.text)

    def json(self) -> Any:
        """The body as JSON values."""
        return self.http_response.json()

    def read(self) -> bytes:
        """The body."""
        return self.content

    def close(self) -> None:
        """Nothing: the body was read, so the connection is free."""


class AsyncAPIResponse(BaseAPIResponse[ResultT], RawResponse[ResultT]):
    """As ``APIResponse``, with ``await``."""

    @property
    def text(self) -> _AwaitableText:
        """The body as text; call and await it or not."""
        return _AwaitableText(self.http_response.text)

    async def parse(self, *, to: Any = None) -> Any:  # type: ignore[override]
        """The value that the method returns otherwise, or the body as a value of a type ``to``."""
        return super().parse() if to is None else _read_as(self._reply, to)

    async def json(self) -> Any:
        """The body as JSON values."""
        return self.http_response.json()

    async def read(self) -> bytes:
        """The body."""
        return self.content

    async def close(self) -> None:
        """Nothing: the body was read, so the connection is free."""


class StreamedAPIResponse(BaseAPIResponse[ResultT], StreamedResponse[ResultT]):
    """A response whose body is read on demand."""

    def parse(self, *, to: Any = None) -> Any:
        """See ``APIResponse.parse``."""
        if to is None:
            return super().parse()
        if not _is_of_stream(to):
            self.read()
        return _read_as(self._reply, to)

    def json(self) -> Any:
        """Read the body, as JSON values."""
        self.read()
        return self.http_response.json()

    def text(self) -> str:
        """Read the body, as text."""
        self.read()
        return self.http_response.text

    def stream_to_file(
        self, file: str | os.PathLike[str], *, chunk_size: int | None = None
    ) -> None:
        """Write the body to a file as it comes."""
        with open(file, "wb") as opened:
            for piece in self.iter_bytes(chunk_size):
                opened.write(piece)


class AsyncStreamedAPIResponse(BaseAPIResponse[ResultT], AsyncStreamedResponse[ResultT]):
    """As ``StreamedAPIResponse``, with ``await``."""

    async def parse(self, *, to: Any = None) -> Any:
        """See ``APIResponse.parse``."""
        if to is None:
            return await super().parse()
        if not _is_of_stream(to):
            await self.read()
        return _read_as(self._reply, to)

    async def json(self) -> Any:
        """Read the body, as JSON values."""
        await self.read()
        return self.http_response.json()

    async def text(self) -> str:
        """Read the body, as text."""
        await self.read()
        return self.http_response.text

    async def stream_to_file(
        self, file: str | os.PathLike[str], *, chunk_size: int | None = None
    ) -> None:
        """Write the body to a file as it comes."""
        with open(file, "wb") as opened:
            async for piece in self.iter_bytes(chunk_size):
                opened.write(piece)
