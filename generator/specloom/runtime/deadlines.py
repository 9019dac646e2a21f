"""How long a call may take in total, over all its attempts."""

from __future__ import annotations

import time
from math import inf

from .options import Timeout

__all__ = ["Deadline", "Until"]


class Deadline:
    """When a call must have its response.

    Attributes:
        total: The seconds that the call may take.
    """

    __slots__ = ("_end", "total")

    def __init__(self, total: float, started: float) -> None:
        self.total = total
        self._end = started + total

    def left(self) -> float:
        """The seconds that are left; 0 or less if it has passed."""
        return self._end - time.monotonic()

    def lift(self) -> None:
        """Remove the limit: the response has begun, and its body may take longer."""
        self._end = inf

    def within(self, timeout: Timeout) -> Timeout:
        """A timeout whose phases end with the deadline, each at the latest."""
        return Timeout._make([*(Until(phase, self) for phase in timeout[:4]), timeout.total])


class Until(float):
    """The seconds of a phase, and at most those that were left of the call when it was made.

    A connection asks ``now`` before it reads or writes: a server that sends single bytes does not
    prolong a call.
    """

    __slots__ = ("_deadline", "_phase")

    _deadline: Deadline
    _phase: float | None

    def __new__(cls, phase: float | None, deadline: Deadline) -> Until:
        left = max(deadline.left(), 0.0)
        until = super().__new__(cls, left if phase is None else min(phase, left))
        until._deadline, until._phase = deadline, phase
        return until

    def now(self) -> float | None:
        """The seconds to wait from now on; ``None`` for no limit, 0 or less for none."""
        left = self._deadline.left()
        if left == inf:
            return self._phase
        return left if self._phase is None else min(self._phase, left)
