"""Streams of loans."""

from __future__ import annotations

from .. import AsyncStream, Stream
from ..types import Loan


class LoanStreamMixin(Stream[Loan]):
    """Adds loans up.

    ```python
    from library_sdk import Library

    client = Library()
    with client.loans.watch() as stream:
        print(stream.days())
    ```
    """

    def days(self) -> int:
        """The days of all loans to come."""
        return sum(loan.days for loan in self)


class AsyncLoanStreamMixin(AsyncStream[Loan]):
    """As ``LoanStreamMixin``."""

    async def days(self) -> int:
        """The days of all loans to come."""
        return sum([loan.days async for loan in self])
