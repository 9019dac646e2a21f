"""Tolerated faults of a description are warnings; the SDK works."""

from __future__ import annotations

from collections import Counter

from support.generated import Sdk
from support.loopback import Loopback


def test_each_fault_is_a_warning(sdk: Sdk) -> None:
    assert Counter(sdk.warnings) >= Counter(
        {"undeclared-path-parameter": 1, "undefined-mapping": 2, "wrong-type": 1, "unused-field": 2}
    )


def test_an_object_or_a_list_in_bytes_or_text_is_these(sdk: Sdk, server: Loopback) -> None:
    server.answer(b"a\nb\n", content_type="text/csv")
    assert sdk.client(server.base_url).pets.toys.update(7, pet_id="a", body=b"tar") == "a\nb\n"
    assert server.last.body == b"tar"


def test_an_undeclared_path_parameter_is_text(sdk: Sdk, server: Loopback) -> None:
    server.answer({"kind": "ball", "name": "red"})
    toy = sdk.client(server.base_url).pets.toys.retrieve(7, pet_id="a/b")
    assert server.last.path == "/pets/a%2Fb/toys/7"
    assert isinstance(toy, sdk.types.Ball)


def test_a_mapping_to_nothing_leaves_the_other_variants(sdk: Sdk, server: Loopback) -> None:
    server.answer({"kind": "rope", "length": 2.5})
    toy = sdk.client(server.base_url).pets.toys.retrieve(7, pet_id="a")
    assert isinstance(toy, sdk.types.Rope)


def test_a_description_that_ends_in_an_escaped_quote_survives(sdk: Sdk) -> None:
    assert sdk.types.Ball.__doc__.strip() == 'Called \\"main\\"'
