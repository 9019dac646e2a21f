"""The probes of the tools themselves: each with a small description, by its own command."""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from e2e.comparison.documents import generate, package_of
from e2e.comparison.processes import Ended, run
from e2e.comparison.tools import INPUTS, Tool
from support.loopback import serving

GOOD = INPUTS / "good.yaml"
SWAGGER = INPUTS / "swagger2.yaml"
# Three faults: what is written in good.yaml, and what stands there instead.
FAULTS = (
    (
        'items: {$ref: "#/components/schemas/Animal"}',
        'items: {$ref: "#/components/schemas/Anmial"}',
    ),
    (
        "- {name: limit, in: query, schema: {type: integer}}",
        '- $ref: "#/components/parameters/Limt"',
    ),
    ("legs: {type: integer}", "legs: {type: integr}"),
)
_NAMES = ("Anmial", "Limt", "integr")
_PLACE = re.compile(r":\d+:\d+|line \d+", re.IGNORECASE)
_WORDS = "edited|kept|modified|changed"
_MARK = "\n# edited by hand\n"
# What a tool needs to write into a folder that it has written before.
_AGAIN = {"openapi-python-client": ("--overwrite",)}
# The option that takes an address, where it is not the one that takes a file.
_URL = {
    "openapi-python-client": ("--path", "--url"),
    "datamodel-code-generator": ("--input", "--url"),
}


@dataclass(frozen=True)
class ToolProbe:
    """A row of the table. ``ask`` gives what the cell says, and what it rests on."""

    key: str
    title: str
    ask: Callable[[Tool, Path], tuple[str, str]]


def _files(folder: Path) -> dict[str, str]:
    """Digests of what is in a folder; caches of bytecode and of tools are not part of it."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
        if not any(part.endswith(("cache", "cache__")) for part in path.parts)
    }


def _fresh(folder: Path, name: str) -> Path:
    target = folder / name
    shutil.rmtree(target, ignore_errors=True)
    return target


def _again(tool: Tool, source: Path, folder: Path) -> Ended:
    return generate(tool, source, folder, _AGAIN.get(tool.key, ()))


def _faulty(folder: Path) -> Path:
    text = GOOD.read_text(encoding="utf-8")
    for right, wrong in FAULTS:
        assert right in text
        text = text.replace(right, wrong)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "faulty.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def _errors(tool: Tool, folder: Path) -> tuple[str, str]:
    ended = generate(tool, _faulty(folder), _fresh(folder, "faulty"))
    told = [name for name in _NAMES if re.search(rf"\b{name}\b", ended.output)]
    place = "with line" if _PLACE.search(ended.output) else "no line"
    says = f"{len(told)} of 3, {place}, exit code {ended.code}"
    return says, f"told of {told}: {' '.join(ended.output.split())[-300:]}"


def _kept_on_error(tool: Tool, folder: Path) -> tuple[str, str]:
    target = _fresh(folder, "kept")
    generate(tool, GOOD, target)
    before = _files(target)
    ended = _again(tool, _faulty(folder), target)
    after = _files(target)
    changed = sorted(name for name in before | after if before.get(name) != after.get(name))
    if not changed:
        return "yes", f"exit code {ended.code}, nothing of {len(before)} files changed"
    says = "no: replaced" if ended.code == 0 else "no: partly replaced"
    return f"{says}, exit code {ended.code}", f"{len(changed)} files, such as {changed[:3]}"


def _determined(tool: Tool, folder: Path) -> tuple[str, str]:
    made = []
    for seed in ("1", "2"):
        target = _fresh(folder, "seeded")
        target.mkdir(parents=True)
        environment = {"PYTHONHASHSEED": seed}
        generate(tool, GOOD, target, environment=environment)
        made.append(_files(target))
    differing = [name for name in made[0] | made[1] if made[0].get(name) != made[1].get(name)]
    says = f"no: {len(differing)} files differ" if differing else "yes"
    return says, f"{len(made[0])} files under PYTHONHASHSEED 1 and 2; differing: {differing[:3]}"


def _offline(tool: Tool, folder: Path) -> tuple[str, str]:
    """In a network namespace of its own there is no network at all, not even loopback."""
    alone = ["/usr/bin/env", "unshare", "--map-root-user", "--net"]
    if run([*alone, "true"], folder).code != 0:
        return "not run", "no network namespaces on this machine"
    target = _fresh(folder, "offline")
    target.mkdir(parents=True)
    if tool.prepare is not None:
        tool.prepare(GOOD, target)
    ended = run([*alone, *tool.command(GOOD, target)], target)
    made = len(_files(target))
    return ("yes" if ended.code == 0 and made else "no"), f"exit code {ended.code}, {made} files"


def _from_address(tool: Tool, folder: Path) -> tuple[str, str]:
    target = _fresh(folder, "address")
    target.mkdir(parents=True)
    if tool.prepare is not None:
        tool.prepare(GOOD, target)
    with serving() as server:
        for _ in range(3):
            server.answer(GOOD.read_bytes(), content_type="application/yaml")
        file_option, url_option = _URL.get(tool.key, ("", ""))
        there = {str(GOOD.absolute()): f"{server.base_url}/{GOOD.name}", file_option: url_option}
        command = [there.get(part, part) for part in tool.command(GOOD, target)]
        ended = run(command, target)
    return _found(tool, target, ended)


def _swagger(tool: Tool, folder: Path) -> tuple[str, str]:
    target = _fresh(folder, "swagger")
    return _found(tool, target, generate(tool, SWAGGER, target))


def _found(tool: Tool, target: Path, ended: Ended) -> tuple[str, str]:
    """Whether both operations of the description are in the output."""
    count = len(tool.operations(target)) if ended.code == 0 else 0
    no = "no" if ended.code == 0 else f"no, exit code {ended.code}"
    return ("yes" if count == 2 else no), f"{count} of 2 operations; {ended.last_line}"


def _edited(tool: Tool, folder: Path) -> tuple[str, str]:
    target = _fresh(folder, "again")
    generate(tool, GOOD, target)
    project = target / tool.below
    package = project / (tool.package or package_of(project))
    edited = next(path for path in sorted(package.rglob("*.py")) if path.read_text("utf-8").strip())
    edited.write_text(edited.read_text("utf-8") + _MARK, encoding="utf-8")
    own = package / "own.py"
    own.write_text("ANSWER = 42\n", encoding="utf-8")
    ended = _again(tool, GOOD, target)
    is_kept = edited.exists() and _MARK in edited.read_text("utf-8")
    is_told = re.search(rf"{edited.name}\b.*({_WORDS})|({_WORDS}).*{edited.name}", ended.output)
    says = f"edited file {'kept' if is_kept else 'overwritten'}{' and reported' if is_told else ''}"
    says += f"; added file {'kept' if own.exists() else 'deleted'}"
    return says, f"exit code {ended.code}, {edited.relative_to(target)}; {ended.last_line}"


TOOL_PROBES = (
    ToolProbe("faults", "reports three faults in a description", _errors),
    ToolProbe("kept", "leaves the output unchanged if the description has errors", _kept_on_error),
    ToolProbe("same", "two runs give the same bytes", _determined),
    ToolProbe("offline", "runs without a network", _offline),
    ToolProbe("address", "reads a description from an address", _from_address),
    ToolProbe("swagger", "reads Swagger 2.0", _swagger),
    ToolProbe("edited", "generates again over an edited file and an added file", _edited),
)


def python_version() -> str:
    """The Python that everything ran on."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"
