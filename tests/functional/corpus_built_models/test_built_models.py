"""Responses are read the same after a program made instances of the models itself.

A model that is complete has a validator of pydantic's own, which neither keeps whole numbers in
``number`` fields nor tolerates what breaks the description.
"""

from __future__ import annotations

from support.generated import Sdk
from support.loopback import Loopback


def test_reading_stays_exact_and_tolerant(sdk: Sdk, server: Loopback) -> None:
    sdk.types.Part(price=2, name="made by hand")
    wire = [{"price": 1, "name": "whole", "inner": {"price": 3}}]
    server.answer(wire)
    (part,) = sdk.client(server.base_url).parts.list()
    assert (type(part.price), type(part.inner.price)) == (int, int)
    assert part.inner.name is None
    assert part.to_dict() == wire[0]
