"""The REST reading of a path, and the names of operations that nobody named well."""

from __future__ import annotations

import pytest

from specloom.ir.words import snake
from specloom.lower.places import PathReading, by_tag, operation_words

PATHS = {
    "/threads": {"post"},
    "/threads/{thread_id}": {"get", "post", "delete"},
    "/threads/{thread_id}/runs": {"get", "post"},
    "/threads/{thread_id}/runs/{run_id}": {"get", "post"},
    "/threads/{thread_id}/runs/{run_id}/cancel": {"post"},
    "/threads/{thread_id}/runs/{run_id}/steps": {"get"},
    "/v1/users/{id}/settings": {"get", "put"},
    "/things/{id}": {"put", "patch"},
}


@pytest.mark.parametrize(
    ("method", "path", "place"),
    [
        ("post", "/threads", "threads.create"),
        ("get", "/threads/{thread_id}", "threads.retrieve"),
        ("post", "/threads/{thread_id}", "threads.update"),
        ("delete", "/threads/{thread_id}", "threads.delete"),
        ("get", "/threads/{thread_id}/runs", "threads.runs.list"),
        ("post", "/threads/{thread_id}/runs", "threads.runs.create"),
        ("get", "/threads/{thread_id}/runs/{run_id}", "threads.runs.retrieve"),
        ("post", "/threads/{thread_id}/runs/{run_id}/cancel", "threads.runs.cancel"),
        ("get", "/v1/users/{id}/settings", "users.settings.retrieve"),
        ("put", "/v1/users/{id}/settings", "users.settings.update"),
        ("patch", "/things/{id}", "things.update"),
        ("put", "/things/{id}", "things.replace"),
    ],
)
def test_reads_paths_as_rest(method: str, path: str, place: str) -> None:
    found = PathReading(PATHS).place(method, path, returns_list=False)
    assert ".".join(map(snake, (*found.resource, found.method))) == place


def test_a_list_without_items_below_is_a_list_by_what_it_returns() -> None:
    found = PathReading(PATHS).place(
        "get", "/threads/{thread_id}/runs/{run_id}/steps", returns_list=True
    )
    assert found.method == ("list",)


@pytest.mark.parametrize(
    ("operation_id", "method", "path", "name"),
    [
        ("listRunSteps", "get", "/x", "list_run_steps"),
        ("read_items_items__item_id__get", "get", "/items/{item_id}", "read_items"),
        ("create_item_items__post", "post", "/items/", "create_item"),
        (None, "get", "/pets/{petId}", "get_pets_by_pet_id"),
        ("", "post", "/", "post"),
    ],
)
def test_names_operations(operation_id: str | None, method: str, path: str, name: str) -> None:
    assert snake(operation_words(operation_id, method, path)) == name


def test_operations_without_a_tag_share_a_resource() -> None:
    assert by_tag(None, ("ping",)).resource == (("default",),)
    assert by_tag("Pet Store", ("ping",)).resource == (("Pet", "Store"),)
