"""Words of operationIds, and places by tags."""

from __future__ import annotations

import pytest

from specloom.ir.words import snake
from specloom.lower.places import Facts, operation_words, read_places
from specloom.lower.placing import tag_places


def test_the_service_of_dotted_ids_is_left_out() -> None:
    ids = ("gmail.users.stop", "gmail.users.messages.list")
    found = read_places([Facts("post", f"/{one}", one) for one in ids])
    addresses = [".".join(map(snake, (*one[0].resource, one[0].method))) for one in found]
    assert addresses == ["users.stop", "users.messages.list"]


def test_tags_are_not_repeated_in_the_method() -> None:
    operations = [
        Facts("get", "/i", "issues/list-for-repo", "issues"),
        Facts("get", "/u", "listUsers", "Users"),
        Facts("get", "/orders", "allOrders", ""),
    ]
    found = [places[0] for places in tag_places(operations)]
    assert [".".join(map(snake, (*one.resource, one.method))) for one in found] == [
        "issues.list_for_repo",
        "users.list",
        "orders.list",
    ]


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
def test_names_an_operation(operation_id: str | None, method: str, path: str, name: str) -> None:
    assert snake(operation_words(operation_id, method, path)) == name
