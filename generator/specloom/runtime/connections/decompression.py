"""Decompresses a response while it arrives (RFC 9110, 8.4), up to a limit."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:  # a whole body is read without it
    import httpx2

__all__ = ["Decoder", "decoder_for", "replace_decoder"]

_CODINGS: Final = {
    "gzip": zlib.MAX_WBITS | 16,
    "x-gzip": zlib.MAX_WBITS | 16,
    "deflate": zlib.MAX_WBITS,
}


_PIECE: Final = 1 << 24  # bytes that are made at once


class Decoder:
    """Undoes one coding. A body that is cut off, broken or too large is an error.

    It has the methods of ``httpx2``'s own decoders, which read only the first member of a gzip body
    (RFC 1952, 2.2), take half a body for a whole one, and know no bound.

    Args:
        window: The format of the data, as ``zlib`` numbers it.
        limit: The most bytes that may come out.
    """

    def __init__(self, window: int, limit: int) -> None:
        self._window = window
        self._limit = limit
        self._left = limit
        self._member: Any = None
        self._is_first = True

    def decode(self, data: bytes) -> Iterator[bytes]:
        """The decompressed bytes, in pieces.

        Raises:
            httpx2.DecodingError: The data is broken, or gives more than the limit.
        """
        while data:
            if self._member is None:
                data = data if self._is_first else data.lstrip(b"\0")  # tapes pad with zeros
                self._member = zlib.decompressobj(self._window) if data else None
                continue
            yield self._piece(data)
            if self._member.eof:
                data, self._member = self._member.unused_data, None
                self._is_first = False
            else:
                data = self._member.unconsumed_tail

    def _piece(self, data: bytes) -> bytes:
        try:
            piece: bytes = self._member.decompress(data, min(self._left + 1, _PIECE))
        except zlib.error as error:
            if self._window == zlib.MAX_WBITS and self._left == self._limit:
                self._window = -zlib.MAX_WBITS  # some servers send deflate without its header
                self._member = zlib.decompressobj(self._window)
                return self._piece(data)
            raise _decoding_error(str(error)) from error
        self._left -= len(piece)
        if self._left < 0:
            raise _decoding_error(
                f"The body has more than {self._limit} bytes once it is decompressed; "
                "set max_decompressed of the client to allow more"
            )
        return piece

    def flush(self) -> Iterator[bytes]:
        """The rest at the end of the data, which is empty.

        Raises:
            httpx2.DecodingError: The body was cut off.
        """
        if self._member is not None:
            raise _decoding_error("The compressed body was cut off")
        return iter(())


def _decoding_error(message: str) -> Exception:
    from httpx2 import DecodingError

    return DecodingError(message)


class _Several:
    """Undoes several codings, the last one first."""

    def __init__(self, decoders: Iterable[Decoder]) -> None:
        self._decoders = list(decoders)

    def decode(self, data: bytes) -> Iterator[bytes]:
        pieces: Iterable[bytes] = (data,)
        for decoder in self._decoders:
            pieces = _through(decoder, pieces)
        return iter(pieces)

    def flush(self) -> Iterator[bytes]:
        for decoder in self._decoders:
            decoder.flush()
        return iter(())


def _through(decoder: Decoder, pieces: Iterable[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        yield from decoder.decode(piece)


def decoder_for(coding: str, limit: int) -> Decoder | _Several | None:
    """The decoder of a ``Content-Encoding``; ``None`` if it names one that is not known here."""
    names = [name.strip().lower() for name in coding.split(",")]
    windows = [_CODINGS.get(name) for name in reversed(names) if name != "identity"]
    decoders = [Decoder(window, limit) for window in windows if window is not None]
    if not windows or len(decoders) < len(windows):
        return None
    return decoders[0] if len(decoders) == 1 else _Several(decoders)


def replace_decoder(response: httpx2.Response, limit: int) -> None:
    """Have a response that is not read yet use a decoder of these. Others stay with their own."""
    coding = response.headers.get("content-encoding")
    if coding is None or response.is_stream_consumed or response.is_closed:
        return
    decoder = decoder_for(coding, limit)
    if decoder is not None:
        vars(response)["_decoder"] = decoder
