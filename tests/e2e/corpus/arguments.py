"""Arguments for a generated method, and the expected request."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

from e2e.corpus.answers import kind_of
from e2e.corpus.raw import Endpoint, Values, follow, schema_of
from e2e.corpus.samples import Sampler
from e2e.corpus.scalars import NoSampleError
from specloom import ir
from support.loopback import Received

_FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
# These say how the message is cut up: a value that is not true of it breaks the connection.
_FRAMING = ("connection", "content-length", "host", "transfer-encoding")
_OPTIONS = inspect.Parameter.VAR_KEYWORD


class UndescribedError(Exception):
    """A method has an argument that the description lacks."""


@dataclass(frozen=True)
class Given:
    """The arguments of one call: by identifier for the method, by place and name for the wire."""

    positional: list[Any]
    keywords: dict[str, Any]
    sent: dict[tuple[str, str], Any]


def arguments_for(
    root: Values,
    endpoint: Endpoint,
    operation: ir.Operation,
    names: Mapping[tuple[str, str], str],
    method: Callable[..., Any],
    *,
    full: bool,
) -> Given:
    """The required arguments, or with ``full`` all that there are.

    Raises:
        NoSampleError: An argument's schema has no value.
        UndescribedError: An argument belongs to nothing in the description.
    """
    places = {identifier: place for place, identifier in names.items()}
    given = Given([], {}, {})
    body = _Body(root, endpoint, operation, full=full)
    for parameter in inspect.signature(method).parameters.values():
        is_required = parameter.default is inspect.Parameter.empty
        if parameter.kind is _OPTIONS or not (is_required or full):
            continue
        place = places.get(parameter.name)
        if place is None and not is_required:
            continue  # the SDK's own, such as a choice between media types
        if place is None:
            raise UndescribedError(parameter.name)
        if place[0] == "header" and place[1].lower() in _FRAMING and not is_required:
            continue
        try:
            value = body.value(place) if place[0] == "body" else _input(root, endpoint, place)
        except (NoSampleError, KeyError) as error:
            if not is_required:
                continue
            if isinstance(error, KeyError):
                raise UndescribedError(f"{parameter.name}: {error}") from None
            raise
        given.sent[place] = value
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            given.keywords[parameter.name] = value
        else:
            given.positional.append(value)
    return given


def _input(root: Values, endpoint: Endpoint, place: tuple[str, str]) -> Any:
    """A value for an input outside of the body; arrays and objects have something in them."""
    location, name = place
    sampler = Sampler(root, for_request=True, full=True)
    if place in endpoint.parameters:
        value = sampler.sample(schema_of(endpoint.parameters[place]))
        if location == "path" and not isinstance(value, bool) and value in ("", [], {}):
            raise NoSampleError("nothing to write into the path")
        return value
    for (where, _), parameter in endpoint.parameters.items():
        if (where, location) == ("querystring", "query"):
            whole = sampler.sample(schema_of(parameter))
            return whole[name] if isinstance(whole, Mapping) and name in whole else whole
    raise KeyError(place)


class _Body:
    """The request body in the media type that the SDK sends."""

    def __init__(
        self, root: Values, endpoint: Endpoint, operation: ir.Operation, *, full: bool
    ) -> None:
        self._whole: Any = None
        self._error: NoSampleError | None = None
        declared = follow(root, endpoint.operation.get("requestBody")) or {}
        content = declared.get("content") or {}
        if operation.body is None or not content:
            return
        media_type = operation.body.media_type
        # What is declared may be a range, in which the SDK chose.
        described = content.get(media_type, next(iter(content.values()))) or {}
        kind = "bytes" if _is_file(root, described) else kind_of(media_type)
        if kind in ("text", "bytes") and media_type not in _FORMS:
            self._whole = "a text" if kind == "text" else b"bytes"
            return
        is_form, has_files = media_type in _FORMS, media_type == _FORMS[0]
        sampler = Sampler(root, for_request=True, full=full, nulls=not is_form, files=has_files)
        try:
            self._whole = sampler.sample(described.get("schema", {}))
        except NoSampleError as error:
            self._error = error

    def value(self, place: tuple[str, str]) -> Any:
        """The part that an argument takes; all of it where that is one argument."""
        if self._error is not None:
            raise self._error
        if self._whole is None and place[1]:
            raise NoSampleError("the least body is null, and the method takes its properties")
        return self._whole[place[1]] if place[1] else self._whole


def _is_file(root: Values, described: Values) -> bool:
    """Whether the body is a file by its schema, whatever its media type is."""
    schema = follow(root, described.get("schema"))
    return isinstance(schema, Mapping) and schema.get("format") == "binary"


def differences(endpoint: Endpoint, operation: ir.Operation, given: Given, sent: Received) -> str:
    """The differences of a request from the description; empty if there are none."""
    if sent.method != endpoint.method:
        return f"the method is {sent.method}"
    if not _path_pattern(endpoint, given).fullmatch(unquote(sent.path)):
        return f"the path is {sent.path}"
    query, cookies = dict(sent.query), sent.headers.get("cookie") or ""
    for (location, name), value in given.sent.items():
        text = _text(value)
        if text is None or "content" in endpoint.parameters.get((location, name), {}):
            continue
        if location == "query" and query.get(name) != text:
            return f"the query has {sent.raw_query!r}, not {name}={text}"
        if location == "header" and sent.headers.get(name) != text:
            return f"the header {name} is {sent.headers.get(name)!r}, not {text!r}"
        if location == "cookie" and f"{name}=" not in cookies:
            return f"no cookie {name}"
    return _body_difference(operation, given, sent)


def _path_pattern(endpoint: Endpoint, given: Given) -> re.Pattern[str]:
    """The path with its arguments; those that are no plain text can be anything."""
    pattern = ""
    path = unquote(endpoint.path.partition("?")[0])
    for index, part in enumerate(re.split(r"\{([^{}]*)\}", path)):
        is_plain = endpoint.parameters.get(("path", part), {}).get("style", "simple") == "simple"
        text = _text(given.sent.get(("path", part))) if index % 2 and is_plain else None
        text = text if index % 2 else part
        pattern += ".+" if text is None else re.escape(text)
    return re.compile(pattern, re.DOTALL)


def _parts_of(name: str, value: Any) -> Iterator[str]:
    """What a part of the form may be called: an object with a style has parts of its own."""
    yield name
    for key in value if isinstance(value, Mapping) else ():
        yield from (key, f"{name}[{key}]")


def _text(value: Any) -> str | None:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case int() | float():
            return str(value)
        case _:
            return None


def _body_difference(operation: ir.Operation, given: Given, sent: Received) -> str:
    parts = {name: value for (place, name), value in given.sent.items() if place == "body"}
    if operation.body is None or not parts:
        return ""
    media_type = operation.body.media_type
    received = (sent.headers.get("content-type") or "").partition(";")[0]
    if received != media_type.partition(";")[0] and "*" not in media_type:
        return f"the body is {received or 'missing'}, not {media_type}"
    whole = parts.get("", parts)
    if isinstance(whole, bytes) and not media_type.startswith(_FORMS):
        return "" if sent.body == whole else f"the body is {sent.body[:200]!r}"
    if kind_of(media_type) == "json":
        return "" if sent.json == whole else f"the body is {sent.body[:200]!r}"
    if media_type.startswith(_FORMS) and not isinstance(whole, dict):
        content = whole if isinstance(whole, bytes) else str(whole).encode()
        return "" if content in sent.body else f"the body is {sent.body[:200]!r}"
    if media_type.startswith(_FORMS[0]):
        styled = {one.wire_name for one in operation.body.encoding if one.style}
        lost = [
            name
            for name, value in whole.items()
            if value not in ([], None)
            and not any(
                f'name="{part}"'.encode() in sent.body
                for part in _parts_of(name, value if name in styled else None)
            )
        ]
    elif media_type.startswith(_FORMS[1]):
        fields = dict(parse_qsl(sent.body.decode(), keep_blank_values=True))
        lost = [n for n, v in whole.items() if _text(v) is not None and fields.get(n) != _text(v)]
    else:
        return ""
    return f"the body lacks {', '.join(lost)}" if lost else ""
