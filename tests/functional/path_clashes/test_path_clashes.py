"""If two operations want one name, the better derived name wins; names by people stay."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import indent

import pytest

from specloom.errors import SpecError, as_text
from support.generated import Sdk

HEAD = 'openapi: 3.1.0\ninfo: {title: Clash, version: "1"}\npaths:\n'
RUNS = """\
/threads/{id}/runs:
  parameters: [{name: id, in: path, required: true, schema: {type: string}}]
  get: {operationId: listRuns, responses: {"204": {description: None.}}}
/threads/runs:
  post:
    operationId: createThreadAndRun
    responses: {"204": {description: Done.}}
"""
TWO = """\
/v1/things:
  post: {operationId: createThing, responses: {"204": {description: Done.}}}
/things:
  post: {operationId: createThingToo, responses: {"204": {description: Done.}}}
"""


@pytest.mark.parametrize(
    ("paths", "addresses"),
    [
        (RUNS, {"threads.runs.list", "threads.runs.create"}),
        (TWO, {"things.create", "v1.things.create"}),
    ],
    ids=["a resource", "an operation"],
)
def test_the_default_settles_it_without_numbers(
    generate: Callable[[str], Sdk], paths: str, addresses: set[str]
) -> None:
    sdk = generate(HEAD + indent(paths, "  "))
    client = sdk.client("http://localhost")
    for address in addresses:
        found = client
        for step in address.split("."):
            found = getattr(found, step)
        assert callable(found)


def test_one_name_for_two_operations_in_x_sdk_is_an_error(generate: Callable[[str], Sdk]) -> None:
    spec = HEAD + indent(TWO, "  ").replace(
        "post: {", "post: {x-sdk: {resource: things, method: add}, "
    )
    with pytest.raises(SpecError) as caught:
        generate(spec)
    told = as_text(caught.value.problems)
    assert "client.things.add is already POST /v1/things" in told
    assert "method: create_thing_too" in told
