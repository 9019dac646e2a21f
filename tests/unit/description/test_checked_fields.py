"""Fields with a value of the wrong type, and fields that OpenAPI does not have."""

from __future__ import annotations

from pathlib import Path

import pytest

from unit.description.checked import HEAD, checked, found, only


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("paths: [1]\n", 3),
        ("paths:\n  /a: [1]\n", 4),
        ("paths:\n  /a: {get: text}\n", 4),
        ("paths:\n  /a:\n    get: {parameters: {a: {}}}\n", 5),
        ("paths:\n  /a:\n    get: {responses: [a]}\n", 5),
        ("components: {schemas: {A: 5}}\n", 3),
        ("components: {schemas: [A]}\n", 3),
        ("components: {schemas: {A: {properties: [a]}}}\n", 3),
        ("components: {schemas: {A: {allOf: {a: {}}}}}\n", 3),
        ("servers: {url: /}\n", 3),
        ("paths:\n  /a:\n    get: {tags: a}\n", 5),
        ("components: {schemas: {A: {enum: a}}}\n", 3),
        ("components: {schemas: {A: {type: {}}}}\n", 3),
    ],
)
def test_fields_are_of_the_type_openapi_demands(tmp_path: Path, text: str, line: int) -> None:
    assert found(checked(tmp_path, HEAD + text)) == [("wrong-type", "error", line)]


@pytest.mark.parametrize(
    "text",
    [
        "paths: {/a: {get: {operationId: 1}}}\n",
        "paths: {/a: {get: {summary: [a]}}}\n",
        "paths: {/a: {get: {deprecated: 'yes'}}}\n",
        "components: {parameters: {A: {name: a, in: query, required: 'yes'}}}\n",
        "components: {schemas: {A: {minimum: '1'}}}\n",
        "components: {schemas: {A: {maximum: true}}}\n",
        "components: {schemas: {A: {required: 'yes'}}}\n",
        "components: {schemas: {A: {exclusiveMinimum: 'yes'}}}\n",
        "components: {schemas: {A: {examples: {a: 1}}}}\n",
        "components: {schemas: {A: {type: [string, null]}}}\n",
        "components: {schemas: {A: {type: []}}}\n",
        "components: {schemas: {A: {discriminator: kind}}}\n",
    ],
)
def test_plain_values_of_a_wrong_type_are_ignored(tmp_path: Path, text: str) -> None:
    assert found(checked(tmp_path, HEAD + text)) == [("wrong-type", "warning", 3)]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("pahts: {}\n", "paths"),
        ("paths: {/a: {psot: {}}}\n", "post"),
        ("paths: {/a: {POST: {}}}\n", "post"),
        ("paths: {/a: {get: {reponses: {}}}}\n", "responses"),
        ("paths: {/a: {get: {x-skd: {}}}}\n", "x-sdk"),
        ("paths: {/a: {get: {responses: {default: {contents: {}}}}}}\n", "content"),
        ("components: {schema: {}}\n", "schemas"),
        ("components: {schemas: {A: {propertys: {}}}}\n", "properties"),
        ("components: {schemas: {A: {discriminator: {propertyname: a}}}}\n", "propertyName"),
        ("components: {securitySchemes: {A: {type: http, schema: basic}}}\n", "scheme"),
        ("servers: [{ulr: /}]\n", "url"),
    ],
)
def test_an_unknown_field_has_a_suggestion(tmp_path: Path, text: str, meant: str) -> None:
    problems = checked(tmp_path, HEAD + text)
    assert found(problems) == [("unknown-field", "warning", 3)]
    assert only(problems)[1] == f"did you mean {meant!r}?"


def test_custom_keywords_are_not_misspellings(tmp_path: Path) -> None:
    """JSON Schema allows any keyword, OpenAPI 3.0 does not; extensions are not misspellings."""
    own = "components: {schemas: {A: {myKeyword: 1, x-sdkish-thing: 2, x-desk: 3}}}\n"
    assert found(checked(tmp_path, HEAD + own)) == []
    older = checked(tmp_path, HEAD.replace("3.1.0", "3.0.3") + own)
    assert found(older) == [("unknown-field", "warning", 3)]
    assert only(older)[1] == "an extension begins with 'x-'"


@pytest.mark.parametrize(
    "schema",
    [
        "{type: string, default: 1}",
        "{type: integer, example: a}",
        "{type: integer, default: 1.5}",
        "{type: array, example: {}}",
        "{type: boolean, examples: [true, 'no']}",
        "{type: string, enum: [1, 2]}",
        "{type: [integer, 'null'], default: 'null'}",
    ],
)
def test_values_that_do_not_fit_their_schema(tmp_path: Path, schema: str) -> None:
    problems = checked(tmp_path, HEAD + f"components: {{schemas: {{A: {schema}}}}}\n")
    assert {code for code, _, _ in found(problems)} == {"wrong-value"}
    assert {severity for _, severity, _ in found(problems)} == {"warning"}


def test_values_that_fit_their_schema(tmp_path: Path) -> None:
    schemas = (
        "A: {type: number, default: 1, enum: [1, 1.5]}, B: {type: integer, example: 2.0},"
        " C: {type: [string, 'null'], default: null}, D: {type: string, nullable: true,"
        " default: null, enum: [a, null]}, E: {default: {}}, F: {type: string, format: date,"
        " example: 2020-01-01}, G: {type: any, default: 1}"
    )
    problems = checked(tmp_path, HEAD + f"components: {{schemas: {{{schemas}}}}}\n")
    assert [code for code, _, _ in found(problems)] == ["unknown-type"]


def test_what_an_sdk_does_not_need_may_be_wrong(tmp_path: Path) -> None:
    text = HEAD + "components: {responses: {A: {description: a, links: [1]}}}\n"
    assert found(checked(tmp_path, text)) == [("wrong-type", "warning", 3)]


def test_a_missing_value_counts_as_empty(tmp_path: Path) -> None:
    text = (
        HEAD + "paths:\n  /a:\n    get:\n      parameters:\n      responses:\n  /b:\ncomponents:\n"
    )
    assert found(checked(tmp_path, text)) == []
