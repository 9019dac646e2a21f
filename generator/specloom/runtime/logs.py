"""Logging, under the name of the SDK's package, with Python's own ``logging``.

The environment variable that the SDK names, or ``logging`` itself, turns it on:

- ``info``: a line for each response and each retry, and for what breaks the description;
- ``debug``: also the headers of requests and responses, but only the names of those that may be
  secret;
- ``bodies``: also the bodies. They go to the logger ``<package>.bodies``, and only if that one has
  a level of its own: the level of the package or of the root logger does not turn it on.

No line holds a credential, a cookie or the query of a URL, which may contain keys. The credentials
of the call are masked in bodies, too. The lines that ``httpx2`` logs about the SDK's requests are
shortened in the same way. ``httpcore2``, below it, logs the headers of responses at ``DEBUG``.
"""

from __future__ import annotations

import logging
import sys
from functools import cache
from typing import Any
from urllib.parse import urlsplit

__all__ = ["HideQuery", "configure", "loggers", "shown_url", "warn_of_broken_response"]

_LEVELS = {"info": logging.INFO, "debug": logging.DEBUG, "bodies": logging.DEBUG}
_MAX_WARNINGS = 1000
_warned: set[tuple[str, str, str]] = set()


def configure(package: str, level: str) -> None:
    """Write the SDK's log to standard error.

    Args:
        package: The SDK's package.
        level: ``info``, ``debug`` or ``bodies``. Anything else changes nothing.
    """
    name = level.strip().lower()
    if name not in _LEVELS:
        return
    logger, bodies = loggers(package)
    logger.setLevel(_LEVELS[name])
    if name == "bodies":
        bodies.setLevel(logging.DEBUG)
    if all(isinstance(each, logging.NullHandler) for each in logger.handlers):
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
        logger.addHandler(handler)


@cache
def loggers(package: str) -> tuple[logging.Logger, logging.Logger]:
    """The logger of a package, and the logger of its bodies.

    Nothing goes to standard error unless the application, or ``configure``, sets up logging.
    """
    logger = logging.getLogger(package)
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    return logger, logging.getLogger(f"{package}.bodies")


def shown_url(url: str) -> str:
    """The URL without its query and user, which may contain credentials."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


class HideQuery(logging.Filter):
    """Shortens the URLs of one class in the log of another library, as ``shown_url`` does."""

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
    """Log where a response breaks its description, once for each operation and place."""
    for problem in problems:
        key = (package, operation_id, problem)
        if key not in _warned and len(_warned) < _MAX_WARNINGS:
            _warned.add(key)
            loggers(package)[0].info(
                "The response of %s is not as described: %s", operation_id, problem
            )
