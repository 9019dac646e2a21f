"""Logging, under the name of the SDK's package, with Python's own ``logging``.

The environment variable that the SDK names, or ``logging`` itself, turns it on:

- ``info``: a line for each response and each retry;
- ``debug``: also the headers of requests and responses; of those that may be secret, only the name;
- ``bodies``: also the bodies. They go to the logger ``<package>.bodies``, and only where that one
  was given a level itself: what the package or the root logger is set to does not turn it on.

No line holds a credential, a cookie or the query of a URL, where keys may stand. The credentials of
the call are masked in bodies, too. What ``httpx2`` logs of the SDK's requests is cut in the same
way; ``httpcore2``, below it, logs the headers of responses where it is set to ``DEBUG``.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from .shapes import is_tuple

if TYPE_CHECKING:
    from .reply import Reply
    from .request import Request

__all__ = ["CallLog", "HideQuery", "configure", "shown_url", "warn_of_broken_response"]

_LEVELS = {"info": logging.INFO, "debug": logging.DEBUG, "bodies": logging.DEBUG}
_MOST_WARNINGS = 1000
_LONGEST_BODY = 10_000
_MASK = "***"

# Headers whose values are shown. A list of those to hide would miss the caller's own secrets.
_OPEN_HEADERS = frozenset(
    "accept accept-encoding cache-control connection content-encoding content-length "
    "content-type date retry-after retry-after-ms server transfer-encoding user-agent vary".split()
)

_warned: set[tuple[str, str, str]] = set()


def configure(package: str, level: str) -> None:
    """Write the SDK's log to standard error.

    Args:
        package: The SDK's package.
        level: ``info``, ``debug`` or ``bodies``; anything else changes nothing.
    """
    name = level.strip().lower()
    if name not in _LEVELS:
        return
    logger = logging.getLogger(package)
    logger.setLevel(_LEVELS[name])
    if name == "bodies":
        _loggers(package)[1].setLevel(logging.DEBUG)
    if not logger.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
        logger.addHandler(handler)


class CallLog:
    """The log of one call.

    Args:
        package: The SDK's package.
        credentials: What the call is authorised with; never shown.
    """

    def __init__(self, package: str, credentials: Iterable[object]) -> None:
        self._credentials = credentials
        self._logger, self._bodies = _loggers(package)

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
        """Whether anybody reads what ``answered`` writes."""
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
        return is_set and self._bodies.isEnabledFor(logging.DEBUG)

    def _log_body(self, message: str, request: Request, text: str) -> None:
        self._bodies.debug(message, _line(request), text)

    def _body(self, content: object) -> str:
        if not isinstance(content, bytes):
            return "a stream"
        text = content[:_LONGEST_BODY].decode(errors="replace")
        if "\0" in text or text.count("\ufffd") > len(text) // 8:
            return f"{len(content)} bytes"
        more = f"... ({len(content)} bytes)" if len(content) > _LONGEST_BODY else ""
        return self._masked(text) + more

    def _masked(self, text: str) -> str:
        for secret in _texts(self._credentials):
            for form in (secret, quote(secret, safe="")):
                text = text.replace(form, _MASK)
        return text


def _line(request: Request) -> str:
    return f"{request.method} {shown_url(request.url)}"


@cache
def _loggers(package: str) -> tuple[logging.Logger, logging.Logger]:
    """The logger of a package, and that of its bodies."""
    return logging.getLogger(package), logging.getLogger(f"{package}.bodies")


def _content_of(reply: Reply) -> bytes | None:
    try:
        return reply.response.content
    except RuntimeError:  # it is read later, by who asked for it
        return None


def _texts(credentials: Iterable[object]) -> Iterable[str]:
    """The credentials; of a pair of user and password, the password."""
    for each in credentials:
        secret: object = each[1] if is_tuple(each) else each
        if isinstance(secret, str) and secret:
            yield secret


def _shown_headers(headers: Mapping[str, str]) -> str:
    names = dict.fromkeys(name.lower() for name in headers)
    return ", ".join(
        f"{name}: {headers[name] if name in _OPEN_HEADERS else _MASK}" for name in names
    )


def shown_url(url: str) -> str:
    """The URL without its query and user, where credentials may stand."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


class HideQuery(logging.Filter):
    """Shortens, in another library's log, the URLs that are of one class, as ``shown_url`` does."""

    def __init__(self, url_class: type[object]) -> None:
        super().__init__()
        self._class = url_class

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep every record."""
        if isinstance(record.args, tuple):
            record.args = tuple(map(self._shown, record.args))
        return True

    def _shown(self, argument: Any) -> Any:
        return shown_url(str(argument)) if isinstance(argument, self._class) else argument


def warn_of_broken_response(package: str, operation_id: str, problems: tuple[str, ...]) -> None:
    """Log where a response broke its description; once for each operation and place."""
    for problem in problems:
        key = (package, operation_id, problem)
        if key not in _warned and len(_warned) < _MOST_WARNINGS:
            _warned.add(key)
            logging.getLogger(package).warning(
                "The response of %s is not as described: %s", operation_id, problem
            )
