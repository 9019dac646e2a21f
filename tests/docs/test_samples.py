"""Values of examples: valid, plausible by name, and the description's own where those fit."""

from __future__ import annotations

from typing import Any

import pytest

from specloom import ir
from specloom.docs.samples import Samples, fits
from specloom.layout import Raw, call, literal

TEXT, WHOLE = ir.Scalar("string"), ir.Scalar("integer")
BOOK = ir.Model("book", ("book",), "Book", "", ())


def field(name: str, type_ref: ir.TypeRef = TEXT, **given: Any) -> ir.Field:
    words = tuple(name.split("_"))
    return ir.Field(words, name, f"#/{name}", type_ref, given.pop("required", True), **given)


def api(*types: ir.NamedType) -> ir.Api:
    settings = ir.Settings("sdk", "Client", "1")
    return ir.Api("API", "1", "", settings, (), (), (), (), {one.key: one for one in types})


def sample(one: ir.Field, *types: ir.NamedType) -> Any:
    return Samples(api(*types)).of_field(one)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("thread_id", "thread_123"),
        ("contact_email", "ada@example.com"),
        ("callback_url", "https://example.com"),
        ("first_name", "Ada"),
        ("file_name", "notes.txt"),
        ("project_name", "Example project"),
        ("created_at", "2026-01-31T09:30:00Z"),
        ("country", "DE"),
        ("instructions", "instructions"),
    ],
)
def test_texts_follow_from_names(name: str, value: str) -> None:
    assert sample(field(name)) == value


@pytest.mark.parametrize(
    ("type_ref", "limits", "value"),
    [
        (WHOLE, {"minimum": 3}, 3),
        (WHOLE, {"exclusiveMinimum": 3}, 4),
        (WHOLE, {"minimum": 3, "exclusiveMinimum": True}, 4),
        (WHOLE, {"maximum": -2}, -2),
        (WHOLE, {"minimum": 5, "multipleOf": 4}, 8),
        (WHOLE, {"minimum": 10**400}, 1),
        (ir.Scalar("number"), {"exclusiveMinimum": 0, "maximum": 0.5}, 0.5),
        (TEXT, {"minLength": 8}, "worldwor"),
        (TEXT, {"maxLength": 3}, "wor"),
        (TEXT, {"pattern": "^[A-Z]{3}$"}, "ABC"),
        (TEXT, {"pattern": "("}, "world"),
        (ir.ListOf(TEXT), {"minItems": 2}, ["world_item", "world_item"]),
    ],
)
def test_values_keep_to_limits(type_ref: ir.TypeRef, limits: dict[str, Any], value: Any) -> None:
    assert sample(field("world", type_ref, limits=tuple(limits.items()))) == value


def test_an_example_counts_if_it_fits() -> None:
    assert sample(field("count", WHOLE, example=7, default=5)) == 7
    assert sample(field("count", WHOLE, example="seven", default=5)) == 5
    assert sample(field("count", WHOLE, example="seven", default=True)) == 1


def test_samples_of_objects_are_complete_and_finite() -> None:
    node = ir.Model(
        "node",
        ("node",),
        "Node",
        "",
        (
            field("title"),
            field("note", required=False),
            field("id", read_only=True),
            field("next", ir.Nullable(ir.Ref("node"))),
            field("items", ir.ListOf(ir.Literal(("a", "b")))),
        ),
    )
    made = sample(field("node", ir.Ref("node")), node)
    assert made == {"title": "A title", "next": {}, "items": ["a"]}


def test_values_stay_short() -> None:
    levels = [
        ir.Model(
            f"level{n}",
            ("level",),
            f"Level{n}",
            "",
            tuple(field(name, ir.Ref(f"level{n + 1}")) for name in ("left", "right")),
        )
        for n in range(60)
    ]
    last = ir.Model("level60", ("last",), "Last", "", (field("title"),))
    assert len(literal(sample(field("tree", ir.Ref("level0")), *levels, last))) < 2000
    assert sample(field("note", example="x" * 5000)) == "note"


def test_a_variant_has_its_tag() -> None:
    cat = ir.Model("cat", ("cat",), "Cat", "", (field("kind"),))
    pet = ir.Alias(
        "pet", ("pet",), "Pet", "", ir.UnionOf((ir.Ref("cat"),), "kind", (("m", "cat"),))
    )
    assert sample(field("pet", ir.Ref("pet")), cat, pet) == {"kind": "m"}


@pytest.mark.parametrize(
    ("value", "type_ref", "is_one"),
    [
        ("a", TEXT, True),
        (True, WHOLE, False),
        (1.5, WHOLE, False),
        (1, ir.Scalar("number"), True),
        (None, TEXT, False),
        (None, ir.Nullable(TEXT), True),
        (["a", 1], ir.ListOf(TEXT), False),
        ({"a": "b"}, ir.MapOf(TEXT), True),
        ({1: "b"}, ir.MapOf(TEXT), False),
        ("c", ir.Literal(("a", "b")), False),
        ("c", ir.Literal(("a", "b"), "open"), True),
        (1, ir.Literal((True,)), False),
        ("x", ir.Scalar("binary"), False),
        ({"title": "x"}, ir.Ref("book"), True),
        ({"title": "x", "more": 1}, ir.Ref("book"), False),
        ({}, ir.Ref("book"), False),
        ({"title": 1}, ir.UnionOf((ir.Ref("book"), ir.MapOf(WHOLE))), True),
    ],
)
def test_fitting(value: Any, type_ref: ir.TypeRef, is_one: bool) -> None:
    book = ir.Model("book", ("book",), "Book", "", (field("title"),))
    assert fits(value, type_ref, api(book), request=True) is is_one


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("it's", '"it\'s"'),
        ('say "hi"', "'say \"hi\"'"),
        ("new\nline", '"new\\nline"'),
        ({"a": [1, None]}, '{"a": [1, None]}'),
        (Raw("make()"), "make()"),
        (float("inf"), 'float("inf")'),
    ],
)
def test_values_are_written_as_python(value: Any, text: str) -> None:
    assert literal(value) == text


def test_calls_are_wrapped_where_they_do_not_fit() -> None:
    assert call("f", [("", 1), ("a", 2)], column=0, indent=0) == "f(1, a=2)"
    long = "x" * 70
    assert call("f", [("a", long)], column=12, indent=4) == f'f(\n        a="{long}"\n    )'
    assert call("f", [("a", 1), ("b", [long, long]), ("c", 2)], column=0, indent=0) == (
        f'f(\n    a=1,\n    b=[\n        "{long}",\n        "{long}",\n    ],\n    c=2,\n)'
    )
