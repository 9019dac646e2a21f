"""The vocabulary of `x-sdk`, and the messages about values outside of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from specloom.description import xsdk
from specloom.description.load import load
from specloom.errors import Problems

HEAD = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n"
PLACES = ("root", "operation", "parameter", "schema")


def validated(folder: Path, text: str) -> Problems:
    (folder / "a.yaml").write_text(HEAD + text, encoding="utf-8")
    problems = Problems()
    xsdk.validate(load(folder / "a.yaml", problems=problems), problems)
    return problems


def found(problems: Problems) -> list[tuple[str, int]]:
    return [(problem.code, at.line) for at, problem in problems.located()]


WHOLE = """
x-sdk:
  package: assistants_sdk
  client: Assistants
  version: 0.1.0
  resources: paths
  environment: {api_key: [ONE, TWO], base_url: [THREE]}
  log_environment: LOG
  headers: {openai-beta: v1}
  pagination:
    cursor:
      style: cursor
      items: data
      has_more: has_more
      parameter: after
      cursor: last_id
      previous: {parameter: before, cursor: first_id}
      limit: limit
  mixins: {client: lib.a.B, resources: {a.b: lib.C}, streams: {S: lib.d.e.F}}
  idempotency_header: Idempotency-Key
  errors: {message: /error/message, code: /error/code, param: /error/param, type: /error/type}
paths:
  /a:
    get:
      operationId: old
      deprecated: true
      x-sdk: {resource: a.b, method: list, pagination: cursor, replaced_by: new}
      parameters: [{name: OpenAI-Beta, in: header, x-sdk: {name: beta}}]
    post:
      operationId: new
      x-sdk:
        pagination: false
        stream:
          {when: s, events: {$ref: '#/components/schemas/A'}, done: '[DONE]', error: e, class: S}
components:
  schemas: {A: {x-sdk: {name: Better}, properties: {a: {x-sdk: {name: b}}, x-sdk: {type: string}}}}
"""


def test_everything_that_may_be_said(tmp_path: Path) -> None:
    assert found(validated(tmp_path, WHOLE)) == []


def test_without_x_sdk_nothing_is_read(tmp_path: Path) -> None:
    assert found(validated(tmp_path, "paths: {}")) == []


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("x-sdk: {pakage: a}", "unknown-x-sdk-key", "did you mean 'package'?"),
        ("x-sdk: {zzz: a}", "unknown-x-sdk-key", "known here: package, client"),
        ("x-sdk: {environment: {key: [A]}}", "unknown-x-sdk-key", "api_key"),
        ("x-sdk: text", "bad-x-sdk", 'found "text"'),
        ("x-sdk: {package: My-Sdk}", "bad-x-sdk", "a module name in snake case"),
        ("x-sdk: {client: lower}", "bad-x-sdk", "Pascal"),
        ("x-sdk: {version: 0.1}", "bad-x-sdk", "a version in quotes"),
        ("x-sdk: {resources: path}", "bad-x-sdk", 'expected paths or tags, found "path"'),
        ("x-sdk: {environment: {api_key: A}}", "bad-x-sdk", "expected a list"),
        ("x-sdk: {environment: {api_key: [A B]}}", "bad-x-sdk", "environment variable"),
        ("x-sdk: {headers: {A: 1}}", "bad-x-sdk", "expected text, found 1"),
        ("x-sdk: {errors: {message: error.message}}", "bad-x-sdk", "a JSON pointer"),
        ("x-sdk: {mixins: {client: B}}", "bad-x-sdk", "a class below the package"),
        ("x-sdk: {mixins: {models: {A: lib.B}}}", "unknown-x-sdk-key", "client, resources"),
        ("x-sdk: {pagination: {a: {items: data}}}", "bad-x-sdk", "'style' is missing"),
        ("x-sdk: {headers: {OpenAI-Bta: v1}}", "bad-x-sdk", "no header parameter"),
        ("paths: {/a: {get: {x-sdk: {pagination: 1}}}}", "bad-x-sdk", "true or false, found 1"),
        ("paths: {/a: {get: {x-sdk: {pagination: x}}}}", "bad-x-sdk", "no pagination scheme"),
        ("paths: {/a: {get: {x-sdk: {replaced_by: x}}}}", "bad-x-sdk", "no operation"),
        ("paths: {/a: {get: {x-sdk: {resource: a/b}}}}", "bad-x-sdk", "joined by dots"),
        ("paths: {/a: {get: {x-sdk: {method: 1}}}}", "bad-x-sdk", "found 1"),
        ("paths: {/a: {get: {x-sdk: {name: a}}}}", "unknown-x-sdk-key", "resource"),
        ("components: {schemas: {A: {x-sdk: {nmae: B}}}}", "unknown-x-sdk-key", "'name'"),
        ("paths: {/a: {x-sdk: {resource: a}}}", "misplaced-x-sdk", "path item"),
        ("tags: [{name: a, x-sdk: {}}]", "misplaced-x-sdk", "tag"),
    ],
)
def test_what_is_refused(tmp_path: Path, text: str, code: str, said: str) -> None:
    problems = validated(tmp_path, text)
    assert found(problems)[0] == (code, 3)
    assert any(said in f"{problem.message} {problem.hint}" for problem in problems)


def test_the_place_is_that_of_the_key(tmp_path: Path) -> None:
    text = "x-sdk:\n  client: A\n  environment:\n    api_key:\n      - A\n      - 2\n  pakage: a\n"
    assert found(validated(tmp_path, text)) == [("bad-x-sdk", 8), ("unknown-x-sdk-key", 9)]


class TestSchema:
    """The schema file is a valid schema, and our validator agrees with a full one."""

    def test_is_valid_2020_12(self) -> None:
        jsonschema.Draft202012Validator.check_schema(xsdk.vocabulary())
        assert set(PLACES) <= set(xsdk.vocabulary()["$defs"])

    def test_every_key_is_described(self) -> None:
        def undescribed(schema: Any, path: str) -> list[str]:
            inner = schema.get("properties", {})
            bare = [f"{path}.{key}" for key, value in inner.items() if "description" not in value]
            return bare + [
                one for key, value in inner.items() for one in undescribed(value, f"{path}.{key}")
            ]

        for name, schema in xsdk.vocabulary()["$defs"].items():
            assert "description" in schema, name
            assert undescribed(schema, name) == []

    @pytest.mark.parametrize("place", PLACES)
    @given(data=st.data())
    def test_agrees_with_a_full_validator(self, place: str, data: st.DataObject) -> None:
        schema = xsdk.vocabulary()
        value = data.draw(values(schema["$defs"][place]))
        whole = {"$schema": schema["$schema"], "$defs": schema["$defs"], "$ref": f"#/$defs/{place}"}
        expected = jsonschema.Draft202012Validator(whole).is_valid(value)
        ours = list(xsdk._faults(schema["$defs"][place], value, "a.yaml#"))
        assert (ours == []) == expected, json.dumps(value)


SCALARS: st.SearchStrategy[Any] = st.sampled_from(
    ["", "a", "a_b", "A", "a.b", "/a", "1.0", "tags", "cursor", 1, 0.5, True, False, None, [], {}]
)


def values(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that almost fit a schema."""
    schema = xsdk._resolved(schema)
    if "anyOf" in schema or "enum" in schema:
        return SCALARS
    if schema["type"] == "object":
        fields = {key: values(inner) for key, inner in schema.get("properties", {}).items()}
        others = schema.get("additionalProperties")
        if isinstance(others, dict):
            fields["anything"] = values(others)
        whole = st.fixed_dictionaries({}, optional={**fields, "zzz": SCALARS})
        return st.one_of(whole, st.fixed_dictionaries(fields), SCALARS)
    if schema["type"] == "array":
        return st.one_of(st.lists(values(schema["items"]), max_size=2), SCALARS)
    return SCALARS
