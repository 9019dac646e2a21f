"""URLs that need no parsing by ``httpx2``, which would give the same result."""

from __future__ import annotations

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from specloom.runtime.connections import addresses
from specloom.runtime.connections.received import TransportError

HOSTS = st.sampled_from(["api.shop.example", "localhost", "127.0.0.1", "a-b.example", "x"])
PORTS = st.sampled_from(["", ":80", ":443", ":8080", ":65535"])
SEGMENTS = st.text(st.sampled_from("abcXYZ019._~!$&'()*+,;=:@-%/ {}[]|^`\"<>#?é\\"), max_size=12)
URLS = st.builds(
    "{}://{}{}{}{}".format,
    st.sampled_from(["http", "https"]),
    HOSTS,
    PORTS,
    SEGMENTS.map(lambda text: f"/{text}" if text else ""),
    SEGMENTS.map(lambda text: f"?{text}" if text else ""),
)


def parts(address: addresses.Address) -> tuple[object, ...]:
    url = address.url
    return (url.scheme, url.host, url.port, url.target, address.host, address.authorization)


@given(URLS)
def test_a_plain_url_is_what_httpx2_makes_of_it(url: str) -> None:
    if addresses._PLAIN_URL.fullmatch(url) is not None:
        assert parts(addresses.address_of(url)) == parts(addresses._address_by_httpx2(url))


@pytest.mark.parametrize(
    "url",
    [
        "https://api.shop.example",
        "https://api.shop.example:443/v1/orders/o%201?limit=5&after=a%2Fb",
        "http://127.0.0.1:8080/",
        "http://localhost/a//b/~c/d.e?x=[]".replace("[]", ""),
    ],
)
def test_usual_urls_are_plain(url: str) -> None:
    assert addresses._PLAIN_URL.fullmatch(url)


@pytest.mark.parametrize(
    ("url", "host", "target"),
    [
        ("https://münchen.example/ä?q=ü", "xn--mnchen-3ya.example", b"/%C3%A4?q=%C3%BC"),
        ("http://[::1]:8080/a/../b", "[::1]:8080", b"/b"),
        ("http://API.example/{a}", "api.example", b"/%7Ba%7D"),
    ],
)
def test_others_are_encoded(url: str, host: str, target: bytes) -> None:
    address = addresses.address_of(url)
    assert (address.host, address.url.target) == (host, target)


@pytest.mark.parametrize("url", ["http://a:65536/", "http://a:99999999/", "http://[::1/"])
def test_a_url_that_is_none(url: str) -> None:
    with pytest.raises(TransportError) as caught:
        addresses.address_of(url)
    assert caught.value.is_hopeless
    assert isinstance(caught.value.cause, httpx2.InvalidURL)
