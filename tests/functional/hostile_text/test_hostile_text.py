"""Text of a description is text in the SDK: it never becomes code, a template, or a path."""

from __future__ import annotations

import ast
import inspect
import tomllib
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
import yaml

from specloom.pipeline import BuildOptions, build
from support.generated import Sdk
from support.loopback import Loopback
from support.typecheck import mypy_errors

SPEC = Path(__file__).parent / "spec.yaml"
INFO: dict[str, str] = yaml.safe_load(SPEC.read_text("utf-8"))["info"]
TEXT, LINES = INFO["title"], INFO["description"]


def squeezed(text: str | None) -> str:
    """The text without its line breaks: docstrings are wrapped."""
    return " ".join((text or "").split())


def longest(names: Any) -> str:
    return max(names, key=len)


def test_the_description_is_as_hostile_as_meant() -> None:
    for part in ('"', "'", '"""', "'''", "\\x41", "{{", "{%", "${", "__import__('os')", "*/"):
        assert part in TEXT
    assert TEXT.endswith("\\")
    assert "\n" in LINES


def test_nothing_executes(sdk: Sdk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    sdk.import_all()
    for name in dir(sdk.types):
        getattr(sdk.types, name)
    assert not list(tmp_path.iterdir())
    for path in sdk.folder.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert "__import__" not in names


def test_no_file_leaves_its_folder_and_names_stay_short(sdk: Sdk) -> None:
    paths = [PurePosixPath(path) for path in build(SPEC, BuildOptions()).files]
    assert not any(path.is_absolute() or ".." in path.parts for path in paths)
    assert PurePosixPath("hostile/resources/etc.py") in paths
    assert max(len(path.name) for path in paths) < 128
    assert all((sdk.folder / path).is_file() for path in paths)


def test_the_text_survives_in_docstrings(sdk: Sdk) -> None:
    etc = sdk.client("http://unused", api_key="k").etc
    told = squeezed(inspect.getdoc(getattr(etc, longest(dir(etc)))))
    assert told.startswith(squeezed(TEXT))
    assert told.count(squeezed(LINES)) >= 4
    assert squeezed(inspect.getdoc(sdk.types.Passwd)) == squeezed(LINES)
    assert squeezed(LINES) in squeezed(sdk.module.__doc__)


def test_the_text_survives_in_values(sdk: Sdk, server: Loopback) -> None:
    wire = {TEXT: TEXT, "kind": TEXT, "tag": TEXT, "big": "\x00"}
    server.answer(wire)
    etc = sdk.client(server.base_url, api_key="k", strict=True).etc
    method = getattr(etc, longest(dir(etc)))
    arguments = inspect.signature(method).parameters
    query = longest(arguments)
    with pytest.deprecated_call():
        result = method("a/b", **{query: TEXT, query.removeprefix("query_"): TEXT}, kind="b")
    assert server.last.path == ("/say/%22it's%22/back%5Cslash/a%2Fb/$HOME/%7B7*7%7D/%C3%A9t%C3%A9")
    assert server.last.query == [(TEXT, TEXT)]
    assert server.last.json == {TEXT: TEXT, "kind": "b"}
    assert result.to_dict() == wire


def test_paths_as_names_are_as_harmless(
    generate: Callable[[str], Sdk], server: Loopback, tmp_path: Path
) -> None:
    sdk = generate(
        SPEC.read_text("utf-8").replace("hostile, client: Hostile, resources: tags", "paths")
    )
    sdk.import_all()
    files = list(tmp_path.rglob("*.py"))
    assert files
    assert all(path.is_relative_to(sdk.folder) for path in files)
    method = sdk.client(server.base_url, api_key="k").say.it_s.back_slash.home.seven_b7_7_7_d.été
    server.answer({TEXT: TEXT, "kind": TEXT, "tag": TEXT})
    with pytest.deprecated_call():
        method("a/b", **{longest(inspect.signature(method).parameters): TEXT})
    assert server.last.path == ("/say/%22it's%22/back%5Cslash/a%2Fb/$HOME/%7B7*7%7D/%C3%A9t%C3%A9")
    assert mypy_errors(sdk) == []


def test_a_hostile_tag_tells_variants_apart(sdk: Sdk, server: Loopback) -> None:
    client = sdk.client(server.base_url, api_key="k", strict=True)
    other = getattr(client, longest(dir(client)))
    for tag, kind in ((TEXT, "A"), ("b", "B"), ("c", "UnknownEither")):
        server.answer({TEXT: tag})
        result = other.get()
        assert type(result) is getattr(sdk.types, kind)
        assert result.to_dict() == {TEXT: tag}


def test_the_project_files_hold_it_too(sdk: Sdk) -> None:
    project = tomllib.loads(sdk.source("pyproject.toml"))["project"]
    assert project["description"] == f"Python client for {TEXT}"
    readme = sdk.source("README.md")
    assert "7*7" in readme
    assert "<b>" not in readme


def test_the_sdk_type_checks(sdk: Sdk) -> None:
    assert mypy_errors(sdk) == []
