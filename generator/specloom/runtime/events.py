"""From the chunks of a streamed response to its typed events. Nothing here does I/O."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Protocol

from .errors import APIConnectionError, APIError
from .logs import warn_of_broken_response
from .models import Model, python_names
from .operation import Events, JsonLines
from .reading import error_parts, plain_body, read_json, refuse
from .reply import Reply
from .shapes import is_mapping
from .sse import LineSplitter, ServerSentEvent, SseDecoder
from .variants import open_union

__all__ = ["EventReader", "reader_for"]


class EventReader(Protocol):
    """Reads typed events from chunks of bytes."""

    is_done: bool

    def feed(self, chunk: bytes) -> Iterator[Any]:
        """The events that are complete with this chunk."""
        ...

    def finish(self) -> Iterator[Any]:
        """What is left at the end of the response.

        Raises:
            APIConnectionError: The stream was cut off.
        """
        ...


def reader_for(reply: Reply) -> EventReader:
    """The reader of a streamed response, by what its operation says of its stream.

    Raises:
        APIResponseValidationError: The server answered with a JSON document instead of a stream.
    """
    stream = reply.operation.stream
    media_type = reply.response.headers.get("content-type", "")
    if isinstance(stream, JsonLines):
        return _LinesReader(reply, stream)
    if media_type.startswith("application/json"):
        refuse(
            reply, b"", f"Expected a stream of events from {reply.operation.id}, not {media_type}"
        )
    return _EventsReader(reply, stream or Events(lambda: Any))


class _LinesReader:
    is_done = False

    def __init__(self, reply: Reply, stream: JsonLines) -> None:
        self._reply = reply
        self._type = stream.type()
        self._lines = LineSplitter()

    def feed(self, chunk: bytes) -> Iterator[Any]:
        for line in self._lines.feed(chunk):
            if line:
                yield read_json(self._reply, self._type, line)

    def finish(self) -> Iterator[Any]:
        """The last line may lack its end; one that is cut off is no JSON, and raises."""
        rest = self._lines.rest()
        if rest:
            yield read_json(self._reply, self._type, rest)


class _EventsReader:
    def __init__(self, reply: Reply, stream: Events) -> None:
        self.is_done = False
        self._reply = reply
        self._stream = stream
        self._done = None if stream.done is None else stream.done.encode()
        self._decoder = SseDecoder()
        self._envelopes = _Envelopes(reply, stream.type()) if stream.envelope else None
        self._type = None if stream.envelope else stream.type()

    def feed(self, chunk: bytes) -> Iterator[Any]:
        for event in self._decoder.feed(chunk):
            if event.data == self._done:
                self.is_done = True
                return
            self._raise_reported(event)
            if self._envelopes is None:
                yield read_data(self._reply, self._type, event.data)
            else:
                yield from self._envelopes.read(event)

    def finish(self) -> Iterator[Any]:
        if self._done is not None and not self.is_done:
            raise APIConnectionError(
                f"The stream of {self._reply.operation.id} was cut off",
                request=self._reply.response.request,
                response=self._reply.response,
                request_id=self._reply.request_id,
                retries_taken=self._reply.retries_taken,
            )
        return iter(())

    def _raise_reported(self, event: ServerSentEvent) -> None:
        """An error is an event of that name, or an object with a member ``error`` that is set."""
        is_named = event.event == self._stream.error_event
        if not is_named and b'"error"' not in event.data:
            return
        body = plain_body(event.data)
        if is_named or (is_mapping(body) and body.get("error")):
            raise _reported_error(self._reply, body)


def _reported_error(reply: Reply, body: object) -> APIError:
    parts = error_parts(reply, body)
    message = parts.pop("message") or (body if isinstance(body, str) else "")
    return APIError(
        message or f"The stream of {reply.operation.id} reported an error",
        request=reply.response.request,
        response=reply.response,
        body=body,
        request_id=reply.request_id,
        retries_taken=reply.retries_taken,
        **parts,
    )


def read_data(reply: Reply, type_: Any, data: bytes) -> Any:
    """The data of an event as its type: JSON, or the text itself where the type is ``str``."""
    return data.decode(errors="replace") if type_ is str else read_json(reply, type_, data)


class _Envelopes:
    """Events typed as a whole: models with the fields ``event``, their name, and ``data``.

    The data is read by itself, as the type that the model of that name gives it.
    """

    def __init__(self, reply: Reply, type_: Any) -> None:
        self._reply = reply
        self._union = open_union(type_, "event")
        self._only = self._union.members[0] if len(self._union.members) == 1 else None
        self._data_types: dict[type[Model], Any] = {}

    def read(self, event: ServerSentEvent) -> Iterator[Any]:
        """The event; none where the description has neither its name nor an unknown variant."""
        model: Any = self._union.tagged.get(event.event, None if self._union.tagged else self._only)
        if model is not None:
            yield self._typed(model, event)
        elif self._union.unknown is not None:
            yield self._union.unknown({"event": event.event, "data": plain_body(event.data)})
        else:
            package, operation = self._reply.info.package, self._reply.operation.id
            warn_of_broken_response(package, operation, (f"event {event.event}: unknown",))

    def _typed(self, model: type[Model], event: ServerSentEvent) -> Model:
        if model not in self._data_types:
            self._data_types[model] = _field_type(model, "data")
        names = python_names(model)
        data = read_data(self._reply, self._data_types[model], event.data)
        values: dict[str, Any] = {names["event"]: event.event, names["data"]: data}
        return model.model_construct(**values)


def _field_type(model: type[Model], wire_name: str) -> Any:
    if not model.__pydantic_fields_complete__:
        model.model_rebuild()
    field = model.model_fields[python_names(model)[wire_name]]
    return Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
