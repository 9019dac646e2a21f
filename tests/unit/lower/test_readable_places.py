"""Places whose names would otherwise repeat words, name the wrong verb or follow a URL."""

from __future__ import annotations

import pytest

from specloom.lower.places import Facts, Place
from specloom.lower.schema_names import type_words
from unit.lower.test_places import THREADS, surface


@pytest.mark.parametrize(
    ("operations", "address"),
    [
        ([Facts("post", "/calls/{id}/actions/answer", "AnswerCall")], "calls.actions.answer"),
        (
            [Facts("post", "/load_balancers/{id}/droplets", "loadBalancers_add_droplets")],
            "load_balancers.droplets.add",
        ),
        (
            [Facts("post", "/calls/{id}/actions/record_pause", "PauseCallRecording")],
            "calls.actions.pause_recording",
        ),
        (
            [Facts("put", "/calls/{id}/actions/state_update", "UpdateState")],
            "calls.actions.update_state",
        ),
        (
            [Facts("post", "/calls/{id}/actions/entity_search", "entitySearch")],
            "calls.actions.entity_search",
        ),
        ([Facts("get", "/coverage", "CreateCoverage")], "coverage.retrieve"),
        (
            [Facts("post", "/stores/{id}/streamed-list-objects", "StreamedListObjects")],
            "stores.streamed_list_objects",
        ),
        ([Facts("post", "/checks/{id}/sms", "CreateCheckSms")], "checks.create_sms"),
        ([Facts("get", "/apps", "getAppsAPIGroup")], "apps.retrieve"),
        ([Facts("get", "/users", "usersControllerFindAll")], "users.list"),
        ([Facts("put", "/aliases/{name}", "upsertAlias")], "aliases.upsert"),
        ([Facts("put", "/me/password", "PutMePassword")], "me.update_password"),
        ([Facts("get", "/users/by", "findUsersByUsername")], "users.find_by_username"),
        (
            [
                Facts("put", "/files/{id}"),
                Facts("put", "/files/{id}#update_shared_link", "put_files_id#update_shared_link"),
            ],
            "files.update_shared_link",
        ),
        (
            [Facts("get", "/files/{key}"), Facts("get", "/files/{key}#uploadId", "ListParts")],
            "files.retrieve_upload_id",
        ),
        (
            [Facts("post", "/search/transactions", "searchTransactions")],
            "search.transactions.search",
        ),
        (
            [Facts("put", "/files/{id}"), Facts("post", "/files/{id}", "post_files_id")],
            "files.create",
        ),
        (
            [
                Facts("delete", "/orgs/{id}/secrets/{key}", "DeleteOrgsIDSecretsID"),
                Facts("post", "/orgs/{id}/secrets/delete", "PostOrgsIDSecrets"),
            ],
            "orgs.secrets.delete_secret",
        ),
        (
            [
                Facts("post", "/files/{id}/sessions", "post_files_id_sessions"),
                Facts("post", "/files/sessions", "post_files_sessions"),
            ],
            "files.sessions.create_session",
        ),
    ],
)
def test_names_that_a_person_would_write(operations: list[Facts], address: str) -> None:
    assert list(surface([*THREADS, *operations]).values())[-1] == address


def test_an_operation_on_many_gives_way_to_the_one_on_an_item() -> None:
    operations = [
        Facts("post", "/droplets/actions", "dropletActions_post_byTag"),
        Facts("post", "/droplets/{id}/actions", "dropletActions_post"),
    ]
    assert list(surface(operations).values()) == [
        "droplets.actions.create_by_tag",
        "droplets.actions.create",
    ]


def test_a_second_list_of_people_lists_people() -> None:
    operations = [Facts("get", "/people", answer="list"), Facts("get", "/people.json")]
    assert list(surface([*THREADS, *operations]).values())[-1] == "people.list_people"


def test_the_modules_of_all_operation_ids_are_left_out() -> None:
    start = "app.gui.endpoints"
    operations = [
        Facts("get", "/a/{id}", f"{start}.rules.show"),
        Facts("get", "/b/{id}", f"{start}.hosts.show"),
    ]
    assert list(surface(operations).values()) == ["rules.show", "hosts.show"]


def test_an_http_method_after_a_dot_is_no_name() -> None:
    operations = [
        Facts("get", "/apps/{id}/dns_rules", "AppDnsRules.GET", answer="list"),
        Facts("put", "/apps/{id}/dns_rules/{key}", "AppDnsRule.PUT"),
    ]
    assert list(surface(operations).values()) == ["apps.dns_rules.list", "apps.dns_rules.update"]


def test_two_resources_with_one_singular_have_types_without_numbers() -> None:
    places = [Place((words,), ("list",)) for words in (("axes",), ("axis",))]
    assert type_words(places, ()) == [("axes", "list"), ("axis", "list")]
