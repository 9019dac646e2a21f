"""The default reading: the places of all operations of an API."""

from __future__ import annotations

import pytest

from specloom.ir.words import snake
from specloom.lower.places import Facts, read_places
from specloom.lower.placing import Candidates, settled

THREADS = [
    Facts("post", "/threads"),
    Facts("get", "/threads/{thread_id}"),
    Facts("post", "/threads/{thread_id}"),
    Facts("get", "/threads/{thread_id}/runs"),
    Facts("post", "/threads/{thread_id}/runs"),
    Facts("get", "/threads/{thread_id}/runs/{run_id}"),
    Facts("post", "/threads/{thread_id}/runs/{run_id}/cancel"),
    Facts("get", "/threads/{thread_id}/runs/{run_id}/steps", answer="wrapped"),
    Facts("get", "/threads/{thread_id}/usage", answer="object"),
    Facts("get", "/v1/users/{id}/settings"),
    Facts("put", "/v1/users/{id}/settings"),
    Facts("put", "/things/{id}"),
    Facts("patch", "/things/{id}"),
    Facts("delete", "/threads/{thread_id}"),
]


def surface(operations: list[Facts]) -> dict[str, str]:
    """By method and path: the address under the client."""
    candidates = [
        Candidates(one.method, one.path, places, deprecated=one.deprecated)
        for one, places in zip(operations, read_places(operations), strict=True)
    ]
    return {
        f"{one.method} {one.path}": ".".join(map(snake, (*place.resource, place.method)))
        for one, place in zip(operations, settled(candidates), strict=True)
    }


@pytest.mark.parametrize(
    ("operation", "address"),
    [
        ("post /threads", "threads.create"),
        ("get /threads/{thread_id}", "threads.retrieve"),
        ("post /threads/{thread_id}", "threads.update"),
        ("delete /threads/{thread_id}", "threads.delete"),
        ("get /threads/{thread_id}/runs", "threads.runs.list"),
        ("post /threads/{thread_id}/runs", "threads.runs.create"),
        ("get /threads/{thread_id}/runs/{run_id}", "threads.runs.retrieve"),
        ("post /threads/{thread_id}/runs/{run_id}/cancel", "threads.runs.cancel"),
        ("get /threads/{thread_id}/runs/{run_id}/steps", "threads.runs.steps.list"),
        ("get /threads/{thread_id}/usage", "threads.usage"),
        ("get /v1/users/{id}/settings", "users.settings.retrieve"),
        ("put /v1/users/{id}/settings", "users.settings.update"),
        ("patch /things/{id}", "things.update"),
        ("put /things/{id}", "things.replace"),
    ],
)
def test_reads_paths_as_rest(operation: str, address: str) -> None:
    assert surface(THREADS)[operation] == address


@pytest.mark.parametrize(
    ("operations", "addresses"),
    [
        ([Facts("post", "/search")], ["search"]),
        ([Facts("get", "/reports/retrieve/{id}")], ["reports.retrieve"]),
        ([Facts("post", "/change/enqueue", "createChangeEvent")], ["change.enqueue"]),
        (
            [Facts("head", "/repos/{repo}/tags"), Facts("head", "/repos/{repo}/tags/{tag}")],
            ["repos.tags.head", "repos.tags.head_tag"],
        ),
        (
            [Facts("get", "/load_balancers", "loadBalancers_list", answer="wrapped")],
            ["load_balancers.list"],
        ),
        ([Facts("get", "/users('{id}')/posts", answer="list")], ["users.posts.list"]),
        (
            [Facts("get", "/label{value}/{list}"), Facts("get", "/matrix{value}/{list}")],
            ["label.retrieve", "matrix.retrieve"],
        ),
        (
            [Facts("get", "/users.{format}"), Facts("get", "/users/{id}.{format}")],
            ["users.list", "users.retrieve"],
        ),
        (
            [Facts("get", "/api-v{version}/users"), Facts("get", "/jobs/job-{id}")],
            ["users.list", "jobs.retrieve"],
        ),
        ([Facts("get", "/orders", answer="other")], ["orders.list"]),
        ([Facts("get", "/status", answer="object")], ["status.retrieve"]),
        (
            [
                Facts("get", "/a/{id}/tools", answer="list"),
                Facts("patch", "/a/{id}/tools/attach/{t}"),
            ],
            ["a.tools.list", "a.tools.attach"],
        ),
        (
            [Facts("get", "/user", tag="Users"), Facts("get", "/x")],
            ["users.retrieve", "x.retrieve"],
        ),
        (
            [Facts("post", "/v1beta/models"), Facts("get", "/v1/x")],
            ["beta.models.create", "x.retrieve"],
        ),
        ([Facts("post", "/m?beta=true"), Facts("post", "/m")], ["beta.m.create", "m.create"]),
        (
            [Facts("get", "/v1/disputes/{id}"), Facts("get", "/v2/disputes/{id}")],
            ["disputes.retrieve", "v2.disputes.retrieve"],
        ),
        (
            [Facts("get", "/rest/acme/a.json"), Facts("get", "/rest/acme/b.json")],
            ["a.retrieve", "b.retrieve"],
        ),
        ([Facts("post", "/models/{id}:batchEmbed")], ["models.batch_embed"]),
        (
            [Facts("post", "/files.list"), Facts("post", "/files.info")],
            ["files.list", "files.info"],
        ),
        ([Facts("post", "/peers", "get_or_create_peer")], ["peers.get_or_create"]),
        ([Facts("post", "/batch/users", "create_user")], ["batch.users.create"]),
        (
            [Facts("put", "/a"), Facts("post", "/a"), Facts("get", "/a/{id}")],
            ["a.replace", "a.create", "a.retrieve"],
        ),
        (
            [
                Facts("get", "/2fa/{id}"),
                Facts("get", "/scim/2.0/users", answer="list"),
                Facts("get", "/labs/2/users", answer="list"),
                Facts("get", "/1st"),
                Facts("get", "/404"),
                Facts("post", "/users/3d-print"),
            ],
            [
                "two_fa.retrieve",
                "scim.v2_0.users.list",
                "labs.v2.users.list",
                "first.retrieve",
                "n404.retrieve",
                "users.three_d_print",
            ],
        ),
        ([Facts("get", "/1/boards"), Facts("get", "/2015-03-31/a")], ["boards.list", "a.retrieve"]),
        ([Facts("post", "/rpc/getUser"), Facts("post", "/DescribeX")], ["get_user", "describe_x"]),
        (
            [
                Facts("get", "/#Action=ListQueues", "GET_ListQueues"),
                Facts("post", "/#Action=ListQueues", "POST_ListQueues"),
                Facts("post", "/#X-Amz-Target=Service_1.PurgeQueue"),
            ],
            ["list_queues", "post_list_queues", "purge_queue"],
        ),
        (
            [
                Facts("get", "/orders(Number={n},Line={l})"),
                Facts("get", "/orders/Sales.GetNear(at={at})"),
                Facts("post", "/orders/{id}/Sales.Approve"),
            ],
            ["orders.retrieve", "orders.get_near", "orders.approve"],
        ),
        (
            [Facts("get", "/x/json", answer="list"), Facts("get", "/x/{id}/json")],
            ["x.list", "x.retrieve"],
        ),
        ([Facts("get", "/login.jsp"), Facts("get", "/a/b.html")], ["login.retrieve", "a.b"]),
        (
            [Facts("get", "/u/by/name/{n}"), Facts("get", "/u/by-ids", answer="list")],
            ["u.retrieve_by_name", "u.list_by_ids"],
        ),
        (
            [Facts("get", "/v1/apis/{id}"), Facts("get", "/v1/apis/{id}/routes", answer="list")],
            ["apis.retrieve", "apis.routes.list"],
        ),
        (
            [
                Facts("get", "/files/{folder}", "list_files", answer="wrapped"),
                Facts("get", "/files/{folder}/{file}", "describe_file"),
            ],
            ["files.list", "files.retrieve"],
        ),
        (
            [
                Facts("get", "/shops/{id}/policy", "getPolicy", answer="object"),
                Facts("delete", "/shops/{id}/policy/{key}"),
            ],
            ["shops.policy.retrieve", "shops.policy.delete"],
        ),
        ([Facts("get", "/me/albums/contains", answer="list")], ["me.albums.contains"]),
        ([Facts("post", "/users/batch-delete", "batchDeleteUsers")], ["users.batch_delete"]),
        ([Facts("delete", "/delete", "delete"), Facts("post", "/show")], ["delete", "show"]),
        (
            [
                Facts("put", "/cables", answer="list"),
                Facts("put", "/cables/{id}"),
                Facts("patch", "/cables/{id}"),
            ],
            ["cables.bulk_replace", "cables.replace", "cables.update"],
        ),
        (
            [
                Facts("post", "/jobs/cancel", "batch_cancel_jobs"),
                Facts("post", "/jobs/{id}/cancel", "cancel_job"),
            ],
            ["jobs.batch_cancel", "jobs.cancel"],
        ),
        (
            [
                Facts("post", "/chats/{id}", "agents_api_v1_chats_append"),
                Facts("post", "/chats/{id}#stream", "agents_api_v1_chats_append_stream"),
            ],
            ["chats.append", "chats.append_stream"],
        ),
        (
            [
                Facts("post", "/models/{id}/archive", "api_routes_archive_model"),
                Facts("delete", "/models/{id}/archive", "api_routes_unarchive_model"),
            ],
            ["models.archive", "models.unarchive"],
        ),
        (
            [
                Facts("get", "/v1/tags", answer="list", deprecated=True),
                Facts("get", "/v2/tags", answer="wrapped"),
                Facts("get", "/v1/books", "getBooksOld", answer="list", deprecated=True),
                Facts("post", "/v1/books/list", "getBooks", answer="wrapped"),
            ],
            ["v1.tags.list", "tags.list", "books.get_old", "books.list"],
        ),
        ([Facts("get", "/history", answer="wrapped", pages=True)], ["history.list"]),
        (
            [Facts("get", "/config/host", answer="object"), Facts("get", "/config/host/{id}")],
            ["config.host.retrieve", "config.host.retrieve_host"],
        ),
        (
            [
                Facts("get", "/things", answer="list"),
                Facts("get", "/things/{owner}", "showThingsForOwner", answer="list"),
                Facts("get", "/things/{owner}/{id}", answer="object"),
            ],
            ["things.list", "things.show_for_owner", "things.retrieve"],
        ),
        (
            [
                Facts("post", "/authn/{account}/authenticate"),
                Facts("post", "/authn/{account}/{id}/authenticate", "getTokenViaAuthnWithId"),
            ],
            ["authn.authenticate", "authn.get_token_with_id"],
        ),
        (
            [
                Facts("get", "/index.php/apps/notes/api/1/pages", answer="list"),
                Facts("get", "/index.php/apps/notes/api/1/tags", answer="list"),
                Facts("get", "/ocs/v2.php/apps/notes/api/2/pages", answer="list"),
            ],
            ["pages.list", "tags.list", "v2.pages.list"],
        ),
        (
            [
                Facts("get", "/shop/admin/api/sites", answer="list"),
                Facts("get", "/shop/api/v1/orders", answer="list"),
                Facts("get", "/shop/api/v1/carts/{id}"),
            ],
            ["admin.sites.list", "orders.list", "carts.retrieve"],
        ),
        (
            [
                Facts("delete", "/runs/{id}/output", "deleteRunOutput"),
                Facts("delete", "/runs/{id}/star", "unStarRun"),
                Facts("delete", "/runs/{id}/lock", "unlockRun"),
            ],
            ["runs.delete_output", "runs.unstar", "runs.unlock"],
        ),
        (
            [
                Facts("patch", "/users", "bulkUpdateUsers"),
                Facts("delete", "/users", "bulkDeleteUsers"),
                Facts("patch", "/users/{id}"),
                Facts("delete", "/users/{id}"),
            ],
            ["users.bulk_update", "users.bulk_delete", "users.update", "users.delete"],
        ),
        (
            [
                Facts("post", "/jobs:cancel", "batchCancelJobs"),
                Facts("post", "/jobs/{id}:cancel", "cancelJob"),
            ],
            ["jobs.batch_cancel", "jobs.cancel"],
        ),
        (
            [Facts("get", "/users.php/{id}"), Facts("get", "/a.php/{id}/lines", answer="list")],
            ["users.retrieve", "a.lines.list"],
        ),
        (
            [
                Facts("post", "/auth/{id}/start"),
                Facts("post", "/auth/{id}/{key}/start", "startAuthOptInToSms"),
            ],
            ["auth.start", "auth.start_opt_in_to_sms"],
        ),
        ([Facts("post", "/charges/{id}", "PostChargesCharge")], ["charges.update"]),
        (
            [Facts("get", "/s", "books.shelves.list"), Facts("get", "/v", "books.volumes.get")],
            ["shelves.list", "volumes.get"],
        ),
        (
            [
                Facts("get", "/repos/{owner}/{repo}/issues", "issues/list-for-repo"),
                Facts("get", "/user/issues", "issues/list"),
                Facts("get", "/gists/public", "gists/list-public"),
            ],
            ["issues.list_for_repo", "issues.list", "gists.list_public"],
        ),
        (  # an id of another form, with fewer steps than the others share
            [
                *(
                    Facts("get", f"/v/{one}", f"shop.v.{one}.list")
                    for one in ("cats", "dogs", "ads", "men")
                ),
                Facts("get", "/pets/{id}", "pets.GET"),
            ],
            ["cats.list", "dogs.list", "ads.list", "men.list", "pets.retrieve"],
        ),
        (  # framework's ids, which repeat the path
            [Facts("get", "/pets/{id}", "get/pets"), Facts("post", "/pets", "pets/POST")],
            ["pets.retrieve", "pets.create"],
        ),
        (
            [
                Facts("post", "/s/{id}/share", "session.share"),
                Facts("delete", "/s/{id}/share", "session.unshare"),
            ],
            ["session.share", "session.unshare"],
        ),
    ],
)
def test_what_vendors_ship(operations: list[Facts], addresses: list[str]) -> None:
    assert list(surface(operations).values()) == addresses


def test_of_two_with_one_name_the_plainer_path_keeps_it() -> None:
    operations = [
        Facts("delete", "/browsers", "deleteBrowsers"),
        Facts("delete", "/browsers/{id}", "deleteBrowsersById"),
        Facts("get", "/browsers/{id}"),
        Facts("get", "/a/{id}/parts", "partsOfA", answer="list"),
        Facts("get", "/a/{id}/b/{b}/parts", "partsOfB", answer="list"),
        Facts("get", "/a/b/parts", "allParts", answer="list"),
    ]
    found = surface(operations)
    assert found["delete /browsers/{id}"] == "browsers.delete"
    assert found["delete /browsers"] == "browsers.delete_all"
    assert len(set(found.values())) == len(found)


def test_owners_of_a_collection_service_prefixes_and_hyphens_are_read() -> None:
    events = "AppSetService_ListEvents"
    found = surface(
        [
            Facts("get", "/flags/{project}", "getFlags", answer="wrapped"),
            Facts("post", "/flags/{project}", "postFlag"),
            Facts("get", "/flags/{project}/{flag}", "getFlag"),
            Facts("patch", "/flags/{project}/{flag}", "patchFlag"),
            Facts("get", "/sets/{name}/events", events, "AppSetService", "wrapped"),
            Facts("put", "/sets/{name}/spec", "AppSetService_UpdateSpec", "AppSetService"),
            Facts("put", "/t/-/{id}.json", "updateTopic"),
            Facts("get", "/t/{id}.json", "getTopic"),
        ]
    )
    assert list(found.values()) == [
        "flags.list",
        "flags.create",
        "flags.retrieve",
        "flags.update",
        "sets.events.list",
        "sets.update_spec",
        "t.update",
        "t.retrieve",
    ]
