"""What the default reading makes of a description: pages and types follow the names of methods."""

from __future__ import annotations

from pathlib import Path

import pytest

from specloom.options import BuildOptions
from specloom.pipeline import Reading, read

DESCRIPTION = """\
openapi: 3.1.0
info: {title: Shop, version: "1"}
paths:
  /sessions/{id}:
    parameters: [{$ref: "#/components/parameters/id"}, {$ref: "#/components/parameters/offset"}]
    get: {operationId: getSession, responses: {"200": {$ref: "#/components/responses/Found"}}}
  /files/{id}:
    parameters: [{$ref: "#/components/parameters/id"}, {$ref: "#/components/parameters/offset"}]
    get: {operationId: list_files, responses: {"200": {$ref: "#/components/responses/Found"}}}
  /stores/{id}/parts:
    parameters: [{$ref: "#/components/parameters/id"}]
    get: {responses: {"200": {$ref: "#/components/responses/Own"}}}
  /towns/{id}/parts:
    parameters: [{$ref: "#/components/parameters/id"}]
    get: &list {responses: {"200": {description: ok, content: &own {application/json: {schema: {
      type: object, properties: {parts: {type: array, items: {type: string}}, at: {type: string}}}}}}}}
  /towns/{id}/parts/sendById:
    parameters: [{$ref: "#/components/parameters/id"}]
    post: {responses: {"200": {description: ok, content: *own}}}
  /teams/{id}/part_sets:
    parameters: [{$ref: "#/components/parameters/id"}]
    get: {responses: {"200": {description: ok, content: {application/json: {schema: {type: object, properties: {
      status: {type: integer}, meta: {type: object, properties: {part_sets: {type: array, items: {type: string}},
      cursor: {type: object}}}}}}}}}}
  /shops/{id}/parts:
    parameters: [{$ref: "#/components/parameters/id"}]
    get: *list
components:
  parameters:
    id: {name: id, in: path, required: true, schema: {type: string}}
    offset: {name: offset, in: query, schema: {type: integer}}
  responses:
    Own: {description: ok}
    Found:
      description: found
      content:
        application/json:
          schema:
            type: object
            properties: {name: {type: string}, items: {type: array, items: {type: string}}}
"""


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    file: Path = tmp_path_factory.mktemp("names") / "shop.yaml"
    file.write_text(DESCRIPTION)
    return read(file, BuildOptions())


def test_a_list_inside_an_object_is_not_a_page(reading: Reading) -> None:
    paged = {
        reading.names.addresses[one.pointer]: one.pagination is not None
        for one in reading.api.operations()
        if one.path.startswith(("/sessions", "/files"))
    }
    assert paged == {"sessions.retrieve": False, "files.list": True}


def test_the_short_type_name_is_of_the_resource_with_more_operations(reading: Reading) -> None:
    types = {
        key.split("/paths/")[1].split("/responses")[0]: name
        for key, name in reading.names.types.items()
        if key.endswith("json/schema") and "/paths/" in key
    }
    assert types == {
        "~1towns~1{id}~1parts/get": "PartListResponse",
        "~1towns~1{id}~1parts~1sendById/post": "PartSendByIDResponse",
        "~1shops~1{id}~1parts/get": "ShopPartListResponse",
        "~1teams~1{id}~1part_sets/get": "PartSetListResponse",
    }


@pytest.mark.parametrize(
    ("title", "server", "package", "client"),
    [
        ("WorkOS", "https://example.com", "workos_sdk", "WorkOS"),
        ("PagerDuty Events API", "https://api.pagerduty.com", "pagerduty_events_sdk", "PagerDutyEvents"),
        ("CheckoutService", "https://example.com", "checkout_service_sdk", "CheckoutService"),
        ("TerminalAPI", "https://example.com", "terminal_sdk", "Terminal"),
        ("Slack Web API", "https://example.com", "slack_sdk", "Slack"),
        ("Shop Developer API", "https://example.com", "shop_sdk", "Shop"),
        ("RESTful API Version 2", "https://example.com", "api_client_sdk", "APIClient"),
        ("AmazonApiGatewayV2", "https://example.com", "amazon_api_gateway_sdk", "AmazonApiGateway"),
        ("Walls - Walls API", "https://example.com", "walls_sdk", "Walls"),
        ("3Commas API", "https://example.com", "three_commas_sdk", "ThreeCommas"),
        ("99designs", "https://example.com", "designs99_sdk", "Designs99"),
        ("8x8 Chat", "https://example.com", "chat_8x8_sdk", "Chat8x8"),
    ],
)  # fmt: skip
def test_the_package_is_named_after_what_the_title_means(
    title: str, server: str, package: str, client: str, tmp_path: Path
) -> None:
    file = tmp_path / "shop.yaml"
    text = DESCRIPTION.replace("title: Shop", f"title: {title}")
    file.write_text(f"{text}servers: [{{url: '{server}'}}]\n")
    settings = read(file, BuildOptions()).api.settings
    assert (settings.package, settings.client) == (package, client)


def test_a_shared_response_that_is_named_by_its_status_has_the_words_of_the_status(
    tmp_path: Path,
) -> None:
    file = tmp_path / "shop.yaml"
    text = DESCRIPTION.replace("responses/Found", "responses/202").replace("Found:", "'202':")
    file.write_text(text)
    names = read(file, BuildOptions()).names
    assert names.types["shop.yaml#/components/responses/202/content/application~1json/schema"] == (
        "AcceptedResponse"
    )


def test_a_list_within_meta_that_is_named_after_the_path_is_a_list(reading: Reading) -> None:
    place = "shop.yaml#/paths/~1teams~1{id}~1part_sets/get"
    assert reading.names.addresses[place] == "teams.part_sets.list"
