"""Payloads of webhooks have types: they are read like responses."""

from __future__ import annotations

import json

import pytest

from support.generated import Sdk
from support.typecheck import mypy_errors


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("OrderShippedPayload", {"order_id": "o1", "carrier": "drone", "parcel": {"grams": 5}}),
        ("OrderPaidPayload", {"cents": 100, "currency": "EUR"}),
        ("Refund", {"reason": "broken"}),
    ],
)
def test_payloads_are_types(sdk: Sdk, name: str, payload: dict[str, object]) -> None:
    read = getattr(sdk.types, name).model_validate_json(json.dumps(payload))
    assert read.to_dict() == payload


def test_their_fields_are_typed(sdk: Sdk) -> None:
    payload = sdk.types.OrderShippedPayload.model_validate(
        {"order_id": "o1", "carrier": "post", "parcel": {"grams": 5}}
    )
    assert payload.parcel.grams == 5
    snippet = """
        from hooks_sdk.types import OrderPaidPayload
        from typing import assert_type

        def check(paid: OrderPaidPayload) -> None:
            assert_type(paid.cents, int)
    """
    assert mypy_errors(sdk, snippet) == []
