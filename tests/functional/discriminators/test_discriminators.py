"""Variants are told apart by whatever the description offers, and a new one is kept whole."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from support.generated import Sdk
from support.loopback import Loopback
from support.typecheck import mypy_errors

FISH = {"kind": "fish", "fins": [1, {"x": None}]}
CASES = [
    ("pets", {"kind": "cat", "lives": 9}, "Cat"),
    ("pets", {"kind": "dog", "tricks": 2}, "Dog"),
    ("pets", {"kind": "puppy", "name": "Rex"}, "Dog"),
    ("pets", {"kind": "bird", "wingspan": 2}, "Bird"),
    ("pets", FISH, "UnknownPet"),
    ("pets", {"lives": 9}, "UnknownPet"),
    ("shapes", {"type": "Circle", "size": 1}, "Circle"),
    ("shapes", {"type": "Square", "size": 1}, "Square"),
    ("shapes", {"type": "Oval", "size": 1}, "UnknownShape"),
    ("notes", {"object": "note.text", "body": "b"}, "TextNote"),
    ("notes", {"object": "note.image", "body": "b"}, "ImageNote"),
    ("notes", {"object": "note.sound", "body": "b"}, "UnknownNote"),
    ("vehicles", {"type": "Car", "wheels": 4, "doors": 5}, "Car"),
    ("vehicles", {"type": "truck", "wheels": 6, "load": 9}, "Truck"),
    ("vehicles", {"type": "bike", "wheels": 2}, "UnknownVehicle"),
    ("parts", {"type": "bolt", "length": 3}, "Bolt"),
    ("parts", {"type": "nut", "width": 3}, "Nut"),
    ("tickets", {"seat": "4A"}, "SeatTicket"),
    ("tickets", {"area": "left"}, "StandingTicket"),
    ("tickets", {"moon": 1}, "UnknownTicket"),
]


@pytest.mark.parametrize(("resource", "wire", "expected"), CASES)
def test_variant_is_read_as_its_class(
    sdk: Sdk, server: Loopback, resource: str, wire: dict[str, Any], expected: str
) -> None:
    server.answer(wire)
    result = getattr(sdk.client(server.base_url), resource).retrieve("1")
    assert type(result) is getattr(sdk.types, expected)
    assert result.to_dict() == wire


def test_fields_of_a_variant_are_typed_attributes(sdk: Sdk, server: Loopback) -> None:
    server.answer([{"kind": "dog", "tricks": 2}, FISH])
    dog, fish = sdk.client(server.base_url).pets.list()
    assert (dog.kind, dog.tricks, dog.name) == ("dog", 2, None)
    assert (fish.kind, fish.raw) == ("UNKNOWN", FISH)


def test_async_client_reads_the_same(sdk: Sdk, server: Loopback) -> None:
    server.answer([{"kind": "cat"}, FISH])

    async def read() -> list[Any]:
        async with sdk.async_client(server.base_url) as client:
            pets: list[Any] = await client.pets.list()
            return pets

    cat, fish = asyncio.run(read())
    assert isinstance(cat, sdk.types.Cat)
    assert fish.to_dict() == FISH


def test_variants_inside_a_variant_are_told_apart_too(sdk: Sdk, server: Loopback) -> None:
    inner = {"type": "Car", "wheels": 4, "doors": 3}
    server.answer({"type": "truck", "wheels": 6, "carries": inner})
    truck = sdk.client(server.base_url).vehicles.retrieve("1")
    assert type(truck.carries) is sdk.types.Car
    assert truck.carries.doors == 3


def test_what_was_read_can_be_sent_and_so_can_a_dict(sdk: Sdk, server: Loopback) -> None:
    client = sdk.client(server.base_url)
    for wire in ({"kind": "dog", "tricks": 2}, FISH):
        server.answer(wire)
        server.answer(wire)
        client.pets.add(body=client.pets.retrieve("1"))
        assert server.last.json == wire
    server.answer(FISH)
    client.pets.add(body={"kind": "cat", "lives": 9})
    assert server.last.json == {"kind": "cat", "lives": 9}


def test_a_tag_narrows_for_type_checkers(sdk: Sdk) -> None:
    snippet = """
        from typing import assert_type
        from zoo_sdk import Zoo
        from zoo_sdk.types import (
            Bird, Car, Cat, Circle, Dog, ImageNote, Square, TextNote, Truck, UnknownNote,
            UnknownShape, UnknownVehicle,
        )

        def check(client: Zoo) -> None:
            pet = client.pets.retrieve("1")
            if pet.kind == "dog" or pet.kind == "puppy":
                assert_type(pet, Dog)
            elif pet.kind == "bird":
                assert_type(pet, Bird)
            elif pet.kind == "cat":
                assert_type(pet, Cat)
            shape = client.shapes.retrieve("1")
            if shape.type == "Circle":
                assert_type(shape, Circle)
            elif shape.type == "Square":
                assert_type(shape, Square)
            else:
                assert_type(shape, UnknownShape)
            note = client.notes.retrieve("1")
            assert_type(note, TextNote | ImageNote | UnknownNote)
            if note.object == "note.text":
                assert_type(note, TextNote)
            vehicle = client.vehicles.retrieve("1")
            assert_type(vehicle, Car | Truck | UnknownVehicle)
            if vehicle.type == "Car":
                assert_type(vehicle.doors, int | None)
            client.pets.add(body={"kind": "bird", "wingspan": 2})
            client.pets.add(body={"kind": "fish"})  # type: ignore[arg-type]
    """
    assert mypy_errors(sdk, snippet) == []
