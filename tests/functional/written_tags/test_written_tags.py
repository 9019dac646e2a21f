"""A discriminator that is writeOnly does not distinguish the variants of responses."""

from __future__ import annotations

from collections.abc import Callable

from support.generated import Sdk
from support.loopback import Loopback

SPEC = """\
openapi: 3.1.0
info: {title: Written, version: "1"}
paths:
  /pets:
    post:
      operationId: addPet
      tags: [pets]
      requestBody:
        required: true
        content:
          application/json:
            schema: {type: object, properties: {pet: {$ref: "#/components/schemas/Pet"}}}
      responses:
        "200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}
components:
  schemas:
    Pet:
      oneOf: [{$ref: "#/components/schemas/Cat"}, {$ref: "#/components/schemas/Dog"}]
      discriminator: {propertyName: kind}
    Cat:
      type: object
      required: [kind, lives]
      properties: {kind: {const: Cat, writeOnly: true}, lives: {type: integer}}
    Dog:
      type: object
      required: [kind, tricks]
      properties: {kind: {const: Dog, writeOnly: true}, tricks: {type: array, items: {type: string}}}
"""


def test_its_shape_tells_an_answer_apart(generate: Callable[[str], Sdk], server: Loopback) -> None:
    sdk = generate(SPEC)
    pets = sdk.client(server.base_url).pets
    server.answer({"tricks": ["sit"]})
    assert type(pets.add(pet={"kind": "Dog", "tricks": ["sit"]})).__name__ == "Dog"
    assert server.last.json == {"pet": {"kind": "Dog", "tricks": ["sit"]}}
    server.answer({"lives": 9})
    assert pets.add().lives == 9
    server.answer({"wings": 2})
    assert type(pets.add()).__name__ == "UnknownPet"


def test_a_default_variant_accepts_all_other_values(
    generate: Callable[[str], Sdk], server: Loopback
) -> None:
    sdk = generate("""\
        openapi: 3.2.0
        info: {title: Fallback, version: "1"}
        paths:
          /pet:
            get:
              operationId: getPet
              tags: [pets]
              responses:
                "200":
                  description: ok
                  content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}
            put:
              operationId: putPet
              tags: [pets]
              responses:
                "200":
                  description: ok
                  content: {application/json: {schema: {$ref: "#/components/schemas/Named"}}}
        components:
          schemas:
            Named:
              oneOf: [{$ref: "#/components/schemas/Cat"}, {$ref: "#/components/schemas/Other"}]
              discriminator: {propertyName: kind}
            Pet:
              oneOf: [{$ref: "#/components/schemas/Cat"}, {$ref: "#/components/schemas/Other"}]
              discriminator:
                propertyName: kind
                mapping: {cat: "#/components/schemas/Cat"}
                defaultMapping: Other
            Cat:
              type: object
              required: [kind]
              properties: {kind: {type: string}, lives: {type: integer}}
            Other:
              type: object
              properties: {kind: {type: string}, born: {type: string, format: date}}
        """)
    pets = sdk.client(server.base_url).pets
    for value, name in (
        ({"kind": "cat", "lives": 9}, "Cat"),
        ({"kind": "cat", "lives": "nine"}, "Cat"),
        ({"kind": "newt", "born": "2024-01-02"}, "Other"),
        ({"born": "2024-01-02"}, "Other"),
    ):
        server.answer(value)
        pet = pets.retrieve()
        assert type(pet).__name__ == name
        assert pet.to_dict() == value
    assert pet.born.year == 2024
    # Another union names it by its tag; here the tag may be any text.
    assert sdk.types.Other.model_fields["kind"].annotation == (str | None)
    server.answer({"kind": "Other", "born": "2024-01-02"})
    assert type(pets.update()).__name__ == "Other"
    assert not sdk.warnings
