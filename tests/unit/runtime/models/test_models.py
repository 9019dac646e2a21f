"""Models read tolerantly, write back exactly, and identify variants."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Annotated, Any, Literal, NamedTuple, Union

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field
from typing_extensions import TypeAliasType

from specloom.runtime.models.base import (
    Model,
    UnknownVariant,
    Variants,
    request_id_of,
    set_request_id,
    to_wire,
)
from specloom.runtime.models.decoding import Decoder, UndecodableError
from specloom.runtime.texts import FineDatetime, iso_text
from specloom.runtime.values import wire_value


class Text(Model):
    type: Literal["text"]
    text: str


class Group(Model):
    type: Literal["group", "box"]
    parts: list[Part]
    weight: float = 1.0


class UnknownPart(UnknownVariant):
    type: Literal["UNKNOWN"] = "UNKNOWN"


Part = Annotated[Union[Text, Group, UnknownPart], Variants("type")]  # noqa: UP007


class Message(Model):
    id: str
    created_at: datetime
    status: Literal["open", "done"] | str
    kind: Literal["message"] = "message"
    content: list[Part]
    camel_case: int | None = Field(default=None, alias="camelCase")
    scores: dict[str, float] | None = None
    parent: Message | None = None
    day: date | None = None


GOOD: dict[str, Any] = {
    "id": "m1",
    "created_at": "2024-05-01T00:00:00Z",
    "status": "open",
    "content": [{"type": "text", "text": "hi"}],
}
message = Decoder(Message)


VALID: list[dict[str, Any]] = [
    {},
    {"unknown": [1, 1.0, None, {"a": "b"}], "to_dict": 1, "camel_case": 3},
    {"status": "invented"},
    {"camelCase": 5, "scores": {"a": 1, "b": 1.5, "c": 10**30}},
    {"camelCase": None, "parent": None},
    {"camelCase": 5, "camel_case": 3},
    {"content": [{"type": "group", "parts": [{"type": "text", "text": "x", "u": 1}]}]},
    {"content": [{"type": "box", "parts": [], "weight": 2}]},
    {"content": [{"type": "hologram", "depth": 3}, {"text": "no type"}, "no object", None]},
    {"parent": {**GOOD, "parent": {**GOOD, "new": True}}},
    {"created_at": "2024-05-01T10:00:00+02:00", "day": "2024-02-29"},
    {"created_at": "2024-05-01T10:00:00.120000Z"},
]


class Decoded(NamedTuple):
    value: Any
    problems: tuple[str, ...] = ()


def decode(value: object, decoder: Decoder = message) -> Decoded:
    problems: list[str] = []
    text = json.dumps(value).encode()
    read = decoder.decode(text, lambda _, found: problems.extend(found))
    return Decoded(read, tuple(problems))


def same(one: object, other: object) -> bool:
    """Whether two values are the same JSON text, so that 1 is not 1.0."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


@pytest.mark.parametrize("more", VALID)
def test_what_is_as_described_round_trips_without_a_problem(more: dict[str, Any]) -> None:
    wire = {**GOOD, **more}
    decoded = decode(wire)
    assert decoded.problems == ()
    assert same(decoded.value.to_dict(), wire)
    assert same(json.loads(decoded.value.to_json()), wire)


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"id": None}, "id: string_type"),
        ({"id": 5}, "id: string_type"),
        ({"status": 1}, "status: string_type"),
        ({"camelCase": "12"}, "camelCase: int_type"),
        ({"camelCase": True}, "camelCase: int_type"),
        ({"kind": "other"}, "kind: literal_error"),
        ({"created_at": "yesterday"}, "created_at: iso_date"),
        ({"created_at": "1714521600"}, "created_at: iso_date"),
        ({"created_at": 1714521600}, "created_at: iso_date"),
        ({"day": "2024-05-01T00:00:00"}, "day: date_parsing"),
        ({"day": "2024-99-99"}, "day: date_parsing"),
        ({"content": {"type": "text"}}, "content: list_type"),
        ({"content": None}, "content: list_type"),
        ({"scores": {"a": "high"}}, "scores.a: int_type"),
        ({"parent": "m0"}, "parent: model_type"),
        ({"parent": {**GOOD, "id": 0}}, "parent.id: string_type"),
        ({"content": [{"type": "text", "text": 5}]}, "content[].text: string_type"),
        ({"content": [{"type": "text"}]}, "content[].text: missing"),
        (
            {"content": [{"type": "group", "parts": [{"type": "text", "text": None}]}]},
            "content[].parts[].text: string_type",
        ),
        ({"content": [{"type": "box", "parts": 1}]}, "content[].parts: list_type"),
    ],
)
def test_what_breaks_the_description_is_kept_and_named(more: dict[str, Any], problem: str) -> None:
    wire = {**GOOD, **more}
    decoded = decode(wire)
    assert decoded.problems == (problem,)
    assert same(decoded.value.to_dict(), wire)
    assert isinstance(decoded.value, Message)


def test_a_missing_field_reads_none_and_is_not_written() -> None:
    value, problems = decode({"id": "m1"})
    assert (value.created_at, value.content, value.kind) == (None, None, "message")
    assert problems == ("created_at: missing", "status: missing", "content: missing")
    assert value.to_dict() == {"id": "m1"}


def test_a_broken_field_leaves_its_neighbours_typed() -> None:
    parts: list[Any] = [
        {"type": "text", "text": 5},
        {"type": "box", "parts": [{"type": "text", "text": "x"}]},
    ]
    value = decode({**GOOD, "id": None, "content": parts}).value
    assert isinstance(value.created_at, datetime)
    text, box = value.content
    assert isinstance(text, Text)
    assert isinstance(box, Group)
    assert isinstance(box.parts[0], Text)


def test_known_variants_are_typed_and_others_are_whole() -> None:
    parts: list[Any] = [
        {"type": "text", "text": "x"},
        {"type": "group", "parts": []},
        {"type": "new", "a": 1},
    ]
    text, group, new = decode({**GOOD, "content": parts}).value.content
    assert (type(text), type(group), type(new)) == (Text, Group, UnknownPart)
    assert (new.type, new.raw, new.to_dict()) == ("UNKNOWN", parts[2], parts[2])
    assert new == UnknownPart(parts[2])
    assert new != UnknownPart({})


@pytest.mark.parametrize("text", [b"", b"{", b'{"id": "m1"', b"<html>", b"\xff", b"[1]", b"null"])
def test_what_is_no_object_at_all_cannot_be_read(text: bytes) -> None:
    with pytest.raises(UndecodableError):
        message.decode(text, print)


def test_dates_are_dates_and_numbers_are_unchanged() -> None:
    value = decode({**GOOD, "day": "2024-02-29", "scores": {"a": 1, "b": 2.0}}).value
    assert value.created_at == datetime(2024, 5, 1, tzinfo=UTC)
    assert value.day == date(2024, 2, 29)
    assert [type(each) for each in value.scores.values()] == [int, float]


class Inner(Model):
    number: float


class Outer(Model):
    inner: Inner
    inners: list[Inner]
    time: datetime


def test_models_that_were_used_before_are_read_in_the_same_way() -> None:
    now = datetime(2024, 5, 1, tzinfo=UTC)
    Outer(inner=Inner(number=1.5), inners=[], time=now)
    assert Outer.__pydantic_complete__
    for wire, problems in (
        ({"inner": {"number": 1}, "inners": [{"number": 2}], "time": "2024-05-01T00:00:00Z"}, ()),
        (
            {"inner": {"number": "x"}, "inners": [{}], "time": 5},
            ("inner.number: int_type", "inners[].number: missing", "time: iso_date"),
        ),
    ):
        decoded = decode(wire, Decoder(Outer))
        assert same(decoded.value.to_dict(), wire)
        assert decoded.problems == problems
    assert Outer.__pydantic_complete__
    assert Outer(inner=Inner(number=1), inners=[], time=now).inner.number == 1


@pytest.mark.parametrize(
    ("text", "is_fine"),
    [
        ("2024-05-01T00:00:00.123456789Z", True),
        ("2024-05-01T12:30:00.1234560+02:00", True),
        ("2024-05-01T00:00:00.123456Z", False),
        ("2024-05-01T12:30:00.123456+02:00", False),
    ],
)
def test_a_time_finer_than_a_microsecond_keeps_its_text(text: str, is_fine: bool) -> None:
    decoded = decode({**GOOD, "created_at": text})
    value = decoded.value.created_at
    assert decoded.problems == ()
    assert isinstance(value, FineDatetime) == is_fine
    assert value == datetime.fromisoformat(text)
    twins = [value, copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))]
    assert [to_wire(each) for each in twins] == [text] * 4
    assert decoded.value.to_dict()["created_at"] == text
    later = value + timedelta(seconds=1)
    assert to_wire(later) == iso_text(datetime.fromisoformat(text) + timedelta(seconds=1))
    assert pickle.loads(pickle.dumps(later)) == later


class Circle(Model):
    radius: float


class Square(Model):
    side: int
    inside: list[Shape] | None = None


class UnknownShape(UnknownVariant):
    type: Literal["UNKNOWN"] = "UNKNOWN"


Shape = TypeAliasType(
    "Shape",
    Annotated[Union[str, Circle, Square, UnknownShape], Variants(None)],  # noqa: UP007
)


def test_variants_without_a_tag_are_told_apart_by_shape() -> None:
    shapes: list[Any] = [
        "none",
        {"radius": 1},
        {"side": 2, "inside": [{"radius": 2}, {"side": "x"}]},
        7,
    ]
    decoded = decode(shapes, Decoder(list[Shape]))
    kinds: list[Any] = [type(each) for each in decoded.value]
    assert kinds == [str, Circle, Square, UnknownShape]
    assert [type(each) for each in decoded.value[2].inside] == [Circle, UnknownShape]
    assert decoded.problems == ()
    assert same(to_wire(decoded.value), shapes)


class Dog(Model):
    pet_type: str
    bark: str


class Cat(Model):
    pet_type: str
    lives: int


class UnknownPet(UnknownVariant):
    pet_type: Literal["UNKNOWN"] = "UNKNOWN"


Pet = Annotated[
    Union[Dog, Cat, UnknownPet],  # noqa: UP007
    Variants("pet_type", {"dog": "Dog", "puppy": "Dog", "cat": "Cat"}),
]


def test_a_tag_may_be_known_by_a_mapping_only() -> None:
    pets = [
        {"pet_type": "puppy", "bark": "wau"},
        {"pet_type": "cat", "lives": None},
        {"pet_type": "fish"},
    ]
    decoded = decode(pets, Decoder(list[Pet]))
    assert [type(each) for each in decoded.value] == [Dog, Cat, UnknownPet]
    assert decoded.problems == ("[].lives: int_type",)
    assert same(to_wire(decoded.value), pets)


Json = TypeAliasType("Json", "dict[str, Json] | list[Json] | str | float | bool | None")
Vector = TypeAliasType("Vector", list[float])


class Free(Model):
    any: Json
    one: Vector
    two: Vector
    text_or_circle: str | Circle


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(json_values)
def test_aliases_keep_any_json(value: Any) -> None:
    wire = {"any": value, "one": [1, 2.5], "two": [3], "text_or_circle": {"radius": 1}}
    decoded = decode(wire, free)
    assert decoded.problems == ()
    assert same(decoded.value.to_dict(), wire)


free = Decoder(Free)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys((*GOOD, "parent", "x"), json_values)))
def test_any_object_round_trips(wire: dict[str, Any]) -> None:
    assert same(decode(wire).value.to_dict(), wire)


def test_an_object_with_one_possible_meaning_is_read_tolerantly() -> None:
    wire = {"any": 1, "one": [], "two": ["x"], "text_or_circle": {"radius": "big"}}
    decoded = decode(wire, free)
    assert isinstance(decoded.value.text_or_circle, Circle)
    assert same(decoded.value.to_dict(), wire)
    assert "two[]: int_type" in decoded.problems


def test_only_set_fields_are_written_by_wire_name() -> None:
    sent = Message(
        id="m",
        created_at=datetime(2024, 5, 1, tzinfo=timezone(timedelta(hours=2))),
        status="open",
        content=[Text(type="text", text="x"), UnknownPart({"type": "new"})],
        camelCase=3,
    )
    sent.parent = None
    assert sent.to_dict() == {
        "id": "m",
        "created_at": "2024-05-01T00:00:00+02:00",
        "status": "open",
        "content": [{"type": "text", "text": "x"}, {"type": "new"}],
        "camelCase": 3,
        "parent": None,
    }
    assert json.loads(sent.to_json(indent=2)) == sent.to_dict()


def test_a_result_remembers_its_request() -> None:
    value = decode({**GOOD, "_request_id": "theirs"}).value
    set_request_id(value, "req_1")
    for each in (value, copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
        assert request_id_of(each) == "req_1"
        assert each.to_dict()["_request_id"] == "theirs"
    assert value == decode({**GOOD, "_request_id": "theirs"}).value
    assert request_id_of([value]) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("id", "m1"),
        ("camelCase", 4),
        ("camel_case", None),
        ("extra", {"a~/b": [7]}),
        ("/extra/a~0~1b/0", 7),
        ("/extra/a~0~1b/1", None),
        ("/content/0/type", None),
        ("/content/0/a", 1),
        ("nothing", None),
    ],
)
def test_parts_are_found_by_wire_name_or_pointer(name: str, expected: object) -> None:
    wire = {**GOOD, "camelCase": 4, "extra": {"a~/b": [7]}, "content": [{"a": 1}]}
    assert wire_value(decode(wire).value, name) == expected
