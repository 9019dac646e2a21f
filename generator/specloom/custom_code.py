"""Hand-written code in the SDK: the folder that is included, and its mixin classes."""

from __future__ import annotations

import ast
import os
import warnings
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import NamedTuple, TypeGuard

from specloom import ir
from specloom.description.document import Document
from specloom.description.tree import child, members
from specloom.errors import Location, Problems, did_you_mean
from specloom.ir.words import dotted_path, snake
from specloom.naming.identifiers import CLIENT_MODULE_NAMES, KEYWORDS, PACKAGE_NAMES, class_name
from specloom.naming.names import (
    Names,
    all_resources,
    attribute_path,
    resource_attribute,
    resource_class,
)
from specloom.options import files_to_include


@dataclass(frozen=True, slots=True)
class Include:
    """The folder, the text of its files by path, and the definitions of its modules.

    ``classes`` has keys as in `x-sdk`, such as ``lib.shortcuts.BooksMixin``; the value is None for
    a name that the module imports or assigns instead of defining a class.
    """

    name: str
    files: Mapping[str, str] = field(default_factory=dict[str, str])
    classes: Mapping[str, HandWritten | None] = field(
        default_factory=dict[str, "HandWritten | None"]
    )

    def files_in(self, package: str) -> dict[str, str]:
        """The files by their path in the output."""
        return {f"{package}/{self.name}/{path}": text for path, text in self.files.items()}


def read_include(folder: Path, problems: Problems) -> Include:
    """Read the folder. Problems with the folder and its files go into ``problems``."""
    name = folder.resolve().name
    _check_name(name, folder, problems)
    files: dict[str, str] = {}
    classes: dict[str, HandWritten | None] = {}
    try:
        for path in files_to_include(folder):
            text = _text(path, folder, problems)
            if text is not None:
                inner = path.relative_to(folder).as_posix()
                files[inner] = text
                classes |= _classes(PurePosixPath(name, inner), path, text, problems)
    except OSError as error:
        hint = "create it, or set 'include' to the folder that holds your code"
        message = f"the folder cannot be included: {error.strerror or error}"
        problems.error("unreadable", message, hint=hint, location=_place(folder))
    return Include(name, files, classes)


def _check_name(name: str, folder: Path, problems: Problems) -> None:
    if not (name.isascii() and name.isidentifier()) or name in KEYWORDS:
        message = f"{name!r} cannot be the name of a Python package"
        problems.error("bad-include", message, hint="rename the folder", location=_place(folder))
    elif name in PACKAGE_NAMES:
        message = f"the generated package has a {name!r} of its own"
        hint = "rename the folder, to 'lib' for example"
        problems.error("bad-include", message, hint=hint, location=_place(folder))


def _text(path: Path, folder: Path, problems: Problems) -> str | None:
    real = Path(os.path.realpath(path))
    if not real.is_relative_to(os.path.realpath(folder)) or not real.is_file():
        message = "this link does not lead to a file of the folder"
        if not path.is_symlink():
            message = "this is not a file"
        hint = "put the file itself there"
        problems.error("bad-include", message, hint=hint, location=_place(path))
        return None
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"this is not UTF-8 text: {error.reason} at byte {error.start}"
        hint = "the package takes text files only: move this file"
        problems.error("not-utf8", message, hint=hint, location=_place(path))
        return None


def _classes(
    module: PurePosixPath, path: Path, text: str, problems: Problems
) -> dict[str, HandWritten | None]:
    """The definitions of a Python file; empty for another file."""
    if module.suffix not in (".py", ".pyi"):
        return {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text.removeprefix("\ufeff"), str(path))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line, column = getattr(error, "lineno", None), getattr(error, "offset", None)
        place = Location(path.as_posix(), line or 1, max(column or 1, 1))
        reason = error.msg if isinstance(error, SyntaxError) else str(error)
        message = f"this is not valid Python: {reason}"
        problems.error("bad-include", message, location=place)
        return {}
    steps = module.parts[:-1] if module.stem == "__init__" else module.with_suffix("").parts
    return {f"{'.'.join(steps)}.{name}": one for name, one in classes_in(tree).items()}


def _place(path: Path) -> Location:
    return Location(path.as_posix())


_Function = ast.FunctionDef | ast.AsyncFunctionDef
_PROPERTIES = frozenset(("property", "cached_property"))


@dataclass(frozen=True, slots=True)
class Member:
    """A public method or property of a class.

    ``call`` shows its use: the name of a property, or a method with its arguments; ``summary`` is
    the first paragraph of its docstring.
    """

    name: str
    call: str
    summary: str


@dataclass(frozen=True, slots=True)
class HandWritten:
    """A class: its docstring and members, including those of its bases in the same module.

    ``names`` are all names that it defines, including private ones.
    """

    docstring: str
    members: tuple[Member, ...]
    names: frozenset[str]


def classes_in(tree: ast.Module) -> dict[str, HandWritten | None]:
    """The names of a module with their classes; None for a name that is not its own class."""
    bodies = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    found: dict[str, HandWritten | None] = dict.fromkeys(_other_names(tree))
    return found | {name: _described(node, bodies) for name, node in bodies.items()}


def _other_names(tree: ast.Module) -> Iterator[str]:
    """The names that a module imports or assigns at its top level."""
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from (alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


def _described(node: ast.ClassDef, bodies: Mapping[str, ast.ClassDef]) -> HandWritten:
    members: dict[str, Member] = {}
    names: set[str] = set()
    for one in _with_bases(node, bodies):
        for statement in one.body:
            names.update(_defined(statement))
            if _is_public_function(statement):
                members.setdefault(statement.name, _member(statement))
    return HandWritten(ast.get_docstring(node) or "", tuple(members.values()), frozenset(names))


def _with_bases(
    node: ast.ClassDef, bodies: Mapping[str, ast.ClassDef], depth: int = 0
) -> Iterator[ast.ClassDef]:
    """A class and its bases in the same module, up to a maximum depth."""
    yield node
    for base in node.bases:
        known = bodies.get(base.id) if isinstance(base, ast.Name) else None
        if known is not None and depth < 10:
            yield from _with_bases(known, bodies, depth + 1)


def _defined(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, _Function | ast.ClassDef):
        yield statement.name
    elif isinstance(statement, ast.Assign):
        yield from (target.id for target in statement.targets if isinstance(target, ast.Name))
    elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        # An annotation without a value is only for type checkers.
        yield from (statement.target.id,) if statement.value is not None else ()


def _is_public_function(statement: ast.stmt) -> TypeGuard[_Function]:
    return isinstance(statement, _Function) and not statement.name.startswith("_")


def _member(function: _Function) -> Member:
    summary = (ast.get_docstring(function) or "").split("\n\n")[0]
    decorators = {ast.unparse(one).rpartition(".")[2] for one in function.decorator_list}
    is_property = bool(decorators & _PROPERTIES)
    is_bound = "staticmethod" not in decorators
    call = "" if is_property else f"({_arguments(function.args, is_bound=is_bound)})"
    return Member(function.name, function.name + call, " ".join(summary.split()))


def _arguments(arguments: ast.arguments, *, is_bound: bool) -> str:
    """The arguments as a caller sees them: without types and without ``self``."""
    shown = deepcopy(arguments)
    first = shown.posonlyargs or shown.args
    if is_bound and first:
        del first[0]
    every = [*shown.posonlyargs, *shown.args, *shown.kwonlyargs, shown.vararg, shown.kwarg]
    for one in every:
        if one is not None:
            one.annotation = None
    return ast.unparse(shown)


_VIEWS = ("with_raw_response", "with_streaming_response")


class Declared(NamedTuple):
    """A mixin that the description names, and the place of its name.

    The inheriting class has a kind, and its name in `x-sdk`; the name of the client is empty.
    """

    kind: str
    heir: str
    path: str
    pointer: str


def declared(document: Document) -> list[Declared]:
    """Every mixin in the root `x-sdk`. `xsdk` reports values that are not strings."""
    sdk = document.root.get("x-sdk") if isinstance(document.root, dict) else None
    mixins = sdk.get("mixins") if isinstance(sdk, dict) else None
    pointer = child(f"{document.entry}#", "x-sdk", "mixins")
    found: list[Declared] = []
    for kind, value in members(mixins):
        place = child(pointer, kind)
        if kind == "client" and isinstance(value, str):
            found.append(Declared("client", "", value, place))
        for heir, path in members(value):
            if isinstance(path, str):
                found.append(Declared(str(kind), str(heir), path, child(place, heir)))
    return found


def twin(path: str) -> str:
    """The path of the async mixin class."""
    module, _, name = path.rpartition(".")
    return f"{module}.Async{name}"


def is_used(document: Document, api: ir.Api) -> bool:
    """Whether the generated SDK includes the folder.

    It does not if the folder only contains mixins and no class of the selected part inherits one:
    the code may need types that the part lacks.
    """
    inherited = [api.settings.mixin, *(one.mixin for one in all_resources(api.resources))]
    inherited += [one.stream.mixin for one in api.operations() if one.stream is not None]
    return any(inherited) or not declared(document)


def check_classes(document: Document, include: Include | None, problems: Problems) -> None:
    """Report every mixin whose sync or async class is not in the included folder."""
    for one in declared(document):
        if include is None:
            message = f"{one.path!r} is a mixin, but no folder is included"
            folder = one.path.partition(".")[0]
            hint = f'set include = "path/to/{folder}" in [tool.specloom], or give --include'
            problems.error("bad-mixin", message, one.pointer, hint)
        elif one.path not in include.classes:
            message = f"there is no class {one.path!r} in the included folder {include.name!r}"
            problems.error("bad-mixin", message, one.pointer, _closest(one.path, include.classes))
        elif twin(one.path) not in include.classes:
            name, other = one.path.rpartition(".")[2], twin(one.path)
            message = f"there is no {other!r} for the async class to inherit"
            hint = f"write it beside {name!r}, or Async{name} = {name} if it awaits nothing"
            problems.error("bad-mixin", message, one.pointer, hint)


def check_heirs(
    document: Document, api: ir.Api, names: Names, include: Include | None, problems: Problems
) -> None:
    """Report every mixin that no class inherits, or that a generated class would hide."""
    heirs = _heirs(api, names)
    generated = _classes_of(api)
    for one in declared(document):
        own = heirs[one.kind].get(one.heir)
        if own is None:
            hint = _closest(one.heir, heirs[one.kind])
            what = "resource" if one.kind == "resources" else "stream"
            if what == "stream" and not heirs[one.kind]:
                hint = f"give it to an operation\n  x-sdk:\n    stream: {{class: {one.heir}}}"
            problems.error("bad-mixin", f"no {what} is called {one.heir!r}", one.pointer, hint)
            continue
        name = one.path.rpartition(".")[2]
        if {name, f"Async{name}"} & generated:
            message = f"the generated package has a class {name!r} of its own"
            problems.error("bad-mixin", message, one.pointer, f"call it {name}Mixin")
        for hidden in sorted(own & _defined_in(one.path, include)):
            message = f"{name}.{hidden} would be hidden by the {hidden!r} that is generated"
            hint = "give it another name, or the operation one with x-sdk.method"
            problems.error("bad-mixin", message, one.pointer, hint)


def check_stream_classes(api: ir.Api, problems: Problems) -> None:
    """Report stream classes with a taken name, or with two different event types."""
    generated = _classes_of(api)
    first: dict[str, tuple[str, ir.Stream]] = {}
    for operation in api.operations():
        stream = operation.stream
        if stream is None or not stream.name:
            continue
        name = class_name(stream.name)
        pointer = child(operation.pointer, "x-sdk", "stream", "class")
        # One file for each class: case-insensitive file systems do not distinguish such names.
        id_, other = first.setdefault(snake(stream.name), (operation.id, stream))
        if {name, f"Async{name}"} & generated:
            message = f"the generated package has a class {name!r} of its own"
            problems.error("bad-x-sdk", message, pointer, f"call it {name}Stream")
        elif (other.type, other.name) != (stream.type, stream.name):
            message = f"{name!r} is not for these events, but for those of {id_!r}"
            problems.error("bad-x-sdk", message, pointer, "give this stream another class")


def _heirs(api: ir.Api, names: Names) -> dict[str, dict[str, set[str]]]:
    """The members of each class, which hide inherited ones, by kind and name in `x-sdk`."""
    resources: dict[str, set[str]] = {}
    for resource in all_resources(api.resources):
        pointers = [operation.pointer for operation in resource.operations]
        own = {names.methods[pointer] for pointer in pointers}
        own.update(names.polls[pointer] for pointer in pointers if pointer in names.polls)
        own.update(resource_attribute(below) for below in resource.children)
        own.update(_VIEWS if pointers else ())
        resources[dotted_path(resource.path)] = resources[attribute_path(resource)] = own
    streams = {operation.stream.name for operation in api.operations() if operation.stream}
    client = {resource_attribute(resource) for resource in api.resources if resource.path}
    client |= resources.pop("", set())
    return {
        "client": {"": client},
        "resources": resources,
        "streams": {class_name(name): set() for name in streams if name},
    }


def _classes_of(api: ir.Api) -> set[str]:
    """The class names in the modules of the package, without types."""
    found = {api.settings.client, f"Async{api.settings.client}", *CLIENT_MODULE_NAMES}
    for resource in all_resources(api.resources):
        own = resource_class(resource)
        views = (f"{own}{''.join(part.title() for part in view.split('_'))}" for view in _VIEWS)
        for name in (own, f"{own}Resource", *views):
            found |= {name, f"Async{name}"}
    return found


def _defined_in(path: str, include: Include | None) -> set[str]:
    found: set[str] = set()
    for name in (path, twin(path)):
        one = include.classes.get(name) if include is not None else None
        found.update(one.names if one is not None else ())
    return found


def _closest(name: str, known: Iterable[str]) -> str:
    names = sorted(known)
    return did_you_mean(name, names, f"there is: {', '.join(names[:10])}" if names else "")
