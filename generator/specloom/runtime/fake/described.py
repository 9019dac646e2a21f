"""Answers from the description of the API: its examples, or else values of its schemas.

The package holds the description of its answers as JSON, in ``_answers.json``. It is read when a
fake server asks for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pkgutil import get_data
from random import Random
from typing import Any

from ..media_types import kind_of
from ..models.base import encode_json
from ..values import is_list, is_mapping, member, pointer_parts
from .answers import Answer, SentRequest, asks_for_token, matches, sse
from .values import Values

__all__ = ["Described", "read_description"]


def read_description() -> Mapping[str, Any]:
    """The description that the package of this module holds.

    Raises:
        FileNotFoundError: The package has none.
    """
    package = __name__.partition("._runtime.")[0]
    data = get_data(package, "_answers.json")
    description: Mapping[str, Any] = json.loads(data or b"{}")
    return description


class Described:
    """Answers requests from a description.

    Args:
        description: What ``_answers.json`` holds.
        seed: Chooses the values that are made from schemas. The n-th answer of an operation is the
            same for the same seed, whatever is asked between.
    """

    def __init__(self, description: Mapping[str, Any], seed: int) -> None:
        operations: list[Mapping[str, Any]] = description.get("operations", [])
        # The longest path first, since a base URL may have a path of its own.
        self._operations = sorted(
            operations, key=lambda one: (-one["path"].count("/"), one["path"].count("{"))
        )
        self._schemas: Mapping[str, Any] = description.get("schemas", {})
        self._errors: Mapping[str, Any] = description.get("errors", {})
        self._pointer: str = description.get("error_message", "/error/message")
        self._seed = seed
        self._counts: dict[str, int] = {}
        self._tokens = 0
        self._preferred: dict[str, tuple[str | None, int | None]] = {}
        self.credentials: list[list[str]] = description.get("credentials", [])

    def prefer(self, operation: str, example: str | None, status: int | None) -> None:
        """Answer an operation with an example by name, or with a status.

        Raises:
            ValueError: There is no such operation or example.
        """
        found = next((one for one in self._operations if one["id"] == operation), None)
        if found is None:
            known = ", ".join(sorted(one["id"] for one in self._operations))
            raise ValueError(f"there is no operation {operation!r}; there are {known}")
        names = sorted({name for one in _answers(found) for name in _examples(one)})
        if example is not None and example not in names:
            raise ValueError(f"{operation} has no example {example!r}; it has {names}")
        self._preferred[operation] = (example, status)

    def error(self, status: int) -> Any:
        """The body of an error: an example, or a message where the description has it."""
        found = self._errors.get(str(status))
        return found if found is not None else _nested(self._pointer, f"Status {status}.")

    def answer(self, sent: SentRequest) -> Answer | None:
        """The answer to a request; ``None`` if no operation is described for it."""
        method = sent.method.upper()
        for operation in self._operations:
            if operation["method"] == method and matches(operation["path"], sent.path, below=True):
                return self._of(operation, sent)
        return self._token() if asks_for_token(sent) else None

    def _token(self) -> Answer:
        """A new access token. That is asked for at any address."""
        self._tokens += 1
        token = f"token-{self._tokens}"
        return Answer({"access_token": token, "token_type": "Bearer", "expires_in": 3600})

    def _of(self, operation: Mapping[str, Any], sent: SentRequest) -> Answer:
        key = operation["id"]
        count = self._counts[key] = self._counts.get(key, -1) + 1
        values = Values(self._schemas, Random(f"{self._seed} {key} {count}"))
        example, status = self._preferred.get(key, (None, None))
        stream = operation.get("stream")
        if status is not None and status >= 400:
            return Answer(self.error(status), status)
        if stream is not None and _asks_for_stream(stream, sent):
            return _streamed(stream, values, example)
        answers = operation["answers"] or [{"status": 204, "kind": "empty"}]
        chosen = next(
            (
                one
                for one in answers
                if status in (None, one["status"])
                and (example is None or example in _examples(one))
            ),
            answers[0],
        )
        return _plain(operation, chosen, sent, values, example)


def _examples(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = answer.get("examples", {})
    return found


def _answers(operation: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from operation["answers"]
    if "stream" in operation:
        yield operation["stream"]


def _asks_for_stream(stream: Mapping[str, Any], sent: SentRequest) -> bool:
    """Whether a request asks for the stream that an operation may answer with."""
    place, name = stream.get("when") or ("always", "")
    if place == "always":
        return True
    if place == "query":
        return dict(sent.query).get(name) == "true"
    return place == "body" and member(_body(sent), name) is True


def _body(sent: SentRequest) -> Any:
    try:
        return sent.json
    except ValueError:
        return None


def _plain(
    operation: Mapping[str, Any],
    answer: Mapping[str, Any],
    sent: SentRequest,
    values: Values,
    example: str | None,
) -> Answer:
    status, kind = answer["status"], answer["kind"]
    if kind == "redirect":
        return Answer(None, status, {"location": "/redirected"})
    if kind == "empty" or sent.method.upper() == "HEAD":
        return Answer(None, status)
    headers = {"content-type": _media_type(answer["media_type"])}
    if kind != "json":
        default = "An answer." if kind == "text" else b"An answer."
        return Answer(_example(answer, example, default), status, headers)
    poll = operation.get("poll")
    body = _json_body(answer, values, example, poll)
    if example is None and "page" in operation:
        body = _page(operation["page"], sent, body)
    return Answer(encode_json(body), status, headers)


def _json_body(
    answer: Mapping[str, Any], values: Values, example: str | None, poll: Mapping[str, Any] | None
) -> Any:
    examples = _examples(answer)
    if example is not None:
        return _example(answer, example, None)
    if poll is not None:
        ended = (one for one in examples.values() if _at(one, poll["field"]) == poll["state"])
        body = next(ended, None)
        if body is None:
            body = _with(_first(examples) or values.of(answer["schema"]), poll)
        return body
    return _first(examples) if examples else values.of(answer["schema"])


def _first(examples: Mapping[str, Any]) -> Any:
    return next(iter(examples.values()), None)


def _with(body: Any, poll: Mapping[str, Any]) -> Any:
    """A body whose state is one that ends the waiting."""
    return _changed(body, poll["field"], poll["state"])


def _example(answer: Mapping[str, Any], name: str | None, default: Any) -> Any:
    examples = _examples(answer)
    if name is not None and name in examples:
        return examples[name]
    return next(iter(examples.values()), default)


def _page(page: Mapping[str, Any], sent: SentRequest, body: Any) -> Any:
    """The first page says that it is the last one; what follows it is empty, so that loops end."""
    body = _changed(body, page["has_more"], False) if page.get("has_more") else body
    if page.get("cursor") and (page["style"] == "link" or not page.get("has_more")):
        body = _changed(body, page["cursor"], None)
    given = _given(page, sent)
    if given in (None, "", str(page.get("first", 1 if page["style"] == "page" else 0))):
        return body
    return _changed(body, page["items"], [])


def _given(page: Mapping[str, Any], sent: SentRequest) -> str | None:
    """The start of the requested page."""
    name = page.get("parameter")
    if not name:
        return None
    value = _at(_body(sent), name) if page.get("in_body") else dict(sent.query).get(name)
    return None if value is None else str(value)


def _path(name: str) -> list[str]:
    """The steps to a property: a wire name, or a JSON Pointer (RFC 6901)."""
    return list(pointer_parts(name)) if not name or name.startswith("/") else [name]


def _at(value: Any, name: str) -> Any:
    for step in _path(name):
        value = member(value, step)
    return value


def _changed(value: Any, name: str, new: Any) -> Any:
    """A copy of a value with another value at a place."""
    return _replaced(value, _path(name), new)


def _replaced(value: Any, steps: list[str], new: Any) -> Any:
    if not steps:
        return new
    if not is_mapping(value):
        return value
    return {**value, steps[0]: _replaced(value.get(steps[0]), steps[1:], new)}


def _nested(pointer: str, told: str) -> Any:
    value: Any = told
    for part in reversed(list(pointer_parts(pointer))):
        value = [value] if part == "0" else {part: value}
    return value


def _streamed(stream: Mapping[str, Any], values: Values, example: str | None) -> Answer:
    headers = {"content-type": _media_type(stream["media_type"])}
    given = _example(stream, example, None)
    if isinstance(given, str):
        return Answer(given.encode(), stream["status"], headers)
    events = given if is_list(given) else _made_events(stream, values)
    if stream["kind"] == "events":
        return Answer(sse(_named_events(stream, events)), stream["status"], headers)
    return _json_sequence(stream, events, headers)


def _made_events(stream: Mapping[str, Any], values: Values) -> list[Any]:
    """Up to three events, in the order of the description; none that ends or fails the stream."""
    variants = values.variants(stream["schema"])
    if len(variants) == 1:
        return [values.of(variants[0], "event") for _ in range(2)]
    made = [values.of(one, "event") for one in variants]
    fitting = [one for one in made if not _is_end(stream, one)]
    return fitting[:3] or made[:1]


def _is_end(stream: Mapping[str, Any], event: Any) -> bool:
    if not stream.get("envelope"):
        return bool(event == stream.get("done"))
    ends = (stream.get("error_event") or "error", stream.get("done") or "[DONE]")
    return bool(member(event, "event") == ends[0] or member(event, "data") == ends[1])


def _named_events(stream: Mapping[str, Any], events: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    for event in events:
        if stream.get("envelope") and is_mapping(event):
            yield str(event.get("event") or ""), event.get("data")
        else:
            yield "", event
    if stream.get("done") is not None:
        yield "done" if stream.get("envelope") else "", stream["done"]


def _json_sequence(
    stream: Mapping[str, Any], events: Iterable[Any], headers: dict[str, str]
) -> Answer:
    """Values one a line, as RFC 7464 writes them, or as parts of ``multipart``."""
    before = {
        "json-seq": b"\x1e",
        "multipart": b"--fake\r\ncontent-type: application/json\r\n\r\n",
    }.get(kind_of(stream["media_type"]), b"")
    body = b"".join(
        before + encode_json(event) + b"\r\n" * bool(before) + b"\n" for event in events
    )
    if kind_of(stream["media_type"]) == "multipart":
        body = body.replace(b"\r\n\n", b"\r\n") + b"--fake--\r\n"
        headers = {"content-type": f'{headers["content-type"]}; boundary=fake'}
    return Answer(body, stream["status"], headers)


def _media_type(declared: str) -> str:
    """A media type, where the description may have a range."""
    if "*" not in declared:
        return declared
    return {"image/*": "image/png", "text/*": "text/plain", "audio/*": "audio/wav"}.get(
        declared, "application/octet-stream"
    )
