"""The index: every operation, by resource, with what other clients call it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from specloom import ir
from specloom.docs.additions import addition
from specloom.docs.deprecation import Deprecation
from specloom.docs.guides import Guide
from specloom.docs.operations import has_own_id
from specloom.docs.places import INDEX, LEFT_OUT, README, Place, href, resource_place
from specloom.docs.prose import block, cell, code
from specloom.docs.resources import Pages
from specloom.naming.names import address_of, all_resources, client_path
from specloom.sdk.method_docstrings import what_it_does
from specloom.sdk.views import PlannedFile


@dataclass(frozen=True, slots=True)
class Row:
    """An operation in a table."""

    method: str
    told: str
    endpoint: str
    id: str


def index_page(pages: Pages, guides: list[Guide]) -> PlannedFile:
    """The page that leads to all others."""
    context = {
        "title": cell(pages.api.title, INDEX),
        "told": block(pages.api.description, INDEX),
        "readme": href(Place(README), INDEX),
        "guides": [f"[{one.title}]({href(one.place, INDEX)}): {one.told}" for one in guides],
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
    id_ = code(operation.id).replace("|", "\\|") if has_own_id(operation) else ""
    method = pages.names.methods[operation.pointer]
    link = f"[`{address_of(resource, method)}`]({href(place, INDEX)})"
    deprecated = Deprecation(pages.names, pages.places, INDEX).operation(operation)
    told = deprecated or _one_line(what_it_does(operation))
    yield Row(f"~~{link}~~" if deprecated else link, told, endpoint, id_)
    if operation.poll is not None:
        waiting = pages.names.polls[operation.pointer]
        link = f"[`{address_of(resource, waiting)}`]({href(Place(place.page, waiting), INDEX)})"
        told = deprecated or f"Call `{method}` and wait until its job ends."
        yield Row(f"~~{link}~~" if deprecated else link, told, endpoint, id_)


def _former_rows(resource: ir.Resource, pages: Pages) -> Iterator[Row]:
    """The former names of methods."""
    deprecation = Deprecation(pages.names, pages.places, INDEX)
    for former, told in deprecation.former(resource, pages.places.operations):
        yield Row(f"~~{former}~~", told, "", "")


def _one_line(text: str) -> str:
    """The first sentence of the first paragraph, for a table."""
    first = text.strip().split("\n\n")[0]
    sentence, stop, _ = " ".join(first.split()).partition(". ")
    return cell(sentence + stop.strip(), INDEX)
