"""Path templates, and the names of operations, from addresses."""

from __future__ import annotations

from pathlib import Path

import pytest

from specloom.authoring.draft import draft
from specloom.authoring.exchange import Exchange
from specloom.authoring.routes import base_urls, below_base, matching, route_of
from specloom.description.load import load
from specloom.errors import Location, Problems

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
        ("/repos/OWNER/issues/ISSUE_NUMBER", "/repos/{owner}/issues/{issue_number}", {}),
        ("/v3/YOUR_DOMAIN/API", "/v3/{domain}/API", {}),
        ("/people/ann%40a.org", "/people/{person_id}", {"person_id": "ann@a.org"}),
    ],
)
def test_route_of(path: str, template: str, values: dict[str, str]) -> None:
    found = route_of(path, TEMPLATES)
    known = {name: value for name, value in found.values.items() if value or name in values}
    assert (found.template, known) == (template, values)


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


NAMES = [
    ("GET /projects/13/merge_requests", "listProjectMergeRequests"),
    ("GET /artists/0TnOYISbd1XYRBk9myaseg/albums", "listArtistAlbums"),
    ("POST /api/chat.postMessage", "postChatMessage"),
    ("POST /2.0/files/content", "createFileContent"),
    ("GET /customers/search", "searchCustomers"),
    ("GET /things/$THING_ID", "getThing"),
    ("POST /2010-04-01/Accounts/$SID/Messages.json", "createAccountMessage"),
    ("POST /widgets/w_1a2b3c/paint", "paintWidget"),
    ("PATCH /repos/OWNER/REPO/issues/ISSUE_NUMBER", "updateRepoIssue"),
]


def test_operations_are_named_by_verb_and_object(tmp_path: Path) -> None:
    spec = tmp_path / "nothing.yaml"
    spec.write_text('openapi: 3.1.0\ninfo: {title: Chat, version: "1"}\npaths: {}\n')
    document = load(spec, problems=Problems())
    requests = [one.partition(" ")[::2] for one, _ in NAMES]
    place = Location("", 1, 1)
    drafts = [draft(document, [Exchange(method, path, place)]) for method, path in requests]
    assert [one.operation_id for one in drafts] == [name for _, name in NAMES]
