"""Files that the last build has made of the same are kept: they are what would be made anew."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from specloom import pipeline
from specloom.errors import SpecError
from specloom.options import BuildOptions
from specloom.pipeline import build
from specloom.plan import PlannedFile
from specloom.writing.cache import Cache
from specloom.writing.output import apply, plan_output
from support.mutations import mutated

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
SHOP: Any = yaml.safe_load((HERE / "spec.yaml").read_text())
Json = dict[str, Any]


class Project:
    """An output folder that one description was generated into, and what is made of others."""

    def __init__(self, folder: Path, document: Json) -> None:
        self.folder = folder
        cache = Cache(folder)
        self.files = self._built(document, cache)
        apply(plan_output(self.files, folder), force=True)
        cache.save()

    def warm(self, document: Json) -> dict[str, str]:
        """The files, with what the first build has left."""
        return self._built(document, Cache(self.folder))

    def cold(self, document: Json) -> dict[str, str]:
        """The files, made from nothing."""
        return self._built(document, Cache())

    def _built(self, document: Json, cache: Cache) -> dict[str, str]:
        options = BuildOptions(unsaved=json.dumps(document))
        return build(self.folder / "spec.json", options, cache=cache).files


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The paths of the files that are not kept."""
    paths: set[str] = set()
    plan = pipeline.plan

    def noted(*given: Any, **options: Any) -> list[PlannedFile]:
        planned = plan(*given, **options)
        paths.clear()
        paths.update(file.path for file in planned if file.text is None)
        return planned

    monkeypatch.setattr(pipeline, "plan", noted)
    return paths


def operation(document: Json, path: str, method: str) -> Json:
    """An operation of the shop."""
    found: Json = document["paths"][path][method]
    return found


def schema(document: Json, name: str) -> Json:
    """A schema of the shop."""
    found: Json = document["components"]["schemas"][name]
    return found


ALWAYS = {
    *("README.md", "pyproject.toml", "docs/README.md"),
    *(f"shop_sdk/{name}.py" for name in ("__init__", "client", "testing", "resources/__init__")),
    *("shop_sdk/types/__init__.py", "shop_sdk/types/__init__.pyi"),
}
OLD, ORDERS, PETS = (
    {f"docs/resources/{name}.md", f"shop_sdk/resources/{name}.py"}
    for name in ("old", "orders", "pets")
)
ORDERS_TYPES, OTHERS, SHARED = (
    {f"docs/types/{name}.md", f"shop_sdk/types/{name}.py"}
    for name in ("orders", "others", "shared")
)
PETS_PARAMS, ORDERS_PARAMS = ({f"shop_sdk/types/{name}_params.py"} for name in ("pets", "orders"))

EDITS: dict[str, tuple[Callable[[Json], object], set[str]]] = {
    "nothing": (lambda _: None, set()),
    "a summary": (lambda doc: operation(doc, "/pets", "post").update(summary="Add a pet"), PETS),
    "a description of a parameter": (
        lambda doc: operation(doc, "/pets", "get")["parameters"][0].update(description="Which."),
        PETS,
    ),
    "a property of what is given": (
        lambda doc: schema(doc, "NewOrder")["properties"].update(note={"type": "string"}),
        ORDERS,
    ),
    "a property deep in what is read": (
        lambda doc: schema(doc, "Pet")["properties"].update(age={"type": "integer"}),
        PETS | ORDERS | OLD | ORDERS_TYPES | OTHERS | SHARED | PETS_PARAMS,
    ),
    "a value of an enum": (
        lambda doc: schema(doc, "Kind")["enum"].append("snake"),
        PETS | ORDERS | OLD | ORDERS_TYPES | OTHERS | SHARED | PETS_PARAMS,
    ),
    "what nothing mentions": (
        lambda doc: schema(doc, "Unused").update(description="Not in use."),
        OTHERS,
    ),
    "the name of what is read again": (
        lambda doc: operation(doc, "/orders/{order_id}", "get").update(
            {"x-sdk": {"method": "read"}}
        ),
        ORDERS | OLD | {"docs/types/orders.md"},
    ),
    "the name of what calls a type": (
        lambda doc: operation(doc, "/pets", "get").update({"x-sdk": {"method": "all"}}),
        PETS | {"docs/types/shared.md"},
    ),
    "what a tag says": (lambda doc: doc["tags"][0].update(description="What one buys."), ORDERS),
    "the name of a type": (
        lambda doc: schema(doc, "Cash").update({"x-sdk": {"name": "Coins"}}),
        ORDERS | OLD | ORDERS_TYPES | ORDERS_PARAMS | OTHERS,
    ),
}


@pytest.mark.parametrize("edit", EDITS)
def test_what_an_edit_concerns_is_made_and_all_else_kept(
    tmp_path: Path, made: set[str], edit: str
) -> None:
    project = Project(tmp_path, SHOP)
    edited = copy.deepcopy(SHOP)
    change, concerned = EDITS[edit]
    change(edited)
    cold = project.cold(edited)
    assert project.warm(edited) == cold
    made_in_places = {path for path in made if not path.startswith("docs/guides/")}
    assert made_in_places - ALWAYS == concerned
    assert {path for path, text in cold.items() if project.files.get(path) != text} <= made


@pytest.mark.parametrize(
    "change",
    [
        lambda doc: doc["info"].update(title="Store"),
        lambda doc: doc["servers"][0].update(url="https://other.example.com"),
        lambda doc: doc.update(security=[]),
        lambda doc: doc["components"]["responses"]["Missing"].update(description="Gone."),
        lambda doc: doc["x-sdk"]["polling"]["order"].update(until=["waiting"]),
    ],
)
def test_what_concerns_all_is_seen_everywhere(
    tmp_path: Path, change: Callable[[Json], object]
) -> None:
    project = Project(tmp_path, SHOP)
    edited = copy.deepcopy(SHOP)
    change(edited)
    assert project.warm(edited) == project.cold(edited) != project.files


def test_a_kept_file_that_somebody_edited_is_made_again(tmp_path: Path) -> None:
    project = Project(tmp_path, SHOP)
    (tmp_path / "docs/types/shared.md").write_text("mine")
    (tmp_path / "shop_sdk/resources/pets.py").unlink()
    assert project.warm(SHOP) == project.files


def test_what_is_kept_twice_is_still_known(tmp_path: Path) -> None:
    project = Project(tmp_path, SHOP)
    edited = copy.deepcopy(SHOP)
    operation(edited, "/pets", "post")["summary"] = "Add a pet"
    for document in (SHOP, edited, SHOP):
        Project(tmp_path, document)
    schema(edited, "Pet")["description"] = "An animal."
    assert project.warm(edited) == project.cold(edited)
    classes = json.loads((tmp_path / ".specloom-cache/classes.json").read_text().partition("\n")[2])
    assert {"Card", "Cash", "Order", "Pet", "Unused"} <= classes.keys()


def test_templates_of_the_users_make_every_file(tmp_path: Path, made: set[str]) -> None:
    own = tmp_path / "own" / "docs" / "types"
    own.mkdir(parents=True)
    (own / "types.md.j2").write_text("mine\n")
    Project(tmp_path / "sdk", SHOP)
    options = BuildOptions(unsaved=json.dumps(SHOP), templates=(tmp_path / "own",))
    built = build(tmp_path / "sdk/spec.json", options, cache=Cache(tmp_path / "sdk"))
    assert built.files["docs/types/shared.md"] == "mine\n"
    assert "docs/types/shared.md" in made


def test_random_edits_make_what_a_first_build_makes(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    is_exhaustive = request.config.getoption("--exhaustive")
    project = Project(tmp_path, SHOP)

    @settings(
        max_examples=5000 if is_exhaustive else 60,
        derandomize=not is_exhaustive,
        deadline=timedelta(minutes=2),
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, 2**32))
    def edited(seed: int) -> None:
        document = mutated(SHOP, Random(seed))
        try:
            cold = project.cold(document)
        except SpecError:
            return
        assert project.warm(document) == cold

    edited()
