"""Where paths give two things one name, the error prints the x-sdk lines that settle it."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import indent

import pytest

from specloom.errors import SpecError, as_text
from support.generated import Sdk

HEAD = 'openapi: 3.1.0\ninfo: {title: Clash, version: "1"}\nx-sdk: {resources: paths}\npaths:\n'
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
    ("paths", "message", "method"),
    [
        (RUNS, "client.threads.runs is already a resource", "create_thread_and_run"),
        (TWO, "client.things.create is already POST /v1/things", "create_thing_too"),
    ],
    ids=["a resource", "an operation"],
)
def test_is_an_error_until_x_sdk_settles_it(
    generate: Callable[[str], Sdk], paths: str, message: str, method: str
) -> None:
    spec = HEAD + indent(paths, "  ")
    with pytest.raises(SpecError) as caught:
        generate(spec)
    told = as_text(caught.value.problems)
    assert message in told
    assert f"method: {method}" in told

    operation = "createThreadAndRun" if paths is RUNS else "createThingToo"
    tag = f"operationId: {operation}"
    settled = f"x-sdk: {{method: {method}}}"
    separator = "\n      " if paths is RUNS else ", "
    sdk = generate(spec.replace(tag, f"{tag}{separator}{settled}"))
    client = sdk.client("http://localhost")
    resource = client.threads if paths is RUNS else client.things
    assert callable(getattr(resource, method))
