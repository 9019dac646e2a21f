"""Warnings about valid descriptions that read badly in the SDK."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from specloom import ir
from specloom.description.document import Document
from specloom.description.node import sdk_extension
from specloom.errors import Problem, Problems
from specloom.lower.schema_names import given_name
from specloom.naming.identifiers import Clash
from specloom.naming.names import Names
from specloom.options import BuildOptions
from specloom.pipeline import read_all_that_works
from specloom.reports.ir_report import clashes_in, fields_of, node_at

_EMPTY_ON_PURPOSE = ("204", "205", "304")
_ANY = ir.Scalar("any")


def lint(spec: Path | str, options: BuildOptions) -> Problems:
    """All problems of a description, and everything that reads badly in its SDK.

    Parts with errors only get these errors. Raises SpecError if nothing can be generated.
    """
    reading = read_all_that_works(spec, options)
    check_readability(reading.document, reading.api, reading.names, reading.problems)
    return reading.problems


def check_readability(document: Document, api: ir.Api, names: Names, problems: Problems) -> None:
    """Add a warning for each missing description, name, group or type."""
    problems.extend(
        (
            *_operations(document, api, names),
            *_inputs(api),
            *_properties(api),
            *_unnamed(document, api, names),
            *(_clash(clash, names) for clash in clashes_in(api, names)),
        )
    )


def _warning(code: str, message: str, pointer: str, hint: str) -> Problem:
    return Problem(code, message, pointer, hint, "warning")


def _operations(document: Document, api: ir.Api, names: Names) -> Iterator[Problem]:
    by_tags = sdk_extension(node_at(document, f"{document.entry}#")).get("resources") == "tags"
    for operation in api.operations():
        called = f"client.{names.addresses[operation.pointer]}"
        yield from _wording(document, operation, called, by_tags)
        yield from _responses(operation)


def _wording(
    document: Document, operation: ir.Operation, called: str, by_tags: bool
) -> Iterator[Problem]:
    """Warnings about the operation itself."""
    what, pointer = operation.key, operation.pointer
    declared = node_at(document, pointer)
    sdk = sdk_extension(declared)
    if not operation.summary and not operation.description:
        hint = "write a summary: it begins the docstring"
        yield _warning("undescribed-operation", f"{what} has no summary", pointer, hint)
    if by_tags and not operation.tags and "resource" not in sdk:
        hint = "write 'tags: [NAME]' or 'x-sdk: {resource: NAME}'"
        yield _warning("untagged-operation", f"{what} has no tag: it is {called}", pointer, hint)
    if not declared.text("operationId") and "method" not in sdk:
        message = f"{what} has no operationId: it is {called}"
        hint = "write 'operationId: NAME' or 'x-sdk: {method: NAME}'"
        yield _warning("missing-operation-id", message, pointer, hint)


def _responses(operation: ir.Operation) -> Iterator[Problem]:
    """Warnings about the results and errors of an operation."""
    what, pointer = operation.key, operation.pointer
    results = [one for one in operation.responses if one.status.is_success]
    errors = [one for one in operation.responses if not one.status.is_success]
    if not results:
        results = [one for one in errors if one.status.text == "default"]
        errors = [one for one in errors if one not in results]
    if not errors:
        hint = "declare a response '4XX' or 'default' with the schema of an error"
        yield _warning("no-error-response", f"{what} declares no error", pointer, hint)
    elif not any(map(_is_typed, errors)):
        message = f"no error response of {what} has a schema: its body is read as any JSON"
        hint = "give the error content with a schema"
        yield _warning("untyped-error", message, errors[0].pointer, hint)
    is_empty = operation.http_method == "HEAD" or any(
        one.status.text in _EMPTY_ON_PURPOSE for one in results
    )
    if not is_empty and not any(map(_is_typed, results)):
        message = (
            f"no successful response of {what} has a schema: the type of its result is unknown"
        )
        hint = "give the response content with a schema, or the status 204 if it has no body"
        place = results[0].pointer if results else pointer
        yield _warning("untyped-response", message, place, hint)


def _is_typed(response: ir.Response) -> bool:
    return any(
        content.type != _ANY or content.kind in ("text", "binary") for content in response.contents
    )


def _inputs(api: ir.Api) -> Iterator[Problem]:
    hint = "write a description: it goes into the docstring"
    for operation in api.operations():
        for one in operation.parameters:
            if not one.description and one.constant is None:
                message = f"the {one.location} parameter {one.wire_name!r} has no description"
                yield _warning("undescribed-parameter", message, one.pointer, hint)


def _properties(api: ir.Api) -> Iterator[Problem]:
    hint = "write a description: it becomes the docstring of the attribute"
    for one, holder in fields_of(api):
        is_tag = isinstance(one.type, ir.Literal) and one.type.kind == "const"
        # A tag that was added to a variant has no place of its own.
        if not one.description and not is_tag and one.pointer != holder:
            message = f"the property {one.wire_name!r} has no description"
            yield _warning("undescribed-property", message, one.pointer, hint)


def _unnamed(document: Document, api: ir.Api, names: Names) -> Iterator[Problem]:
    """Inline schemas without a name."""
    for named in api.types.values():
        if given_name(node_at(document, named.pointer)) is None:
            given = names.types[named.key]
            message = f"this {_kind(named)} has no name; it is called {given}, after its place"
            hint = f"write 'x-sdk: {{name: {given}}}' in it, or a better name"
            yield _warning("unnamed-schema", message, named.pointer, hint)


def _kind(named: ir.NamedType) -> str:
    if isinstance(named, ir.Model):
        return "object"
    kinds: dict[type, str] = {ir.UnionOf: "union", ir.Literal: "enum", ir.ListOf: "list"}
    return kinds.get(type(named.type), "schema")


def _clash(clash: Clash, names: Names) -> Problem:
    message = f"the name {clash.wanted!r} is taken: this is {clash.given!r}"
    key = "method" if clash.pointer in names.methods else "name"
    hint = f"write 'x-sdk: {{{key}: NAME}}' in it"
    return _warning("name-clash", message, clash.pointer, hint)
