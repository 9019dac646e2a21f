"""Values with named fields, for the modules that are loaded with an SDK.

``typing`` takes three times as long to load as an SDK of which nothing is used yet, ``functools``
with ``collections`` as long as it, and a class of ``NamedTuple`` takes ten times as long to make as
these. So those modules do without them. Type checkers take a local ``TYPE_CHECKING`` for true.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, ClassVar, Final, Generic, NoReturn, Self, dataclass_transform
else:

    def dataclass_transform(**_):
        """Tell type checkers what the fields of a class mean."""
        return lambda cls: cls

    class Generic:
        """Takes the parameters of a class that only type checkers look at."""

        def __class_getitem__(cls, parameters):
            return cls


__all__ = ["NOTHING", "Generic", "Record"]

NOTHING: Final[Mapping[str, Any]] = type(Generic.__dict__)({})
"""A mapping that is empty, and stays so."""


@dataclass_transform(frozen_default=True)
class Record:
    """A value whose fields are the annotations of its class, in that order; it never changes.

    An instance holds what was given; a field that was not is what its class says.
    """

    _fields: ClassVar[tuple[str, ...]] = ()
    _required: ClassVar[frozenset[str]] = frozenset()
    _known: ClassVar[frozenset[str]] = frozenset()

    def __init_subclass__(cls) -> None:
        cls._fields = tuple(cls.__annotations__)
        cls._known = frozenset(cls._fields)
        cls._required = cls._known - vars(cls).keys()

    def __init__(self, *values: Any, **named: Any) -> None:
        given = vars(self)
        given.update(zip(self._fields, values, strict=False), **named)
        is_once = len(given) == len(values) + len(named)
        if not (is_once and self._required.issubset(given) and self._known.issuperset(given)):
            raise TypeError(f"{type(self).__name__} takes {', '.join(self._fields)}")

    def replaced(self, **changes: Any) -> Self:
        """A copy with some fields changed."""
        return type(self)(**{**vars(self), **changes})

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} does not change")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and _values(other) == _values(self)

    def __hash__(self) -> int:
        return hash(_values(self))

    def __repr__(self) -> str:
        fields = zip(self._fields, _values(self), strict=True)
        return f"{type(self).__name__}({', '.join(f'{name}={each!r}' for name, each in fields)})"


def _values(record: Any) -> tuple[Any, ...]:
    return tuple(getattr(record, name) for name in record._fields)
