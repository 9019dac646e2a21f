"""Builds the SDK with a new operation in memory: its call, its warnings and its fixture."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from specloom import ir
from specloom.authoring.draft import Draft
from specloom.authoring.exchange import FORMS, Exchange, FilePart, typed, typed_fields
from specloom.authoring.secrets import redacted, redacted_text
from specloom.description.document import Document
from specloom.description.places import Places
from specloom.description.tree import child
from specloom.errors import Problem, Problems, refuse
from specloom.ir.usage import usage_of
from specloom.naming.names import Names, attribute_path
from specloom.options import BuildOptions
from specloom.output.format import format_python
from specloom.pipeline import build
from specloom.reports.readability import lint
from specloom.sdk.annotations import Annotations
from specloom.sdk.methods import MethodPlanner

_SAID_BY_TODO = ("no-error-response", "untyped-response")
"""Warnings that repeat the TODO comment of an operation without a response sample."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the new method. `method` is its path below the client, `returns` an annotation."""

    method: str
    arguments: tuple[Any, ...]
    keywords: Mapping[str, Any]
    returns: str

    def __str__(self) -> str:
        given = [*map(repr, self.arguments), *(f"{k}={v!r}" for k, v in self.keywords.items())]
        return format_python(f"client.{self.method}({', '.join(given)})", "a call").rstrip()


@dataclass(frozen=True, slots=True)
class Trial:
    """The result of a build in memory.

    `warnings` concern the new entries. `undescribed` is the number of those without a description.
    """

    document: Document
    api: ir.Api
    operation: ir.Operation
    call: Call
    warnings: Problems
    undescribed: int


def try_out(spec: Path, options: BuildOptions, draft: Draft, exchange: Exchange) -> Trial:
    """Build the SDK in memory. Raises SpecError if that is impossible.

    `options` contain the new text of the description. `exchange` gives the arguments of the call.
    """
    built = build(spec, options)
    wanted = (draft.method, draft.route.template)
    found = [one for one in built.api.operations() if (one.http_method.lower(), one.path) == wanted]
    if not found:
        message = "the SDK lacks the new operation: an overlay or the OpenAPI version excludes it"
        place = Places(built.document).locate(f"{built.document.entry}#/paths")
        raise refuse("cannot-add", message, place)
    operation = found[0]
    warnings, undescribed = _about(lint(spec, options), draft)
    return Trial(
        built.document,
        built.api,
        operation,
        _call(built.api, built.names, operation, draft, exchange),
        warnings,
        undescribed,
    )


def _about(problems: Problems, draft: Draft) -> tuple[Problems, int]:
    """The warnings about new entries, and the number without a description."""
    places = [child("#", *one.path, one.key) for one in draft.entries]
    reported = Problems()
    reported.locator = problems.locator
    found = [problem for problem in problems if _is_below(problem, places)]
    undescribed = [problem for problem in found if problem.code.startswith("undescribed-")]
    is_seen = any(one.response is not None for one in draft.exchanges)
    for problem in found:
        if problem not in undescribed and (is_seen or problem.code not in _SAID_BY_TODO):
            reported.add(problem)
    return reported, len(undescribed)


def _is_below(problem: Problem, places: list[str]) -> bool:
    pointer = "#" + problem.pointer.partition("#")[2]
    return any(pointer == place or pointer.startswith(f"{place}/") for place in places)


def _call(
    api: ir.Api, names: Names, operation: ir.Operation, draft: Draft, exchange: Exchange
) -> Call:
    given = names.arguments[operation.pointer]
    planner = MethodPlanner(names, Annotations(api, names, usage_of(api)))
    resource = attribute_path(ir.Resource(operation.resource, (), ()))
    path = operation.path_parameters()
    positional = operation.positional_parameters()
    values = path_values(draft, exchange)
    keywords: dict[str, Any] = {
        given[("path", one.wire_name)]: values[one.wire_name] for one in path[len(positional) :]
    }
    keywords |= _body_keywords(operation, given, exchange)
    keywords |= _query_keywords(operation, given, exchange)
    return Call(
        method=f"{resource}.{names.methods[operation.pointer]}",
        arguments=tuple(values[one.wire_name] for one in positional),
        keywords=keywords,
        returns=planner.method(operation, "").signature.returns.text,
    )


def path_values(draft: Draft, exchange: Exchange) -> dict[str, Any]:
    """The values of path parameters. A parameter without a value has its name as the value."""
    return {
        name: typed(redacted_text(value, exchange.secrets)) if value else name
        for name, value in draft.route.values.items()
    }


def _body_keywords(
    operation: ir.Operation, given: Mapping[tuple[str, str], str], exchange: Exchange
) -> dict[str, Any]:
    if operation.body is None or exchange.request is None:
        return {}
    value = redacted(exchange.request.value, exchange.secrets)
    if exchange.request.media_type in FORMS:
        value = typed_fields(value)
    if operation.body.fields is None:
        return {given[("body", "")]: value}
    fields = value if isinstance(value, dict) else {}
    fields |= {key: one for key, one in _files(exchange.request.value) if ("body", key) in given}
    return {given[("body", key)]: one for key, one in fields.items() if ("body", key) in given}


def _files(value: Any) -> Iterator[tuple[str, Any]]:
    """The files of a form by field; `redacted` leaves them out."""
    for key, inner in value.items() if isinstance(value, dict) else ():
        if isinstance(inner, FilePart) or (
            isinstance(inner, list) and any(isinstance(one, FilePart) for one in inner)
        ):
            yield key, inner


def _query_keywords(
    operation: ir.Operation, given: Mapping[tuple[str, str], str], exchange: Exchange
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for parameter in operation.parameters:
        values = [value for name, value in exchange.query if name == parameter.wire_name]
        if parameter.location != "query" or not values:
            continue
        texts = [typed(redacted_text(value, exchange.secrets)) for value in values]
        is_list = isinstance(parameter.type, ir.ListOf)
        found[given[("query", parameter.wire_name)]] = texts if is_list else texts[-1]
    return found


def fixture_text(trial: Trial, draft: Draft, exchange: Exchange, variant: str) -> str:
    """The exchange in the format of `tests/fixtures`, free of credentials."""
    response = exchange.response
    assert response is not None
    answer: dict[str, Any] = {
        "status": exchange.status,
        "headers": {"content-type": response.media_type},
    }
    value = redacted(response.value, exchange.secrets)
    if response.is_stream:
        answer["text"] = [line for event in value for line in _event_lines(event)]
    elif isinstance(value, str) and not response.is_structured:
        answer["text"] = value.split("\n")
    else:
        answer["json"] = value
    fixture = {
        "operation": draft.operation_id,
        "variant": variant,
        "source": "synthetic",
        "call": {
            "method": trial.call.method,
            "arguments": list(trial.call.arguments),
            "keywords": dict(trial.call.keywords),
        },
        "request": _request(trial, draft, exchange),
        "response": answer,
    }
    return json.dumps(fixture, indent=1, ensure_ascii=False) + "\n"


def _event_lines(event: Mapping[str, Any]) -> list[str]:
    name = [f"event: {event['event']}"] if event["event"] != "message" else []
    data = event["data"]
    text = data if isinstance(data, str) else json.dumps(data, separators=(",", ":"))
    return [*name, f"data: {text}", ""]


def _request(trial: Trial, draft: Draft, exchange: Exchange) -> dict[str, Any]:
    path = draft.route.template
    for name, value in path_values(draft, exchange).items():
        path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
    declared = {one.wire_name for one in trial.operation.parameters if one.location == "query"}
    query = [[name, redacted_text(value)] for name, value in exchange.query if name in declared]
    request: dict[str, Any] = {
        "method": exchange.method,
        "path": path,
        "query": query,
        "headers": dict(sorted(_headers(trial, exchange).items())),
    }
    if exchange.request is not None:
        request["body"] = redacted(exchange.request.value, exchange.secrets)
    return request


def _headers(trial: Trial, exchange: Exchange) -> dict[str, str]:
    """The request of the SDK, without headers that have no meaning for the API."""
    kinds = {content.kind for one in trial.operation.responses for content in one.contents}
    headers = {"accept": "application/json" if "json" in kinds else "*/*"}
    if exchange.response is not None and exchange.response.is_stream:
        headers["accept"] = "text/event-stream, application/json"
    required = trial.operation.security
    required = trial.api.security if required is None else required
    schemes = {one.key: one.kind for one in trial.api.security_schemes}
    kind = next((schemes[key] for keys in required for key in keys if key in schemes), None)
    if kind in ("bearer", "basic"):
        headers["authorization"] = f"{kind.capitalize()} REDACTED"
    if exchange.request is not None:
        headers["content-type"] = exchange.request.media_type
    return headers | {name.lower(): value for name, value in trial.api.settings.headers}
