"""Descriptions as web frameworks write them: pages of Spring, encodings of Kubernetes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from specloom.options import BuildOptions
from specloom.pipeline import read
from support.generated import Sdk
from support.loopback import Loopback


def spring(number: int, *titles: str) -> dict[str, Any]:
    content = [{"title": title} for title in titles]
    return {"content": content, "number": number, "totalPages": 3, "last": number == 2}


def walked(server: Loopback, found: Any) -> tuple[list[str], list[str]]:
    titles = [book.title for book in found]
    return titles, [one.raw_query for one in server.received]


def test_pages_of_spring_begin_at_0(sdk: Sdk, server: Loopback) -> None:
    for number, title in enumerate("ABC"):
        server.answer(spring(number, title))
    client = sdk.client(server.base_url)
    assert walked(server, client.books.list()) == (["A", "B", "C"], ["", "page=1", "page=2"])


def test_pages_of_a_pageable_object(sdk: Sdk, server: Loopback) -> None:
    for number, title in enumerate("ABC"):
        server.answer(spring(number, title))
    client = sdk.client(server.base_url)
    found = client.authors.list(pageable={"size": 1})
    assert walked(server, found) == (
        ["A", "B", "C"],
        ["size=1", "size=1&page=1", "size=1&page=2"],
    )


def test_pages_that_are_said_to_begin_at_0(sdk: Sdk, server: Loopback) -> None:
    for titles in (["A"], ["B"], []):
        server.answer({"items": [{"title": title} for title in titles]})
    client = sdk.client(server.base_url)
    assert walked(server, client.loans.list()) == (["A", "B"], ["", "page=1", "page=2"])


def test_another_encoding_of_the_same_object_is_no_second_type(sdk: Sdk, server: Loopback) -> None:
    server.answer({"name": "R"})
    client = sdk.client(server.base_url)
    assert client.rooms.retrieve("r").name == "R"
    assert "protobuf" not in server.last.headers["accept"]
    assert "BinaryContent" not in sdk.source("docs/resources/rooms.md")
    assert sdk.warnings == ("unused-field",)  # the schema of the PDF


def test_a_document_beside_json_can_be_asked_for(sdk: Sdk, server: Loopback) -> None:
    server.answer(b"%PDF", content_type="application/pdf")
    client = sdk.client(server.base_url)
    found = client.invoices.retrieve("i", extra_headers={"accept": "application/pdf"})
    assert found.content == b"%PDF"


def test_a_parameter_that_is_a_credential_is_an_argument_of_the_client(
    sdk: Sdk, server: Loopback
) -> None:
    for _ in range(5):
        server.answer(status=204)
    client = sdk.client(server.base_url, api_key="k")
    client.keys.list(kind="a")
    assert (server.last.headers["x-api-key"], server.last.raw_query) == ("k", "kind=a")
    client.keys.delete()
    assert server.last.headers["x-api-key"] == "k"
    client.locks.list()
    assert server.last.headers["x-api-key"] == "k"
    client.keys.create(x_api_key="own")  # its security says that the client sends nothing
    assert server.last.headers["x-api-key"] == "own"
    client.rooms.with_raw_response.retrieve("r")
    assert "x-api-key" not in server.last.headers


def test_an_optional_credential_may_be_missing(sdk: Sdk, server: Loopback) -> None:
    server.answer(status=204)
    client = sdk.client(server.base_url)
    client.keys.delete()
    assert "x-api-key" not in server.last.headers
    with pytest.raises(sdk.module.ConfigurationError):
        client.keys.list()


def test_types_without_a_name_have_no_numbers(sdk: Sdk) -> None:
    names = {one for one in dir(sdk.types) if one.startswith("Map")}
    assert names == {
        "MapCreateError",
        "MapCreate409Error",
        "MapCreateResponse",
        "MapCreate202Response",
        "MapListResponse",
        "MapListResponseBounds",
        "MapListResponseBoundsNorthEast",
        "MapUpdateError",
    }


@pytest.mark.parametrize(("package", "codes"), [("", ["missing-field"]), ("shelf", [])])
def test_a_description_without_a_name_is_a_warning(
    tmp_path: Path, package: str, codes: list[str]
) -> None:
    spec = tmp_path / "spec.yaml"
    sdk = f"x-sdk: {{package: {package}}}\n" if package else ""
    paths = "paths: {/a: {get: {responses: {'204': {description: Done.}}}}}\n"
    spec.write_text(f"openapi: 3.0.3\ninfo: {{version: '1'}}\n{sdk}{paths}")
    problems = read(spec, BuildOptions()).problems
    assert [problem.code for problem in problems if "title" in problem.message] == codes
