"""Reads the classes of pages of Stainless's layout."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace

from specloom.adoption.layouts import syntax
from specloom.adoption.layouts.modules import Module
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
    functions = {one.name: one for one in syntax.functions_in(node.body)}
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
    found = (syntax.keyword(call, "params") for call in syntax.calls_in(following, "PageInfo"))
    params = list(syntax.entries(next(filter(None, found), None)))
    page = (
        _with_value(*params[0], items, syntax.variables(following), headers, wire)
        if params
        else None
    )
    more = _attribute(functions["has_next_page"]) if "has_next_page" in functions else ""
    if page is not None and more in wire and more not in headers:
        page = replace(page, has_more=wire[more])
    return page if len(params) == 1 else None


def _is_single(following: syntax.Function) -> bool:
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
        step = syntax.constant(value.right)
        return OldPage("page" if step == 1 else "offset", items, parameter)
    name = syntax.dotted(value)
    if name.startswith("item."):
        return OldPage("cursor", items, parameter, item_cursor=name.removeprefix("item."))
    source = syntax.dotted(values.get(name)) if name else ""
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
        syntax.dotted(one.target): syntax.wire_name(one)
        for one in node.body
        if isinstance(one, ast.AnnAssign)
    }


def _attribute(function: syntax.Function) -> str:
    """The attribute of ``self`` that contains the items."""
    names = (syntax.dotted(node) for node in ast.walk(function) if isinstance(node, ast.Attribute))
    found = (name.removeprefix("self.") for name in names if name.startswith("self."))
    return next(found, "")


def _is_list(build: syntax.Function | None, items: str) -> bool:
    """Whether the response is the list itself: ``build`` puts it below ``items``."""
    return any(
        isinstance(node, ast.Dict)
        and [syntax.constant(key) for key in node.keys] == [items]
        and syntax.dotted(node.values[0]) == "data"
        for node in syntax.nodes(build)
    )


def _from_headers(build: syntax.Function | None) -> dict[str, str]:
    """Attributes that a page takes from response headers."""
    return {
        name: str(syntax.constant(call.args[0]))
        for name, value in syntax.entries_in(build)
        for call in syntax.calls_in(value, "response.headers.get")
    }
