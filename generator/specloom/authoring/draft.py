"""Drafts the description of an operation from exchanges."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from specloom.authoring.bodies import Bodies
from specloom.authoring.conventions import Conventions, neighbour
from specloom.authoring.edit import Entry
from specloom.authoring.exchange import Exchange, items_of
from specloom.authoring.infer import Inference, Noted, Schema
from specloom.authoring.inputs import Inputs
from specloom.authoring.known_schemas import KnownSchemas
from specloom.authoring.routes import Route, base_urls, below_base, matching, perhaps_ids, route_of
from specloom.authoring.secrets import is_secret_name
from specloom.description.document import Document
from specloom.description.node import Node
from specloom.description.places import Places
from specloom.description.tree import split
from specloom.description.walk import METHODS
from specloom.errors import refuse
from specloom.ir import Words
from specloom.ir.words import in_lower_case, is_plural, one_of_many, sentence, snake, split_words
from specloom.lower.places import Facts, Place, read_places
from specloom.lower.routes import is_verb

_TODO = "from the request. If the whole API uses it, move 'security' to the root"


def seen_schemes(conventions: Conventions, exchanges: Sequence[Exchange]) -> dict[str, Schema]:
    """A Security Scheme Object (OpenAPI, section 4.8.27) for each kind of credential, by name.

    Empty if the description has security schemes. A cookie gives no scheme: it belongs to a
    session.
    """
    if conventions.components("securitySchemes"):
        return {}
    found: dict[str, Schema] = {}
    for exchange in exchanges:
        for name, value in exchange.headers:
            found |= _of_header(name, value)
        for name, _ in exchange.query:
            if is_secret_name(name):
                found["apiKey"] = {"type": "apiKey", "in": "query", "name": name}
    return {key: Noted(scheme, _TODO) for key, scheme in found.items()}


def _of_header(name: str, value: str) -> dict[str, Schema]:
    if name.lower() == "authorization":
        scheme = value.partition(" ")[0].lower()
        if scheme in ("bearer", "basic"):
            return {f"{scheme}Auth": {"type": "http", "scheme": scheme}}
        return {"apiKey": {"type": "apiKey", "in": "header", "name": name}}
    if name.lower() in ("cookie", "proxy-authorization") or not is_secret_name(name):
        return {}
    return {"apiKey": {"type": "apiKey", "in": "header", "name": name}}


_VERBS = {"list": "list", "retrieve": "get", "create": "create", "update": "update"}
_PLAIN_VERBS = (*_VERBS, "delete", "replace")


@dataclass(frozen=True, slots=True)
class Draft:
    """A new operation.

    `exchanges` are its examples, `entries` the additions to the description, `notes` the advice
    for the person who adds it.
    """

    operation_id: str
    method: str
    route: Route
    exchanges: tuple[Exchange, ...]
    entries: tuple[Entry, ...]
    notes: tuple[str, ...]


def draft(
    document: Document, exchanges: Sequence[Exchange], path: str = "", operation_id: str = ""
) -> Draft:
    """Drafts the operation from `exchanges`, at least one.

    `path` is its template, if known. Then only the exchanges count that match it and have the
    method of the first exchange. `operation_id` is its name. Raises SpecError if the description
    has the operation, or if the exchanges belong to several operations.
    """
    conventions = Conventions(Node(document, f"{document.entry}#", document.root))
    route, shown = _route(conventions, exchanges, path)
    method = shown[0].method.lower()
    place = _place(conventions, method, route.template, shown)
    # An id in the path that looks like a word is not part of the name.
    guess = perhaps_ids(route.template)
    named = _place(conventions, method, guess, shown) if guess else place
    name = operation_id or shown[0].operation or _operation_id(conventions, named, method, route)
    _refuse_known(conventions, shown[0], method, route.template, name)
    inference = _inference(conventions, place, shown)
    inputs = Inputs(conventions, inference, shown, route)
    bodies = Bodies(conventions, inference, shown, route.template, place, name)
    schemes = seen_schemes(conventions, shown)
    operation = _operation(inputs, bodies, schemes)
    entries = (
        *_operation_entries(inputs, method, operation),
        *_component_entries(bodies),
        *(Entry(("components", "securitySchemes"), key, one) for key, one in schemes.items()),
    )
    notes = (*inputs.notes, *_notes(conventions, shown, route))
    return Draft(name, method, route, tuple(shown), entries, notes)


def _operation(inputs: Inputs, bodies: Bodies, schemes: Mapping[str, Schema]) -> Schema:
    """An Operation Object (OpenAPI, section 4.8.10), with its fields in the usual order."""
    conventions, name = bodies.conventions, bodies.operation_id
    request, responses = bodies.request(), bodies.responses()
    operation: Schema = {
        "operationId": name,
        "tags": conventions.tags(bodies.template),
        "summary": sentence(split_words(name)),
        "x-sdk": bodies.extension(),
        "parameters": inputs.of_operation(conventions.with_pages(bodies.pagination())),
        "requestBody": request,
        "responses": responses,
        "security": [{key: []} for key in schemes],
    }
    return conventions.ordered({key: value for key, value in operation.items() if value})


def _inference(conventions: Conventions, place: Place, exchanges: Sequence[Exchange]) -> Inference:
    return Inference(
        conventions.root.document.version,
        KnownSchemas(conventions).find,
        in_lower_case(one_of_many(place.resource[-1])),
        frozenset(one for exchange in exchanges for one in exchange.secrets),
    )


def _route(
    conventions: Conventions, exchanges: Sequence[Exchange], path: str
) -> tuple[Route, list[Exchange]]:
    """The operation's path, and its exchanges."""
    bases, templates = base_urls(conventions.root.value), conventions.templates
    spelled = conventions.parameter_spelling
    paths = [below_base(one.path, one.origin, bases)[0] for one in exchanges]
    routes = [route_of(one, templates, spelled=spelled) for one in paths]
    first = exchanges[0]
    if not path:
        for exchange, route in zip(exchanges, routes, strict=True):
            if (exchange.method, route.template) != (first.method, routes[0].template):
                _refuse_several(exchange, route, f"{first.method} {routes[0].template}")
        return routes[0], list(exchanges)
    given = route_of(below_base(path, "", bases)[0], templates, spelled=spelled)
    found = [
        (exchange, matching(one, [given.template]))
        for exchange, one in zip(exchanges, paths, strict=True)
        if exchange.method == first.method
    ]
    fitting = [(exchange, route) for exchange, route in found if route is not None]
    if not fitting:
        message = f"{first.method} {paths[0]} does not match {given.template}"
        raise refuse("bad-sample", message, first.place)
    # Samples have no path of their own: then the given path counts.
    route = given if fitting[0][0].path == path else fitting[0][1]
    return route, [exchange for exchange, _ in fitting]


def _refuse_several(exchange: Exchange, route: Route, first: str) -> None:
    message = f"several operations: {exchange.method} {route.template}, after {first}"
    hint = "choose one: specloom add METHOD PATH …"
    raise refuse("bad-sample", message, exchange.place, hint)


def _place(
    conventions: Conventions, method: str, template: str, exchanges: Sequence[Exchange]
) -> Place:
    """Resource and method by the default reading, regardless of the grouping of the SDK."""
    bodies = [one.response for one in exchanges if one.response is not None and one.is_success]
    returns_list = any(items_of(body.value) is not None for body in bodies)
    new = Facts(method, template, answer="wrapped" if returns_list else "other")
    known = [Facts(one.method, one.path) for one in conventions.operations]
    return read_places([new, *known])[0][0]


def _operation_id(conventions: Conventions, place: Place, method: str, route: Route) -> str:
    """A verb, the resources around the operation in the singular, and the object of the verb."""
    segments = route.template.rstrip("/").split("/")
    verb, behind = _verb(conventions, place, method, segments)
    resource = [one for one in place.resource if not _VERSION.fullmatch(snake(one))]
    resource = resource or list(place.resource)
    owners = [part for one in resource[:-1] for part in one_of_many(one)]
    # A verb directly after a collection applies to the whole collection: /widgets/search.
    is_plain = snake(place.method) in _PLAIN_VERBS
    is_of_all = not is_plain and not segments[-2].endswith("}")
    is_many = not behind and (verb in ("list", "delete_all") or is_of_all)
    last = resource[-1] if is_many else one_of_many(resource[-1])
    words = [verb, *owners, *last, *behind]
    return conventions.operation_id(tuple(part for word in words for part in split_words(word)))


# A version in a path is not part of a name: v1, 2.0, 2010-04-01.
_VERSION = re.compile(r"v\d\w*|n?\d[\d_]*|api")


def _verb(
    conventions: Conventions, place: Place, method: str, segments: Sequence[str]
) -> tuple[str, Words]:
    """The verb of an operation, and the words of its object that follow those of the resource.

    For `GET /projects/{id}/merge_requests`, these are "list" and "merge requests".
    """
    name = snake(place.method)
    if name in _PLAIN_VERBS:
        is_item = segments[-1].endswith("}")
        return conventions.verb(method, is_item, _VERBS.get(name, name)), ()
    is_named = is_verb(place.method) and (method != "get" or not is_plural(place.method))
    # In a POST, an unknown word after an id is a verb: /widgets/{widget_id}/paint.
    if is_named or (method == "post" and (len(place.method) > 1 or segments[-2].endswith("}"))):
        return place.method[0], place.method[1:]
    asking = "list" if is_plural(place.method) else "get"
    known = {"get": asking, "put": "replace", "patch": "update", "delete": "delete"}
    return known.get(method, "create"), place.method


def _refuse_known(
    conventions: Conventions, exchange: Exchange, method: str, template: str, name: str
) -> None:
    if method not in METHODS:
        message = f"OpenAPI has no method {exchange.method}"
        raise refuse("bad-sample", message, exchange.place)
    for one in conventions.operations:
        hint = message = ""
        if (one.method, one.path) == (method, template):
            message = f"the description already has {one.method.upper()} {one.path}"
            hint = "compare it with recordings: specloom drift RECORDING"
        elif one.values.get("operationId") == name:
            message = f"{one.path} already has the operationId {name!r}"
            hint = "choose another name: --operation-id NAME"
        if message:
            place = Places(conventions.root.document).locate(one.node.pointer)
            raise refuse("operation-exists", message, place, hint)


def _notes(conventions: Conventions, exchanges: Sequence[Exchange], route: Route) -> Iterator[str]:
    bases = base_urls(conventions.root.value)
    for origin in dict.fromkeys(one.origin for one in exchanges):
        if not below_base("/", origin, bases)[1]:
            yield f"{origin} is not among the servers of the description"
    guess = perhaps_ids(route.template)
    if guess:
        words = [one for one in route.template.split("/") if one not in guess.split("/")]
        are_ids = f"{' and '.join(words)} {'is an id' if len(words) == 1 else 'are ids'}"
        yield f"if {are_ids}, name the path: specloom add {exchanges[0].method} '{guess}' --curl …"


def _operation_entries(inputs: Inputs, method: str, operation: Schema) -> Iterator[Entry]:
    template, item, conventions = inputs.route.template, inputs.item, inputs.conventions
    if item is None:
        on_path = inputs.of_path()
        values = {**({"parameters": on_path} if on_path else {}), method: operation}
        yield Entry(("paths",), template, values, neighbour(conventions.templates, template))
        return
    uri, tokens = split(item.pointer)
    if uri != conventions.root.document.entry:
        place = Places(conventions.root.document).locate(item.pointer)
        message = f"the path item of {template} is in another file"
        raise refuse("cannot-add", message, place, "add the operation there")
    yield Entry(tuple(tokens), method, operation)


def _component_entries(bodies: Bodies) -> Iterator[Entry]:
    known = list(bodies.conventions.components("schemas"))
    for name, schema in bodies.components.items():
        yield Entry(("components", "schemas"), name, schema, neighbour(known, name))
