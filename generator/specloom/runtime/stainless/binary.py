"""Results that are bytes, as SDKs of Stainless return them: responses whose body was read."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from ..api.content import Binary
from ..lazy_httpx2 import httpx2
from ..response.reading import BinaryContent
from ..response.reply import Reply, declared_content
from .responses import APIResponse, AsyncAPIResponse, BaseAPIResponse

__all__ = [
    "AnyBinaryAPIResponse",
    "AsyncBinaryAPIResponse",
    "BinaryAPIResponse",
    "HttpxBinaryResponseContent",
    "parsing",
    "viewed",
]

_KindT = TypeVar("_KindT", bound=BaseAPIResponse[Any])


class BinaryAPIResponse(APIResponse[bytes]):
    """Bytes that the server sent, in memory, with the response."""

    def parse(self, *, to: Any = None) -> Any:
        """The bytes, or the body as a value of a type ``to``."""
        return self.content if to is None else super().parse(to=to)

    def iter_bytes(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """The body in chunks."""
        return self.http_response.iter_bytes(chunk_size)

    def iter_text(self, chunk_size: int | None = None) -> Iterator[str]:
        """The body in chunks of text."""
        return self.http_response.iter_text(chunk_size)

    def iter_lines(self) -> Iterator[str]:
        """The body in lines of text, without their ends."""
        return self.http_response.iter_lines()

    def write_to_file(self, file: str | os.PathLike[str]) -> None:
        """Write the body to a file and replace what it contains."""
        Path(file).write_bytes(self.content)

    def stream_to_file(
        self, file: str | os.PathLike[str], *, chunk_size: int | None = None
    ) -> None:
        """Write the body to a file in chunks, and replace what it contains."""
        with open(file, "wb") as opened:
            opened.writelines(self.iter_bytes(chunk_size))


class AsyncBinaryAPIResponse(AsyncAPIResponse[bytes]):
    """As ``BinaryAPIResponse``, with ``await`` and ``async for``."""

    async def parse(self, *, to: Any = None) -> Any:  # type: ignore[override]
        """The bytes, or the body as a value of a type ``to``."""
        return self.content if to is None else await super().parse(to=to)

    async def iter_bytes(self, chunk_size: int | None = None) -> AsyncIterator[bytes]:
        """The body in chunks."""
        for chunk in self.http_response.iter_bytes(chunk_size):
            yield chunk

    async def iter_text(self, chunk_size: int | None = None) -> AsyncIterator[str]:
        """The body in chunks of text."""
        for chunk in self.http_response.iter_text(chunk_size):
            yield chunk

    async def iter_lines(self) -> AsyncIterator[str]:
        """The body in lines of text, without their ends."""
        for line in self.http_response.iter_lines():
            yield line

    async def write_to_file(self, file: str | os.PathLike[str]) -> None:
        """Write the body to a file and replace what it contains."""
        Path(file).write_bytes(self.content)

    async def stream_to_file(
        self, file: str | os.PathLike[str], *, chunk_size: int | None = None
    ) -> None:
        """Write the body to a file in chunks, and replace what it contains."""
        with open(file, "wb") as opened:
            opened.writelines(self.http_response.iter_bytes(chunk_size))


class AnyBinaryAPIResponse(BinaryAPIResponse, AsyncBinaryAPIResponse):  # type: ignore[misc]
    """The result of an operation that a sync and an async class call. It has no instances."""


class HttpxBinaryResponseContent(BinaryAPIResponse):
    """The legacy form, for sync and async clients alike: members with ``a`` are awaited."""

    @property
    def response(self) -> httpx2.Response:
        """The response as ``httpx2`` has it."""
        return self.http_response

    @property
    def encoding(self) -> str | None:
        """The encoding that ``text`` uses."""
        return self.http_response.encoding

    @property
    def charset_encoding(self) -> str | None:
        """The charset of the response's media type."""
        return self.http_response.charset_encoding

    async def aread(self) -> bytes:
        """The body."""
        return self.content

    async def aiter_bytes(self, chunk_size: int | None = None) -> AsyncIterator[bytes]:
        """The body in chunks."""
        for chunk in self.iter_bytes(chunk_size):
            yield chunk

    async def aiter_text(self, chunk_size: int | None = None) -> AsyncIterator[str]:
        """The body in chunks of text."""
        for chunk in self.iter_text(chunk_size):
            yield chunk

    async def aiter_lines(self) -> AsyncIterator[str]:
        """The body in lines of text, without their ends."""
        for line in self.iter_lines():
            yield line

    async def astream_to_file(
        self, file: str | os.PathLike[str], *, chunk_size: int | None = None
    ) -> None:
        """Write the body to a file in chunks, and replace what it contains."""
        self.stream_to_file(file, chunk_size=chunk_size)

    async def aclose(self) -> None:
        """Nothing: the body was read, so the connection is free."""


def parsing(parse: Callable[[Reply], Any], kind: type[_KindT]) -> Callable[[Reply], Any]:
    """A function as ``parse`` that returns bytes as a response of this kind."""

    def read(reply: Reply) -> Any:
        value = parse(reply)
        return kind(reply, parse, is_stream=False) if isinstance(value, BinaryContent) else value

    return read


def viewed(answer: Any, kind: type[_KindT]) -> Any:
    """The raw response of bytes as a response of this kind; any other answer as it is."""
    if isinstance(answer, (APIResponse, AsyncAPIResponse)) and isinstance(
        declared_content(answer._reply), Binary
    ):
        return kind(answer._reply, answer._parse, is_stream=False)
    return answer
