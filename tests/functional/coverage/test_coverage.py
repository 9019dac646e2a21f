"""Each field in ``description/coverage.csv`` has the effect or the warning of its row."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from specloom.description.checks import check
from specloom.description.document import Document
from specloom.description.load import load
from specloom.description.tree import split
from specloom.description.walk import Field, fields, visits
from specloom.errors import Problems, SpecError
from specloom.ir import Api
from specloom.lower import lower
from specloom.options import BuildOptions
from specloom.pipeline import build

HERE = Path(__file__).parent
SPEC = HERE / "spec.yaml"
SEEN: dict[str, dict[str, str]] = yaml.safe_load((HERE / "cases.yaml").read_text("utf-8"))
ROWS = [field for of in fields().values() for field in of.values()]
BECOME = [field for field in ROWS if field.outcome == "becomes" and field.object != "reference"]
WARNED = [field for field in ROWS if field.outcome == "warned"]
_VALUES = {"[": [{"contentType": "a/b"}], "{": {"a": {}}, "text": "#a", "number": 1}


def name_of(field: Field) -> str:
    return f"{field.object}.{field.name}"


@pytest.fixture(scope="module")
def document() -> Document:
    return load(SPEC, problems=Problems())


@pytest.fixture(scope="module")
def api(document: Document) -> Api:
    return lower(document, Problems())


@pytest.fixture(scope="module")
def sdk() -> str:
    """The text of all files, without the runtime."""
    files = build(SPEC, BuildOptions(formatter="ruff")).files
    return "\n".join(text for path, text in files.items() if "/_runtime/" not in path)


def places(document: Document, field: Field) -> Iterator[str]:
    """Pointers to every use of the field."""
    for visit in visits(document):
        if visit.kind == field.object and isinstance(visit.value, dict):
            for key in visit.value:
                if key == field.name or (field.name[0] == "{" and key[:2] != "x-"):
                    yield f"{visit.pointer}/{key.replace('~', '~0').replace('/', '~1')}"


def without(document: Document, pointer: str, folder: Path, problems: Problems) -> Document:
    """The description without one field."""
    root: Any = copy.deepcopy(document.root)
    *way, last = split(pointer)[1]
    inner = root
    for step in way:
        inner = inner[int(step)] if isinstance(inner, list) else inner[step]
    del inner[last]
    return reloaded(root, folder, problems)


def reloaded(root: Any, folder: Path, problems: Problems) -> Document:
    file = folder / "spec.yaml"
    file.write_text(yaml.safe_dump(root, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return load(file, problems=problems)


@pytest.mark.parametrize("field", BECOME, ids=name_of)
def test_a_field_becomes_something(
    field: Field, document: Document, api: Api, tmp_path: Path
) -> None:
    found = list(places(document, field))
    assert found, "spec.yaml has every field that becomes something"
    assert any(changes(document, pointer, api, tmp_path) for pointer in found)


def changes(document: Document, pointer: str, api: Api, folder: Path) -> bool:
    problems = Problems()
    try:
        changed = without(document, pointer, folder, problems)
        check(changed, problems)
        problems.raise_if_errors()
        return lower(changed, problems) != api
    except SpecError:  # what it was needed for cannot be read
        return True


@pytest.mark.parametrize(
    ("name", "text"),
    [(f"{kind}.{name}", text) for kind, of in SEEN.items() for name, text in of.items()],
)
def test_it_is_seen_in_the_sdk(name: str, text: str, sdk: str) -> None:
    kind, _, field = name.partition(".")
    assert fields()[kind][field].outcome == "becomes"
    assert text in sdk


@pytest.mark.parametrize("field", WARNED, ids=name_of)
def test_what_is_not_used_is_warned_of(field: Field, document: Document, tmp_path: Path) -> None:
    root: Any = copy.deepcopy(document.root)
    holders = [visit for visit in visits(document) if visit.kind == field.object]
    *_, holder = [one for one in holders if isinstance(one.value, dict)]
    inner = root
    for step in split(holder.pointer)[1]:
        inner = inner[int(step)] if isinstance(inner, list) else inner[step]
    inner[field.name] = _VALUES.get(field.holds[0], _VALUES.get(field.holds, {"a": {}}))
    problems = Problems()
    check(reloaded(root, tmp_path, problems), problems)
    warnings = [one for one in problems if one.code == "unused-field"]
    assert [one.pointer for one in warnings] == [f"{holder.pointer}/{field.name}"]
    assert field.says in warnings[0].message
