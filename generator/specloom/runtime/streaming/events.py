"""From the chunks of a streamed response to its typed events. Nothing here does I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Annotated, Any, Protocol, TypeAlias

from pydantic.fields import FieldInfo
from pydantic_core import core_schema

from ..api.operation import Events
from ..errors import APIConnectionError, APIError
from ..logs import warn_of_broken_response
from ..media_types import kind_of
from ..models.base import Model, encode_json
from ..models.decoding import validator_of
from ..models.fields import fields_of, python_names
from ..models.variants import open_union
from ..options import Omit, omit
from ..response.reading import JsonReader, error_body, error_parts, plain_body, raise_invalid
from ..response.reply import Reply
from ..values import is_mapping
from .json_lines import JsonLinesReader
from .sse import Listener, ServerSentEvent, SseDecoder

__all__ = ["EventReader", "reader_for"]

_ANY = core_schema.any_schema()
_DONE = "[DONE]"
_LINES = frozenset({"json-lines", "json-seq", "multipart"})
_ReadData: TypeAlias = Callable[[bytes], Any]


class EventReader(Protocol):
    """Reads typed events from chunks of bytes."""

    is_done: bool

    def feed(self, chunk: bytes) -> Iterator[Any]:
        """The events that this chunk completes."""
        ...

    def finish(self) -> Iterator[Any]:
        """The events that are left at the end of the response.

        Raises:
            APIConnectionError: The stream was cut off.
        """
        ...


def reader_for(reply: Reply, listener: Listener) -> EventReader:
    """The reader of a streamed response, by the stream that its operation describes.

    Args:
        reply: The response.
        listener: Called with the data of each event, as it came, before the event is returned.

    Raises:
        APIResponseValidationError: The server answered with a JSON document instead of a stream.
    """
    stream = reply.operation.stream or Events(lambda: Any)
    media_type = reply.response.headers.get("content-type", "")
    kind = kind_of(media_type)
    if kind == "events" or (isinstance(stream, Events) and kind not in _LINES):
        if kind == "json":
            message = f"Expected a stream of events from {reply.operation.id}, not {media_type}"
            raise_invalid(reply, b"", message)
        events = stream if isinstance(stream, Events) else Events(stream.type)
        return _EventsReader(reply, events, listener)
    return JsonLinesReader(reply, stream.type(), listener)


class _EventsReader:
    def __init__(self, reply: Reply, stream: Events, listener: Listener) -> None:
        self.is_done = False
        self._listener = listener
        self._reply = reply
        self._done = (stream.done or _DONE).encode()
        self._must_end = stream.done is not None
        self._error_event = stream.error_event
        self._has_errors = stream.has_errors
        self._decoder = SseDecoder()
        self._typed = _typing_of(reply, stream)

    def feed(self, chunk: bytes) -> Iterator[Any]:
        done, error_event, typed = self._done, self._error_event, self._typed
        error_mark = None if self._has_errors else b'"error"'
        listener = self._listener
        for event in self._decoder.feed(chunk):
            data = event.data
            if data == done:
                self.is_done = True
                return
            if event.event == error_event or (error_mark and error_mark in data):
                self._raise_reported(event)
            value = typed(event)
            if value is not omit:
                if listener is not None:
                    listener(data)
                yield value

    def finish(self) -> Iterator[Any]:
        if self._must_end and not self.is_done:
            raise APIConnectionError(
                f"The stream of {self._reply.operation.id} was cut off",
                request=self._reply.response.whole().request,
                response=self._reply.response.whole(),
                request_id=self._reply.request_id,
                retries_taken=self._reply.retries_taken,
            )
        return iter(())

    def _raise_reported(self, event: ServerSentEvent) -> None:
        """An error is an event of that name, or an object with a non-empty member ``error``."""
        body = plain_body(event.data)
        if event.event == self._error_event or (is_mapping(body) and body.get("error")):
            raise _reported_error(self._reply, body)


def _reported_error(reply: Reply, body: object) -> APIError:
    parts = error_parts(reply, body)
    message = parts.pop("message") or (body if isinstance(body, str) else "")
    return APIError(
        message or f"The stream of {reply.operation.id} reported an error",
        request=reply.response.whole().request,
        response=reply.response.whole(),
        body=error_body(reply, body),
        request_id=reply.request_id,
        retries_taken=reply.retries_taken,
        **parts,
    )


def _typing_of(reply: Reply, stream: Events) -> Callable[[ServerSentEvent], Any]:
    """The function that turns an event of the wire into the caller's."""
    type_ = stream.type()
    if stream.envelope:
        return _Envelopes(reply, type_).read
    read = _data_reader(reply, type_)
    return lambda event: read(event.data)


def _data_reader(reply: Reply, type_: Any) -> _ReadData:
    """Data is JSON, or the text itself if the type is ``str``. No JSON at all is skipped."""
    return _text if type_ is str else JsonReader(reply, type_, skips_empty=True).read


def _text(data: bytes) -> str:
    return data.decode(errors="replace")


class _Envelopes:
    """Reads events that are models with the field ``data``, and perhaps ``event``, their name.

    The data is read separately, as its type in the model of that name. Where no names tell several
    models apart, an event is read as a whole.
    """

    def __init__(self, reply: Reply, type_: Any) -> None:
        self._reply = reply
        self._union = open_union(type_, "event")
        self._only = self._union.members[0] if len(self._union.members) == 1 else None
        self._known: dict[str, tuple[_Envelope, _ReadData]] = {}
        is_told_apart = self._union.tagged or self._only is not None
        self._whole = None if is_told_apart else JsonReader(reply, type_).read

    def read(self, event: ServerSentEvent) -> Any | Omit:
        """The event; ``omit`` if the description has neither its name nor an unknown variant."""
        if self._whole is not None:
            return self._whole(_as_json(event))
        name = event.event
        found = self._known.get(name)
        if found is None:
            model: Any = self._union.tagged.get(name, None if self._union.tagged else self._only)
            if model is None:
                return self._unknown(event)
            of_model = _envelope_of(model)
            found = self._known[name] = of_model, _data_reader(self._reply, of_model.data_type)
        envelope, read_data = found
        data = read_data(event.data)
        if data is omit:
            return omit
        values = {envelope.data: data}
        if envelope.event is not None:
            values[envelope.event] = name
        if envelope.id is not None and event.id:
            values[envelope.id] = event.id
        if envelope.retry is not None and event.retry is not None:
            values[envelope.retry] = event.retry
        return envelope.filled(values)

    def _unknown(self, event: ServerSentEvent) -> Any | Omit:
        if self._union.unknown is not None:
            return self._union.unknown({"event": event.event, "data": plain_body(event.data)})
        package, operation = self._reply.info.package, self._reply.operation.id
        warn_of_broken_response(package, operation, (f"event {event.event}: unknown",))
        return omit


def _as_json(event: ServerSentEvent) -> bytes:
    """A whole event as a JSON object. Its data is JSON, or else text."""
    fields = {"event": event.event, "id": event.id, "retry": event.retry}
    given = {name: value for name, value in fields.items() if value and value != "message"}
    return encode_json({**given, "data": plain_body(event.data)})


class _Envelope:
    """Makes models of one class from the name and the data of events. The data is read already.

    Attributes:
        event: The attribute for the name, if the model has one.
        data: The attribute for the data.
        id: The attribute for the id of the event, if the model has one.
        retry: The attribute for the milliseconds to wait, if the model has one.
        data_type: The type of the data.
        filled: Makes a model from the values of these attributes.
    """

    def __init__(self, model: type[Model]) -> None:
        model_fields = fields_of(model)
        names = python_names(model)
        self.event, self.data = names.get("event"), names["data"]
        self.id, self.retry = names.get("id"), names.get("retry")
        field = model_fields[self.data]
        self.data_type: Any = (
            Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
        )
        fields = {each: _any_field(info) for each, info in model_fields.items()}
        required = [name for name in (self.event, self.data) if name is not None]
        fields |= dict.fromkeys(required, core_schema.model_field(_ANY))
        schema = core_schema.model_fields_schema(fields, extra_behavior="allow")
        whole = core_schema.model_schema(model, schema)
        self.filled: Callable[[dict[str, Any]], Any] = validator_of(whole).validate_python


def _any_field(field: FieldInfo) -> core_schema.ModelField:
    """A field that takes any value unchanged."""
    default = None if field.is_required() else field.get_default()
    schema = core_schema.with_default_schema(_ANY, default=default)
    return core_schema.model_field(schema)


@lru_cache(maxsize=1024)
def _envelope_of(model: type[Model]) -> _Envelope:
    return _Envelope(model)
