"""Types inside a shared response, body or parameter get its name, not that of a user."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path

import pytest
import yaml

from specloom.options import BuildOptions
from specloom.pipeline import read
from support.generated import Sdk
from support.loopback import Loopback

SPEC = Path(__file__).parent / "spec.yaml"


def test_types_have_the_names_of_what_is_shared(sdk: Sdk) -> None:
    assert {name for name in dir(sdk.types) if name[0].isupper()} == {
        "AddedResponse",
        "Detail",
        "NewPetRequestHomeParam",
        "NotFoundResponse",
        "NotFoundResponseLooked",
        "ServerError",
    }


@pytest.mark.parametrize("order", list(permutations(["/cats/{id}", "/dogs", "/owls"])))
def test_names_do_not_depend_on_the_order_of_operations(order: tuple[str, ...]) -> None:
    document = yaml.safe_load(SPEC.read_text())
    document["paths"] = {path: document["paths"][path] for path in order}
    names = read(SPEC, BuildOptions(unsaved=json.dumps(document))).names
    as_it_is = read(SPEC, BuildOptions()).names
    assert (names.types, names.params) == (as_it_is.types, as_it_is.params)


def test_errors_of_several_operations_are_of_one_type(sdk: Sdk, server: Loopback) -> None:
    client = sdk.client(server.base_url)
    server.answer({"looked": {"where": "here"}}, status=404)
    with pytest.raises(sdk.module.NotFoundError) as cat:
        client.cats.retrieve("1")
    server.answer({"looked": {"where": "there"}}, status=404)
    with pytest.raises(sdk.module.NotFoundError) as dog:
        client.dogs.add(home={"street": "High"}, detail="much")
    for error, where in ((cat.value, "here"), (dog.value, "there")):
        assert isinstance(error.parsed, sdk.types.NotFoundResponse)
        assert error.parsed.looked.where == where
