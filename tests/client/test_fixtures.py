"""The recorded exchanges are complete and contain no secrets."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from support.described import operation, operations, resolve, success
from support.fixtures import FOLDER, RECORD_COMMAND, REDACTED, Fixture, load, unrecorded

FIXTURES = load()
STREAM = "text/event-stream"
STREAMING = ("createRun", "createThreadAndRun", "submitToolOuputsToRun")
NAMED_VARIANTS = [
    ("type", "code_interpreter"),
    ("type", "retrieval"),
    ("type", "function"),
    ("status", "requires_action"),
    ("status", "failed"),
    ("type", "image_file"),
    ("type", "file_citation"),
    ("type", "file_path"),
    ("type", "message_creation"),
    ("type", "tool_calls"),
]


def from_source(source: str) -> list[Fixture]:
    return [fixture for fixture in FIXTURES if fixture.source == source]


def members(value: Any) -> Iterator[tuple[str, Any]]:
    """Every name and value of every object inside a value."""
    if isinstance(value, dict):
        yield from value.items()
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, (dict, list)):
            yield from members(inner)


def test_every_operation_is_recorded() -> None:
    assert not unrecorded(list(operations()), FIXTURES)


def test_an_operation_without_a_fixture_has_a_hint() -> None:
    recorded = {fixture.operation for fixture in FIXTURES}
    message = unrecorded([*recorded, "archiveThread"], FIXTURES)
    assert message == f"No fixture for archiveThread: run `{RECORD_COMMAND}`"


def test_every_example_of_the_description_is_recorded() -> None:
    recorded = {(each.operation, each.variant) for each in from_source("prism")}
    for name in operations():
        for prefix, media_type in (("", "application/json"), ("stream_", STREAM)):
            for example in success(name, media_type).get("examples", {}):
                assert (name, prefix + example) in recorded


def test_every_example_of_a_request_is_sent() -> None:
    """An optional body without arguments is not sent."""
    sent = [(each.operation, each.request.body) for each in FIXTURES]
    for name in operations():
        content = operation(name).get("requestBody", {}).get("content", {})
        for example in content.get("application/json", {}).get("examples", {}).values():
            assert (name, resolve(example)["value"] or None) in sent


@pytest.mark.parametrize(("name", "value"), NAMED_VARIANTS)
def test_every_variant_is_recorded(name: str, value: str) -> None:
    found = (each for each in from_source("prism") if each.response.json is not None)
    assert any((name, value) in members(each.response.json) for each in found)


@pytest.mark.parametrize("name", [name for name in operations() if name.startswith("list")])
def test_a_first_a_second_and_an_empty_page_are_recorded(name: str) -> None:
    pages = {each.variant: each for each in from_source("prism") if each.operation == name}
    assert pages["first_page"].response.json["has_more"] is True
    after = ["after", pages["first_page"].response.json["last_id"]]
    assert after in pages["second_page"].request.query
    assert pages["empty"].response.json["data"] == []


@pytest.mark.parametrize("name", STREAMING)
def test_every_streaming_operation_is_recorded(name: str) -> None:
    assert any(each.operation == name and each.response.is_stream for each in from_source("prism"))


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500])
def test_every_declared_error_is_recorded(status: int) -> None:
    found = [each for each in from_source("prism") if each.response.status == status]
    assert found
    if status == 429:
        assert all("retry-after" in each.response.headers for each in found)


def test_every_source_is_there() -> None:
    counts = Counter(each.source for each in FIXTURES)
    assert {"prism", "fakeai", "synthetic"} <= set(counts)


def test_fakeai_speaks_a_later_version() -> None:
    bodies = [each.response.json or {} for each in from_source("fakeai")]
    names = {name for name, _ in members(bodies)}
    assert {"top_p", "tool_resources", "parallel_tool_calls"} <= names


@pytest.mark.parametrize("fixture", FIXTURES, ids=str)
def test_it_contains_no_secret_and_no_local_path(fixture: Fixture) -> None:
    text = (FOLDER / fixture.path).read_text(encoding="utf-8")
    assert set(re.findall(r"Bearer (\w+)", text)) == {REDACTED}
    for pattern in (r"\bsk-\w", r"localhost", r"127\.0\.0\.1", r"/home/", r"/tmp/", r"\bdate\b"):
        assert not re.search(pattern, text, re.IGNORECASE), pattern
