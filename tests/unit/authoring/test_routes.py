"""Addresses and the templates they are of."""

from __future__ import annotations

import pytest

from specloom.authoring.routes import base_urls, below_base, matching, route_of

TEMPLATES = [
    "/threads",
    "/threads/{thread_id}",
    "/threads/{thread_id}/runs/{run_id}",
    "/threads/runs",
    "/users/{username}/repos",
]


@pytest.mark.parametrize(
    ("path", "template", "values"),
    [
        ("/widgets/42", "/widgets/{widget_id}", {"widget_id": "42"}),
        (
            "/threads/thread_abc123/archive",
            "/threads/{thread_id}/archive",
            {"thread_id": "thread_abc123"},
        ),
        ("/threads/runs/search", "/threads/runs/search", {}),
        ("/users/octocat/keys", "/users/{username}/keys", {"username": "octocat"}),
        ("/users/search", "/users/search", {}),
        (
            "/v1/boxes/7/boxes/8",
            "/v1/boxes/{box_id}/boxes/{box_id2}",
            {"box_id": "7", "box_id2": "8"},
        ),
        ("/widgets/:widgetId", "/widgets/{widget_id}", {"widget_id": ""}),
        ("/widgets/{{id}}/parts/<part>", "/widgets/{id}/parts/{part}", {"id": "", "part": ""}),
        ("/widgets/$WIDGET_ID", "/widgets/{widget_id}", {"widget_id": ""}),
        ("/people/ann%40a.org", "/people/{people_id}", {"people_id": "ann@a.org"}),
    ],
)
def test_route_of(path: str, template: str, values: dict[str, str]) -> None:
    found = route_of(path, TEMPLATES)
    assert (found.template, found.values) == (template, values)


def test_names_in_camel_case_where_that_is_the_custom() -> None:
    assert route_of("/widgets/42", [], spelled="camel").template == "/widgets/{widgetId}"


def test_matching_prefers_the_literal() -> None:
    found = matching("/threads/runs", TEMPLATES)
    assert found is not None
    assert found.template == "/threads/runs"
    assert matching("/threads/a/b", TEMPLATES) is None


def test_base_urls_fill_variables() -> None:
    server = {"url": "https://{region}.a.b/v1", "variables": {"region": {"default": "eu"}}}
    assert base_urls({"servers": [server]}) == ["https://eu.a.b/v1"]
    assert base_urls({}) == []


@pytest.mark.parametrize(
    ("path", "origin", "below"),
    [
        ("/v1/a", "https://a.b", ("/a", True)),
        ("/v1/a", "http://localhost:8000", ("/a", False)),
        ("/a", "", ("/a", True)),
        ("/v1x/a", "https://a.b", ("/v1x/a", True)),
    ],
)
def test_below_base(path: str, origin: str, below: tuple[str, bool]) -> None:
    assert below_base(path, origin, ["https://a.b/v1"]) == below
