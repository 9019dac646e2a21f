"""Docstrings of methods: what it does, the arguments that have something to say, what it raises."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from specloom import ir
from specloom.docstrings import docstring, entry, fill
from specloom.ir.usage import is_result
from specloom.naming.deprecated import successor, with_deprecation
from specloom.naming.names import Names
from specloom.naming.reserved import CONTENT_TYPE

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
    """The docstring of an operation's methods, in Google's style, without types.

    Of the method that waits where the operation still has its ``poll``. ``common_errors`` are those
    of ``common_errors_of``, which the docstring leaves to the package's.
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
    special = _errors_of(operation).items() - common_errors.items()
    if special:
        entries = [
            entry(name, text, _INDENT)
            for name, text in _errors_of(operation).items()
            if (name, text) in special
        ]
        sections.append("Raises:\n" + "\n".join(entries))
    return docstring("\n\n".join(section for section in sections if section), _INDENT)


_WAITING = {
    "poll_interval": "Seconds from one reading to the next. Else the server's hint counts.",
    "poll_timeout": "Seconds to wait at most; then `PollTimeoutError` is raised.",
}


def _how_it_waits(poll: ir.Poll) -> str:
    states = ", ".join(f"`{state}`" for state in poll.until)
    return f"Then wait until its `{poll.field}` is one of {states}, and return it as it is then."


def what_it_does(operation: ir.Operation) -> str:
    """Summary and description, the former only where the latter does not begin with it."""
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
        found[CONTENT_TYPE] = "The kind of body that the other arguments make."
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
    kinds = operation.body.kinds() if operation.body else ()
    for kind in kinds:
        if kind.fields is None:
            yield ("body", ""), kind.description or "The request body."
        for field in sorted(kind.fields or (), key=lambda one: not one.required):
            yield ("body", field.wire_name), with_deprecation(field.description, field, names)
    for parameter in others:
        yield (parameter.location, parameter.wire_name), with_deprecation(
            parameter.description, parameter, names
        )


def error_class(status: str) -> str:
    """What a response of a status raises: a code, a range such as ``4XX``, or ``default``."""
    return _ERRORS.get(status) or ("InternalServerError" if status[0] == "5" else "APIStatusError")


def common_errors_of(api: ir.Api) -> dict[str, str]:
    """The errors that at least half of all operations declare in the same words: class → words."""
    operations = list(api.operations())
    counts = Counter(pair for one in operations for pair in _errors_of(one).items())
    common = [pair for pair, count in counts.items() if count > 1 and 2 * count >= len(operations)]
    return dict(sorted(common, key=lambda pair: _RANKS.get(pair[0], 500)))


def _errors_of(operation: ir.Operation) -> dict[str, str]:
    """What an operation raises by its description: the class of the error → what it means."""
    found: dict[str, str] = {}
    for response in sorted(operation.responses, key=lambda one: one.status.text):
        status = response.status.text
        if is_result(response, operation):
            continue
        found.setdefault(error_class(status), response.description)
    return found
