"""Requests are sent as SDKs of Stainless send them."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest

from support.generated import Sdk
from support.loopback import serving
from support.typecheck import mypy_errors


@pytest.mark.parametrize("is_async", [False, True])
def test_writes_name_json_as_before(sdk: Sdk, server: Any, is_async: bool) -> None:
    async def awaited(*calls: Any) -> None:
        for call in calls:
            await call

    if is_async:
        client = sdk.module.AsyncLab(auth_token="k", http_client=server.async_client())
    else:
        client = sdk.module.Lab(auth_token="k", http_client=server.client())
    calls = [
        client.cards.update("c_1"),
        client.cards.update("c_1", memo="x"),
        client.cards.delete("c_1"),
        client.cards.with_raw_response.delete("c_1"),
        client.names.list(),
    ]
    if is_async:
        asyncio.run(awaited(*calls))
    sent = [(each.headers.get("content-type"), each.content) for each in server.requests]
    json = "application/json"
    assert sent == [(json, b"{}"), (json, b'{"memo":"x"}'), (json, b""), (json, b""), (None, b"")]


@pytest.mark.parametrize("is_async", [False, True])
def test_requests_have_the_accept_and_the_body_of_before(
    sdk: Sdk, server: Any, is_async: bool
) -> None:
    server.answer("POST", "/notes", None, status=204)

    async def main() -> None:
        client = sdk.module.AsyncLab(auth_token="k", http_client=server.async_client())
        await client.notes.create()
        await client.notes.with_raw_response.create(text="t")
        await client.copy(timeout=3).names.list(extra_headers={"X-A": "1"})

    if is_async:
        asyncio.run(main())
    else:
        client = sdk.module.Lab(auth_token="k", http_client=server.client())
        client.notes.create()
        client.notes.with_raw_response.create(text="t")
        client.copy(timeout=3).names.list(extra_headers={"X-A": "1"})
    assert [one.content for one in server.requests] == [b"", b'{"text":"t"}', b""]
    assert "idempotency-key" not in server.requests[0].headers
    client = sdk.module.Lab(auth_token="k", http_client=server.client())
    client.notes.create(idempotency_key="mine")
    assert server.requests.pop().headers["idempotency-key"] == "mine"
    client.cards.delete("c_1")
    assert server.requests.pop().headers["idempotency-key"]
    assert server.requests[-1].headers["accept"] == "application/json; v=1"


def test_forms_have_a_part_for_each_value(sdk: Sdk, server: Any) -> None:
    server.answer("POST", "/scans", None, status=204)
    client = sdk.module.Lab(auth_token="k", http_client=server.client())
    client.scans.create(
        title="t",
        tags=["a", "b"],
        sizes={"page": "4"},
        pages=[{"file": ("p.txt", b"Hello"), "note": "n"}],
    )
    names = re.findall(rb'name="([^"]*)"(?:; filename="([^"]*)")?', server.requests[0].content)
    assert sorted(names) == [
        (b"pages[][file]", b"p.txt"),
        (b"pages[][note]", b""),
        (b"sizes[page]", b""),
        (b"tags[]", b""),
        (b"tags[]", b""),
        (b"title", b""),
    ]


def test_credentials_and_accept_as_before(sdk: Sdk, server: Any) -> None:
    client = sdk.module.Lab(auth_token="k", http_client=server.client())
    client.names.clear()
    client.cards.delete("c_1")
    sent = [(one.headers["authorization"], one.headers["accept"]) for one in server.requests]
    assert sent == [("Bearer k", "application/json")] * 2


@pytest.mark.parametrize(
    ("array_format", "pairs"),
    [
        ("", [("tags", "a,b"), ("filter[size]", "1"), ("filter[size]", "2")]),
        ("comma", [("tags", "a,b"), ("filter[size]", "1,2")]),
        ("repeat", [("tags", "a"), ("tags", "b"), ("filter[size]", "1"), ("filter[size]", "2")]),
        (
            "brackets",
            [("tags[]", "a"), ("tags[]", "b"), ("filter[size][]", "1"), ("filter[size][]", "2")],
        ),
        (
            "indices",
            [
                ("tags[0]", "a"),
                ("tags[1]", "b"),
                ("filter[size][0]", "1"),
                ("filter[size][1]", "2"),
            ],
        ),
    ],
)
def test_arrays_have_their_old_format(sdk: Sdk, array_format: str, pairs: Any) -> None:
    class Formatted(sdk.module.Lab):  # type: ignore[misc, name-defined]
        _array_format = array_format

    with serving() as server:
        server.answer(None, status=204)
        with Formatted(auth_token="k", base_url=server.base_url) as client:
            client.files.check("+1 5", tags=["a", "b"], filter={"size": [1, 2]})
            path, query = server.last.path, server.last.query
            server.answer(None, status=204)
            client.files.check("+/%")
            assert (path, server.last.path) == ("/files/+1%205", "/files/%2B%2F%25")
            server.answer(None, status=204)
            client.files.check("a", kinds=["b"])
            first = "kinds[][0]" if array_format == "indices" else "kinds[]"
            assert server.last.query == [(first, "b")]
            server.answer(None, status=204)
            client.files.check("a", where=["b", "c"])
            assert server.last.query == [("where", '["b","c"]')]
        assert query == pairs


def test_an_encoded_form_goes_as_json(sdk: Sdk) -> None:
    with serving() as server, sdk.module.Lab(auth_token="k", base_url=server.base_url) as client:
        for arguments in ({}, {"text": "a"}):
            server.answer(None, status=204)
            client.labels.create(**arguments)
            assert server.last.headers["content-type"] == "application/json"
            assert server.last.json == arguments


def test_the_properties_of_a_union_are_arguments(sdk: Sdk, server: Any) -> None:
    client = sdk.module.Lab(auth_token="k", http_client=server.client())
    client.cards.replace("c_1", kind="virtual", limit=5, state="on", note="n")
    assert server.requests[-1].json == {"note": "n", "kind": "virtual", "limit": 5, "state": "on"}
    with pytest.raises(TypeError, match="state"):
        client.cards.replace("c_1", kind="virtual")
    with pytest.raises(ValueError, match="Expected a non-empty value for `card_id` but received"):
        client.cards.delete("")
    errors = mypy_errors(
        sdk,
        """
        from lab import Lab

        cards = Lab(auth_token="k").cards
        cards.replace("c", kind="digital", state="on", size=5)
        cards.replace("c", kind="physical", state="on", size="large")
        cards.replace("c", kind="other", state="on")  # type: ignore[arg-type]
        cards.replace("c", kind="virtual", state="on", size=None)  # type: ignore[arg-type]
        """,
    )
    assert errors == [], errors


def test_keys_of_nested_objects_become_wire_names(sdk: Sdk, server: Any) -> None:
    server.answer("POST", "/windows", None, status=204)
    server.answer("PUT", "/windows", {})
    server.answer("PATCH", "/windows", None, status=204)
    client = sdk.module.Lab(auth_token="t", base_url="http://lab", http_client=server.client())
    screen = {"max_height": 1, "class_": "wide", "within": {"max_height": 2, "maxHeight": 3}}
    sent = {"maxHeight": 1, "class": "wide", "within": {"maxHeight": 3}}
    client.windows.open(
        near={"max_height": 1},
        main_screen=screen,
        other_screens=(one for one in [screen, True]),
        by_name={"max_height": screen},
        free_form={"max_height": screen},
    )
    client.windows.place(body=[screen])
    client.windows.change(screen=screen)  # the form has text under this name
    opened, placed, changed = server.requests
    assert opened.json == {
        "mainScreen": sent,
        "otherScreens": [sent, True],
        "byName": {"max_height": sent},
        "freeForm": {"max_height": screen},
    }
    assert opened.query == (("near[maxHeight]", "1"),)
    assert placed.json == [sent]
    assert changed.json == {"screen": sent}


def test_methods_have_their_constant_headers(sdk: Sdk, server: Any) -> None:
    client = sdk.module.Lab(auth_token="t", http_client=server.client())
    client.beta.threads.runs.list("t_1")
    client.beta.threads.runs.list("t_1", extra_headers={"Lab-Beta": "runs=v2"})
    first, second = (request.headers for request in server.requests)
    assert (first["lab-beta"], first["content-type"]) == ("runs=v1", "application/json")
    assert second["lab-beta"] == "runs=v2"
