"""The scale command on its own documents: merging, editing, measuring and writing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from e2e.corpus.raw import endpoints
from e2e.scale import __main__ as command
from e2e.scale.inputs import Inputs, write_inputs
from e2e.scale.measure import Cost, Measured
from e2e.scale.page import page, power
from e2e.scale.sources import sources
from specloom.options import BuildOptions
from specloom.pipeline import build

pytestmark = pytest.mark.slow

TINY = Path(__file__).with_name("tiny_scale")


@pytest.fixture
def inputs(tmp_path: Path) -> Inputs:
    """Seven operations: the shop's two, the depot's, both once more, and the shop's first again."""
    return write_inputs(sources(TINY), 7, tmp_path)


@pytest.fixture
def root(inputs: Inputs) -> Any:
    return read(inputs.files["whole"])


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


def test_only_valid_documents_of_one_file_are_merged() -> None:
    assert [one.path for one in sources(TINY)] == ["real/depot.json", "real/shop.yaml"]


def test_a_size_has_so_many_operations(root: Any) -> None:
    assert len(list(endpoints(root))) == 7


def test_a_size_gives_the_same_bytes(tmp_path: Path, inputs: Inputs) -> None:
    again = write_inputs(sources(TINY), 7, tmp_path / "again")
    for state, file in inputs.files.items():
        assert again.files[state].read_bytes() == file.read_bytes()


def test_paths_and_ids_that_clash_get_a_prefix(root: Any) -> None:
    ids = {one.path: one.operation["operationId"] for one in endpoints(root) if one.method == "GET"}
    assert ids == {
        "/orders/{number}": "get_order",
        "/tinyshop/orders/{id}": "TinyShop_getOrder",
        "/depot2/orders/{number}": "Depot2_get_order",
        "/tinyshop2/orders/{id}": "TinyShop2_getOrder",
        "/depot3/orders/{number}": "Depot3_get_order",
    }


def test_references_follow_their_components(root: Any) -> None:
    schemas = root["components"]["schemas"]
    answer = root["paths"]["/tinyshop/orders/{id}"]["get"]["responses"]["200"]
    assert answer["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/TinyShop_Order"
    }
    assert schemas["TinyShop_Order"]["discriminator"]["mapping"] == {
        "gift": "#/components/schemas/A~1Gift",
        "loan": "Loan",
    }
    assert schemas["TinyShop2_Order"]["discriminator"]["mapping"] == {
        "gift": "#/components/schemas/TinyShop2_A~1Gift",
        "loan": "TinyShop2_Loan",
    }
    assert "Unused" not in schemas


def test_security_schemes_that_say_the_same_are_one(root: Any) -> None:
    assert list(root["components"]["securitySchemes"]) == ["token"]
    item = root["paths"]["/tinyshop/orders/{id}"]
    assert item["get"]["security"] == [{"token": []}]
    assert item["delete"]["security"] == []


def test_tags_stay_and_those_of_a_copy_are_its_own(root: Any) -> None:
    assert [tag["name"] for tag in root["tags"]] == ["orders", "orders 2"]
    assert root["paths"]["/tinyshop2/orders/{id}"]["get"]["tags"] == ["orders 2"]


def test_what_3_0_says_is_said_as_in_3_1(root: Any) -> None:
    properties = root["components"]["schemas"]["TinyShop_Order"]["properties"]
    assert properties["count"] == {"type": "integer", "exclusiveMinimum": 0}
    assert properties["ordered"]["example"] == "2026-01-31"


def test_one_operation_is_edited_then_one_schema(inputs: Inputs) -> None:
    whole, operation, schema = (read(inputs.files[state]) for state in inputs.files)
    assert changed(whole["paths"], operation["paths"]) == ["/depot2/orders/{number}"]
    assert whole["components"] == operation["components"]
    assert operation["paths"] == schema["paths"]
    schemas = (each["components"]["schemas"] for each in (operation, schema))
    assert len(changed(*schemas)) == 1


def changed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [key for key in before if before[key] != after[key]]


def test_every_state_can_be_generated(inputs: Inputs) -> None:
    for file in inputs.files.values():
        built = build(file, BuildOptions())
        assert not list(built.problems)
        assert len(built.api.operations()) == 7


def test_the_command_measures_and_writes_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Measured] = []
    monkeypatch.setattr(command, "draw", lambda measured, _: drawn.extend(measured))
    places = ["--work", str(tmp_path / "work"), "--docs", str(tmp_path / "docs")]
    assert command.main([str(TINY), "--sizes", "3", *places]) == 0
    (measured,) = drawn
    assert measured.operations == 3
    cold = measured.costs["cold"]
    assert cold.cpu > measured.costs["nothing changed"].cpu > 0
    assert cold.peak > 30e6
    assert measured.lines > measured.files > 50
    assert "| 3 | " in (tmp_path / "docs/scale.md").read_text("utf-8")


def test_the_page_says_what_was_measured() -> None:
    runs = ("cold", "nothing changed", "operation edited", "schema edited")
    measured = [
        Measured(
            operations=size,
            megabytes=size / 100,
            files=9 * size,
            lines=900 * size,
            costs={
                run: Cost(size / 100 + number, size / 50, 10**8) for number, run in enumerate(runs)
            },
        )
        for size in (300, 1200)
    ]
    told = page(measured, {"28 operations": 0.0205}, density=14_000, rounds=3)
    assert "| 1,200 | 12.0 | 13.0 | 14.0 | 15.0 | 24 s | 100 MB |" in told
    assert "| 300 | 3.0 | 2,700 | 270,000 |" in told
    assert "| 28 operations | 20.5 |" in told
    assert "to the power of 1.00" in told
    assert "medians of 3 runs" in told


def test_importing_the_package_of_types_runs_no_code_for_each_of_them(tmp_path: Path) -> None:
    def code(number: int) -> bytes:
        schema = {"type": "object", "properties": {"a": {"type": "string"}}}
        root = {
            "openapi": "3.1.0",
            "info": {"title": "Many", "version": "1"},
            "paths": {},
            "components": {"schemas": {f"Thing{letter}": schema for letter in range(number)}},
        }
        file = tmp_path / "many.yaml"
        file.write_text(yaml.safe_dump(root), encoding="utf-8")
        files = build(file, BuildOptions()).files
        assert f"Thing{number - 1} as Thing{number - 1}" in files["many_sdk/types/__init__.pyi"]
        return compile(files["many_sdk/types/__init__.py"], "types", "exec").co_code

    assert len(code(300)) == len(code(1))


def test_a_quadratic_cost_shows() -> None:
    assert power([(1, 2), (10, 200), (100, 20_000)]) == pytest.approx(2.0)


def test_a_missing_corpus_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main([str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith("scale: ")
