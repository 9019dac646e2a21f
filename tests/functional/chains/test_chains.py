"""Types that mention each other in chains of any length are read and created."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from support.generated import Sdk
from support.loopback import Loopback

_HEAD = """\
openapi: 3.1.0
info: {title: Chain, version: "1"}
paths:
  /first:
    get:
      operationId: getFirst
      tags: [links]
      responses:
        "200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/A0"}}}}
components:
  schemas:
"""


def _link(number: int) -> str:
    following = f"{{$ref: '#/components/schemas/A{number + 1}'}}"
    return (
        f"    A{number}: {{type: object, properties: {{v: {{type: integer}}, when: {{type: string, "
        f"format: date}}, next: {following}, all: {{type: array, items: {following}}}}}}}\n"
    )


_END = {
    "open": "    A{n}: {{type: object, properties: {{v: {{type: integer}}}}}}\n",
    "circle": "    A{n}: {{type: object, properties: {{v: {{type: integer}}, "
    "next: {{$ref: '#/components/schemas/A0'}}}}}}\n",
    "union": "    A{n}: {{oneOf: [{{$ref: '#/components/schemas/B'}}, "
    "{{$ref: '#/components/schemas/C'}}]}}\n"
    "    B: {{type: object, required: [k], properties: {{k: {{const: b}}, v: {{type: integer}}}}}}\n"
    "    C: {{type: object, required: [k], properties: {{k: {{const: c}}}}}}\n",
}


@pytest.mark.parametrize("end", _END)
def test_a_chain(generate: Callable[[str], Sdk], server: Loopback, end: str) -> None:
    count = 150
    links = "".join(map(_link, range(count)))
    sdk = generate(_HEAD + links + _END[end].format(n=count))
    value: dict[str, Any] = {"k": "b", "v": 1} if end == "union" else {"v": 1}
    for number in range(count):
        value = {"v": number, "when": "2024-01-02", "next": value, "all": []}
    server.answer(value)
    first = sdk.client(server.base_url).first.retrieve()
    assert type(first.next.next) is sdk.types.A2
    assert first.next.when.year == 2024
    made = sdk.types.A0(v=1, next=sdk.types.A1(v=2), all=[sdk.types.A1(v=3)])
    assert made.to_dict() == {"v": 1, "next": {"v": 2}, "all": [{"v": 3}]}
    server.answer({"v": "text", "next": {"v": 1, "when": 3}})
    read = sdk.client(server.base_url).first.retrieve()
    assert (read.v, read.next.v, read.next.when) == ("text", 1, 3)
    server.answer(value)
    assert sdk.client(server.base_url).first.retrieve().next.v == count - 2
