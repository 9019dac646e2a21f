"""The imports of the runtime: one direction between packages, no heavy imports with a client."""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import specloom
import specloom.runtime

RUNTIME = Path(specloom.runtime.__file__).parent
HEAVY = {"pydantic", "pydantic_core", "httpx2", "httpcore2", "ssl", "asyncio", "logging"}
NEEDED_LATER = {"dataclasses", "inspect", "typing_extensions"}
PROGRAM = """
import sys
before = set(sys.modules)
from specloom.runtime import errors, lazy, options
from specloom.runtime.api import info, operation
from specloom.runtime.client import base
sdk = info.SdkInfo(
    package="s", version="1", title="S", base_url="http://x",
    security_schemes={"key": info.SecurityScheme("bearer")}, security=(("key",),),
)
base.SyncClient(sdk, credentials={"key": "k"})
base.AsyncClient(sdk, credentials={"key": "k"})
print(*sorted(set(sys.modules) - before))
"""


def loaded_by(program: str) -> set[str]:
    program = f"import sys; sys.path.insert(0, {str(RUNTIME.parent.parent)!r})\n{program}"
    result = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True
    )
    return set(result.stdout.split())


def test_a_client_and_operations_are_made_without_heavy_libraries() -> None:
    loaded = loaded_by(PROGRAM)
    assert "specloom.runtime.client.session" in loaded
    assert loaded & (HEAVY | NEEDED_LATER) == set()


def imported_places(path: Path) -> set[str]:
    """The packages and top-level modules of the runtime that a module imports.

    Imports in functions and those for type checkers count, too.
    """
    package = path.relative_to(RUNTIME).parent.parts
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) - (node.level - 1)]
            names = [node.module] if node.module else [each.name for each in node.names]
            found |= {(*base, *name.split("."))[0] for name in names}
    return found


def graph() -> dict[str, set[str]]:
    places: dict[str, set[str]] = {}
    for path in RUNTIME.rglob("*.py"):
        place = path.relative_to(RUNTIME).with_suffix("").parts[0]
        places.setdefault(place, set()).update(imported_places(path) - {place})
    return places


def test_packages_import_one_way() -> None:
    order = list(TopologicalSorter(graph()).static_order())  # a circle raises CycleError
    way = ["api", "request", "connections", "response", "sending", "pagination", "client"]
    assert sorted(way, key=order.index) == way


@pytest.mark.parametrize("path", sorted(RUNTIME.rglob("*.py")), ids=lambda path: path.stem)
def test_imports_of_our_own_are_relative(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and not node.level:
            assert (node.module or "").split(".")[0] != "specloom"
        if isinstance(node, ast.Import):
            assert all(each.name.split(".")[0] != "specloom" for each in node.names)
