"""A body with a base class accepts all of its subclasses with their properties."""

from __future__ import annotations

from support.generated import Sdk
from support.loopback import Loopback
from support.typecheck import mypy_errors


def test_the_properties_of_an_heir_can_be_sent(sdk: Sdk, server: Loopback) -> None:
    server.answer(status=204)
    sdk.client(server.base_url).pets.add(body={"kind": "cat", "name": "Tom", "lives": 9})
    assert server.last.json == {"kind": "cat", "name": "Tom", "lives": 9}


def test_type_checkers_know_the_heirs(sdk: Sdk) -> None:
    snippet = """
        from base_bodies_sdk import BaseBodies

        def use(client: BaseBodies) -> None:
            client.pets.add(body={"kind": "cat", "lives": 9})
            client.pets.add(body={"kind": "cat"})  # type: ignore[typeddict-item]
        """
    assert mypy_errors(sdk, snippet) == []
