"""The description the project ships: its surface, and that its examples are true to its schemas.

Everything is read from ``spec/assistants.yaml`` with PyYAML and checked with jsonschema (Draft
2020-12, the dialect of OpenAPI 3.1), so that nothing of specloom is needed to trust the result.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

DESCRIPTION = Path(__file__).parents[3] / "spec" / "assistants.yaml"
JSON = "application/json"
EVENTS = "text/event-stream"
BASE = "urn:assistants"

# operationId → method and path of the API (one is misspelt there); added endpoints are not listed.
SURFACE = {
    "listAssistants": "GET /assistants",
    "createAssistant": "POST /assistants",
    "getAssistant": "GET /assistants/{assistant_id}",
    "modifyAssistant": "POST /assistants/{assistant_id}",
    "deleteAssistant": "DELETE /assistants/{assistant_id}",
    "listAssistantFiles": "GET /assistants/{assistant_id}/files",
    "createAssistantFile": "POST /assistants/{assistant_id}/files",
    "getAssistantFile": "GET /assistants/{assistant_id}/files/{file_id}",
    "deleteAssistantFile": "DELETE /assistants/{assistant_id}/files/{file_id}",
    "createThread": "POST /threads",
    "getThread": "GET /threads/{thread_id}",
    "modifyThread": "POST /threads/{thread_id}",
    "deleteThread": "DELETE /threads/{thread_id}",
    "createThreadAndRun": "POST /threads/runs",
    "listMessages": "GET /threads/{thread_id}/messages",
    "createMessage": "POST /threads/{thread_id}/messages",
    "getMessage": "GET /threads/{thread_id}/messages/{message_id}",
    "modifyMessage": "POST /threads/{thread_id}/messages/{message_id}",
    "listMessageFiles": "GET /threads/{thread_id}/messages/{message_id}/files",
    "getMessageFile": "GET /threads/{thread_id}/messages/{message_id}/files/{file_id}",
    "listRuns": "GET /threads/{thread_id}/runs",
    "createRun": "POST /threads/{thread_id}/runs",
    "getRun": "GET /threads/{thread_id}/runs/{run_id}",
    "modifyRun": "POST /threads/{thread_id}/runs/{run_id}",
    "cancelRun": "POST /threads/{thread_id}/runs/{run_id}/cancel",
    "submitToolOuputsToRun": "POST /threads/{thread_id}/runs/{run_id}/submit_tool_outputs",
    "listRunSteps": "GET /threads/{thread_id}/runs/{run_id}/steps",
    "getRunStep": "GET /threads/{thread_id}/runs/{run_id}/steps/{step_id}",
}
STREAMING = {"createRun", "createThreadAndRun", "submitToolOuputsToRun"}
# These name no object that could be missing.
NEVER_NOT_FOUND = {"listAssistants", "createAssistant", "createThread"}


class Body(NamedTuple):
    """A request or response body of an operation: one media type with its schema and examples."""

    operation: str
    place: str
    media_type: str
    content: dict[str, Any]


class NamedExample(NamedTuple):
    """One named example, with the schema it has to fit."""

    label: str
    schema: dict[str, Any]
    value: Any


@cache
def document() -> dict[str, Any]:
    text = DESCRIPTION.read_text(encoding="utf-8")
    return dict(yaml.load(text, Loader=yaml.CSafeLoader))


def resolve(node: dict[str, Any]) -> dict[str, Any]:
    """The object a ``$ref`` leads to; the object itself where there is none."""
    while "$ref" in node:
        target: Any = document()
        for token in node["$ref"].removeprefix("#/").split("/"):
            target = target[token]
        node = target
    return node


def operations() -> Iterator[tuple[str, str, dict[str, Any], list[dict[str, Any]]]]:
    """Every operation of the API: method, path, the operation, and its resolved parameters."""
    for operation_id, place in SURFACE.items():
        method, path = place.split()
        item = document()["paths"][path]
        operation = item[method.lower()]
        assert operation["operationId"] == operation_id
        declared = [*item["parameters"], *operation.get("parameters", [])]
        yield method, path, operation, [resolve(entry) for entry in declared]


def bodies() -> Iterator[Body]:
    """Every body of the API's operations."""
    for _, _, operation, _ in operations():
        yield from bodies_of(operation)


def all_bodies() -> Iterator[Body]:
    """Every body that is described, also of operations that were added."""
    for item in document()["paths"].values():
        for method, operation in item.items():
            if method != "parameters":
                yield from bodies_of(operation)


def bodies_of(operation: dict[str, Any]) -> Iterator[Body]:
    name = operation["operationId"]
    request = operation.get("requestBody", {})
    for media_type, content in request.get("content", {}).items():
        yield Body(name, "request", media_type, content)
    for status, response in operation["responses"].items():
        for media_type, content in resolve(response).get("content", {}).items():
            yield Body(name, status, media_type, content)


def examples(media_type: str) -> list[NamedExample]:
    return [
        NamedExample(f"{body.operation}-{body.place}-{name}", body.content["schema"], value)
        for body in all_bodies()
        if body.media_type == media_type
        for name, example in body.content.get("examples", {}).items()
        for value in [resolve(example)["value"]]
    ]


@cache
def registry() -> Registry[Any]:
    resource = DRAFT202012.create_resource(document())
    filled: Registry[Any] = Registry().with_resource(BASE, resource)
    return filled


def complaints(schema: dict[str, Any], value: Any) -> list[str]:
    """What jsonschema finds wrong with a value; ``schema`` may refer into the document."""
    absolute = {"$ref": BASE + schema["$ref"]} if "$ref" in schema else schema
    validator = Draft202012Validator(absolute, registry=registry())
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def events(stream: str) -> list[dict[str, Any]]:
    """The events of a stream's text; the payload ``[DONE]`` is not JSON."""
    assert stream.endswith("\n\n"), "an event counts only once a blank line follows it"
    found = []
    for block in stream.removesuffix("\n\n").split("\n\n"):
        event, data = block.split("\n")
        payload = data.removeprefix("data: ")
        found.append(
            {
                "event": event.removeprefix("event: "),
                "data": payload if payload == "[DONE]" else json.loads(payload),
            }
        )
    return found


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every JSON object inside a value, the value included."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from objects(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from objects(inner)


def shown_objects() -> Iterator[dict[str, Any]]:
    for example in examples(JSON):
        yield from objects(example.value)
    for example in examples(EVENTS):
        yield from objects(events(example.value))


def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = document()["components"]["schemas"][name]
    return found


def test_has_the_operations_of_the_api() -> None:
    assert len(list(operations())) == 28


@pytest.mark.parametrize("name", document()["components"]["schemas"])
def test_schema_is_a_json_schema(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))


@pytest.mark.parametrize("example", examples(JSON), ids=lambda example: example.label)
def test_example_is_valid(example: NamedExample) -> None:
    assert complaints(example.schema, example.value) == []


@pytest.mark.parametrize("example", examples(EVENTS), ids=lambda example: example.label)
def test_events_of_a_stream_are_valid(example: NamedExample) -> None:
    for event in events(example.value):
        assert complaints(example.schema, event) == []


@pytest.mark.parametrize("example", examples(EVENTS), ids=lambda example: example.label)
def test_stream_ends_with_done_or_error(example: NamedExample) -> None:
    names = [event["event"] for event in events(example.value)]
    assert names[-1] in {"done", "error"}
    assert not {"done", "error"} & set(names[:-1])


@pytest.mark.parametrize(
    "body", list(bodies()), ids=lambda body: f"{body.operation}-{body.place}-{body.media_type}"
)
def test_every_body_has_examples(body: Body) -> None:
    assert body.content["examples"]
    for example in body.content["examples"].values():
        assert resolve(example)["summary"]


def test_every_declared_response_has_a_body() -> None:
    for _, _, operation, _ in operations():
        for response in operation["responses"].values():
            assert resolve(response)["content"]


def test_every_component_example_is_used() -> None:
    used = {
        example["$ref"].rpartition("/")[2]
        for body in all_bodies()
        for example in body.content.get("examples", {}).values()
        if "$ref" in example
    }
    assert used == set(document()["components"]["examples"])


def test_every_operation_declares_the_errors() -> None:
    for _, _, operation, _ in operations():
        expected = {"200", "400", "401", "404", "429", "500"}
        if operation["operationId"] in NEVER_NOT_FOUND:
            expected -= {"404"}
        assert set(operation["responses"]) == expected
        for status in expected - {"200"}:
            content = resolve(operation["responses"][status])["content"][JSON]
            assert content["schema"] == {"$ref": "#/components/schemas/ErrorResponse"}
        assert "Retry-After" in resolve(operation["responses"]["429"])["headers"]


def test_the_streaming_operations_declare_their_stream() -> None:
    streaming = {}
    for _, _, operation, _ in operations():
        if EVENTS in operation["responses"]["200"]["content"]:
            streaming[operation["operationId"]] = operation["x-sdk"]["stream"]
    assert set(streaming) == STREAMING
    wanted = {"when": "stream", "done": "[DONE]", "error": "error", "class": "RunStream"}
    assert all(stream == wanted for stream in streaming.values())


def test_every_list_declares_its_pages() -> None:
    for _, _, operation, parameters in operations():
        is_list = operation["operationId"].startswith("list")
        assert (operation.get("x-sdk", {}).get("pagination") == "cursor") is is_list
        if is_list:
            names = {parameter["name"] for parameter in parameters}
            assert {"limit", "order", "after", "before"} <= names


def test_every_list_shows_a_first_a_second_and_an_empty_page() -> None:
    for body in bodies():
        if body.operation.startswith("list") and body.place == "200":
            pages = {k: resolve(v)["value"] for k, v in body.content["examples"].items()}
            assert pages["first_page"]["has_more"] is True
            assert pages["second_page"]["has_more"] is False
            assert pages["empty"]["data"] == []
            for page in pages.values():
                ids = [entry["id"] for entry in page["data"]] or [None]
                assert (page["first_id"], page["last_id"]) == (ids[0], ids[-1])


def test_parameters_are_declared_described_and_exemplified() -> None:
    for _, path, _, parameters in operations():
        in_path = {p["name"] for p in parameters if p["in"] == "path"}
        assert in_path == {part[1:-1] for part in path.split("/") if part.startswith("{")}
        assert [p["name"] for p in parameters if p["in"] == "header"] == ["OpenAI-Beta"]
        for parameter in parameters:
            assert parameter["description"].strip()
            assert complaints(parameter["schema"], parameter["example"]) == []


def test_the_beta_header_is_bound() -> None:
    parameter = document()["components"]["parameters"]["OpenAIBeta"]
    bound = document()["x-sdk"]["headers"]["OpenAI-Beta"]
    assert parameter["schema"]["const"] == bound == "assistants=v1"


def test_no_sentence_is_empty() -> None:
    for _, _, operation, _ in operations():
        assert operation["summary"].strip()
        assert operation["description"].strip()
    for name in document()["components"]["schemas"]:
        assert schema(name).get("description", "").strip(), f"describe the schema {name}"
    for entry in objects(document()):
        for key in ("summary", "description"):
            if isinstance(entry.get(key), str):
                assert entry[key].strip(), entry


def test_every_property_is_described_by_itself_or_by_its_type() -> None:
    for name in document()["components"]["schemas"]:
        for wire_name, prop in schema(name).get("properties", {}).items():
            is_tag = "const" in prop  # its one value says it all
            is_described = is_tag or prop.get("description") or resolve(prop).get("description")
            assert is_described, f"describe {wire_name} of {name}"


def test_sdk_names_are_given_once() -> None:
    names = [
        schema(name).get("x-sdk", {}).get("name", name)
        for name in document()["components"]["schemas"]
    ]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("kind", "statuses"),
    [
        ("thread.run", "RunStatus"),
        ("thread.run.step", "RunStepStatus"),
        ("thread.message", "MessageStatus"),
    ],
)
def test_examples_show_every_status(kind: str, statuses: str) -> None:
    shown = {entry["status"] for entry in shown_objects() if entry.get("object") == kind}
    assert shown == set(schema(statuses)["enum"])


def test_a_run_is_shown_in_every_status_under_its_name() -> None:
    (body,) = (body for body in bodies() if body.operation == "getRun" and body.place == "200")
    shown = {name: resolve(node)["value"] for name, node in body.content["examples"].items()}
    for status in schema("RunStatus")["enum"]:
        assert shown[status]["status"] == status


@pytest.mark.parametrize(
    "union",
    [name for name in document()["components"]["schemas"] if "discriminator" in schema(name)],
)
def test_examples_show_every_variant(union: str) -> None:
    members = [member["$ref"].rpartition("/")[2] for member in schema(union)["oneOf"]]
    tag = schema(union)["discriminator"]["propertyName"]
    candidates = [entry for entry in shown_objects() if tag in entry]
    for name in members:
        reference = {"$ref": f"#/components/schemas/{name}"}
        assert any(not complaints(reference, entry) for entry in candidates), name


@pytest.mark.parametrize(
    "union",
    [name for name in document()["components"]["schemas"] if "discriminator" in schema(name)],
)
def test_discriminator_maps_each_tag_to_the_member_that_has_it(union: str) -> None:
    declared = schema(union)["discriminator"]
    tags = {}
    for member in schema(union)["oneOf"]:
        tag = resolve(member)["properties"][declared["propertyName"]]
        tags[tag["const"]] = member["$ref"]
    assert declared["mapping"] == tags


def test_examples_show_every_way_to_choose_tools_formats_and_truncation() -> None:
    shown = list(shown_objects())

    def values(key: str) -> set[str]:
        found = {json.dumps(entry[key]) for entry in shown if key in entry}
        return {json.loads(v)["type"] if v.startswith("{") else json.loads(v) for v in found}

    assert values("tool_choice") >= {"none", "auto", "function", "code_interpreter"}
    assert values("response_format") >= {"auto", "text", "json_object"}
    assert values("truncation_strategy") >= {"auto", "last_messages"}


def test_annotations_mark_the_text_they_stand_in() -> None:
    marked = 0
    for entry in shown_objects():
        if entry.keys() == {"value", "annotations"}:
            for annotation in entry["annotations"]:
                if "index" in annotation:  # in a delta, positions count from the whole text
                    continue
                marked += 1
                span = slice(annotation["start_index"], annotation["end_index"])
                assert entry["value"][span] == annotation["text"]
    assert marked >= 2
