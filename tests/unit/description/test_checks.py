"""Faults of descriptions that the checks find."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from unit.description.checked import HEAD, checked, found, only


def test_a_sound_description_has_no_problems(tmp_path: Path) -> None:
    text = """openapi: 3.0.3
info: {title: T, version: 1.0}
security: [{key: []}, {}]
paths:
  x-anything: {$ref: '#/nowhere'}
  /a/{b}:
    parameters: [{$ref: '#/components/parameters/B'}]
    get:
      operationId: one
      responses:
        200:
          description: ok
          content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}
        x-more: 1
    put:
      parameters: [{name: b, in: path, required: true, schema: {type: string}}]
      responses: {default: {description: ok}}
      callbacks: {done: {'{$request.body#/url}': {post: {responses: {}}}}}
components:
  parameters: {B: {name: b, in: path, required: true, schema: {type: integer}}}
  securitySchemes: {key: {type: http, scheme: bearer}}
  schemas:
    A:
      type: object
      required: [a, b]
      properties: {a: {type: string}}
      allOf: [{properties: {b: {items: {$ref: '#/components/schemas/A'}}}}, {required: [a]}]
      additionalProperties: false
    Cat: {allOf: [{$ref: '#/components/schemas/A'}, {required: [a]}]}
    Map: {required: [x], additionalProperties: {type: string}}
    Either: {properties: {a: {}, b: {}}, anyOf: [{required: [a]}, {required: [b]}]}
    Pet:
      oneOf: [{$ref: '#/components/schemas/Cat'}]
      discriminator: {propertyName: a, mapping: {c: Cat, d: '#/components/schemas/A'}}
"""
    assert found(checked(tmp_path, text)) == []


class TestReferences:
    def test_all_undefined_names_are_found(self, tmp_path: Path) -> None:
        text = HEAD + """paths:
  /a:
    get:
      parameters:
        - $ref: '#/components/parameters/None'
      requestBody: {$ref: '#/components/requestBodies/None'}
      responses:
        200:
          $ref: '#/components/responses/None'
        default:
          description: ''
          headers: {H: {$ref: '#/components/headers/None'}}
          content:
            application/json:
              schema:
                items:
                  additionalProperties:
                    anyOf:
                      - $ref: '#/components/schemas/Nnoe'
  /b:
    $ref: '#/components/pathItems/None'
components:
  schemas: {None: {}}
  securitySchemes: {s: {$ref: '#/components/securitySchemes/None'}}
"""
        problems = checked(tmp_path, text)
        assert [line for _, _, line in found(problems)] == [7, 8, 11, 14, 21, 23, 26]
        assert {code for code, _, _ in found(problems)} == {"undefined-ref"}
        hints = [problem.hint for problem in problems]
        assert "did you mean '#/components/schemas/None'?" in hints

    def test_those_of_other_files_too(self, tmp_path: Path) -> None:
        text = HEAD + "components: {schemas: {A: {$ref: 'b.yaml#/B'}}}\n"
        problems = checked(tmp_path, text, b="B: {items: {$ref: '#/C'}}\nC2: {$ref: '#/unused'}")
        ((place, problem),) = problems.located()
        assert (problem.code, Path(place.file).name, place.line) == ("undefined-ref", "b.yaml", 1)

    def test_a_missing_file_is_one_problem(self, tmp_path: Path) -> None:
        text = HEAD + "components: {schemas: {A: {$ref: b.yaml}, B: {$ref: b.yaml}}}\n"
        assert [code for code, _, _ in found(checked(tmp_path, text))] == ["missing-file"]

    def test_circles(self, tmp_path: Path) -> None:
        text = HEAD + """components:
  schemas:
    Self: {$ref: '#/components/schemas/Self'}
    One: {$ref: '#/components/schemas/Two'}
    Two: {$ref: '#/components/schemas/One'}
    Fine: {items: {$ref: '#/components/schemas/Fine'}}
"""
        circles = [("circular-ref", "error", line) for line in (5, 6, 7)]
        assert found(checked(tmp_path, text)) == circles

    def test_a_reference_is_text(self, tmp_path: Path) -> None:
        text = HEAD + "components: {schemas: {A: {$ref: {type: string}}}}\n"
        assert found(checked(tmp_path, text)) == [("bad-ref", "error", 3)]


class TestPaths:
    def test_an_undeclared_parameter_comes_with_the_lines_to_add(self, tmp_path: Path) -> None:
        text = HEAD + "paths:\n  /a/{a_id}:\n    get: {responses: {}}\n"
        problems = checked(tmp_path, text)
        assert found(problems) == [("undeclared-path-parameter", "warning", 5)]
        message, hint = only(problems)
        assert "{a_id}" in message
        assert "  - name: a_id\n    in: path\n    required: true\n" in hint

    def test_what_no_operation_declares_is_one_problem(self, tmp_path: Path) -> None:
        text = HEAD + "paths:\n  /a/{b}:\n    get: {responses: {}}\n    put: {responses: {}}\n"
        assert found(checked(tmp_path, text)) == [("undeclared-path-parameter", "warning", 4)]

    def test_what_one_operation_lacks_is_noted_there(self, tmp_path: Path) -> None:
        declared = "parameters: [{name: b, in: path, required: true, schema: {}}]"
        text = HEAD + f"paths:\n  /a/{{b}}:\n    get: {{{declared}}}\n    put: {{}}\n"
        assert found(checked(tmp_path, text)) == [("undeclared-path-parameter", "warning", 6)]

    @pytest.mark.parametrize("segment", [":id", "<id>", "<int:id>"])
    def test_a_parameter_as_routers_write_it_is_named(self, tmp_path: Path, segment: str) -> None:
        text = HEAD + f"paths:\n  '/a/{segment}/b:c':\n    get: {{responses: {{}}}}\n"
        problems = checked(tmp_path, text)
        assert found(problems) == [("undeclared-path-parameter", "warning", 4)]
        assert only(problems)[1] == "OpenAPI writes a parameter as {id}"

    def test_a_parameter_in_the_wrong_place_is_named(self, tmp_path: Path) -> None:
        declared = "parameters: [{name: b, in: query, schema: {}}]"
        text = HEAD + f"paths:\n  /a/{{b}}:\n    get: {{{declared}}}\n"
        assert "declared in query" in only(checked(tmp_path, text))[1]

    def test_a_declared_parameter_that_the_path_lacks(self, tmp_path: Path) -> None:
        declared = "parameters: [{name: b, in: path, required: true, schema: {}}]"
        text = HEAD + f"paths:\n  /a:\n    {declared}\n    get: {{}}\n    put: {{}}\n"
        assert found(checked(tmp_path, text)) == [("unused-path-parameter", "warning", 5)]

    def test_path_items_are_followed(self, tmp_path: Path) -> None:
        text = HEAD + "paths:\n  /a/{b}: {$ref: 'b.yaml'}\n"
        problems = checked(tmp_path, text, b="\nget: {}")
        ((place, _),) = problems.located()
        assert (Path(place.file).name, place.line) == ("b.yaml", 2)

    @pytest.mark.parametrize("path", ["a", "/a/{b", "/a/b}", "/{{a}}"])
    def test_syntax(self, tmp_path: Path, path: str) -> None:
        shared = "parameters: [{name: a, in: path, required: true, schema: {}}]"
        text = HEAD + f"paths:\n  '{path}':\n    {shared}\n    get: {{}}\n"
        assert found(checked(tmp_path, text)) == [("bad-path", "error", 4)]

    def test_a_parameter_declared_twice(self, tmp_path: Path) -> None:
        one = "{name: a, in: query, schema: {}}"
        text = HEAD + f"paths:\n  /a:\n    get:\n      parameters:\n      - {one}\n      - {one}\n"
        assert found(checked(tmp_path, text)) == [("duplicate-parameter", "warning", 8)]

    @pytest.mark.parametrize(
        ("parameter", "code"),
        [
            ("{in: query}", "missing-field"),
            ("{name: a}", "missing-field"),
            ("{name: 1, in: query}", "wrong-type"),
            ("{name: a, in: body}", "wrong-type"),
        ],
    )
    def test_parameters_are_whole(self, tmp_path: Path, parameter: str, code: str) -> None:
        text = HEAD + f"components: {{parameters: {{A: {parameter}}}}}\n"
        assert found(checked(tmp_path, text)) == [(code, "error", 3)]

    def test_a_method_that_is_none(self, tmp_path: Path) -> None:
        others = "additionalOperations: {PURGE: {}, 'x-y': {}, 'a b': {}, '': {}}"
        problems = checked(tmp_path, HEAD + f"paths:\n  /a:\n    {others}\n")
        assert found(problems) == [("bad-method", "warning", 5)] * 2
        assert "'a b'" in next(problem.message for problem in problems)

    def test_operation_ids_given_twice(self, tmp_path: Path) -> None:
        text = HEAD + "paths:\n  /a:\n    get: {operationId: x}\n    put: {operationId: x}\n"
        problems = checked(tmp_path, text)
        assert found(problems) == [("duplicate-operation-id", "warning", 6)]
        assert "/paths/~1a/get" in only(problems)[0]


class TestSchemas:
    def test_required_and_undeclared(self, tmp_path: Path) -> None:
        text = HEAD + """components:
  schemas:
    A:
      required:
        - thread_id
        - naem
      properties: {name: {}}
"""
        problems = checked(tmp_path, text)
        warning = "undeclared-required", "warning"
        assert found(problems) == [(*warning, 7), (*warning, 8)]
        assert "did you mean 'name'?" in [problem.hint for problem in problems][1]

    def test_required_is_a_list(self, tmp_path: Path) -> None:
        text = HEAD + "components: {schemas: {A: {properties: {a: {required: true}}}}}\n"
        assert found(checked(tmp_path, text)) == [("wrong-type", "warning", 3)]

    @pytest.mark.parametrize(
        ("declared", "hint"),
        [
            ("strng", "did you mean 'string'?"),
            ("['null', interger]", "did you mean 'integer'?"),
            ("uuid", "write 'type: string' and 'format: uuid'"),
            ("any", "leave 'type' out: a schema without it takes any value"),
            ("Pet", "one of string, integer, number, boolean, array, object, null"),
        ],
    )
    def test_a_type_that_there_is_not(self, tmp_path: Path, declared: str, hint: str) -> None:
        text = HEAD + f"components:\n  schemas:\n    A:\n      type: {declared}\n"
        problems = checked(tmp_path, text)
        assert found(problems) == [("unknown-type", "warning", 6)]
        assert only(problems)[1] == hint

    def test_every_type_there_is(self, tmp_path: Path) -> None:
        names = ("string", "integer", "number", "boolean", "array", "object", "'null'", "file")
        schemas = ", ".join(f"A{number}: {{type: {name}}}" for number, name in enumerate(names))
        several = "B: {type: [string, 'null']}"
        text = HEAD + f"components: {{schemas: {{{schemas}, {several}}}}}\n"
        assert found(checked(tmp_path, text)) == []

    def test_a_mapping_without_a_target(self, tmp_path: Path) -> None:
        discriminator = "{propertyName: a, mapping: {x: None, y: 'b.yaml#/B'}}"
        text = HEAD + f"components: {{schemas: {{A: {{discriminator: {discriminator}}}}}}}\n"
        problems = checked(tmp_path, text)
        assert found(problems) == [("undefined-mapping", "warning", 3)] * 2

    def test_a_mapping_to_a_schema_outside_the_variants(self, tmp_path: Path) -> None:
        text = HEAD + """components:
  schemas:
    Pet:
      oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
      discriminator:
        propertyName: kind
        mapping:
          c: Cat
          b: Bird
          d: Dogg
        defaultMapping: '#/components/schemas/Bird'
    Open:
      oneOf: [{$ref: '#/components/schemas/Pet'}]
      discriminator: {propertyName: kind, mapping: {c: Cat, b: Bird}}
    Cat: {type: object}
    Dog: {type: object}
    Bird: {type: object}
"""
        problems = checked(tmp_path, text)
        assert found(problems) == [("undefined-mapping", "warning", line) for line in (11, 12, 13)]
        hints = [problem.hint for problem in problems]
        assert hints.count("did you mean 'Dog'?") == 1
        assert hints.count("add it to the list of variants, or remove it here") == 2

    def test_a_broken_reference_to_an_unused_object_is_a_warning(self, tmp_path: Path) -> None:
        text = HEAD + """paths:
  /a:
    get:
      responses:
        '200':
          description: ok
          links: {l: {$ref: '#/components/links/L'}}
          headers: {H: {$ref: '#/components/headers/H'}}
          content: {text/plain: {examples: {e: {$ref: '#/components/examples/E'}}}}
"""
        problems = checked(tmp_path, text)
        assert found(problems) == [("undefined-ref", "warning", line) for line in (9, 10, 11)]

    def test_what_stands_beside_a_reference(self, tmp_path: Path) -> None:
        text = HEAD + """paths:
  $ref: b.yaml
  /a:
    $ref: '#/components/pathItems/A'
    post: {responses: {'200': {description: ok}}}
    get: {responses: {'200': {description: ok}}}
  /b:
    get:
      parameters: [{$ref: '#/components/parameters/P', description: Fine., x-a: 1, required: true}]
      responses: {$ref: 'b.yaml#/~1c/get/responses', '201': {description: ok}}
components:
  pathItems: {A: {get: {responses: {'200': {description: ok}}}}}
  parameters: {P: {name: p, in: query, schema: {type: string}}}
  schemas: {S: {type: string}, T: {$ref: '#/components/schemas/S', maxLength: 3}}
"""
        other = "/c: {get: {responses: {'200': {description: ok}}}}\n"
        problems = checked(tmp_path, text, b=other)
        told = [
            (at.line, one.message) for at, one in problems.located() if one.code == "unused-field"
        ]
        assert [(line, message.split()[0]) for line, message in told] == [
            (8, "'get'"),
            (11, "'required'"),
        ]

    def test_a_list_of_items_of_no_array(self, tmp_path: Path) -> None:
        items = "items: [{type: string}, {type: integer}]"
        schemas = f"A: {{type: array, {items}}}, B: {{{items}}}"
        problems = checked(tmp_path, HEAD + f"components: {{schemas: {{{schemas}}}}}\n")
        assert found(problems) == [("unused-keyword", "warning", 3)]

    def test_an_encoding_without_a_property(self, tmp_path: Path) -> None:
        text = HEAD + """paths:
  /a:
    post:
      requestBody:
        content:
          multipart/form-data:
            schema: {allOf: [{$ref: '#/components/schemas/A'}, {properties: {meta: {}}}]}
            encoding:
              file: {contentType: image/png}
              meta: {contentType: application/json}
              fiel: {contentType: image/png}
          application/x-www-form-urlencoded:
            schema: {properties: {a: {}}, additionalProperties: true}
            encoding: {other: {style: form}}
      responses: {'200': {description: ok}}
components: {schemas: {A: {properties: {file: {type: string}}}}}
"""
        problems = checked(tmp_path, text)
        assert found(problems) == [("unused-field", "warning", 13)]
        assert only(problems)[1] == "did you mean 'file'?"


def test_undefined_security_schemes(tmp_path: Path) -> None:
    text = (
        HEAD
        + "security: [{kye: []}]\n"
        + "components: {securitySchemes: {key: {type: http, scheme: basic}}}\n"
    )
    problems = checked(tmp_path, text)
    assert found(problems) == [("undefined-security-scheme", "warning", 3)]
    assert only(problems)[1] == "did you mean 'key'?"


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    text = HEAD + "paths:\n  a: {}\n  /a/{b}: {get: {}}\nsecurity: [{x: []}]\nsecurity: [{x: []}]\n"
    codes = [code for code, _, _ in found(checked(tmp_path, text))]
    assert codes == [
        "bad-path",
        "undeclared-path-parameter",
        "duplicate-key",
        "undefined-security-scheme",
    ]


def test_two_that_say_the_same_of_one_place_are_one(tmp_path: Path) -> None:
    problems = checked(tmp_path, HEAD + "paths: {/a: {get: {respnses: {}}}}\n")
    assert len(problems.located()) == 1
    (problem,) = problems
    problems.add(
        dataclasses.replace(
            problem, pointer=f"{problem.pointer}/..", location=problems.place(problem)
        )
    )
    assert len(problems.located()) == 1
