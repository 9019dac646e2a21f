"""The IR → the list of files to write; everything a template will show is decided here."""

from __future__ import annotations

from specloom import ir
from specloom.included.include import Include
from specloom.naming.names import Names
from specloom.plan.kept import Kept
from specloom.plan.made_from import MadeFrom
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
from specloom.writing.cache import Cache

__all__ = ["PlannedFile", "plan"]


def plan(
    api: ir.Api,
    names: Names,
    usage: Usage,
    include: Include | None = None,
    cache: Cache | None = None,
    *,
    has_own_templates: bool = False,
) -> list[PlannedFile]:
    """Every file that a template makes, sorted by path; ``include`` is what pages tell of too.

    What ``cache`` has of the last build is not planned again, unless a user's templates have a hand
    in the files: nothing is known of what they write.
    """
    package = api.settings.package
    shared = shared_of(api, names, usage)
    places = Places(api, names, usage)
    uses = uses_of(api)
    cache = cache or Cache()
    is_asked = cache.has_folder and not has_own_templates
    made_from = MadeFrom(api, names, usage, places, uses, shared, is_asked=is_asked)
    kept = Kept(cache, made_from)
    files = [
        *package_files(api, shared, package),
        *ResourcePlanner(api, names, usage, package, shared).files(kept),
        *stream_files(api, names, usage),
        *page_files(api, names, usage, places, uses, kept, include),
        *TypesPlanner(api, names, usage, package).files(kept),
    ]
    return sorted(files, key=lambda file: file.path)
