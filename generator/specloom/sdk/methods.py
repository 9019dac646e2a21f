"""Operations → methods: signatures, overloads, and the one call in each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from specloom import ir
from specloom.layout import literal
from specloom.naming.identifiers import CONTENT_TYPE, class_name
from specloom.naming.names import PAGE_STYLES, Names, page_classes
from specloom.sdk.annotations import BINARY, Annotations, result_type
from specloom.sdk.code import NONE, Annotation, Code, code, imported, runtime
from specloom.sdk.method_docstrings import (
    argument_messages,
    method_docstring,
    method_message,
    waiting_address,
)
from specloom.sdk.views import Argument, Call, Method, Signature, alternative_name

# By style: the session's method.
_PAGE_CALLS = {
    "cursor": "page",
    "offset": "offset_page",
    "page": "number_page",
    "link": "link_page",
}
_LITERAL = imported("typing", "Literal")
_DEPRECATED, _DEPRECATED_ARGUMENTS = (
    # No method can have these names.
    Code(f"_{name}", frozenset([("._runtime.deprecation", f"{name} as _{name}")]))
    for name in ("deprecated", "deprecated_arguments")
)
_INTERVALS = ("interval=poll_interval", "timeout=poll_timeout")
_OPTIONS = "options=options"
_GROUPS = {"path": "path", "query": "query", "header": "headers", "cookie": "cookies"}


class FormerBinary(NamedTuple):
    """The annotations of bytes in an SDK that returns them as a former SDK did: in sync classes, in
    async ones, and in the operations of both.
    """

    sync: Annotation
    asynchronous: Annotation
    operation: Annotation


class MethodPlanner:
    """Plans the methods of one resource module."""

    def __init__(
        self,
        names: Names,
        annotations: Annotations,
        common_errors: Mapping[str, str] | None = None,
        streams: str = "streams",
        former_binary: FormerBinary | None = None,
    ) -> None:
        self._names = names
        self._annotations = annotations
        self._common_errors = common_errors or {}
        self._stream_package = streams
        self._binary = former_binary or FormerBinary(BINARY, BINARY, BINARY)

    def method(self, operation: ir.Operation, constant: str) -> Method:
        """The method of one operation."""
        signature = self._signature(operation, self._body(operation, operation.body))
        overloads = self._overloads(operation, signature) or self._body_kinds(operation)
        if overloads:
            signature = overloads[-1]
        return Method(
            name=self._names.methods[operation.pointer],
            is_awaited=operation.pagination is None,
            signature=signature,
            overloads=self._shown(operation, overloads),
            docstring=self._docstring(replace(operation, poll=None)),
            decorators=self._decorators(operation, self._names.addresses[operation.pointer]),
            calls=tuple(self._calls(operation, constant)),
        )

    def _shown(
        self, operation: ir.Operation, overloads: tuple[Signature, ...]
    ) -> tuple[Signature, ...]:
        """The overloads to write.

        The last one also covers a boolean switch of unknown value; without such a switch, the
        method's own signature replaces it.
        """
        stream = operation.stream
        if stream is not None and stream.when is not None and len(overloads) > 1:
            return overloads
        return overloads[:-1]

    def waiting(self, operation: ir.Operation, constants: str) -> Method:
        """The method that calls an operation and waits until its job ends."""
        plain = _without_stream(operation)
        signature = self._signature(plain, self._body(plain, plain.body))
        waiting = [
            Argument("poll_interval", Annotation.builtin("float"), required=False),
            Argument("poll_timeout", Annotation.builtin("float", "None"), required=False),
        ]
        signature = replace(signature, keywords=(*signature.keywords, *waiting))
        arguments = (*self._inputs(plain, plain.body), *_INTERVALS, _OPTIONS)
        return Method(
            name=self._names.polls[operation.pointer],
            is_awaited=True,
            signature=signature,
            overloads=(),
            docstring=self._docstring(plain),
            decorators=self._decorators(operation, waiting_address(operation, self._names)),
            calls=(Call("poll", constants, arguments),),
            has_raw=False,
        )

    def _decorators(self, operation: ir.Operation, address: str) -> tuple[Code, ...]:
        """The deprecations of a method that calls an operation as ``client.<address>``."""
        found = []
        if operation.deprecated:
            found.append(deprecated(method_message(operation, self._names, address)))
        messages = argument_messages(operation, self._names, address)
        if messages:
            given = ", ".join(f"{name}={literal(text)}" for name, text in messages.items())
            found.append(code("{}({})", _DEPRECATED_ARGUMENTS, Code(given)))
        return tuple(found)

    def _docstring(self, operation: ir.Operation) -> str:
        return method_docstring(operation, self._names, self._common_errors)

    def _signature(self, operation: ir.Operation, body: list[Argument]) -> Signature:
        path = operation.path_parameters()
        positional = operation.positional_parameters()
        others = path[len(positional) :]
        keywords = [self._parameter(operation, one) for one in others]
        keywords += [] if operation.has_positional_body else body
        keywords += [
            self._parameter(operation, one)
            for one in operation.parameters
            if one.location != "path" and one.constant is None
        ]
        returns, async_returns = self._returns(operation)
        by_position = [self._parameter(operation, one) for one in positional]
        return Signature(
            positional=(*by_position, *(body if operation.has_positional_body else ())),
            keywords=tuple(sorted(keywords, key=lambda one: not one.required)),
            returns=returns,
            async_returns=async_returns,
        )

    def _parameter(self, operation: ir.Operation, parameter: ir.Parameter) -> Argument:
        given = self._names.arguments[operation.pointer]
        return self._argument(
            given[(parameter.location, parameter.wire_name)], parameter.type, parameter.required
        )

    def _body(self, operation: ir.Operation, body: ir.RequestBody | None) -> list[Argument]:
        given = self._names.arguments[operation.pointer]
        if body is None:
            return []
        if body.fields is None:
            return [self._argument(given[("body", "")], body.type, body.required)]
        return [
            self._argument(given[("body", one.wire_name)], one.type, one.required)
            for one in body.fields
        ]

    def _argument(self, name: str, type_ref: ir.TypeRef, required: bool) -> Argument:
        return Argument(name, self._annotations.written(type_ref), required)

    def _returns(self, operation: ir.Operation) -> tuple[Annotation, Annotation]:
        if operation.pagination is not None:
            return self._pages(operation.pagination)
        stream = operation.stream
        if stream is not None and stream.is_always:
            return self._streams(stream)
        results = [
            result_type(operation, replace(self._annotations, binary=one))
            for one in self._binary[:2]
        ]
        if stream is not None and stream.by_answer:
            results = list(map(Annotation.union, results, self._streams(stream)))
        return results[0], results[1]

    def _pages(self, pagination: ir.Pagination) -> tuple[Annotation, Annotation]:
        """The annotations of pages, sync and async."""
        item, style = self._annotations.read(pagination.item_type), PAGE_STYLES[pagination.style]
        if pagination.name:
            sync, asynchronous = (imported(".pages", one) for one in page_classes(pagination.name))
            pages = Annotation.of(asynchronous, item)
            return Annotation.of(sync, item), Annotation.of(runtime("AsyncPaginator"), item, pages)
        page = Annotation.of(runtime(f"Sync{style}Page"), item)
        # AsyncPaginator defaults to cursor pages.
        others = [] if style == "Cursor" else [Annotation.of(runtime(f"Async{style}Page"), item)]
        return page, Annotation.of(runtime("AsyncPaginator"), item, *others)

    def _streams(self, stream: ir.Stream) -> tuple[Annotation, Annotation]:
        """The annotations of a stream, sync and async."""
        if stream.name:
            name = class_name(stream.name)
            own = self._stream_package
            package = frozenset([(".", "streams" if own == "streams" else f"streams as {own}")])
            sync, asynchronous = (Code(f"{own}.{one}", package) for one in (name, f"Async{name}"))
            return Annotation.of(sync), Annotation.of(asynchronous)
        event = self._annotations.read(stream.type)
        sync, asynchronous = runtime("Stream"), runtime("AsyncStream")
        return Annotation.of(sync, event), Annotation.of(asynchronous, event)

    def _overloads(self, operation: ir.Operation, plain: Signature) -> tuple[Signature, ...]:
        """``stream`` absent or false, true, and either: the last is the method itself."""
        stream = operation.stream
        if stream is None or stream.when is None:
            return ()
        switch = self._names.arguments[operation.pointer][stream.switch]
        streams = self._streams(stream)
        whole = replace(
            plain,
            returns=Annotation.union(plain.returns, streams[0]),
            async_returns=Annotation.union(plain.async_returns, streams[1]),
        )
        if stream.is_inside:
            return self._overloads_by_body(operation, plain, whole, streams)
        no = Annotation.union(Annotation.literal(_LITERAL, [False]), NONE)
        never = _with_switch(plain, switch, no, required=False)
        always = _with_switch(plain, switch, Annotation.literal(_LITERAL, [True]), required=True)
        always = replace(always, returns=streams[0], async_returns=streams[1])
        either = _with_switch(whole, switch, Annotation.builtin("bool", "None"), required=False)
        return never, always, either

    def _overloads_by_body(
        self,
        operation: ir.Operation,
        plain: Signature,
        whole: Signature,
        streams: tuple[Annotation, Annotation],
    ) -> tuple[Signature, ...]:
        """As `_overloads`, if the switch is a property of a body that is one argument."""
        body, stream = operation.body, operation.stream
        if body is None or stream is None:
            return ()
        name = self._names.arguments[operation.pointer][stream.switch]
        members = self._annotations.members(body.type)
        asking = [one for one in members if self._annotations.is_always(one, stream.when or "")]
        others = [one for one in members if self._annotations.is_never(one, stream.when or "")]
        if not asking or not others or len(asking) + len(others) < len(members):
            return (whole,)
        written = self._annotations.written
        annotations = [Annotation.union(*map(written, group)) for group in (others, asking)]
        required = body.required
        never, always = (_with_switch(plain, name, one, required=required) for one in annotations)
        always = replace(always, returns=streams[0], async_returns=streams[1])
        return never, always, whole

    def _body_kinds(self, operation: ir.Operation) -> tuple[Signature, ...]:
        """One overload for each kind of body; the last accepts all, and is the method itself."""
        body = operation.body
        if body is None or not body.alternatives:
            return ()
        overloads: list[Signature] = []
        together: dict[str, list[Annotation]] = {}
        for kind in body.kinds():
            arguments = self._body(operation, kind)
            for one in arguments:
                together.setdefault(one.name, []).append(one.annotation)
            literal = Annotation.literal(_LITERAL, [kind.media_type])
            switch = Argument(CONTENT_TYPE, literal, required=kind is not body)
            overloads.append(self._signature(operation, [switch, *arguments]))
        either = [Argument(CONTENT_TYPE, Annotation.builtin("str"), required=False)]
        either += [
            Argument(name, Annotation.union(*annotations), required=False)
            for name, annotations in together.items()
        ]
        return (*overloads, self._signature(operation, either))

    def _calls(self, operation: ir.Operation, constant: str) -> Iterator[Call]:
        """A call for each kind of body, the first kind last: it is the default."""
        for kind in operation.body.alternatives if operation.body else ():
            arguments = self._inputs(operation, kind)
            condition = f"{CONTENT_TYPE} == {literal(kind.media_type)}"
            yield self._call(operation, alternative_name(constant, kind), arguments, condition)
        yield self._call(operation, constant, self._inputs(operation, operation.body))

    def _inputs(self, operation: ir.Operation, body: ir.RequestBody | None) -> Iterator[str]:
        """The keyword arguments of a call that pass on arguments of the method."""
        given = self._names.arguments[operation.pointer]
        for location, group in _GROUPS.items():
            entries = [
                self._input(operation, (location, p.wire_name))
                for p in operation.parameters
                if p.location == location and p.constant is None
            ]
            if entries:
                yield f"{group}={{{', '.join(entries)}}}"
        if body is not None and body.fields is None:
            yield f"body={given[('body', '')]}"
        elif body is not None:
            pairs = [self._input(operation, ("body", one.wire_name)) for one in body.fields or ()]
            yield f"body={{{', '.join(pairs)}}}"

    def _input(self, operation: ir.Operation, place: tuple[str, str]) -> str:
        """An input under its wire name. A stream that the server sends by default is declined."""
        name, stream = self._names.arguments[operation.pointer][place], operation.stream
        declines = stream is not None and stream.default and stream.switch == place
        return f"{literal(place[1])}: {name}{' is True' if declines else ''}"

    def _call(
        self, operation: ir.Operation, constant: str, inputs: Iterable[str], condition: str = ""
    ) -> Call:
        stream, arguments = operation.stream, (*inputs, _OPTIONS)
        if operation.pagination is not None:
            name = operation.pagination.name
            own = class_name(name) if name else ""
            method = "page_as" if own else _PAGE_CALLS[operation.pagination.style]
            return Call(method, constant, arguments, condition, page_class=own)
        if stream is None:
            return Call("call", constant, arguments, condition)
        method = "stream" if stream.is_always else "call_or_stream"
        own = ""
        if stream.name:
            own, method = f"{self._stream_package}.{{}}{class_name(stream.name)}", f"{method}_as"
        streaming = self._streaming(operation)
        return Call(method, constant, arguments, condition, own, streaming)

    def _streaming(self, operation: ir.Operation) -> Code:
        """The expression for whether a call requests a stream; None: the response decides."""
        stream = operation.stream
        if stream is None or stream.is_always:
            return Code("")
        if stream.by_answer:
            return Code("None")
        name = self._names.arguments[operation.pointer][stream.switch]
        if stream.is_inside:
            asked = Code(f"{name}, {literal(stream.when)}")
            return code("{}({})", runtime("asks_for"), asked)
        return Code(f"{name} is True")


def _without_stream(operation: ir.Operation) -> ir.Operation:
    """The operation without its stream and without the property that asks for it."""
    stream, body = operation.stream, operation.body
    if body is not None:
        switch = stream.when if stream else None
        fields = tuple(f for f in body.fields if f.wire_name != switch) if body.fields else None
        body = replace(body, fields=fields, alternatives=())
    return replace(operation, stream=None, body=body)


def deprecated(message: str) -> Code:
    """The decorator of a method that warns."""
    return code("{}({})", _DEPRECATED, Code(literal(message)))


def _with_switch(
    signature: Signature, name: str, annotation: Annotation, *, required: bool
) -> Signature:
    keywords = [
        Argument(name, annotation, required) if one.name == name else one
        for one in signature.keywords
    ]
    return replace(signature, keywords=tuple(sorted(keywords, key=lambda one: not one.required)))
