"""Undeclared properties have the type that the description gives them."""

from __future__ import annotations

from typing import Any

import pytest

from support.generated import Sdk
from support.loopback import Loopback
from support.typecheck import mypy_errors

BOARD: dict[str, Any] = {
    "title": "t",
    "by_day": {"mon": [{"points": 1}]},
    "open": {"x": 1, "y": [2]},
    "ann": {"points": 3},
    "bob": {"points": 4, "more": None},
}


def test_they_are_read_as_their_type(sdk: Sdk, server: Loopback) -> None:
    server.answer(BOARD)
    board = sdk.client(server.base_url, strict=True).scores.create(board={"title": "t"})
    assert board.to_dict() == BOARD
    assert board.ann == sdk.types.Score(points=3)
    assert board.model_extra["bob"].points == 4
    assert board.by_day["mon"][0].points == 1
    assert board.open.model_extra == {"y": [2]}


def test_one_of_another_type_is_kept_and_reported(sdk: Sdk, server: Loopback) -> None:
    wire = {"title": "t", "ann": {"points": 3}, "bob": "none"}
    server.answer(wire)
    server.answer(wire)
    client = sdk.client(server.base_url)
    board = client.scores.create(board={"title": "t"})
    assert board.to_dict() == wire
    assert board.ann.points == 3
    assert board.bob == "none"
    with pytest.raises(sdk.module.APIResponseValidationError, match="bob"):
        client.scores.create(board={"title": "t"}, strict=True)


def test_they_are_sent_as_given(sdk: Sdk, server: Loopback) -> None:
    server.answer(BOARD)
    sdk.client(server.base_url).scores.create(
        board=BOARD, prices={"x-a": 1.5}, extra_body={"note": "n"}
    )
    assert server.last.json == {"board": BOARD, "prices": {"x-a": 1.5}, "note": "n"}


def test_only_declared_properties_are_accepted_without_additional_ones(sdk: Sdk) -> None:
    snippet = """
        from maps_sdk import Maps

        def check(client: Maps) -> None:
            board = client.scores.create(board={"title": "t", "ann": {"points": 3}}, prices={"x-a": 1.5})
            client.scores.create(board=board, closed={"a": 1})
            client.scores.create(board=board, closed={"a": 1, "b": 2})  # type: ignore[arg-type]
            client.scores.create(board=board, prices={"x-a": "dear"})  # type: ignore[dict-item]
    """
    assert mypy_errors(sdk, snippet) == []
