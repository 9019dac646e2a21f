"""Faults of a server, on demand: refusals, bodies that are slow or cut off, an expired token."""

from __future__ import annotations

import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import httpx2

from ..values import member
from .answers import Answer, SentRequest, asks_for_token, matches

__all__ = ["Fault", "FaultKind", "Faults", "refused", "with_body_fault"]

FaultKind: TypeAlias = Literal[
    "rate_limit", "server_error", "cut_stream", "slow_body", "expired_token"
]

_MESSAGES = {401: "The token has expired.", 429: "Too many requests.", 500: "Something broke."}


@dataclass
class Fault:
    """A fault and the requests that get it.

    Attributes:
        kind: What goes wrong.
        method: The HTTP method of the requests; ``None`` for all.
        path: The path of the requests, as ``FakeServer.answer`` takes it; ``None`` for all.
        times: How many requests get it. An expired token stays expired.
        retry_after: Seconds in the header ``Retry-After``, of ``rate_limit``.
        seconds: The pause in the middle of the body, of ``slow_body``.
        after: How many bytes of the body arrive, of ``cut_stream``; ``None`` for half of them.
        token: The credential that has expired: that of the first request.
    """

    kind: FaultKind
    method: str | None = None
    path: str | None = None
    times: int = 1
    retry_after: float = 1
    seconds: float = 1
    after: int | None = None
    token: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        kinds = get_args(FaultKind)
        if self.kind not in kinds:
            raise ValueError(f"Expected a kind of {', '.join(kinds)}, not {self.kind!r}")

    def applies_to(self, sent: SentRequest, token: tuple[str, ...]) -> bool:
        """Whether a request gets the fault. The credential of the first one expires."""
        if self.times < 1 or self.method not in (None, sent.method.upper()):
            return False
        if self.path is not None and not matches(self.path, sent.path):
            return False
        if self.kind == "expired_token":
            if asks_for_token(sent):  # that is what a client does about it
                return False
            self.token = self.token or token
            return self.token == token
        self.times -= 1
        return True

    def refusal(self) -> tuple[int, dict[str, str]] | None:
        """Status and headers of a refusal; ``None`` if the body is what goes wrong."""
        match self.kind:
            case "rate_limit":
                return 429, {"retry-after": f"{self.retry_after:g}"}
            case "server_error":
                return 500, {}
            case "expired_token":
                return 401, {"www-authenticate": 'Bearer error="invalid_token"'}  # RFC 6750, 3.1
            case _:
                return None


class Faults:
    """The faults of one server.

    ``credentials`` are the places of credentials: ``header``, ``query`` or ``cookie``, and a name.
    """

    def __init__(self, credentials: Sequence[Sequence[str]] = ()) -> None:
        self._faults: list[Fault] = []
        self._credentials = [("header", "authorization"), *credentials]

    def add(self, fault: Fault) -> None:
        """Add a fault behind the others."""
        self._faults.append(fault)

    def take(self, sent: SentRequest) -> Fault | None:
        """The fault that a request gets."""
        token = tuple(self._tokens(sent))
        return next((one for one in self._faults if one.applies_to(sent, token)), None)

    def _tokens(self, sent: SentRequest) -> Iterator[str]:
        for place, name in self._credentials:
            if place == "query":
                yield dict(sent.query).get(name, "")
            else:
                yield sent.headers.get("cookie" if place == "cookie" else name, "")


def refused(status: int, headers: dict[str, str], body: object) -> Answer:
    """A refusal, with the body of the description or else a message."""
    return Answer(body or {"error": {"message": _MESSAGES[status]}}, status, headers)


def with_body_fault(
    response: httpx2.Response, fault: Fault, request: httpx2.Request
) -> httpx2.Response:
    """A response whose body is slow or cut off."""
    headers = httpx2.Headers(response.headers)
    headers.pop("content-length", None)
    patience = member(request.extensions.get("timeout"), "read")
    body = _FaultyBody(response.content, fault, patience)
    return httpx2.Response(response.status_code, headers=headers, stream=body)


class _FaultyBody(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """A body in two pieces; the second may never arrive.

    ``patience`` is the read timeout of the client, in seconds.
    """

    def __init__(self, content: bytes, fault: Fault, patience: float | None) -> None:
        middle = len(content) // 2 if fault.after is None else fault.after
        self._first, self._second = content[:middle], content[middle:]
        self._fault, self._patience = fault, patience

    def __iter__(self) -> Iterator[bytes]:
        yield self._first
        self._fail()
        time.sleep(self._fault.seconds)
        yield self._second

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._first
        self._fail()
        await _sleep(self._fault.seconds)
        yield self._second

    def _fail(self) -> None:
        if self._fault.kind == "cut_stream":
            raise httpx2.RemoteProtocolError("the peer closed the connection before the body ended")
        if self._patience is not None and self._fault.seconds > self._patience:
            raise httpx2.ReadTimeout("the body took longer than the read timeout")


async def _sleep(seconds: float) -> None:
    trio = sys.modules.get("trio")
    if trio is not None and trio.lowlevel.in_trio_run():
        await trio.sleep(seconds)
        return
    from asyncio import sleep

    await sleep(seconds)
