"""Headers that the client sends by itself: framing, constants, shared defaults."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path

from support.generated import Sdk
from support.loopback import Loopback

SPEC = """
    openapi: 3.1.0
    info: {title: Mail, version: "1"}
    paths:
      /letters:
        parameters: [{$ref: "#/components/parameters/Revision"}]
        get:
          operationId: listLetters
          tags: [letters]
          parameters:
            - {name: X-Kind, in: header, required: true, schema: {const: letter}}
            - {name: X-Fast, in: header, schema: {enum: ["yes"]}}
            - {name: X-Mode, in: header, required: true, schema: {type: string, default: slow}}
          responses: {"204": {description: ok}}
        post:
          operationId: send
          tags: [letters]
          parameters:
            - {name: Content-Length, in: header, required: true, schema: {type: integer}}
            - {name: host, in: header, required: true, schema: {type: string}}
            - {name: Transfer-Encoding, in: header, schema: {type: string}}
            - {name: Connection, in: header, schema: {type: string}}
            - {name: User-Agent, in: header, required: true, schema: {type: string}}
            - {name: X-Trace, in: header, schema: {type: string}}
          requestBody: {content: {application/json: {schema: {type: object, properties: {text: {type: string}}}}}}
          responses: {"204": {description: ok}}
    components:
      parameters:
        Revision: {name: Revision, in: header, required: true, schema: {type: string, default: "2026-07-15"}}
"""


def test_framing_headers_are_not_arguments(
    generate: Callable[[str | Path], Sdk], server: Loopback
) -> None:
    sdk = generate(SPEC)
    client = sdk.client(server.base_url)
    assert list(inspect.signature(client.letters.send).parameters) == ["text", "x_trace", "options"]
    assert sdk.warnings.count("framing-header") == 5
    server.answer(status=204)
    client.letters.send(text="Hello", x_trace="t")
    assert server.last.json == {"text": "Hello"}
    assert server.last.headers["x-trace"] == "t"


def test_constants_and_shared_defaults_are_sent(
    generate: Callable[[str | Path], Sdk], server: Loopback
) -> None:
    client = generate(SPEC).client(server.base_url)
    # A default that not every operation has is the server's business: the argument stays.
    assert list(inspect.signature(client.letters.list).parameters) == [
        "x_mode",
        "x_fast",
        "options",
    ]
    for _ in range(3):
        server.answer(status=204)
    client.letters.list(x_mode="slow")
    client.letters.send()
    client.letters.list(x_mode="m", x_fast="yes", extra_headers={"revision": "new"})
    first, second, third = (request.headers for request in server.received)
    assert (first["revision"], first["x-kind"], first.get("x-fast")) == (
        "2026-07-15",
        "letter",
        None,
    )
    assert (second["revision"], second.get("x-kind")) == ("2026-07-15", None)
    assert (third["revision"], third["x-mode"], third["x-fast"]) == ("new", "m", "yes")


def test_one_value_for_all_calls_of_a_client(
    generate: Callable[[str | Path], Sdk], server: Loopback
) -> None:
    sdk = generate(SPEC)
    server.answer(status=204)
    sdk.client(server.base_url, default_headers={"Revision": "mine"}).letters.send()
    assert server.last.headers["revision"] == "mine"
    assert "The client sends `Revision: 2026-07-15` with every request" in sdk.source(
        "docs/guides/configuration.md"
    )


def test_a_default_that_differs_or_cannot_be_sent_stays_an_argument(
    generate: Callable[[str | Path], Sdk],
) -> None:
    text = SPEC.replace(
        'schema: {type: string, default: "2026-07-15"}', 'schema: {default: "a\\nb"}'
    )
    client = generate(text).client("http://mail")
    assert "revision" in inspect.signature(client.letters.send).parameters
