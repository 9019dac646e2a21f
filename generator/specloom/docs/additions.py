"""Hand-written mixins on the pages of the classes that inherit them."""

from __future__ import annotations

from dataclasses import dataclass

from specloom import ir
from specloom.custom_code.include import Include
from specloom.docs.prose import item
from specloom.sdk.streams import streams_of


@dataclass(frozen=True, slots=True)
class Addition:
    """A class that inherits a mixin: its name, the mixin's docstring, and its members as entries.

    The docstring is Markdown by the SDK's authors, and the page shows it unchanged.
    """

    name: str
    told: str
    members: list[str]


def addition(name: str, mixin: str, include: Include | None, page: str) -> Addition | None:
    """The members that a class inherits from its mixin; None without a readable mixin."""
    written = include.classes.get(mixin) if include is not None else None
    if written is None:
        return None
    members = [
        item(f"`{one.call}`" + (":" if one.summary else ""), one.summary, page)
        for one in written.members
    ]
    return Addition(name, written.docstring, members)


def stream_additions(api: ir.Api, include: Include | None, page: str) -> list[Addition]:
    """The named stream classes, including those without a mixin."""
    return [
        addition(name, operations[0].stream.mixin, include, page) or Addition(name, "", [])
        for name, operations in streams_of(api).items()
        if operations[0].stream is not None
    ]
