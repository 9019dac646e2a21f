"""The arguments select the kind of body; status ranges select the reading of a response."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

import pytest

from support.generated import Sdk
from support.loopback import Loopback
from support.typecheck import mypy_errors

BODIES: list[tuple[dict[str, Any], str, bytes]] = [
    ({"rows": [1, 2]}, "application/json", b'{"rows":[1,2]}'),
    ({"content_type": "application/json", "rows": []}, "application/json", b'{"rows":[]}'),
    ({"content_type": "text/csv", "body": "a,b\n"}, "text/csv", b"a,b\n"),
    (
        {"content_type": "application/octet-stream", "body": b"\x00\x01"},
        "application/octet-stream",
        b"\x00\x01",
    ),
]


@pytest.mark.parametrize(("given", "content_type", "sent"), BODIES)
def test_each_kind_of_body_is_sent_as_such(
    sdk: Sdk, server: Loopback, given: dict[str, Any], content_type: str, sent: bytes
) -> None:
    server.answer({"count": 2})
    sdk.client(server.base_url).tables.load("t", schema="s", **given)
    assert server.last.path == "/tables/s/t"
    assert server.last.headers["content-type"] == content_type
    assert server.last.body == sent


def test_a_form_has_its_own_arguments(sdk: Sdk, server: Loopback) -> None:
    server.answer({"count": 2})

    async def load() -> None:
        async with sdk.async_client(server.base_url) as client:
            await client.tables.load(
                "t",
                schema="s",
                content_type="multipart/form-data",
                rows=("r.csv", b"1,2"),
                content_type_="csv",
            )

    asyncio.run(load())
    assert server.last.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'name="rows"; filename="r.csv"' in server.last.body
    assert b'name="content_type"\r\n\r\ncsv' in server.last.body


def test_the_last_parameter_of_the_path_comes_first(sdk: Sdk) -> None:
    load = sdk.client("http://unused").tables.load
    assert list(inspect.signature(load).parameters)[:2] == ["table", "schema"]
    assert "ghost" not in inspect.signature(load).parameters


@pytest.mark.parametrize("status", [200, 201, 202])
def test_a_range_of_successes_is_read(sdk: Sdk, server: Loopback, status: int) -> None:
    server.answer({"count": 3}, status=status)
    done = sdk.client(server.base_url, strict=True).tables.load("t", schema="s", rows=[])
    assert isinstance(done, sdk.types.Done)


def test_other_statuses_are_errors_by_default_and_by_range(sdk: Sdk, server: Loopback) -> None:
    tables = sdk.client(server.base_url).tables
    for call in (lambda: tables.load("t", schema="s", rows=[]), tables.delete):
        server.answer({"title": "no"}, status=422, content_type="application/problem+json")
        with pytest.raises(sdk.module.UnprocessableEntityError) as caught:
            call()
        assert caught.value.parsed == sdk.types.Problem(title="no")


def test_several_successes_are_read_by_their_status(sdk: Sdk, server: Loopback) -> None:
    tables = sdk.client(server.base_url, strict=True).tables
    server.answer({"count": 1}, content_type="application/vnd.acme.v2+json")
    server.answer(status=204)
    server.answer(status=304)
    assert tables.delete().count == 1
    assert tables.delete() is None
    with pytest.raises(sdk.module.APIStatusError):
        tables.delete()


@pytest.mark.parametrize(
    ("content_type", "body"),
    [("application/json", b'"a"'), ("application/xml", b"a"), ("text/plain", b"a")],
)
def test_each_media_type_of_text_is_read_as_described(
    sdk: Sdk, server: Loopback, content_type: str, body: bytes
) -> None:
    server.answer(body, content_type=content_type)
    client = sdk.client(server.base_url, strict=True)
    assert client.tables.word() == "a"
    page_type = content_type.replace("application/xml", "application/atom+xml")
    server.answer(body, content_type=page_type.replace("plain", "html"))
    assert client.tables.page() == "a"


def test_overloads_keep_the_kinds_apart(sdk: Sdk) -> None:
    snippet = """
        from typing import assert_type
        from import_sdk import Import, types

        def check(client: Import) -> None:
            load = client.tables.load
            assert_type(load("t", schema="s", rows=[1]), types.Done)
            load("t", schema="s", content_type="text/csv", body="a")
            load("t", schema="s", content_type="text/csv", body=b"a")  # type: ignore[call-overload]
            load("t", schema="s", content_type="text/csv", rows=[1])  # type: ignore[call-overload]
            load("t", schema="s", body="a")  # type: ignore[call-overload]
            assert_type(client.tables.delete(), types.Done | str | None)
    """
    assert mypy_errors(sdk, snippet) == []
