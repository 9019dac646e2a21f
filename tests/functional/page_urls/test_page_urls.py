"""Pages that continue at a URL in the body, and counts as servers write them."""

from __future__ import annotations

from typing import Any

import pytest

from support.generated import Sdk
from support.loopback import Loopback

ONE, TWO = [{"sid": "a"}], [{"sid": "b"}]


_JSON = "application/json"


def walk(found: Any) -> list[str]:
    return [door.sid for door in found]


@pytest.mark.parametrize(
    ("resource", "arguments", "pages", "second"),
    [
        (
            "odata",
            {"filter": "x eq 1"},
            ({"value": ONE, "@odata.nextLink": "{base}/odata?$skiptoken=t"}, {"value": TWO}),
            "/odata?$skiptoken=t",
        ),
        (
            "arm",
            {"api_version": "2024-01-01"},
            ({"value": ONE, "nextLink": "{base}/arm?api-version=2024-01-01&t=1"}, {"value": TWO}),
            "/arm?api-version=2024-01-01&t=1",
        ),
        (
            "calls",
            {"page_size": 1},
            (
                {"calls": ONE, "page": 0, "next_page_uri": "/Calls.json?Page=1&PageToken=PA"},
                {"calls": TWO, "page": 1, "next_page_uri": None},
            ),
            "/Calls.json?Page=1&PageToken=PA",
        ),
        (
            "repositories",
            {},
            ({"values": ONE, "next": "{base}/repositories?page=2"}, {"values": TWO}),
            "/repositories?page=2",
        ),
        (
            "hal",
            {},
            (
                {
                    "_embedded": {"items": ONE},
                    "_links": {"next": {"href": "{base}/hal?page=2&limit=1"}},
                },
                {"_embedded": {"items": TWO}, "_links": {"self": {"href": "x"}}},
            ),
            "/hal?page=2&limit=1",
        ),
        (
            "jsonapi",
            {},
            ({"data": ONE, "links": {"next": "/jsonapi?x=2"}}, {"data": TWO, "links": {}}),
            "/jsonapi?x=2",
        ),
        (
            "scim",
            {"count": 1},
            (
                {"schemas": [], "totalResults": 2, "startIndex": 1, "Resources": ONE},
                {"schemas": [], "totalResults": 2, "startIndex": 2, "Resources": TWO},
            ),
            "/scim?startIndex=2&count=1",
        ),
        (
            "envelope",
            {},
            (
                {"code": 0, "data": {"items": ONE, "page_token": "p", "has_more": True}},
                {"code": 0, "data": {"items": TWO, "page_token": "", "has_more": False}},
            ),
            "/envelope?page_token=p",
        ),
        ("hydra", {}, (ONE, TWO, None), "/hydra?page=2"),
        (
            "counted",
            {"offset": "4"},
            ({"doors": ONE, "total": "6"}, {"doors": TWO, "total": "6"}),
            "/counted?offset=5",
        ),
    ],
)
def test_the_second_page_is_the_one_that_the_server_names(
    sdk: Sdk,
    server: Loopback,
    resource: str,
    arguments: dict[str, Any],
    pages: tuple[Any, ...],
    second: str,
) -> None:
    for page in pages:
        is_null = page is None  # as servers in Go write an empty list
        server.answer(b"null" if is_null else _at(page, server.base_url), content_type=_JSON)
    client = sdk.client(server.base_url)
    assert walk(getattr(client, resource).list(**arguments)) == ["a", "b"]
    first, last, *_ = server.received
    assert f"{last.path}?{last.raw_query}" == second
    assert first.path == last.path


def _at(value: Any, base: str) -> Any:
    if isinstance(value, dict):
        return {key: _at(one, base) for key, one in value.items()}
    return value.replace("{base}", base) if isinstance(value, str) else value
