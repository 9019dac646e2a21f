"""The IR → the files of the Python package; everything a template shows is decided here."""

from __future__ import annotations

from collections.abc import Iterator

from specloom import ir
from specloom.ir.usage import Usage
from specloom.naming.names import Names
from specloom.sdk.former_modules import former_exports, former_files
from specloom.sdk.former_types import FormerTypes
from specloom.sdk.operations import shared_of
from specloom.sdk.package import package_files
from specloom.sdk.resources import ResourcePlanner
from specloom.sdk.streams import stream_files
from specloom.sdk.types import TypesPlanner
from specloom.sdk.views import PlannedFile
from specloom.sdk.webhooks import webhook_files

__all__ = ["PlannedFile", "sdk_files"]


def sdk_files(
    api: ir.Api, names: Names, usage: Usage, former: ir.FormerSdk | None = None
) -> Iterator[PlannedFile]:
    """Every file of the project that a template makes, but the pages.

    ``former``: what code for a former SDK imports, where the SDK has those modules as well.

    One after the other: what all are made from is several times as large as their text.
    """
    package = api.settings.package
    shared = shared_of(api, names, usage)
    has_former = former is not None
    exports = former_exports(api) if has_former else {}
    yield from package_files(api, shared, package, exports)
    yield from ResourcePlanner(api, names, usage, package, shared, has_former=has_former).files()
    yield from stream_files(api, names, usage)
    yield from webhook_files(api, names, usage)
    types = TypesPlanner(api, names, usage, package, is_private=has_former)
    if former is None:
        yield from types.files()
    else:
        modules = FormerTypes(api, names, usage, types, former)
        yield from types.files(modules.exports(()))
        yield from modules.files()
        yield from former_files(api, former)
