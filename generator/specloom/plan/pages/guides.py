"""Guides: one page for each subject that the API has, with examples from its own operations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from specloom import ir
from specloom.names import Names
from specloom.plan.pages.calls import Examples
from specloom.plan.pages.code import Arguments, flat_value, value_text
from specloom.plan.pages.errors import meanings_told
from specloom.plan.pages.places import INDEX, Place, guide, href
from specloom.plan.pages.resources import Pages
from specloom.plan.pages.results import result_of
from specloom.plan.pages.samples import Samples
from specloom.plan.pages.showcase import Showcase
from specloom.plan.views import PlannedFile


@dataclass(frozen=True, slots=True)
class Guide:
    """A page of the guides; ``told`` says in a line what is on it."""

    name: str
    title: str
    told: str

    @property
    def place(self) -> Place:
        """Where it stands."""
        return guide(self.name)


def guides_of(api: ir.Api, showcase: Showcase) -> list[Guide]:
    """The guides that apply, in the order to read them in."""
    has_files = showcase.takes_files or showcase.download is not None
    found = [
        ("configuration", "Configuration", "the client's arguments, options of one call", True),
        ("authentication", "Authentication", "keys, and where they come from", api.security_schemes),
        ("errors", "Errors", "what is raised when, and what it holds", True),
        ("retries", "Retries and timeouts", "what is sent again, how long it takes", True),
        ("pages", "Pages", "walking lists", showcase.page),
        ("streams", "Streams", "events while they happen", showcase.stream),
        ("files", "Files", "uploads and downloads", has_files),
        ("logging", "Logging", "seeing what is sent and received", True),
        ("testing", "Testing your code", "without a network", True),
    ]
    return [Guide(name, title, told) for name, title, told, applies in found if applies]


def guide_pages(pages: Pages, guides: list[Guide], showcase: Showcase) -> Iterator[PlannedFile]:
    """Every guide; all of them see the same context, besides their own address."""
    shared = guide_context(pages.api, pages.examples, showcase, pages.names)
    shared["names"] = {one.name for one in guides}
    for one in guides:
        page = one.place.page
        context = {
            "title": one.title,
            "index": href(Place(INDEX), page),
            "meanings": meanings_told(pages.meanings, page),
            "event_type": _event_type(showcase.stream, pages, page),
        }
        yield PlannedFile(page, f"docs/guides/{one.name}.md.j2", shared | context)


def guide_context(
    api: ir.Api, examples: Examples, showcase: Showcase, names: Names
) -> dict[str, Any]:
    """What the guides and the README show, as text."""
    settings = api.settings
    snippets = _Snippets(examples, api, names)
    return {
        "package": settings.package,
        "client": settings.client,
        "settings": settings,
        "constructor": examples.constructor,
        "first_program": examples.program(showcase.first),
        "first_async_program": examples.async_program(showcase.first),
        "first": snippets.use(showcase.first),
        "first_patient": snippets.use(
            showcase.first, extra=[("timeout", 20.0), ("max_retries", 5)]
        ),
        "first_with_header": snippets.use(
            showcase.first, extra=[("extra_headers", {"X-Trace": "abc"})]
        ),
        "failing_in_try": snippets.use(showcase.failing, indent=4),
        "page": snippets.optional(showcase.page),
        "async_page": snippets.optional(showcase.page, indent=4, is_async=True),
        "page_call": examples.expression(showcase.page) if showcase.page else "",
        "page_style": showcase.page.pagination.style if showcase.page and showcase.page.pagination else "",
        "stream": snippets.optional(showcase.stream, streaming=True),
        "stream_program": (
            examples.program(showcase.stream, streaming=True) if showcase.stream else ""
        ),
        "async_stream_program": (
            examples.async_program(showcase.stream, streaming=True) if showcase.stream else ""
        ),
        "upload_program": examples.program(showcase.upload) if showcase.upload else "",
        "download_program": examples.program(showcase.download) if showcase.download else "",
        "takes_files": showcase.takes_files,
        "answer": snippets.answer(showcase.first),
        "first_path": flat_value(showcase.first.path.replace("{", "").replace("}", "")),
    }


@dataclass(frozen=True, slots=True)
class _Snippets:
    examples: Examples
    api: ir.Api
    names: Names

    def use(self, operation: ir.Operation, *, indent: int = 0, extra: Arguments = ()) -> str:
        return "\n".join(self.examples.use(operation, indent=indent, extra=extra))

    def optional(
        self,
        operation: ir.Operation | None,
        *,
        indent: int = 0,
        streaming: bool = False,
        is_async: bool = False,
    ) -> str:
        if operation is None:
            return ""
        lines = self.examples.use(
            operation, streaming=streaming, is_async=is_async, indent=indent
        )
        return "\n".join(lines)

    def answer(self, operation: ir.Operation) -> str:
        """The JSON that a test lets the server answer with."""
        return value_text(self.examples.answer(operation), 4, len("return httpx2.Response(200, json="))


def _event_type(operation: ir.Operation | None, pages: Pages, page: str) -> str:
    stream = operation.stream if operation is not None else None
    return pages.wording(page).read(stream.type) if stream is not None else ""
