"""A request names one media type, even if the description has a range or none (RFC 9110 §8.3)."""

from __future__ import annotations

from typing import Any

import pytest

from support.generated import Sdk
from support.loopback import Loopback


@pytest.mark.parametrize(
    ("resource", "given", "sent"),
    [
        ("any", {"body": 1.5}, ("application/json", b"1.5")),
        ("object", {"name": "Rex"}, ("application/json", b'{"name":"Rex"}')),
        ("text", {"body": "Rex"}, ("text/plain", b"Rex")),
        ("image", {"body": b"\x89PNG"}, ("application/octet-stream", b"\x89PNG")),
        ("injected", {"body": b"Rex"}, ("application/octet-stream", b"Rex")),
        ("text_json", {"name": "Rex"}, ("text/json", b'{"name":"Rex"}')),
        ("parameters", {"body": "Rex"}, ("application/json; charset=utf-8", b'"Rex"')),
    ],
)
def test_what_is_sent(
    sdk: Sdk, server: Loopback, resource: str, given: dict[str, Any], sent: tuple[str, bytes]
) -> None:
    server.answer(1.5)
    getattr(sdk.client(server.base_url), resource).create(**given)
    assert (server.last.headers["content-type"], server.last.body) == sent
    assert "x-injected" not in server.last.headers
