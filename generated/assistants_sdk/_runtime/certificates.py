"""What servers are checked with: the certificates of the system, read once, before ``https``.

That takes 20 to 50 ms, a sixth of a first call, and many servers of one's own are ``http``.
"""

from __future__ import annotations

import ssl
from functools import cache

from .errors import ConfigurationError

__all__ = ["certificates"]


@cache
def certificates() -> ssl.SSLContext:
    """What all clients check servers with; ``SSL_CERT_FILE`` and ``SSL_CERT_DIR`` count.

    Raises:
        ConfigurationError: They cannot be read.
    """
    import httpcore2  # which a caller's own client may do without

    try:
        return httpcore2.default_ssl_context()
    except OSError as error:
        raise ConfigurationError(f"The certificates cannot be read: {error}") from error
