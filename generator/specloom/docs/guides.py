"""Guides: one page for each subject that the API has, with examples from its own operations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from specloom import ir
from specloom.docs.additions import stream_additions
from specloom.docs.calls import Examples, Way
from specloom.docs.code import Arguments, Raw, call
from specloom.docs.credentials import credentials_told, oauth_told
from specloom.docs.errors import meanings_told
from specloom.docs.places import INDEX, Place, guide, href
from specloom.docs.prose import code
from specloom.docs.resources import Pages
from specloom.docs.servers import chosen_clients, servers_told
from specloom.docs.showcase import Showcase
from specloom.sdk.views import PlannedFile


@dataclass(frozen=True, slots=True)
class Guide:
    """A guide; ``told`` is its content in one line."""

    name: str
    title: str
    told: str

    @property
    def place(self) -> Place:
        """Its page."""
        return guide(self.name)


def guides_of(api: ir.Api, showcase: Showcase) -> list[Guide]:
    """The guides that apply to the API, in reading order."""
    has_files = showcase.takes_files or showcase.download is not None
    found = [
        ("configuration", "Configuration", "arguments of the client, options of one call", True),
        (
            "authentication",
            "Authentication",
            "credentials and their sources",
            api.security_schemes,
        ),
        ("errors", "Errors", "exceptions and their attributes", True),
        ("retries", "Retries and timeouts", "when a request is retried, timeouts", True),
        ("pages", "Pagination", "iterating over lists", showcase.page),
        ("streams", "Streaming", "reading events as they arrive", showcase.stream),
        ("waiting", "Polling", "waiting for a job to end", showcase.poll),
        ("files", "Files", "uploads and downloads", has_files),
        ("raw-responses", "Raw responses", "headers and bodies of responses", True),
        ("logging", "Logging", "logging requests and responses", True),
        ("testing", "Testing your code", "a fake server for tests", True),
    ]
    return [Guide(name, title, told) for name, title, told, applies in found if applies]


def guide_pages(pages: Pages, guides: list[Guide], showcase: Showcase) -> Iterator[PlannedFile]:
    """The planned pages of the guides. All have the same context and their own address."""
    shared = guide_context(pages.api, pages.examples, showcase)
    shared["guides"] = {one.name for one in guides}
    for one in guides:
        page = one.place.page
        context = {
            "title": one.title,
            "index": href(Place(INDEX), page),
            "credentials": list(credentials_told(pages.api, page)),
            "has_digest": any(one.wire_name == "Digest" for one in pages.api.security_schemes),
            **oauth_told(pages.api, page),
            "servers": list(servers_told(pages.api, page)),
            "chosen_clients": chosen_clients(
                pages.api, pages.examples.client, pages.examples.credentials
            ),
            "has_own_servers": any(one.servers for one in pages.api.operations()),
            "meanings": meanings_told(pages.meanings, page),
            "event_type": _event_type(showcase.stream, pages, page),
            "stream_additions": stream_additions(pages.api, pages.include, page),
        }
        yield PlannedFile(page, f"docs/guides/{one.name}.md.j2", shared | context)


def guide_context(api: ir.Api, examples: Examples, showcase: Showcase) -> dict[str, Any]:
    """The examples and settings of guides and README, as text; empty if one does not apply."""
    return {
        "package": api.settings.package,
        "client": api.settings.client,
        "settings": api.settings,
        "own_headers": [code(f"{name}: {value}") for name, value in api.settings.headers],
        "takes_files": showcase.takes_files,
        **_calls(examples, showcase),
        **_programs(examples, showcase),
        **_clients(examples),
        "answers": _answer(api, examples, showcase.first),
        "poll_method": examples.method(showcase.poll, "poll") if showcase.poll else "",
        "raw_call": _raw(examples, showcase.first, "response = ", "with_raw_response"),
        "streamed_call": _raw(examples, showcase.first, "with ", "with_streaming_response"),
    }


def _calls(examples: Examples, showcase: Showcase) -> dict[str, str]:
    first, page, stream = showcase.first, showcase.page, showcase.stream
    patient = [("timeout", 20.0), ("max_retries", 5)]
    return {
        "first": examples.use(first),
        "first_patient": examples.use(first, extra=patient),
        "first_with_header": examples.use(first, extra=[("extra_headers", {"X-Trace": "abc"})]),
        "first_busy": examples.use(first, indent=4, client="busy"),
        "failing": examples.use(showcase.failing, indent=4),
        "page": examples.use(page) if page else "",
        "async_page": examples.use(page, indent=8, is_async=True) if page else "",
        "page_call": examples.expression(page, column=len("page = ")) if page else "",
        "page_style": page.pagination.style if page and page.pagination else "",
        "stream": examples.use(stream, "stream") if stream else "",
    }


def _programs(examples: Examples, showcase: Showcase) -> dict[str, str]:
    def program(operation: ir.Operation | None, way: Way = "call") -> str:
        return examples.program(operation, way) if operation else ""

    def async_program(operation: ir.Operation | None, way: Way = "call") -> str:
        return examples.async_program(operation, way) if operation else ""

    return {
        "first_program": program(showcase.first),
        "first_async_program": async_program(showcase.first),
        "failing_program": program(showcase.failing),
        "page_program": program(showcase.page),
        "page_async_program": async_program(showcase.page),
        "stream_program": program(showcase.stream, "stream"),
        "stream_async_program": async_program(showcase.stream, "stream"),
        "poll_program": program(showcase.poll, "poll"),
        "poll_async_program": async_program(showcase.poll, "poll"),
        "upload_program": program(showcase.upload),
        "download_program": program(showcase.download),
    }


def _clients(examples: Examples) -> dict[str, Any]:
    """Clients with arguments, each as one expression."""

    def client(*arguments: tuple[str, Any]) -> str:
        return call(examples.client, arguments, column=len("client = "), indent=0)

    def with_server(*arguments: tuple[str, Any]) -> str:
        base_url = ("base_url", "https://api.test")
        server = ("http_client", Raw("server.client()"))
        return client(*examples.test_credentials, base_url, server, *arguments)

    return {
        "constructor": examples.constructor,
        "patient_client": client(*examples.credentials, ("max_retries", 5), ("timeout", 30.0)),
        "test_client": with_server(),
        "busy_client": with_server(("max_retries", 0)),
        "given_client": client(*_by_hand(examples.test_credentials)),
        "has_key": any(name == "api_key" for name, _ in examples.test_credentials),
    }


def _by_hand(credentials: Arguments) -> Arguments:
    return [(name, "your key" if name == "api_key" else value) for name, value in credentials]


def _answer(api: ir.Api, examples: Examples, operation: ir.Operation) -> dict[str, str]:
    """What the server of a test is told to answer: a result, and an error."""
    pointer = dict(api.settings.error_pointers).get("message", "/message")
    path = re.sub(r"\{[^}]*\}", "{id}", operation.path)
    given = examples.answer(operation)
    place = [("", operation.http_method), ("", path)]
    refusal = [("", _nested(pointer, "Slow down.")), ("status", 429)]
    return {
        name: call("server.answer", [*place, *answer], column=0, indent=0)
        for name, answer in (("result", [("", given)]), ("refusal", refusal))
    }


def _nested(pointer: str, told: str) -> object:
    """The smallest JSON value that has a text where the pointer says."""
    value: object = told
    for part in reversed(pointer.split("/")[1:]):
        key = part.replace("~1", "/").replace("~0", "~")  # RFC 6901 §4
        value = [value] if part == "0" else {key: value}
    return value


def _raw(examples: Examples, operation: ir.Operation, before: str, view: str) -> str:
    return before + examples.expression(operation, column=len(before), view=view)


def _event_type(operation: ir.Operation | None, pages: Pages, page: str) -> str:
    stream = operation.stream if operation is not None else None
    return pages.wording(page).read(stream.type) if stream is not None else ""
