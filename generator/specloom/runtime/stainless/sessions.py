"""Sessions that send bodies as before, and whose raw views return the responses of before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from ..api.operation import RequestBody
from ..client.session import AsyncSession, SyncSession
from ..connections.transport import AsyncTransport, SyncTransport
from ..media_types import kind_of
from ..options import omit
from ..request.call import Call
from ..request.uploads import is_file
from ..response.reply import Reply
from ..settings import Settings
from ..values import is_array, is_mapping, items_of, plain
from .nested_keys import NestedKeys
from .preparing import options_of, prepared
from .queries import with_former_styles

__all__ = ["FormerAsyncSession", "FormerRequest", "FormerSyncSession"]


@dataclass(frozen=True, slots=True)
class FormerRequest:
    """What the requests of an operation had.

    Attributes:
        accept: The header ``Accept``; empty for the usual one.
        headers: Further constant headers.
        body: Whether a request without any property has the body ``{}``.
        idempotency_key: Whether it has a key without being given one.
    """

    accept: str = ""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bool = True
    idempotency_key: bool = True


_USUAL = FormerRequest()


def _as_before(call: Call, settings: Settings, requests: Mapping[str, FormerRequest]) -> Call:
    """A call whose body and headers are as SDKs of Stainless send them.

    Credentials go with operations that need none, too. All requests but GET name JSON as their
    type. A body whose members are all omitted is ``{}``. A URL-encoded form goes as JSON.
    """
    operation = call.operation
    before = requests.get(f"{operation.method} {operation.path}", _USUAL)
    usual = settings.info.security
    if not any(usual if operation.security is None else operation.security):
        given = ((scheme,) for scheme in settings.credentials)
        operation = operation._replace(security=(*usual, *given, ()))
    headers: dict[str, Any] = {**operation.headers, **before.headers}
    if before.accept:
        headers["Accept"] = before.accept
    key = settings.info.idempotency_header
    if key and not before.idempotency_key and call.options.get("idempotency_key") is None:
        headers[key] = omit
    if operation.method == "GET":
        return call.changed(operation=operation._replace(headers=headers))
    body = operation.body
    if isinstance(body, RequestBody) and kind_of(body.media_type) == "form":
        body = RequestBody("application/json", required=body.required)
    is_empty = is_mapping(call.body) and all(one is omit for one in call.body.values())
    if isinstance(body, RequestBody) and is_empty and kind_of(body.media_type) == "json":
        body = body._replace(required=before.body)
    if isinstance(body, RequestBody) and kind_of(body.media_type) == "multipart":
        call = call.changed(body=_flat_parts(call.body))
    headers = {"Content-Type": "application/json", **headers}
    return call.changed(operation=operation._replace(headers=headers, body=body))


def _flat_parts(body: Any) -> Any:
    """A form whose objects and lists are parts of their own: ``tags[]``, ``sizes[page]``."""
    members = plain(body)
    if not is_mapping(members) or is_file(body):
        return body
    found: dict[str, list[Any]] = {}
    for name, value in members.items():
        for key, one in _parts(name, value):
            found.setdefault(key, []).append(one)
    return {key: values[0] if len(values) == 1 else values for key, values in found.items()}


def _parts(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    value = value if is_file(value) else plain(value)
    if is_mapping(value):
        for key, inner in value.items():
            yield from _parts(f"{name}[{key}]", inner)
    elif is_array(value) and not is_file(value):
        for inner in items_of(value):
            yield from _parts(name if name.endswith("[]") else f"{name}[]", inner)
    else:
        yield name, value


class FormerSyncSession(SyncSession):
    """A session of a sync client. ``requests`` are by operation: ``GET /runs``."""

    requests: Mapping[str, FormerRequest] = {}
    nested_keys: NestedKeys | None = None
    prepare: Callable[[Any], Any] | None = None
    has_legacy_responses = False
    array_format = ""

    def _deliver(self, call: Call, parse: Callable[[Reply], Any], **options: Any) -> Any:
        from .binary import BinaryAPIResponse, HttpxBinaryResponseContent, parsing, viewed

        named = self.nested_keys.translated(call) if self.nested_keys else call
        styled = with_former_styles(named, self.array_format)
        before = _as_before(styled, self.settings, self.requests)
        if self.prepare is not None:
            changed = options_of(before)
            before = prepared(before, options_of(before), self.prepare(changed) or changed)
        if self.has_legacy_responses:
            return super()._deliver(before, parsing(parse, HttpxBinaryResponseContent), **options)
        answer = super()._deliver(before, parsing(parse, BinaryAPIResponse), **options)
        return viewed(answer, BinaryAPIResponse)

    def _page(self, kind: Any, call: Call) -> Any:
        from .pages import with_info

        return super()._page(with_info(kind), call)

    def _other(self, settings: Settings, transport: SyncTransport, view: Any) -> Self:
        session = type(self)(settings, transport, self._sleep, view)
        session.requests, session.nested_keys = self.requests, self.nested_keys
        session.prepare = self.prepare
        session.has_legacy_responses = self.has_legacy_responses
        session.array_format = self.array_format
        return session

    def with_settings(
        self, settings: Settings, transport: SyncTransport | None = None
    ) -> SyncSession:
        """See ``SyncSession.with_settings``."""
        return self._other(settings, transport or self.transport, self._view)

    def raw(self) -> SyncSession:
        """A session whose methods return an ``APIResponse`` of the value."""
        from .responses import APIResponse

        return self._other(self.settings, self.transport, APIResponse)

    def streamed(self) -> SyncSession:
        """A session whose methods return a ``StreamedAPIResponse`` of the value."""
        from .responses import StreamedAPIResponse

        return self._other(self.settings, self.transport, StreamedAPIResponse)


class FormerAsyncSession(AsyncSession):
    """A session of an async client. ``requests`` are by operation: ``GET /runs``."""

    requests: Mapping[str, FormerRequest] = {}
    nested_keys: NestedKeys | None = None
    prepare: Callable[[Any], Any] | None = None
    has_legacy_responses = False
    array_format = ""

    async def _deliver(self, call: Call, parse: Callable[[Reply], Any], **options: Any) -> Any:
        from .binary import AsyncBinaryAPIResponse, HttpxBinaryResponseContent, parsing, viewed

        named = self.nested_keys.translated(call) if self.nested_keys else call
        styled = with_former_styles(named, self.array_format)
        before = _as_before(styled, self.settings, self.requests)
        if self.prepare is not None:
            changed = options_of(before)
            before = prepared(before, options_of(before), await self.prepare(changed) or changed)
        if self.has_legacy_responses:
            parse = parsing(parse, HttpxBinaryResponseContent)
            return await super()._deliver(before, parse, **options)
        parse = parsing(parse, AsyncBinaryAPIResponse)
        answer = await super()._deliver(before, parse, **options)
        return viewed(answer, AsyncBinaryAPIResponse)

    async def _page(self, kind: Any, call: Call) -> Any:
        from .pages import with_info

        return await super()._page(with_info(kind), call)

    def _other(self, settings: Settings, transport: AsyncTransport, view: Any) -> Self:
        session = type(self)(settings, transport, self._sleep, view)
        session.requests, session.nested_keys = self.requests, self.nested_keys
        session.prepare = self.prepare
        session.has_legacy_responses = self.has_legacy_responses
        session.array_format = self.array_format
        return session

    def with_settings(
        self, settings: Settings, transport: AsyncTransport | None = None
    ) -> AsyncSession:
        """See ``AsyncSession.with_settings``."""
        return self._other(settings, transport or self.transport, self._view)

    def raw(self) -> AsyncSession:
        """A session whose methods return an ``AsyncAPIResponse`` of the value.

        Legacy ones are an ``APIResponse``: their body was read, so nothing waits.
        """
        from .responses import APIResponse, AsyncAPIResponse

        view = APIResponse if self.has_legacy_responses else AsyncAPIResponse
        return self._other(self.settings, self.transport, view)

    def streamed(self) -> AsyncSession:
        """A session whose methods return an ``AsyncStreamedAPIResponse`` of the value."""
        from .responses import AsyncStreamedAPIResponse

        return self._other(self.settings, self.transport, AsyncStreamedAPIResponse)
