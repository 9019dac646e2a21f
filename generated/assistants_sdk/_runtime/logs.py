"""Logging, under the name of the SDK's package. No credential, query, body or value is logged."""

from __future__ import annotations

import logging
import sys
from urllib.parse import urlsplit

__all__ = ["configure", "log_response", "log_retry", "warn_of_broken_response"]

_LEVELS = {"info": logging.INFO, "debug": logging.DEBUG}
_MOST_WARNINGS = 1000

_warned: set[tuple[str, str, str]] = set()


def configure(package: str, level: str) -> None:
    """Write the SDK's log to standard error.

    Args:
        package: The SDK's package.
        level: ``info`` or ``debug``; anything else changes nothing.
    """
    logger = logging.getLogger(package)
    if level.lower() not in _LEVELS:
        return
    logger.setLevel(_LEVELS[level.lower()])
    if not logger.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
        logger.addHandler(handler)


def log_response(
    package: str, method: str, url: str, status_code: int, elapsed: float, request_id: str | None
) -> None:
    """Log that a response came; ``elapsed`` is in seconds."""
    logger = logging.getLogger(package)
    if logger.isEnabledFor(logging.INFO):
        suffix = f", request id {request_id}" if request_id else ""
        logger.info("%s %s: %d in %.3f s%s", method, _shown(url), status_code, elapsed, suffix)


def log_retry(package: str, method: str, url: str, reason: str, delay: float) -> None:
    """Log that a request will be sent again after ``delay`` seconds."""
    logger = logging.getLogger(package)
    logger.info("%s %s: %s, again in %.2f s", method, _shown(url), reason, delay)


def warn_of_broken_response(package: str, operation_id: str, problems: tuple[str, ...]) -> None:
    """Log where a response broke its description; once for each operation and place."""
    for problem in problems:
        key = (package, operation_id, problem)
        if key not in _warned and len(_warned) < _MOST_WARNINGS:
            _warned.add(key)
            logging.getLogger(package).warning(
                "The response of %s is not as described: %s", operation_id, problem
            )


def _shown(url: str) -> str:
    """The URL without its query and user, where credentials may stand."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
