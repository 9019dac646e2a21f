"""The generator is built one way: no circle of imports, and no import against the direction.

Every ``import`` counts, also one inside a function or under ``TYPE_CHECKING``: it says that its
module cannot be understood without the other.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import specloom

ROOT = Path(specloom.__file__).parent

# A room is a folder or a module of its own. What stands before a room may be imported by it.
GROUND = {
    "__init__",
    "errors",
    "layout",
    "options",
    "patterns",
    "progress",
}
READING = {"description", "ir"}
NAMING = {"naming", "ir"}
# The generator reads the table of media types in the copy of it that every SDK gets.
TABLES = {"runtime"}
STAGES = {
    "selection": READING,
    "lower": READING | TABLES,
    "naming": {"ir"},
    "names_lock": READING | NAMING,
    "custom_code": READING | NAMING,
    "sdk": NAMING | TABLES,
    "docs": NAMING | {"sdk", "custom_code"},
    "output": {"naming"},
}
BELOW_PIPELINE = READING | set(STAGES)
FEATURES = {"adoption", "api_diff", "authoring", "reports", "scaffold"}
BELOW_FEATURES = BELOW_PIPELINE | TABLES | {"pipeline", "config"}
DIRECTION: Mapping[str, set[str]] = {
    **{room: set() for room in GROUND},
    "ir": set(),
    "runtime": set(),
    "description": set(),
    **STAGES,
    "config": {"description"},
    "pipeline": BELOW_PIPELINE,
    **dict.fromkeys(FEATURES, BELOW_FEATURES | FEATURES),
    "commands": BELOW_FEATURES | FEATURES,
    "__main__": {"commands"},
}
"""By room: the rooms that it may import, besides itself and the ground.

``ir`` and ``runtime`` stand on nothing at all: the one is data, the other goes into every SDK.
"""


def module_of(file: Path, root: Path) -> str:
    """``naming.names`` for a file; a package has the name of its folder."""
    parts = file.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


@cache
def imports_of(root: Path) -> dict[str, set[str]]:
    """By module below ``root``: the other modules there that it imports."""
    files = {module_of(file, root): file for file in sorted(root.rglob("*.py"))}
    return {
        module: {
            target
            for name in _names_in(ast.parse(file.read_text(encoding="utf-8")), file, root)
            if (target := _known(name, files)) not in (None, module)
        }
        for module, file in files.items()
    }  # fmt: skip


def _names_in(tree: ast.Module, file: Path, root: Path) -> Iterator[str]:
    """Every name that a module imports of the package, in full and without the package's own."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name.removeprefix("specloom.") for one in node.names if _ours(one.name))
        elif isinstance(node, ast.ImportFrom):
            source = node.module or ""
            if node.level:
                folder = file.parents[node.level - 1].relative_to(root).parts
                source = ".".join((*folder, *filter(None, [node.module])))
            elif _ours(source):
                source = source.removeprefix("specloom").removeprefix(".")
            else:
                continue
            yield from (f"{source}.{one.name}".removeprefix(".") for one in node.names)


def _ours(name: str) -> bool:
    return name.partition(".")[0] == "specloom"


def _known(name: str, files: Mapping[str, Path]) -> str | None:
    """The module that a name is, or that has it: ``naming.names`` for ``naming.names.Names``."""
    if name in files:
        return name
    holder = name.rpartition(".")[0] or "__init__"
    assert holder in files, f"{name} is in no module"
    return holder


def circle_in(imports: Mapping[str, set[str]]) -> list[str]:
    """The modules of a circle, one after the other; nothing where there is none."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def against_the_direction(imports: Mapping[str, set[str]]) -> list[str]:
    """The imports that ``DIRECTION`` does not allow, as ``module -> module``."""
    return [
        f"{module} -> {target}"
        for module, targets in sorted(imports.items())
        for target in sorted(targets)
        if not _may_import(_room(module), _room(target))
    ]


def longest_chain_in(imports: Mapping[str, set[str]]) -> list[str]:
    """The longest chain of the generator's modules that each import the next; without circles.

    The runtime is a program of its own.
    """
    chains: dict[str, list[str]] = {}
    for module in TopologicalSorter(imports).static_order():
        below = (chains[one] for one in sorted(imports[module]) if one in chains)
        if module.partition(".")[0] != "runtime":
            chains[module] = [module, *max(below, key=len, default=[])]
    return max(chains.values(), key=len)


def loaded_by(module: str, imports: Mapping[str, set[str]], *, without: set[str]) -> set[str]:
    """The modules that a module imports, directly or not, and the packages that they are in."""
    found: set[str] = set()
    pending = [module]
    while pending:
        one = pending.pop()
        if one not in found and one not in without and one in imports:
            found.add(one)
            pending += [*imports[one], one.rpartition(".")[0] or "__init__"]
    return found


def _room(module: str) -> str:
    return module.partition(".")[0]


def _may_import(room: str, other: str) -> bool:
    if room == other or other in DIRECTION[room]:
        return True
    return other in GROUND and room not in ("ir", "runtime")


def test_no_module_imports_itself_by_way_of_others() -> None:
    assert circle_in(imports_of(ROOT)) == []


# What `generate` imports only for some inputs: Swagger 2.0, overlays, and `--watch`.
_RARE = {
    "description.swagger2",
    "description.swagger2_schemas",
    "description.jsonpaths",
    "commands.watch",
    "ir.former_sdk",
    "names_lock.former_sdk",
    "sdk.former_keys",
    "sdk.former_modules",
    "sdk.former_types",
}


def test_the_longest_chain_is_found() -> None:
    imports = {"a": {"b", "d"}, "b": {"c"}, "c": set[str](), "d": {"c", "runtime.e"}}
    imports |= {"runtime.e": {"runtime.f"}, "runtime.f": {"runtime.g"}, "runtime.g": set[str]()}
    assert longest_chain_in(imports) == ["a", "b", "c"]


def test_the_longest_chain_of_imports_is_short() -> None:
    """A change of the last module of a chain can concern every other module of it."""
    chain = longest_chain_in(imports_of(ROOT))
    assert len(chain) <= 15, " -> ".join(chain)


def test_generate_loads_few_modules() -> None:
    loaded = loaded_by("commands.generate", imports_of(ROOT), without=_RARE)
    assert not [module for module in loaded if _room(module) in FEATURES]
    assert len(loaded) <= 94, sorted(loaded)


def test_every_import_follows_the_direction() -> None:
    assert against_the_direction(imports_of(ROOT)) == []


def test_every_room_has_its_place() -> None:
    assert {_room(module) for module in imports_of(ROOT)} == DIRECTION.keys()


@pytest.mark.parametrize(
    "statement",
    [
        "from specloom.naming.names import Names",
        "from specloom.naming import names",
        "import specloom.naming.names",
        "from ..naming.names import Names",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from ..naming import names",
        "def f():\n    from specloom.naming.names import Names",
    ],
)
def test_all_forms_of_imports_are_seen(tmp_path: Path, statement: str) -> None:
    for path, text in {
        "__init__.py": "",
        "ir/__init__.py": "",
        "ir/types.py": statement,
        "naming/__init__.py": "",
        "naming/names.py": "from specloom.ir.types import Words\nclass Names: ...",
    }.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    imports = imports_of(tmp_path)

    assert set(circle_in(imports)) == {"ir.types", "naming.names"}
    assert against_the_direction(imports) == ["ir.types -> naming.names"]


def test_of_the_runtime_the_generator_reads_tables_alone() -> None:
    read = {
        target
        for module, targets in imports_of(ROOT).items()
        for target in targets
        if _room(target) == "runtime" and _room(module) != "runtime"
    }
    assert read == {"runtime.media_types"}
