"""The HTTP request of a call, without a network."""

from __future__ import annotations

from typing import Any

import pytest

from specloom.runtime.api.info import SdkInfo, SecurityScheme
from specloom.runtime.api.operation import Operation, RequestBody, Style
from specloom.runtime.errors import ConfigurationError
from specloom.runtime.options import omit
from specloom.runtime.request.auth import Signature, sign
from specloom.runtime.request.build import Request, build_request
from specloom.runtime.request.call import Call
from specloom.runtime.settings import Settings, make_settings

GET: Operation[Any] = Operation(id="get", method="GET", path="/things/{thing_id}/parts/{part}")
POST: Operation[Any] = Operation(
    id="post", method="POST", path="/things", body=RequestBody("application/json")
)


def settings(**options: Any) -> Settings:
    info = SdkInfo(package="p", version="1", title="P", base_url="https://api.test/v1/")
    return make_settings(info, {}, None, omit, 2, None, None, False).changed(**options)


def build(call: Call, signature: Signature | None = None, **options: Any) -> Request:
    return build_request(call, settings(**options), signature or Signature({}, {}, {}), {"a": "b"})


def path(thing_id: Any = "t", part: Any = "p") -> dict[str, object]:
    return {"thing_id": thing_id, "part": part}


def test_path_arguments_are_encoded_into_the_base_url() -> None:
    request = build(Call(GET, path=path("ä/..", "%2e%2e")))
    assert request.url == "https://api.test/v1/things/%C3%A4%2F../parts/%252e%252e"


@pytest.mark.parametrize("value", ["", None, [], omit])
def test_an_empty_path_argument_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="Expected a non-empty value for `part` but received "):
        build(Call(GET, path=path(part=value)))


@pytest.mark.parametrize("value", [".", ".."])
def test_dot_segments_are_refused(value: str) -> None:
    with pytest.raises(ValueError, match=r"`\.` or `\.\.`"):
        build(Call(GET, path=path(value)))
    with pytest.raises(ValueError, match=r"`\.` or `\.\.`"):
        build(Call(GET, path=path(part=value)))


def test_queries_are_laid_over_each_other() -> None:
    call = Call(
        GET._replace(styles={"ids": Style("query", "form")}),
        path=path(),
        query={"ids": [1, 2], "gone": omit, "limit": 5, "none": None},
        options={"extra_query": {"limit": 6, "default": omit, "x": [True]}},
    )
    signature = Signature({}, {"api key": "s&"}, {})
    url = build(call, signature, default_query={"default": 1, "other": 2}).url
    assert url.partition("?")[2] == "api%20key=s%26&other=2&ids=1,2&limit=6&x=true"


def test_headers_are_laid_over_each_other() -> None:
    operation = GET._replace(headers={"X-Api": "operation", "X-Fixed": "f"})
    call = Call(
        operation,
        path=path(),
        headers={"X-List": [1, 2], "X-None": None, "X-Gone": omit},
        options={"extra_headers": {"x-API": "call", "X-Client": omit}},
    )
    signature = Signature({"Authorization": "Bearer k"}, {}, {})
    request = build(call, signature, default_headers={"authorization": "mine", "X-Client": "c"})
    assert request.headers == {
        "a": "b",
        "x-api": "call",
        "x-fixed": "f",
        "authorization": "mine",
        "x-list": "1,2",
    }


@pytest.mark.parametrize("value", ["a\r\nb: c", "ünicode", "a\0"])
def test_what_cannot_stand_in_a_header_is_refused_without_being_told(value: str) -> None:
    with pytest.raises(ValueError, match="`X-Bad`") as caught:
        build(Call(GET, path=path(), options={"extra_headers": {"X-Bad": value}}))
    assert value not in str(caught.value)


def test_cookies_are_one_header() -> None:
    call = Call(GET, path=path(), cookies={"a": "x y", "b": 2, "c": omit})
    assert build(call, Signature({}, {}, {"key": "k"})).headers["cookie"] == "key=k; a=x%20y; b=2"


@pytest.mark.parametrize(
    ("required", "body", "extra", "content"),
    [
        (False, {"a": omit}, omit, None),
        (True, {"a": omit}, omit, b"{}"),
        (False, omit, omit, None),
        (True, omit, omit, b"{}"),
        (False, {}, omit, b"{}"),
        (False, {"a": None}, omit, b'{"a":null}'),
        (False, [1, "x"], omit, b'[1,"x"]'),
        (False, None, omit, b"null"),
        (False, {"a": 1, "b": omit}, {"c": 2, "a": 3}, b'{"a":3,"c":2}'),
        (False, {"a": omit}, {"c": 2}, b'{"c":2}'),
        (False, {"a": 1}, [1], b"[1]"),
    ],
)
def test_bodies(required: bool, body: object, extra: object, content: bytes | None) -> None:
    operation = POST._replace(body=RequestBody("application/json", required=required))
    options: Any = {} if extra is omit else {"extra_body": extra}
    request = build(Call(operation, body=body, options=options))
    assert request.body == content
    assert request.headers.get("content-type") == (content and "application/json")


def test_a_link_takes_the_place_of_path_and_query() -> None:
    call = Call(GET, query={"page": 1}, url="https://api.test/next?cursor=x")
    signature = Signature({}, {"key": "k"}, {})
    url = build(call, signature, default_query={"v": 1}).url
    assert url == "https://api.test/next?cursor=x&key=k"


SCHEMES = {
    "bearer": SecurityScheme("bearer"),
    "basic": SecurityScheme("basic", argument="login"),
    "header": SecurityScheme("apiKey", "header", "X-Key"),
    "query": SecurityScheme("apiKey", "query", "key"),
    "cookie": SecurityScheme("apiKey", "cookie", "session"),
}


def test_credentials_go_where_their_scheme_says() -> None:
    values = {"basic": ("Aladdin", "open sesame"), "header": "h", "query": "q", "cookie": "c"}
    headers, query, cookies = sign(SCHEMES, values)
    assert headers == {"Authorization": "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "X-Key": "h"}
    assert (query, cookies) == ({"key": "q"}, {"session": "c"})
    assert sign(SCHEMES, {"bearer": "t"}).headers == {"Authorization": "Bearer t"}


@pytest.mark.parametrize(
    ("scheme", "value", "message"),
    [("bearer", None, "a str for api_key, not NoneType"), ("basic", "x", "a pair .* for login")],
)
def test_a_credential_of_the_wrong_type_is_refused(scheme: str, value: Any, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        sign(SCHEMES, {scheme: value})
