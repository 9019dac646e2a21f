"""An enum of thousands of values is its base type, with a warning."""

from __future__ import annotations

from collections.abc import Callable

from specloom.description.source_text import MAX_ENUM
from support.generated import Sdk
from support.loopback import Loopback

SPEC = """
openapi: 3.1.0
info: {{title: Codes, version: "1"}}
paths:
  /codes/{{code}}:
    get:
      operationId: getCode
      tags: [codes]
      parameters: [{{name: code, in: path, required: true, schema: {{$ref: "#/components/schemas/Code"}}}}]
      responses:
        "200":
          description: It.
          content:
            application/json:
              schema: {{type: object, properties: {{code: {{$ref: "#/components/schemas/Code"}}}}}}
components:
  schemas:
    Code: {{enum: [{values}]}}
"""


def spec(count: int) -> str:
    return SPEC.format(values=", ".join(f"v{n}" for n in range(count)))


def test_any_value_of_a_long_enum_is_taken_and_given(
    generate: Callable[[str], Sdk], server: Loopback
) -> None:
    sdk = generate(spec(MAX_ENUM + 1))
    assert sdk.warnings == ("long-enum",)
    server.answer({"code": "v7"})
    assert sdk.client(server.base_url).codes.retrieve("new").code == "v7"
    assert not hasattr(sdk.types, "Code")


def test_the_longest_enum_names_its_values(generate: Callable[[str], Sdk]) -> None:
    sdk = generate(spec(MAX_ENUM))
    assert sdk.warnings == ()
    assert len(sdk.types.Code.__args__) == MAX_ENUM
