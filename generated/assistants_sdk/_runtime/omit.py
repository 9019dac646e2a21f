"""The sentinel for "not given", which is not the same as ``None`` (JSON null)."""

from __future__ import annotations

__all__ = ["Omit", "omit"]


class Omit:
    """The type of ``omit``: an input that was left out and is not sent.

    There is one instance. It is false, and copies and pickles are that same instance.
    """

    __slots__ = ()

    def __new__(cls) -> Omit:
        return _INSTANCES.setdefault(cls, object.__new__(cls))

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "omit"

    def __reduce__(self) -> str:
        return "omit"


_INSTANCES: dict[type[Omit], Omit] = {}
omit = Omit()
