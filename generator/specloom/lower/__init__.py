"""Converts the document to the IR. It reads every path once and knows nothing about Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from specloom import ir
from specloom.description.hints import PAGES, page_hint
from specloom.description.node import Node, is_deprecated, sdk_extension
from specloom.description.tree import child
from specloom.ir.names_lock import NO_LOCK, Lock
from specloom.ir.usage import reached_types, result_keys
from specloom.ir.words import dotted_path, split_words
from specloom.lower.contents import BodyLowering, ResponseLowering, examples_of
from specloom.lower.endpoints import Endpoint, answers_unnamed, own_servers, servers_of, tags_of
from specloom.lower.endpoints import endpoints as endpoints_of
from specloom.lower.events import (
    poll_of,
    stream_of,
    switch_of,
    unasked,
    webhooks_of,
    with_switch_hint,
    with_unknown_event,
)
from specloom.lower.finished_types import settle_unions, with_keys, with_one_of_equals
from specloom.lower.paging import pages_by, pagination_of, seen_pages, with_items
from specloom.lower.parameters import (
    ParameterLowering,
    check_argument_names,
    positional_of,
    with_client_arguments,
    with_shared_headers,
)
from specloom.lower.place_checks import names_beside, nest, reads_one
from specloom.lower.places import Place, resource_words
from specloom.lower.placing import LockedPlaces, Placed, place_all
from specloom.lower.schema_names import type_words
from specloom.lower.scheme_checks import (
    check_envelopes,
    check_schemes,
    lacks_of_pages,
    member_of,
    name_result,
    whole,
    without_envelope,
)
from specloom.lower.settings import security_of, settings_of
from specloom.lower.types import TypeLowering
from specloom.progress import making

if TYPE_CHECKING:
    from specloom.description.document import Document
    from specloom.errors import Problems


def lower(document: Document, problems: Problems, lock: Lock = NO_LOCK) -> ir.Api:
    """The whole description as an ``Api``; faults go into ``problems``.

    Operations keep the places that they have in ``lock``.
    """
    root = Node(document, f"{document.entry}#", document.root)
    return _Lowering(root, problems, lock).api()


class _Lowering:
    def __init__(self, root: Node, problems: Problems, lock: Lock) -> None:
        self._root = root
        self._lock = lock
        self._settings = settings_of(root, problems)
        self._sdk = sdk_extension(root)
        self._problems = problems
        self._types = TypeLowering(problems)
        self._parameters = ParameterLowering(self._types, self._sdk.get("headers") or {}, problems)
        self._bodies = BodyLowering(self._types, problems)
        self._answers = ResponseLowering(self._types, problems)
        self._servers = servers_of(root, problems)
        self._security = security_of(root, problems)

    def api(self) -> ir.Api:
        info = self._root.get("info") or self._root
        if not info.text("title") and not self._settings.package:
            message = "the API has no title to name the SDK by"
            hint = "write 'title', or 'package' in x-sdk"
            self._problems.warning("missing-field", message, info.pointer, hint)
        endpoints = list(endpoints_of(self._root))
        self._lower_components()
        webhooks = webhooks_of(self._root, self._sdk, self._types, self._problems)
        first = dict(self._types.types)
        placing = place_all(endpoints, self._sdk, self._lock, self._settings.version)
        hints = self._type_words(endpoints, placing.placed)
        drafts: list[ir.Operation] = []
        for endpoint, placed, words in zip(endpoints, placing.placed, hints, strict=True):
            with making("the method", endpoint.pointer):
                drafts.append(self._operation(endpoint, placed, words))
        drafts, settings = with_shared_headers(drafts, self._settings)
        drafts, settings = with_client_arguments(drafts, settings)
        # Leaves out types that operations requested but do not use.
        types = first | reached_types(drafts, self._types.types, without=first)
        types = settle_unions(types, self._root.document)
        webhooks, types = with_unknown_event(webhooks, types, child(self._root.pointer, "webhooks"))
        said = [sdk_extension(endpoint.operation) for endpoint in endpoints]
        unwraps = [member_of(one, self._sdk) for one in said]
        drafts = [
            without_envelope(draft, member, types)
            for draft, member in zip(drafts, unwraps, strict=True)
        ]
        check_envelopes(self._root, zip(drafts, said, strict=True), types, self._problems)
        results = {key for draft in drafts for key in result_keys(draft)}
        types, keys = with_one_of_equals(types, self._lock, results)
        drafts = [with_keys(draft, keys) for draft in drafts]
        by_id = {draft.id: draft for draft in drafts}
        check_schemes(self._root, zip(drafts, said, strict=True), types, self._problems)
        operations = [
            self._in_place(
                endpoint,
                self._with_behaviour(endpoint, draft, types, by_id, placing.locked),
                placed,
                placing.locked,
            )
            for endpoint, draft, placed in zip(endpoints, drafts, placing.placed, strict=True)
        ]
        places = [one.place for one in placing.placed]
        former = names_beside(endpoints, places, placing.locked.former, self._problems)
        mixins = self._mixins("resources")
        api = ir.Api(
            title=info.text("title") or "API",
            version=info.text("version"),
            description=info.text("description"),
            settings=settings,
            servers=self._servers,
            security_schemes=self._security.schemes,
            security=self._security.requirements(self._root) or (),
            resources=nest(operations, self._tag_descriptions(), mixins, former),
            types=types,
            webhooks=_with_keys(webhooks, keys),
        )
        check_argument_names(self._root, api, self._problems)
        return api

    def _type_words(self, endpoints: list[Endpoint], placed: list[Placed]) -> list[ir.Words]:
        pairs = zip(endpoints, placed, strict=True)
        unnamed = {one.place for endpoint, one in pairs if answers_unnamed(endpoint)}
        return type_words([one.place for one in placed], unnamed)

    def _lower_components(self) -> None:
        """Lower the components first, so that a shared type gets its own name, not a user's."""
        for name, node in self._root.items_of("components", "schemas"):
            with making("the type", node.pointer):
                self._types.lower(node, split_words(name) or ("model",))

    def _operation(self, endpoint: Endpoint, placed: Placed, words: ir.Words) -> ir.Operation:
        node, place = endpoint.operation, placed.place
        parameters, security = self._security.given_by_client(
            self._parameters.lower(endpoint.path_item, node, endpoint.path, words),
            self._security.requirements(node),
            self._security.requirements(self._root),
        )
        body = self._bodies.request(node, words)
        return ir.Operation(
            id=node.text("operationId") or f"{endpoint.method} {endpoint.path}",
            pointer=endpoint.pointer,
            http_method=endpoint.http_method,
            path=endpoint.path,
            resource=place.resource,
            name=place.method,
            parameters=parameters,
            positional=positional_of(node, parameters, self._problems),
            has_positional_body=self._has_positional_body(node, body),
            body=body,
            responses=self._responses(endpoint, words),
            summary=node.text("summary"),
            description=node.text("description"),
            tags=tags_of(node),
            deprecated=is_deprecated(node),
            security=security,
            replaced_by=sdk_extension(node).get("replaced_by"),
            examples=examples_of(node),
            wanted=_address(placed.wanted) if placed.wanted else "",
            servers=own_servers(endpoint.path_item, node, self._servers, self._problems),
        )

    def _has_positional_body(self, node: Node, body: ir.RequestBody | None) -> bool:
        """What x-sdk says; an error where the body is not one argument."""
        is_wanted = sdk_extension(node).get("positional_body") is True
        if is_wanted and (body is None or body.alternatives or body.fields is not None):
            message = "the request body is not one argument, so it has no position"
            place = f"{node.pointer}/x-sdk/positional_body"
            self._problems.error("bad-x-sdk", message, place, "remove 'positional_body'")
        return is_wanted

    def _responses(self, endpoint: Endpoint, words: ir.Words) -> tuple[ir.Response, ...]:
        node = endpoint.operation
        member = member_of(sdk_extension(node), self._sdk)
        if member:
            name_result(node, member, words, self._types)
        described_events = node.at("x-sdk", "stream", "events")
        responses = self._answers.lower(node, words, described_events)
        if endpoint.method == "head":  # HEAD describes the response to GET (RFC 9110 §9.3.2)
            return tuple(replace(response, contents=()) for response in responses)
        return responses

    def _with_behaviour(
        self,
        endpoint: Endpoint,
        operation: ir.Operation,
        types: dict[str, ir.NamedType],
        by_id: dict[str, ir.Operation],
        locked: LockedPlaces,
    ) -> ir.Operation:
        sdk = sdk_extension(endpoint.operation)
        schemes = self._sdk.get("pagination") or {}
        pagination = pagination_of(sdk, schemes, operation, types)
        if pagination is None and self._may_have_pages(endpoint, sdk, locked):
            pagination = self._hinted_pages(endpoint, operation, types)
            is_sure = sdk.get("pagination") is True or locked.has_pages(endpoint)
            if pagination is None and (is_sure or not reads_one(operation)):
                pagination = seen_pages(operation, types)
        if pagination is not None:
            operation = whole(operation)
        mixins = self._mixins("streams")
        sdk = with_switch_hint(sdk, endpoint.operation.value, operation, types)
        stream = stream_of(sdk, mixins, operation, types)
        if stream is not None:
            self._tell_of_unasked(operation, stream)
        asked = (sdk.get("stream") or {}).get("when")
        if asked is not None and switch_of(asked, operation, types) is None:
            self._refuse_switch(asked, endpoint.operation)
        body = operation.body
        if body is not None and (pagination or (stream and not stream.by_answer)):
            self._tell_of_unsent(body)
            body = replace(body, alternatives=())  # overloads of one kind are enough
        poll = poll_of(sdk, self._sdk.get("polling") or {}, operation, by_id)
        return replace(operation, pagination=pagination, stream=stream, poll=poll, body=body)

    def _tell_of_unsent(self, body: ir.RequestBody) -> None:
        for one in body.alternatives:
            message = f"{one.media_type} is not sent: a method of pages or events sends one type"
            place = child(body.pointer, "content", one.media_type)
            self._problems.warning("unused-field", message, place)

    def _tell_of_unasked(self, operation: ir.Operation, stream: ir.Stream) -> None:
        for response, media_type in unasked(operation, stream):
            message = f"{media_type} is not asked for: the method streams {stream.media_types[0]}"
            place = child(response.pointer, "content", media_type)
            self._problems.warning("unused-field", message, place)

    def _hinted_pages(
        self, endpoint: Endpoint, operation: ir.Operation, types: dict[str, ir.NamedType]
    ) -> ir.Pagination | None:
        """The pages that an extension of another generator describes, if the operation fits."""
        scheme = page_hint(endpoint.operation.value, self._root.value)
        if scheme is None:
            return None
        whole_scheme = with_items(scheme, operation, types)
        lack = lacks_of_pages(operation, whole_scheme, types)
        if lack is not None:
            message = f"the extension does not fit its pages: {lack}"
            node = endpoint.operation
            places = (child(node.pointer, key) for key in PAGES if node.get(key) is not None)
            self._problems.warning("unused-hint", message, next(places, node.pointer))
            return None
        return pages_by(whole_scheme, operation, types)

    def _may_have_pages(
        self, endpoint: Endpoint, sdk: Mapping[str, Any], locked: LockedPlaces
    ) -> bool:
        """Whether pages detected by shape are allowed for an operation."""
        said = sdk.get("pagination")
        return said is True or (said is None and not locked.lacks_pages(endpoint))

    def _in_place(
        self, endpoint: Endpoint, operation: ir.Operation, placed: Placed, locked: LockedPlaces
    ) -> ir.Operation:
        """The operation with the name of its polling method, if it has one."""
        poll = operation.poll
        if poll is None:
            return operation
        is_reading = poll.read == operation.pointer
        default = ("poll",) if is_reading else (*operation.name, "and", "poll")
        said = bool(poll.name or (placed.said.method and not is_reading))
        name = locked.poll(endpoint, placed.place, poll.name or default, said=said)
        return replace(operation, poll=replace(poll, name=name))

    def _refuse_switch(self, name: str, node: Node) -> None:
        pointer = child(node.pointer, "x-sdk", "stream", "when")
        message = f"the body has no property {name!r} that could request a stream"
        self._problems.error("bad-x-sdk", message, pointer, "name one, or leave 'when' out")

    def _mixins(self, kind: str) -> dict[str, str]:
        return (self._sdk.get("mixins") or {}).get(kind) or {}

    def _tag_descriptions(self) -> dict[tuple[ir.Words, ...], str]:
        return {
            (tuple(word.lower() for word in resource_words(tag.text("name"))),): tag.text(
                "description"
            )
            for tag in self._root.entries_of("tags")
            if isinstance(tag.value, dict)
        }


def _with_keys(webhooks: ir.Webhooks | None, keys: Mapping[str, str]) -> ir.Webhooks | None:
    return with_keys(webhooks, keys) if webhooks is not None else None


def _address(place: Place) -> str:
    return dotted_path((*place.resource, place.method))
