"""Pairs the classes of an old SDK with types of the description, along the fields of both."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from specloom import ir
from specloom.adoption.layouts.modules import Class, Module, Modules
from specloom.adoption.layouts.syntax import dotted, text_of, wire_name
from specloom.adoption.matching import Pair
from specloom.ir.operations import success_contents

_WRAPPERS = frozenset(
    "List Optional Union Iterable Dict Required Annotated Literal SequenceNotStr list dict".split()
)
_MOST = 20_000

OldClass = tuple[str, str]
"""A module of the old SDK, and the name of a class or an alias there."""


def paired_types(
    modules: Modules, pairs: Iterable[Pair], arguments: dict[OldClass, str], api: ir.Api
) -> dict[OldClass, str]:
    """The key of the type of each old class, as far as fields connect them.

    ``arguments`` are the operations, as ``GET /path``, by the old classes of their arguments.
    """
    walk = _Walk(modules, api)
    for pair in pairs:
        walk.result(pair)
    operations = {one.key: one for one in api.operations()}
    for (module, name), key in arguments.items():
        if key in operations:
            walk.arguments(module, name, operations[key])
    walk.run()
    return walk.found


class _Walk:
    """Follows the fields of paired classes."""

    def __init__(self, modules: Modules, api: ir.Api) -> None:
        self._modules = modules
        self._api = api
        self._pending: list[tuple[Module, str, ir.TypeRef]] = []
        self.found: dict[OldClass, str] = {}

    def result(self, pair: Pair) -> None:
        """The class and the type of a result."""
        module = self._modules.get(self._modules.name_of(pair.old.place.file))
        operation = pair.operation
        if operation.pagination is not None and pair.old.page:
            kinds: list[ir.TypeRef] = [operation.pagination.item_type]
        else:
            contents = list(success_contents(operation.responses))
            streams = [one.type for one in contents if one.is_stream]
            if module is not None and pair.old.event and streams:
                self._pending.append((module, pair.old.event, streams[0]))
            is_stream = pair.old.streams and not pair.old.event
            kinds = [one.type for one in contents if one.is_stream == is_stream]
        if module is not None and pair.old.returns and kinds:
            self._pending.append((module, pair.old.returns, kinds[0]))

    def arguments(self, module: str, name: str, operation: ir.Operation) -> None:
        """The class of the arguments of an operation."""
        found = self._modules.get(module)
        one = self._modules.class_of(found, name) if found else None
        if one is None:
            return
        kinds: dict[str, ir.TypeRef] = {p.wire_name: p.type for p in operation.parameters}
        kinds |= {field.wire_name: field.type for field in operation.body_fields}
        self._fields(one, kinds)

    def run(self) -> None:
        """Run until no class is left."""
        seen: set[tuple[str, str, str]] = set()
        while self._pending and len(seen) < _MOST:
            module, name, kind = self._pending.pop()
            step = (module.name, name, repr(kind))
            if step not in seen:
                seen.add(step)
                self._pair(module, name, kind)

    def _pair(self, module: Module, name: str, kind: ir.TypeRef) -> None:
        kind = self._plain(kind)
        one = self._modules.class_of(module, name)
        if one is not None and isinstance(kind, ir.Ref):
            named = self._api.types[kind.key]
            self.found.setdefault((one.module.name, one.name), kind.key)
            if isinstance(named, ir.Model):
                self._fields(one, {field.wire_name: field.type for field in named.fields})
            return
        self._alias(module, name, kind)

    def _alias(self, module: Module, name: str, kind: ir.TypeRef) -> None:
        """An alias: its members are the variants, in the same order."""
        place = self._alias_of(module, name)
        if place is None:
            return
        owner, value, own_name = place
        if isinstance(kind, ir.Ref):
            self.found.setdefault((owner.name, own_name), kind.key)
            named = self._api.types[kind.key]
            kind = self._plain(named.type) if isinstance(named, ir.Alias) else kind
        self._annotation(owner, value, kind)

    def _alias_of(self, module: Module, name: str) -> tuple[Module, ast.expr, str] | None:
        for _ in range(4):
            for node in module.tree.body:
                if isinstance(node, ast.AnnAssign) and dotted(node.target) == name and node.value:
                    return module, node.value, name
            if name not in module.imports:
                return None
            source, inner = module.imports[name]
            following = self._modules.get(source)
            if following is None:
                return None
            module, name = following, inner
        return None

    def _plain(self, kind: ir.TypeRef) -> ir.TypeRef:
        """A type without null and without lists and maps around it."""
        while True:
            if isinstance(kind, ir.Nullable):
                kind = kind.inner
            elif isinstance(kind, ir.ListOf):
                kind = kind.item
            elif isinstance(kind, ir.MapOf):
                kind = kind.value
            else:
                return kind

    def _fields(self, one: Class, kinds: dict[str, ir.TypeRef]) -> None:
        for node in one.node.body:
            if isinstance(node, ast.AnnAssign):
                kind = kinds.get(wire_name(node))
                if kind is not None:
                    self._annotation(one.module, node.annotation, kind)

    def _annotation(self, module: Module, annotation: ast.expr, kind: ir.TypeRef) -> None:
        """The classes of an annotation, each with its type."""
        kind = self._plain(kind)
        names = [one for one in _classes_in(annotation) if one not in _WRAPPERS]
        members: list[ir.TypeRef] = [kind]
        if len(names) > 1:
            named = self._api.types[kind.key] if isinstance(kind, ir.Ref) else None
            union = named.type if isinstance(named, ir.Alias) else kind
            members = list(union.members) if isinstance(union, ir.UnionOf) else []
            members = [one for one in members if isinstance(one, ir.Ref)]
        if len(names) == len(members):
            self._pending += [(module, *one) for one in zip(names, members, strict=True)]


def _classes_in(annotation: ast.expr) -> list[str]:
    """The names of classes, in order, without duplicates and calls (``PropertyInfo(…)``)."""
    if isinstance(annotation, ast.Subscript):
        if dotted(annotation) == "Literal":
            return []
        return _classes_in(annotation.slice)
    if isinstance(annotation, ast.Tuple):
        found = [name for one in annotation.elts for name in _classes_in(one)]
        return list(dict.fromkeys(found))
    name = text_of(annotation) or dotted(annotation)
    last = name.rpartition(".")[2]
    return [name] if last[:1].isupper() and last not in ("None", "NoneType") else []
