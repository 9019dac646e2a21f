"""A response to HEAD has no body, but many descriptions repeat that of GET (RFC 9110 §9.3.2)."""

from __future__ import annotations

import inspect

import pytest

from support.generated import Sdk
from support.loopback import Loopback


def test_head_returns_nothing(sdk: Sdk, server: Loopback) -> None:
    bundles = sdk.client(server.base_url, strict=True).bundles
    server.answer(None, content_type="application/json")
    assert bundles.head() is None
    assert server.last.method == "HEAD"
    assert inspect.signature(bundles.head).return_annotation == "None"
    server.answer({"size": 3})
    assert bundles.retrieve().size == 3


def test_an_error_of_head_is_raised(sdk: Sdk, server: Loopback) -> None:
    server.answer(None, status=404)
    with pytest.raises(sdk.module.NotFoundError, match="Not Found"):
        sdk.client(server.base_url).bundles.head()
