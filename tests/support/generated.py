"""Generates an SDK for a test, imports it, and removes it afterwards."""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from specloom.naming.identifiers import Clash
from specloom.options import BuildOptions
from specloom.output.folder import apply, plan_output
from specloom.pipeline import build


@dataclass(frozen=True)
class Sdk:
    """A generated SDK: its files on disk, and its imported package."""

    folder: Path
    package: str
    client_name: str
    warnings: tuple[str, ...]
    clashes: tuple[Clash, ...]
    clients: list[Any] = field(default_factory=list)

    @property
    def module(self) -> ModuleType:
        """The package, imported."""
        return importlib.import_module(self.package)

    @property
    def types(self) -> Any:
        """The package's types."""
        return importlib.import_module(f"{self.package}.types")

    def client(self, base_url: str, **arguments: Any) -> Any:
        """The sync client; tests pass the credentials. ``forget`` closes it."""
        self.clients.append(getattr(self.module, self.client_name)(base_url=base_url, **arguments))
        return self.clients[-1]

    def async_client(self, base_url: str, **arguments: Any) -> Any:
        """The async client."""
        return getattr(self.module, f"Async{self.client_name}")(base_url=base_url, **arguments)

    def source(self, path: str) -> str:
        """The text of a generated file, by its path in the output folder."""
        return (self.folder / path).read_text(encoding="utf-8")

    def import_all(self) -> list[str]:
        """Imports every module of the package; their names."""
        root = self.folder / self.package
        names = [
            ".".join(path.relative_to(self.folder).with_suffix("").parts).removesuffix(".__init__")
            for path in sorted(root.rglob("*.py"))
        ]
        for name in names:
            importlib.import_module(name)
        return names


def generate_sdk(spec: Path, folder: Path, options: BuildOptions | None = None) -> Sdk:
    """Generates into ``folder`` and puts it on the import path.

    Ruff makes the text that black makes, in a tenth of the time. The golden folders have black's.

    Raises:
        SpecError: The description has errors.
        ImportError: A package of that name is imported already; its modules would mix with these.
    """
    result = build(spec, options or BuildOptions(formatter="ruff"))
    if result.api.settings.package in sys.modules:
        raise ImportError(f"{result.api.settings.package} is imported already")
    apply(plan_output(result.files, folder), force=False)
    sys.path.insert(0, str(folder))
    return Sdk(
        folder=folder,
        package=result.api.settings.package,
        client_name=result.api.settings.client,
        warnings=tuple(problem.code for problem in result.problems),
        clashes=tuple(result.names.clashes),
    )


def forget(sdk: Sdk) -> None:
    """Close the SDK's clients, and remove it from the import path and from the imported modules."""
    for client in sdk.clients:
        client.close()
    sys.path.remove(str(sdk.folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == sdk.package]:
        del sys.modules[name]
    importlib.invalidate_caches()


def found(path: str) -> Any:
    """The object at an import path: ``lab._types.NOT_GIVEN``."""
    module, _, name = path.rpartition(".")
    return getattr(importlib.import_module(module), name)
