"""Converts Swagger 2.0 to OpenAPI 3.0, the form that all later stages read.

Each moved value keeps its original pointer (`Document.origins`), so problems point into the
author's file. The rules follow the two specifications: Swagger 2.0 and OpenAPI 3.0.3. External
files are not converted: schemas are the same in both versions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from specloom.description.document import Document
from specloom.description.node import Node
from specloom.description.references import find_or_none
from specloom.description.swagger2_schemas import VALUE_FIELDS, Moves, schema, value_schema
from specloom.description.tree import Value, child
from specloom.errors import Problems

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch")
_ROOT_DEFAULTS = ("host", "basePath", "schemes", "consumes", "produces")
_COMPONENTS = {
    "definitions": "schemas",
    "parameters": "parameters",
    "responses": "responses",
    "securityDefinitions": "securitySchemes",
}
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
# protoc-gen-openapiv2 writes this title for each line of a stream.
_STREAM = "Stream result of "
_JSON = "application/json"
_FLOWS = {"application": "clientCredentials", "accessCode": "authorizationCode"}


def as_openapi(document: Document, problems: Problems) -> Document:
    """A Swagger 2.0 description as OpenAPI 3.0.3; problems go into `problems`."""
    moves = Moves(problems)
    node = Node(document, f"{document.entry}#", document.root)
    root = _Converter(moves, _media_types(node, moves)).root(node)
    return replace(document, root=root, origins=moves.origins)


class _MediaTypes(NamedTuple):
    """The media types of `consumes` and `produces`; None if absent."""

    consumes: Sequence[Node] | None
    produces: Sequence[Node] | None


def _media_types(node: Node, moves: Moves) -> _MediaTypes:
    return _MediaTypes(moves.texts(node, "consumes"), moves.texts(node, "produces"))


class _Inputs(NamedTuple):
    """The parameters of an operation or path: ordinary ones, the body, and form fields."""

    parameters: list[Node]
    body: Node | None
    form: list[Node]


@dataclass
class _Converter:
    """Builds the objects of OpenAPI 3.0 from one description."""

    moves: Moves
    defaults: _MediaTypes
    schemes: list[str] = field(default_factory=list[str])

    def root(self, node: Node) -> dict[str, Value]:
        """The OpenAPI object."""
        out: dict[str, Value] = {}
        components: dict[str, Value] = {}
        self.moves.put(out, "openapi", "3.0.3", child(node.pointer, "swagger"))
        self._put_servers(out, node)
        for key, inner in node.items():
            if key in _COMPONENTS:
                made = self._components(key, inner)
                self.moves.put(components, _COMPONENTS[key], made, inner.pointer)
            elif key == "paths":
                self.moves.put(out, key, self._paths(inner), inner.pointer)
            elif key not in ("swagger", *_ROOT_DEFAULTS):
                self.moves.put(out, key, inner.value, inner.pointer)
        out["components"] = components
        return out

    def _put_servers(self, out: dict[str, Value], node: Node) -> None:
        host, base = self.moves.text(node, "host"), self.moves.text(node, "basePath")
        schemes = self.moves.texts(node, "schemes") or []
        self.schemes = [str(one.value) for one in schemes] or ["https"]
        if not host and not base:
            return
        address = f"{host}/{base.strip('/')}".rstrip("/") if host else f"/{base.strip('/')}"
        # https first: clients should prefer it
        ordered = sorted(self.schemes, key=lambda scheme: scheme != "https")
        urls = [f"{scheme}://{address}" for scheme in ordered] if host else [address]
        pointer = child(node.pointer, "host" if host else "basePath")
        self.moves.put(out, "servers", [{"url": url} for url in dict.fromkeys(urls)], pointer)

    def _components(self, key: str, node: Node) -> Value:
        if not isinstance(node.value, dict):
            return self.moves.same(node)
        out: dict[str, Value] = {}
        for name, inner in node.items():
            made = self._component(key, inner)
            if made is not None:
                self.moves.put(out, name, made, inner.pointer)
        return out

    def _component(self, key: str, node: Node) -> Value:
        if key == "definitions":
            return schema(node, self.moves)
        if key == "securityDefinitions":
            return self._security_scheme(node)
        if key == "responses":
            return self._response(node, self.defaults.produces)
        # Body and form parameters are inlined: OpenAPI 3 cannot share them.
        return None if node.text("in") in ("body", "formData") else self._parameter(node)

    def _paths(self, node: Node) -> Value:
        if not isinstance(node.value, dict):
            return self.moves.same(node)
        out: dict[str, Value] = {}
        for path, item in node.items():
            made = self._path_item(item) if isinstance(item.value, dict) else item.value
            self.moves.put(out, path, made, item.pointer)
        return out

    def _path_item(self, item: Node) -> Value:
        out: dict[str, Value] = {}
        inputs = self._inputs(item)
        for key, inner in item.items():
            if key == "parameters":
                self._put_parameters(out, inputs, inner)
            elif key in _METHODS and isinstance(inner.value, dict):
                self.moves.put(out, key, self._operation(inner, inputs), inner.pointer)
            else:
                self.moves.put(out, key, inner.value, inner.pointer)
        return out

    def _operation(self, node: Node, shared: _Inputs) -> dict[str, Value]:
        out: dict[str, Value] = {}
        own, types = self._inputs(node), _media_types(node, self.moves)
        consumes = self.defaults.consumes if types.consumes is None else types.consumes
        for key, inner in node.items():
            if key == "parameters":
                self._put_parameters(out, own, inner)
            elif key == "responses":
                self.moves.put(out, key, self._responses(inner, types.produces), inner.pointer)
            elif key not in ("consumes", "produces", "schemes"):
                self.moves.put(out, key, inner.value, inner.pointer)
        body, form = own.body or shared.body, [*own.form]
        names = {one.text("name") for one in form}
        form += [one for one in shared.form if one.text("name") not in names]
        if body is not None:
            self.moves.put(out, "requestBody", self._body(body, consumes), body.pointer)
        elif form:
            self.moves.put(out, "requestBody", self._form(form, consumes), form[0].pointer)
        self._put_own_servers(out, node)
        return out

    def _put_own_servers(self, out: dict[str, Value], node: Node) -> None:
        """Add the servers of an operation whose `schemes` differ from those of the description."""
        schemes = [str(one.value) for one in self.moves.texts(node, "schemes") or []]
        root = node.document.root
        host = root.get("host") if isinstance(root, dict) else None
        if schemes and host and not set(schemes) & set(self.schemes):
            base = root.get("basePath") if isinstance(root, dict) else None
            urls = [f"{one}://{host}/{str(base or '').strip('/')}".rstrip("/") for one in schemes]
            self.moves.put(
                out, "servers", [{"url": url} for url in urls], child(node.pointer, "schemes")
            )

    def _inputs(self, node: Node) -> _Inputs:
        inputs = _Inputs([], None, [])
        for entry in node.entries_of("parameters"):
            resolved = _resolved(entry)
            location = resolved.text("in")
            if location == "body":
                inputs = inputs._replace(body=resolved)
            elif location == "formData":
                inputs.form.append(resolved)
            else:
                inputs.parameters.append(entry)
        return inputs

    def _put_parameters(self, out: dict[str, Value], inputs: _Inputs, node: Node) -> None:
        if not isinstance(node.value, list):
            self.moves.put(out, "parameters", node.value, node.pointer)
        elif inputs.parameters:
            items: list[Value] = []
            self.moves.put(out, "parameters", items, node.pointer)
            for entry in inputs.parameters:
                self.moves.append(items, self._parameter(entry), entry.pointer)

    def _parameter(self, node: Node) -> Value:
        """A parameter in query, header or path; the fields about its value become its schema."""
        if not isinstance(node.value, dict) or node.ref is not None:
            return self.moves.reference(node)
        out: dict[str, Value] = {}
        for key, inner in node.items():
            if key == "x-example":
                self.moves.put(out, "example", inner.value, inner.pointer)
            elif key == "schema":
                self.moves.put(out, key, schema(inner, self.moves), inner.pointer)
            elif key not in VALUE_FIELDS and key != "collectionFormat":
                self.moves.put(out, key, inner.value, inner.pointer)
        if "schema" not in out:
            self.moves.put(out, "schema", value_schema(node, self.moves), node.pointer)
        style = self.moves.array_style(node, node.text("in"))
        out.update(style)
        return out

    def _body(self, node: Node, consumes: Sequence[Node] | None) -> dict[str, Value]:
        out: dict[str, Value] = {}
        content: dict[str, Value] = {}
        for key, inner in node.items():
            if key == "schema":
                for media_type, pointer in _names_of(consumes, (_JSON,), node):
                    self._put_media(content, media_type, schema(inner, self.moves), inner, pointer)
            elif key not in ("name", "in"):
                self.moves.put(out, key, inner.value, inner.pointer)
        self.moves.put(out, "content", content, node.pointer)
        return out

    def _form(self, fields: Sequence[Node], consumes: Sequence[Node] | None) -> dict[str, Value]:
        has_file = any(one.text("type") == "file" for one in fields)
        default = _FORMS[1] if has_file else _FORMS[0]
        forms = [one for one in consumes or () if _essence(one) in _FORMS]
        if has_file:
            forms = [one for one in forms if _essence(one) == _FORMS[1]]
        content: dict[str, Value] = {}
        for media_type, pointer in _names_of(forms or None, (default,), fields[0]):
            media = self._form_media(fields)
            self.moves.put(content, media_type, media, pointer)
        return {"content": content, "required": any(_is_required(one) for one in fields)}

    def _form_media(self, fields: Sequence[Node]) -> dict[str, Value]:
        properties: dict[str, Value] = {}
        encoding: dict[str, Value] = {}
        for one in fields:
            made = value_schema(one, self.moves)
            for key in ("description", "x-sdk"):
                if (inner := one.get(key)) is not None:
                    self.moves.put(made, key, inner.value, inner.pointer)
            self.moves.put(properties, one.text("name"), made, one.pointer)
            style = self.moves.array_style(one, "formData")
            if style:
                encoding[one.text("name")] = style
        required: list[Value] = [one.text("name") for one in fields if _is_required(one)]
        made = {"type": "object", "properties": properties}
        if required:
            made["required"] = required
        return {"schema": made, "encoding": encoding} if encoding else {"schema": made}

    def _put_media(
        self, content: dict[str, Value], media_type: str, made: Value, node: Node, pointer: str
    ) -> None:
        media: dict[str, Value] = {}
        self.moves.put(media, "schema", made, node.pointer)
        self.moves.put(content, media_type, media, pointer)

    def _responses(self, node: Node, produces: Sequence[Node] | None) -> Value:
        if not isinstance(node.value, dict):
            return self.moves.same(node)
        out: dict[str, Value] = {}
        for status, inner in node.items():
            # A shared response with other media types here is inlined.
            response = inner if produces is None else _resolved(inner)
            of = self.defaults.produces if produces is None else produces
            made = inner.value if status.startswith("x-") else self._response(response, of)
            self.moves.put(out, status, made, response.pointer)
        return out

    def _response(self, node: Node, produces: Sequence[Node] | None) -> Value:
        if not isinstance(node.value, dict) or node.ref is not None:
            return self.moves.reference(node)
        out: dict[str, Value] = {}
        content = self._response_content(node, produces)
        for key, inner in node.items():
            if key == "headers":
                self.moves.put(out, key, self._headers(inner), inner.pointer)
            elif key not in ("schema", "examples"):
                self.moves.put(out, key, inner.value, inner.pointer)
        if content:
            self.moves.put(out, "content", content, child(node.pointer, "schema"))
        return out

    def _response_content(self, node: Node, produces: Sequence[Node] | None) -> dict[str, Value]:
        content: dict[str, Value] = {}
        answer = node.get("schema")
        if answer is not None:
            default = (_JSON,)
            if answer.text("type") == "file":
                produces = [one for one in produces or () if "json" not in _essence(one)] or None
                default = ("application/octet-stream",)
            elif answer.text("title").startswith(_STREAM):
                produces, default = None, ("application/x-ndjson",)
            for media_type, pointer in _names_of(produces, default, node):
                self._put_media(content, media_type, schema(answer, self.moves), answer, pointer)
        for media_type, example in node.items_of("examples"):
            media = content.get(media_type)
            if isinstance(media, dict):
                self.moves.put(media, "example", example.value, example.pointer)
        return content

    def _headers(self, node: Node) -> Value:
        if not isinstance(node.value, dict):
            return self.moves.same(node)
        out: dict[str, Value] = {}
        for name, inner in node.items():
            header: dict[str, Value] = {}
            self.moves.put(header, "schema", value_schema(inner, self.moves), inner.pointer)
            for key, value in inner.items():
                if key not in VALUE_FIELDS and key != "collectionFormat":
                    self.moves.put(header, key, value.value, value.pointer)
            self.moves.put(out, name, header, inner.pointer)
        return out

    def _security_scheme(self, node: Node) -> Value:
        if not isinstance(node.value, dict):
            return self.moves.same(node)
        out: dict[str, Value] = {}
        moved = ("flow", "authorizationUrl", "tokenUrl", "scopes")
        for key, inner in node.items():
            if key not in moved:
                self.moves.put(out, key, inner.value, inner.pointer)
        if out.get("type") == "basic":
            out.update({"type": "http", "scheme": "basic"})
        if out.get("type") == "oauth2":
            flow: dict[str, Value] = {"scopes": {}}
            for key in moved[1:]:
                if (inner_node := node.get(key)) is not None:
                    self.moves.put(flow, key, inner_node.value, inner_node.pointer)
            name = node.text("flow")
            flows: dict[str, Value] = {}
            self.moves.put(flows, _FLOWS.get(name, name), flow, child(node.pointer, "flow"))
            out["flows"] = flows
        return out


def _resolved(node: Node) -> Node:
    """The target of a reference; the reference itself if there is none."""
    if node.ref is None:
        return node
    found = find_or_none(node.document, node.ref, node.pointer)
    return Node(node.document, *found) if found is not None else node


def _names_of(
    listed: Sequence[Node] | None, default: Sequence[str], node: Node
) -> Iterator[tuple[str, str]]:
    """Media types and the pointers to the entries that list them."""
    if not listed:
        yield from ((name, node.pointer) for name in default)
        return
    seen: set[Value] = set()
    for one in listed:
        if one.value not in seen:
            seen.add(one.value)
            yield str(one.value), node.pointer


def _essence(node: Node) -> str:
    return str(node.value).partition(";")[0].strip().lower()


def _is_required(node: Node) -> bool:
    return isinstance(node.value, Mapping) and node.value.get("required") is True
