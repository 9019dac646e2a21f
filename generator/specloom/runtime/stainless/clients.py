"""The old arguments of a client, and ``copy`` with its old options."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from ..client.base import AsyncClient, AsyncResource, SyncClient, SyncResource
from ..credentials import Hidden
from ..options import Omit, Timeout, omit
from ..streaming.stream import AsyncStream, Stream
from .attributes import FormerAttributes, FormerHeaders, FormerQuery
from .http_clients import (
    DefaultAsyncHttpxClient,
    DefaultHttpxClient,
    as_async_client,
    as_client,
    given_client,
)
from .nested_keys import NestedKeys
from .preparing import middleware_of, sent
from .sessions import FormerAsyncSession, FormerRequest, FormerSyncSession

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


def _authorize(settings: Any, arguments: Mapping[str, Any]) -> None:
    """Use the credentials among the arguments from now on."""
    schemes = settings.info.security_schemes.items()
    given = {key: arguments[one.argument] for key, one in schemes if arguments.get(one.argument)}
    settings.credentials = Hidden({**settings.credentials, **given})


def _headers_of(variables: tuple[str, ...]) -> dict[str, str]:
    """Headers that environment variables hold, a line for each: ``X-Team: one``."""
    text = next((os.environ[name] for name in variables if os.environ.get(name)), "")
    pairs = (line.partition(":") for line in text.splitlines() if ":" in line)
    return {name.strip(): value.strip() for name, _, value in pairs}


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


class _Former(FormerAttributes):
    """Both kinds of clients."""

    _former: ClassVar[Mapping[str, FormerArgument]] = {}
    _requests: ClassVar[Mapping[str, FormerRequest]] = {}
    _nested_keys: ClassVar[NestedKeys | None] = None
    _has_legacy_responses: ClassVar[bool] = False
    _array_format: ClassVar[str] = ""
    _header_variables: ClassVar[tuple[str, ...]] = ()
    _given: dict[str, Any]
    request = sent

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if name in self._former and "_session" in vars(self):
            _authorize(self._session.settings, _arguments(self._former, vars(self)))

    @property
    def is_closed(self) -> Any:
        """Whether the client is closed; call it or not."""
        return _Flag(self._session.transport.is_closed)

    @property
    def with_raw_response(self) -> Any:
        """The client, whose methods return the HTTP response; its ``parse()`` gives the result."""
        return _View(self, "with_raw_response", getattr(super(), "with_raw_response", None))

    @property
    def with_streaming_response(self) -> Any:
        """The client, whose methods return the HTTP response, with a body that is not read."""
        view = "with_streaming_response"
        return _View(self, view, getattr(super(), view, None))

    def _took(self, values: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
        """Remember what was given, and return the arguments that it becomes."""
        values = _with_variables(self._former, values)
        headers = {**_headers_of(self._header_variables), **(options.get("default_headers") or {})}
        options = {**options, "default_headers": headers}
        self._given = {**options, **values}
        self._custom_headers = headers
        self._custom_query = {**(options.get("default_query") or {})}
        self._timeout = options.get("timeout", omit)
        for name, value in values.items():
            if not hasattr(type(self), name):
                setattr(self, name, value)
        strict = options.get("_strict_response_validation", False)
        rest = {key: one for key, one in options.items() if key != "_strict_response_validation"}
        return {**_merged(self._former, values, rest), "strict": strict}

    def _prepare_options(self, options: Any) -> Any:
        """A hook for subclasses, which may change the options of a request."""
        return options

    def _prepare_request(self, request: Any) -> Any:
        """A hook for subclasses, which may change a request before it is sent."""

    def _with_hooks(self, arguments: dict[str, Any], *, is_async: bool) -> dict[str, Any]:
        """The arguments of the client, with a middleware if a subclass changes requests."""
        if _own(self, "_prepare_request"):
            hook = middleware_of(self, is_async=is_async)
            arguments["middleware"] = (*arguments.get("middleware", ()), hook)
        return arguments

    def _let_change(self) -> None:
        """Make requests use the current attributes of the client."""
        session: Any = self._session
        settings = session.settings
        if _own(self, "_prepare_options"):
            session.prepare = self._prepare_options
        settings.default_headers = FormerHeaders(self)
        settings.default_query = FormerQuery(self)

    def _now(self) -> dict[str, Any]:
        """The arguments of the client, with later changes."""
        settings = self._session.settings
        names = ("base_url", "timeout", "max_retries", *self._former)
        timeout = settings.timeout if isinstance(self._timeout, Omit) else self._timeout
        now = {**{name: getattr(self, name, None) for name in names}, "timeout": timeout}
        now |= {"default_headers": self._custom_headers, "default_query": self._custom_query}
        return {key: one for key, one in now.items() if one is not None or key == "timeout"}

    def _copied(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments of a copy; ``set_default_headers`` takes the place of all headers."""
        given = {**self._given, **self._now()}
        if any(one.servers and options.get(name) for name, one in self._former.items()):
            given["base_url"] = None
        for name in ("default_headers", "default_query"):
            if options.get(f"set_{name}") is not None:
                given[name] = options[f"set_{name}"]
            elif options.get(name) is not None:
                given[name] = {**(given.get(name) or {}), **options[name]}
        extra = options.get("_extra_kwargs") or {}
        merged = {f"set_{name}" for name in ("default_headers", "default_query")}
        merged |= {"default_headers", "default_query", "_extra_kwargs"}
        return {**given, **{k: v for k, v in options.items() if k not in merged}, **extra}


_OPTIONS = {"headers": "extra_headers", "params": "extra_query", "extra_json": "extra_body"}
"""The options of a request, as ``client.post(…, options={…})`` took them."""


def _seconds(timeout: Any) -> Any:
    """A timeout as clients of ``httpx`` take it."""
    return tuple(timeout.phases().values()) if isinstance(timeout, Timeout) else timeout


def _own(client: _Former, name: str) -> bool:
    """Whether a subclass overrides a hook."""
    hooks = (getattr(kind, name) for kind in (_Former, FormerAsyncClient))
    return getattr(type(client), name) not in hooks


class _Flag(int):
    """A truth value that can also be called: ``client.is_closed()``."""

    def __call__(self) -> bool:
        return bool(self)

    def __repr__(self) -> str:
        return repr(bool(self))


class _View:
    """A client or a resource whose methods return the HTTP response: ``view`` names the way."""

    def __init__(self, target: Any, view: str, own: Any) -> None:
        self._target, self._view, self._own = target, view, own

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._target, name)
        if isinstance(value, (SyncResource, AsyncResource)):
            return _View(value, self._view, getattr(value, self._view, None))
        return getattr(self._own, name)


def _verb(name: str) -> Callable[..., Any]:
    """``client.post`` and its like, whose ``cast_to`` may be ``httpx.Response`` as before."""

    def send(
        self: Any,
        path: str,
        *,
        cast_to: Any,
        options: Mapping[str, Any] = {},
        stream: bool = False,
        stream_cls: Any = None,
        **arguments: Any,
    ) -> Any:
        given = {_OPTIONS.get(key, key): value for key, value in options.items()}
        if stream:
            kind = stream_cls or self._stream_kind[cast_to]
            return self._stream_of(name, path, kind, {**given, **arguments})
        return self._undescribed(name, path, cast_to, {**given, **arguments})

    return send


def _is_response(kind: Any) -> bool:
    module = getattr(kind, "__module__", "").partition(".")[0]
    return module in ("httpx", "httpx2") and kind.__name__ == "Response"


class FormerSyncClient(_Former, SyncClient):
    """A client that takes the arguments of before."""

    _stream_kind: ClassVar[Any] = Stream
    get: Any = _verb("get")
    post: Any = _verb("post")
    put: Any = _verb("put")
    patch: Any = _verb("patch")
    delete: Any = _verb("delete")

    @property
    def _client(self) -> Any:
        """The HTTP client. If none was given, this makes one, which sends later requests."""
        if self._session.transport.http_client is None:
            self._client = DefaultHttpxClient(timeout=_seconds(self.timeout))
        return given_client(self._session.transport.http_client)

    @_client.setter
    def _client(self, value: Any) -> None:
        self._session.transport.http_client = as_client(value)

    def _undescribed(self, verb: str, path: str, kind: Any, arguments: dict[str, Any]) -> Any:
        if not _is_response(kind):
            return getattr(SyncClient, verb)(self, path, cast_to=kind, **arguments)
        other = copy(self)
        other._session = self._session.raw()
        return getattr(SyncClient, verb)(other, path, cast_to=str, **arguments).http_response

    def _stream_of(self, verb: str, path: str, kind: Any, arguments: dict[str, Any]) -> Any:
        other = copy(self)
        other._session = self._session.streamed()
        answer: Any = getattr(SyncClient, verb)(other, path, cast_to=str, **arguments)
        return answer.parse(to=kind)

    def _start(self, values: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
        found = self._took(values, options)
        found["http_client"] = as_client(found.get("http_client"))
        return self._with_hooks(found, is_async=False)

    def _follow(self) -> None:
        session = self._session
        self._session = FormerSyncSession(session.settings, session.transport)
        self._session.has_legacy_responses = self._has_legacy_responses
        self._session.array_format = self._array_format
        self._let_change()
        self._session.requests = self._requests
        self._session.nested_keys = self._nested_keys

    def copy(self, **options: Any) -> Self:
        """A copy of this client with some options changed, over the same connections."""
        other = type(self)(**{**self._copied(options), "http_client": options.get("http_client")})
        if options.get("http_client") is None:
            session: Any = self._session.with_settings(other._session.settings)
            other._session, session.prepare = session, vars(other._session).get("prepare")
        return other

    with_options = copy


class FormerAsyncClient(_Former, AsyncClient):
    """As ``FormerSyncClient``, for one event loop."""

    _stream_kind: ClassVar[Any] = AsyncStream
    get: Any = _verb("get")
    post: Any = _verb("post")
    put: Any = _verb("put")
    patch: Any = _verb("patch")
    delete: Any = _verb("delete")

    @property
    def _client(self) -> Any:
        """The HTTP client. If none was given, this makes one, which sends later requests."""
        if self._session.transport.http_client is None:
            self._client = DefaultAsyncHttpxClient(timeout=_seconds(self.timeout))
        return given_client(self._session.transport.http_client)

    @_client.setter
    def _client(self, value: Any) -> None:
        self._session.transport.http_client = as_async_client(value)

    async def _undescribed(self, verb: str, path: str, kind: Any, arguments: dict[str, Any]) -> Any:
        if not _is_response(kind):
            return await getattr(AsyncClient, verb)(self, path, cast_to=kind, **arguments)
        other = copy(self)
        other._session = self._session.raw()
        answer = await getattr(AsyncClient, verb)(other, path, cast_to=str, **arguments)
        return answer.http_response

    async def _stream_of(self, verb: str, path: str, kind: Any, arguments: dict[str, Any]) -> Any:
        other = copy(self)
        other._session = self._session.streamed()
        answer: Any = await getattr(AsyncClient, verb)(other, path, cast_to=str, **arguments)
        return await answer.parse(to=kind)

    def _start(self, values: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
        found = self._took(values, options)
        found["http_client"] = as_async_client(found.get("http_client"))
        return self._with_hooks(found, is_async=True)

    async def _prepare_options(self, options: Any) -> Any:
        """A hook for subclasses, which may change the options of a request."""
        return options

    async def _prepare_request(self, request: Any) -> Any:
        """A hook for subclasses, which may change a request before it is sent."""

    def _follow(self) -> None:
        session = self._session
        self._session = FormerAsyncSession(session.settings, session.transport)
        self._session.has_legacy_responses = self._has_legacy_responses
        self._session.array_format = self._array_format
        self._let_change()
        self._session.requests = self._requests
        self._session.nested_keys = self._nested_keys

    def copy(self, **options: Any) -> Self:
        """A copy of this client with some options changed, over the same connections."""
        other = type(self)(**{**self._copied(options), "http_client": options.get("http_client")})
        if options.get("http_client") is None:
            session: Any = self._session.with_settings(other._session.settings)
            other._session, session.prepare = session, vars(other._session).get("prepare")
        return other

    with_options = copy
