"""The lock is a file that people read, review and edit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from functional.names_lock.depot import (
    FIRST,
    SETTINGS,
    SPEC,
    describe,
    generated,
    lock,
    run,
)
from specloom.commands import main
from specloom.output.cache import FOLDER

pytestmark = pytest.mark.slow


class TestTheFile:
    def test_holds_one_line_a_name_and_is_kept_up_to_date(self) -> None:
        generated()
        assert lock() == FIRST
        describe(("components:\n", "  /new: {get: {operationId: x, responses: {}}}\ncomponents:\n"))
        generated()
        added = "  GET /new: {name: new.retrieve, id: x}\n  PUT /parts"
        assert lock() == FIRST.replace("  PUT /parts", added, 1)

    def test_is_reported_when_it_was_written(self) -> None:
        assert "; names.lock written; " in generated()
        Path("names.lock").unlink()
        assert "unchanged; names.lock written; " in generated()
        assert "names.lock" not in generated()

    def test_drops_removed_entries(self) -> None:
        describe(("components:\n", "  /new: {get: {operationId: x, responses: {}}}\ncomponents:\n"))
        generated()
        describe()
        generated()
        assert lock() == FIRST

    def test_keeps_entries_of_broken_operations(self) -> None:
        generated()
        describe(
            ("    put:\n", "    put:\n      parameters: [{$ref: '#/components/parameters/No'}]\n")
        )
        generated("--allow-partial")
        assert lock() == FIRST

    def test_is_whole_where_a_part_is_generated(self) -> None:
        generated("--only", "parts")
        assert lock() == FIRST

    def test_is_not_written_where_nothing_is_generated(self) -> None:
        describe(("put:", "put: 1\n    bad:"))
        assert run().exit_code == 2
        assert not Path("names.lock").exists()

    def test_check_fails_while_it_is_behind(self) -> None:
        generated()
        assert run("--check").exit_code == 0
        Path("names.lock").write_text("types: {Job: Job}\n")
        result = run("--check")
        assert result.exit_code == 1
        assert "+++ b/names.lock" in result.stdout
        assert "+  POST /jobs: {name: jobs.create, id: createJob, returns: Job}" in result.stdout
        assert Path("names.lock").read_text() == "types: {Job: Job}\n"

    def test_an_edit_of_it_is_noticed(self) -> None:
        generated()
        generated()
        text = Path("names.lock").read_text()
        Path("names.lock").write_text(text.replace("jobs.create,", "jobs.begin,"))
        generated()
        assert "def begin(" in Path("sdk/depot_sdk/resources/jobs.py").read_text()

    def test_without_the_setting_there_is_none(self) -> None:
        Path("pyproject.toml").write_text(SETTINGS.replace('names_lock = "names.lock"\n', ""))
        generated()
        assert not Path("names.lock").exists()

    @pytest.mark.parametrize(
        "key", ["yes: no", "a b", "null", "é 🙂", '"\\', "~", "1", "a #b", " "]
    )
    def test_can_hold_any_name_that_a_description_has(self, key: str) -> None:
        document = yaml.safe_load(SPEC)
        schema = {"type": "object", "properties": {"x": {"type": "string"}}}
        document["components"]["schemas"][key] = schema
        document["components"]["schemas"]["Part"]["properties"]["x"] = {
            "$ref": f"#/components/schemas/{key}"
        }
        Path("depot.yaml").write_text(json.dumps(document))
        generated()
        before = lock()
        assert key.replace("~", "~0") in yaml.safe_load(before)["types"]
        generated()
        assert lock() == before

    def test_gives_the_same_bytes_again(self) -> None:
        generated()
        files = {
            path: path.read_bytes()
            for path in Path("sdk").rglob("*")
            if path.is_file() and FOLDER not in path.parts
        }
        Path("names.lock").write_bytes(Path("names.lock").read_bytes().replace(b"\n", b"\r\n"))
        describe()
        generated("--force")
        assert files == {path: path.read_bytes() for path in files}


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("- a\n", "1:1", "a lock is a mapping, not a list"),
        ("operation: {}\n", "1:1", "a lock has no section 'operation'"),
        ("operations: []\n", "1:1", "'operations' is a mapping, not a list"),
        ("operations:\n  GET /a: {nam: a.b}\n", "2:12", "an entry has no key 'nam'"),
        ("operations:\n  GET /a: a.\n", "2:3", "'a.' is not a valid name in an SDK"),
        ("operations:\n  GET /a: import\n", "2:3", "'import' is not a valid name"),
        ("operations:\n  GET /a: a.import\n", "2:3", "'a.import' is not a valid name"),
        (
            "operations:\n  GET /a: {name: a, returns: b c}\n",
            "2:21",
            "'b c' is not the name of a type",
        ),
        ("types:\n  A: a-b\n", "2:3", "'a-b' is not a valid name"),
        ("types:\n  A: ../a\n", "2:3", "'../a' is not a valid name"),
        ("types:\n  A: 1\n", "2:3", "1 is not a valid name"),
        ("types:\n  A: {name: A, was: [B]}\n", "2:16", "'was' is a mapping"),
        ("types:\n  A: {name: A, was: {B: 0.2}}\n", "2:22", "0.2 is not a version"),
        ("types:\n  A: {name: A, was: {B-: '1'}}\n", "2:22", "'B-' is not a valid name"),
        ("types:\n  A: X\n  B: X\n", "3:3", "'X' is the name of A as well"),
        ("types:\n  A: X\n  A: Y\n", "3:3", "A"),
        ("types:\n<<<<<<< ours\n  A: X\n=======\n  A: Y\n>>>>>>> theirs\n", "3:4", ""),
        ("types: {\n", "2:1", ""),
    ],
)
def test_a_lock_that_is_wrong_says_where(text: str, place: str, message: str) -> None:
    Path("names.lock").write_text(text)
    result = run()
    assert result.exit_code == 2, result.output
    assert f"names.lock:{place}: " in result.output
    assert message in result.output
    assert Path("names.lock").read_text() == text
    assert not Path("sdk").exists()


def test_an_empty_lock_is_valid(folder: Path) -> None:
    (folder / "names.lock").write_text("")
    generated()
    assert lock() == FIRST


def test_ir_tells_the_names_of_the_lock() -> None:
    generated()
    describe(("operationId: createJob", "operationId: makeJob"))
    result = CliRunner().invoke(main, ["ir"])
    methods = json.loads(result.stdout)["names"]["methods"]
    assert methods["depot.yaml#/paths/~1jobs/post"] == "client.jobs.create"
