"""The type modules of Stainless SDKs: ``types.threads.run``, ``types.run_create_params``.

Without a file of the former SDK, each type has the place that Stainless gives it: beside its
resource. The arguments of ``threads.runs.create`` are ``RunCreateParams``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from specloom import ir
from specloom.ir.former_sdk import FormerSdk
from specloom.ir.usage import Usage
from specloom.ir.words import pascal, singular, snake, split_words
from specloom.layout import assigned, with_type
from specloom.naming.names import Names, all_resources, resource_module
from specloom.sdk.annotations import Annotations, result_type
from specloom.sdk.code import Annotation, Import, below, import_lines, imported
from specloom.sdk.methods import MethodPlanner
from specloom.sdk.type_modules import PARAMS, types_module
from specloom.sdk.types import TypesPlanner
from specloom.sdk.views import Argument, PlannedFile, all_statement, exporting_package

_TEMPLATE = "package/former/reexports.py.j2"
_FOLDER = "types"
_ARGUMENTS = " arguments"
_TYPE_ALIAS = imported("typing", "TypeAlias")


@dataclass(slots=True)
class _Module:
    """A module: its names, and the statements that define them."""

    names: list[str] = field(default_factory=list[str])
    imports: set[Import] = field(default_factory=set[Import])
    reexports: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    statements: list[str] = field(default_factory=list[str])


class FormerTypes:
    """Plans the modules below ``types``."""

    def __init__(
        self,
        api: ir.Api,
        names: Names,
        usage: Usage,
        types: TypesPlanner,
        former: FormerSdk,
    ) -> None:
        self._api = api
        self._names = names
        self._index = types.index
        self._annotations = Annotations(api, names, usage)
        self._operations = {f"{one.http_method} {one.path}": one for one in api.operations()}
        self._modules: dict[tuple[str, ...], _Module] = {}
        for module, targets in former.imports.items():
            steps = tuple(module.split("."))
            for name, target in targets.items() if steps[0] == _FOLDER else ():
                self._add(steps[1:], name, target)
        for steps, name, target in () if former.imports else self._usual():
            self._add(steps, name, target)

    def _usual(self) -> Iterator[tuple[tuple[str, ...], str, str]]:
        """The usual places of a resource's types and its methods' arguments in Stainless SDKs."""
        homes = {
            f"_{types_module(one.path)}{ending}": tuple(map(resource_module, one.path[:-1]))
            for one in all_resources(self._api.resources)
            if one.path
            for ending in ("", PARAMS)
        }
        for name, module in self._index.items():
            steps = homes.get(module, ())
            yield (*steps, snake(split_words(name))), name, name
        for operation in self._operations.values():
            if operation.resource and self._keywords(operation):
                words = (*_singular(operation.resource[-1]), *operation.name, "params")
                steps = tuple(map(resource_module, operation.resource[:-1]))
                target = f"{operation.http_method} {operation.path}{_ARGUMENTS}"
                yield (*steps, snake(words)), pascal(words), target

    def _add(self, steps: tuple[str, ...], name: str, target: str) -> None:
        if not steps:
            return
        module = self._modules.setdefault(steps, _Module())
        if name in module.names:
            return
        operation = self._operations.get(target.removesuffix(_ARGUMENTS))
        if target in self._index:
            module.reexports.append((target, name))
        elif operation is None:
            return
        elif target.endswith(_ARGUMENTS):
            module.statements.append(self._typed_dict(name, operation, module))
        else:
            annotation = self._result(operation)
            if annotation.text == name:
                self._add(steps, name, name)
                return
            module.imports |= annotation.imports | _TYPE_ALIAS.imports
            module.statements.append(assigned(name, annotation.text, 0, "TypeAlias"))
        module.names.append(name)

    def _result(self, operation: ir.Operation) -> Annotation:
        """The type of a result: an item if there are pages, an event if there is a stream."""
        if operation.pagination is not None:
            return self._annotations.read(operation.pagination.item_type)
        if operation.stream is not None and operation.stream.is_always:
            return self._annotations.read(operation.stream.type)
        return result_type(operation, self._annotations)

    def _keywords(self, operation: ir.Operation) -> tuple[Argument, ...]:
        planner = MethodPlanner(self._names, self._annotations)
        return planner.method(operation, "").signature.keywords

    def _typed_dict(self, name: str, operation: ir.Operation, module: _Module) -> str:
        lines = [f"class {name}(TypedDict, total=False):"]
        module.imports.add(("typing_extensions", "TypedDict"))
        for one in self._keywords(operation):
            text = one.annotation.text
            if one.required:
                text = f"Required[{text}]"
                module.imports.add(("typing_extensions", "Required"))
            module.imports |= one.annotation.imports
            lines.append(f"    {with_type(f'{one.name}: ', text, '', 4)}")
        return "\n".join(lines if len(lines) > 1 else [*lines, "    pass"])

    def exports(self, folder: tuple[str, ...]) -> dict[str, str]:
        """The names of the modules in a folder below ``types``, each with its module."""
        return {
            name: f".{steps[-1]}"
            for steps, module in self._modules.items()
            if folder in (steps, steps[:-1])
            for name in module.names
        }

    def files(self) -> Iterator[PlannedFile]:
        """Every module, and the packages they are in. A module may have the name of a package."""
        root = f"{self._api.settings.package}/{_FOLDER}"
        folders = {steps[:end] for steps in self._modules for end in range(1, len(steps))}
        for steps, module in sorted(self._modules.items()):
            if module.names:
                place = (*steps, steps[-1]) if steps in folders else steps
                context = self._context(place, module)
                yield PlannedFile(f"{root}/{'/'.join(place)}.py", _TEMPLATE, context)
        for folder in sorted(folders):
            exports = self.exports(folder)
            text = f'"""Types of ``client.{".".join(folder)}``."""'
            yield from exporting_package(f"{root}/{'/'.join(folder)}", exports, text)

    def _context(self, steps: tuple[str, ...], module: _Module) -> Mapping[str, object]:
        types = "." * len(steps)
        imports = import_lines(below(len(steps), module.imports))
        imports += [f"from {types} import {name} as {old}" for name, old in module.reexports]
        return {
            "docstring": '"""Types by their former import path."""',
            "imports": imports,
            "exports": all_statement(imports, module.names),
            "statements": module.statements,
        }


def _singular(words: ir.Words) -> ir.Words:
    found = singular(words)
    return words if len(found) > len(words) else found
