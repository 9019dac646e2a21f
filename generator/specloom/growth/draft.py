"""Drafts the description of an operation from exchanges that show it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from specloom.document import Document
from specloom.growth.customs import Customs, Known, neighbour
from specloom.growth.edit import Entry
from specloom.growth.exchange import DONE, MULTIPART, URL_ENCODED, Body, Exchange, refuse
from specloom.growth.infer import Inference, Noted, Schema
from specloom.growth.known import KnownSchemas
from specloom.growth.routes import Route, base_urls, below_base, route_of
from specloom.growth.secrets import is_ordinary_header, is_secret_name
from specloom.growth.wording import in_lower_case, one_of_many, sentence
from specloom.ir import Words
from specloom.lower.media import content_kind
from specloom.lower.places import PathReading
from specloom.node import Node
from specloom.walk import METHODS
from specloom.words import pascal, snake, split_words

_VERBS = {"list": "list", "retrieve": "get", "create": "create", "update": "update"}
_ITEM_METHODS = ("retrieve", "create", "update", "replace")


@dataclass(frozen=True, slots=True)
class Draft:
    """An operation that is not described yet.

    `entries` are what the description gets; `values` what the path's parameters were in the first
    exchange; `notes` are for the person who adds it.
    """

    operation_id: str
    method: str
    route: Route
    entries: tuple[Entry, ...]
    notes: tuple[str, ...]


def draft(
    document: Document, exchanges: Sequence[Exchange], path: str = "", operation_id: str = ""
) -> Draft:
    """The operation that `exchanges` show, at least one, all of the same one.

    `path` is its template where that is known, `operation_id` its name. Raises SpecError if it is
    described already, or if the exchanges are of several operations.
    """
    return _Drafting(document, exchanges, path, operation_id).draft()


@dataclass
class _Drafting:
    document: Document
    exchanges: Sequence[Exchange]
    path: str
    wanted_id: str
    notes: list[str] = field(default_factory=list[str])
    components: dict[str, Schema] = field(default_factory=dict[str, Schema])

    def __post_init__(self) -> None:
        root = Node(self.document, f"{self.document.entry}#", self.document.root)
        self.customs = Customs(root)
        self.first = self.exchanges[0]
        self.method = self.first.method.lower()
        self.route = self._route()
        self.template = self.route.template
        self.place = self._place()
        known = KnownSchemas(self.customs)
        secrets = frozenset(one for exchange in self.exchanges for one in exchange.secrets)
        self.things = self.place.resource[-1]
        self.thing = one_of_many(self.things)
        owner = in_lower_case(self.thing)
        self.inference = Inference(self.document.version, known.find, owner, secrets)
        self.operation_id = self.wanted_id or self._operation_id()

    def draft(self) -> Draft:
        """The operation and all that it needs."""
        self._refuse_known()
        return Draft(
            self.operation_id,
            self.method,
            self.route,
            tuple(self._entries(self._operation())),
            tuple(self.notes),
        )

    def _route(self) -> Route:
        bases, templates = base_urls(self.document.root), self.customs.templates
        spelled = self.customs.parameter_spelling
        routes: list[Route] = []
        for exchange in self.exchanges:
            below, is_known = below_base(exchange.path, exchange.origin, bases)
            if not is_known:
                note = f"{exchange.origin} is not among the description's servers"
                self.notes += [note] if note not in self.notes else []
            routes.append(route_of(below, templates, spelled=spelled))
        if self.path:
            given = route_of(self.path, templates, spelled=spelled)
            values = next((one.values for one in routes if len(one.values) == len(given.values)), {})
            renamed = dict(zip(given.values, values.values(), strict=False))
            return Route(given.template, {**given.values, **renamed})
        for exchange, route in zip(self.exchanges, routes, strict=True):
            if (exchange.method, route.template) != (self.first.method, routes[0].template):
                message = (
                    f"this is {exchange.method} {route.template}, "
                    f"and the first is {self.first.method} {routes[0].template}"
                )
                hint = "add one operation at a time, or name it: specloom add METHOD PATH …"
                raise refuse("bad-sample", message, exchange.place, hint)
        return routes[0]

    def _refuse_known(self) -> None:
        if self.method not in METHODS:
            message = f"{self.first.method} is no method that OpenAPI has"
            raise refuse("bad-sample", message, self.first.place)
        for one in self.customs.operations:
            hint = ""
            if (one.method, one.path) == (self.method, self.template):
                message = f"{one.method.upper()} {one.path} is described already"
                hint = "to see what recordings show besides: specloom drift RECORDING"
            elif one.values.get("operationId") == self.operation_id:
                message = f"the operationId {self.operation_id!r} is that of {one.path}"
                hint = "name the new one: --operation-id NAME"
            if hint:
                place = self.document.locate(one.node.pointer)
                raise refuse("operation-exists", message, place, hint)

    def _place(self) -> Any:
        methods: dict[str, set[str]] = {self.template: {self.method}}
        for one in self.customs.operations:
            methods.setdefault(one.path, set()).add(one.method)
        returns_list = any(_items(body.value) is not None for body in self._bodies(success=True))
        return PathReading(methods).place(self.method, self.template, returns_list)

    def _operation_id(self) -> str:
        resource: tuple[Words, ...] = self.place.resource
        verb = "_".join(self.place.method)
        owners = [one_of_many(words) for words in resource]
        last = resource[-1] if verb in ("list", "delete_all") else owners[-1]
        of_item = self.template.rstrip("/").endswith("}")
        first = self.customs.verb(self.method, of_item, _VERBS.get(verb, ""))
        if verb not in _VERBS and verb not in ("delete", "replace"):
            first = verb
        words = [first or verb, *(word for owner in owners[:-1] for word in owner), *last]
        return self.customs.operation_id(tuple(part for word in words for part in split_words(word)))

    def _operation(self) -> Schema:
        operation: Schema = {
            "operationId": self.operation_id,
            "tags": self.customs.tags(self.template),
            "summary": sentence(split_words(self.operation_id)),
            "x-sdk": self._extension(),
            "parameters": self._own_parameters(),
            "requestBody": self._request_body(),
            "responses": self._responses(),
        }
        kept = {key: value for key, value in operation.items() if value}
        return self.customs.ordered(kept)

    # Parameters

    @property
    def _item(self) -> Node | None:
        paths = self.customs.root.get("paths")
        item = paths.get(self.template) if paths is not None else None
        return item.follow() if item is not None else None

    def _path_parameters(self) -> list[Schema]:
        declared = self._declared_on_path()
        return [
            self._parameter("path", name, [value] if value else [])
            for name, value in self.route.values.items()
            if ("path", name) not in declared
        ]

    def _declared_on_path(self) -> set[tuple[str, str]]:
        entries = self._item.get("parameters") if self._item is not None else None
        places = [one.follow() for one in entries.entries()] if entries is not None else []
        return {(one.text("in"), one.text("name")) for one in places}

    def _on_path(self) -> list[Schema]:
        """What a new path item declares for all its operations."""
        if self._item is not None or not self.customs.puts_parameters_on_paths:
            return []
        return [*self._path_parameters(), *self._headers()]

    def _own_parameters(self) -> list[Schema]:
        on_path = self._on_path()
        own = [] if on_path else [*self._path_parameters(), *self._headers()]
        return [*own, *self._queries()]

    def _parameter(self, location: str, name: str, values: Sequence[str]) -> Schema:
        ref = self.customs.declared_parameter(location, name)
        if ref is not None:
            return {"$ref": ref}
        parameter: Schema = {"name": name, "in": location}
        if location == "path":
            parameter["required"] = True
        schema = self.inference.schema([typed(value) for value in values], name)
        if not values or (location == "path" and schema.get("type") != "integer"):
            schema = self.inference.schema(values, name) if values else {"type": "string"}
        text = schema.pop("description", "")
        return {**parameter, **({"description": text} if text else {}), "schema": schema}

    def _headers(self) -> list[Schema]:
        declared = self._declared_on_path()
        shared = self.customs.shared_parameters("header")
        seen = {
            name: self.customs.declared_parameter("header", name)
            for exchange in self.exchanges
            for name, _ in exchange.headers
            if not is_ordinary_header(name) and not is_secret_name(name)
        }
        refs = dict.fromkeys([*shared, *(ref for ref in seen.values() if ref)])
        bound = {str(name).lower() for name in self.customs.extension.get("headers", {})}
        named = [
            {"name": name, "in": "header", "schema": {"type": "string"}}
            for name, ref in seen.items()
            if ref is None and name.lower() not in bound
        ]
        places = {ref: Node(self.document, self.customs.root.pointer, {"$ref": ref}) for ref in refs}
        return [
            *(
                {"$ref": ref}
                for ref, node in places.items()
                if ("header", node.follow().text("name")) not in declared
            ),
            *named,
        ]

    def _queries(self) -> list[Schema]:
        seen: dict[str, list[str]] = {}
        for exchange in self.exchanges:
            for name, value in exchange.query:
                seen.setdefault(name, []).append(value)
        for name in [name for name in seen if is_secret_name(name)]:
            del seen[name]
            self.notes.append(f"{name} in the query is left out: it looks like a credential")
        found = [self._query(name, values) for name, values in seen.items()]
        shared = self.customs.shared_parameters("query", self._with_same_pages())
        return [*found, *({"$ref": ref} for ref in shared if {"$ref": ref} not in found)]

    def _query(self, name: str, values: Sequence[str]) -> Schema:
        repeated = any(
            sum(key == name for key, _ in exchange.query) > 1 for exchange in self.exchanges
        )
        parameter = self._parameter("query", name, values)
        if repeated and "schema" in parameter:
            parameter["schema"] = {"type": "array", "items": parameter["schema"]}
        return parameter

    # Pages and streams

    def _extension(self) -> Schema:
        made: Schema = {}
        if self._pagination():
            made["pagination"] = self._pagination()
        streams = [body for body in self._bodies(success=True) if body.is_stream]
        if any(event["data"] == DONE for body in streams for event in body.value):
            made["stream"] = {"done": DONE}
        return made

    def _pagination(self) -> str:
        """The scheme whose parts the response has all."""
        values = [body.value for body in self._bodies(success=True) if isinstance(body.value, dict)]
        for name, scheme in self.customs.extension.get("pagination", {}).items():
            keys = {scheme.get("items"), scheme.get("has_more"), scheme.get("cursor")} - {None}
            if self.method == "get" and values and all(keys <= value.keys() for value in values):
                return str(name)
        return ""

    def _with_same_pages(self) -> list[Known]:
        name = self._pagination()
        return [
            one
            for one in self.customs.operations
            if name and (one.values.get("x-sdk") or {}).get("pagination") == name
        ]

    # Bodies

    def _bodies(self, *, success: bool) -> list[Body]:
        return [
            exchange.response
            for exchange in self.exchanges
            if exchange.response is not None and exchange.is_success == success
        ]

    def _request_body(self) -> Schema:
        bodies = [exchange.request for exchange in self.exchanges if exchange.request is not None]
        if not bodies:
            return {}
        content = self._content(bodies, self._name("Request"), is_request=True)
        # Exchanges made of samples may hold the response alone.
        sends_always = all(
            exchange.request is not None or exchange.response is not None
            for exchange in self.exchanges
        )
        return {**({"required": True} if sends_always else {}), "content": content}

    def _responses(self) -> Schema:
        statuses = sorted({one.status for one in self.exchanges if one.response or one.status == 204})
        found = {str(status): self._response(status) for status in statuses if status < 400}
        if not found:
            todo = "no response was given: what does it answer?"
            found = {"200": Noted({"description": "The answer."}, todo)}
        return {**found, **self.customs.shared_responses(self.template, found)}

    def _response(self, status: int) -> Schema:
        bodies = [
            one.response for one in self.exchanges if one.status == status and one.response is not None
        ]
        if not bodies:
            return {"description": "Done; there is no content."}
        content = self._content(bodies, self._response_name(bodies), is_request=False)
        is_list = any(_items(body.value) is not None for body in bodies)
        text = f"The {in_lower_case(self.things if is_list else self.thing)}."
        text = "What was deleted." if self.method == "delete" else text
        return {"description": text, "content": content}

    def _content(self, bodies: Sequence[Body], name: str, *, is_request: bool) -> Schema:
        content: Schema = {}
        for media_type in dict.fromkeys(body.media_type for body in bodies):
            same = [body for body in bodies if body.media_type == media_type]
            content[media_type] = {"schema": self._body_schema(same, name, is_request=is_request)}
        return content

    def _body_schema(self, bodies: Sequence[Body], name: str, *, is_request: bool) -> Schema:
        if not bodies[0].is_structured and not bodies[0].is_stream:
            is_text = content_kind(bodies[0].media_type) == "text"
            return {"type": "string"} if is_text else {"type": "string", "format": "binary"}
        values = [value for body in bodies for value in _values(body)]
        is_list = bool(values) and all(_items(value) is not None for value in values)
        is_listed = is_list and not is_request
        schema = self._listed(values) if is_listed else self.inference.schema(values)
        if "$ref" in schema or "properties" not in schema:
            return schema
        if len(values) == 1:
            which = "argument" if is_request else "field"
            schema = Noted(schema, f"from one sample: is every {which} required?")
        return self._component(name, schema)

    def _listed(self, values: Sequence[Any]) -> Schema:
        """A list, or a page of one: its items get a name of their own."""
        items = [item for value in values for item in _items(value) or ()]
        inner = self.inference.schema(items, "_".join(self.thing))
        if "properties" in inner:
            inner = self._component(pascal(self.thing), inner)
        if all(isinstance(value, list) for value in values):
            return {"type": "array", "items": inner} if items else self.inference.schema(values)
        page = self.inference.schema(values)
        key = _items_key(values[0])
        if "properties" in page and items:
            page["properties"][key] = {"type": "array", "items": inner}
        return page

    # Names

    def _name(self, suffix: str) -> str:
        return pascal(split_words(self.operation_id)) + suffix

    def _response_name(self, bodies: Sequence[Body]) -> str:
        is_list = any(_items(body.value) is not None for body in bodies)
        is_thing = snake(self.place.method) in _ITEM_METHODS and not is_list
        return pascal(self.thing) if is_thing else self._name("Response")

    def _component(self, name: str, schema: Schema) -> Schema:
        """A new component; another name where this one means something else."""
        taken = self.customs.components("schemas").keys() | self.components.keys()
        given, number = name, 2
        while given in taken and self.components.get(given) != schema:
            given = self._name("Response") if given == name != self._name("Response") else ""
            given = given or f"{name}{number}"
            number += 1
        self.components[given] = schema
        return {"$ref": f"#/components/schemas/{given}"}

    # Entries

    def _entries(self, operation: Schema) -> Iterator[Entry]:
        item = self._item
        on_path = self._on_path()
        if item is None:
            after = neighbour(self.customs.templates, self.template)
            values = {**({"parameters": on_path} if on_path else {}), self.method: operation}
            yield Entry(("paths",), self.template, values, after)
        else:
            uri, _, pointer = item.pointer.partition("#")
            if uri != self.document.entry:
                place = self.document.locate(item.pointer)
                message = f"{self.template} is described in another file"
                raise refuse("cannot-add", message, place, "add the operation there")
            tokens = tuple(one.replace("~1", "/").replace("~0", "~") for one in pointer.split("/")[1:])
            yield Entry(tokens, self.method, operation)
        schemas = list(self.customs.components("schemas"))
        for name, schema in self.components.items():
            yield Entry(("components", "schemas"), name, schema, neighbour(schemas, name))


def typed(text: str) -> Any:
    """A text of a query or form as the JSON that it looks like."""
    if text in ("true", "false"):
        return text == "true"
    for read in (int, float):
        try:
            value = read(text)
        except ValueError:
            continue
        # Not "007", and not "nan": such a text is no number that comes out as it went in.
        return value if str(value) == text else text
    return text


def _values(body: Body) -> list[Any]:
    """What of a body a schema describes."""
    if body.is_stream:
        return [event["data"] for event in body.value if event["data"] != DONE]
    if body.media_type in (MULTIPART, URL_ENCODED) and isinstance(body.value, dict):
        return [{key: _typed_field(value) for key, value in body.value.items()}]
    return [body.value]


def _typed_field(value: Any) -> Any:
    if isinstance(value, list):
        return [_typed_field(one) for one in value]
    return typed(value) if isinstance(value, str) else value


def _items_key(value: Any) -> str:
    """The property of a page that holds its items; "" for what is no page."""
    if not isinstance(value, dict):
        return ""
    lists = [key for key, inner in value.items() if isinstance(inner, list)]
    is_page = value.get("object") == "list" or any(
        key in value for key in ("has_more", "next", "next_cursor", "next_page", "total", "cursor")
    )
    return lists[0] if len(lists) == 1 and (is_page or len(value) == 1) else ""


def _items(value: Any) -> list[Any] | None:
    """The items of a list or of a page; None for anything else."""
    if isinstance(value, list):
        return value
    key = _items_key(value)
    return value[key] if key else None
