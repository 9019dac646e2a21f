"""The README, the index, and a guide for each subject that the API has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from specloom import ir
from specloom.docs.calls import Examples, Way
from specloom.docs.pages import Deprecation, Pages, addition, meaning_entries, stream_additions
from specloom.docs.places import (
    API_LIST,
    INDEX,
    LEFT_OUT,
    README,
    Place,
    guide,
    href,
    repository_files,
    resource_place,
)
from specloom.docs.prose import block, cell, code
from specloom.docs.showcase import (
    Showcase,
    chosen_clients,
    credential_entries,
    oauth_context,
    own_argument_entries,
    page_size,
    server_entries,
    usual_values,
)
from specloom.layout import Raw, call, plain
from specloom.naming.names import address_of, all_resources, client_path
from specloom.sdk.client_arguments import server_arguments
from specloom.sdk.method_docstrings import what_it_does
from specloom.sdk.views import PlannedFile

_STANDARD = {
    "header": "webhook-signature",
    "timestamp_header": "webhook-timestamp",
    "id_header": "webhook-id",
}


def webhook_entries(pages: Pages, page: str) -> dict[str, Any]:
    """The values for the guide; none for an API without webhooks."""
    webhooks = pages.api.webhooks
    if webhooks is None:
        return {}
    said = dict(webhooks.signature)
    is_standard = "header" not in said
    headers = _STANDARD if is_standard else said
    wording = pages.wording(page)
    return {
        "is_standard": is_standard,
        "headers": [code(value) for key in _STANDARD if (value := headers.get(key))],
        "has_time": is_standard or "{timestamp}" in said.get("signed", ""),
        "tolerance": f"{webhooks.tolerance:g}",
        "event": wording.read(webhooks.event),
        "event_header": code(said["event_header"]) if said.get("event_header") else "",
        "named": [(code(name), wording.read(type_ref)) for name, type_ref in webhooks.named],
        "is_union": isinstance(_inner(webhooks.event, pages.api), ir.UnionOf),
    }


def _inner(type_ref: ir.TypeRef, api: ir.Api) -> ir.TypeRef:
    named = api.types.get(type_ref.key) if isinstance(type_ref, ir.Ref) else None
    return named.type if isinstance(named, ir.Alias) else type_ref


@dataclass(frozen=True, slots=True)
class Guide:
    """A guide; ``summary`` is its content in one line."""

    name: str
    title: str
    summary: str

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
        ("webhooks", "Webhooks", "checking and reading what the API sends", api.webhooks),
        ("raw-responses", "Raw responses", "headers and bodies of responses", True),
        ("logging", "Logging", "logging requests and responses", True),
        (
            "middleware",
            "Middleware and telemetry",
            "functions around each request, OpenTelemetry, recorders",
            True,
        ),
        ("testing", "Testing your code", "a fake server for tests", True),
    ]
    return [Guide(name, title, summary) for name, title, summary, applies in found if applies]


def guide_pages(pages: Pages, guides: list[Guide], showcase: Showcase) -> Iterator[PlannedFile]:
    """The planned pages of the guides. All have the same context and their own address."""
    shared = guide_context(pages.api, pages.examples, showcase)
    shared["guides"] = {one.name for one in guides}
    for one in guides:
        page = one.place.page
        context = {
            "title": one.title,
            "index": href(Place(INDEX), page),
            "credentials": list(credential_entries(pages.api, page)),
            "has_digest": any(one.wire_name == "Digest" for one in pages.api.security_schemes),
            **oauth_context(pages.api, page),
            "own_arguments": list(own_argument_entries(pages.api, page)),
            "servers": list(server_entries(pages.api, page)),
            "chosen_clients": chosen_clients(
                pages.api, pages.examples.client, pages.examples.credentials
            ),
            "has_own_servers": any(one.servers for one in pages.api.operations()),
            "meanings": meaning_entries(pages.meanings, page),
            "event_type": _event_type(showcase.stream, pages, page),
            "page_size": page_size(showcase.page, pages.names),
            "webhook": webhook_entries(pages, page),
            "stream_additions": stream_additions(pages.api, pages.include, page),
        }
        yield PlannedFile(page, f"docs/guides/{one.name}.md.j2", shared | context)


def guide_context(api: ir.Api, examples: Examples, showcase: Showcase) -> dict[str, Any]:
    """The examples and settings of guides and README as text; empty if one does not apply."""
    return {
        "package": api.settings.package,
        "distribution": api.settings.distribution,
        "client": api.settings.client,
        "settings": api.settings,
        "own_headers": [code(f"{name}: {value}") for name, value in api.settings.headers],
        "takes_files": showcase.takes_files,
        "error_body": "body" in dict(api.settings.error_pointers),
        **usual_values(api.settings),
        **_calls(examples, showcase),
        **_programs(examples, showcase),
        **_clients(examples),
        "answers": _answer(api, examples, showcase.first),
        "built": examples.by_hand(showcase.first),
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
        "opening_program": program(showcase.opening),
        "opening_async_program": async_program(showcase.opening),
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

    credentials = examples.test_credentials
    by_hand = [(name, "your key" if name == "api_key" else one) for name, one in credentials]
    return {
        "constructor": examples.constructor,
        "patient_client": client(*examples.credentials, ("max_retries", 5), ("timeout", 30.0)),
        "test_client": with_server(),
        "middleware_client": client(*examples.credentials, ("middleware", Raw("[stamp]"))),
        "telemetry_client": client(*examples.credentials, ("middleware", Raw("[OpenTelemetry()]"))),
        "recorded_client": client(*examples.credentials, ("http_client", Raw("httpx2.Client()"))),
        "busy_client": with_server(("max_retries", 0)),
        "given_client": client(*by_hand),
        "has_key": any(name == "api_key" for name, _ in credentials),
    }


def _answer(api: ir.Api, examples: Examples, operation: ir.Operation) -> dict[str, str]:
    """The calls that set the answers of a test server: a result, and an error."""
    pointer = dict(api.settings.error_pointers).get("message", "/message")
    path = re.sub(r"\{[^}]*\}", "{id}", operation.path)
    place = [("", operation.http_method), ("", path)]
    result = [("", examples.answer(operation))]
    refusal = [("", _nested(pointer, "Slow down.")), ("status", 429)]
    return {
        "result": call("server.answer", [*place, *result], column=0, indent=0),
        "refusal": call("server.answer", [*place, *refusal], column=0, indent=0),
    }


def _nested(pointer: str, text: str) -> object:
    """The smallest JSON value that has a text where the pointer says."""
    value: object = text
    for part in reversed(pointer.split("/")[1:]):
        key = part.replace("~1", "/").replace("~0", "~")  # RFC 6901 §4
        value = [value] if part == "0" else {key: value}
    return value


def _raw(examples: Examples, operation: ir.Operation, before: str, view: str) -> str:
    return before + examples.expression(operation, column=len(before), view=view)


def _event_type(operation: ir.Operation | None, pages: Pages, page: str) -> str:
    stream = operation.stream if operation is not None else None
    return pages.wording(page).read(stream.type) if stream is not None else ""


def readme(pages: Pages, guides: list[Guide], showcase: Showcase | None) -> PlannedFile:
    """The README; without operations it has no examples.

    Every client has a base URL if the description has no server.
    """
    api = pages.api
    has_address = any(one.url.startswith(("http://", "https://")) for one in api.servers)
    examples = pages.examples
    if not has_address:
        examples = examples.with_base_url("https://api.example.com")
    settings = api.settings
    address = api.servers[0].url if api.servers else ""
    base = repository_files(settings.project)
    note = api.servers[0].description if api.servers else ""
    context = {
        "distribution": settings.distribution,
        "title": cell(api.title, README),
        "description": block(api.description, README),
        "index": base + INDEX,
        "api_list": base + API_LIST,
        "left_out": LEFT_OUT if api.left_out else "",
        "left_out_link": base + LEFT_OUT,
        "guides": {one.name: base + href(one.place, README) for one in guides},
        "has_key": any(name == "api_key" for name, _ in pages.examples.test_credentials),
        "base_url": code(plain(address)) if address.startswith(("http://", "https://")) else "",
        "base_url_note": block(note, README) if note else "",
        "choices": [code(one.name) for one in server_arguments(api).all()],
        "examples": (guide_context(api, examples, showcase) if showcase is not None else None),
        "variables": _variables(pages),
    }
    return PlannedFile(README, "README.md.j2", context)


def _variables(pages: Pages) -> list[tuple[str, str]]:
    """Environment variables with their meanings. The first one of a kind takes precedence."""
    settings = pages.api.settings
    found: list[tuple[str, str]] = []
    has_key = any(name == "api_key" for name, _ in pages.examples.test_credentials)
    groups = [
        (settings.api_key_environment if has_key else (), "the API key, the default of `api_key`"),
        (settings.base_url_environment, "the base URL, the default of `base_url`"),
    ]
    own = settings.client_arguments
    groups += [(one.environment, f"the default of `{one.name}`") for one in own]
    for variables, meaning in groups:
        for index, name in enumerate(variables):
            earlier = f"; `{variables[index - 1]}` takes precedence" if index else ""
            found.append((name, meaning + earlier))
    if settings.log_environment:
        found.append((settings.log_environment, "the log level: `info`, `debug` or `bodies`"))
    return found


@dataclass(frozen=True, slots=True)
class Row:
    """An operation in a table."""

    method: str
    description: str
    endpoint: str
    id: str


def index_page(pages: Pages, guides: list[Guide]) -> PlannedFile:
    """The index page, which links to all others."""
    context = {
        "title": cell(pages.api.title, INDEX),
        "description": block(pages.api.description, INDEX),
        "readme": href(Place(README), INDEX),
        "api_list": href(Place(API_LIST), INDEX) if guides else "",
        "guides": [f"[{one.title}]({href(one.place, INDEX)}): {one.summary}" for one in guides],
        "resources": _resources(pages),
        "addition": addition(
            pages.api.settings.client, pages.api.settings.mixin, pages.include, INDEX
        ),
        "types": [
            f"[{page.title}]({href(Place(page.path), INDEX)})" for page in pages.places.types_pages
        ],
        "left_out": href(Place(LEFT_OUT), INDEX) if pages.api.left_out else "",
    }
    return PlannedFile(INDEX, "docs/README.md.j2", context)


def _resources(pages: Pages) -> list[tuple[str, list[Row]]]:
    found: list[tuple[str, list[Row]]] = []
    for resource in all_resources(pages.api.resources):
        link = f"[`{client_path(resource)}`]({href(resource_place(resource.path), INDEX)})"
        rows = [row for one in resource.operations for row in _rows(one, resource, pages)]
        rows += _former_rows(resource, pages)
        if rows:
            found.append((link, rows))
    return found


def _rows(operation: ir.Operation, resource: ir.Resource, pages: Pages) -> Iterator[Row]:
    """The method of an operation, and its polling method."""
    place = pages.places.operation(operation)
    endpoint = code(f"{operation.http_method} {operation.path}").replace("|", "\\|")
    id_ = code(operation.id).replace("|", "\\|") if operation.has_own_id else ""
    method = pages.names.methods[operation.pointer]
    link = f"[`{address_of(resource, method)}`]({href(place, INDEX)})"
    deprecated = Deprecation(pages, INDEX).operation(operation)
    description = deprecated or _one_line(what_it_does(operation))
    yield Row(f"~~{link}~~" if deprecated else link, description, endpoint, id_)
    if operation.poll is not None:
        waiting = pages.names.polls[operation.pointer]
        link = f"[`{address_of(resource, waiting)}`]({href(Place(place.page, waiting), INDEX)})"
        description = deprecated or f"Call `{method}` and wait until its job ends."
        yield Row(f"~~{link}~~" if deprecated else link, description, endpoint, id_)


def _former_rows(resource: ir.Resource, pages: Pages) -> Iterator[Row]:
    """The former names of methods, and aliases."""
    deprecation = Deprecation(pages, INDEX)
    for former, note in deprecation.former(resource, pages.places.operations):
        yield Row(former, note, "", "")


def _one_line(text: str) -> str:
    """The first sentence of the first paragraph, for a table."""
    first = text.strip().split("\n\n")[0]
    sentence, stop, _ = " ".join(first.split()).partition(". ")
    return cell(sentence + stop.strip(), INDEX)
