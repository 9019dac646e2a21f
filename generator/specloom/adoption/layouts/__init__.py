"""Detects the layout of an old SDK, and reads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from specloom.adoption.layouts import (
    configs,
    fern,
    openapi_generator,
    openapi_python_client,
    stainless,
)
from specloom.adoption.sources import Sources, sources_of
from specloom.adoption.surface import OldSdk, Place, Unread
from specloom.errors import Location, refuse

_LAYOUTS: tuple[tuple[Callable[[Sources], str | None], Callable[[Sources, str], OldSdk]], ...] = (
    (stainless.find, stainless.read),
    (fern.find, fern.read),
    (openapi_python_client.find, openapi_python_client.read),
    (openapi_generator.find, openapi_generator.read),
    (configs.find, configs.read),
)


def read_old(old: str) -> OldSdk:
    """The surface of OLD. Raises SpecError if specloom does not know the layout."""
    sources = sources_of(old)
    for find, read in _LAYOUTS:
        root = find(sources)
        if root is not None:
            return _with_skipped(read(sources, root), sources)
    message = "specloom does not know the layout of this SDK"
    hint = "name the folder, wheel or sdist of an SDK; docs/adopt.md lists the layouts"
    raise refuse("bad-old-sdk", message, Location(old), hint)


def _with_skipped(sdk: OldSdk, sources: Sources) -> OldSdk:
    skipped = [Unread(Place(file, 1), f"not read: {reason}") for file, reason in sources.skipped]
    return replace(sdk, unread=(*sdk.unread, *skipped))
