"""What servers are checked with: the certificates of the system, read once, before ``https``.

That takes 20 to 50 ms, a sixth of a first call, and many servers of one's own are ``http``.
"""

from __future__ import annotations

import ssl
from functools import cache

__all__ = ["certificates"]


@cache
def certificates() -> ssl.SSLContext:
    """What all clients check servers with; ``SSL_CERT_FILE`` and ``SSL_CERT_DIR`` count."""
    import httpcore2  # which a caller's own client may do without

    return httpcore2.default_ssl_context()
