"""Checks of path templates against the parameters that are declared for them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from specloom.description.document import Document
from specloom.description.references import follow
from specloom.description.tree import Token, Value, child, members, one_of
from specloom.description.walk import METHODS, Visit
from specloom.errors import Problems

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
"""Parameters by name and place → pointer to the declaration."""


def check_paths(document: Document, visit: Visit, problems: Problems) -> None:
    """Check every path of a `paths` object: its syntax, and its parameters."""
    for path, item in members(visit.value):
        pointer = child(visit.pointer, path)
        if str(path).startswith("x-") or (path == "$ref" and isinstance(item, str)):
            continue
        names = _template(str(path), pointer, problems)
        if names is not None:
            found, value = follow(document, pointer, item)
            _check_item(document, Visit("path-item", found, value), names, problems)


def _template(path: str, pointer: str, problems: Problems) -> list[str] | None:
    """The parameters that a path names; None if its syntax is wrong."""
    if not path.startswith("/"):
        problems.error("bad-path", f"the path {path!r} does not begin with '/'", pointer)
        return None
    names: list[str] = _EXPRESSION.findall(path)
    if set("{}") & set(_EXPRESSION.sub("", path)) or "" in names:
        problems.error("bad-path", f"the braces of the path {path!r} do not match", pointer)
        return None
    for name, count in Counter(names).items():
        if count > 1:
            message = f"the path {path!r} has {{{name}}} {count} times: one argument fills them all"
            problems.warning("repeated-path-parameter", message, pointer, "give each its own name")
    return names


def _check_item(document: Document, visit: Visit, names: list[str], problems: Problems) -> None:
    """Compare the names in a path with what its path item and each of its operations declare."""
    _check_methods(document, visit, problems)
    shared = _declared(document, visit, problems)
    operations = {
        operation.pointer: _declared(document, operation, problems)
        for operation in _operations(document, visit)
    }
    for name in dict.fromkeys(names):
        lacking = [
            pointer
            for pointer, own in operations.items()
            if (name, "path") not in own and (name, "path") not in shared
        ]
        everywhere = len(lacking) == len(operations) > 1
        for place in [visit.pointer] if everywhere else lacking:
            known = (*shared, *operations.get(place, ()))
            others = {where for parameter, where in known if parameter == name}
            _report_undeclared(name, place, others, problems)
    for declared in (shared, *operations.values()):
        _check_unused(declared, names, problems)


def _report_undeclared(name: str, pointer: str, places: set[str], problems: Problems) -> None:
    message = f"the path has {{{name}}}, and no parameter in path declares it: it takes text"
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
    """The methods of ``additionalOperations`` (OpenAPI 3.2, Path Item Object) are free text."""
    for method, pointer, _ in _others(document, item):
        if not _TOKEN.fullmatch(str(method)):
            message = f"{method!r} is no HTTP method, so no call of it can be sent"
            hint = "write a token (RFC 9110, 5.6.2), such as PURGE: no blanks, brackets or quotes"
            problems.warning("bad-method", message, pointer, hint)


def _operations(document: Document, item: Visit) -> Iterator[Visit]:
    fields = item.value if isinstance(item.value, dict) else {}
    found = [(child(item.pointer, name), fields.get(name)) for name in METHODS]
    found += [(pointer, operation) for _, pointer, operation in _others(document, item)]
    for pointer, operation in found:
        if isinstance(operation, dict):
            yield Visit("operation", *follow(document, pointer, operation))


def _others(document: Document, item: Visit) -> Iterator[tuple[Token, str, Value]]:
    """Names, places and values of the operations whose methods have no field of their own."""
    fields = item.value if isinstance(item.value, dict) else {}
    place = child(item.pointer, "additionalOperations")
    pointer, others = follow(document, place, fields.get("additionalOperations"))
    for name, operation in members(others):
        yield name, child(pointer, name), operation


def _declared(document: Document, owner: Visit, problems: Problems) -> Declared:
    """The parameters of a path item or an operation; notes those declared twice."""
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
