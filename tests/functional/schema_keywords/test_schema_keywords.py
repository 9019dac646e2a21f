"""Keywords beside `properties` and `type` contribute to the type."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, get_args

import pytest

from support.generated import Sdk
from support.loopback import Loopback


@pytest.fixture
def send(sdk: Sdk, server: Loopback) -> Any:
    """Call with one response value, and return the result."""

    def call(value: Any, **sent: Any) -> Any:
        server.answer(value)
        read = sdk.client(server.base_url).boxes.send(**sent)
        assert read.to_dict() == value
        return read

    return call


def test_further_properties_are_typed(sdk: Sdk, send: Any) -> None:
    labels = {"id": "1", "x-a": {"weight": 2}}
    box = send({"labels": labels, "rest": {"a": "b", "z": {"weight": 3}}}, labels=labels)
    assert box.labels.model_extra == {"x-a": sdk.types.Part(weight=2)}
    assert box.rest.model_extra["z"].weight == 3


def test_a_list_or_an_object_is_either_both_ways(sdk: Sdk, send: Any) -> None:
    for value in ([1, 2], {"z": 3}):
        assert send({"list_or_object": value}, list_or_object=value).to_dict()
    source = sdk.source("keywords_sdk/resources/boxes.py")
    assert re.search(r"list_or_object: \(?\s*Sequence\[int\]", source)


def test_properties_of_conditions_exist_and_are_optional(sdk: Sdk, send: Any) -> None:
    box = send({"payment": {"method": "iban", "iban": "DE1", "bic": "B"}})
    assert (box.payment.iban, box.payment.bic, box.payment.card_number) == ("DE1", "B", None)
    assert sdk.types.Payment(method="card", card_number="4111").to_dict()["card_number"] == "4111"
    assert not [one for one in sdk.warnings if one == "undeclared-required"]


def test_conditions_within_conditions(sdk: Sdk, send: Any) -> None:
    """One that refers to the whole schema ends; a property with several schemas is their union."""
    for size in (1, "L", True):
        box = send({"parcel": {"kind": "box", "size": size, "length": 2, "width": 3}})
        assert (box.parcel.size, box.parcel.length, box.parcel.width) == (size, 2, 3)
    annotation = sdk.types.Parcel.model_fields["size"].annotation
    assert set(get_args(annotation)) == {int, str, bool, type(None)}


def test_of_several_groups_of_variants_each_holds(sdk: Sdk, send: Any) -> None:
    box = send({"both": {"cash": 3, "phone": "7"}})
    assert (box.both.cash, box.both.phone) == (3, "7")
    wanted = {(a, b) for a in ("card", "cash") for b in ("email", "phone")}
    known = get_args(get_args(sdk.types.Both)[0])
    assert {tuple(one.model_fields) for one in known[:-1]} == wanted


def test_what_stands_beside_a_reference_counts(sdk: Sdk, send: Any) -> None:
    box = send({"beside": {"weight": 1, "extra": "e"}})
    assert (box.beside.weight, box.beside.extra) == (1, "e")
    fields = sdk.types.Beside.model_fields
    assert {name: field.is_required() for name, field in fields.items()} == {
        "weight": True,
        "extra": True,
    }


def test_a_reference_beside_its_own_type_is_that_type(sdk: Sdk, send: Any) -> None:
    assert send({"maybe": {"weight": 1}}).maybe == sdk.types.Part(weight=1)
    assert send({"maybe": None}, maybe=None).maybe is None
    assert "maybe: Part | None = None" in sdk.source("keywords_sdk/types/boxes.py")


@pytest.mark.parametrize("value", [0, 1, True, False, "true"])
def test_mixed_values_have_their_types(sdk: Sdk, send: Any, value: object) -> None:
    assert send({"mixed": value}).mixed is value
    assert get_args(sdk.types.BoxMixed) == (0, 1, True, False, "true")
    assert list(map(type, get_args(sdk.types.BoxMixed))) == [int, int, bool, bool, str]


@pytest.mark.parametrize("name", ["some", "auto", "one", "yes"])
@pytest.mark.parametrize("value", [0, 1, True, False])
def test_a_boolean_is_no_number(sdk: Sdk, server: Loopback, name: str, value: object) -> None:
    """In an enum with only one of both, too, and where the enum does not have the value."""
    server.answer({name: value})
    read = sdk.client(server.base_url).boxes.send().to_dict()[name]
    assert (type(read), read) == (type(value), value)


def test_a_number_without_a_fraction_is_its_integer(sdk: Sdk, server: Loopback) -> None:
    """JSON Schema 2020-12, core 4.2.2: 1.0 and 1 are equal."""
    server.answer(b'{"auto": 2.0, "one": 1.0}')
    box = sdk.client(server.base_url, strict=True).boxes.send()
    assert (repr(box.auto), repr(box.one)) == ("2", "1")


def test_values_of_text_are_text(sdk: Sdk, send: Any) -> None:
    assert send({"text": "1.5"}).text == "1.5"
    assert 'Literal["1", "true", "1.5", "a"]' in sdk.source("keywords_sdk/types/boxes.py")


def test_quoted_integers_are_integers(sdk: Sdk, send: Any) -> None:
    assert send({"quoted": -1}, quoted=1).quoted == -1
    assert get_args(get_args(sdk.types.Box.model_fields["quoted"].annotation)[0]) == (0, 1, -1)


def test_values_of_every_type_are_taken(sdk: Sdk, send: Any) -> None:
    box = send({"fixed": {"a": 1}, "several": [1], "common": "b"}, fixed={"a": 1}, several={"b": 2})
    assert (box.fixed, box.several, box.common) == ({"a": 1}, [1], "b")
    source = sdk.source("keywords_sdk/types/boxes.py")
    assert "fixed: dict[str, Any]" in source
    assert 'several: Literal["x"] | list[Any] | dict[str, Any]' in source
    assert 'common: Literal["b", "c"]' in source


ARRAYS: dict[str, Any] = {
    "pair": ["a", 1],
    "row": [{"weight": 1}, [2], "2024-01-02", "2024-01-03"],
    "old": ["a", 1, True],
    "fewer": ["a"],
    "most": ["a"],
    "pairs": [["a", 1], ["b", None]],
    "tree": ["r", ["s"], ["t", ["u"]]],
}


@pytest.mark.parametrize("strict", [False, True])
def test_the_items_of_a_tuple_have_the_types_of_their_places(
    sdk: Sdk, server: Loopback, strict: bool
) -> None:
    for _ in range(3):
        server.answer(ARRAYS)
    client = sdk.client(server.base_url, strict=strict)
    box = client.boxes.send()
    assert box.to_dict() == ARRAYS
    days = (date(2024, 1, 2), date(2024, 1, 3))
    assert box.row == (sdk.types.Part(weight=1), [2], *days)
    assert (box.pair, box.old, box.fewer, box.most) == (("a", 1), ("a", 1, True), ["a"], ("a",))
    assert (box.pairs, box.tree) == ([("a", 1), ("b", None)], ("r", ("s",), ("t", ("u",))))
    client.boxes.send(**{name: getattr(box, name) for name in ARRAYS})
    assert server.last.json == ARRAYS
    client.boxes.send(**ARRAYS)
    assert server.last.json == ARRAYS


def test_a_tuple_keeps_invalid_items(send: Any) -> None:
    assert send({"pair": ["a"]}).pair == ["a"]
    assert send({"pair": ["a", 1, 2]}).pair == ("a", 1, 2)
    assert send({"pair": [1, "a"], "old": ["a", 1, "b"]}).old == ("a", 1, "b")
    assert send({"pair": "ab"}).pair == "ab"
    assert send({"pair": ["a", "\ud800"]}).pair == ("a", "\ud800")


def test_tuples_are_built_and_their_annotations_say_their_items(sdk: Sdk) -> None:
    box = sdk.types.Box(tuple_="t", pair=["a", 1], old=("a", 1, True, False))
    assert (box.pair, box.old) == (("a", 1), ("a", 1, True, False))
    source = sdk.source("keywords_sdk/types/boxes.py")
    assert "pair: tuple[str, int]" in source
    assert (
        "BoxOld: TypeAlias = Annotated[tuple[str, int, *tuple[bool, ...]], FURTHER_ITEMS]" in source
    )


def test_a_list_of_values_may_stand_elsewhere(sdk: Sdk, send: Any) -> None:
    assert send({"letter": "a", "heavy": {"weight": 1}}, heavy={"weight": 2}).letter == "a"
    assert 'letter: Literal["a", "b"] | str | None = None' in sdk.source(
        "keywords_sdk/types/boxes.py"
    )
    assert sdk.types.BoxHeavy.model_fields["weight"].is_required()
    assert sdk.warnings.count("misplaced-ref") == 2
