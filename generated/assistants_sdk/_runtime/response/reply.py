"""A response and what the client knows about it, before it is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from ..api.content import Content, Events, JsonLines, ResponseContent
from ..api.info import SdkInfo
from ..connections.received import Received
from ..media_types import best_match

if TYPE_CHECKING:  # the first resource loads it
    from ..api.operation import Operation

__all__ = ["Reply", "declared_content", "is_streamed"]


class Reply(NamedTuple):
    """The response of the last attempt of a call.

    Attributes:
        info: The SDK.
        operation: The operation that was called.
        response: The response. Its body may not be read yet.
        strict: Whether a response that breaks the description is an error.
        retries_taken: How often the request was sent again.
        elapsed: Seconds from the start of the last attempt to its response.
        is_elsewhere: Whether a redirect led to another host, which got no credentials.
    """

    info: SdkInfo
    operation: Operation[Any, Any]
    response: Received
    strict: bool
    retries_taken: int
    elapsed: float
    is_elsewhere: bool = False

    @property
    def request_id(self) -> str | None:
        """The server's id of the request."""
        for name in self.info.request_id_headers:
            if id_ := self.response.headers.get(name.lower()):
                return id_
        return None


def declared_content(reply: Reply) -> Content | None:
    """The described content of the body: by the status, its range, or the default.

    A successful status that is not described is read as one that is. Of several contents it is the
    one that the media type of the body belongs to, else the first.
    """
    operation, status = reply.operation, str(reply.response.status_code)
    found = _matching(operation.responses, status)
    if found is None:
        is_success = status[0] == "2"
        found = next(_successes(operation.responses), None) if is_success else None
        found = found if is_success else _matching(reply.info.errors, status)
    if found is None or not isinstance(found, Mapping):
        return found
    media_type = reply.response.headers.get("content-type")
    name = best_match(found, media_type) if media_type else None
    return found[name] if name else next(iter(found.values()))


def is_streamed(reply: Reply) -> bool:
    """Whether the body is described as a stream."""
    return isinstance(declared_content(reply), (Events, JsonLines))


def _matching(responses: Mapping[str, ResponseContent], status: str) -> ResponseContent | None:
    if status in responses:
        return responses[status]
    return responses.get(f"{status[0]}XX") or responses.get("default")


def _successes(responses: Mapping[str, ResponseContent]) -> Iterator[ResponseContent]:
    return (content for key, content in responses.items() if key[0] == "2")
