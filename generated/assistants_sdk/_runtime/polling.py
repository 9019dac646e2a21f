"""The times of polling requests. Nothing here waits or does I/O."""

from __future__ import annotations

import time
from typing import Any, NoReturn

from .api.operation import Operation, Poll
from .delays import MAX_SERVER_DELAY, asked_delay
from .errors import PollTimeoutError
from .options import Omit, RequestOptions
from .request.call import Call
from .response.reading import plain_body, raise_invalid
from .response.reply import Reply
from .values import wire_value

__all__ = ["Polling"]


class Polling:
    """One wait for an end state.

    Attributes:
        call: The next call to perform.
    """

    def __init__(
        self,
        call: Call,
        again: Operation[Any, Any],
        poll: Poll,
        interval: float | Omit,
        timeout: float | Omit | None,
    ) -> None:
        self.call = call
        self._first = call
        self._again = again
        self._poll = poll
        self._interval = interval
        self._timeout = poll.timeout if isinstance(timeout, Omit) else timeout
        self._started = time.monotonic()

    def next_delay(self, result: Any, reply: Reply) -> float | None:
        """Seconds to wait before the next call; ``None`` if the result is in an end state.

        Raises:
            PollTimeoutError: It is not, and the time is over.
            APIResponseValidationError: The result lacks its state, or a value that polling needs.
        """
        state = wire_value(result, self._poll.field)
        if not isinstance(state, str):
            _raise_missing(reply, self._poll.field, "which tells whether it has ended")
        if state in self._poll.until:
            return None
        self.call = self._next_call(result, reply)
        return self._delay(reply, result, state)

    def _delay(self, reply: Reply, result: Any, state: str) -> float:
        delay = self._interval
        if isinstance(delay, Omit):
            asked = asked_delay(reply.response.headers, time.time(), self._poll.hint_header)
            delay = self._poll.interval if asked is None or asked > MAX_SERVER_DELAY else asked
        if self._timeout is None:
            return max(delay, 0.0)
        left = self._timeout - (time.monotonic() - self._started)
        if left <= 0:
            raise self._timed_out(reply, result, state)
        return max(min(delay, left), 0.0)

    def _next_call(self, result: Any, reply: Reply) -> Call:
        path = dict(self._first.path)
        for name, source in self._poll.arguments.items():
            path[name] = wire_value(result, source)
            if path[name] in {None, ""}:
                _raise_missing(reply, source, f"which {self._again.id} needs")
        return Call(self._again, path=path, options=_read_options(self._first.options))

    def _timed_out(self, reply: Reply, result: Any, state: str) -> PollTimeoutError:
        return PollTimeoutError(
            f"{self._poll.field} is still {state!r} after {self._timeout:g} seconds"
            f" ({self._first.operation.id})",
            request=reply.response.whole().request,
            response=reply.response.whole(),
            body=plain_body(reply.response.content),
            parsed=result,
            request_id=reply.request_id,
            retries_taken=reply.retries_taken,
        )


def _read_options(options: RequestOptions) -> RequestOptions:
    """The options of a call without those that only concern a write."""
    copy = options.copy()
    copy.pop("extra_body", None)
    copy.pop("idempotency_key", None)
    return copy


def _raise_missing(reply: Reply, name: str, why: str) -> NoReturn:
    text = reply.response.content
    raise_invalid(reply, text, f"The response of {reply.operation.id} has no `{name}`, {why}")
