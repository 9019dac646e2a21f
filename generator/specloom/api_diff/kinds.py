"""Every kind of change: its code, what it means, and the step of the version that it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

Bump = Literal["major", "minor", "patch"]


class Kind(NamedTuple):
    """A kind of change. It is breaking where it asks for a major step."""

    bump: Bump
    meaning: str


def _slots() -> dict[str, Kind]:
    """What can become of an annotation, for each place that has one."""
    given = {
        "argument": "The argument",
        "key": "The key",
    }
    received = {"return": "The result", "attribute": "The attribute"}
    found: dict[str, Kind] = {}
    for slot, what in given.items():
        found[f"{slot}-widened"] = Kind("minor", f"{what} takes more than before.")
        found[f"{slot}-narrowed"] = Kind("major", f"{what} takes less than before.")
    for slot, what in received.items():
        found[f"{slot}-widened"] = Kind("major", f"{what} can be something that it never was.")
        found[f"{slot}-narrowed"] = Kind("minor", f"{what} is of fewer types than before.")
    for slot, what in (given | received).items():
        found[f"{slot}-retyped"] = Kind("major", f"{what} is of another type.")
        found[f"{slot}-respelled"] = Kind(
            "minor",
            f"{what} is written otherwise and means the same: values of an open set, say.",
        )
    return found


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "package-renamed": Kind("major", "The package is imported by another name."),
        "client-renamed": Kind("major", "The client classes have another name."),
        "credential-added": Kind("minor", "The client takes one more credential."),
        "credential-removed": Kind("major", "The client does not take a credential any more."),
        "variable-added": Kind("minor", "The client reads one more environment variable."),
        "variable-removed": Kind("major", "The client does not read a variable any more."),
        "base-url-changed": Kind("minor", "Calls go to another address, unless the caller says."),
        "header-changed": Kind("patch", "A header that every call sends is another."),
        "method-added": Kind("minor", "There is one more method."),
        "method-removed": Kind("major", "A method is gone."),
        "method-renamed": Kind("major", "A method is called in another way."),
        "method-renamed-with-alias": Kind(
            "minor", "A method has another name; the one that it had works until the next version."
        ),
        "endpoint-changed": Kind("patch", "A method calls another HTTP method or path."),
        "call-added": Kind("minor", "A method can be called in one more way."),
        "call-removed": Kind("major", "A method cannot be called in this way any more."),
        "argument-added": Kind("minor", "A method takes one more argument, which may be left out."),
        "required-argument-added": Kind("major", "A method needs one more argument."),
        "argument-removed": Kind("major", "A method does not take an argument any more."),
        "argument-renamed": Kind("major", "An argument has another name."),
        "argument-moved": Kind(
            "major", "An argument is positional, and was not, or was and is not."
        ),
        "argument-now-required": Kind("major", "An argument cannot be left out any more."),
        "argument-now-optional": Kind("minor", "An argument may be left out."),
        "argument-sent-otherwise": Kind(
            "patch", "An argument is sent in another place, or by another name."
        ),
        "error-added": Kind("minor", "One more error is declared."),
        "error-removed": Kind("patch", "An error is not declared any more."),
        "error-retyped": Kind("major", "The parsed body of an error is of another type."),
        "type-added": Kind("minor", "There is one more type."),
        "type-removed": Kind("major", "A type is gone."),
        "type-renamed": Kind("major", "A type has another name."),
        "type-renamed-with-alias": Kind(
            "minor", "A type has another name; the one that it had works until the next version."
        ),
        "type-replaced": Kind("major", "A name stands for a type of another kind."),
        "type-widened": Kind("major", "What is read can be something that it never was."),
        "type-retyped": Kind("major", "An alias stands for something else."),
        "type-respelled": Kind("minor", "An alias is written otherwise, and means the same."),
        "variant-added": Kind("minor", "A union has one more variant."),
        "variant-removed": Kind("major", "A union lacks a variant that it had."),
        "value-added": Kind("minor", "An enum has one more value."),
        "value-removed": Kind("major", "An enum lacks a value that it had."),
        "attribute-added": Kind("minor", "What is read has one more attribute."),
        "attribute-removed": Kind("major", "What is read lacks an attribute that it had."),
        "attribute-renamed": Kind("major", "An attribute has another name."),
        "key-added": Kind("minor", "A TypedDict takes one more key."),
        "required-key-added": Kind("major", "A TypedDict needs one more key."),
        "key-removed": Kind("major", "A TypedDict does not take a key any more."),
        "key-now-required": Kind("major", "A key cannot be left out any more."),
        "key-now-optional": Kind("minor", "A key may be left out."),
        **_slots(),
        "alias-removed": Kind("major", "A former name does not work any more."),
        "deprecated": Kind("minor", "Something is marked as deprecated."),
        "no-longer-deprecated": Kind("patch", "Something is not deprecated any more."),
        "documentation-changed": Kind("patch", "The documentation reads otherwise."),
    }
)
"""Every code. The table in docs/diff.md is made from it."""
