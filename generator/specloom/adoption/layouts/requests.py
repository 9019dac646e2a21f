"""The request of a method in any layout: its path, and the arguments of the method."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from specloom.adoption.layouts.syntax import Function, constant, dotted, names_in, text_of
from specloom.adoption.surface import OldArgument

Places = Mapping[str, tuple[str, str]]
"""Location and wire name by argument."""


@dataclass(frozen=True, slots=True)
class Request:
    """The request of a method; ``path`` is a template with the names of arguments in braces."""

    http_method: str
    path: str
    call: ast.Call


@dataclass(frozen=True, slots=True)
class Unclear:
    """The reason and the place of a request that cannot be read."""

    node: ast.AST
    reason: str


def only_one(found: list[Request]) -> Request | Unclear | None:
    """The request that all calls of a method send; None if there is no call."""
    if len({(one.http_method, one.path) for one in found}) > 1:
        return Unclear(found[0].call, "it sends more than one request")
    return found[0] if found else None


def path_of(
    node: ast.expr | None, values: Mapping[str, ast.expr], known: Collection[str] | None = None
) -> str | None:
    """The path in an expression as a template; None if it is computed when the method is called.

    ``values`` are variables with their values. ``known`` are the names that count as arguments:
    with them, ``{quote(id)}`` is ``{id}``.
    """
    if isinstance(node, ast.Name) and node.id in values:
        node = values[node.id]
    if isinstance(node, ast.IfExp):
        return _below_base_url(*(path_of(one, values, known) for one in (node.body, node.orelse)))
    if isinstance(node, ast.JoinedStr):
        return _joined(node, known)
    if isinstance(node, ast.Call):
        if dotted(node.func).endswith("urljoin") and len(node.args) > 1:
            return path_of(node.args[1], values, known)
        return _filled(node, known)
    return text_of(node)


def _below_base_url(one: str | None, other: str | None) -> str | None:
    """The path of the two that an operation with its own server has.

    The other is the whole URL. The old SDK uses it unless the caller gave a base URL.
    """
    for path, url in ((one, other), (other, one)):
        if path and url and "://" in url and path.startswith("/") and url.endswith(path):
            return path
    return None


def _joined(node: ast.JoinedStr, known: Collection[str] | None) -> str | None:
    """``f"/x/{id}"`` as a template; None if the braces contain anything but one name."""
    parts: list[str] = []
    for value in node.values:
        if not isinstance(value, ast.FormattedValue):
            parts.append(str(constant(value)))
        elif "base_url" not in ast.unparse(value):
            name = _name_in(value.value, known)
            if name is None:
                return None
            parts.append(f"{{{name}}}")
    return "".join(parts)


def _filled(call: ast.Call, known: Collection[str] | None) -> str | None:
    """``path_template("/x/{id}", id=key)`` or ``"{}/x/{id}".format(base_url, id=key)``."""
    values = list(call.args)
    if isinstance(call.func, ast.Attribute) and call.func.attr == "format":
        template = text_of(call.func.value)
    else:
        is_template = dotted(call.func).endswith("path_template") and bool(values)
        template = text_of(values.pop(0)) if is_template else None
    if template is None:
        return None
    for value in values:
        name = _name_in(value, known)
        template = template.replace("{}", f"{{{name}}}" if name else "", 1)
    for one in call.keywords:
        name = _name_in(one.value, known)
        if one.arg and name:
            template = template.replace(f"{{{one.arg}}}", f"{{{name}}}")
    return template


def _name_in(node: ast.expr, known: Collection[str] | None) -> str | None:
    """The single name in an expression."""
    names = [one for one in names_in(node) if known is None or one in known]
    return names[0] if len(names) == 1 else None


def arguments_of(function: Function, places: Places | None = None) -> Iterator[OldArgument]:
    """The arguments of a function without ``self``. ``places`` gives their locations."""
    given, places = function.args, places or {}
    plain = [*given.posonlyargs, *given.args]
    first_default = len(plain) - len(given.defaults)
    for index, one in enumerate(plain):
        if index or one.arg not in ("self", "cls"):
            place = places.get(one.arg, ("", ""))
            yield OldArgument(one.arg, "positional", index < first_default, *place)
    for one, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        yield OldArgument(one.arg, "keyword", default is None, *places.get(one.arg, ("", "")))


def argument_names(function: Function) -> set[str]:
    """The names of the arguments of a function."""
    return {one.name for one in arguments_of(function)}


def client_arguments(start: Function | None) -> tuple[OldArgument, ...]:
    """The public arguments of a client's constructor."""
    found = arguments_of(start) if start else ()
    return tuple(one for one in found if not one.name.startswith("_"))
