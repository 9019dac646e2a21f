"""Responses: which a call returns, how the runtime is told to read them, and what is asked for."""

from __future__ import annotations

from collections.abc import Iterator

from specloom import ir
from specloom.layout import literal
from specloom.runtime.media_types import accept_of, kind_of
from specloom.sdk.annotations import Annotations
from specloom.sdk.code import NONE, Annotation, Code, code, runtime

_READERS = {
    "json": "Json",
    "text": "Text",
    "binary": "Binary",
    "json-lines": "JsonLines",
    "events": "Events",
}
_REDIRECTS = frozenset(("300", "301", "302", "303", "307", "308", "3XX"))
_CONDITIONS = frozenset(("if-none-match", "if-modified-since"))


def is_result(response: ir.Response, operation: ir.Operation) -> bool:
    """Whether a call returns this response; ``default`` counts where no success is declared."""
    if response.status.text == "default":
        return not any(_is_declared_result(other, operation) for other in operation.responses)
    return _is_declared_result(response, operation)


def _is_declared_result(response: ir.Response, operation: ir.Operation) -> bool:
    return response.status.is_success or is_redirection(response, operation)


def is_redirection(response: ir.Response, operation: ir.Operation) -> bool:
    """Whether it is returned as the redirection that it is (RFC 9110, 15.4).

    The redirect of a download leads to the file that the operation describes, and is followed. A
    304 answers a condition, so only calls that can have one get it.
    """
    if operation.pagination is not None or (operation.stream and operation.stream.when is None):
        return False
    if response.status.text == "304":
        return any(
            one.location == "header" and one.wire_name.lower() in _CONDITIONS
            for one in operation.parameters
        )
    is_download = any(
        content.kind == "binary"
        for other in operation.responses
        if other.status.is_success
        for content in other.contents
    )
    return response.status.text in _REDIRECTS and not is_download


def results_of(operation: ir.Operation) -> Iterator[ir.Content | None]:
    """What a plain call may read, None for a response without a body; no redirections."""
    for response in operation.responses:
        if is_result(response, operation) and not is_redirection(response, operation):
            contents = read_as(response, operation)
            yield from contents
            if not contents:
                yield None


def read_as(response: ir.Response, operation: ir.Operation | None = None) -> list[ir.Content]:
    """The contents that a plain call reads: no stream where that is what another call asks for."""
    plain = [content for content in response.contents if not content.is_stream]
    stream = operation.stream if operation is not None else None
    if not plain or (stream is not None and stream.by_answer):
        return list(response.contents)
    return plain


def preferred(response: ir.Response, operation: ir.Operation) -> ir.Content | None:
    """What a server that can answer all of it should: JSON first; None for an empty response."""
    return next(iter(read_as(response, operation)), None)


def response_annotation(
    response: ir.Response, operation: ir.Operation, annotations: Annotations
) -> Annotation:
    """The annotation of what a response is read as, streams aside."""
    if is_redirection(response, operation):
        return Annotation.of(runtime("Redirection"))
    contents = read_as(response, operation)
    found = [content_annotation(one, annotations) for one in contents if not one.is_stream]
    return Annotation.union(*found) if found else NONE


def content_annotation(content: ir.Content, annotations: Annotations) -> Annotation:
    """The annotation of a response body."""
    if content.kind == "binary":
        return Annotation.of(runtime("BinaryContent"))
    return annotations.read(content.type)


def response_code(response: ir.Response, operation: ir.Operation, lazy: Annotations) -> Code:
    """How the runtime is told to read a response."""
    if is_redirection(response, operation):
        return code("{}()", runtime("Redirect"))
    return contents_code(read_as(response, operation), lazy)


def contents_code(contents: list[ir.Content], lazy: Annotations) -> Code:
    """How the runtime is told to read a body: by its media type, if there are several ways."""
    if not contents:
        return code("{}()", runtime("Empty"))
    if len(contents) == 1:
        return _content_code(contents[0], lazy)
    entries = [
        code("{}: {}", Code(literal(one.media_type)), _content_code(one, lazy)) for one in contents
    ]
    whole = code("{{{}", entries[0])
    for entry in entries[1:]:
        whole = code("{}, {}", whole, entry)
    return code("{}}}", whole)


def _content_code(content: ir.Content, lazy: Annotations) -> Code:
    reader = runtime(_READERS[content.kind])
    if content.kind in ("text", "binary"):
        return code("{}()", reader)
    return code("{}(lambda: {})", reader, lazy.read(content.type))


def accept_code(operation: ir.Operation) -> Code | None:
    """The ``Accept`` header of a plain call; None where it is JSON's, or nothing is described.

    Where no JSON is described, anything else will do: errors have media types of their own.
    """
    media_types = [
        media_type
        for content in results_of(operation)
        if content is not None
        for media_type in content.media_types
    ]
    if not media_types or set(media_types) == {"application/json"}:
        return None
    accept = accept_of(media_types)
    if not any(kind_of(one) in ("json", "any") for one in media_types):
        accept = f"{accept}, */*;q=0.5" if accept else "*/*"
    return Code(literal(accept))
