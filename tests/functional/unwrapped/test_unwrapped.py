"""Envelopes: callers get the property that `unwrap` of x-sdk names."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from specloom.errors import SpecError
from specloom.options import BuildOptions
from specloom.pipeline import build
from support.generated import Sdk, forget, generate_sdk
from support.loopback import serving

_ZONE = (
    "{type: object, required: [id, state], properties: {id: {type: string}, state: {type: string}}}"
)
_INFO = "{type: object, properties: {page: {type: integer}, total_pages: {type: integer}}}"


def _envelope(result: str, more: str = "", required: str = "[success, result]") -> str:
    return (
        f"{{type: object, required: {required}, properties: "
        f"{{success: {{type: boolean}}, result: {result}{more}}}}}"
    )


def _answer(schema: str) -> str:
    return f'"200": {{description: ok, content: {{application/json: {{schema: {schema}}}}}}}'


_ID = "parameters: [{name: id, in: path, required: true, schema: {type: string}}]"
_SPEC = f"""\
openapi: 3.1.0
info: {{title: Zones, version: "1"}}
x-sdk:
  unwrap: result
  polling:
    done: {{read: getZone, field: state, until: [active]}}
paths:
  /zones:
    get:
      operationId: listZones
      parameters: [{{name: page, in: query, schema: {{type: integer}}}}]
      responses: {{{_answer(_envelope(f"{{type: array, items: {_ZONE}}}", f", result_info: {_INFO}"))}}}
    post:
      operationId: createZone
      x-sdk: {{poll: {{scheme: done}}}}
      responses: {{{_answer(_envelope(_ZONE))}}}
  /zones/{{id}}:
    get:
      operationId: getZone
      {_ID}
      responses:
        {_answer(_envelope("{$ref: '#/components/schemas/Zone'}", required="[success]"))}
        "404": {{description: no, content: {{application/json: {{schema: {_envelope("{type: 'null'}")}}}}}}}
    delete:
      {_ID}
      x-sdk: {{unwrap: /result/id}}
      responses: {{{_answer(_envelope(_ZONE))}}}
    put:
      {_ID}
      x-sdk: {{unwrap: false}}
      responses: {{{_answer(_envelope(_ZONE))}}}
  /zones/{{id}}/names:
    get:
      {_ID}
      responses: {{{_answer("{type: array, items: {type: string}}")}}}
components:
  schemas:
    Zone: {_ZONE}
"""
_BODY: dict[str, Any] = {"success": True, "result": {"id": "z1", "state": "new"}}


@pytest.fixture(scope="module")
def sdk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sdk]:
    folder = tmp_path_factory.mktemp("zones")
    (folder / "zones.yaml").write_text(_SPEC)
    made = generate_sdk(folder / "zones.yaml", folder / "sdk", BuildOptions())
    yield made
    forget(made)


def test_methods_return_the_content_of_the_envelope(sdk: Sdk) -> None:
    types = sdk.types
    with serving() as server:
        zones = sdk.client(server.base_url).zones
        server.answer(_BODY, headers={"x-request-id": "r1"})
        created = zones.create()
        assert isinstance(created, types.ZoneCreateResponse)
        assert (created.id, created._request_id) == ("z1", "r1")
        server.answer(_BODY)
        assert isinstance(zones.retrieve("z1"), types.Zone)
        server.answer({"success": True})
        assert zones.retrieve("z1") is None
        server.answer(_BODY)
        assert zones.delete("z1") == "z1"
        server.answer(_BODY)
        assert zones.update("z1").result.id == "z1"
        server.answer(["a"])
        assert zones.names.list("z1") == ["a"]
    text = sdk.source("zones_sdk/resources/zones/__init__.py")
    assert ") -> types.Zone | None:" in text
    assert "-> types.ZoneCreateResponse:" in text


def test_other_views_of_a_call_see_the_same(sdk: Sdk) -> None:
    with serving() as server:
        zones = sdk.client(server.base_url).zones
        server.answer(_BODY)
        raw = zones.with_raw_response.create()
        assert raw.http_response.json() == _BODY
        assert raw.parse().id == "z1"
        server.answer(_BODY)
        with zones.with_streaming_response.create() as response:
            assert response.parse().id == "z1"
        server.answer(_BODY, status=404)
        with pytest.raises(sdk.module.NotFoundError) as caught:
            zones.retrieve("z1")
        assert caught.value.body == _BODY
        server.answer(_BODY)
        server.answer({"success": True, "result": {"id": "z1", "state": "active"}})
        assert zones.create_and_poll(poll_interval=0).state == "active"

        async def created() -> Any:
            async with sdk.async_client(server.base_url) as client:
                return await client.zones.create()

        server.answer(_BODY)
        assert asyncio.run(created()).id == "z1"


def test_pages_hold_the_whole_answer(sdk: Sdk) -> None:
    with serving() as server:
        for number in (1, 2):
            info = {"page": number, "total_pages": 2}
            server.answer({**_BODY, "result": [_BODY["result"]], "result_info": info})
        page = sdk.client(server.base_url).zones.list()
        assert page.response.result_info.total_pages == 2
        assert [zone.id for zone in page] == ["z1", "z1"]


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        (
            "  unwrap: result\n",
            "  unwrap: reslt\n",
            "4",
            "no successful JSON response of any operation has a property 'reslt'",
        ),
        (
            "{unwrap: /result/id}",
            "{unwrap: /result/key}",
            "26",
            "no successful JSON response of delete /zones/{id} has a property '/result/key'",
        ),
        ("{unwrap: false}", "{unwrap: true}", "30", "expected the name of a property or false"),
    ],
)
def test_wrong_values_are_errors(
    tmp_path: Path, old: str, new: str, line: str, message: str
) -> None:
    assert old in _SPEC
    (tmp_path / "zones.yaml").write_text(_SPEC.replace(old, new))
    with pytest.raises(SpecError) as caught:
        build(tmp_path / "zones.yaml", BuildOptions())
    text = str(caught.value)
    assert message in text
    assert f"zones.yaml:{line}:" in text
