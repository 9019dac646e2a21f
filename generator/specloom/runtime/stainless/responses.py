"""The responses of ``with_raw_response`` and ``with_streaming_response`` with their old members."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from ..response.raw import (
    AsyncStreamedResponse,
    RawResponse,
    ResultT,
    StreamedResponse,
    _Response,
)

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

    async def parse(self) -> ResultT:  # type: ignore[override]
        """The value that the method returns without ``with_raw_response``."""
        return super().parse()

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
