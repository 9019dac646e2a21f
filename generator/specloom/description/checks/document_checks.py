"""Finds what is wrong with a description before anything is made of it.

What comes after may rely on it: when `check` has found no error, every reference leads to a value,
and what holds other things is of the type OpenAPI gives it.
"""

from __future__ import annotations

from specloom.description.checks import field_checks, path_checks, schema_checks
from specloom.description.document import Document
from specloom.description.node import Node
from specloom.description.places import Places
from specloom.description.references import (
    MAX_HOPS,
    RefError,
    find,
    find_or_none,
    follow,
)
from specloom.description.suggest import Suggestions
from specloom.description.tree import child, kind_of, members, reference_in
from specloom.description.walk import STATUS, Kind, Visit, visits
from specloom.errors import Problems
from specloom.faults import Making


def check(document: Document, problems: Problems) -> None:
    """Note in `problems` everything in `document` that cannot be right."""
    problems.locator = Places(document)
    suggestions = Suggestions()
    operation_ids: dict[str, str] = {}
    for visit in visits(document):
        with Making(f"checks of the {visit.kind}", visit.pointer):
            if field_checks.is_object(visit, problems):
                field_checks.check_fields(document, visit, suggestions, problems)
                _check_reference(document, visit, suggestions, problems)
                _check_meaning(document, visit, operation_ids, suggestions, problems)


def _check_meaning(
    document: Document,
    visit: Visit,
    operation_ids: dict[str, str],
    suggestions: Suggestions,
    problems: Problems,
) -> None:
    match visit.kind:
        case "paths":
            path_checks.check_paths(document, visit, problems)
        case "operation":
            _check_operation_id(visit, operation_ids, problems)
        case "responses":
            _check_statuses(visit, problems)
        case "parameter":
            _check_parameter(visit, problems)
        case "security-requirement":
            _check_security(document, visit, suggestions, problems)
        case "schema":
            schema_checks.check_type(visit, suggestions, problems)
            schema_checks.check_values(visit, problems)
            schema_checks.check_schema(document, visit, suggestions, problems)
        case "discriminator":
            schema_checks.check_mapping(document, visit, problems)
        case _:
            pass


def _check_reference(
    document: Document, visit: Visit, suggestions: Suggestions, problems: Problems
) -> None:
    key = "$dynamicRef" if visit.kind == "schema" else "$ref"
    key = "$ref" if isinstance(visit.value, dict) and "$ref" in visit.value else key
    if not isinstance(visit.value, dict) or key not in visit.value:
        return
    pointer = child(visit.pointer, key)
    ref = visit.value[key]
    if not isinstance(ref, str):
        problems.error("bad-ref", f"$ref takes text, found {kind_of(ref)}", pointer)
        return
    try:
        target, value = find(document, ref, visit.pointer)
    except RefError as error:
        # Loading has said so of files that cannot be read.
        if error.code != "missing-file":
            # An SDK can be made without a scheme: it is as one that is not declared.
            note = problems.warning if visit.kind == "security-scheme" else problems.error
            note(error.code, error.message, pointer, error.hint(suggestions))
        return
    _check_place(document, visit, problems)
    end, last = follow(document, target, value)
    inner = reference_in(last)
    # A chain that breaks further on is noted there.
    if inner is not None and find_or_none(document, inner, end):
        message = f"{ref!r} leads back to itself, or on through more than {MAX_HOPS} references"
        problems.error("circular-ref", message, pointer)


_REFERABLE: frozenset[Kind] = frozenset(
    (
        "path-item",
        "parameter",
        "header",
        "request-body",
        "response",
        "example",
        "link",
        "callback",
        "security-scheme",
        "schema",
    )
)
"""Kinds that OpenAPI lets a Reference Object stand for; 3.2 adds the Media Type Object."""


def _check_place(document: Document, visit: Visit, problems: Problems) -> None:
    """Note a reference where OpenAPI has none: it is followed, and other tools may refuse it."""
    if visit.kind in _REFERABLE or (visit.kind == "media-type" and document.version == "3.2"):
        return
    what = "" if visit.kind == "reference" else f" ({visit.kind.replace('-', ' ')})"
    message = f"OpenAPI has no reference here{what}: it is followed"
    hint = "write what it leads to in its place, for other tools"
    problems.warning("misplaced-ref", message, child(visit.pointer, "$ref"), hint)


def _check_operation_id(visit: Visit, known: dict[str, str], problems: Problems) -> None:
    name = visit.value.get("operationId") if isinstance(visit.value, dict) else None
    if not isinstance(name, str):
        return
    pointer = child(visit.pointer, "operationId")
    first = known.setdefault(name, visit.pointer)
    if first != visit.pointer:
        place = first.partition("#")[2]
        message = f"the operationId {name!r} is already that of {place}"
        problems.warning("duplicate-operation-id", message, pointer, "give one another name")


def _check_statuses(visit: Visit, problems: Problems) -> None:
    for key, _ in members(visit.value):
        status = str(key)
        if not STATUS.fullmatch(status) and not status.startswith("x-") and status != "$ref":
            message = f"{status!r} is no status: this response is left out"
            hint = "write a code such as '404', a range such as '4XX', or 'default'"
            problems.warning("bad-status", message, child(visit.pointer, status), hint)


_LOCATIONS = ("query", "header", "path", "cookie", "querystring")


def _check_parameter(visit: Visit, problems: Problems) -> None:
    if not isinstance(visit.value, dict) or "$ref" in visit.value:
        return
    for key in ("name", "in"):
        if key not in visit.value:
            problems.error("missing-field", f"a parameter needs {key!r}", visit.pointer)
        elif not isinstance(visit.value[key], str):
            message = f"{key!r} takes text, found {kind_of(visit.value[key])}"
            hint = "quote it" if not isinstance(visit.value[key], dict | list) else ""
            problems.error("wrong-type", message, child(visit.pointer, key), hint)
    place = visit.value.get("in")
    if isinstance(place, str) and place not in _LOCATIONS:
        message = f"a parameter cannot be in {place!r}"
        hint = f"one of {', '.join(_LOCATIONS)}"
        if place in ("body", "formData"):
            hint = "that is Swagger 2.0: since OpenAPI 3.0 it is the operation's requestBody"
        problems.error("wrong-type", message, child(visit.pointer, "in"), hint)


def _check_security(
    document: Document, visit: Visit, suggestions: Suggestions, problems: Problems
) -> None:
    root = Node(document, f"{document.entry}#", document.root)
    components = root.get("components")
    schemes = components.get("securitySchemes") if components is not None else None
    known = [name for name, _ in schemes.items()] if schemes is not None else []
    for name, _ in members(visit.value):
        # Since OpenAPI 3.2 a requirement may name a scheme by its address.
        if name in known or ("/" in str(name) and find_or_none(document, str(name), visit.pointer)):
            continue
        close = suggestions.closest(str(name), known)
        told = ", ".join(known[:10]) or "none"
        hint = f"declare it under components.securitySchemes; known: {told}"
        message = f"no security scheme is named {name!r}: callers cannot use it"
        hint = f"did you mean {close!r}?" if close is not None else hint
        pointer = child(visit.pointer, name)
        problems.warning("undefined-security-scheme", message, pointer, hint)
