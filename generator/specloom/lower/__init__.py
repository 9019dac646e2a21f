"""The document → the IR: reads every path once and says what it means, without Python in mind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from specloom import ir
from specloom.description.node import Node
from specloom.description.tree import child, escape
from specloom.faults import Making
from specloom.ir.names_lock import NO_LOCK, Lock
from specloom.ir.usage import reached_types
from specloom.ir.words import split_words
from specloom.lower.behaviour import (
    is_deprecated,
    pagination_of,
    poll_of,
    sdk_extension,
    success_type,
)
from specloom.lower.bodies import BodyLowering, examples_of
from specloom.lower.contents import ResponseLowering, media_types_of
from specloom.lower.equal_types import with_keys, with_one_of_equals
from specloom.lower.headers import with_shared_headers
from specloom.lower.locked import Explicit, LockedPlaces
from specloom.lower.parameters import ParameterLowering
from specloom.lower.places import (
    PathReading,
    Place,
    by_tag,
    operation_words,
    resource_words,
)
from specloom.lower.resources import Former, nest, refuse_clashes, refuse_depth
from specloom.lower.schema_names import shared_words
from specloom.lower.scheme_checks import check_schemes
from specloom.lower.servers import own_servers, servers_of
from specloom.lower.settings import security_of, settings_of
from specloom.lower.streams import stream_of, switch_of
from specloom.lower.types import TypeLowering
from specloom.lower.unions import settle_unions
from specloom.runtime.media_types import kind_of

if TYPE_CHECKING:
    from specloom.description.document import Document
    from specloom.errors import Problems

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")


def lower(document: Document, problems: Problems, lock: Lock = NO_LOCK) -> ir.Api:
    """The whole description as an ``Api``; what cannot be read goes into ``problems``.

    Operations stay where ``lock`` has them.
    """
    root = Node(document, f"{document.entry}#", document.root)
    return _Lowering(root, problems, lock).api()


@dataclass(frozen=True, slots=True)
class _Endpoint:
    """An operation and where it is offered: two paths may refer to one path item."""

    method: str
    path: str
    pointer: str
    path_item: Node
    operation: Node

    @property
    def http_method(self) -> str:
        """The method as it is sent: in capitals, unless it has no field of its own."""
        return self.method.upper() if self.method in _METHODS else self.method


class _Lowering:
    def __init__(self, root: Node, problems: Problems, lock: Lock) -> None:
        self._root = root
        self._lock = lock
        self._settings = settings_of(root)
        self._sdk = sdk_extension(root)
        self._problems = problems
        self._types = TypeLowering()
        self._parameters = ParameterLowering(self._types, self._sdk.get("headers") or {}, problems)
        self._bodies = BodyLowering(self._types)
        self._answers = ResponseLowering(self._types)
        self._servers = servers_of(root, problems)
        self._security = security_of(root, problems)

    def api(self) -> ir.Api:
        info = self._root.get("info") or self._root
        endpoints = list(_endpoints(self._root))
        self._lower_components()
        self._lower_webhooks()
        first = dict(self._types.types)
        drafts: list[ir.Operation] = []
        for endpoint in endpoints:
            with Making("the method", endpoint.pointer):
                drafts.append(self._operation(endpoint))
        drafts, settings = with_shared_headers(drafts, self._settings)
        # What operations have asked for and then made nothing of is left out.
        types = first | reached_types(drafts, self._types.types, without=first)
        types = settle_unions(types, self._root.document)
        types, keys = with_one_of_equals(types, self._lock)
        drafts = [with_keys(draft, keys) for draft in drafts]
        by_id = {draft.id: draft for draft in drafts}
        said = [sdk_extension(endpoint.operation) for endpoint in endpoints]
        pairs = zip(drafts, said, strict=True)
        check_schemes(self._root, pairs, types, self._problems)
        operations, former = self._place_all(
            [
                self._with_behaviour(endpoint, draft, types, by_id)
                for endpoint, draft in zip(endpoints, drafts, strict=True)
            ],
            endpoints,
        )
        return ir.Api(
            title=info.text("title") or "API",
            version=info.text("version"),
            description=info.text("description"),
            settings=settings,
            servers=self._servers,
            security_schemes=self._security.schemes,
            security=self._security.requirements(self._root) or (),
            resources=nest(operations, self._tag_descriptions(), self._mixins("resources"), former),
            types=types,
        )

    def _lower_components(self) -> None:
        """Components come first, so that a shared type is named by itself, not by a user of it."""
        components = self._root.get("components")
        schemas = components.get("schemas") if components else None
        for name, node in schemas.items() if schemas else ():
            with Making("the type", node.pointer):
                self._types.lower(node, split_words(name) or ("model",))

    def _lower_webhooks(self) -> None:
        """Payloads of webhooks are types: what the API sends by itself is read like a response."""
        webhooks = self._root.get("webhooks")
        for name, declared in webhooks.items() if webhooks else ():
            for method, operation in declared.items():
                body = operation.get("requestBody") if method in _METHODS else None
                body = body.follow() if body else None
                shared = shared_words(body, "request", "body") if body else None
                for media_type, media in media_types_of(body) if body else ():
                    if kind_of(media_type) == "json":
                        hint = shared or (*split_words(name), "payload")
                        self._types.lower(media.get("schema"), hint)

    def _operation(self, endpoint: _Endpoint) -> ir.Operation:
        node = endpoint.operation
        words = operation_words(node.text("operationId"), endpoint.method, endpoint.path)
        return ir.Operation(
            id=node.text("operationId") or f"{endpoint.method} {endpoint.path}",
            pointer=endpoint.pointer,
            http_method=endpoint.http_method,
            path=endpoint.path,
            resource=(),
            name=words,
            parameters=self._parameters.lower(endpoint.path_item, node, endpoint.path, words),
            body=self._bodies.request(node, words),
            responses=self._responses(endpoint, words),
            summary=node.text("summary"),
            description=node.text("description"),
            tags=tuple(tag for tag in node.value.get("tags") or () if isinstance(tag, str)),
            deprecated=is_deprecated(node),
            security=self._security.requirements(node),
            replaced_by=sdk_extension(node).get("replaced_by"),
            examples=examples_of(node),
            servers=own_servers(endpoint.path_item, node, self._servers, self._problems),
        )

    def _responses(self, endpoint: _Endpoint, words: ir.Words) -> tuple[ir.Response, ...]:
        node = endpoint.operation
        responses = self._answers.lower(node, words, _described_events(node))
        if (
            endpoint.method == "head"
        ):  # what is described is what GET would answer (RFC 9110 §9.3.2)
            return tuple(replace(response, contents=()) for response in responses)
        return responses

    def _with_behaviour(
        self,
        endpoint: _Endpoint,
        operation: ir.Operation,
        types: dict[str, ir.NamedType],
        by_id: dict[str, ir.Operation],
    ) -> ir.Operation:
        sdk = sdk_extension(endpoint.operation)
        schemes = self._sdk.get("pagination") or {}
        pagination = pagination_of(sdk, schemes, operation, types)
        mixins = self._mixins("streams")
        stream = stream_of(sdk, mixins, operation, types)
        asked = (sdk.get("stream") or {}).get("when")
        if asked is not None and switch_of(asked, operation, types) is None:
            self._refuse_switch(asked, endpoint.operation)
        body = operation.body
        if body is not None and (pagination or (stream and not stream.by_answer)):
            body = replace(body, alternatives=())  # overloads of one kind are enough
        poll = poll_of(sdk, self._sdk.get("polling") or {}, operation, by_id)
        return replace(operation, pagination=pagination, stream=stream, poll=poll, body=body)

    def _place_all(
        self, operations: list[ir.Operation], endpoints: list[_Endpoint]
    ) -> tuple[list[ir.Operation], Former]:
        methods: dict[str, set[str]] = {}
        for endpoint in endpoints:
            methods.setdefault(endpoint.path, set()).add(endpoint.method)
        reading = PathReading(methods) if self._sdk.get("resources") == "paths" else None
        pairs = list(zip(operations, endpoints, strict=True))
        derived = [self._derived_place(*pair, reading) for pair in pairs]
        said = [_explicit(endpoint.operation) for endpoint in endpoints]
        without = (explicit.over(place) for explicit, place in zip(said, derived, strict=True))
        places = LockedPlaces(self._lock, self._settings.version, without)
        placed = [
            _placed(operation, places, place, explicit)
            for operation, place, explicit in zip(operations, derived, said, strict=True)
        ]
        refuse_depth(placed, self._problems)
        if reading is not None:
            refuse_clashes(placed, self._problems)
        return placed, places.former

    def _derived_place(
        self, operation: ir.Operation, endpoint: _Endpoint, reading: PathReading | None
    ) -> Place:
        if reading is None:
            return by_tag(operation.tags[0] if operation.tags else None, operation.name)
        page = success_type(operation.responses, "json")
        returns_list = operation.pagination is not None or isinstance(page, ir.ListOf)
        return reading.place(endpoint.method, endpoint.path, returns_list)

    def _refuse_switch(self, name: str, node: Node) -> None:
        pointer = child(node.pointer, "x-sdk", "stream", "when")
        message = f"the body has no property {name!r} that could ask for a stream"
        self._problems.error("bad-x-sdk", message, pointer, "name one, or leave 'when' out")

    def _mixins(self, kind: str) -> dict[str, str]:
        return (self._sdk.get("mixins") or {}).get(kind) or {}

    def _tag_descriptions(self) -> dict[tuple[ir.Words, ...], str]:
        tags = self._root.get("tags")
        return {
            (tuple(word.lower() for word in resource_words(tag.text("name"))),): tag.text(
                "description"
            )
            for tag in (tags.entries() if tags else ())
            if isinstance(tag.value, dict)
        }


def _explicit(operation: Node) -> Explicit:
    sdk = sdk_extension(operation)
    resource, method = sdk.get("resource"), sdk.get("method")
    path = tuple(split_words(part) for part in resource.split(".")) if resource else None
    return Explicit(path, split_words(method) if method else None)


def _placed(
    operation: ir.Operation, places: LockedPlaces, derived: Place, explicit: Explicit
) -> ir.Operation:
    place = places.place(operation, derived, explicit)
    poll = operation.poll
    if poll is not None:
        is_reading = poll.read == operation.pointer
        default = ("poll",) if is_reading else (*place.method, "and", "poll")
        said = bool(poll.name or (explicit.method and not is_reading))
        name = places.poll(operation, place, poll.name or default, said=said)
        poll = replace(poll, name=name)
    return replace(operation, resource=place.resource, name=place.method, poll=poll)


def _described_events(operation: Node) -> Node | None:
    """The schema of a stream's events, where only x-sdk describes it."""
    node: Node | None = operation
    for key in ("x-sdk", "stream", "events"):
        node = node.get(key) if node is not None else None
    return node


def _endpoints(root: Node) -> Iterator[_Endpoint]:
    paths = root.get("paths")
    for path, declared in paths.items() if paths else ():
        path_item = declared.follow()
        if not path.startswith("/") or not isinstance(path_item.value, dict):
            continue
        for method, steps, operation in _operations(path_item):
            if isinstance(operation.value, dict):
                yield _Endpoint(method, path, f"{declared.pointer}/{steps}", path_item, operation)


def _operations(path_item: Node) -> Iterator[tuple[str, str, Node]]:
    """Methods with their operations, and where these stand below the path item."""
    for method in _METHODS:
        operation = path_item.get(method)
        if operation is not None:
            yield method, method, operation.follow()
    # OpenAPI 3.2 §4.9.1: methods that have no field of their own.
    others = path_item.get("additionalOperations")
    for method, operation in others.items() if others else ():
        yield method, f"additionalOperations/{escape(method)}", operation.follow()
