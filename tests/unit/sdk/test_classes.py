"""The adapter to datamodel-code-generator: the text and the imports of a class."""

from __future__ import annotations

from pathlib import Path

import pytest

from specloom.options import BuildOptions
from specloom.pipeline import build

HEAD = """
openapi: 3.1.0
info: {title: Tiny, version: "1"}
servers: [{url: "https://tiny.example.com"}]
paths:
  /days: {get: {operationId: getDay, tags: [days], responses: {"200": {$ref: "#/components/responses/Day"}}}}
components:
  responses:
    Day: {description: It., content: {application/json: {schema: {$ref: "#/components/schemas/Day"}}}}
  schemas:
"""  # noqa: E501


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    return tmp_path / "tiny.yaml"


def module_of(spec: Path, *schemas: str) -> str:
    """The module of the types that ``Day`` leads to."""
    spec.write_text(HEAD + "".join(f"    {schema}\n" for schema in schemas))
    return build(spec, BuildOptions()).files["tiny_sdk/types/days.py"]


DATES = "{date: {type: string, format: date}, until: {type: string, format: date}}"


def test_a_type_that_a_field_would_hide_has_another_name_in_that_class_alone(spec: Path) -> None:
    module = module_of(
        spec,
        "Day: {type: object, properties: {on: {type: string, format: date}, "
        "event: {$ref: '#/components/schemas/Event'}}}",
        f"Event: {{type: object, properties: {DATES}}}",
    )
    assert "from datetime import date, date as date_aliased\n" in module
    assert "    on: date | None = None\n" in module
    assert "    date: date_aliased | None = None\n" in module
    assert "    until: date_aliased | None = None\n" in module


def test_a_write_only_field_hides_no_attribute(spec: Path) -> None:
    module = module_of(
        spec,
        "Day: {type: object, properties: {date: {type: string, writeOnly: true}, "
        "until: {type: string, format: date}}}",
    )
    assert "    until: date | None = None\n" in module
    assert "date_aliased" not in module


def test_words_that_are_no_types_import_nothing(spec: Path) -> None:
    module = module_of(
        spec,
        "Day: {type: object, description: Any date., properties: {"
        "Any: {enum: [date, datetime, Annotated, Field]}, name: {type: string}}}",
    )
    assert "from typing import Annotated, Literal\n" in module
    assert "import date" not in module


@pytest.mark.parametrize("name", ["Optional", "Dict"])
def test_a_type_named_like_one_of_typing_adds_no_import(spec: Path, name: str) -> None:
    module = module_of(
        spec,
        f"Day: {{type: object, properties: {{one: {{$ref: '#/components/schemas/{name}'}}}}}}",
        f"{name}: {{type: object, properties: {{name: {{type: string}}}}}}",
    )
    assert f"    one: {name} | None = None\n" in module
    assert "typing" not in module


def test_a_variant_that_is_not_known_has_the_tag_of_the_others(spec: Path) -> None:
    module = module_of(
        spec,
        "Day: {oneOf: [{$ref: '#/components/schemas/Sun'}, {$ref: '#/components/schemas/Rain'}], "
        "discriminator: {propertyName: dayKind}}",
        "Sun: {type: object, required: [dayKind], properties: {dayKind: {const: sun}}}",
        "Rain: {type: object, required: [dayKind], properties: {dayKind: {const: rain}}}",
    )
    assert 'day_kind: Annotated[Literal["UNKNOWN"], Field(alias="dayKind")] = "UNKNOWN"\n' in module
