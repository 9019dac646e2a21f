"""The tests of a new project: one call of every operation, against a server in memory."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Any
from urllib.parse import quote

from specloom import ir
from specloom.docs import examples_of
from specloom.docs.calls import result_of
from specloom.docs.samples import Samples
from specloom.docs.showcase import test_arguments
from specloom.ir.usage import is_result, preferred
from specloom.layout import Raw, call
from specloom.lower.type_refs import steps_of
from specloom.naming.identifiers import free
from specloom.naming.names import Names, all_resources
from specloom.sdk.client_arguments import credentials, is_pair

_BASE_URL = "https://api.test"
_BYTES = b"what the server sends"
_TEXT = "what the server says"
# The signs that the URL standard does not encode in paths ("path percent-encode set").
_SENT_AS_IT_IS = "!$%&'()*+,/:;=@[\\]^_|~{}"
_TELLING = ("id", "name", "title", "status")


@dataclass(frozen=True, slots=True)
class Call:
    """A test: its name, its subject, the scripted answer, and its code."""

    name: str
    method: str
    request: str
    answer: str
    lines: tuple[str, ...]
    is_deprecated: bool


class Calls:
    """Writes the tests of one API."""

    def __init__(self, api: ir.Api, names: Names) -> None:
        self._api = api
        self._names = names
        self._examples = examples_of(api, names)
        self._samples = Samples(api)

    def context(self) -> dict[str, object]:
        """The context of the template."""
        settings = self._api.settings
        server = [("base_url", _BASE_URL), ("http_client", Raw("server.client()"))]
        arguments = [*self._credentials(), *server, ("max_retries", 0)]
        calls = list(self._calls())
        return {
            "package": settings.package,
            "client": settings.client,
            "made": call(settings.client, arguments, column=9, indent=4, after=len(" as client:")),
            "calls": calls,
            "uses_types": any("types." in line for one in calls for line in one.lines),
        }

    def _credentials(self) -> Iterator[tuple[str, Any]]:
        """All credentials of the client, and its other required arguments.

        Operations may need different credentials.
        """
        for name, schemes in credentials(self._api).items():
            yield name, Raw('("user", "password")') if is_pair(schemes[0]) else "test"
        own = {one.name for one in self._api.settings.client_arguments}
        yield from (one for one in test_arguments(self._api) if one[0] in own)

    def _calls(self) -> Iterator[Call]:
        taken: set[str] = set()
        for resource in all_resources(self._api.resources):
            for operation in resource.operations:
                result = next(
                    (one for one in operation.responses if is_result(one, operation)), None
                )
                if result is None:
                    continue
                method = self._examples.method(operation)
                name = free(f"test_{method.replace('.', '_')}", taken, "{}_{}".format)
                taken.add(name)
                answer, value = self._answer(operation, result)
                lines = tuple(self._lines(operation, result, value))
                yield Call(
                    name, operation.http_method, operation.key, answer, lines, operation.deprecated
                )

    def _answer(self, operation: ir.Operation, response: ir.Response) -> tuple[str, Any]:
        """The call that scripts the answer, and the value of the answer."""
        place: list[tuple[str, Any]] = [
            ("", operation.http_method),
            ("", _template(operation.path)),
        ]
        code = _status(response)
        status = [("status", code)] if code != 200 else []
        content = _content(operation, response)
        if operation.http_method == "HEAD" or content is None:
            return _server_call("answer", *place, *status), None
        if _is_stream(content, operation):
            return self._stream(operation, content, place)
        value = self._value(operation, content)
        body, headers = value, _headers(content)
        if content.kind == "json":
            is_taken_for_json = value is not None and not isinstance(value, str)
            body = value if is_taken_for_json else json.dumps(value)
            headers = {} if is_taken_for_json else {"content-type": "application/json"}
        more = [("headers", headers)] if headers else []
        return _server_call("answer", *place, ("", body), *status, *more), value

    def _value(self, operation: ir.Operation, content: ir.Content) -> Any:
        if content.kind == "json":
            given = self._examples.answer(operation)
            if given is not None:
                return given
            return self._samples.of_type(content.type, ("value",), request=False)
        return _TEXT if content.kind == "text" else _BYTES

    def _stream(
        self, operation: ir.Operation, content: ir.Content, place: list[tuple[str, Any]]
    ) -> tuple[str, Any]:
        event = self._samples.of_type(content.type, ("event",), request=False)
        if content.kind == "json-lines":
            line = f"{json.dumps(event)}\n"
            return _server_call("answer", *place, ("", line), ("headers", _headers(content))), event
        stream = operation.stream
        if stream is not None and stream.envelope and isinstance(event, dict):
            events = [(event.get("event", ""), event.get("data", ""))]
        else:
            events = [("", event)]
        if stream is not None and stream.done is not None:
            events.append(("done", stream.done))
        pairs = Raw(f"[{', '.join(f'({name!r}, {data!r})' for name, data in events)}]")
        return _server_call("stream", *place, ("", pairs)), event

    def _lines(self, operation: ir.Operation, response: ir.Response, value: Any) -> Iterator[str]:
        """The call, and the assertion on its result."""
        result = result_of(operation, self._api, self._names)
        content = _content(operation, response)
        is_stream = content is not None and _is_stream(content, operation)
        before = {"page": "page = ", "nothing": ""}.get(result.kind, "result = ")
        before = "with " if is_stream else before
        after = " as stream:" if is_stream else ""
        text = self._examples.expression(operation, column=4 + len(before))
        yield from f"{before}{text}{after}".split("\n")
        if is_stream:
            yield "    assert len(list(stream)) == 1"
        elif result.kind == "page":
            key = operation.pagination.items if operation.pagination else ""
            items = (value.get(key) if isinstance(value, dict) else None) if key else value
            yield f"assert len(page.data) == {len(items or [])}"
        elif content is not None and result.kind != "nothing" and operation.http_method != "HEAD":
            yield self._expected(content, reduce(_member, steps_of(content.unwrap), value))

    def _expected(self, content: ir.Content, value: Any) -> str:
        if content.kind == "binary":
            return f"assert result.read() == {_BYTES!r}"
        if content.kind == "text":
            return f'assert result == "{_TEXT}"'
        got = content.result.inner if isinstance(content.result, ir.Nullable) else content.result
        named = self._api.types[got.key] if isinstance(got, ir.Ref) else None
        if isinstance(named, ir.Model) and isinstance(value, dict):
            return self._of_model(named, value)
        if isinstance(got, ir.ListOf) and isinstance(value, list):
            return f"assert len(result) == {len(value)}"
        return "assert result is not None" if value is not None else "assert result is None"

    def _of_model(self, model: ir.Model, value: Any) -> str:
        """An assertion on the most significant attribute, or on the type of the result."""
        for field in model.fields:
            is_text = field.type == ir.Scalar("string") and isinstance(
                value.get(field.wire_name), str
            )
            if field.wire_name in _TELLING and is_text:
                attribute = self._names.fields[model.key][field.wire_name]
                return f"assert result.{attribute} == {value[field.wire_name]!r}"
        return f"assert isinstance(result, types.{self._names.types[model.key]})"


def _content(operation: ir.Operation, response: ir.Response) -> ir.Content | None:
    """The content that a plain call reads: events if the operation always streams."""
    streamed = (one for one in response.contents if _is_stream(one, operation))
    is_streaming = operation.stream is not None and operation.stream.is_always
    return next(streamed, None) if is_streaming else preferred(response, operation)


def _is_stream(content: ir.Content, operation: ir.Operation) -> bool:
    """Whether the answer is a stream. If a call can request JSON instead, it does."""
    return content.is_stream and (operation.stream is None or operation.stream.is_always)


def _member(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _server_call(method: str, *arguments: tuple[str, Any]) -> str:
    return call(f"server.{method}", arguments, column=4, indent=4)


def _template(path: str) -> str:
    """The path that is sent, with a wildcard for each parameter, and without a query."""
    return re.sub(r"\{[^{}]*\}", "{id}", quote(path.partition("?")[0], safe=_SENT_AS_IT_IS))


def _status(response: ir.Response) -> int:
    text = response.status.text
    return int(text) if text.isdigit() else 200


def _headers(content: ir.Content) -> dict[str, str]:
    return {} if "*" in content.media_type else {"content-type": content.media_type}
