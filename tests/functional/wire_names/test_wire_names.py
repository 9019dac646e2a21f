"""Wire names are right though a field's type stands further down in the module.

pydantic does not know the wire name of such a field before it has completed the class. No test here
completes a class first: each has an SDK of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.generated import Sdk
from support.loopback import Loopback

SPEC = Path(__file__).with_name("spec.yaml")
PARCEL = {
    "_links": {"self": {"hRef": "h"}},
    "shipTo": {"zipCode": "1", "movedFrom": {"zipCode": "2"}},
    "parcelId": "p",
    "lastEvent": {"eventKind": "sent", "sentAt": "noon"},
}
Generate = Callable[[str | Path], Sdk]


@pytest.fixture
def fresh(generate: Generate) -> Sdk:
    """An SDK with unused classes."""
    return generate(SPEC)


def test_what_came_goes_back_by_its_names(fresh: Sdk, server: Loopback) -> None:
    server.answer(PARCEL)
    server.answer(status=204)
    parcels = fresh.client(server.base_url).parcels
    parcel = parcels.retrieve("p")
    assert parcel.to_dict() == PARCEL
    assert type(parcel.last_event).__name__ == "Zsent"
    parcels.update(parcel=parcel)
    assert server.last.json == {"parcel": PARCEL}


def test_a_model_made_by_hand_has_its_names(fresh: Sdk) -> None:
    types: Any = fresh.types
    parcel = types.Parcel(ship_to={"zip_code": "1"}, parcel_id="p")
    assert parcel.to_dict() == {"shipTo": {"zipCode": "1"}, "parcelId": "p"}


def test_a_page_has_its_items(fresh: Sdk, server: Loopback) -> None:
    server.answer({"theItems": [PARCEL], "nextId": "p"})
    server.answer({"theItems": [], "nextId": None})
    parcels = list(fresh.client(server.base_url).parcels.list())
    assert [each.to_dict() for each in parcels] == [PARCEL]
    assert server.last.query == [("after", "p")]
