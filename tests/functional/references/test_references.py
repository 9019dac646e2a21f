"""References in any place are followed, and reported where OpenAPI does not allow them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from specloom.errors import SpecError
from specloom.options import BuildOptions
from specloom.pipeline import build
from support.generated import Sdk
from support.loopback import Loopback


def test_every_operation_is_whole(sdk: Sdk, server: Loopback) -> None:
    assert sdk.package == "zoo_sdk"
    animals = sdk.client(server.base_url, api_key="k").animals
    server.answer([{"kind": "tabby", "lives": 9}, {"kind": "hound", "tricks": ["sit"]}])
    cat, dog = animals.list(limit=2)
    assert server.last.query == [("limit", "2")]
    assert (type(cat).__name__, cat.lives) == ("Cat", 9)
    assert (type(dog).__name__, dog.tricks) == ("Dog", ["sit"])
    server.answer({"kind": "tabby"})
    assert type(animals.add(name="Tom")).__name__ == "Cat"
    assert server.last.json == {"name": "Tom"}
    assert server.last.headers["x-key"] == "k"
    server.answer({"kind": "hound"})
    assert type(animals.retrieve("7")).__name__ == "Dog"
    assert server.last.path == "/animals/7"


def test_each_misplaced_reference_is_reported(sdk: Sdk) -> None:
    assert sdk.warnings.count("misplaced-ref") == 18
    assert set(sdk.warnings) == {"misplaced-ref"}


_PATHS = """\
openapi: 3.1.0
info: {title: Parts, version: "1"}
paths:
  /whole: {get: {responses: {"204": {description: ok}}}}
"""
_BROKEN = [
    "{$ref: gone.yaml}",
    "{$ref: broken.yaml}",
    "{parameters: {$ref: gone.yaml}, responses: {}}",
    "{responses: {$ref: '#/x-nothing'}}",
    "{responses: {200: {description: ok, content: {$ref: broken.yaml}}}}",
    "{responses: {200: {description: ok, content: {a/json: {schema: {$ref: broken.yaml}}}}}}",
    "{requestBody: {content: {a/json: {schema: {properties: {$ref: gone.yaml}}}}}}",
    "{requestBody: {content: {a/json: {$ref: '#/components/mediaTypes/None'}}}}",
]


@pytest.mark.parametrize("operation", _BROKEN)
def test_an_operation_is_whole_or_left_out(tmp_path: Path, operation: str) -> None:
    (tmp_path / "broken.yaml").write_text("a: [\n")
    spec = tmp_path / "spec.yaml"
    spec.write_text(f"{_PATHS}  /a: {{get: {operation}}}\n  /b: {{get: {operation}}}\n")
    with pytest.raises(SpecError):
        build(spec, BuildOptions())
    made = build(spec, BuildOptions(allow_partial=True))
    assert [one.path for one in made.api.operations()] == ["/whole"]
    assert len(made.api.left_out) == 2


def test_a_name_in_a_mapping_is_not_a_file(
    generate: Callable[[str], Sdk], server: Loopback
) -> None:
    sdk = generate("""\
        openapi: 3.2.0
        info: {title: Named, version: "1"}
        paths:
          /pet:
            get:
              operationId: getPet
              tags: [pets]
              responses:
                "200":
                  description: ok
                  content: {application/json: {$ref: "#/components/mediaTypes/Pet"}}
        components:
          mediaTypes:
            Pet: {schema: {$ref: "#/components/schemas/Pet"}}
          schemas:
            Pet:
              oneOf: [{$ref: "#/components/schemas/Cat"}, {$ref: "#/components/schemas/Dog"}]
              discriminator: {propertyName: kind, mapping: {c: Cat, d: "#/components/schemas/Dog"}}
            Cat: {type: object, required: [kind], properties: {kind: {type: string}}}
            Dog: {type: object, required: [kind], properties: {kind: {type: string}}}
        """)
    assert "misplaced-ref" not in sdk.warnings  # 3.2 has references to media types
    server.answer({"kind": "d"})
    assert type(sdk.client(server.base_url).pets.retrieve()).__name__ == "Dog"


def test_ids_and_anchors_are_those_of_json_schema(
    generate: Callable[[str], Sdk], server: Loopback
) -> None:
    sdk = generate("""\
        openapi: 3.1.0
        info: {title: Anchored, version: "1"}
        paths:
          /tree:
            get:
              operationId: getTree
              tags: [trees]
              responses:
                "200":
                  description: ok
                  content: {application/json: {schema: {$ref: "https://x.example/s/tree.json"}}}
        components:
          schemas:
            Tree:
              $id: https://x.example/s/tree.json
              type: object
              properties:
                leaf: {$ref: "leaf.json"}
                branch: {$ref: "#/$defs/branch"}
                colour: {$ref: "#colour"}
                owner: {$ref: "#/components/schemas/Owner"}
              $defs:
                branch: {type: object, properties: {length: {type: integer}}}
                colour: {$anchor: colour, enum: [green, red]}
            Leaf:
              $id: https://x.example/s/leaf.json
              type: object
              properties: {colour: {$ref: "#colour"}, next: {$dynamicRef: "#leaf"}}
              $dynamicAnchor: leaf
              $defs:
                colour: {$anchor: colour, type: object, properties: {rgb: {type: string}}}
            Owner: {type: object, properties: {name: {type: string}}}
        """)
    value = {
        "leaf": {"colour": {"rgb": "0f0"}, "next": {"colour": {"rgb": "00f"}}},
        "branch": {"length": 3},
        "colour": "green",
        "owner": {"name": "Ann"},
    }
    server.answer(value)
    tree = sdk.client(server.base_url).trees.retrieve()
    assert (tree.leaf.colour.rgb, tree.leaf.next.colour.rgb) == ("0f0", "00f")
    assert (tree.branch.length, tree.colour, tree.owner.name) == (3, "green", "Ann")
    assert tree.to_dict() == value


_SHARED = """\
thing:
  parameters:
    - {name: id, in: path, required: true, schema: {type: string}}
    - {$ref: "#/trace", description: The words beside it.}
  get: {responses: {"200": {description: The thing as it is kept., content: {application/json: {schema: {$ref: "#/Thing"}}}}}}
  delete: {responses: {"204": {description: Gone.}}}
  additionalOperations: {PURGE: {responses: {"204": {description: Gone.}}}}
trace: {name: trace, in: header, description: Hidden., schema: {type: string}}
Thing: {type: object, properties: {x: {type: string}}}
"""
_JOINED = """\
openapi: 3.2.0
info: {title: Joined, version: "1"}
paths:
  /a/{id}:
    $ref: "shared.yaml#/thing"
    parameters:
      - {name: limit, in: query, schema: {type: integer}}
      - {name: id, in: path, required: true, schema: {type: integer}}
    put: {responses: {"204": {description: Replaced.}}}
    delete: {operationId: ownDelete, responses: {"204": {description: Gone.}}}
  /b/{id}:
    $ref: "#/components/pathItems/B"
    servers: [{url: "{server}/own"}]
  /c:
    get:
      responses:
        "200":
          description: OK
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Loop"}
              examples: {one: {$ref: gone.yaml}, two: {externalValue: gone.txt}, three: {$ref: page.html}}
components:
  pathItems:
    B:
      $ref: "shared.yaml#/thing"
      post: {responses: {"204": {description: Posted.}}}
  schemas:
    Loop: {oneOf: [{$ref: "#/components/schemas/Loop"}]}
    All: {allOf: [{$ref: "#/components/schemas/Part"}, {properties: {a: {type: string}}}]}
    Part: {allOf: [{$ref: "#/components/schemas/All"}]}
    Base: {oneOf: [{$ref: "#/components/schemas/Heir"}]}
    Heir: {allOf: [{$ref: "#/components/schemas/Base"}, {properties: {b: {type: string}}}]}
"""


def test_a_path_item_has_its_own_fields_and_those_of_its_reference(
    generate: Callable[[Path], Sdk], server: Loopback, tmp_path: Path
) -> None:
    spec = tmp_path / "spec.yaml"
    spec.write_text(_JOINED.replace("{server}", server.base_url))
    (tmp_path / "shared.yaml").write_text(_SHARED)
    (tmp_path / "page.html").write_text("<html>")
    sdk = generate(spec)
    client = sdk.client(server.base_url)
    server.answer({"x": "1"})
    assert client.a.retrieve(7, limit=2, trace="t").x == "1"
    sent = server.last
    assert (sent.path, sent.query, sent.headers["trace"]) == ("/a/7", [("limit", "2")], "t")
    assert "        Returns:\n            The thing as it is kept.\n" in sdk.source(
        "joined_sdk/resources/a.py"
    )
    server.answer(status=204)
    client.b.purge("8")
    assert (server.last.method, server.last.path) == ("PURGE", "/b/8")
    assert f"{server.base_url}/own" in sdk.source("joined_sdk/resources/b.py")
    source = sdk.source("joined_sdk/resources/a.py") + sdk.source("joined_sdk/resources/b.py")
    found = [line.strip() for line in source.splitlines() if line.strip().startswith("method=")]
    assert found == [
        f'method="{one}",' for one in "GET PUT DELETE PURGE GET POST DELETE PURGE".split()
    ]
    assert 'id="ownDelete"' in source
    assert "trace: The words beside it." in source
    assert "Hidden." not in source
    # Loop, and All and Part in one another; both delete and id are there twice.
    told = ["circular-ref"] * 3 + ["missing-file", "not-openapi", "unused-field"]
    assert sorted(sdk.warnings) == sorted([*told, "duplicate-parameter"])
