"""Docstrings of methods, and the texts of deprecations in docstrings and warnings.

Warnings contain names of the SDK only, never text of the description.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from textwrap import indent

from specloom import ir
from specloom.errors import Problems, did_you_mean
from specloom.ir.usage import is_result
from specloom.layout import docstring, entry, fill
from specloom.naming.identifiers import CONTENT_TYPE
from specloom.naming.names import Names


def method_message(operation: ir.Operation, names: Names, address: str) -> str:
    """The deprecation message of the method ``client.<address>``."""
    return f"client.{address} is deprecated.{_instead(successor(operation, names))}"


def argument_messages(operation: ir.Operation, names: Names, address: str) -> dict[str, str]:
    """The deprecation messages of a method's arguments, by name."""
    return {
        name: f"The argument {name!r} of client.{address} is deprecated."
        + _instead(repr(other) if other else "")
        for name, other in deprecated_arguments(operation, names).items()
    }


def former_message(old: str, new: str) -> str:
    """The deprecation message of a method's former name."""
    return f"client.{old} has a new name.{_instead(f'client.{new}')}"


def successor(operation: ir.Operation, names: Names) -> str:
    """The method to use instead, as ``client.threads.runs.create``; empty if none is known."""
    pointer = names.successors.get(operation.pointer)
    return f"client.{names.addresses[pointer]}" if pointer is not None else ""


def waiting_address(operation: ir.Operation, names: Names) -> str:
    """The address of the method that also waits."""
    resource, stop, _ = names.addresses[operation.pointer].rpartition(".")
    return f"{resource}{stop}{names.polls[operation.pointer]}"


def deprecated_arguments(operation: ir.Operation, names: Names) -> dict[str, str]:
    """The deprecated arguments that callers can avoid, with their successors.

    A required argument does not warn.
    """
    given = names.arguments[operation.pointer]
    by_wire_name = {wire_name: name for (_, wire_name), name in given.items()}
    return {
        given[(place_of(one), one.wire_name)]: by_wire_name.get(one.replaced_by or "", "")
        for one in inputs_of(operation)
        if one.deprecated and not one.required
    }


def place_of(one: ir.Parameter | ir.Field) -> str:
    """The location of an input, as in the keys of ``Names.arguments``."""
    return one.location if isinstance(one, ir.Parameter) else "body"


def field_message(name: str, one: ir.Field, owner: str, fields: Mapping[str, str]) -> str:
    """The deprecation messages of properties; ``fields`` are attributes by wire name."""
    message = f"{name!r} of {owner} is deprecated."
    return f"{message}{_instead(repr(fields[one.replaced_by]) if one.replaced_by else '')}"


def with_deprecation(
    description: str, one: ir.Parameter | ir.Field, names: Mapping[str, str]
) -> str:
    """A description with its deprecation note; ``names`` are by wire names."""
    if not one.deprecated:
        return description
    other = names.get(one.replaced_by or "")
    note = f"Deprecated: use `{other}` instead." if other else "Deprecated."
    return f"{description.rstrip()}\n\n{note}" if description.strip() else note


def former_types(api: ir.Api, names: Names) -> dict[str, str]:
    """Former names of types with their current names."""
    found: dict[str, str] = {}
    for old, (key, _) in sorted(names.former_types.items()):
        if key in api.types:
            found[old] = names.types[key]
            if key in names.params:
                found[f"{old}Param"] = names.params[key]
            if key in names.unknown:
                found[f"Unknown{old}"] = names.unknown[key]
    return found


def _instead(other: str) -> str:
    return f" Use {other} instead." if other else ""


def resolve_successors(api: ir.Api, names: Names, problems: Problems) -> None:
    """Store the successors of deprecated operations in ``names``; report unknown ones.

    An operation is named by its operationId or by its address under the client, an input or a
    property by its wire name, among its siblings.
    """
    operations = {one.id: one.pointer for one in api.operations()}
    operations |= {address: pointer for pointer, address in names.addresses.items()}
    for operation in api.operations():
        name = operation.replaced_by
        if name in operations:
            names.successors[operation.pointer] = operations[name]
        elif name is not None:
            _unknown("operation of the SDK", name, operations, operation.pointer, problems)
        _check(inputs_of(operation), "input of this operation", problems)
    for named in api.types.values():
        if isinstance(named, ir.Model):
            _check(named.fields, "property of this object", problems)


def inputs_of(operation: ir.Operation) -> list[ir.Parameter | ir.Field]:
    """The inputs of an operation: parameters that are arguments, and properties of its bodies."""
    parameters = (one for one in operation.parameters if one.constant is None)
    return [*parameters, *operation.body_fields]


def _check(inputs: Iterable[ir.Parameter | ir.Field], what: str, problems: Problems) -> None:
    """Check that each successor is another one of them."""
    known = {one.wire_name: one for one in inputs}
    for one in known.values():
        if one.replaced_by is not None and one.replaced_by not in known.keys() - {one.wire_name}:
            _unknown(what, one.replaced_by, known.keys() - {one.wire_name}, one.pointer, problems)


def _unknown(what: str, name: str, known: Iterable[str], pointer: str, problems: Problems) -> None:
    hint = did_you_mean(name, known, f"known: {', '.join(sorted(known)[:10]) or 'none'}")
    place = f"{pointer}/x-sdk/replaced_by"
    problems.error("bad-x-sdk", f"no {what} is named {name!r}", place, hint)


_INDENT = 8
_ERRORS = {
    "400": "BadRequestError",
    "401": "AuthenticationError",
    "403": "PermissionDeniedError",
    "404": "NotFoundError",
    "409": "ConflictError",
    "422": "UnprocessableEntityError",
    "429": "RateLimitError",
}
_RANKS = {name: int(status) for status, name in _ERRORS.items()}


def method_docstring(
    operation: ir.Operation, names: Names, common_errors: Mapping[str, str]
) -> str:
    """The docstring of an operation's methods, in Google style, without types.

    If the operation still has its ``poll``, it is the docstring of the polling method.
    ``common_errors`` are those of ``common_errors_of``; only the docstring of the package lists
    them.
    """
    sections = [fill(what_it_does(operation), _INDENT)]
    if operation.deprecated:
        other = successor(operation, names)
        sections.append(f"Deprecated: use `{other}` instead." if other else "Deprecated.")
    entries = _argument_entries(operation, names.arguments[operation.pointer])
    if operation.poll is not None:
        sections.append(fill(_how_it_waits(operation.poll), _INDENT))
        entries += [entry(name, text, _INDENT) for name, text in _WAITING.items()]
    if entries:
        sections.append("Args:\n" + "\n".join(entries))
    # A method that polls says above what it returns; the description says what the first call does.
    returned = [] if operation.poll is not None else _returned(operation)
    if returned:
        sections.append("Returns:\n" + "\n".join(returned))
    special = [
        entry(name, text, _INDENT)
        for name, text in _errors_of(operation).items()
        if common_errors.get(name) != text
    ]
    if special:
        sections.append("Raises:\n" + "\n".join(special))
    return docstring("\n\n".join(section for section in sections if section), _INDENT)


# What descriptions of a success say that says nothing of its result.
_SAID_OF_ANY = frozenset(
    "a accepted all an and any been body call code completed content created default deleted"
    " description done empty expected for found has have http in is it json no null of ok okay"
    " operation performed processed request response responses result retrieved return returned"
    " returns s server status succeed succeeded success succesful successful successfully that"
    " the this to updated valid was with".split()
)
_WORD = re.compile(r"[^\W\d_]+")


def _returned(operation: ir.Operation) -> list[str]:
    """The lines that say what a call returns: nothing where the description says only "OK"."""
    results = [one for one in operation.responses if is_result(one, operation)]
    found: dict[str, str] = {}
    for response in results if any(one.contents for one in results) else ():
        text = response.description.strip()
        words = set(_WORD.findall(text.lower()))
        is_said = text.rstrip(".") == operation.summary.rstrip(".")
        if len(words) > 1 and not is_said and not words <= _SAID_OF_ANY:
            found.setdefault(text, response.status.text)
    if len(found) == 1:
        return [indent(fill(text, _INDENT + 4), "    ") for text in found]
    return [entry(status, text, _INDENT) for text, status in found.items()]


_WAITING = {
    "poll_interval": "Seconds between two requests. Default: the server's hint.",
    "poll_timeout": "Maximum wait in seconds; then `PollTimeoutError` is raised.",
}


def _how_it_waits(poll: ir.Poll) -> str:
    states = ", ".join(f"`{state}`" for state in poll.until)
    return f"Then wait until its `{poll.field}` is one of {states}, and return the last result."


def what_it_does(operation: ir.Operation) -> str:
    """Summary and description; the summary only if the description does not begin with it."""
    summary, description = operation.summary, operation.description
    if not summary and not description:
        return f"Send {operation.http_method} {operation.path}."
    if not summary or description.startswith(summary.rstrip(".")):
        return description
    if not summary.endswith((".", "!", "?")):
        summary += "."
    return f"{summary}\n\n{description}" if description else summary


def _argument_entries(operation: ir.Operation, arguments: dict[tuple[str, str], str]) -> list[str]:
    found: dict[str, str] = {}
    by_wire_name = {wire_name: name for (_, wire_name), name in arguments.items()}
    for place, description in _described(operation, by_wire_name):
        name = arguments.get(place)
        if name is not None and description:
            found.setdefault(name, description)
    if operation.body is not None and operation.body.alternatives:
        found[CONTENT_TYPE] = "The media type of the body."
    return [entry(name, description, _INDENT) for name, description in found.items()]


def _described(
    operation: ir.Operation, names: Mapping[str, str]
) -> Iterable[tuple[tuple[str, str], str]]:
    path = [p for p in operation.parameters if p.location == "path"]
    others = [p for p in operation.parameters if p.location != "path"]
    for parameter in reversed(path):
        yield (parameter.location, parameter.wire_name), with_deprecation(
            parameter.description, parameter, names
        )
    for kind in operation.bodies:
        if kind.fields is None:
            yield ("body", ""), kind.description or "The request body."
        for field in sorted(kind.fields or (), key=lambda one: not one.required):
            yield ("body", field.wire_name), with_deprecation(field.description, field, names)
    for parameter in others:
        yield (parameter.location, parameter.wire_name), with_deprecation(
            parameter.description, parameter, names
        )


def error_class(status: str) -> str:
    """The error of a status: a code, a range such as ``4XX``, or ``default``."""
    return _ERRORS.get(status) or ("InternalServerError" if status[0] == "5" else "APIStatusError")


def common_errors_of(api: ir.Api) -> dict[str, str]:
    """The errors that at least half of all operations declare with the same text: class → text."""
    operations = list(api.operations())
    counts = Counter(pair for one in operations for pair in _errors_of(one).items())
    common = [pair for pair, count in counts.items() if count > 1 and 2 * count >= len(operations)]
    return dict(sorted(common, key=lambda pair: _RANKS.get(pair[0], 500)))


def _errors_of(operation: ir.Operation) -> dict[str, str]:
    """The errors of an operation: class → meaning."""
    found: dict[str, str] = {}
    for response in sorted(operation.responses, key=lambda one: one.status.text):
        status = response.status.text
        if is_result(response, operation):
            continue
        found.setdefault(error_class(status), response.description)
    return found
