"""Schemas from samples."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from specloom.authoring.infer import Inference, Noted, looks_like_id

INFERENCE = Inference("3.1", owner="widget")


def one(value: Any, name: str = "x") -> Any:
    return INFERENCE.schema([value], name)


@pytest.mark.parametrize(
    ("name", "value", "schema"),
    [
        ("x", True, {"type": "boolean"}),
        ("x", 1, {"type": "integer"}),
        ("x", 1.5, {"type": "number"}),
        ("x", "a", {"type": "string"}),
        ("created_at", 1714546800, {"description": "In Unix seconds.", "type": "integer"}),
        ("updatedTime", 1714546800123, {"description": "In Unix milliseconds.", "type": "integer"}),
        ("count", 1714546800, {"type": "integer"}),
        ("x", "2024-05-01T10:00:00Z", {"type": "string", "format": "date-time"}),
        ("x", "2024-05-01T10:00:00.5+02:00", {"type": "string", "format": "date-time"}),
        ("x", "2024-05-01T10:00:00", {"type": "string"}),
        ("x", "2024-05-01", {"type": "string", "format": "date"}),
        ("x", "2024-13-01", {"type": "string"}),
        ("x", "https://a.b/c", {"type": "string", "format": "uri"}),
        ("id", "w_1", {"description": "Id of the widget.", "type": "string"}),
        ("thread_id", "t", {"description": "Id of the thread.", "type": "string"}),
        ("object", "thread.run", {"type": "string", "const": "thread.run"}),
        ("type", "function", {"type": "string"}),
    ],
)
def test_one_value(name: str, value: Any, schema: dict[str, Any]) -> None:
    assert one(value, name) == schema


def test_null_beside_a_value_and_alone() -> None:
    assert INFERENCE.schema(["a", None], "x") == {"type": ["string", "null"]}
    assert INFERENCE.schema([None], "x") == {}
    assert isinstance(INFERENCE.schema([None], "x"), Noted)
    old = Inference("3.0")
    assert old.schema(["a", None], "x") == {"type": "string", "nullable": True}
    assert old.schema(["a"], "object") == {"type": "string", "enum": ["a"]}


def test_what_is_in_every_sample_is_required() -> None:
    schema = INFERENCE.schema([{"a": 1, "b": 1}, {"a": 2.5}])
    assert schema == {
        "type": "object",
        "required": ["a"],
        "properties": {"a": {"type": "number"}, "b": {"type": "integer"}},
    }


def test_the_id_in_a_named_object_is_of_that_object() -> None:
    schema = one({"id": "a1", "owner": {"id": "b"}, "tags": [{"id": "c"}]}, "")
    described = schema["properties"]
    assert described["id"]["description"] == "Id of the widget."
    assert described["owner"]["properties"]["id"]["description"] == "Id of the owner."
    assert described["tags"]["items"]["properties"]["id"]["description"] == "Id of the tag."


def test_few_words_seen_often_are_an_enum() -> None:
    states = ["queued", "completed", "queued", "completed", "queued", "failed"]
    schema = INFERENCE.schema(states, "status")
    assert schema == {"type": "string", "enum": ["completed", "failed", "queued"]}
    assert isinstance(schema, Noted)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("status", ["a", "b", "a", "b"]),  # too few
        ("status", ["a", "b", "c", "d", "e", "f"]),  # all different
        ("name", ["Ann", "Bo"] * 5),
        ("owner_id", ["ab", "cd"] * 5),
        ("text", ["two words", "three more words"] * 5),
        ("api_key", ["alpha", "beta"] * 5),
    ],
)
def test_other_text_is_not_an_enum(name: str, values: list[str]) -> None:
    assert "enum" not in INFERENCE.schema(values, name)


def test_credentials_never_become_constants() -> None:
    inference = Inference("3.1", secrets={"hunter22"})
    for value in ("sk-abcdefgh1234", "hunter22", "ghp_abcdefghijkl"):
        assert inference.schema([value], "object") == {"type": "string"}


def test_keys_that_are_data_make_a_map() -> None:
    schema = one({"w_12345": 1, "w_67890": 2})
    assert schema == {"type": "object", "additionalProperties": {"type": "integer"}}


@pytest.mark.parametrize("value", [[], {}, [[]], {"a": {}}])
def test_what_is_empty_is_left_to_a_person(value: Any) -> None:
    def noted(schema: Any) -> bool:
        inner = schema.values() if isinstance(schema, dict) else ()
        return isinstance(schema, Noted) or any(map(noted, inner))

    assert noted(one(value))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["id", "object", "created_at", "a", "b_id"]), inner),
    max_leaves=8,
)


@given(st.lists(json_values, min_size=1, max_size=8))
def test_every_sample_fits_the_schema(samples: list[Any]) -> None:
    validator = Draft202012Validator(INFERENCE.schema(samples))
    for sample in samples:
        validator.validate(sample)


@pytest.mark.parametrize(
    "text",
    [
        "42",
        "asst_abc123",
        "file-Qm4TzB8vKd2XwRn6LcJy0HsP",
        "6f1e1f6a-9a1e-4f2c-8b2e-0d9c3c1a2b3c",
        "507f1f77bcf86cd799439011",
        "01HV8Z5Y6K3M4N5P6Q7R8S9T0V",
        "ann@example.com",
        "msg_AbCdEfGhIj",
        "bot110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
    ],
)
def test_ids(text: str) -> None:
    assert looks_like_id(text)


@pytest.mark.parametrize(
    "text",
    [
        "assistants",
        "v1",
        "2010-04-01",
        "step_details",
        "code_interpreter",
        "me",
        "oauth2",
        "",
        "chat-completions-v2",
    ],
)
def test_words(text: str) -> None:
    assert not looks_like_id(text)
