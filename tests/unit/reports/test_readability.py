"""The warnings of `specloom lint` for valid descriptions that read badly in the SDK."""

from __future__ import annotations

from pathlib import Path

import pytest

from specloom.errors import Problem
from specloom.options import BuildOptions
from specloom.reports.readability import lint

SOUND = """
openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /pets/{id}:
    put:
      operationId: putPet
      summary: Change a pet
      tags: [pets]
      parameters:
        - {name: id, in: path, required: true, description: Its id., schema: {type: string}}
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses:
        "200":
          description: It.
          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
        4XX:
          description: Why not.
          content: {application/json: {schema: {$ref: '#/components/schemas/Problem'}}}
components:
  schemas:
    Problem: {properties: {message: {type: string, description: What is wrong.}}}
    Pet:
      properties:
        name: {type: string, description: Its name.}
        home: {$ref: '#/components/schemas/Home'}
        kind: {const: cat}
    Home:
      description: Where it lives.
      properties: {street: {type: string, description: The street.}}
"""
BY_TAGS = f"{SOUND}x-sdk: {{resources: tags}}\n"


def linted(folder: Path, text: str, options: BuildOptions | None = None) -> list[Problem]:
    (folder / "a.yaml").write_text(text, encoding="utf-8")
    return list(lint(folder / "a.yaml", options or BuildOptions()))


def test_a_valid_description_gives_no_warning(tmp_path: Path) -> None:
    assert linted(tmp_path, SOUND) == []


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ("summary: Change a pet", "", "undescribed-operation", "PUT /pets/{id} has no summary"),
        ("operationId: putPet", "", "missing-operation-id", "client.pets.update"),
        ("description: Its id., ", "", "undescribed-parameter", "the path parameter 'id'"),
        (", description: Its name.", "", "undescribed-property", "the property 'name'"),
        ("description: Where it lives.", "", "undescribed-property", "the property 'home'"),
        ("4XX:", "x-4XX:", "no-error-response", "PUT /pets/{id} declares no error"),
        (
            "'#/components/schemas/Problem'",
            "'#/x-any'",
            "untyped-error",
            "no error response of PUT /pets",
        ),
        ('"200":', '"299":', "", ""),
        ('"200":', '"204":', "unused-field", "has no body"),
        ("4XX:", "default:", "", ""),
        ("operationId: putPet", "x-sdk: {method: put}", "", ""),
        ("operationId: putPet\n      summary:", "operationId: putPet\n      description:", "", ""),
        ("type: string, description: Its name.", "const: 1", "", ""),
    ],
)
def test_what_is_missing_is_said_with_what_comes_of_it(
    tmp_path: Path, old: str, new: str, code: str, said: str
) -> None:
    assert old in SOUND
    found = linted(tmp_path, f"{SOUND.replace(old, new, 1)}\nx-any: {{}}\n")
    assert [(problem.code, problem.severity) for problem in found] == [(code, "warning")] * bool(
        code
    )
    assert all(said in problem.message and problem.hint for problem in found)


@pytest.mark.parametrize(
    ("content", "is_said"),
    [
        ("", True),
        ("content: {application/json: {}}", True),
        ("content: {application/json: {schema: {}}}", True),
        ("content: {text/plain: {}}", False),
        ("content: {image/png: {}}", False),
        ("content: {application/json: {schema: {type: string}}}", False),
    ],
)
def test_a_success_without_a_type(tmp_path: Path, content: str, is_said: bool) -> None:
    text = SOUND.replace(
        "content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}\n        4XX",
        f"{content}\n        4XX",
    )
    assert [one.code for one in linted(tmp_path, text)] == ["untyped-response"] * is_said


@pytest.mark.parametrize("setting", ["", "x-sdk: {resources: paths}\n"])
def test_paths_read_as_resources_need_no_tag(tmp_path: Path, setting: str) -> None:
    assert linted(tmp_path, SOUND.replace("tags: [pets]", "") + setting) == []


def test_a_missing_tag_is_reported_if_names_come_from_tags(tmp_path: Path) -> None:
    (problem,) = linted(tmp_path, BY_TAGS.replace("tags: [pets]", ""))
    assert (problem.code, problem.severity) == ("untagged-operation", "warning")
    assert "PUT /pets/{id} has no tag: it is client.pets.update" in problem.message
    assert problem.hint == "write 'tags: [NAME]' or 'x-sdk: {resource: NAME}'"
    assert linted(tmp_path, BY_TAGS.replace("tags: [pets]", "x-sdk: {resource: pets}")) == []


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ("{properties: {a: {type: string, description: A.}}}", "object"),
        ("{oneOf: [{$ref: '#/components/schemas/Pet'}, {type: string}]}", "union"),
        ("{enum: [a, b, c, d, e, f]}", "enum"),
    ],
)
def test_an_inline_schema_that_is_named_after_its_place(
    tmp_path: Path, schema: str, kind: str
) -> None:
    inline = "street: {description: The street., allOf: [%s]}"
    text = SOUND.replace("street: {type: string, description: The street.}", inline % schema)
    ((problem),) = linted(tmp_path, text)
    assert problem.code == "unnamed-schema"
    assert problem.message == f"this {kind} has no name; it is called HomeStreet, after its place"
    assert problem.hint.startswith("write 'x-sdk: {name: HomeStreet}' in it")
    named = schema.replace("{", "{x-sdk: {name: Street}, ", 1)
    assert linted(tmp_path, text.replace(schema, named)) == []


def test_types_and_arguments_that_clash(tmp_path: Path) -> None:
    parameter = "- {name: name, in: query, description: Name., schema: {type: string}}"
    text = SOUND.replace("- {name: id", f"{parameter}\n        - {{name: id")
    text = text.replace("    Home:\n", "    pet: {properties: {x: {const: 1}}}\n    Home:\n")
    found = {problem.message: problem for problem in linted(tmp_path, text)}
    assert {problem.code for problem in found.values()} == {"name-clash"}
    schema = found["the name 'Pet' is taken: this is 'Pet2'"]
    argument = found["the name 'name' is taken: this is 'query_name'"]
    assert len(found) == 2
    assert schema.pointer == "a.yaml#/components/schemas/pet"
    assert argument.pointer == "a.yaml#/paths/~1pets~1{id}/put/parameters/0"
    assert schema.hint == argument.hint == "write 'x-sdk: {name: NAME}' in it"


def test_methods_that_clash(tmp_path: Path) -> None:
    other = SOUND.replace("putPet", "put_pet").partition("paths:\n")[2].partition("components:")[0]
    text = BY_TAGS.replace("components:", f"{other.replace('/pets/', '/more/')}components:")
    (problem,) = linted(tmp_path, text)
    assert problem.message == "the name 'pets.put' is taken: this is 'pets.put_pet'"
    assert problem.hint == "write 'x-sdk: {method: NAME}' in it"


def test_an_operation_behind_a_reference(tmp_path: Path) -> None:
    text = BY_TAGS.replace(
        "  /pets/{id}:\n", "  /pets/{id}: {$ref: '#/x-items/it'}\nx-items:\n  it:\n"
    )
    (problem,) = linted(tmp_path, text.replace("tags: [pets]", ""))
    assert problem.code == "untagged-operation"


def test_errors_are_reported_with_the_warnings_of_the_rest(tmp_path: Path) -> None:
    text = SOUND.replace("paths:\n", "paths:\n  /bad: {get: {tags: 1}}\n", 1)
    found = linted(tmp_path, text.replace("summary: Change a pet", ""))
    assert {(one.code, one.severity) for one in found} == {
        ("wrong-type", "error"),
        ("undescribed-operation", "warning"),
    }


def test_a_part_reports_only_its_own_problems(tmp_path: Path) -> None:
    text = SOUND.replace("summary: Change a pet", "").replace(
        "paths:\n", "paths:\n  /a: {get: {operationId: getA, tags: [1], responses: {}}}\n", 1
    )
    found = linted(tmp_path, text, BuildOptions(only=("putPet",)))
    assert [problem.code for problem in found] == ["undescribed-operation"]
