"""What the data of an SDK is made of, and what stands in for ``functools.cached_property``."""

from __future__ import annotations

import copy
import functools
import pickle
import threading
from typing import Any

import pytest

from specloom.runtime.lazy import cached_property
from specloom.runtime.operation import Operation, RequestBody, Style


def test_fields_are_given_in_their_order_or_by_name() -> None:
    assert Style("query", "form", True) == Style(style="form", location="query", explode=True)


def test_a_field_that_is_not_given_is_what_the_class_says() -> None:
    style = Style("query", "form")
    assert (style.explode, style.content) == (False, None)
    assert style == Style("query", "form", explode=False, content=None)
    assert hash(style) == hash(Style("query", "form", explode=False))
    assert style != Style("query", "form", explode=True)
    assert style != ("query", "form", False, False, None)


def test_it_shows_all_fields() -> None:
    shown = "RequestBody(media_type='text/plain', required=False, encoding=mappingproxy({}))"
    assert repr(RequestBody("text/plain")) == shown


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ((), {}),
        (("query",), {}),
        (("query", "form"), {"styel": "form"}),
        (("query", "form"), {"style": "form"}),
        (("query", "form", True, False, None, "more"), {}),
    ],
)
def test_what_does_not_fit_its_fields_is_refused(
    values: tuple[Any, ...], named: dict[str, Any]
) -> None:
    with pytest.raises(TypeError, match="Style takes location, style, explode"):
        Style(*values, **named)


def test_it_does_not_change() -> None:
    style: Any = Style("query", "form")
    with pytest.raises(AttributeError, match="Style does not change"):
        style.explode = True
    changed = style.replaced(explode=True)
    assert (style.explode, changed.explode, changed.style) == (False, True, "form")


def test_copies_and_pickles_are_equal() -> None:
    operation: Operation[None] = Operation("a", "GET", "/a", styles={"q": Style("query", "form")})
    assert copy.deepcopy(operation.styles) == operation.styles
    style = Style("query", "form", True)
    assert pickle.loads(pickle.dumps(style)) == style


class Thing:
    made = 0

    @cached_property
    def value(self) -> object:
        """One value."""
        Thing.made += 1
        return object()


def test_a_cached_property_is_made_once_and_can_be_replaced() -> None:
    thing, before = Thing(), Thing.made
    assert thing.value is thing.value
    assert Thing.made == before + 1
    thing.value = "other"
    assert thing.value == "other"
    assert (Thing.value.__doc__, type(Thing.value)) == ("One value.", cached_property)
    assert cached_property is not functools.cached_property


def test_threads_share_the_value_of_a_cached_property() -> None:
    barrier = threading.Barrier(4)

    class Slow:
        @cached_property
        def value(self) -> object:
            barrier.wait(5)  # until every thread has found that there is none
            return object()

    slow, found = Slow(), list[object]()
    threads = [threading.Thread(target=lambda: found.append(slow.value)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(map(id, found))) == 1
