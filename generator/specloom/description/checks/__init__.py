"""Checks of a description: report all problems at once, each with a place and a correction.

Later stages rely on the checks. If `check` finds no error, every reference has a target, and every
object, list and mapping has the type that OpenAPI requires.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from specloom.description.checks.fields import (
    check_fields,
    check_item_links,
    check_parameter,
    check_style,
    check_texts,
    is_object,
)
from specloom.description.checks.schemas import (
    add_declared,
    check_circles,
    check_keywords,
    check_listed,
    check_mapping,
    check_schema,
    check_type,
    check_values,
)
from specloom.description.document import Document
from specloom.description.node import Node
from specloom.description.places import Places
from specloom.description.references import (
    MAX_HOPS,
    RefError,
    Suggestions,
    find,
    find_or_none,
    follow,
)
from specloom.description.tree import Token, Value, child, kind_of, members, one_of, reference_in
from specloom.description.walk import (
    METHODS,
    PATTERNED,
    SPARE,
    STATUS,
    Kind,
    Visit,
    item_links,
    visits,
)
from specloom.errors import Problems
from specloom.progress import making


def check(document: Document, problems: Problems) -> None:
    """Add every fault of `document` to `problems`."""
    problems.locator = Places(document)
    suggestions = Suggestions()
    operation_ids: dict[str, str] = {}
    for visit in (found := visits(document)):
        with making(f"checks of the {visit.kind}", visit.pointer):
            if is_object(visit, problems):
                check_fields(document, visit, suggestions, problems)
                check_texts(document, visit, problems)
                _check_reference(document, visit, suggestions, problems)
                _check_meaning(document, visit, operation_ids, suggestions, problems)
            elif visit.kind == "operation" and visit.value is None:
                message = "there is nothing under this method: it is left out"
                problems.warning("wrong-type", message, visit.pointer, "describe it, or remove it")
    check_circles(document, (visit for visit in found if visit.kind == "schema"), problems)


def _check_meaning(
    document: Document,
    visit: Visit,
    operation_ids: dict[str, str],
    suggestions: Suggestions,
    problems: Problems,
) -> None:
    match visit.kind:
        case "paths":
            check_paths(document, visit, problems)
        case "operation":
            _check_operation_id(visit, operation_ids, problems)
        case "responses":
            _check_statuses(visit, problems)
        case "parameter":
            check_parameter(visit, problems)
        case "security-requirement":
            _check_security(document, visit, suggestions, problems)
        case "schema":
            check_type(visit, suggestions, problems)
            check_values(visit, problems)
            check_keywords(visit, problems)
            check_listed(visit, problems)
            check_schema(document, visit, suggestions, problems)
        case "media-type":
            _check_encoding(document, visit, suggestions, problems)
        case "encoding":
            check_style(visit, "query", problems)
        case "discriminator":
            check_mapping(document, visit, suggestions, problems)
        case _:
            pass


def _check_encoding(
    document: Document, visit: Visit, suggestions: Suggestions, problems: Problems
) -> None:
    """Report an encoding whose property the schema does not have (Encoding Object)."""
    media = visit.fields
    declared: set[str] = set()
    schema = media.get("schema") if media.get("encoding") else None
    if not schema or not add_declared(document, child(visit.pointer, "schema"), schema, declared):
        return
    _, encoding = follow(document, child(visit.pointer, "encoding"), media["encoding"])
    for name, _ in members(encoding):
        if declared and name not in declared:
            close = suggestions.closest(str(name), sorted(declared))
            hint = (
                f"did you mean {close!r}?" if close else "declare the property, or remove it here"
            )
            message = f"the encoding of {name!r} is not used: the schema has no such property"
            problems.warning("unused-field", message, child(visit.pointer, "encoding", name), hint)


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
        # Loading has already reported unreadable files.
        if error.code != "missing-file":
            note = problems.warning if visit.kind in SPARE else problems.error
            note(error.code, error.message, pointer, error.hint(suggestions))
        return
    _check_place(document, visit, problems)
    _check_siblings(document, visit, problems)
    end, last = follow(document, target, value)
    inner = reference_in(last)
    # The broken end of a chain is reported at its own place.
    if inner is not None and find_or_none(document, inner, end):
        message = (
            f"{ref!r} refers back to itself, or passes through more than {MAX_HOPS} references"
        )
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
"""Kinds that a Reference Object may replace in OpenAPI; 3.2 adds the Media Type Object."""


def _check_place(document: Document, visit: Visit, problems: Problems) -> None:
    """Report a reference that OpenAPI does not allow here. specloom follows it, others may not."""
    if visit.kind in _REFERABLE or (visit.kind == "media-type" and document.version == "3.2"):
        return
    what = "" if visit.kind == "reference" else f" ({visit.kind.replace('-', ' ')})"
    message = f"OpenAPI does not allow a reference here{what}: it is followed"
    hint = "for other tools, write the target here instead"
    problems.warning("misplaced-ref", message, child(visit.pointer, "$ref"), hint)


_WITH_SIBLINGS: frozenset[Kind] = frozenset(("schema", "reference", *PATTERNED))
"""Kinds whose fields beside a `$ref` are also used."""


def _check_siblings(document: Document, visit: Visit, problems: Problems) -> None:
    """Note the fields beside a reference that what it leads to takes the place of.

    Of a path item both count, and its own fields win.
    """
    if visit.kind in _WITH_SIBLINGS or not isinstance(visit.value, dict):
        return
    if visit.kind == "path-item":
        check_item_links(document, visit, problems)
        return
    for name in visit.value:
        key = str(name)
        if key not in ("$ref", "summary", "description") and not key.startswith("x-"):
            message = f"{key!r} beside a $ref is not used: the target replaces the whole object"
            hint = "move it to the target, or write the object here instead of the reference"
            problems.warning("unused-field", message, child(visit.pointer, key), hint)


def _check_operation_id(visit: Visit, known: dict[str, str], problems: Problems) -> None:
    name = visit.fields.get("operationId")
    if not isinstance(name, str):
        return
    pointer = child(visit.pointer, "operationId")
    first = known.setdefault(name, visit.pointer)
    if first != visit.pointer:
        place = first.partition("#")[2]
        message = f"the operationId {name!r} is already used by {place}"
        problems.warning("duplicate-operation-id", message, pointer, "give one another name")


def _check_statuses(visit: Visit, problems: Problems) -> None:
    for key, _ in members(visit.value):
        status = str(key)
        if not STATUS.fullmatch(status) and not status.startswith("x-") and status != "$ref":
            message = f"{status!r} is not an HTTP status: this response is left out"
            hint = "write a code such as '404', a range such as '4XX', or 'default'"
            problems.warning("bad-status", message, child(visit.pointer, status), hint)


def _check_security(
    document: Document, visit: Visit, suggestions: Suggestions, problems: Problems
) -> None:
    root = Node(document, f"{document.entry}#", document.root)
    known = [name for name, _ in root.items_of("components", "securitySchemes")]
    for name, _ in members(visit.value):
        # Since OpenAPI 3.2, a requirement may name a scheme by its URI.
        if name in known or ("/" in str(name) and find_or_none(document, str(name), visit.pointer)):
            continue
        close = suggestions.closest(str(name), known)
        names = ", ".join(known[:10]) or "none"
        hint = f"declare it under components.securitySchemes; known: {names}"
        message = f"no security scheme is named {name!r}: callers cannot use it"
        hint = f"did you mean {close!r}?" if close is not None else hint
        pointer = child(visit.pointer, name)
        problems.warning("undefined-security-scheme", message, pointer, hint)


_EXPRESSION = re.compile(r"\{([^{}]*)\}")

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")

_DECLARATION = """\
parameters:
  - name: {name}
    in: path
    required: true
    schema:
      type: string"""

Declared = dict[tuple[str, str], str]
"""The declarations of parameters: (name, location) → pointer."""


def check_paths(document: Document, visit: Visit, problems: Problems) -> None:
    """Check the syntax and the parameters of every path of a `paths` object."""
    for path, item in members(visit.value):
        pointer = child(visit.pointer, path)
        if str(path).startswith("x-") or (path == "$ref" and isinstance(item, str)):
            continue
        names = _template(str(path), pointer, problems)
        if names is not None:
            links = item_links(document, Visit("path-item", pointer, item))
            _check_item(document, links, names, problems)


# Express, Rails and Go write ``:id``; Flask and Django ``<id>`` and ``<int:id>``.
_FOREIGN_PARAMETER = re.compile(r":([A-Za-z_]\w*)|<(?:\w+:)?([A-Za-z_]\w*)>")


def _template(path: str, pointer: str, problems: Problems) -> list[str] | None:
    """The parameter names in a path; None if its syntax is invalid."""
    if not path.startswith("/"):
        problems.error("bad-path", f"the path {path!r} does not begin with '/'", pointer)
        return None
    names: list[str] = _EXPRESSION.findall(path)
    if set("{}") & set(_EXPRESSION.sub("", path)):
        problems.error("bad-path", f"the braces of the path {path!r} do not match", pointer)
        return None
    if "" in names:
        message = f"the path {path!r} has braces without a name: they are sent as they are"
        hint = "write the name of a parameter between them"
        problems.warning("undeclared-path-parameter", message, pointer, hint)
        names = [name for name in names if name]
    for segment in path.split("/"):
        if found := _FOREIGN_PARAMETER.fullmatch(segment):
            message = f"{segment!r} in the path {path!r} is no parameter: it is sent as it is"
            hint = f"OpenAPI writes a parameter as {{{found[1] or found[2]}}}"
            problems.warning("undeclared-path-parameter", message, pointer, hint)
    for name, count in Counter(names).items():
        if count > 1:
            message = f"the path {path!r} has {{{name}}} {count} times: one argument fills them all"
            problems.warning("repeated-path-parameter", message, pointer, "give each its own name")
    return names


def _check_item(
    document: Document, links: list[Visit], names: list[str], problems: Problems
) -> None:
    """Compare the names in a path with what its path item and each of its operations declare."""
    shared: Declared = {}
    operations: dict[str, Declared] = {}
    for visit in links:
        _check_methods(document, visit, problems)
        own = _declared(document, visit, problems)
        for key in own.keys() & shared.keys():
            message = f"the parameter {key[0]!r} stands here and where the $ref leads"
            hint = "remove one of them: the one here is used"
            problems.warning("duplicate-parameter", message, shared[key], hint)
        shared = own | shared
        for operation in _operations(document, visit):
            operations[operation.pointer] = _declared(document, operation, problems)
    for name in dict.fromkeys(names):
        lacking = [
            pointer
            for pointer, own in operations.items()
            if (name, "path") not in own and (name, "path") not in shared
        ]
        everywhere = len(lacking) == len(operations) > 1
        for place in [links[-1].pointer] if everywhere else lacking:
            known = (*shared, *operations.get(place, ()))
            others = {where for parameter, where in known if parameter == name}
            _report_undeclared(name, place, others, problems)
    for declared in (shared, *operations.values()):
        _check_unused(declared, names, problems)


def _report_undeclared(name: str, pointer: str, places: set[str], problems: Problems) -> None:
    message = f"the path has {{{name}}}, but no path parameter declares it: it is read as text"
    hint = f"add\n{_DECLARATION.format(name=name)}"
    if places:
        hint = f"{name!r} is declared in {one_of(sorted(places))}: write 'in: path' there"
    problems.warning("undeclared-path-parameter", message, pointer, hint)


def _check_unused(declared: Declared, names: list[str], problems: Problems) -> None:
    for (name, place), pointer in declared.items():
        if place == "path" and name not in names:
            message = f"the path has no {{{name}}}, so this parameter is left out"
            hint = f"put {{{name}}} into the path, or remove the parameter"
            problems.warning("unused-path-parameter", message, pointer, hint)


def _check_methods(document: Document, item: Visit, problems: Problems) -> None:
    """Check the methods of ``additionalOperations`` (OpenAPI 3.2, Path Item Object)."""
    for method, pointer, _ in _others(document, item):
        if not _TOKEN.fullmatch(str(method)):
            message = f"{method!r} is not an HTTP method, so the SDK cannot call it"
            hint = "write a token (RFC 9110, 5.6.2), such as PURGE: no blanks, brackets or quotes"
            problems.warning("bad-method", message, pointer, hint)


def _operations(document: Document, item: Visit) -> Iterator[Visit]:
    fields = item.fields
    found = [(child(item.pointer, name), fields.get(name)) for name in METHODS]
    found += [(pointer, operation) for _, pointer, operation in _others(document, item)]
    for pointer, operation in found:
        if isinstance(operation, dict):
            yield Visit("operation", *follow(document, pointer, operation))


def _others(document: Document, item: Visit) -> Iterator[tuple[Token, str, Value]]:
    """The operations whose HTTP methods have no field: names, places and values."""
    fields = item.fields
    place = child(item.pointer, "additionalOperations")
    pointer, others = follow(document, place, fields.get("additionalOperations"))
    for name, operation in members(others):
        yield name, child(pointer, name), operation


def _declared(document: Document, owner: Visit, problems: Problems) -> Declared:
    """The parameters of a path item or an operation; duplicates are reported."""
    declared: Declared = {}
    value = owner.value.get("parameters") if isinstance(owner.value, dict) else None
    holder, parameters = follow(document, child(owner.pointer, "parameters"), value)
    for index, parameter in enumerate(parameters if isinstance(parameters, list) else []):
        pointer = child(holder, index)
        _, found = follow(document, pointer, parameter)
        name, place = (found.get("name"), found.get("in")) if isinstance(found, dict) else (0, 0)
        if not isinstance(name, str) or not isinstance(place, str):
            continue
        if (name, place) in declared:
            message = f"the parameter {name!r} in {place} is declared twice"
            problems.warning("duplicate-parameter", message, pointer, "remove one")
        declared[name, place] = pointer
    return declared
