"""Names of a former SDK that its users' code needs, besides those in the lock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

DEFAULT_HEADERS = "default_headers"
"""The argument whose ``variables`` contain headers, one on each line."""


@dataclass(frozen=True, slots=True)
class FormerArgument:
    """An argument of the former client.

    ``variables`` are the environment variables for its default. Its value goes to ``argument`` of
    the current client (for ``basic_auth``, at ``position`` of the pair), or into ``header`` in the
    form ``value``, or it selects one of ``servers``, addresses by value. Otherwise it is only an
    attribute of the client.
    """

    name: str
    variables: tuple[str, ...] = ()
    argument: str = ""
    position: int = 0
    header: str = ""
    value: str = "{}"
    servers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class FormerRequest:
    """The differences of an operation's requests in the former SDK.

    ``accept`` is the ``Accept`` header, empty for the usual one. ``headers`` are further constant
    headers. ``body``: a request without any property has the body ``{}``; otherwise it has none.
    ``idempotency_key``: a request has a key even if the caller gives none.
    """

    accept: str = ""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bool = True
    idempotency_key: bool = True


@dataclass(frozen=True, slots=True)
class FormerSdk:
    """The arguments of the client, and the names of modules, relative to the package.

    A name stands for a type of today's SDK (``Run``), for the result of an operation
    (``GET /runs/{id}``), for its arguments (``POST /runs arguments``), or, in ``pagination``, for a
    class of pages (``SyncOffsetPage``). ``requests`` are by operation (``GET /runs``).
    ``has_legacy_responses``: async clients parse raw responses without ``await``.
    ``array_format`` is the format of arrays in the query: ``comma``, ``repeat``, ``brackets`` or
    ``indices``; empty: as the description says.
    """

    arguments: tuple[FormerArgument, ...] = ()
    imports: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    requests: Mapping[str, FormerRequest] = field(default_factory=dict[str, FormerRequest])
    has_legacy_responses: bool = False
    array_format: str = ""

    @property
    def header_variables(self) -> tuple[str, ...]:
        """The environment variables that hold headers of every request."""
        found = (one.variables for one in self.arguments if one.name == DEFAULT_HEADERS)
        return next(found, ())
