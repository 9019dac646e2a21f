"""The old arguments of a client, and ``copy`` with its old options."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from ..client.base import AsyncClient, SyncClient
from ..options import Omit
from .http_clients import as_async_client, as_client
from .sessions import FormerAsyncSession, FormerSyncSession

__all__ = ["FormerArgument", "FormerAsyncClient", "FormerSyncClient"]


@dataclass(frozen=True, slots=True)
class FormerArgument:
    """An argument that clients had.

    Attributes:
        variables: The environment variables with its default.
        argument: The argument that now takes its value; ``basic_auth`` takes a pair.
        position: Its place in that pair.
        header: The header that its value is sent in, as ``value`` has it.
        servers: Addresses by the values that it takes.
    """

    variables: tuple[str, ...] = ()
    argument: str = ""
    position: int = 0
    header: str = ""
    value: str = "{}"
    servers: Mapping[str, str] = field(default_factory=dict[str, str])


def _with_variables(
    former: Mapping[str, FormerArgument], given: Mapping[str, Any]
) -> dict[str, Any]:
    """The values of old arguments, from the environment where they are not given."""
    found: dict[str, Any] = {}
    for name, one in former.items():
        value = given.get(name)
        if value is None:
            value = next((os.environ[key] for key in one.variables if os.environ.get(key)), None)
        found[name] = value
    return found


def _arguments(former: Mapping[str, FormerArgument], values: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments that the values of old ones become."""
    found: dict[str, Any] = {}
    headers: dict[str, str] = {}
    pair: dict[int, str] = {}
    for name, one in former.items():
        value = values.get(name)
        if value is None or isinstance(value, Omit):
            continue
        if one.argument == "basic_auth":
            pair[one.position] = value
        elif one.argument:
            found[one.argument] = value
        elif one.header:
            headers[one.header] = one.value.format(value)
        elif one.servers:
            found["base_url"] = one.servers.get(value, value)
    if len(pair) == 2:
        found["basic_auth"] = (pair[0], pair[1])
    return found | ({"default_headers": headers} if headers else {})


def _merged(
    former: Mapping[str, FormerArgument], values: Mapping[str, Any], options: Mapping[str, Any]
) -> dict[str, Any]:
    """The arguments of a new client: what was given under today's names wins."""
    found = _arguments(former, values)
    for name, value in options.items():
        if name == "default_headers":
            found[name] = {**found.get(name, {}), **(value or {})}
        elif name == "base_url":
            found[name] = found.get(name) if value is None else str(value)
        else:
            found[name] = value
    return found


class _Former:
    """Both kinds of clients."""

    _former: Mapping[str, FormerArgument] = {}
    _given: dict[str, Any]

    def _took(self, values: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
        """Remember what was given, and return the arguments that it becomes."""
        values = _with_variables(self._former, values)
        self._given = {**options, **values}
        for name, value in values.items():
            if not hasattr(type(self), name):
                setattr(self, name, value)
        strict = options.get("_strict_response_validation", False)
        rest = {key: one for key, one in options.items() if key != "_strict_response_validation"}
        return {**_merged(self._former, values, rest), "strict": strict}

    def _copied(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments of a copy; ``set_default_headers`` takes the place of all headers."""
        given = dict(self._given)
        for name in ("default_headers", "default_query"):
            if options.get(f"set_{name}") is not None:
                given[name] = options[f"set_{name}"]
            elif options.get(name) is not None:
                given[name] = {**(given.get(name) or {}), **options[name]}
        extra = options.get("_extra_kwargs") or {}
        merged = {f"set_{name}" for name in ("default_headers", "default_query")}
        merged |= {"default_headers", "default_query", "_extra_kwargs"}
        return {**given, **{k: v for k, v in options.items() if k not in merged}, **extra}


class FormerSyncClient(_Former, SyncClient):
    """A client that takes the arguments of before."""

    def _start(self, values: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
        found = self._took(values, options)
        found["http_client"] = as_client(found.get("http_client"))
        return found

    def _follow(self) -> None:
        session = self._session
        self._session = FormerSyncSession(session.settings, session.transport)

    def copy(self, **options: Any) -> Self:
        """A copy of this client with some options changed, over the same connections."""
        other = type(self)(**{**self._copied(options), "http_client": options.get("http_client")})
        if options.get("http_client") is None:
            other._session = self._session.with_settings(other._session.settings)
        return other

    with_options = copy


class FormerAsyncClient(_Former, AsyncClient):
    """As ``FormerSyncClient``, for one event loop."""

    def _start(self, values: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
        found = self._took(values, options)
        found["http_client"] = as_async_client(found.get("http_client"))
        return found

    def _follow(self) -> None:
        session = self._session
        self._session = FormerAsyncSession(session.settings, session.transport)

    def copy(self, **options: Any) -> Self:
        """A copy of this client with some options changed, over the same connections."""
        other = type(self)(**{**self._copied(options), "http_client": options.get("http_client")})
        if options.get("http_client") is None:
            other._session = self._session.with_settings(other._session.settings)
        return other

    with_options = copy
