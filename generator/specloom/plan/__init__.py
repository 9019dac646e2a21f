"""The IR → the list of files to write; everything a template will show is decided here."""

from __future__ import annotations

from specloom import ir
from specloom.classes.models import ClassWriter
from specloom.included.include import Include
from specloom.naming.names import Names
from specloom.plan.package import package_files
from specloom.plan.pages import page_files
from specloom.plan.resources import ResourcePlanner
from specloom.plan.shared import shared_of
from specloom.plan.streams import stream_files
from specloom.plan.types import TypesPlanner
from specloom.plan.views import PlannedFile
from specloom.usage import Usage
from specloom.workers import Workers
from specloom.writing.cache import Cache

__all__ = ["PlannedFile", "plan"]


def plan(
    api: ir.Api,
    names: Names,
    usage: Usage,
    include: Include | None = None,
    cache: Cache | None = None,
    workers: Workers | None = None,
) -> list[PlannedFile]:
    """Every file that a template makes, sorted by path; ``include`` is what pages tell of too."""
    package = api.settings.package
    shared = shared_of(api, names, usage)
    writer = ClassWriter(package, cache or Cache(), workers or Workers())
    files = [
        *package_files(api, shared, package),
        *ResourcePlanner(api, names, usage, package, shared).files(),
        *stream_files(api, names, usage),
        *page_files(api, names, usage, include),
        *TypesPlanner(api, names, usage, package, writer).files(),
    ]
    return sorted(files, key=lambda file: file.path)
