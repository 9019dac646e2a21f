"""The IR → the list of files to write; everything a template will show is decided here."""

from __future__ import annotations

from collections.abc import Iterator

from specloom import ir
from specloom.included.include import Include
from specloom.naming.names import Names
from specloom.plan.package import package_files
from specloom.plan.pages import page_files
from specloom.plan.pages.places import Places
from specloom.plan.pages.uses import uses_of
from specloom.plan.resources import ResourcePlanner
from specloom.plan.shared import shared_of
from specloom.plan.streams import stream_files
from specloom.plan.types import TypesPlanner
from specloom.plan.views import PlannedFile
from specloom.usage import Usage

__all__ = ["PlannedFile", "plan"]


def plan(
    api: ir.Api, names: Names, usage: Usage, include: Include | None = None
) -> Iterator[PlannedFile]:
    """Every file that a template makes; ``include`` is what pages tell of too.

    One after the other: what all are made from is several times as large as what becomes of it.
    """
    package = api.settings.package
    shared = shared_of(api, names, usage)
    yield from package_files(api, shared, package)
    yield from ResourcePlanner(api, names, usage, package, shared).files()
    yield from stream_files(api, names, usage)
    yield from page_files(api, names, usage, Places(api, names, usage), uses_of(api), include)
    yield from TypesPlanner(api, names, usage, package).files()
