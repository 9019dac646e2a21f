"""Schemes of x-sdk that name missing parts of an operation: an error with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from specloom.errors import SpecError
from specloom.pipeline import BuildOptions, build

SPEC = """\
openapi: 3.1.0
info: {title: Jobs, version: "1"}
x-sdk:
  pagination:
    pages:
      style: cursor
      items: data
      has_more: has_more
      parameter: after
      cursor: last_id
      previous: {parameter: before, cursor: first_id}
      limit: limit
  polling:
    wait:
      read: getJob
      field: status
      until: [done]
      arguments: {job_id: id}
paths:
  /jobs:
    get:
      operationId: listJobs
      x-sdk: {pagination: pages}
      parameters:
        - {name: after, in: query, schema: {type: string}}
        - {name: before, in: query, schema: {type: string}}
        - {name: limit, in: query, schema: {type: integer}}
      responses:
        "200":
          description: Jobs.
          headers: {X-Next: {schema: {type: string}}}
          content: {application/json: {schema: {$ref: "#/components/schemas/Page"}}}
    post:
      operationId: startJob
      x-sdk: {poll: {scheme: wait}}
      responses:
        "200": {description: A job., content: {application/json: {schema: {$ref: "#/components/schemas/Job"}}}}
  /jobs/{job_id}:
    get:
      operationId: getJob
      parameters: [{name: job_id, in: path, required: true, schema: {type: string}}]
      responses:
        "200": {description: A job., content: {application/json: {schema: {$ref: "#/components/schemas/Job"}}}}
components:
  schemas:
    Job: {type: object, properties: {id: {type: string}, status: {type: string}}}
    Page:
      type: object
      properties:
        data: {type: array, items: {$ref: "#/components/schemas/Job"}}
        has_more: {type: boolean}
        last_id: {type: [string, "null"]}
        first_id: {type: [string, "null"]}
        total: {type: integer}
        meta: {type: object, properties: {next: {type: string}}}
"""
SECOND = """\
  /tasks:
    get:
      operationId: listTasks
      x-sdk: {pagination: pages}
      parameters: [{name: after, in: query, schema: {type: string}}]
      responses:
        "200": {description: Jobs., content: {application/json: {schema: {$ref: "#/components/schemas/Page"}}}}
components:
"""


def problems_of(folder: Path, text: str) -> list[tuple[str, int, str, str]]:
    """Code, line, message and hint of every problem."""
    spec = folder / "jobs.yaml"
    spec.write_text(text, encoding="utf-8")
    try:
        found = build(spec, BuildOptions()).problems
    except SpecError as error:
        found = error.problems
    return [(one.code, at.line, one.message, one.hint) for at, one in found.located()]


def test_what_fits_is_no_problem(tmp_path: Path) -> None:
    assert problems_of(tmp_path, SPEC) == []


@pytest.mark.parametrize(
    ("right", "wrong", "told", "hint"),
    [
        ("items: data", "items: dta", "has no 'dta'", "did you mean 'data'?"),
        ("items: data", "items: has_more", "which is not a list", "did you mean 'data'?"),
        ("items: data", 'items: ""', "which is not a list", "did you mean 'data'?"),
        ("items: data", "items: /meta/data", "has no '/meta/data'", "did you mean 'data'?"),
        ("has_more: has_more", "has_more: more", "has no 'more'", "did you mean 'has_more'?"),
        ("parameter: after", "parameter: afer", "no query parameter", "did you mean 'after'?"),
        ("cursor: last_id", "cursor: lastid", "has no 'lastid'", "did you mean 'last_id'?"),
        ("cursor: last_id", "cursor: meta.next", "'meta.next'", "did you mean '/meta/next'?"),
        ("cursor: first_id", "cursor: frst_id", "has no 'frst_id'", "did you mean 'first_id'?"),
        ("parameter: before", "parameter: befor", "no query", "did you mean 'before'?"),
        ("limit: limit", "limit: limt", "no query parameter", "did you mean 'limit'?"),
        ("cursor: last_id", "total: totl", "has no 'totl'", "did you mean 'total'?"),
        ("cursor: last_id", "item_cursor: idd", "has no 'idd'", "did you mean 'id'?"),
        ("cursor: last_id", "cursor_header: X-Nxt", "no header 'X-Nxt'", "did you mean 'X-Next'?"),
        ("read: getJob", "read: getJb", "no operation is named", "did you mean 'getJob'?"),
        ("field: status", "field: state", "has no 'state'", "did you mean 'status'?"),
        ("{job_id: id}", "{job: id}", "no path parameter 'job'", "did you mean 'job_id'?"),
        ("{job_id: id}", "{job_id: idd}", "has no 'idd'", "did you mean 'id'?"),
    ],
)
def test_what_is_missing_is_an_error_where_it_is_named(
    tmp_path: Path, right: str, wrong: str, told: str, hint: str
) -> None:
    assert SPEC.count(right) == 1
    (found,) = problems_of(tmp_path, SPEC.replace(right, wrong))
    code, line, message, suggestion = found
    assert code == "bad-x-sdk"
    assert wrong in SPEC.replace(right, wrong).splitlines()[line - 1]
    assert told in message
    assert suggestion == hint


def test_a_scheme_without_items_is_only_for_lists(tmp_path: Path) -> None:
    ((code, _, message, hint),) = problems_of(tmp_path, SPEC.replace("      items: data\n", ""))
    assert code == "bad-x-sdk"
    assert "the response of listJobs is not a list" in message
    assert hint == "did you mean 'data'?"


def test_what_one_of_several_lacks_is_told_at_that_one(tmp_path: Path) -> None:
    text = SPEC.replace("components:\n", SECOND)
    found = problems_of(tmp_path, text)
    assert [(code, text.splitlines()[line - 1].strip()) for code, line, _, _ in found] == [
        ("bad-x-sdk", "x-sdk: {pagination: pages}")
    ] * 2
    assert all("listTasks" in message for _, _, message, _ in found)


def test_with_allow_partial_that_one_is_left_out(tmp_path: Path) -> None:
    spec = tmp_path / "jobs.yaml"
    spec.write_text(SPEC.replace("components:\n", SECOND), encoding="utf-8")
    made = build(spec, BuildOptions(allow_partial=True))
    assert sorted(one.id for one in made.api.operations()) == ["getJob", "listJobs", "startJob"]
    assert [one.name for one in made.api.left_out] == ["GET /tasks (listTasks)"]
    assert {one.code for one in made.problems} == {"bad-x-sdk", "left-out"}


def test_a_list_without_json_has_no_pages(tmp_path: Path) -> None:
    text = SPEC.replace(
        'content: {application/json: {schema: {$ref: "#/components/schemas/Page"',
        'content: {text/csv: {schema: {$ref: "#/components/schemas/Page"',
    )
    (code, _, message, _), (second, *_) = problems_of(tmp_path, text)
    assert (code, second) == ("bad-x-sdk", "unused-field")
    assert "listJobs" in message


@pytest.mark.parametrize(
    "key", ["      parameter: after\n", "      cursor: last_id\n      has_more: has_more\n"]
)
def test_a_scheme_that_cannot_go_on_is_an_error(tmp_path: Path, key: str) -> None:
    text = SPEC.replace("      has_more: has_more\n", "").replace(
        "      cursor: last_id\n", "      cursor: last_id\n      has_more: has_more\n"
    )
    assert problems_of(tmp_path, text) == []
    ((code, line, message, _),) = problems_of(tmp_path, text.replace(key, ""))
    assert (code, line) == ("bad-x-sdk", 5)
    assert "needs" in message


def test_a_value_outside_the_enum_is_an_error(tmp_path: Path) -> None:
    text = SPEC.replace("status: {type: string}", "status: {enum: [queued, done]}")
    assert problems_of(tmp_path, text) == []
    assert problems_of(tmp_path, text.replace("until: [done]", "until: [done, gone]")) == []
    line = text[: text.index("until: [done]")].count("\n") + 1
    assert problems_of(tmp_path, text.replace("until: [done]", "until: [dne]")) == [
        (
            "bad-x-sdk",
            line,
            "'status' of the response of getJob is never 'dne'",
            "did you mean 'done'?",
        )
    ]


def test_a_second_type_of_body_is_told(tmp_path: Path) -> None:
    bodies = """
      requestBody:
        content:
          application/json: {schema: {type: object, properties: {after: {type: string}}}}
          application/x-www-form-urlencoded: {schema: {type: object, properties: {x: {type: string}}}}
"""
    start = SPEC.index("      parameters:\n        - {name: after")
    end = SPEC.index("      responses:", start)
    text = (SPEC[:start] + bodies.lstrip("\n") + SPEC[end:]).replace(
        "/jobs:\n    get:", "/jobs:\n    query:"
    )
    text = text.replace(
        "      previous: {parameter: before, cursor: first_id}\n      limit: limit\n", ""
    )
    ((code, _, message, _),) = problems_of(tmp_path, text.replace("3.1.0", "3.2.0"))
    assert code == "unused-field"
    assert message.startswith("application/x-www-form-urlencoded is not sent")
