"""The certificates that servers are checked against: those of the system, read once.

Reading them takes 20 to 50 ms, a sixth of a first call. So it waits for the first ``https``.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from ..errors import ConfigurationError

if TYPE_CHECKING:
    import ssl

__all__ = ["certificates"]


@cache
def certificates() -> ssl.SSLContext:
    """The TLS context of all clients. ``SSL_CERT_FILE`` and ``SSL_CERT_DIR`` count.

    Raises:
        ConfigurationError: The certificates cannot be read.
    """
    import httpcore2  # not needed with an HTTP client of the caller's

    try:
        return httpcore2.default_ssl_context()
    except OSError as error:
        raise ConfigurationError(f"The certificates cannot be read: {error}") from error
