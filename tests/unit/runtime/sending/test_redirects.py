"""Redirects, and the data that another host may see."""

from __future__ import annotations

import pytest

from specloom.runtime.request.build import Request
from specloom.runtime.sending.redirects import on_same_host, redirected_request, same_origin


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("https://a/x", "https://a:443/y", True),
        ("http://A/x", "http://a:80/y", True),
        ("http://a", "https://a", False),
        ("https://a", "https://a.b", False),
        ("https://a:1", "https://a:2", False),
    ],
)
def test_origins(one: str, other: str, expected: bool) -> None:
    assert same_origin(one, other) is expected


@pytest.mark.parametrize(
    ("status", "location", "expected"),
    [
        (200, "/x", None),
        (304, None, None),
        (302, "ftp://a/x", None),
        (302, "http://[a", None),
        (302, "https://a:port/", None),
        (301, "/x?y=1", ("GET", "https://a/x?y=1", None)),
        (308, "x", ("POST", "https://a/b/x", b"{}")),
    ],
)
def test_where_a_redirect_leads(
    status: int, location: str | None, expected: tuple[str, str, bytes | None] | None
) -> None:
    request = Request("POST", "https://a/b/c", {"content-type": "t", "authorization": "k"}, b"{}")
    moved = redirected_request(request, status, location)
    assert (moved and (moved.method, moved.url, moved.body)) == expected
    if moved:
        assert "authorization" in moved.headers
        assert ("content-type" in moved.headers) == (moved.body is not None)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "QUERY", "OPTIONS"])
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_only_post_becomes_get(method: str, status: int) -> None:
    moved = redirected_request(Request(method, "https://a/b", {}, b"{}"), status, "/b/")
    assert moved == Request(method, "https://a/b/", {}, b"{}")


@pytest.mark.parametrize(("method", "then"), [("DELETE", "GET"), ("PUT", "GET"), ("HEAD", "HEAD")])
def test_see_other_turns_all_methods_but_head_into_get(method: str, then: str) -> None:
    moved = redirected_request(Request(method, "https://a/b", {}), 303, "/c")
    assert moved == Request(then, "https://a/c", {})


def test_a_redirect_elsewhere_stays_elsewhere() -> None:
    request = Request("GET", "https://a/", {"authorization": "k", "accept": "*/*"})
    away = redirected_request(request, 302, "https://b/")
    assert away is not None
    assert (away.headers, away.elsewhere) == ({"accept": "*/*"}, True)
    back = redirected_request(away, 302, "https://a/")
    assert back is not None
    assert (back.headers, back.elsewhere) == ({"accept": "*/*"}, True)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("http://a/items?p=2", "https://a/items?p=2"),
        ("http://a:80/items", "https://a/items"),
        ("https://a/items", "https://a/items"),
        ("http://a:8080/items", None),
        ("https://b/items", None),
    ],
)
def test_a_link_on_the_same_host_keeps_scheme_and_port(url: str, kept: str | None) -> None:
    assert on_same_host(url, "https://a/list") == kept
