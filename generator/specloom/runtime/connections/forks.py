"""A process that is forked leaves open connections to its parent.

Python keeps what is registered here to the end of the process, with all that this module refers to.
So it refers to no other module of the SDK: the end of a short process took 9 ms more when it did.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from weakref import WeakSet

if TYPE_CHECKING:
    from typing import Protocol

    class _Forgetting(Protocol):
        def forget(self) -> None: ...


__all__ = ["forget_after_fork"]

_known: WeakSet[_Forgetting] = WeakSet()


def forget_after_fork(transport: _Forgetting) -> None:
    """Have a child process call ``forget`` of this transport, if it is still there."""
    _known.add(transport)


def _forget_all() -> None:
    for transport in list(_known):
        transport.forget()


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_forget_all)
