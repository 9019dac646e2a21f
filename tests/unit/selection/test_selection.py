"""`--only`: the meaning of selectors, and their dependencies."""

from __future__ import annotations

from pathlib import Path

import pytest

from specloom.errors import SpecError
from specloom.options import BuildOptions
from specloom.pipeline import Reading, read

TEXT = """
openapi: 3.1.0
info: {title: T, version: "1"}
x-sdk: {resources: paths}
tags: [{name: pets}]
paths:
  /pets:
    get:
      operationId: listPets
      tags: [pets, all]
      responses: {200: {$ref: '#/components/responses/Pets'}}
    post: {operationId: addPet, tags: [pets]}
  /pets/{id}/toys:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get:
      operationId: listToys
      responses:
        "200":
          description: ok
          content: {application/json: {schema: {$ref: '#/components/schemas/toy'}}}
    put: {operationId: addToy}
  /shops: {get: {operationId: shops}}
components:
  responses:
    Pets:
      description: ok
      content: {application/json: {schema: {items: {$ref: '#/components/schemas/Pet'}}}}
  schemas:
    Pet: {properties: {name: {type: string}, home: {$ref: '#/components/schemas/Home'}}}
    Home: {properties: {street: {type: string}}}
    Toy: {properties: {shape: {type: string}}}
    toy: {properties: {colour: {type: string}}}
"""


def reading(folder: Path, *only: str) -> Reading:
    (folder / "a.yaml").write_text(TEXT, encoding="utf-8")
    return read(folder / "a.yaml", BuildOptions(only=only))


def ids(reading: Reading) -> list[str]:
    return sorted(operation.id for operation in reading.api.operations())


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        (("pets",), ["addPet", "listPets"]),
        (("all",), ["listPets"]),
        (("shops",), ["shops"]),
        (("/pets",), ["addPet", "listPets"]),
        (("/pets/*",), ["addToy", "listToys"]),
        (("/*s",), ["addPet", "addToy", "listPets", "listToys", "shops"]),
        (("/pets/{id}/toys", "addPet"), ["addPet", "addToy", "listToys"]),
    ],
)
def test_selectors(tmp_path: Path, only: tuple[str, ...], expected: list[str]) -> None:
    assert ids(reading(tmp_path, *only)) == expected


def test_types_are_those_that_are_reached(tmp_path: Path) -> None:
    types = {one.wire_name for one in reading(tmp_path, "listPets").api.types.values()}
    assert types == {"Pet", "Home"}
    assert reading(tmp_path, "addPet").api.types == {}


def test_a_part_has_the_names_of_the_whole(tmp_path: Path) -> None:
    """Alone, `PUT …/toys` would be the method `add_toys` of a pet, and the schema `Toy`."""
    part, whole = reading(tmp_path, "addToy"), reading(tmp_path)
    methods = {one.id: part.names.methods[one.pointer] for one in part.api.operations()}
    assert methods == {"addToy": "update"}
    assert [resource.path for resource in part.api.resources] == [(("pets",),)]
    assert part.names == whole.names
    part = reading(tmp_path, "listToys")
    (key,) = part.api.types
    assert part.names.types[key] == "Toy2"


@pytest.mark.parametrize(
    ("only", "hint"),
    [
        ("petts", "did you mean 'pets'?"),
        ("addpet", "did you mean 'addPet'?"),
        ("/pet", "did you mean '/pets'?"),
        (
            "zzz",
            "name a tag, an operationId, or a pattern of paths such as '/users/*'; tags: all, pets",
        ),
    ],
)
def test_one_that_selects_nothing_is_an_error(tmp_path: Path, only: str, hint: str) -> None:
    with pytest.raises(SpecError) as caught:
        reading(tmp_path, "pets", only)
    (problem,) = caught.value.problems
    assert (problem.code, problem.hint) == ("unmatched-selector", hint)
    assert only in problem.message
