"""Reads resources, models and pagination of Stainless's configuration."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from specloom.adoption.layouts.yaml_config import Config
from specloom.adoption.surface import Kind, OldArgument, OldMethod, OldPage, Unread
from specloom.ir.words import pascal, snake, split_words

_ENDPOINT = re.compile(r"(get|post|put|patch|delete|head|options|trace) +(/\S*)", re.IGNORECASE)
_TEMPLATE = re.compile(r"\{([^{}]*)\}")
_PURPOSE = "x-stainless-pagination-property"
_STYLES = {
    "cursor": "cursor",
    "cursor_id": "cursor",
    "offset": "offset",
    "page_number": "page",
    "cursor_url": "link",
}
_DEEPEST = 12
_OF_METHOD = ("type", "paginated", "positional_params")


def methods_in(config: Config) -> tuple[list[OldMethod], list[Unread]]:
    """The methods of all resources; entries without an HTTP method of the Python SDK are unread."""
    found: list[OldMethod] = []
    unread: list[Unread] = []
    for path, at in _resources(config, ("resources",), ()):
        for name in config.mapping(*at, "methods"):
            one = _method(config, name, path, (*at, "methods", name))
            if isinstance(one, OldMethod):
                found.append(one)
            elif one is not None:
                unread.append(one)
    return found, unread


def _resources(
    config: Config, at: tuple[str, ...], path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The attribute path of each resource, and its place; ``$client`` is the client."""
    for name in config.mapping(*at) if len(path) < _DEEPEST else ():
        if name != "$shared" and _is_for_python(config, *at, name):
            inner = path if name == "$client" else (*path, snake(split_words(name)))
            yield inner, (*at, name)
            yield from _resources(config, (*at, name, "subresources"), inner)


def _is_for_python(config: Config, *at: str) -> bool:
    """Whether ``skip`` and ``only`` include a resource or a method in the Python SDK."""
    skip, only = config.at(*at, "skip"), config.at(*at, "only")
    is_skipped = skip is True or (isinstance(skip, list) and "python" in skip)
    if is_skipped or (isinstance(only, list) and "python" not in only):
        config.at(*at)
        return False
    return True


def _method(
    config: Config, name: str, path: tuple[str, ...], at: tuple[str, ...]
) -> OldMethod | Unread | None:
    if not _is_for_python(config, *at):
        return None
    is_whole = not config.mapping(*at)
    endpoint = config.text(*at) if is_whole else config.text(*at, "endpoint")
    given = {} if is_whole else {one: config.at(*at, one) for one in _OF_METHOD}
    match = _ENDPOINT.fullmatch(" ".join(endpoint.split()))
    if match is None:
        address = ".".join((*path, name))
        return Unread(config.place(*at), f"client.{address}: it names no HTTP method and path")
    names = _TEMPLATE.findall(match[2])
    positional = given.get("positional_params")
    shown = names[-1:] if positional is None else [str(one) for one in positional or ()]
    paginated = given.get("paginated")
    return OldMethod(
        http_method=match[1].upper(),
        path=_TEMPLATE.sub(lambda found: f"{{{_argument(found[1])}}}", match[2]),
        resource=".".join(path),
        name=snake(split_words(name)),
        place=config.place(*at),
        arguments=tuple(_path_argument(one, one in shown) for one in names),
        page=_page_of(paginated, config),
        has_no_pages=paginated is False or not config.items("pagination"),
        is_partial=True,
    )


def _argument(name: str) -> str:
    return snake(split_words(name)) or name


def _path_argument(name: str, is_positional: bool) -> OldArgument:
    kind: Kind = "positional" if is_positional else "keyword"
    return OldArgument(_argument(name), kind, True, "path", _argument(name))


def _page_of(paginated: Any, config: Config) -> str:
    """The page class of a method; empty if it names none."""
    names = list(pages_in(config))
    if isinstance(paginated, str):
        return _class(paginated)
    return names[0] if paginated is True and len(names) == 1 else ""


def models_in(config: Config) -> dict[str, str]:
    """Type names with their components."""
    found: dict[str, str] = {}
    places = [("resources", "$shared"), *(at for _, at in _resources(config, ("resources",), ()))]
    for at in places:
        for name, target in config.texts(*at, "models").items():
            found.setdefault(
                pascal(split_words(name)), target.removeprefix("#/components/schemas/")
            )
    return found


def pages_in(config: Config) -> dict[str, OldPage]:
    """The pagination schemes by the name of their sync class."""
    found: dict[str, OldPage] = {}
    for index, one in enumerate(config.items("pagination")):
        page = _page(one) if isinstance(one, dict) else None
        if page is not None:
            config.at("pagination", str(index))
            found[_class(str(one.get("name", "page")))] = page
    return found


def _class(name: str) -> str:
    return f"Sync{pascal(split_words(name))}"


def _page(scheme: dict[str, Any]) -> OldPage | None:
    style: Any = _STYLES.get(str(scheme.get("type", "")))
    request = dict(_purposes(scheme.get("request"), ""))
    response = dict(_purposes(scheme.get("response"), ""))
    parameter = _first(request, "param")
    items = _first(response, "items")
    if style is None or items is None or (parameter is None and style != "link"):
        return None
    by_id = scheme.get("type") == "cursor_id"
    return OldPage(
        style,
        items,
        parameter=parameter or "",
        cursor="" if by_id else (_first(response, "field") or "") if style != "offset" else "",
        item_cursor="id" if by_id else "",
        has_more=_first(response, "has_next") or "",
    )


def _first(purposes: dict[str, str], part: str) -> str | None:
    """The first property whose purpose contains a word, except for the previous page or a total."""
    others = ("previous", "total", "limit")
    return next(
        (
            name
            for purpose, name in purposes.items()
            if part in purpose and not any(one in purpose for one in others)
        ),
        None,
    )


def _purposes(value: Any, prefix: str) -> Iterator[tuple[str, str]]:
    """Purpose and place of each property; an array without a purpose holds the items."""
    for name, schema in value.items() if isinstance(value, dict) else ():
        if isinstance(schema, dict):
            place = f"{prefix}/{name}" if prefix else str(name)
            purpose = schema.get(_PURPOSE)
            said = purpose.get("purpose") if isinstance(purpose, dict) else None
            if isinstance(said, str):
                yield said, place
            elif schema.get("type") == "array":
                yield "items", place
            elif name == "has_more":
                yield "has_next_page", place
            inner = f"/{name}" if not prefix else place
            yield from _purposes(schema.get("properties"), inner)
