"""The token server of a test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from functional.oauth.token_server import TokenServer
from support.loopback import serving


@pytest.fixture
def tokens() -> Iterator[TokenServer]:
    server = TokenServer()
    with serving(server):
        yield server
