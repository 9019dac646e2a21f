"""A response and what the client knows about it, before it is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ..api.info import SdkInfo
from ..api.operation import Content, Operation
from ..connections.received import Received

__all__ = ["Reply", "declared_content"]


class Reply(NamedTuple):
    """The response of the last attempt of a call.

    Attributes:
        info: The SDK.
        operation: The operation that was called.
        response: The response. Its body may not be read yet.
        strict: Whether a response that breaks the description is an error.
        retries_taken: How often the request was sent again.
        elapsed: Seconds from the start of the last attempt to its response.
    """

    info: SdkInfo
    operation: Operation[Any, Any]
    response: Received
    strict: bool
    retries_taken: int
    elapsed: float

    @property
    def request_id(self) -> str | None:
        """The server's id of the request."""
        for name in self.info.request_id_headers:
            if id_ := self.response.headers.get(name.lower()):
                return id_
        return None


def declared_content(reply: Reply) -> Content | None:
    """The described content of the body: by the status, its range, or the default.

    A successful status that is not described is read as one that is.
    """
    status = str(reply.response.status_code)
    found = _matching(reply.operation.responses, status)
    if status[0] == "2":
        return found or next(_successes(reply.operation.responses), None)
    return found or _matching(reply.info.errors, status)


def _matching(responses: Mapping[str, Content], status: str) -> Content | None:
    if status in responses:
        return responses[status]
    return responses.get(f"{status[0]}XX") or responses.get("default")


def _successes(responses: Mapping[str, Content]) -> Iterator[Content]:
    return (content for key, content in responses.items() if key[0] == "2")
