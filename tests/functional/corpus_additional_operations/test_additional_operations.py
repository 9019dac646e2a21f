"""Methods without a field of their own are ordinary operations (OpenAPI 3.2 §4.9.1)."""

from __future__ import annotations

from support.generated import Sdk
from support.loopback import Loopback


def test_they_are_called_by_their_method(sdk: Sdk, server: Loopback) -> None:
    pets = sdk.client(server.base_url).pets
    server.answer(["Rex"])
    server.answer(status=201)
    server.answer(status=204)
    assert pets.search() == ["Rex"]
    assert pets.copy(from_="Rex") is None
    assert pets.notify() is None
    assert [sent.method for sent in server.received] == ["QUERY", "COPY", "notify"]
    assert server.received[1].json == {"from": "Rex"}
