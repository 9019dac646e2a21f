"""Forms whose schema is not one plain object: variants, any names, no schema."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from support.generated import Sdk
from support.loopback import Loopback
from support.typecheck import mypy_errors

SPEC = """\
openapi: 3.1.0
info: {title: Desk, version: "1"}
paths:
  /token:
    post:
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded:
            schema:
              oneOf: [{$ref: "#/components/schemas/Code"}, {$ref: "#/components/schemas/Refresh"}]
              discriminator: {propertyName: grant}
      responses: {"204": {description: Done.}}
  /notes:
    post:
      requestBody:
        content:
          text/plain: {schema: {type: string}}
          application/x-www-form-urlencoded:
            schema: {type: object, additionalProperties: {type: integer}}
      responses: {"204": {description: Done.}}
  /badge:
    post:
      requestBody:
        content:
          multipart/form-data:
            schema:
              properties:
                photo: {type: string, contentMediaType: image/png}
                scans: {type: array, items: {type: string, contentMediaType: application/pdf}}
                coded: {type: string, contentMediaType: image/png, contentEncoding: base64}
                page: {type: string, contentMediaType: text/html}
      responses: {"204": {description: Done.}}
  /raw:
    post:
      requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: string}}}}
      responses: {"204": {description: Done.}}
components:
  schemas:
    Code: {required: [grant, code], properties: {grant: {enum: [code]}, code: {type: string}}}
    Refresh: {required: [grant, token], properties: {grant: {enum: [refresh]}, token: {type: string}}}
"""


@pytest.fixture
def desk(generate: Callable[[str | Path], Sdk]) -> Sdk:
    return generate(SPEC)


def test_variants_of_a_form(desk: Sdk, server: Loopback) -> None:
    client = desk.client(server.base_url)
    server.answer(status=204)
    client.token.create(body={"grant": "code", "code": "a b"})
    assert server.last.body == b"grant=code&code=a+b"
    assert server.last.headers["content-type"] == "application/x-www-form-urlencoded"


def test_a_form_of_any_names(desk: Sdk, server: Loopback) -> None:
    client = desk.client(server.base_url)
    server.answer(status=204)
    client.notes.create(body={"a b": 1})
    assert server.last.body == b"a+b=1"
    server.answer(status=204)
    client.notes.create(body="hi", content_type="text/plain")
    assert (server.last.body, server.last.headers["content-type"]) == (b"hi", "text/plain")


def test_a_form_that_is_a_text(desk: Sdk, server: Loopback) -> None:
    server.answer(status=204)
    desk.client(server.base_url).raw.create(body="a=1&b=2")
    assert server.last.body == b"a=1&b=2"


def test_a_file_has_the_media_type_of_its_schema(desk: Sdk, server: Loopback) -> None:
    client = desk.client(server.base_url)
    server.answer(status=204)
    client.badge.create(photo=b"p", scans=[b"s"], coded="cA==", page="<p>")
    kinds = re.findall(rb'name="(\w+)".*?\r\n\r\n', server.last.body, re.DOTALL)
    sent = re.findall(rb"Content-Type: (\S+)", server.last.body)
    assert kinds == [b"photo", b"scans", b"coded", b"page"]
    assert sent == [b"image/png", b"application/pdf"]


def test_nothing_is_reported(desk: Sdk) -> None:
    assert "unused-field" not in desk.warnings


def test_type_checkers_know_the_forms(desk: Sdk) -> None:
    use = """
        from desk_sdk import Desk
        client = Desk()
        client.token.create(body={"grant": "refresh", "token": "t"})
        client.token.create(body="grant=code")  # type: ignore[arg-type]
        client.notes.create(body={"a": 1})
        client.raw.create(body="a=1")
        client.badge.create(photo=b"p", scans=[b"s"], coded="cA==", page="<p>")
    """
    assert mypy_errors(desk, use) == []
