"""The operations of a description with their paths, servers and media types."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from specloom import ir
from specloom.description.node import Node, is_deprecated, sdk_extension
from specloom.description.tree import escape
from specloom.ir.words import snake, split_words
from specloom.lower.composition import unwrap
from specloom.lower.page_words import PAGE_PARAMETERS
from specloom.lower.places import Answer, Facts
from specloom.lower.routes import is_parameter, segments_of
from specloom.lower.shape import Shape, shape_of
from specloom.lower.type_refs import media_type_of, string_kind
from specloom.runtime.media_types import is_text, kind_of

if TYPE_CHECKING:
    from specloom.errors import Problems


METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An operation and its path: two paths may refer to one path item."""

    method: str
    path: str
    pointer: str
    path_item: Node
    operation: Node

    @property
    def http_method(self) -> str:
        """The HTTP method as it is sent: in capitals, unless it has no field of its own."""
        return self.method.upper() if self.method in METHODS else self.method


def endpoints(root: Node) -> Iterator[Endpoint]:
    """Every operation below ``paths``."""
    for path, declared in root.items_of("paths"):
        path_item = declared.follow()
        if not path.startswith("/") or not isinstance(path_item.value, dict):
            continue
        for method, steps, operation in _operations(path_item):
            if isinstance(operation.value, dict):
                yield Endpoint(method, path, f"{declared.pointer}/{steps}", path_item, operation)


def _operations(path_item: Node) -> Iterator[tuple[str, str, Node]]:
    """Methods with their operations, and the steps below the path item."""
    for method in METHODS:
        operation = path_item.get(method)
        if operation is not None:
            yield method, method, operation.follow()
    # OpenAPI 3.2 §4.9.1: methods that have no field of their own.
    for method, operation in path_item.items_of("additionalOperations"):
        yield method, f"additionalOperations/{escape(method)}", operation.follow()


def facts_of(endpoint: Endpoint) -> Facts:
    """The facts on which the place of an operation depends."""
    node = endpoint.operation
    tag = next(iter(tags_of(node)), "")
    last = [one for one in segments_of(endpoint.path) if not is_parameter(one)][-1:]
    answer = _answer(node, split_words("".join(last)))
    return Facts(
        endpoint.method,
        endpoint.path,
        node.text("operationId"),
        tag,
        answer,
        deprecated=is_deprecated(node),
        pages=_asks_for_pages(endpoint),
    )


def _asks_for_pages(endpoint: Endpoint) -> bool:
    lists = (node.get("parameters") for node in (endpoint.path_item, endpoint.operation))
    parameters = (one.follow() for found in lists if found for one in found.entries())
    return any(
        snake(split_words(one.text("name"))) in PAGE_PARAMETERS
        for one in parameters
        if isinstance(one.value, dict) and one.text("in") == "query"
    )


def tags_of(operation: Node) -> tuple[str, ...]:
    """The tags of an operation."""
    tags = operation.get("tags")
    found = [one.value for one in tags.entries()] if tags is not None else []
    return tuple(one for one in found if isinstance(one, str))


def _answer(operation: Node, thing: ir.Words) -> Answer:
    """The content of the first success with content; anything but JSON counts as one object."""
    answer: Answer = "other"
    for media_type, media in successes(operation):
        answer = "object"
        schema = media.get("schema") if kind_of(media_type) == "json" else None
        if schema is not None and isinstance(schema.value, dict):
            return _answer_of(schema, thing)
    return answer


def answers_unnamed(endpoint: Endpoint) -> bool:
    """Whether a success has an inline schema."""
    found = (media.get("schema") for _, media in successes(endpoint.operation))
    return any(schema is not None and schema.ref is None for schema in found)


def successes(operation: Node) -> Iterator[tuple[str, Node]]:
    """The media types of all successes."""
    for status, declared in operation.items_of("responses"):
        if status.startswith("2"):
            yield from media_types_of(declared.follow())


def _answer_of(schema: Node, thing: ir.Words) -> Answer:
    """What an answer holds. An array named after the path counts one level deeper as well."""
    shape = shape_of(unwrap(schema)[0])
    if shape.is_array:
        return "list"
    within = {name: shape_of(unwrap(one)[0]) for name, one in _written(shape).items()}
    arrays = sum(one.is_array for one in within.values())
    if arrays:
        return "wrapped" if arrays == 1 else "other"
    deeper = {
        snake(split_words(name)): one
        for each in within.values()
        for name, one in _written(each).items()
    }
    named = deeper.get(snake(thing))
    return "wrapped" if named is not None and shape_of(unwrap(named)[0]).is_array else "object"


def _written(shape: Shape) -> dict[str, Node]:
    return {name: one for name, one in shape.properties.items() if isinstance(one.value, dict)}


def media_types_of(holder: Node) -> list[tuple[str, Node]]:
    """The media types of a response or a request body, in the description's order."""
    content = holder.get("content")
    return list(content.items()) if content is not None else []


_NO_HEADER = re.compile(r"[^!#$%&'*+.^_`|~0-9A-Za-z-]")
_NO_VALUE = re.compile(r"[^\t\x20-\x7e]")


def part_encoding(wire_name: str, node: Node, of: str, problems: Problems) -> ir.PartEncoding:
    """An Encoding Object of a body, or a part, of the media type `of`."""
    final = node.follow()
    value: dict[str, Any] = final.value if isinstance(final.value, dict) else {}
    return ir.PartEncoding(
        wire_name=wire_name,
        content_type=value.get("contentType"),
        style=value.get("style"),
        explode=value.get("explode"),
        allow_reserved=value.get("allowReserved") is True,
        headers=tuple(_part_headers(final, of, problems)),
    )


_OCTETS = "application/octet-stream"  # the default for files


def encodings_of(
    media_type: str, media: Node, key: str, problems: Problems
) -> tuple[ir.PartEncoding, ...]:
    """How properties are written, or the parts of an array (OpenAPI 3.2 §4.15.2)."""
    declared = media.get(key)
    named: list[tuple[str, Node]] = []
    if declared is not None:
        entries = [declared] if key == "itemEncoding" else declared.entries()
        named = list(declared.items()) if key == "encoding" else [("", one) for one in entries]
    found = [part_encoding(name, one, media_type, problems) for name, one in named]
    schema = media.get("schema") if key == "encoding" else None
    if schema is not None and kind_of(media_type) == "multipart":
        found += _by_media_type(schema, {one.wire_name for one in found})
    return tuple(found)


def _by_media_type(schema: Node, known: set[str]) -> Iterator[ir.PartEncoding]:
    """The encodings of files whose schemas say their media type."""
    for name, node in shape_of(schema).properties.items():
        shape = shape_of(node)
        media_type = media_type_of(shape_of(shape.items) if shape.items is not None else shape)
        if media_type not in ("", _OCTETS) and name not in known:
            yield ir.PartEncoding(wire_name=name, content_type=media_type)


def _part_headers(encoding: Node, media_type: str, problems: Problems) -> Iterator[tuple[str, str]]:
    """The headers of a part that have one value: a constant or a default (Encoding Object).

    `contentType` says the Content-Type; what is no multipart has no parts. Others are a warning.
    """
    headers = encoding.get("headers")
    for name, declared in headers.items() if headers else ():
        value = _one_value(declared.follow())
        is_sent = kind_of(media_type) == "multipart" and name.lower() != "content-type"
        if value is not None and is_sent and not _NO_HEADER.search(name):
            yield name, value
        else:
            message = f"the header {name!r} of this part is not sent: it has no constant or default"
            if not is_sent:
                message = f"the header {name!r} has no effect here: it is not sent"
            hint = "a part sends headers of one value; contentType says the Content-Type"
            problems.warning("unused-field", message, declared.pointer, hint)


def _one_value(header: Node) -> str | None:
    """The one value that a header has, as text; None if the caller would have to say it."""
    schema = header.get("schema")
    value = schema.follow().value if schema is not None else None
    if not isinstance(value, dict):
        return None
    values = value.get("enum")
    found = value.get("const", values[0] if isinstance(values, list) and len(values) == 1 else None)
    found = value.get("default") if found is None else found
    if isinstance(found, bool | int | float):
        found = json.dumps(found)
    return found if isinstance(found, str) and not _NO_VALUE.search(found) else None


# What nearly every description of a server says, and so tells none from another.
_SAID_OF_ALL = frozenset(
    "a an and api at base endpoint environment env for host instance is of on our server service"
    " the this to url use your".split()
)
_CLAUSE = re.compile(r"[.,;:(\n\u2013\u2014]|\s-+\s")
_VARIABLE = re.compile(r"\{[^{}]*\}")
_LONGEST_NAME = 4


def servers_of(holder: Node, problems: Problems) -> tuple[ir.Server, ...]:
    """The servers of the description, a path or an operation, each with a name of its own."""
    found: dict[str, ir.Server] = {}
    for node in holder.entries_of("servers"):
        if not isinstance(node.value, dict):
            continue
        if not node.text("url"):
            hint = "write its address: https://…"
            problems.warning("bad-server", "a server without a URL: left out", node.pointer, hint)
            continue
        server = _server(node, found)
        _warn(node, server, problems)
        found[server.name] = server
    return tuple(found.values())


def own_servers(
    path_item: Node, operation: Node, root: tuple[ir.Server, ...], problems: Problems
) -> tuple[ir.Server, ...]:
    """The servers of this operation only: its own, else those of its path.

    The client selects the one with the name of its own server, so unknown names are a warning.
    """
    holder = operation if operation.get("servers") else path_item
    servers = servers_of(holder, problems)
    if [(one.template, one.variables) for one in servers] == [
        (one.template, one.variables) for one in root
    ]:
        return ()
    known = {one.name for one in root}
    if len(servers) > 1 and not known.issuperset(one.name for one in servers):
        message = f"calls go to {servers[0].url}: the other servers have names that the root lacks"
        names = ", ".join(one.name for one in root)
        hint = f"give them names (x-sdk: {{name: …}}) of the root's servers: {names}"
        problems.warning("bad-server", message, f"{holder.pointer}/servers", hint)
    return servers


def _server(node: Node, known: Mapping[str, ir.Server]) -> ir.Server:
    template = node.text("url")
    template = f"https:{template}" if template.startswith("//") else template
    variables = dict(node.items_of("variables"))
    return ir.Server(
        name=next(name for name in _names(node, template, known) if name not in known),
        template=template,
        variables=tuple(_variable(name, variables.get(name)) for name in ir.variables_in(template)),
        description=node.text("description"),
    )


def _variable(name: str, node: Node | None) -> ir.ServerVariable:
    value = node.value if node is not None and isinstance(node.value, dict) else {}
    enum = value.get("enum")
    values = [_text(one) for one in enum] if isinstance(enum, list) else []
    default = _text(value["default"]) if value.get("default") is not None else None
    default = values[0] if default is None and values else default
    if values and default not in values:
        values.insert(0, str(default))
    description = node.text("description") if node is not None else ""
    return ir.ServerVariable(name, default, tuple(dict.fromkeys(values)), description)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _names(node: Node, template: str, known: Mapping[str, ir.Server]) -> Iterator[str]:
    """The possible names of a server, the best first (OpenAPI 3.2, Server Object, ``name``)."""
    description = node.text("description")
    clause = _CLAUSE.split(description)[0] if "://" not in description else ""
    words = [one for one in split_words(clause) if one.lower() not in _SAID_OF_ALL]
    scheme, _, rest = template.partition("://")
    address = rest.partition("/")[0]
    host = snake(split_words(_VARIABLE.sub("", address))) or "server"
    is_first = node.last_token == "0"
    derived = snake(tuple(words[:_LONGEST_NAME])) or ("default" if is_first else host)
    declared = node.text("name") or sdk_extension(node).get("name")
    yield from (str(declared),) if declared else ()
    yield derived
    if any(one.template.partition("://")[2] == rest for one in known.values()):
        yield f"{derived}_{scheme}"
    yield f"{derived}_{host}"
    yield from (f"{declared or derived}_{number}" for number in range(2, len(known) + 3))


def _warn(node: Node, server: ir.Server, problems: Problems) -> None:
    place = f"{node.pointer}/url"
    _warn_of_variables(node, server, problems)
    lacking = [one.name for one in server.variables if one.default is None]
    if lacking:
        message = f"the variable {{{lacking[0]}}} has no default: callers must pass it"
        hint = f"add\nvariables:\n  {lacking[0]}:\n    default: …"
        problems.warning("bad-server", message, place, hint)
    elif not server.url.startswith(("http://", "https://")):
        message = f"{server.url!r} is relative to where the description is published"
        hint = "callers must pass base_url; write the whole address, such as https://…"
        problems.warning("bad-server", message, place, hint)
    elif "?" in server.url or "#" in server.url:
        message = f"{server.url!r} has a query or a fragment, which a server cannot have"
        problems.warning("bad-server", message, place, "remove it: callers must pass base_url")


def _warn_of_variables(node: Node, server: ir.Server, problems: Problems) -> None:
    """Report variables that the URL lacks, and defaults that are not among the values."""
    known = {one.name for one in server.variables}
    for name, variable in node.items_of("variables"):
        enum, default = variable.get("enum"), variable.get("default")
        if name not in known:
            message = f"the URL {server.template} has no {{{name}}}: the variable is ignored"
            hint = "write it there, or remove it here"
            problems.warning("bad-server", message, variable.pointer, hint)
        elif enum and default and default.value not in (enum.value or [default.value]):
            message = f"the default of {name!r} is none of its values: it is added to them"
            problems.warning("wrong-value", message, default.pointer, "correct one of them")


def warn_of_structure(media_type: str, media: Node, problems: Problems) -> None:
    """Report an object or list schema without effect: text and bytes have no structure."""
    schema, is_read = (
        media.get("schema"),
        not is_text(media_type) and kind_of(media_type) != "binary",
    )
    if is_read or schema is None or not isinstance(schema.follow().value, dict):
        return
    shape = shape_of(schema)
    if shape.is_object or shape.is_array:
        what = "an object" if shape.is_object else "a list"
        content = "text" if is_text(media_type) else "bytes"
        message = f"{media_type} is {content} to the SDK: this schema of {what} is not used"
        hint = "if it is JSON, describe it as application/json"
        problems.warning("unused-field", message, schema.pointer, hint)


def files_first(described: list[tuple[str, Node]]) -> list[tuple[str, Node]]:
    """Media types of a request, the best first; a form with files comes before JSON of its schema.

    JSON cannot contain a file, but frameworks describe every body in both forms.
    """
    first = described[0][1].get("schema")
    meant = first.follow().value if first is not None else None
    for one in described[1:]:
        schema = one[1].get("schema")
        if schema is None or kind_of(one[0]) != "multipart" or schema.follow().value != meant:
            continue
        if any(map(_is_file, shape_of(schema).properties.values())):
            return [one, *(other for other in described if other is not one)]
    return described


def _is_file(node: Node) -> bool:
    """Whether a property is a file, or a list of files."""
    shape = shape_of(node)
    return string_kind(shape) == "binary" or (shape.items is not None and _is_file(shape.items))
