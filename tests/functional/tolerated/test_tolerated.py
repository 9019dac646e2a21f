"""Tolerated faults of a description are warnings; the SDK works."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from specloom.options import BuildOptions
from specloom.pipeline import read
from support.generated import Sdk
from support.loopback import Loopback


def test_each_fault_is_a_warning(sdk: Sdk) -> None:
    assert Counter(sdk.warnings) >= Counter(
        {"undeclared-path-parameter": 2, "undefined-mapping": 2, "wrong-type": 1, "unused-field": 2}
    )


def test_an_object_or_a_list_in_bytes_or_text_is_these(sdk: Sdk, server: Loopback) -> None:
    server.answer(b"a\nb\n", content_type="text/csv")
    assert sdk.client(server.base_url).pets.toys.update(7, pet_id="a", body=b"tar") == "a\nb\n"
    assert server.last.body == b"tar"


def test_an_undeclared_path_parameter_is_text(sdk: Sdk, server: Loopback) -> None:
    server.answer({"kind": "ball", "name": "red"})
    toy = sdk.client(server.base_url).pets.toys.retrieve(7, pet_id="a/b")
    assert server.last.path == "/pets/a%2Fb/toys/7"
    assert isinstance(toy, sdk.types.Ball)


def test_braces_without_a_name_are_sent(sdk: Sdk, server: Loopback) -> None:
    server.answer({"kind": "ball", "name": "red"})
    sdk.client(server.base_url).nameless.of.retrieve("a")
    assert server.last.path == "/nameless/%7B%7D/of/a"


def test_a_mapping_without_a_target_keeps_the_other_variants(sdk: Sdk, server: Loopback) -> None:
    server.answer({"kind": "rope", "length": 2.5})
    toy = sdk.client(server.base_url).pets.toys.retrieve(7, pet_id="a")
    assert isinstance(toy, sdk.types.Rope)


def test_a_description_that_ends_in_an_escaped_quote_survives(sdk: Sdk) -> None:
    assert sdk.types.Ball.__doc__.strip() == 'Called \\"main\\"'


_PARAMETERS = """\
openapi: 3.1.0
info: {title: Styles, version: "1", description: The words of all.}
security: [{nameless: []}]
paths:
  /a:
    delete:
      description: {$ref: "#/info/description"}
      parameters: [{name: d, in: query, schema: {type: string, enum: [a, b], default: c}}]
      responses: {"204": {description: Gone., content: {application/json: {}}}}
    get:
      parameters:
        - {name: u, in: query, style: pipeDelimitted, schema: {type: array, items: {type: string}}}
        - {name: v, in: query, content: {application/xml: {schema: {type: object}}}}
        - {name: w, in: query, content: {application/json: {schema: {type: object}}, text/plain: {schema: {type: string}}}}
        - {name: x, in: query, schema: {type: string}, content: {application/json: {schema: {type: string}}}}
        - {name: z, in: header, style: form, schema: {type: array, items: {type: string}}}
      responses: {"200": {description: OK, content: {application/json: {schema: {$ref: "#/components/schemas/Odd"}}}}}
components:
  schemas:
    Odd: {type: object, properties: {e: {type: string, items: {type: string}}, g: {type: array, properties: {q: {}}}}}
  securitySchemes: {nameless: {type: apiKey, in: header}}
"""


_FROM_PHP = """\
openapi: 3.0.3
info: {title: Php, version: "1"}
paths:
  /a: {get: {parameters: [], responses: {"200": {description: x, headers: [], content: []}}}}
  /b: []
components: {schemas: {A: {type: object, properties: []}}, parameters: []}
"""


_EMPTY = """\
openapi: 3.1.0
info: {title: Empty, version: "1"}
servers: [{url: ""}, {url: "https://empty.example.com"}]
paths:
  /a:
    get: {parameters: [{name: "", in: query, schema: {type: string}}], responses: {"200": {description: x}}}
    put:
components: {schemas: {A: {type: object, properties: {c: {type: null}}}}}
"""


def test_what_is_empty_is_told(tmp_path: Path) -> None:
    spec = tmp_path / "spec.yaml"
    spec.write_text(_EMPTY)
    reading = read(spec, BuildOptions())
    told = [(one.code, one.pointer.partition("#")[2]) for one in reading.problems]
    assert told == [
        ("missing-field", "/paths/~1a/get/parameters/0/name"),
        ("wrong-type", "/paths/~1a/put"),
        ("wrong-type", "/components/schemas/A/properties/c/type"),
        ("bad-server", "/servers/0"),
    ]
    assert [one.url for one in reading.api.servers] == ["https://empty.example.com"]


def test_an_empty_list_is_an_empty_mapping(tmp_path: Path) -> None:
    spec = tmp_path / "spec.yaml"
    spec.write_text(_FROM_PHP)
    told = [one.code for one in read(spec, BuildOptions()).problems]
    assert told == ["wrong-type"] * 5
    spec.write_text("openapi: 3.0.3\ninfo: {title: Php, version: '1'}\npaths: []\n")
    told = [one.code for one in read(spec, BuildOptions()).problems]
    assert told == ["wrong-type", "missing-field"]


def test_what_of_a_parameter_or_a_schema_is_not_used_is_told(
    generate: Callable[[str], Sdk], server: Loopback
) -> None:
    sdk = generate(_PARAMETERS)
    told = {
        "wrong-value": 3,
        "misplaced-ref": 1,
        "unused-field": 4,
        "unused-keyword": 2,
        "unsupported-security-scheme": 1,
    }
    assert Counter(sdk.warnings) == Counter(told)
    server.answer({"e": "1", "g": []})
    sdk.client(server.base_url).a.retrieve(u=["1", "2"], w={"b": 1}, x="y", z=["3", "4"])
    assert server.last.query == [("u", "1"), ("u", "2"), ("w", '{"b":1}'), ("x", '"y"')]
    assert server.last.headers["z"] == "3,4"
    assert '"""The words of all.' in sdk.source("styles_sdk/resources/a.py")
    server.answer(status=204)
    assert sdk.client(server.base_url).a.delete() is None
    assert 'responses={"204": Empty()}' in sdk.source("styles_sdk/resources/a.py")


def test_a_body_whose_null_is_never_sent_is_told(tmp_path: Path) -> None:
    spec = tmp_path / "spec.yaml"
    spec.write_text("""\
openapi: 3.0.3
info: {title: Windows, version: "1"}
servers: [{url: "https://a.example"}]
paths:
  /window:
    put:
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: "#/components/schemas/Window"}}}
      responses: {"204": {description: Done.}}
components:
  schemas:
    Window: {type: object, nullable: true, required: [day], properties: {day: {type: string}}}
""")
    assert [one.code for one in read(spec, BuildOptions()).problems] == ["unused-field"]


def test_fields_of_swagger_in_openapi_3_are_told_with_their_place_there(tmp_path: Path) -> None:
    spec = tmp_path / "spec.yaml"
    spec.write_text("""\
openapi: 3.0.3
info: {title: Old, version: "1"}
servers: [{url: "https://a.example"}]
paths:
  /a:
    get:
      produces: [application/json]
      parameters: [{name: a, in: query, type: integer}]
      responses: {"200": {description: Done., schema: {type: string}}}
""")
    told = {one.message.split("'")[1]: one.hint for one in read(spec, BuildOptions()).problems}
    assert list(told) == ["produces", "type", "schema"]
    assert all(hint.startswith("this is Swagger 2.0; in OpenAPI 3, ") for hint in told.values())
