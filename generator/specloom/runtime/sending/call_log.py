"""The log of one call. See ``logs`` for what it may contain."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from urllib.parse import quote

from ..logs import loggers, shown_url
from ..request.build import Request
from ..response.reply import Reply
from ..values import is_tuple

__all__ = ["CallLog"]

_MAX_BODY = 10_000
_MASK = "***"

# The headers whose values are shown. A list of those to hide would miss secrets of the caller's.
_OPEN_HEADERS = frozenset(
    "accept accept-encoding cache-control connection content-encoding content-length "
    "content-type date retry-after retry-after-ms server transfer-encoding user-agent vary".split()
)


class CallLog:
    """The log of one call.

    Args:
        package: The SDK's package.
        credentials: The credentials of the call. They are never shown.
        is_secret: Whether no body is shown either.
    """

    def __init__(
        self, package: str, credentials: Iterable[object], *, is_secret: bool = False
    ) -> None:
        self._credentials = credentials
        self._is_secret = is_secret
        self._logger, self._bodies = loggers(package)

    def sending(self, request: Request) -> None:
        """A request is about to be sent."""
        if self._logger.isEnabledFor(logging.DEBUG):
            headers = _shown_headers(request.headers)
            self._logger.debug("%s with %s", _line(request), headers)
        if self._shows_bodies() and request.body is not None:
            is_text = isinstance(request.body, bytes)
            text = self._body(request.body) if is_text else "a body that is streamed"
            self._log_body("%s sends %s", request, text)

    def is_read(self) -> bool:
        """Whether ``answered`` writes anything."""
        return self._logger.isEnabledFor(logging.INFO) or self._shows_bodies()

    def answered(self, request: Request, reply: Reply) -> None:
        """A response came."""
        if self._logger.isEnabledFor(logging.INFO):
            suffix = f", request id {reply.request_id}" if reply.request_id else ""
            status, elapsed = reply.response.status_code, reply.elapsed
            self._logger.info("%s: %d in %.3f s%s", _line(request), status, elapsed, suffix)
        if self._logger.isEnabledFor(logging.DEBUG):
            headers = _shown_headers(reply.response.headers)
            self._logger.debug("%s answers with %s", _line(request), headers)
        if self._shows_bodies():
            self._log_body("%s receives %s", request, self._body(_content_of(reply)))

    def retrying(self, request: Request, reason: str, delay: float) -> None:
        """The request will be sent again after ``delay`` seconds."""
        if self._logger.isEnabledFor(logging.INFO):
            line = _line(request)
            self._logger.info("%s: %s, again in %.2f s", line, reason, delay)

    def _shows_bodies(self) -> bool:
        is_set = self._bodies.level != logging.NOTSET
        return is_set and not self._is_secret and self._bodies.isEnabledFor(logging.DEBUG)

    def _log_body(self, message: str, request: Request, text: str) -> None:
        self._bodies.debug(message, _line(request), text)

    def _body(self, content: object) -> str:
        if not isinstance(content, bytes):
            return "a stream"
        text = content[:_MAX_BODY].decode(errors="replace")
        if "\0" in text or text.count("\ufffd") > len(text) // 8:
            return f"{len(content)} bytes"
        more = f"... ({len(content)} bytes)" if len(content) > _MAX_BODY else ""
        return self._masked(text) + more

    def _masked(self, text: str) -> str:
        for secret in _texts(self._credentials):
            for form in (secret, quote(secret, safe="")):
                text = text.replace(form, _MASK)
        return text


def _line(request: Request) -> str:
    return f"{request.method} {shown_url(request.url)}"


def _content_of(reply: Reply) -> bytes | None:
    try:
        return reply.response.content
    except RuntimeError:  # the caller reads it later
        return None


def _texts(credentials: Iterable[object]) -> Iterable[str]:
    """The secret texts: of a pair of user and password, only the password."""
    for each in credentials:
        secret: object = each[1] if is_tuple(each) else each
        if isinstance(secret, str) and secret:
            yield secret


def _shown_headers(headers: Mapping[str, str]) -> str:
    names = dict.fromkeys(name.lower() for name in headers)
    return ", ".join(
        f"{name}: {headers[name] if name in _OPEN_HEADERS else _MASK}" for name in names
    )
