"""The IR → the list of files to write; everything a template will show is decided here."""

from __future__ import annotations

from specloom import ir
from specloom.names import Names
from specloom.plan.package import package_files
from specloom.plan.pages import page_files
from specloom.plan.resources import ResourcePlanner
from specloom.plan.shared import shared_of
from specloom.plan.types import TypesPlanner
from specloom.plan.views import PlannedFile
from specloom.usage import Usage

__all__ = ["PlannedFile", "plan"]


def plan(api: ir.Api, names: Names, usage: Usage) -> list[PlannedFile]:
    """Every file that a template makes, sorted by path."""
    package = api.settings.package
    shared = shared_of(api, names, usage)
    files = [
        *package_files(api, shared, package),
        *ResourcePlanner(api, names, usage, package, shared).files(),
        *page_files(api, names, usage),
        *TypesPlanner(api, names, usage, package).files(),
    ]
    return sorted(files, key=lambda file: file.path)
