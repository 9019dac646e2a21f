"""What the last build understood of schemas and paths is taken over, where it is the same."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from specloom import ir, lower
from specloom.errors import SpecError, as_text
from specloom.ir.kept import KeptModel, head_of
from specloom.ir.text import as_text as text_of_ir
from specloom.ir.text import named_type, operation
from specloom.options import BuildOptions
from specloom.pipeline import Build, build, read
from specloom.writing.cache import FOLDER, Cache
from specloom.writing.output import apply, plan_output
from support.mutations import mutated

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
SHOP: Any = yaml.safe_load((HERE / "spec.yaml").read_text())
OPERATIONS = {"listPets", "createPet", "createOrder", "getOrder", "oldOrders"}
SCHEMAS = {"Pet", "Order", "NewOrder"}
Json = dict[str, Any]


def generated(folder: Path, document: Json | str, **options: Any) -> Build:
    """A build into a folder, that knows the one before."""
    cache = Cache(folder)
    text = document if isinstance(document, str) else json.dumps(document)
    built = build(folder / "spec.json", BuildOptions(unsaved=text, **options), cache=cache)
    apply(plan_output(built.files, folder, built.kept), force=True)
    cache.save()
    return built


@pytest.fixture
def lowered(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The operations and schemas that are lowered, not taken over."""
    found: set[str] = set()
    lower_operation, lower_place = lower._Lowering._operation, lower.TypeLowering._lower_new

    def noted_operation(self: Any, endpoint: Any) -> Any:
        found.add(endpoint.operation.text("operationId"))
        return lower_operation(self, endpoint)

    def noted_place(self: Any, place: Any, hint: Any) -> Any:
        found.add(place.last_token)
        return lower_place(self, place, hint)

    monkeypatch.setattr(lower._Lowering, "_operation", noted_operation)
    monkeypatch.setattr(lower.TypeLowering, "_lower_new", noted_place)
    return found


def edited(change: Callable[[Json], object], document: Json = SHOP) -> Json:
    """The description, changed."""
    copied = copy.deepcopy(document)
    change(copied)
    return copied


def summary(document: Json) -> None:
    document["paths"]["/pets"]["get"]["summary"] = "Every pet"


def age(document: Json) -> None:
    document["components"]["schemas"]["Pet"]["properties"]["age"] = {"type": "integer"}


def test_an_edit_of_an_operation_has_its_path_lowered_alone(
    tmp_path: Path, lowered: set[str]
) -> None:
    generated(tmp_path, SHOP)
    assert lowered >= OPERATIONS | SCHEMAS
    lowered.clear()
    generated(tmp_path, edited(summary))
    assert lowered & (OPERATIONS | SCHEMAS) == {"listPets", "createPet"}


def test_schemas_are_written_down_when_they_come_for_the_second_time(
    tmp_path: Path, lowered: set[str]
) -> None:
    generated(tmp_path, SHOP)
    known = (tmp_path / FOLDER / "schemas.txt").read_text()
    aged = edited(age)
    for document in (aged, edited(summary, aged)):
        lowered.clear()
        assert (tmp_path / FOLDER / "schemas.txt").read_text() == known
        generated(tmp_path, document)
        assert lowered >= OPERATIONS | SCHEMAS
    lowered.clear()
    generated(tmp_path, aged)
    assert lowered & (OPERATIONS | SCHEMAS) == {"listPets", "createPet"}


def refer_to_a_path(document: Json) -> None:
    place = "#/paths/~1pets/post/responses/201/content/application~1json/schema"
    content = document["paths"]["/orders"]["post"]["responses"]["200"]["content"]
    content["application/json"]["schema"] = {"$ref": place}


def refer_into_a_response(document: Json) -> None:
    place = "#/components/responses/Missing/content/application~1json/schema"
    document["components"]["schemas"]["Unused"]["properties"]["order"] = {"$ref": place}


def share_a_path(document: Json) -> None:
    document["components"]["pathItems"] = {"Pets": document["paths"].pop("/pets")}
    document["paths"]["/pets"] = {"$ref": "#/components/pathItems/Pets"}
    document["paths"]["/animals"] = {"$ref": "#/components/pathItems/Pets"}


def name_an_inner_schema_twice(document: Json) -> None:
    """What an enum's properties are, only those say who take it by allOf: each by its own name."""
    document["components"]["schemas"]["Kind"]["properties"] = {
        "of": {"type": "object", "properties": {"x": {"type": "string"}}}
    }
    for path in ("/pets", "/orders"):
        body = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]
        own = {"type": "object", "properties": {"y": {"type": "string"}}}
        body["schema"] = {"allOf": [{"$ref": "#/components/schemas/Kind"}, own]}


@pytest.mark.parametrize(
    ("change", "again"),
    [
        (refer_to_a_path, OPERATIONS),
        (refer_into_a_response, OPERATIONS | SCHEMAS),
        (share_a_path, {"listPets", "createPet"}),
        (name_an_inner_schema_twice, OPERATIONS),
    ],
)
def test_what_may_depend_on_others_is_lowered_again(
    tmp_path: Path, lowered: set[str], change: Callable[[Json], object], again: set[str]
) -> None:
    document = edited(change)
    first = generated(tmp_path, document).files
    lowered.clear()
    assert generated(tmp_path, document).files == first
    assert lowered & (OPERATIONS | SCHEMAS) == again


def test_what_may_stand_at_two_places_is_lowered_again(tmp_path: Path, lowered: set[str]) -> None:
    text = yaml.safe_dump(SHOP)
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text(
        "overlay: 1.0.0\ninfo: {title: More, version: '1'}\n"
        "actions: [{target: $.info, update: {description: All of it.}}]\n"
    )
    for document, overlays in ((text, ()), (SHOP, (overlay,))):
        for _ in range(2):
            lowered.clear()
            generated(tmp_path, document, overlays=overlays)
            assert lowered >= OPERATIONS | SCHEMAS


def test_warnings_are_told_again_where_they_stand_now(tmp_path: Path) -> None:
    def demand_too_much(document: Json) -> None:
        document["components"]["schemas"]["Cash"]["required"].append("amount")

    def say_more(document: Json) -> None:
        document["paths"]["/pets"]["get"]["description"] = "More."

    document = edited(demand_too_much)
    first = as_text(generated(tmp_path, json.dumps(document, indent=1)).problems)
    later = json.dumps(edited(say_more, document), indent=1)
    again = as_text(generated(tmp_path, later).problems)
    cold = as_text(
        build(tmp_path / "spec.json", BuildOptions(unsaved=later), cache=Cache()).problems
    )
    assert "'amount' is required" in first
    assert again == cold != first


def test_edits_one_after_another_make_what_a_first_build_makes(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> None:
    is_exhaustive = request.config.getoption("--exhaustive")

    @settings(
        max_examples=500 if is_exhaustive else 12,
        derandomize=not is_exhaustive,
        deadline=timedelta(minutes=2),
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, 2**32))
    def edited_often(seed: int) -> None:
        random, folder = Random(seed), tmp_path_factory.mktemp("shop")
        document = SHOP
        for _ in range(6):
            part = random.choice([("paths",), ("paths",), ("components",), tuple(document)])
            changed = document | mutated({key: document[key] for key in part}, random)
            try:
                cold = build(
                    folder / "spec.json", BuildOptions(unsaved=json.dumps(changed)), cache=Cache()
                )
            except SpecError:
                continue
            warm = generated(folder, changed)
            assert warm.files == cold.files
            assert as_text(warm.problems) == as_text(cold.problems)
            document = changed

    edited_often()


@pytest.mark.parametrize("spec", [HERE / "spec.yaml", ROOT / "spec" / "assistants.yaml"])
def test_what_is_read_back_is_what_was_written(spec: Path) -> None:
    api = read(spec, BuildOptions()).api
    for named in api.types.values():
        assert named_type(json.loads(text_of_ir(named))) == named
    for one in api.operations():
        draft = replace(one, pagination=None, stream=None, poll=None)
        assert operation(json.loads(text_of_ir(draft))) == draft


def test_a_kept_model_is_like_the_model() -> None:
    api = read(HERE / "spec.yaml", BuildOptions()).api
    for model in api.types.values():
        if isinstance(model, ir.Model):
            kept = KeptModel.of(head_of(model), ([], []), text_of_ir(model))
            for field in fields(ir.Model):
                assert getattr(kept, field.name) == getattr(model, field.name)
            assert replace(kept, description="new") == replace(model, description="new")
