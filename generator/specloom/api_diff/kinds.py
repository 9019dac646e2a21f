"""Every kind of change: its code, its meaning, and the version step it requires."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

Bump = Literal["major", "minor", "patch"]


class Kind(NamedTuple):
    """A kind of change. It is breaking if it requires a major step."""

    bump: Bump
    meaning: str


def _slots() -> dict[str, Kind]:
    """The kinds of change of an annotation, for each place that has one."""
    given = {
        "argument": "The argument",
        "key": "The key",
    }
    received = {"return": "The result", "attribute": "The attribute"}
    found: dict[str, Kind] = {}
    for slot, what in given.items():
        found[f"{slot}-widened"] = Kind("minor", f"{what} accepts more than before.")
        found[f"{slot}-narrowed"] = Kind("major", f"{what} accepts less than before.")
    for slot, what in received.items():
        found[f"{slot}-widened"] = Kind("major", f"{what} can have a new type or value.")
        found[f"{slot}-narrowed"] = Kind("minor", f"{what} has fewer types than before.")
    for slot, what in (given | received).items():
        found[f"{slot}-retyped"] = Kind("major", f"{what} has another type.")
        found[f"{slot}-respelled"] = Kind(
            "minor",
            f"{what} has another annotation with the same meaning, such as a new open enum.",
        )
    return found


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "package-renamed": Kind("major", "The package has another import name."),
        "client-renamed": Kind("major", "The client classes have another name."),
        "credential-added": Kind("minor", "The client accepts one more credential or argument."),
        "required-credential-added": Kind("major", "The client requires one more argument."),
        "credential-removed": Kind(
            "major", "The client no longer accepts a credential or argument."
        ),
        "variable-added": Kind("minor", "The client reads one more environment variable."),
        "variable-removed": Kind("major", "The client no longer reads an environment variable."),
        "base-url-changed": Kind("minor", "The default base URL is another one."),
        "header-changed": Kind("patch", "A header of every request has another value."),
        "method-added": Kind("minor", "A method is new."),
        "method-removed": Kind("major", "A method is removed."),
        "method-renamed": Kind("major", "A method has another name."),
        "method-renamed-with-alias": Kind(
            "minor", "A method has another name. The old name works until the next version."
        ),
        "endpoint-changed": Kind("patch", "A method calls another HTTP method or path."),
        "call-added": Kind("minor", "A method has one more way to be called."),
        "call-removed": Kind("major", "A method can no longer be called in this way."),
        "argument-added": Kind("minor", "A method accepts one more optional argument."),
        "required-argument-added": Kind("major", "A method requires one more argument."),
        "argument-removed": Kind("major", "A method no longer accepts an argument."),
        "argument-renamed": Kind("major", "An argument has another name."),
        "argument-moved": Kind("major", "An argument changes from positional to keyword, or back."),
        "argument-now-required": Kind("major", "An argument is now required."),
        "argument-now-optional": Kind("minor", "An argument is now optional."),
        "argument-sent-otherwise": Kind(
            "patch", "An argument is sent in another location or under another name."
        ),
        "error-added": Kind("minor", "An error response is new."),
        "error-removed": Kind("patch", "An error response is no longer declared."),
        "error-retyped": Kind("major", "The parsed body of an error has another type."),
        "type-added": Kind("minor", "A type is new."),
        "type-removed": Kind("major", "A type is removed."),
        "type-renamed": Kind("major", "A type has another name."),
        "type-renamed-with-alias": Kind(
            "minor", "A type has another name. The old name works until the next version."
        ),
        "type-replaced": Kind("major", "A name refers to a type of another kind."),
        "type-widened": Kind("major", "A result can have a new type or value."),
        "type-retyped": Kind("major", "An alias has another value."),
        "type-respelled": Kind("minor", "An alias has another value with the same meaning."),
        "variant-added": Kind("minor", "A union has one more variant."),
        "variant-removed": Kind("major", "A variant of a union is removed."),
        "value-added": Kind("minor", "An enum has one more value."),
        "value-removed": Kind("major", "A value of an enum is removed."),
        "attribute-added": Kind("minor", "A model has one more attribute."),
        "attribute-removed": Kind("major", "An attribute of a model is removed."),
        "attribute-renamed": Kind("major", "An attribute has another name."),
        "key-added": Kind("minor", "A TypedDict accepts one more optional key."),
        "required-key-added": Kind("major", "A TypedDict requires one more key."),
        "key-removed": Kind("major", "A TypedDict no longer accepts a key."),
        "key-now-required": Kind("major", "A key is now required."),
        "key-now-optional": Kind("minor", "A key is now optional."),
        **_slots(),
        "alias-removed": Kind("major", "A former name no longer works."),
        "deprecated": Kind("minor", "Something is newly deprecated."),
        "no-longer-deprecated": Kind("patch", "Something is no longer deprecated."),
        "documentation-changed": Kind("patch", "The documentation is different."),
    }
)
"""Every code, the source of the table in docs/diff.md."""
