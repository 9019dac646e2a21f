"""The pages that people read: the README of the SDK, the reference and the guides."""

from __future__ import annotations

from collections.abc import Iterator

from specloom import ir
from specloom.custom_code import Include
from specloom.docs.answers import answers_text
from specloom.docs.calls import Examples
from specloom.docs.guides import guide_pages, guides_of, index_page, readme
from specloom.docs.pages import Pages, meanings_of, uses_of
from specloom.docs.places import Places
from specloom.docs.resources import api_list, resource_pages
from specloom.docs.showcase import needed_arguments, showcase_of, test_arguments
from specloom.docs.types import types_pages
from specloom.ir.usage import Usage
from specloom.layout import Raw, call
from specloom.naming.names import Names, all_resources, attribute_path
from specloom.sdk.views import PlannedFile

__all__ = ["examples_of", "page_files"]


def page_files(
    api: ir.Api,
    names: Names,
    usage: Usage,
    include: Include | None = None,
) -> Iterator[PlannedFile]:
    """Every page; guides only if there is an operation to show.

    ``include`` contains the hand-written classes, which the pages document too.
    """
    places, uses = Places(api, names, usage), uses_of(api)
    examples = examples_of(api, names)
    pages = Pages(api, names, usage, places, uses, examples, meanings_of(api), include)
    showcase = showcase_of(api, names, usage)
    guides = guides_of(api, showcase) if showcase is not None else []
    yield readme(pages, guides, showcase)
    yield index_page(pages, guides)
    if showcase is not None:
        yield from guide_pages(pages, guides, showcase)
        yield api_list(pages)
    yield from _test_files(api, examples)
    yield from resource_pages(pages)
    yield from types_pages(pages)


def _test_files(api: ir.Api, examples: Examples) -> Iterator[PlannedFile]:
    """The answers of the fake server, and the pytest fixtures."""
    package = api.settings.package
    answers = {"answers": answers_text(api)}
    yield PlannedFile(f"{package}/_answers.json", "package/_answers.json.j2", answers)
    server = "{}_server.{}()"
    arguments = [*examples.test_credentials, ("base_url", "https://api.test")]
    http_clients = {
        name: ("http_client", Raw(server.format(package, method)))
        for name, method in (("made", "client"), ("async_made", "async_client"))
    }
    context = {
        "package": package,
        "client": examples.client,
        "made": call(examples.client, [*arguments, http_clients["made"]], column=13, indent=4),
        "async_made": call(
            f"Async{examples.client}",
            [*arguments, http_clients["async_made"]],
            column=11,
            indent=4,
        ),
    }
    yield PlannedFile(f"{package}/_pytest.py", "package/_pytest.py.j2", context)


def examples_of(api: ir.Api, names: Names) -> Examples:
    """The examples of the operations."""
    resources = {
        operation.pointer: attribute_path(resource)
        for resource in all_resources(api.resources)
        for operation in resource.operations
    }
    return Examples(api, names, resources, needed_arguments(api), test_arguments(api))
