"""Reads the classes of pages of Stainless's layout."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace

from specloom.adoption.layouts.modules import Module
from specloom.adoption.layouts.syntax import (
    Function,
    calls_in,
    constant,
    dotted,
    entries,
    entries_in,
    functions_in,
    keyword,
    nodes,
    variables,
    wire_name,
)
from specloom.adoption.surface import OldPage


def pages_of(module: Module | None) -> dict[str, OldPage]:
    """The sync classes of ``pagination.py`` whose next page can be determined."""
    found: dict[str, OldPage] = {}
    for name, node in module.classes.items() if module else ():
        page = _page(node) if name.startswith("Sync") else None
        if page is not None:
            found[name] = page
    return found


def _page(node: ast.ClassDef) -> OldPage | None:
    functions = {one.name: one for one in functions_in(node.body)}
    following, getter = functions.get("next_page_info"), functions.get("_get_page_items")
    if following is None or getter is None:
        return None
    build = functions.get("build")
    headers, wire = _from_headers(build), wire_names(node)
    name = _attribute(getter)
    items = "" if _is_list(build, name) else wire.get(name, name) or None
    if items is None:
        return None
    if _is_single(following):
        return OldPage("link", items)
    found = (keyword(call, "params") for call in calls_in(following, "PageInfo"))
    params = list(entries(next(filter(None, found), None)))
    page = _with_value(*params[0], items, variables(following), headers, wire) if params else None
    more = _attribute(functions["has_next_page"]) if "has_next_page" in functions else ""
    if page is not None and more in wire and more not in headers:
        page = replace(page, has_more=wire[more])
    return page if len(params) == 1 else None


def _is_single(following: Function) -> bool:
    """Whether no page ever follows: all that ``next_page_info`` returns is None."""
    returned = [one.value for one in ast.walk(following) if isinstance(one, ast.Return)]
    return bool(returned) and all(
        isinstance(one, ast.Constant) and one.value is None for one in returned
    )


def _with_value(
    parameter: str,
    value: ast.expr,
    items: str,
    values: Mapping[str, ast.expr],
    headers: Mapping[str, str],
    wire: Mapping[str, str],
) -> OldPage | None:
    """A page class with the value for the next request."""
    if isinstance(value, ast.BinOp):
        step = constant(value.right)
        return OldPage("page" if step == 1 else "offset", items, parameter)
    name = dotted(value)
    if name.startswith("item."):
        return OldPage("cursor", items, parameter, item_cursor=name.removeprefix("item."))
    source = dotted(values.get(name)) if name else ""
    if not source.startswith("self."):
        return OldPage("offset", items, parameter) if "count" in name else None
    source = source.removeprefix("self.")
    if source in headers:
        return OldPage("cursor", items, parameter, cursor_header=headers[source])
    source = wire.get(source, source)
    pointer = f"/{source.replace('.', '/')}" if "." in source else source
    return OldPage("cursor", items, parameter, cursor=pointer)


def wire_names(node: ast.ClassDef) -> dict[str, str]:
    """Wire names by attribute of a model, possibly from ``FieldInfo(alias=…)``."""
    return {
        dotted(one.target): wire_name(one) for one in node.body if isinstance(one, ast.AnnAssign)
    }


def _attribute(function: Function) -> str:
    """The attribute of ``self`` that contains the items."""
    names = (dotted(node) for node in ast.walk(function) if isinstance(node, ast.Attribute))
    found = (name.removeprefix("self.") for name in names if name.startswith("self."))
    return next(found, "")


def _is_list(build: Function | None, items: str) -> bool:
    """Whether the response is the list itself: ``build`` puts it below ``items``."""
    return any(
        isinstance(node, ast.Dict)
        and [constant(key) for key in node.keys] == [items]
        and dotted(node.values[0]) == "data"
        for node in nodes(build)
    )


def _from_headers(build: Function | None) -> dict[str, str]:
    """Attributes that a page takes from response headers."""
    return {
        name: str(constant(call.args[0]))
        for name, value in entries_in(build)
        for call in calls_in(value, "response.headers.get")
    }
