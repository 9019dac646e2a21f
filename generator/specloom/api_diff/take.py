"""Derives the surface of an SDK from a reading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from specloom import ir
from specloom.api_diff.take_types import description_of, types_of
from specloom.api_diff.view import Argument, Call, Client, Failure, Method, Surface, TypeEntry
from specloom.ir.usage import Usage, is_result, usage_of
from specloom.naming.names import Names, address_of, all_resources, method_name, streams_of
from specloom.sdk.annotations import Annotations, response_annotation
from specloom.sdk.client_arguments import credentials, server_arguments
from specloom.sdk.code import Annotation, runtime
from specloom.sdk.method_docstrings import error_class, former_types, waiting_address
from specloom.sdk.methods import MethodPlanner
from specloom.sdk.views import Method as PlannedMethod
from specloom.sdk.views import Signature


def surface_of(api: ir.Api, names: Names, entry: str) -> Surface:
    """The surface of the SDK of a description whose first file has the URI ``entry``."""
    usage = usage_of(api)
    methods = _Methods(api, names, usage)
    root = f"{entry}#"
    types = tuple(types_of(api, names, usage, root))
    return Surface(
        client=_client(api, root),
        methods=tuple(one for operation in api.operations() for one in methods.of(operation)),
        types=types,
        former=tuple(sorted((*_former_methods(api, names), *_former_types(api, names, types)))),
        bases=tuple(_bases(api, Annotations(api, names, usage, prefix="types."))),
    )


def _client(api: ir.Api, pointer: str) -> Client:
    settings = api.settings
    own, servers = settings.client_arguments, server_arguments(api).all()
    variables = [name for one in api.security_schemes for each in one.variables for name in each]
    variables += [name for one in own for name in one.environment]
    return Client(
        package=settings.package,
        name=settings.client,
        version=settings.version,
        pointer=pointer,
        arguments=(*credentials(api), *(one.name for one in own), *(one.name for one in servers)),
        required=tuple(one.name for one in own if one.required),
        variables=(*settings.api_key_environment, *settings.base_url_environment, *variables),
        base_url=api.servers[0].url if api.servers else "",
        headers=settings.headers,
    )


def _former_methods(api: ir.Api, names: Names) -> Iterator[tuple[str, str]]:
    operations = {one.pointer: one for one in api.operations()}
    for resource in all_resources(api.resources):
        for former in resource.former:
            operation = operations[former.operation]
            old = address_of(resource, method_name(former.name, resource))
            if not former.waits:
                yield old, names.addresses[operation.pointer]
            elif operation.poll is not None:
                yield old, waiting_address(operation, names)


def _former_types(
    api: ir.Api, names: Names, types: tuple[TypeEntry, ...]
) -> Iterator[tuple[str, str]]:
    public = {one.name for one in types}
    for old, new in former_types(api, names).items():
        if new in public and old not in public:
            yield f"types.{old}", f"types.{new}"


def _bases(api: ir.Api, annotations: Annotations) -> Iterator[tuple[str, Annotation]]:
    for name, operations in streams_of(api).items():
        if (stream := operations[0].stream) is not None:
            yield f"streams.{name}", Annotation.of(runtime("Stream"), annotations.read(stream.type))


@dataclass(frozen=True, slots=True)
class _Input:
    """The documentation of an argument."""

    location: str
    wire_name: str
    pointer: str
    description: str = ""
    deprecated: bool = False


class _Methods:
    """Takes the methods of an API's operations."""

    def __init__(self, api: ir.Api, names: Names, usage: Usage) -> None:
        self._names = names
        self._annotations = Annotations(api, names, usage, prefix="types.")
        self._planner = MethodPlanner(names, self._annotations)

    def of(self, operation: ir.Operation) -> Iterator[Method]:
        """The method of an operation, and its polling method if it has one."""
        arguments = self._names.arguments[operation.pointer]
        inputs = {arguments[place]: one for place, one in _inputs(operation) if place in arguments}
        planned = self._planner.method(operation, "")
        yield self._method(operation, planned, inputs)
        if operation.poll is not None:
            waiting = self._planner.waiting(operation, "")
            yield self._method(operation, waiting, inputs, waits=True)

    def _method(
        self,
        operation: ir.Operation,
        planned: PlannedMethod,
        inputs: Mapping[str, _Input],
        *,
        waits: bool = False,
    ) -> Method:
        resource = ir.Resource(operation.resource, (), ())
        return Method(
            address=address_of(resource, planned.name),
            http_method=operation.http_method,
            path=operation.path,
            id=operation.id if operation.has_own_id else "",
            pointer=operation.pointer,
            calls=tuple(
                Call(when, tuple(_arguments(signature, inputs)), signature.returns)
                for when, signature in self._ways(operation, planned)
            ),
            failures=tuple(self._failures(operation)),
            description=f"{operation.summary}\n{operation.description}",
            deprecated=operation.deprecated,
            waits=waits,
        )

    def _ways(
        self, operation: ir.Operation, planned: PlannedMethod
    ) -> Iterator[tuple[str, Signature]]:
        """The ways to call a method, the plain one first."""
        if not planned.overloads:
            yield "", planned.signature
        elif operation.stream is not None and operation.stream.when is not None:
            name = self._names.arguments[operation.pointer][operation.stream.switch]
            inside = f"[{operation.stream.when!r}]" if operation.stream.is_inside else ""
            yield "", planned.overloads[0]
            yield f"{name}{inside}=True", planned.overloads[1]
        elif operation.body is not None:
            for kind, signature in zip(operation.body.kinds(), planned.overloads, strict=True):
                is_plain = kind is operation.body
                yield "" if is_plain else f"content_type={kind.media_type!r}", signature

    def _failures(self, operation: ir.Operation) -> Iterator[Failure]:
        for response in sorted(operation.responses, key=lambda one: one.status.text):
            if not is_result(response, operation):
                status = response.status.text
                body = response_annotation(response, operation, self._annotations)
                yield Failure(status, error_class(status), body)


def _arguments(signature: Signature, inputs: Mapping[str, _Input]) -> Iterator[Argument]:
    nothing = _Input("", "", "")
    for one in (*signature.positional, *signature.keywords):
        said = inputs.get(one.name, nothing)
        yield Argument(
            name=one.name,
            annotation=one.annotation,
            required=one.required,
            positional=one in signature.positional,
            location=said.location,
            wire_name=said.wire_name,
            pointer=said.pointer,
            description=said.description,
            deprecated=said.deprecated,
        )


def _inputs(operation: ir.Operation) -> Iterator[tuple[tuple[str, str], _Input]]:
    """Every input by its place; with several kinds of body, the preferred one wins."""
    for parameter in operation.parameters:
        place = (parameter.location, parameter.wire_name)
        yield place, _input(parameter.location, parameter)
    for body in reversed(operation.bodies):
        if body.fields is None:
            yield ("body", ""), _Input("body", "", body.pointer, body.description)
        for field in body.fields or ():
            yield ("body", field.wire_name), _input("body", field)


def _input(location: str, one: ir.Parameter | ir.Field) -> _Input:
    return _Input(location, one.wire_name, one.pointer, description_of(one), one.deprecated)
