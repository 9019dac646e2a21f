"""Pages, from x-sdk or from the shape of an operation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from specloom import ir
from specloom.description.tree import child
from specloom.ir.operations import success_type
from specloom.ir.words import snake, split_words
from specloom.lower import page_words
from specloom.lower.type_refs import (
    ANY,
    Types,
    found_at,
    list_of,
    model_of,
    resolved,
    without_null,
)
from specloom.runtime.media_types import kind_of


def pagination_of(
    sdk: Mapping[str, Any], schemes: Mapping[str, Any], operation: ir.Operation, types: Types
) -> ir.Pagination | None:
    """The pagination scheme in x-sdk, with the type of its items."""
    name = sdk.get("pagination")
    scheme = schemes.get(name) if isinstance(name, str) else None
    return pages_by(scheme, operation, types) if scheme is not None else None


def pages_by(
    scheme: Mapping[str, Any], operation: ir.Operation, types: Types
) -> ir.Pagination | None:
    """A pagination scheme with the type of its items; None if no success is JSON."""
    page = success_type(operation.responses, "json")
    if page is None:
        return None
    previous = scheme.get("previous") or {}
    items = found_at(page, scheme.get("items") or "", types)
    places = query_places(operation, types)
    parameter, before, limit = (
        places.get(name, name) if isinstance(name, str) else None
        for name in (scheme.get("parameter"), previous.get("parameter"), scheme.get("limit"))
    )
    first = scheme.get("first")
    return ir.Pagination(
        style=scheme["style"],
        items=scheme.get("items") or "",
        item_type=items.item if isinstance(items, ir.ListOf) else ANY,
        parameter=parameter,
        cursor=scheme.get("cursor"),
        has_more=scheme.get("has_more"),
        previous_parameter=before,
        previous_cursor=previous.get("cursor"),
        limit=limit,
        item_cursor=scheme.get("item_cursor"),
        cursor_header=scheme.get("cursor_header"),
        total=scheme.get("total"),
        first=_first(scheme["style"], parameter, operation, types) if first is None else first,
        is_in_body=bool(parameter) and parameter not in places.values(),
        name=split_words(scheme.get("class") or ""),
    )


def with_items(
    scheme: Mapping[str, Any], operation: ir.Operation, types: Types
) -> Mapping[str, Any]:
    """A scheme with the items that the response shows, if it does not name them."""
    page = None if "items" in scheme else _page(operation, types)
    return {**scheme, "items": page.items} if page else scheme


def query_places(operation: ir.Operation, types: Types) -> dict[str, str]:
    """The places of query arguments, and of properties of objects, by their names in x-sdk."""
    inputs = list(_inputs(operation, types))
    names = {one.wire_name: place for _, place, one in inputs}
    return names | {place: place for _, place, _ in inputs}


def _first(style: str, parameter: str | None, operation: ir.Operation, types: Types) -> int | None:
    """The start of a counted list, if the description gives it or the response is known."""
    if style not in ("offset", "page"):
        return None
    inputs = [(place, one) for _, place, one in _inputs(operation, types)]
    fields = _body_inputs(operation.body, types) if operation.body else ()
    for place, one in (*inputs, *((place, one) for _, place, one in fields)):
        if place == parameter:
            zero = 0 if page_words.FROM_ZERO.search(one.description) else None
            said = (one.default, dict(one.limits).get("minimum"), zero)
            return next(
                (one for one in said if type(one) is int), _first_by_shape(operation, types)
            )
    return None


def _first_by_shape(operation: ir.Operation, types: Types) -> int | None:
    page = _page(operation, types)
    properties = page.properties.keys() if page else set[str]()
    return next((start for start, names in page_words.FIRST_BY_SHAPE if properties >= names), None)


def derived_arguments(read: ir.Operation, first: ir.Operation) -> dict[str, str]:
    """The arguments that come from the result of the first call; the last is the thing's own id."""
    path = [one.wire_name for one in read.parameters if one.location == "path"]
    known = {one.wire_name for one in first.parameters if one.location == "path"}
    known |= {one.wire_name for one in read.parameters if one.client_argument}
    named = {name: name for name in path if name not in known}
    if path and path[-1] in named:
        named[path[-1]] = "id"
    return named


_Found = Mapping[str, tuple[str, ir.TypeRef]]


@dataclass(frozen=True, slots=True)
class _Page:
    """The shape of a response: the path of its items, and properties by name in snake case."""

    items: str
    item_type: ir.TypeRef
    properties: _Found
    headers: Mapping[str, str]
    urls: frozenset[str] = frozenset()
    """The places of properties that are URLs."""

    def first(self, names: list[str]) -> str | None:
        """The place of the first of the properties that the response has."""
        return next((self.properties[name][0] for name in names if name in self.properties), None)


def seen_pages(operation: ir.Operation, types: Types) -> ir.Pagination | None:
    """The pagination of an operation, as far as its shape shows it."""
    if operation.http_method not in ("GET", "POST", "QUERY"):
        return None
    page = _page(operation, types)
    if page is None:
        return None
    inputs = _by_name(_inputs(operation, types))
    by_url = _by_url(page, operation)
    if page.first(page_words.NEXT_URLS) and by_url is not None:
        return by_url
    given = (page, inputs, operation, types)
    by_link = _by_link(page, operation)
    return (
        (by_link if _takes_cursor_of_link(operation) else None)
        or _by_cursor(page, inputs, types, by_url)
        or _by_count("page", page_words.NUMBERS, page.first(page_words.PAGES), *given)
        or _by_count("offset", page_words.OFFSETS, page.first(page_words.TOTALS), *given)
        or by_url
        or (by_link if "link" in page.headers else None)
        or _in_body(page, operation, types)
    )


def _by_name(inputs: Iterable[tuple[str, str, ir.Parameter | ir.Field]]) -> _Found:
    return {name: (place, one.type) for name, place, one in reversed(list(inputs))}


def _in_body(page: _Page, operation: ir.Operation, types: Types) -> ir.Pagination | None:
    """A cursor or a number in the body. A number counts pages only if the response has an end."""
    body = operation.body
    if body is None or body.fields is None or kind_of(body.media_type) != "json":
        return None
    inputs = _by_name(_body_inputs(body, types))
    if page.properties.keys() & inputs.keys() - page_words.OF_BOTH:
        return None  # the response is the object that was sent, which has a list
    found = _by_cursor(page, inputs, types, None)
    pages, totals, more = map(page.first, (page_words.PAGES, page_words.TOTALS, page_words.MORE))
    if (found is None or found.item_cursor) and (pages or totals or more):
        given = (page, inputs, operation, types)
        found = _by_count("page", page_words.NUMBERS, pages, *given)
        found = found or _by_count("offset", page_words.OFFSETS, totals, *given)
    return replace(found, is_in_body=True) if found and not found.item_cursor else None


def _by_cursor(
    page: _Page, inputs: _Found, types: Types, by_url: ir.Pagination | None
) -> ir.Pagination | None:
    """A cursor of the response, of a header, or of the last item."""
    names = [name for name in page_words.CURSORS if name in inputs]
    cursor = page.first(page_words.NEXT)
    texts = {one for one, (_, type_ref) in page.properties.items() if not _is_count(type_ref)}
    is_counted = page.first([*page_words.TOTALS, *page_words.LIMITS]) is not None
    offsets = [one for one in page_words.NEXT_OFFSETS if one in texts and not is_counted]
    for name, found in (("page", cursor), ("offset", page.first(offsets))):
        if not names and found and name in inputs and not _is_count(inputs[name][1]):
            names, cursor = [name], found
    if not names:
        return None
    if cursor in page.urls:
        return by_url
    header = page.headers.get(names[0]) or page.headers.get(f"x_{names[0]}")
    of_item = None if cursor or header else _item_cursor(page.item_type, types)
    if not (cursor or header or of_item):
        return None
    before = next((name for name in page_words.BACKWARDS if name in inputs), None)
    previous = page.first(page_words.PREVIOUS) if before else None
    return ir.Pagination(
        style="cursor",
        items=page.items,
        item_type=page.item_type,
        parameter=inputs[names[0]][0],
        cursor=cursor,
        has_more=page.first(page_words.MORE),
        previous_parameter=inputs[before][0] if before and previous else None,
        previous_cursor=previous,
        limit=_limit(inputs),
        item_cursor=of_item,
        cursor_header=header if not cursor else None,
    )


def _by_count(
    style: Literal["page", "offset"],
    names: list[str],
    total: str | None,
    page: _Page,
    inputs: _Found,
    operation: ir.Operation,
    types: Types,
) -> ir.Pagination | None:
    fit = (one for one in names if one in inputs)
    name = next((one for one in fit if _is_count(kind := inputs[one][1]) or _is_string(kind)), None)
    if name is None:
        return None
    has_end = style == "offset" or total or page.first(page_words.MORE)
    by_url = None if has_end else _by_url(page, operation)
    if by_url is not None:  # servers may answer 404 to a number past the last page
        return by_url
    return ir.Pagination(
        style=style,
        items=page.items,
        item_type=page.item_type,
        parameter=inputs[name][0],
        has_more=page.first(page_words.MORE),
        limit=_limit(inputs),
        total=total,
        first=_first(style, inputs[name][0], operation, types),
    )


def _by_url(page: _Page, operation: ir.Operation) -> ir.Pagination | None:
    """The URL of the next page in the body: Django REST framework, OData, HAL, JSON:API."""
    names = (*page_words.NEXT, *page_words.NEXT_URLS)
    url = next((url for name in names if (url := page.first([name])) in page.urls), None)
    if operation.http_method != "GET" or url is None:
        return None
    return ir.Pagination(style="link", items=page.items, item_type=page.item_type, cursor=url)


def _by_link(page: _Page, operation: ir.Operation) -> ir.Pagination | None:
    """The header ``Link`` (RFC 8288), which contains the URL of the next page."""
    found = ir.Pagination(style="link", items=page.items, item_type=page.item_type)
    return found if operation.http_method == "GET" else None


def _takes_cursor_of_link(operation: ir.Operation) -> bool:
    """Whether the text of a cursor says that it is in the header ``Link``."""
    cursors = (one for one in operation.parameters if snake(one.name) in page_words.CURSORS)
    return any(page_words.LINK_HEADER.search(one.description) for one in cursors)


def _limit(inputs: _Found) -> str | None:
    return next((inputs[name][0] for name in page_words.LIMITS if name in inputs), None)


def _is_count(type_ref: ir.TypeRef) -> bool:
    counts = (ir.Scalar("integer"), ir.Scalar("number"), ir.Scalar("any"))
    return without_null(type_ref) in counts


def _inputs(
    operation: ir.Operation, types: Types
) -> Iterator[tuple[str, str, ir.Parameter | ir.Field]]:
    """Query parameters, and the properties of those that are objects: words, place, itself."""
    for one in operation.parameters:
        if one.location != "query":
            continue
        model = model_of(one.type, types)
        if model is not None and (one.style == "deepObject" or _is_exploded(one)):
            for field in model.fields:
                prefix = () if _is_exploded(one) else split_words(one.wire_name)
                words = (*prefix, *field.name)
                yield snake(words), child("", one.wire_name, field.wire_name), field
        else:
            yield snake(split_words(one.wire_name)), one.wire_name, one


def _body_inputs(
    body: ir.RequestBody, types: Types
) -> Iterator[tuple[str, str, ir.Parameter | ir.Field]]:
    """Properties of the body, and of its objects that describe a page: words, place, itself."""
    for one in body.fields or ():
        yield snake(one.name), one.wire_name, one
        inner = model_of(one.type, types) if snake(one.name) in page_words.HOLDERS else None
        for below in inner.fields if inner else ():
            for words in ((*one.name, *below.name), below.name):
                yield snake(words), child("", one.wire_name, below.wire_name), below


def _is_exploded(one: ir.Parameter) -> bool:
    """Whether the properties are query parameters of their own: Spring's ``pageable``."""
    return one.style == "form" and one.explode


def _item_cursor(item: ir.TypeRef, types: Types) -> str | None:
    """The property of an item, or of all its variants, that serves as a cursor."""
    found = resolved(item, types)
    variants = found.members if isinstance(found, ir.UnionOf) else (item,)
    models = [model_of(one, types) for one in variants]
    names = [{field.wire_name for field in model.fields} if model else set() for model in models]
    found_names = (name for name in page_words.ITEM_CURSORS if all(name in one for one in names))
    return next(found_names, None)


def _page(operation: ir.Operation, types: Types) -> _Page | None:
    """The page that an operation answers with; None if its success has no list."""
    answer = success_type(operation.responses, "json")
    if answer is None:
        return None
    successes = (one for one in operation.responses if one.status.is_success)
    headers = {snake(split_words(name)): name for one in successes for name in one.headers}
    listed = list_of(answer, types)
    if listed is not None:
        return _Page("", listed.item, {}, headers)
    model = model_of(answer, types)
    if model is None:
        return None
    found = list(_properties(model, types))
    items = _items(model, types)
    if items is None:
        wrapped = [
            (field.wire_name, inner, within)
            for field in model.fields
            if snake(field.name) in page_words.WRAPPERS
            and (inner := model_of(field.type, types))
            and (within := _items(inner, types))
        ]
        if len(wrapped) != 1:
            return None
        wrapper, inner, items = wrapped[0]
        items = (child("", wrapper, items[0]), items[1])
        found += _properties(inner, types, wrapper)
    urls = frozenset(place for _, (place, _, is_url) in found if is_url)
    return _Page(*items, {key: one[:2] for key, one in found}, headers, urls)


def _items(model: ir.Model, types: Types) -> tuple[str, ir.TypeRef] | None:
    """The property with the items of a page, and their type."""
    lists = {
        field.wire_name: listed.item
        for field in model.fields
        if (listed := list_of(field.type, types)) is not None
    }
    names = {snake(split_words(name)): name for name in reversed(lists)}
    known = [names[name] for name in page_words.ITEMS if name in names]
    name = known[0] if known else next(iter(lists)) if len(lists) == 1 else None
    return None if name is None else (name, lists[name])


def _properties(
    model: ir.Model, types: Types, *above: str
) -> Iterator[tuple[str, tuple[str, ir.TypeRef, bool]]]:
    """Properties by their words, and those of the objects that describe the page.

    Each is its place, its type, and whether it is a URL. ``above`` are the steps to the model.
    """
    for field in model.fields:
        inner = model_of(field.type, types) if snake(field.name) in page_words.HOLDERS else None
        for below in inner.fields if inner else ():
            steps = (*above, field.wire_name, below.wire_name)
            link = model_of(below.type, types)
            hrefs = [one for one in link.fields if one.wire_name == "href"] if link else []
            steps += tuple(one.wire_name for one in hrefs)  # {"next": {"href": "…"}}
            kind = hrefs[0].type if hrefs else below.type
            is_link = snake(field.name) == "links" and _is_string(kind)
            if model_of(kind, types) is None:
                yield snake(below.name), (child("", *steps), kind, is_link or _is_url(below))
    for field in model.fields:
        place = child("", *above, field.wire_name) if above else field.wire_name
        if model_of(field.type, types) is None:
            yield snake(field.name), (place, field.type, _is_url(field))


def _is_url(field: ir.Field) -> bool:
    """Whether a property is a URL, by its name, its format, or the text of a next page."""
    name = snake(field.name)
    is_told = name in page_words.NEXT and page_words.URL.search(field.description) is not None
    has_format = dict(field.limits).get("format") in page_words.URL_FORMATS
    return is_told or has_format or name in page_words.NEXT_URLS


def _is_string(type_ref: ir.TypeRef) -> bool:
    """Whether a type is text, perhaps null."""
    return without_null(type_ref) == ir.Scalar("string")
