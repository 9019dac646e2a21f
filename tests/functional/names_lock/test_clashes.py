"""A current or recent name of users is not given to anything else."""

from __future__ import annotations

from pathlib import Path

from functional.names_lock.depot import addresses, describe, generated, run


class TestAClash:
    def test_of_a_former_name_with_another_method(self) -> None:
        generated()
        describe(
            ("operationId: getJob", "operationId: getJob\n      x-sdk: {method: create}"),
            ("x-sdk: {poll:", "x-sdk: {method: begin, poll:"),
        )
        result = run()
        assert result.exit_code == 2
        assert "names.lock:5:3: lock-clash: client.jobs.create, the former name of POST /jobs" in (
            result.output
        )
        assert "GET /jobs/{id}" in result.output
        text = Path("names.lock").read_text()
        Path("names.lock").write_text(text.replace("jobs.create,", "jobs.begin,"))
        generated()
        assert addresses()["~1jobs~1{id}/get"] == "jobs.create"

    def test_of_a_former_name_with_a_resource(self) -> None:
        generated()
        describe(
            ("x-sdk: {poll:", "x-sdk: {resource: jobs.create, method: begin, poll:"),
        )
        result = run()
        assert result.exit_code == 2
        assert "now means something else: a resource" in result.output

    def test_of_a_former_type_with_another(self) -> None:
        generated()
        describe(
            ("    Part: {type", "    Part: {x-sdk: {name: Piece}, type"),
            ("    Failure: {type", "    Failure: {x-sdk: {name: Part}, type"),
        )
        result = run()
        assert result.exit_code == 2
        assert "types.Part, the former name of types.Piece, now means something else" in (
            result.output
        )

    def test_of_a_locked_method_with_a_resource(self) -> None:
        generated()
        describe(("tags: [parts]\n", "tags: [parts]\n      x-sdk: {resource: jobs.create}\n"))
        result = run()
        assert result.exit_code == 2
        assert (
            "client.jobs.create, the locked name of POST /jobs, is now the resource of PUT /parts too"
            in result.output
        )
        assert "set another resource or method for PUT /parts with x-sdk" in result.output


SHOP = """\
openapi: 3.1.0
info: {{title: Shop, version: "1"}}
paths:
  /parts/search:
    post: {{operationId: searchParts, responses: {{"200": {{description: found}}}}}}
  /search:
    post: {{operationId: search, responses: {{"200": {{description: found}}}}}}
{more}
"""
BELOW = """\
  /parts/search/{sid}:
    parameters: [{name: sid, in: path, required: true, schema: {type: string}}]
    get: {responses: {"200": {description: found}}}
    delete: {responses: {"200": {description: gone}}}
  /parts/search/{sid}/results:
    parameters: [{name: sid, in: path, required: true, schema: {type: string}}]
    get: {responses: {"200": {description: found}}}
  /parts/search/{sid}/log:
    parameters: [{name: sid, in: path, required: true, schema: {type: string}}]
    get: {x-fern-sdk-group-name: [parts, search], x-fern-sdk-method-name: log, responses: {}}
  /search/{sid}:
    parameters: [{name: sid, in: path, required: true, schema: {type: string}}]
    get: {responses: {"200": {description: found}}}
"""


def test_a_new_operation_below_a_locked_method_stands_beside_it() -> None:
    """The path alone would turn a method into a resource."""
    Path("depot.yaml").write_text(SHOP.format(more=""))
    generated()
    Path("depot.yaml").write_text(SHOP.format(more=BELOW))
    generated()
    assert addresses() == {
        "~1parts~1search/post": "parts.search",
        "~1parts~1search~1{sid}/get": "parts.retrieve_search",
        "~1parts~1search~1{sid}/delete": "parts.delete_search",
        "~1parts~1search~1{sid}~1results/get": "parts.search_results",
        "~1parts~1search~1{sid}~1log/get": "parts.search_log",
        "~1search/post": "search",
        "~1search~1{sid}/get": "retrieve_search",
    }
