"""An SDK with the names of Stainless, and a server for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from specloom.options import BuildOptions
from support.generated import Sdk, forget, found, generate_sdk

HERE = Path(__file__).parent
SPEC, FORMER = HERE / "spec.yaml", HERE / "former.yaml"


@pytest.fixture(scope="package")
def sdk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sdk]:
    options = BuildOptions(compatible_with="stainless", former_sdk=FORMER)
    made = generate_sdk(SPEC, tmp_path_factory.mktemp("former"), options)
    yield made
    forget(made)


@pytest.fixture
def server(sdk: Sdk) -> Any:
    assert sdk.module is not None
    made = found("lab.testing.FakeServer")()
    made.answer("POST", "/beta/threads/t_1/runs", {"id": "r_1"})
    made.answer("GET", "/beta/threads/t_1/runs", {"data": [{"id": "r_1"}]})
    made.answer("GET", "/names", ["Ada"])
    made.answer("DELETE", "/names", None, status=204)
    for method in ("PATCH", "DELETE", "PUT"):
        made.answer(method, "/cards/c_1", None, status=204)
    return made
