"""Requests as their options: ``client.request``, and the hooks that subclasses override.

The hooks are ``_prepare_options`` and ``_prepare_request``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ..errors import ConfigurationError
from ..lazy_httpx2 import httpx2
from ..middleware import Attempt
from ..options import Omit
from ..request.call import Call
from ..values import is_mapping

__all__ = ["middleware_of", "options_of", "prepared", "sent"]

_KEPT = ("timeout", "max_retries", "idempotency_key")
_PARAMETER = re.compile(r"\{([^{}]*)\}")


def options_of(call: Call) -> Any:
    """The options of a call, as ``_prepare_options`` gets them."""
    from .models import FinalRequestOptions

    given: Mapping[str, Any] = call.options
    found: dict[str, Any] = {key: given[key] for key in _KEPT if key in given}
    if given.get("extra_headers") is not None:
        found["headers"] = {**given["extra_headers"]}
    body = None if isinstance(call.body, Omit) else call.body
    if is_mapping(body):
        body = {name: value for name, value in body.items() if not isinstance(value, Omit)}
    operation = call.operation
    return FinalRequestOptions(
        method=operation.method.lower(),
        url=_PARAMETER.sub(lambda one: str(call.path.get(one[1], one[0])), operation.path),
        params={**call.query, **(given.get("extra_query") or {})},
        json_data=body,
        **found,
    )


def sent(
    client: Any, cast_to: Any, options: Any, *, stream: bool = False, stream_cls: Any = None
) -> Any:
    """Send the request of ``FinalRequestOptions``; ``cast_to`` is the type of its result."""
    names = ("headers", "params", "extra_json", *_KEPT)
    given = {name: getattr(options, name) for name in names}
    usual = {name: value for name, value in given.items() if not isinstance(value, Omit)}
    arguments = {"body": options.json_data, "files": options.files}
    return getattr(client, options.method.lower())(
        options.url,
        cast_to=cast_to,
        options={name: one for name, one in usual.items() if one is not None or name == "timeout"},
        stream=stream,
        stream_cls=stream_cls,
        **{name: value for name, value in arguments.items() if value is not None},
    )


def prepared(call: Call, before: Any, options: Any) -> Call:
    """The call with what ``_prepare_options`` changed.

    Raises:
        ConfigurationError: It changed the method or the URL, which are those of the operation.
    """
    if (options.method, options.url) != (before.method, before.url):
        message = "_prepare_options cannot change the method or URL; do it in _prepare_request"
        raise ConfigurationError(message)
    given: dict[str, Any] = dict(call.options)
    for key in _KEPT:
        value = getattr(options, key)
        if value is not None and not isinstance(value, Omit):
            given[key] = value
    if not isinstance(options.headers, Omit):
        given["extra_headers"] = {**(options.headers or {})}
    if options.params != before.params:
        given["extra_query"] = {**options.params}
    changed = call.changed(options=given)
    is_same = options.json_data == before.json_data
    return changed if is_same else changed.changed(body=options.json_data)


def _message(attempt: Attempt) -> httpx2.Request:
    return httpx2.Request(
        attempt.method, attempt.url, headers=attempt.headers, content=attempt.body
    )


def _take(attempt: Attempt, message: httpx2.Request) -> None:
    attempt.method, attempt.url = message.method, str(message.url)
    attempt.headers = {name.lower(): value for name, value in message.headers.items()}
    if attempt.body is not None and message.content != attempt.body:
        attempt.body = message.content


def middleware_of(client: Any, *, is_async: bool) -> Callable[..., Any]:
    """The middleware that lets ``client._prepare_request`` change each request."""

    def prepare(attempt: Attempt, send: Callable[[Attempt], Any]) -> Any:
        message = _message(attempt)
        client._prepare_request(message)
        _take(attempt, message)
        return send(attempt)

    async def prepare_async(attempt: Attempt, send: Callable[[Attempt], Any]) -> Any:
        message = _message(attempt)
        await client._prepare_request(message)
        _take(attempt, message)
        return await send(attempt)

    return prepare_async if is_async else prepare
