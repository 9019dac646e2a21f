"""The IR → the files of the Python package; everything a template shows is decided here."""

from __future__ import annotations

from collections.abc import Iterator

from specloom import ir
from specloom.ir.usage import Usage
from specloom.naming.names import Names
from specloom.sdk.operations import shared_of
from specloom.sdk.package import package_files
from specloom.sdk.page_classes import page_files
from specloom.sdk.resources import ResourcePlanner
from specloom.sdk.streams import stream_files
from specloom.sdk.types import TypesPlanner
from specloom.sdk.views import PlannedFile
from specloom.sdk.webhooks import webhook_files

__all__ = ["PlannedFile", "sdk_files"]


def sdk_files(api: ir.Api, names: Names, usage: Usage) -> Iterator[PlannedFile]:
    """Every file of the project that a template makes, but the pages.

    One after the other: what all are made from is several times as large as their text.
    """
    package = api.settings.package
    shared = shared_of(api, names, usage)
    yield from package_files(api, shared, package)
    yield from ResourcePlanner(api, names, usage, package, shared).files()
    yield from stream_files(api, names, usage)
    yield from page_files(api)
    yield from webhook_files(api, names, usage)
    yield from TypesPlanner(api, names, usage, package).files()
