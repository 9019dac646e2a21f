"""Locked names are compared by words: another spelling in Python is the same name."""

from __future__ import annotations

import pytest

from specloom import ir
from specloom.ir.names_lock import Entry, Lock
from specloom.ir.words import split_words
from specloom.lower.places import Place
from specloom.lower.placing import Explicit, LockedPlaces

DERIVED = Place((("threads",),), ("create",))


def placed(locked: str, method: str | None = None) -> tuple[Place, list[str]]:
    """The place of the operation that the lock has at ``locked``, and its former methods."""
    pointer = "openapi.yaml#/paths/~1a/get"
    operation = ir.Operation("make", pointer, "GET", "/a", (), ("make",), (), None, ())
    lock = Lock(operations={"GET /a": Entry(locked)})
    places = LockedPlaces(lock, "1.2.0", [DERIVED])
    explicit = Explicit(None, split_words(method) if method else None)
    place = places.place(operation, DERIVED, explicit)
    return place, ["_".join(former.name) for _, former in places.former]


@pytest.mark.parametrize(
    ("locked", "method"),
    [("threads.create", "create"), ("threads.create_2", "create"), ("threads.import_", "import"),
     ("threads.n200_ok", "200 OK"), ("threads.http_error", "HTTPError"), ("threads.add", None)],
)  # fmt: skip
def test_another_spelling_in_x_sdk_is_not_a_new_name(locked: str, method: str | None) -> None:
    place, former = placed(locked, method)

    assert place.method == split_words(locked.rpartition(".")[2])
    assert former == []


def test_a_locked_resource_keeps_the_digit_that_its_name_began_with() -> None:
    place, _ = placed("n1st.create")
    assert place.resource == (("n1st",),)


@pytest.mark.parametrize("locked", ["threads.add", "messages.create", "threads.create_all"])
def test_another_name_is_left_behind(locked: str) -> None:
    place, former = placed(locked, "create")

    assert place.method == ("create",)
    assert former == ([] if locked == "messages.create" else [locked.rpartition(".")[2]])
