"""Resources → modules: ``client.threads.runs`` is ``resources/threads/runs``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from specloom import ir
from specloom.ir.usage import Usage
from specloom.ir.words import snake, split_words
from specloom.layout import docstring, fill
from specloom.naming.identifiers import class_name
from specloom.naming.names import (
    Names,
    address_of,
    client_path,
    method_name,
    resource_attribute,
    resource_class,
    resource_module,
)
from specloom.progress import making
from specloom.sdk.annotations import Annotations
from specloom.sdk.code import Import, below, import_lines, imports_of, runtime
from specloom.sdk.method_docstrings import former_message, waiting_address
from specloom.sdk.methods import FormerBinary, MethodPlanner, deprecated
from specloom.sdk.operations import Shared, alternatives, constant, poll_constant
from specloom.sdk.streams import bases_of, with_webhooks
from specloom.sdk.views import Child, Constant, Method, PlannedFile


class ResourcePlanner:
    """Plans the module of each resource."""

    def __init__(
        self,
        api: ir.Api,
        names: Names,
        usage: Usage,
        package: str,
        shared: Shared,
        *,
        former_binary: FormerBinary | None = None,
    ) -> None:
        self._api = api
        self._names = names
        self._usage = usage
        self._package = package
        self._shared = shared
        self._former_binary = former_binary
        self._lazy = Annotations(api, names, usage, prefix="types.")
        self._by_pointer = {operation.pointer: operation for operation in api.operations()}

    def files(self) -> Iterator[PlannedFile]:
        """A file for every resource of the tree, and their package."""
        yield PlannedFile(
            f"{self._package}/resources/__init__.py", "package/resources/__init__.py.j2", {}
        )
        pending = list(self._api.resources)
        while pending:
            resource = pending.pop(0)
            path = module_path(self._package, resource)
            template = "package/resources/resource.py.j2"
            yield PlannedFile(path, template, self._context(resource))
            pending.extend(resource.children)

    def _context(self, resource: ir.Resource) -> dict[str, object]:
        shadowed = frozenset(
            {self._names.methods[operation.pointer] for operation in resource.operations}
            | {resource_attribute(child) for child in resource.children}
            | {method_name(former.name, resource) for former in resource.former}
        )
        annotations = Annotations(self._api, self._names, self._usage, shadowed, prefix="types.")
        taken = shadowed.union(*(self._arguments(one) for one in resource.operations))
        planner = MethodPlanner(
            self._names,
            annotations,
            self._shared.common_errors,
            streams="streams_package" if "streams" in taken else "streams",
            former_binary=self._former_binary,
        )
        if self._former_binary is not None:
            annotations = replace(annotations, binary=self._former_binary.operation)
        constants: list[Constant] = []
        methods: list[Method] = []
        for operation in resource.operations:
            name = constant_name(self._names.methods[operation.pointer])
            with making("the method", operation.pointer):
                first = self._constant(operation, name, annotations)
                constants += [first, *alternatives(operation, first, self._api)]
                methods.append(planner.method(operation, name))
        for operation in resource.operations:
            if operation.poll is not None:
                read = self._reading_constant(operation.poll.read, constants, annotations)
                begin = constant_name(self._names.methods[operation.pointer])
                poll = constant_name(self._names.polls[operation.pointer])
                poll = _added(poll_constant(operation.poll, poll), constants)
                methods.append(planner.waiting(operation, f"{begin}, {read}, {poll}"))
        for former in resource.former:
            methods += self._former(former, resource, planner, constants, annotations)
        own_class = resource_class(resource)
        children = [child_of(one, _local_name(one, own_class)) for one in resource.children]
        depth = max(1, len(resource.path)) + (1 if resource.children else 0)
        bases = bases_of(resource.mixin)
        if self._api.webhooks is not None and len(resource.path) == 1:
            bases = with_webhooks(bases, resource)
        imports = _imports(constants, methods, resource) | bases.imports
        return {
            "class_name": resource_class(resource),
            "bases": bases,
            "docstring": docstring(fill(resource_description(resource), 4), 4),
            "module_docstring": docstring(fill(resource_description(resource), 0), 0),
            "children": children,
            "constants": constants,
            "former": former_classes(resource, methods) if self._former_binary else {},
            "methods": methods,
            "has_deprecated": any(method.decorators for method in methods),
            "runtime": f"{'.' * (depth + 1)}_runtime",
            "imports": import_lines(below(depth, imports)),
            "child_imports": [line for child in children for line in child.typing_imports],
        }

    def _arguments(self, operation: ir.Operation) -> Iterable[str]:
        return self._names.arguments[operation.pointer].values()

    def _reading_constant(
        self, pointer: str, constants: list[Constant], annotations: Annotations
    ) -> str:
        """The constant of the polled operation; added if another module has it."""
        operation = self._by_pointer[pointer]
        repeated = f"_{snake(split_words(operation.id)).upper()}"
        return self._constant_of(operation, repeated, constants, annotations)

    def _constant(self, operation: ir.Operation, name: str, annotations: Annotations) -> Constant:
        arguments = self._names.arguments[operation.pointer]
        return constant(operation, name, annotations, self._lazy, self._shared, arguments)

    def _constant_of(
        self,
        operation: ir.Operation,
        name: str,
        constants: list[Constant],
        annotations: Annotations,
    ) -> str:
        """The constant of an operation; added as ``name`` if another module has it."""
        for one in constants:
            if one.operation == operation.id:
                return one.name
        first = self._constant(operation, name, annotations)
        constants += [first, *alternatives(operation, first, self._api)]
        return name

    def _former(
        self,
        former: ir.FormerName,
        resource: ir.Resource,
        planner: MethodPlanner,
        constants: list[Constant],
        annotations: Annotations,
    ) -> Iterator[Method]:
        """A method under a former name or an alias; empty if it waits and polling is gone."""
        operation, name = self._by_pointer[former.operation], method_name(former.name, resource)
        own = constant_name(name)
        begin = self._constant_of(operation, own, constants, annotations)
        address = self._names.addresses[operation.pointer]
        if not former.waits:
            method = planner.method(operation, begin)
        elif operation.poll is None:
            return
        else:
            read = self._reading_constant(operation.poll.read, constants, annotations)
            poll = _added(poll_constant(operation.poll, f"{own}_POLL"), constants)
            method = planner.waiting(operation, f"{begin}, {read}, {poll}")
            address = waiting_address(operation, self._names)
        if former.is_alias:
            yield replace(method, name=name)
            return
        message = former_message(address_of(resource, name), address)
        text = f'"""The former name of ``client.{address}``."""'
        yield replace(method, name=name, docstring=text, decorators=(deprecated(message),))


def _added(constant: Constant, constants: list[Constant]) -> str:
    """The name of a constant in its module; an equal constant is reused."""
    for one in constants:
        if replace(one, name="") == replace(constant, name=""):
            return one.name
    constants.append(constant)
    return constant.name


def constant_name(method: str) -> str:
    """``_LIST_RUNS`` for ``list_runs``; names that capitals would change keep their letters."""
    name = method.strip("_")
    return f"_{name.upper()}" if name.upper().lower() == name else f"_{name}"


def module_path(package: str, resource: ir.Resource) -> str:
    """The file of a resource; one with children is a package."""
    if not resource.path:
        return f"{package}/resources/_client.py"
    steps = [resource_module(step) for step in resource.path]
    base = f"{package}/resources/{'/'.join(steps)}"
    return f"{base}/__init__.py" if resource.children else f"{base}.py"


def resource_description(resource: ir.Resource) -> str:
    """The description of a resource, from its tag if there is one."""
    if not resource.path:
        return "The methods on the client itself."
    return resource.description or f"The resource ``{client_path(resource)}``."


def former_classes(resource: ir.Resource, methods: Sequence[Method] = ()) -> dict[str, str]:
    """The classes of a resource by their names in Stainless SDKs."""
    own = resource_class(resource)
    if own.endswith("Resource") or not resource.path:
        return {}
    views = ("WithRawResponse", "WithStreamingResponse") if methods else ()
    names = [_local_name(one, own) for one in resource.children]
    names.append(resource.mixin.rpartition(".")[2])
    taken = {f"{prefix}{name}" for name in names for prefix in ("", "Async")}
    return {
        f"{prefix}{own}Resource{view}": f"{prefix}{own}{view}"
        for view in ("", *views)
        for prefix in ("", "Async")
        if view or f"{prefix}{own}Resource" not in taken
    }


def child_of(child: ir.Resource, local_name: str, package: str = "") -> Child:
    """A child as its parent shows it; ``package`` is where its module is, below the parent."""
    return Child(
        attribute=resource_attribute(child),
        module=f".{package}{resource_module(child.path[-1])}",
        class_name=resource_class(child),
        local_name=local_name,
        docstring=docstring(fill(resource_description(child), 8), 8),
    )


def _local_name(child: ir.Resource, parent_class: str) -> str:
    own = resource_class(child)
    return f"{own}Resource" if own in (parent_class, f"Async{parent_class}") else own


def _imports(
    constants: list[Constant], methods: list[Method], resource: ir.Resource
) -> set[Import]:
    found = set(imports_of((runtime("AsyncResource"), runtime("SyncResource"))))
    found.update(*(one.imports for one in constants))
    found |= imports_of(one.annotation for one in constants)
    for method in methods:
        found |= imports_of(method.decorators) | method.signature.defaults
        found |= imports_of(call.streaming for call in method.calls)
        found.update(*(one.imports for one in (*method.overloads, method.signature)))
    if any(call.page_class for method in methods for call in method.calls):
        found.add((".", "pages as _pages"))
    if resource.children:
        found.add(("typing", "TYPE_CHECKING"))
    if resource.children or methods:
        found.add(("functools", "cached_property"))
    if any(method.overloads for method in methods):
        found.add(("typing", "overload"))
    return found


def client_resource_name(resource: ir.Resource) -> str:
    """The local name of a resource's class in the module of the client; never the client's name."""
    return f"{class_name(resource.path[-1])}Resource"
