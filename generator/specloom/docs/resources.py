"""A page for each resource."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from specloom import ir
from specloom.custom_code.include import Include
from specloom.docs.additions import Addition, addition
from specloom.docs.calls import Examples
from specloom.docs.deprecation import Deprecation
from specloom.docs.errors import Meanings
from specloom.docs.operations import Section, Sections
from specloom.docs.places import INDEX, Place, Places, guide, href, resource_place
from specloom.docs.prose import block
from specloom.docs.type_text import Wording
from specloom.docs.uses import Uses
from specloom.ir.usage import Usage
from specloom.naming.names import Names, all_resources, client_path, resource_class
from specloom.sdk.views import PlannedFile


@dataclass(frozen=True, slots=True)
class Pages:
    """What every page is made from."""

    api: ir.Api
    names: Names
    usage: Usage
    places: Places
    uses: Uses
    examples: Examples
    meanings: Meanings
    include: Include | None = None

    def wording(self, page: str) -> Wording:
        """Words for types on a page."""
        return Wording(self.api, self.names, self.usage, self.places, page)


def resource_pages(pages: Pages) -> Iterator[PlannedFile]:
    """The page of every resource."""
    for resource in all_resources(pages.api.resources):
        page = resource_place(resource.path).page
        added = addition(resource_class(resource), resource.mixin, pages.include, page)
        context = _context(resource, pages, page, added)
        yield PlannedFile(page, "docs/resources/resource.md.j2", context)


def _context(
    resource: ir.Resource, pages: Pages, page: str, added: Addition | None
) -> dict[str, object]:
    sections = Sections(
        pages.names, pages.places, pages.wording(page), pages.examples, pages.meanings
    )
    return {
        "path": client_path(resource),
        "told": block(resource.description, page),
        "index": href(Place(INDEX), page),
        "options": href(guide("configuration", "options-of-one-call"), page),
        "contents": list(_contents(resource, pages, page)),
        "sections": [*_sections(resource, sections)],
        "former": list(_former(resource, pages, page)),
        "addition": added,
    }


def _former(resource: ir.Resource, pages: Pages, page: str) -> Iterator[str]:
    """The former names of methods."""
    deprecation = Deprecation(pages.names, pages.places, page)
    for former, told in deprecation.former(resource, pages.places.operations):
        yield f"~~{former}~~: {told}"


def _sections(resource: ir.Resource, sections: Sections) -> Iterator[Section]:
    for operation in resource.operations:
        yield sections.section(operation)
        if operation.poll is not None:
            yield sections.waiting(operation, operation.poll)


def _contents(resource: ir.Resource, pages: Pages, page: str) -> Iterator[str]:
    """Sentences: the methods, and the resources below."""
    names = [
        name
        for one in resource.operations
        for name in (pages.names.methods[one.pointer], pages.names.polls.get(one.pointer, ""))
    ]
    methods = [f"[`{name}`](#{name})" for name in names if name]
    children = [
        f"[`{client_path(child)}`]({href(resource_place(child.path), page)})"
        for child in resource.children
    ]
    if methods:
        yield f"Methods: {', '.join(methods)}."
    if children:
        yield f"Sub-resources: {', '.join(children)}."
