"""The methods that Speakeasy and Fern generate for operations without hints.

The first tag is the resource, the operationId the method. Without a tag, the client has the method.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from keyword import iskeyword

from specloom.adoption.surface import OldMethod, OldSdk, Place
from specloom.description.hints import place_hint
from specloom.description.references import find_or_none
from specloom.description.tree import Value
from specloom.pipeline import Reading
from specloom.selection.reach import Endpoint, endpoints

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def tagged_methods(sdk: OldSdk, reading: Reading) -> tuple[OldMethod, ...]:
    """The methods of operations that no hint names; none if the old SDK names its methods."""
    if not sdk.names_by_tags or sdk.methods:
        return sdk.methods
    place = sdk.unread[0].place
    found = {one.address: one for one in _methods(sdk, reading, place)}
    return tuple(found.values())


def _methods(sdk: OldSdk, reading: Reading, place: Place) -> Iterator[OldMethod]:
    for one in endpoints(reading.document):
        hint = place_hint(_operation(one, reading), reading.document.root)
        is_named = hint.resource is not None and hint.method is not None
        if not is_named and one.id and one.method and not one.is_webhook:
            tag = _snake(one.tags[0]) if one.tags else ""
            resource = tag if hint.resource is None else ".".join(map(_snake, hint.resource))
            name = _snake(hint.method or one.id)
            if sdk.has_tags_in_ids and tag and hint.method is None:
                name = name.removeprefix(f"{tag}_") or name
            if _is_name(name) and all(map(_is_name, resource.split(".") if resource else ())):
                yield OldMethod(
                    one.method.upper(), one.path, resource, name, place, is_partial=True
                )


def _operation(one: Endpoint, reading: Reading) -> Value:
    found = find_or_none(reading.document, one.pointer, one.pointer)
    return found[1] if found else None


def _is_name(text: str) -> bool:
    return text.isidentifier() and not iskeyword(text)


def _snake(text: str) -> str:
    """A name as these generators write it: every capital begins a word, ``OAuth`` is ``o_auth``.

    >>> _snake("getAPIKey"), _snake("Land Animals")
    ('get_api_key', 'land_animals')
    """
    return "_".join(_WORD.findall(text)).lower()
