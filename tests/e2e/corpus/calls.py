"""Calls every method of an SDK over a real server that follows the description."""

from __future__ import annotations

import asyncio
import importlib
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from e2e.corpus.answers import Expected, Way, expected, ways
from e2e.corpus.arguments import Given, arguments_for, differences
from e2e.corpus.outcomes import Failure
from e2e.corpus.raw import Endpoint, OutsideError, Values, endpoints
from e2e.corpus.scalars import NoSampleError
from specloom import ir
from specloom.naming.names import all_resources, attribute_path
from specloom.pipeline import Build
from specloom.sdk.client_arguments import credentials
from support.loopback import Answer, Loopback, Received, serving

_ASYNC_CALLS = 3


@dataclass(frozen=True)
class _Exchange:
    """One call: its arguments and its response."""

    endpoint: Endpoint
    operation: ir.Operation
    attribute: str
    given: Given
    answer: Expected


def call_all(build: Build, root: Values) -> tuple[list[Failure], dict[str, int]]:
    """Call each operation with the least and with all that its description offers.

    The second of the two goes through the async client for a few of them. Then each further answer
    that is described, by status or media type, is given to a call with the least.
    """
    server = _Script()
    with serving(server):
        caller = _Caller(build, root, server)
        try:
            failures = list(caller.failures())
        finally:
            caller.client.close()
    return failures, dict(caller.counts)


class _Script(Loopback):
    """Answers every request with the same response, until it changes."""

    next = Answer(status=204)

    def take(self, received: Received) -> Answer:
        self.received.append(received)
        return self.next


class _Caller:
    def __init__(self, build: Build, root: Values, server: _Script) -> None:
        self._build = build
        self._root = root
        self._server = server
        settings = build.api.settings
        package = importlib.import_module(settings.package)
        self._runtime = importlib.import_module(f"{settings.package}._runtime.models.base")
        self.client = _client(getattr(package, settings.client), build, server.base_url)
        self._async_class = getattr(package, f"Async{settings.client}")
        self.counts: Counter[str] = Counter()

    def failures(self) -> Iterator[Failure]:
        raw = {endpoint.key: endpoint for endpoint in endpoints(self._root)}
        for attribute, operation in _methods(self._build):
            endpoint = raw[operation.http_method, operation.path]
            first, *others = ways(self._root, endpoint)
            for way, full in ((first, False), (first, True), *((one, False) for one in others)):
                failure = self._try(endpoint, operation, attribute, way, full=full)
                if failure is not None:
                    yield failure
                    break

    def _try(
        self, endpoint: Endpoint, operation: ir.Operation, attribute: str, way: Way, *, full: bool
    ) -> Failure | None:
        try:
            exchange = self._exchange(endpoint, operation, attribute, way, full=full)
        except (NoSampleError, OutsideError) as error:
            self.counts[f"not called: {'full' if full else 'least'}: {_kind(error)}"] += 1
            return None
        except Exception as error:
            return Failure(f"arguments: {type(error).__name__}", str(error), str(endpoint))
        how = "async" if full and self.counts["async calls"] < _ASYNC_CALLS else "sync"
        self.counts[f"{how} calls"] += 1
        try:
            problem = self._call(exchange, is_async=how == "async")
        except Exception as error:
            return Failure(f"raised: {type(error).__name__}", _line(error), str(endpoint))
        return Failure(problem[0], problem[1], str(endpoint)) if problem else None

    def _exchange(
        self, endpoint: Endpoint, operation: ir.Operation, attribute: str, way: Way, *, full: bool
    ) -> _Exchange:
        names = self._build.names.arguments[operation.pointer]
        method = attrgetter(attribute)(self.client)
        given = arguments_for(self._root, endpoint, operation, names, method, full=full)
        stream = operation.stream
        if stream is not None and stream.when is not None:
            if not stream.is_inside:
                _switch(given, stream, names[stream.switch], way)
            elif way.is_stream:
                raise NoSampleError("a switch inside of a body")
        return _Exchange(
            endpoint, operation, attribute, given, expected(self._root, way, full=full)
        )

    def _call(self, exchange: _Exchange, *, is_async: bool) -> tuple[str, str] | None:
        answer = exchange.answer
        body = answer.content if answer.kind != "nothing" else None
        self._server.next = Answer(body, answer.status, content_type=answer.media_type)
        self._server.received.clear()
        with warnings.catch_warnings(record=True) as warned:
            warnings.filterwarnings("always", category=DeprecationWarning)
            if is_async:
                result = asyncio.run(self._async_result(exchange))
            else:
                result = _unrolled(self._method(self.client, exchange))
        problem = _misled(exchange, [str(one.message) for one in warned])
        if problem is not None:
            return problem
        if not self._server.received:
            return "request: none", "nothing was sent"
        difference = differences(
            exchange.endpoint, exchange.operation, exchange.given, self._server.last
        )
        if difference:
            return "request: differs", difference
        return self._judge(result, answer)

    def _method(self, client: Any, exchange: _Exchange) -> Any:
        method = attrgetter(exchange.attribute)(client)
        return method(*exchange.given.positional, **exchange.given.keywords)

    async def _async_result(self, exchange: _Exchange) -> Any:
        async with _client(self._async_class, self._build, self._server.base_url) as client:
            result = await self._method(client, exchange)
            if type(result).__name__ != "AsyncStream":
                return result
            async with result as stream:
                return [event async for event in stream]

    def _judge(self, result: Any, answer: Expected) -> tuple[str, str] | None:
        """The fault of a result; None if it equals the response."""
        wire: Any
        result = _response_of(result)
        match answer.kind:
            case "bytes":
                wire = result.content
            case "nothing":
                wire = result or None  # what is described as text is the empty one
            case _:
                wire = self._runtime.to_wire(result)
        difference = _difference(wire, answer.value)
        if difference:
            return "result: differs", difference
        unknown = next(_unknown(result, self._runtime.UnknownVariant), None)
        if unknown is not None:
            return "result: unknown variant", f"{type(unknown).__name__}: {unknown.raw!r:.300}"
        return None


def _switch(given: Given, stream: ir.Stream, name: str, way: Way) -> None:
    """Ask for a stream where one is answered, and else leave the switch out.

    What the server does by default has to be declined then.
    """
    given.keywords.pop(name, None)
    given.sent.pop(stream.switch, None)
    if way.is_stream:
        given.keywords[name] = given.sent[stream.switch] = True
    elif stream.default:
        given.sent[stream.switch] = False


def _misled(exchange: _Exchange, told: list[str]) -> tuple[str, str] | None:
    """What is wrong with the warnings of a call: they are for what is deprecated, and for that."""
    if exchange.operation.deprecated:
        return None if told else ("deprecation: silent", "the operation is deprecated")
    named = [f"The argument {name!r} of " for name in exchange.given.keywords]
    unfounded = (text for text in told if not text.startswith(tuple(named)))
    return next((("deprecation: unfounded", text) for text in unfounded), None)


def _methods(build: Build) -> Iterator[tuple[str, ir.Operation]]:
    for resource in all_resources(build.api.resources):
        for operation in resource.operations:
            name = build.names.methods[operation.pointer]
            yield ".".join(filter(None, [attribute_path(resource), name])), operation


def _client(kind: Any, build: Build, base_url: str) -> Any:
    """A client with a credential for each scheme, that reads strictly and tries once."""
    given = {
        name: ("user", "password") if name == "basic_auth" else "key"
        for name in credentials(build.api)
    }
    return kind(base_url=base_url, strict=True, max_retries=0, timeout=20, **given)


def _unrolled(result: Any) -> Any:
    if type(result).__name__ != "Stream":
        return result
    with result as stream:
        return list(stream)


def _response_of(result: Any) -> Any:
    """The whole response of a page; any other result as it is."""
    is_page = callable(getattr(result, "get_next_page", None))
    return result.response if is_page else result


def _unknown(value: Any, kind: type) -> Iterator[Any]:
    """The parts of a result that were read as unknown variants."""
    if isinstance(value, kind):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _unknown(each, kind)
    elif isinstance(value, list):
        for each in value:
            yield from _unknown(each, kind)
    elif hasattr(value, "model_fields_set"):
        yield from _unknown(vars(value), kind)


def _difference(wire: Any, sent: Any, path: str = "") -> str:
    """Where two JSON values differ first; an instant may be in either of its spellings."""
    if isinstance(wire, dict) and isinstance(sent, dict) and wire.keys() == sent.keys():
        found = (_difference(wire[key], sent[key], f"{path}.{key}") for key in sent)
        return next(filter(None, found), "")
    if isinstance(wire, list) and isinstance(sent, list) and len(wire) == len(sent):
        found = (
            _difference(one, other, f"{path}[]") for one, other in zip(wire, sent, strict=True)
        )
        return next(filter(None, found), "")
    if isinstance(wire, str) and isinstance(sent, str):
        wire = wire.replace("+00:00", "Z")
    is_same = type(wire) is type(sent) and wire == sent
    return "" if is_same else f"{path or 'it'} is {wire!r:.200} instead of {sent!r:.200}"


def _kind(error: Exception) -> str:
    text = str(error)
    return (
        "endless"
        if "contain itself" in text
        else text if "#/" not in text else type(error).__name__
    )


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:400]
