"""Reads the classes of pages of Stainless's layout."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace

from specloom.adoption.modules import Module, constant, dotted, keyword
from specloom.adoption.requests import assignments, functions_in
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
    headers = _from_headers(functions.get("build"))
    wire = wire_names(node)
    items = wire.get(name := _attribute(getter), name)
    call = next((one for one in _calls(following, "PageInfo") if keyword(one, "params")), None)
    params = keyword(call, "params") if call else None
    if _is_list(functions.get("build"), name):
        items = ""
    elif not items:
        return None
    if _is_single(following):
        return OldPage("link", items)
    if not isinstance(params, ast.Dict) or len(params.keys) != 1:
        return None
    page = _with_value(
        str(constant(params.keys[0])),
        params.values[0],
        items,
        assignments(following),
        headers,
        wire,
    )
    more = _attribute(functions["has_next_page"]) if "has_next_page" in functions else ""
    is_known = page is not None and more.isidentifier() and more not in headers
    is_property = any(
        isinstance(one, ast.AnnAssign) and dotted(one.target) == more for one in node.body
    )
    return (
        replace(page, has_more=wire.get(more, more)) if page and is_known and is_property else page
    )


def _is_single(following: ast.AST) -> bool:
    """Whether no page ever follows: all that ``next_page_info`` returns is None."""
    returned = [one.value for one in ast.walk(following) if isinstance(one, ast.Return)]
    return bool(returned) and all(
        isinstance(one, ast.Constant) and one.value is None for one in returned
    )


def _with_value(
    parameter: str,
    value: ast.expr,
    items: str,
    assigned: Mapping[str, ast.expr],
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
    source = dotted(assigned.get(name)) if name else ""
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
    found: dict[str, str] = {}
    for one in node.body:
        if isinstance(one, ast.AnnAssign):
            call = one.value if isinstance(one.value, ast.Call) else None
            alias = constant(keyword(call, "alias")) if call else None
            name = dotted(one.target)
            found[name] = alias if isinstance(alias, str) else name
    return found


def _attribute(function: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """The attribute of ``self`` that contains the items."""
    for node in ast.walk(function):
        name = dotted(node) if isinstance(node, ast.Attribute) else ""
        if name.startswith("self."):
            return name.removeprefix("self.")
    return ""


def _is_list(build: ast.AST | None, items: str) -> bool:
    """Whether the response is the list itself: ``build`` puts it below ``items``."""
    return any(
        isinstance(node, ast.Dict)
        and [constant(key) for key in node.keys] == [items]
        and dotted(node.values[0]) == "data"
        for node in (ast.walk(build) if build else ())
    )


def _calls(function: ast.AST, name: str) -> list[ast.Call]:
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    return [one for one in calls if dotted(one.func) == name]


def _from_headers(build: ast.AST | None) -> dict[str, str]:
    """Attributes that a page takes from response headers."""
    found: dict[str, str] = {}
    for node in ast.walk(build) if build else ():
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                for call in _calls(value, "response.headers.get"):
                    found[str(constant(key))] = str(constant(call.args[0]))
    return found
