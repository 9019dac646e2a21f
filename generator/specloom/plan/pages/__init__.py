"""The pages that people read: the README of the SDK, the reference and the guides."""

from __future__ import annotations

from collections.abc import Iterator

from specloom import ir
from specloom.included.include import Include
from specloom.naming.names import Names, all_resources, attribute_path
from specloom.plan.pages.calls import Examples
from specloom.plan.pages.credentials import needed_arguments, test_arguments
from specloom.plan.pages.errors import meanings_of
from specloom.plan.pages.guides import guide_pages, guides_of
from specloom.plan.pages.index import index_page
from specloom.plan.pages.places import Places
from specloom.plan.pages.readme import readme
from specloom.plan.pages.resources import Pages, resource_pages
from specloom.plan.pages.showcase import showcase_of
from specloom.plan.pages.types import types_pages
from specloom.plan.pages.uses import Uses
from specloom.plan.views import PlannedFile
from specloom.usage import Usage

__all__ = ["page_files"]


def page_files(
    api: ir.Api,
    names: Names,
    usage: Usage,
    places: Places,
    uses: Uses,
    include: Include | None = None,
) -> Iterator[PlannedFile]:
    """Every page; the guides only where there is an operation to show."""
    resources = {
        operation.pointer: attribute_path(resource)
        for resource in all_resources(api.resources)
        for operation in resource.operations
    }
    examples = Examples(api, names, resources, needed_arguments(api), test_arguments(api))
    pages = Pages(api, names, usage, places, uses, examples, meanings_of(api), include)
    showcase = showcase_of(api, names, usage)
    guides = guides_of(api, showcase) if showcase is not None else []
    yield readme(pages, guides, showcase)
    yield index_page(pages, guides)
    if showcase is not None:
        yield from guide_pages(pages, guides, showcase)
    yield from resource_pages(pages)
    yield from types_pages(pages)
