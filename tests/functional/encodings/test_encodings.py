"""The format of form properties, and of parameters with reserved characters or in cookies."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import pytest

from support.generated import Sdk
from support.loopback import Loopback

BODY = """
              schema:
                type: object
                properties:
                  items: {type: array, items: {type: object, additionalProperties: true}}
                  meta: {type: object, additionalProperties: true}
                  plain: {type: object, additionalProperties: true}
                  csv: {type: array, items: {type: string}}
                  url: {type: string}
                  many: {type: array, items: {type: string}}
              encoding:
                items: {style: deepObject}
                meta: {style: deepObject, explode: true}
                csv: {style: form, explode: false}
                url: {allowReserved: true}
                many: {style: spaceDelimited, explode: false}
"""


def spec(media_type: str) -> str:
    return (
        'openapi: 3.1.0\ninfo: {title: Forms, version: "1"}\npaths:\n  /form:\n    post:\n'
        "      operationId: send\n      tags: [forms]\n      requestBody:\n        content:\n"
        f"            {media_type}:{BODY}"
        '      responses: {"204": {description: ok}}\n'
    )


CASES: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    (
        {"items": [{"a": 1, "b": "x"}, {"a": 2}]},
        [("items[0][a]", "1"), ("items[0][b]", "x"), ("items[1][a]", "2")],
    ),
    (
        {"meta": {"k": {"l": ["x", "y"]}, "m": [{"n": True}]}},
        [("meta[k][l]", "x"), ("meta[k][l]", "y"), ("meta[m][0][n]", "true")],
    ),
    ({"plain": {"k": 1}}, [("plain", '{"k":1}')]),
    ({"csv": ["a", "b"]}, [("csv", "a,b")]),
    ({"many": ["a", "b"]}, [("many", "a b")]),
    ({"url": "https://x.y/z?a=1&b"}, [("url", "https://x.y/z?a=1&b")]),
]


@pytest.mark.parametrize(("given", "sent"), CASES)
def test_forms(
    generate: Callable[[str | Path], Sdk],
    server: Loopback,
    given: dict[str, Any],
    sent: list[tuple[str, str]],
) -> None:
    server.answer(status=204)
    generate(spec("application/x-www-form-urlencoded")).client(server.base_url).forms.send(**given)
    pairs = [pair.partition("=") for pair in server.last.body.decode().split("&")]
    assert [(unquote_plus(name), unquote_plus(text)) for name, _, text in pairs] == sent


def test_reserved_characters_of_a_form_are_unchanged(
    generate: Callable[[str | Path], Sdk], server: Loopback
) -> None:
    server.answer(status=204)
    sdk = generate(spec("application/x-www-form-urlencoded"))
    sdk.client(server.base_url).forms.send(url="https://x.y/z?a=1&b=%2F c")
    assert server.last.body == b"url=https://x.y/z?a=1%26b=%2F+c"


@pytest.mark.parametrize(("given", "sent"), CASES)
def test_multipart(
    generate: Callable[[str | Path], Sdk],
    server: Loopback,
    given: dict[str, Any],
    sent: list[tuple[str, str]],
) -> None:
    server.answer(status=204)
    generate(spec("multipart/form-data")).client(server.base_url).forms.send(**given)
    parts = re.findall(
        r'name="([^"]*)"(?:\r\n[^\r\n]+)*\r\n\r\n(.*?)\r\n--', server.last.body.decode()
    )
    assert parts == sent


PARAMETERS = """
    openapi: {version}
    info: {{title: Places, version: "1"}}
    paths:
      "/files/{{the path}}":
        get:
          operationId: read
          tags: [files]
          parameters:
            - {{name: the path, in: path, required: true, allowReserved: true, schema: {{type: string}}}}
            - {{name: q, in: query, allowReserved: true, schema: {{type: string}}}}
            - {{name: c, in: cookie, allowReserved: true, schema: {{type: string}}}}
          responses: {{"204": {{description: ok}}}}
      /cookies:
        get:
          operationId: cookies
          tags: [files]
          parameters:
            - {{name: raw, in: cookie, style: cookie, schema: {{type: string}}}}
            - {{name: many, in: cookie, style: cookie, schema: {{type: array, items: {{type: string}}}}}}
            - {{name: joined, in: cookie, style: cookie, explode: false, schema: {{type: array, items: {{type: string}}}}}}
          responses: {{"204": {{description: ok}}}}
"""


def test_reserved_characters_in_every_place(
    generate: Callable[[str | Path], Sdk], server: Loopback
) -> None:
    sdk = generate(PARAMETERS.format(version="3.2.0"))
    server.answer(status=204)
    sdk.client(server.base_url).files.retrieve("a/b c?#%2F%2e", q="/?x=1&%20", c="a/b;c")
    assert server.last.path == "/files/a/b%20c%3F%23%2F%252e"
    assert server.last.raw_query == "q=/?x=1%26%20"
    assert server.last.headers["cookie"] == "c=a/b%3Bc"
    with pytest.raises(ValueError, match=re.escape("`..`")):
        sdk.client(server.base_url).files.retrieve("a/../b")
    assert sdk.warnings == ()


def test_before_3_2_the_query_alone_may_have_reserved_characters(
    generate: Callable[[str | Path], Sdk], server: Loopback
) -> None:
    sdk = generate(PARAMETERS.format(version="3.1.1").replace("style: cookie, ", ""))
    server.answer(status=204)
    sdk.client(server.base_url).files.retrieve("a/b", q="/", c="/")
    assert (server.last.path, server.last.raw_query) == ("/files/a%2Fb", "q=/")
    assert server.last.headers["cookie"] == "c=%2F"
    assert sdk.warnings.count("unused-keyword") == 2


def test_cookies_as_they_are(generate: Callable[[str | Path], Sdk], server: Loopback) -> None:
    cookies = generate(PARAMETERS.format(version="3.2.0")).client(server.base_url).cookies
    server.answer(status=204)
    cookies.list(raw="a%20=b", many=["x", "y"], joined=["1", "2"])
    assert server.last.headers["cookie"] == "raw=a%20=b; many=x; many=y; joined=1,2"
    with pytest.raises(ValueError, match="semicolon"):
        cookies.list(raw="a; admin=1")
