"""A method requests one kind of stream; the other kinds are warnings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from support.generated import Sdk
from support.loopback import Loopback

SPEC = """
openapi: 3.1.0
info: {{title: Kinds, version: "1"}}
servers: [{{url: "https://kinds.example.com"}}]
paths:
  /logs:
    get:
      x-sdk: {{method: tail}}
      responses:
        "200":
          description: ok
          content:
            application/x-ndjson: {{schema: {lines}}}
            text/event-stream: {{schema: {event}}}
"""
EVENT = "{type: object, title: Event, required: [id], properties: {id: {type: string}}}"
LINE = "{type: object, title: Line, required: [n], properties: {n: {type: integer}}}"


@pytest.mark.parametrize("lines", [EVENT, LINE])
def test_one_kind_is_asked_for(
    generate: Callable[[str | Path], Sdk], server: Loopback, lines: str
) -> None:
    sdk = generate(SPEC.format(lines=lines, event=EVENT))
    assert sdk.warnings == ("unused-field",)
    server.answer(b'data: {"id": "1"}\n\n', headers={"Content-Type": "text/event-stream"})
    client = sdk.client(server.base_url)
    assert [event.id for event in client.logs.tail()] == ["1"]
    assert "ndjson" not in server.last.headers["accept"]


VARIANT_OF_ERRORS = """
openapi: 3.1.0
info: {title: Kinds, version: "1"}
servers: [{url: "https://kinds.example.com"}]
paths:
  /logs:
    get:
      x-sdk: {method: tail}
      responses:
        "200": {description: ok, content: {text/event-stream: {schema: {$ref: "#/components/schemas/Event"}}}}
components:
  schemas:
    Event:
      oneOf: [{$ref: "#/components/schemas/Line"}, {$ref: "#/components/schemas/Failure"}]
      discriminator: {propertyName: event, mapping: {line: "#/components/schemas/Line", error: "#/components/schemas/Failure"}}
    Line: {type: object, required: [event, text], properties: {event: {type: string}, text: {type: string}}}
    Failure:
      type: object
      required: [event, error]
      properties: {event: {type: string}, error: {type: object, properties: {message: {type: string}}}}
"""


def test_a_described_event_with_an_error_is_an_event(
    generate: Callable[[str | Path], Sdk], server: Loopback
) -> None:
    sdk = generate(VARIANT_OF_ERRORS)
    body = (
        b'data: {"event": "line", "text": "a"}\n\n'
        b'event: error\ndata: {"event": "error", "error": {"message": "no"}}\n\n'
    )
    server.answer(body, headers={"Content-Type": "text/event-stream"})
    line, failure = sdk.client(server.base_url).logs.tail()
    assert (line.text, failure.error.message) == ("a", "no")
