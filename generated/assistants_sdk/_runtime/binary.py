"""The result of an operation that answers with bytes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

__all__ = ["BinaryContent"]


class BinaryContent:
    """Bytes that the server sent, in memory; ``with_streaming_response`` reads them bit by bit.

    Attributes:
        content: The bytes, their transfer compression undone.
        content_type: Their media type, as the server names it.
    """

    def __init__(self, content: bytes, content_type: str | None, request_id: str | None) -> None:
        self.content = content
        self.content_type = content_type
        self.request_id = request_id

    def read(self) -> bytes:
        """All bytes."""
        return self.content

    def iter_bytes(self, chunk_size: int = 65_536) -> Iterator[bytes]:
        """The bytes in chunks of ``chunk_size``."""
        view = self.content
        return (view[start : start + chunk_size] for start in range(0, len(view), chunk_size))

    def write_to_file(self, path: str | os.PathLike[str]) -> None:
        """Write the bytes to a file, in place of what it holds."""
        Path(path).write_bytes(self.content)

    def __repr__(self) -> str:
        return f"BinaryContent({len(self.content)} bytes, {self.content_type})"
