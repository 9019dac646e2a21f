"""The responses of the SDK's fake server: examples and schemas of the description, as JSON.

It is a file of the package that is read only in tests. Each operation and each schema is on a line
of its own, for readable diffs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from specloom import ir
from specloom.docs.samples import Samples, is_number
from specloom.ir.operations import success_contents
from specloom.ir.usage import fields_in, is_redirection, is_result, preferred, refs_in

Json = dict[str, Any]

# All but what the URL standard encodes in paths ("path percent-encode set"); and parameters.
_SENT_AS_IT_IS = "!$%&'()*+,/:;=@[\\]^_|~{}"
_LONGEST_EXAMPLE = 20_000
_LIMITS = (
    "minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength minItems"
    " maxItems"
).split()
# The most likely state of a successful job.
_SUCCESS = ("completed", "succeeded", "success", "successful", "complete", "done", "finished")


def answers_text(api: ir.Api) -> str:
    """The JSON text."""
    answers = _Answers(api)
    operations = [answers.operation(one) for one in api.operations()]
    schemas = answers.schemas()
    pointer = dict(api.settings.error_pointers).get("message", "/error/message")
    lines = [
        f'"error_message": {_text(pointer)}',
        f'"errors": {_text(_errors(api))}',
        f'"credentials": {_text([list(one) for one in _credentials(api)])}',
        '"operations": [\n' + ",\n".join(map(_text, operations)) + "\n]",
        '"schemas": {\n'
        + ",\n".join(f"{_text(key)}: {_text(schemas[key])}" for key in sorted(schemas))
        + "\n}",
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"), default=str, skipkeys=True)


def _errors(api: ir.Api) -> Json:
    """By status: the first example of an error."""
    found: Json = {}
    for operation in api.operations():
        for one in operation.examples:
            status = one.status or ""
            is_error = status.isdigit() and int(status) >= 400
            if is_error and isinstance(one.value, dict) and _is_short(one.value):
                found.setdefault(status, one.value)
    return dict(sorted(found.items()))


def _credentials(api: ir.Api) -> Iterator[tuple[str, str]]:
    for scheme in api.security_schemes:
        if scheme.kind == "apiKey" and scheme.location and scheme.wire_name:
            yield scheme.location, scheme.wire_name


def _is_short(value: Any) -> bool:
    return len(_text(value)) <= _LONGEST_EXAMPLE


class _Answers:
    def __init__(self, api: ir.Api) -> None:
        self._api = api
        self._samples = Samples(api)
        self._pending: list[str] = []
        numbered = enumerate(sorted(api.types))
        self._keys = {key: f"{api.types[key].wire_name}-{number}" for number, key in numbered}
        self._ends = {
            one.poll.read: {"field": _field(one.poll, api), "state": _end(one.poll.until)}
            for one in api.operations()
            if one.poll is not None and one.poll.until
        }

    def operation(self, operation: ir.Operation) -> Json:
        """An operation with its answers."""
        found: Json = {
            "id": operation.id,
            "method": operation.http_method,
            "path": _path(operation),
            "answers": [
                self._answer(one, operation)
                for one in operation.responses
                if is_result(one, operation)
            ],
        }
        stream = operation.stream and self._stream(operation.stream, operation)
        if stream:
            found["stream"] = stream
        if operation.pagination is not None:
            found["page"] = _page(operation.pagination)
        if operation.pointer in self._ends:
            found["poll"] = self._ends[operation.pointer]
        return found

    def _answer(self, response: ir.Response, operation: ir.Operation) -> Json:
        status = response.status.text
        found: Json = {"status": int(status) if status.isdigit() else 200}
        content = preferred(response, operation)
        if is_redirection(response, operation):
            return found | {"kind": "redirect"}
        if content is None or content.kind == "empty":
            return found | {"kind": "empty"}
        return found | self._content(content, response, operation)

    def _content(self, content: ir.Content, response: ir.Response, operation: ir.Operation) -> Json:
        found: Json = {"kind": content.kind, "media_type": content.media_type}
        examples = {
            one.name: one.value
            for one in operation.examples
            if (one.status, one.media_type) == (response.status.text, content.media_type)
            and _is_short(one.value)
            and self._may_be(one.value, content)
        }
        if examples:
            found["examples"] = examples
        if content.kind not in ("text", "binary"):
            found["schema"] = self._schema(content.type, ("value",))
        return found

    def _stream(self, stream: ir.Stream, operation: ir.Operation) -> Json | None:
        for response in operation.responses:
            for content in response.contents if is_result(response, operation) else ():
                if content.is_stream:
                    status = response.status.text
                    found: Json = {"status": int(status) if status.isdigit() else 200}
                    found |= self._content(content, response, operation)
                    found |= {"envelope": stream.envelope, "done": stream.done}
                    found |= {"error_event": stream.error_event, "when": _when(stream)}
                    return found | {"schema": self._schema(stream.type, ("event",))}
        return None

    def _may_be(self, value: Any, content: ir.Content) -> bool:
        """Whether an example fits the response: an object or an array if the response is one."""
        if content.kind != "json":
            return isinstance(value, str) or content.is_stream
        type_ref = content.type
        while isinstance(type_ref, ir.Ref):
            named = self._api.types[type_ref.key]
            if isinstance(named, ir.Model):
                return isinstance(value, dict)
            type_ref = named.type
        if isinstance(type_ref, ir.ListOf):
            return isinstance(value, list)
        return not isinstance(type_ref, ir.MapOf) or isinstance(value, dict)

    def schemas(self) -> Json:
        """The schemas that the operations refer to."""
        found: Json = {}
        while self._pending:
            key = self._pending.pop()
            if self._keys[key] not in found:
                found[self._keys[key]] = self._named(self._api.types[key])
        return found

    def _named(self, named: ir.NamedType) -> Json:
        if isinstance(named, ir.Alias):
            return self._schema(named.type, named.name)
        fields = list(fields_in(named, request=False))
        found: Json = {
            "type": "object",
            "properties": {one.wire_name: self._field(one) for one in fields},
            "required": [one.wire_name for one in fields if one.required],
        }
        if named.extra is not None and not fields:
            found["additionalProperties"] = self._schema(named.extra, ("value",))
        return found

    def _field(self, field: ir.Field) -> Json:
        limits = dict(field.limits)
        example = field.example
        if example is None and "pattern" in limits:
            example = self._samples.of_field(field, request=False)
        found = self._schema(field.type, field.name, limits)
        if (
            example is not None
            and _is_short(example)
            and self._samples.accepts(example, field.type, request=False)
        ):
            found["example"] = example
        return found

    def _schema(
        self, type_ref: ir.TypeRef, name: ir.Words, limits: Mapping[str, Any] | None = None
    ) -> Json:
        self._pending.extend(refs_in(type_ref))
        if isinstance(type_ref, ir.Ref):
            return {"$ref": self._keys[type_ref.key]}
        if isinstance(type_ref, ir.Nullable):
            return {"anyOf": [self._schema(type_ref.inner, name, limits), {"type": "null"}]}
        if isinstance(type_ref, ir.ListOf):
            items = self._schema(type_ref.item, name)
            found = {"type": "array", "items": items, **_limits(limits)}
            if isinstance(type_ref, ir.TupleOf):
                found["prefixItems"] = [self._schema(one, name) for one in type_ref.first]
            return found
        if isinstance(type_ref, ir.MapOf):
            values = self._schema(type_ref.value, name)
            return {"type": "object", "additionalProperties": values}
        if isinstance(type_ref, ir.Literal):
            return {"enum": list(type_ref.values)}
        if isinstance(type_ref, ir.UnionOf):
            return self._union(type_ref, name)
        return _scalar(type_ref, limits)

    def _union(self, union: ir.UnionOf, name: ir.Words) -> Json:
        found: Json = {"anyOf": [self._schema(one, name) for one in union.members]}
        if union.tag is not None:
            found["discriminator"] = union.tag
            found["mapping"] = {tag: self._keys[key] for tag, key in union.mapping}
        return found


def _scalar(scalar: ir.Scalar, limits: Mapping[str, Any] | None) -> Json:
    kind = scalar.kind
    if kind == "any":
        return {}
    if kind in ("date", "date-time", "binary"):
        return {"type": "string", "format": kind}
    found: Json = {"type": kind, **_limits(limits)}
    given = (limits or {}).get("format")
    return found | ({"format": given} if kind == "string" and isinstance(given, str) else {})


def _limits(limits: Mapping[str, Any] | None) -> Json:
    given = limits or {}
    return {
        key: given[key]
        for key in _LIMITS
        if key in given and (is_number(given[key]) or given[key] is True)
    }


def _end(until: tuple[str, ...]) -> str:
    return next((one for one in _SUCCESS if one in until), until[0])


def _field(poll: ir.Poll, api: ir.Api) -> str:
    """The pointer to the state in a polled answer, which may be an envelope."""
    read = next(one for one in api.operations() if one.pointer == poll.read)
    contents = success_contents(read.responses)
    unwrap = next((one.unwrap for one in contents if one.kind == "json"), "")
    return f"{_pointer(unwrap)}{_pointer(poll.field)}" if unwrap else poll.field


def _pointer(name: str) -> str:
    if name.startswith("/"):
        return name
    return "/" + name.replace("~", "~0").replace("/", "~1")


def _when(stream: ir.Stream) -> list[str]:
    if stream.is_always:
        return ["always", ""]
    return [stream.location, stream.when or ""] if stream.when else ["never", ""]


def _page(pagination: ir.Pagination) -> Json:
    keys = ("style", "items", "parameter", "cursor", "has_more", "first")
    given = asdict(pagination)
    found = {key: given[key] for key in keys if given[key] is not None}
    return found | ({"in_body": True} if pagination.is_in_body else {})


def _path(operation: ir.Operation) -> str:
    """The path as it is sent: ``{+name}`` for a parameter that may hold slashes (RFC 6570)."""
    path = quote(operation.path.partition("?")[0].partition("#")[0], safe=_SENT_AS_IT_IS)
    reserved = {one.wire_name for one in operation.parameters if one.allow_reserved}
    return re.sub(
        r"\{([^{}]*)\}", lambda m: f"{{+{m[1]}}}" if m[1] in reserved else f"{{{m[1]}}}", path
    )
