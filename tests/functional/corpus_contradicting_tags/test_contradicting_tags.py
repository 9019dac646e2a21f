"""A discriminator with impossible tags is ignored: the shapes of the variants decide."""

from __future__ import annotations

from support.generated import Sdk
from support.loopback import Loopback
from support.typecheck import mypy_errors


def test_the_variant_keeps_the_values_of_its_own(sdk: Sdk, server: Loopback) -> None:
    server.answer({"type": "master", "zone": "example.com"})
    domain = sdk.client(server.base_url, strict=True).domain.retrieve()
    assert (type(domain).__name__, domain.type) == ("Domain", "master")
    assert mypy_errors(sdk) == []


def test_the_union_is_read_by_shape(sdk: Sdk, server: Loopback) -> None:
    things = sdk.client(server.base_url, strict=True).things
    for wire, name in (
        ({"type": "slave", "zone": "example.com"}, "Domain"),
        ({"size": 4}, "Volume"),
        ({"weight": 1}, "UnknownThing"),
    ):
        server.answer(wire)
        thing = things.retrieve()
        assert (type(thing).__name__, thing.to_dict()) == (name, wire)
