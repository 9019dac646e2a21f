"""Names in the lock stay, whatever becomes of the description; a rename leaves a former name."""

from __future__ import annotations

import asyncio
import inspect
import json
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from specloom.commands import main
from specloom.lock.text import write_lock
from specloom.naming.names import Names
from specloom.options import BuildOptions
from specloom.pipeline import build
from support.generated import Sdk, forget, generate_sdk
from support.loopback import Loopback
from support.typecheck import mypy_errors

SPEC = (Path(__file__).parent / "spec.yaml").read_text()
SETTINGS = '[tool.specloom]\nspec = "depot.yaml"\noutput = "sdk"\nnames_lock = "names.lock"\n'
JOB = {"id": "j", "status": "done"}
FIRST = """\
operations:
  POST /jobs: {name: jobs.create_job, id: createJob}
  GET /jobs/{id}: {name: jobs.get_job, id: getJob}
  PUT /parts: {name: parts.put_parts, id: putParts}

polls:
  POST /jobs: jobs.create_job_and_poll

arguments:
  GET /jobs/{id} header id: header_id

types:
  /paths/~1parts/put/responses/200/content/application~1json/schema: PutPartsResponse
  /paths/~1parts/put/responses/200/content/application~1json/schema/properties/first: PutPartsResponseFirst
  Failure: Failure
  Job: Job
  Part: Part
  Result: Result
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("pyproject.toml").write_text(SETTINGS)
    describe()
    return tmp_path


def describe(*changes: tuple[str, str]) -> None:
    """Write the description, with changes to its text."""
    text = SPEC
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    Path("depot.yaml").write_text(text)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["generate", *arguments])


def generated(*arguments: str) -> str:
    """Generate; what was said."""
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.output


def lock() -> str:
    """The lock without the words at its head."""
    return Path("names.lock").read_text().partition("\n\n")[2]


def names() -> Names:
    return build(Path("depot.yaml"), BuildOptions(names_lock=Path("names.lock"))).names


def addresses() -> dict[str, str]:
    """The addresses of all methods by path and method of HTTP."""
    return {
        pointer.partition("#/paths/")[2]: address for pointer, address in names().addresses.items()
    }


class TestTheFile:
    def test_holds_one_line_a_name_and_is_kept_up_to_date(self) -> None:
        generated()
        assert lock() == FIRST
        describe(("components:\n", "  /new: {get: {operationId: x, responses: {}}}\ncomponents:\n"))
        generated()
        added = "  GET /new: {name: default.x, id: x}\n  PUT /parts"
        assert lock() == FIRST.replace("  PUT /parts", added, 1)

    def test_loses_what_is_gone(self) -> None:
        describe(("components:\n", "  /new: {get: {operationId: x, responses: {}}}\ncomponents:\n"))
        generated()
        describe()
        generated()
        assert lock() == FIRST

    def test_keeps_what_is_left_out_because_it_is_broken(self) -> None:
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
        assert "+  POST /jobs: {name: jobs.create_job, id: createJob}" in result.stdout
        assert Path("names.lock").read_text() == "types: {Job: Job}\n"

    def test_an_edit_of_it_is_noticed(self) -> None:
        generated()
        generated()
        text = Path("names.lock").read_text()
        Path("names.lock").write_text(text.replace("jobs.create_job,", "jobs.begin,"))
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
        files = {path: path.read_bytes() for path in Path("sdk").rglob("*") if path.is_file()}
        Path("names.lock").write_bytes(Path("names.lock").read_bytes().replace(b"\n", b"\r\n"))
        describe()
        generated("--force")
        assert files == {path: path.read_bytes() for path in files}


class TestANameStays:
    def test_where_the_operation_has_another_id(self) -> None:
        generated()
        describe(("operationId: createJob", "operationId: makeJob"))
        generated()
        assert addresses()["~1jobs/post"] == "jobs.create_job"
        assert "POST /jobs: {name: jobs.create_job, id: makeJob}" in lock()

    def test_where_the_operation_has_another_tag(self) -> None:
        generated()
        describe(("tags: [jobs]", "tags: [work]"))
        assert addresses()["~1jobs/post"] == "jobs.create_job"

    def test_where_the_operation_has_another_path(self) -> None:
        generated()
        describe(("  /parts:", "  /v2/parts:"), ("    put:", "    post:"))
        generated()
        assert addresses()["~1v2~1parts/post"] == "parts.put_parts"
        assert lock() == FIRST.replace("PUT /parts", "POST /v2/parts").replace(
            "~1parts/put/", "~1v2~1parts/post/"
        )

    def test_where_paths_are_read_in_another_way(self) -> None:
        generated()
        describe(("  version: 0.2.0", "  version: 0.2.0\n  resources: paths"))
        assert set(addresses().values()) == {"jobs.create_job", "jobs.get_job", "parts.put_parts"}

    def test_where_a_clash_that_decided_it_is_over(self) -> None:
        generated()
        describe(
            ("/jobs/{id}:", "/jobs/it:"),
            ("{name: id, in: path, required: true", "{name: q, in: query"),
        )
        text = Path("names.lock").read_text()
        Path("names.lock").write_text(text.replace("/jobs/{id}", "/jobs/it"))
        pointer = next(one for one in names().arguments if "~1jobs~1it" in one)
        assert names().arguments[pointer][("header", "id")] == "header_id"

    def test_where_something_new_would_have_a_better_claim_to_it(self) -> None:
        describe(("    Part:", "    part:"), ("schemas/Part", "schemas/part"))
        generated()
        assert "  part: Part\n" in lock()
        describe(
            ("    Part:", "    part:"),
            ("schemas/Part", "schemas/part"),
            ("    Job:\n", "    Part: {type: object, properties: {a: {type: string}}}\n    Job:\n"),
        )
        assert names().types["depot.yaml#/components/schemas/part"] == "Part"
        assert names().types["depot.yaml#/components/schemas/Part"] == "Part2"

    def test_where_a_resource_is_called_by_a_number(self, folder: Path) -> None:
        describe(("tags: [jobs]", "tags: [1st]"))
        generated()
        assert "n1st.create_job" in lock()
        describe(("tags: [jobs]", "tags: [1st]"), ("tags: [parts]", "tags: [1st]"))
        generated()
        assert {path.stem for path in folder.glob("sdk/depot_sdk/resources/*.py")} == {
            "__init__",
            "n1st",
            "parts",
        }

    @settings(
        max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(data=st.data())
    def test_in_whatever_order_the_description_stands(self, data: st.DataObject) -> None:
        def shuffled(value: Any) -> Any:
            if isinstance(value, dict):
                keys = data.draw(st.permutations(list(value)))
                return {key: shuffled(value[key]) for key in keys}
            return [shuffled(one) for one in value] if isinstance(value, list) else value

        describe()
        locked = Path("names.lock")
        locked.unlink(missing_ok=True)
        first = build(Path("depot.yaml"), BuildOptions(names_lock=locked))
        write_lock(locked, first.lock or "")
        Path("depot.yaml").write_text(json.dumps(shuffled(yaml.safe_load(SPEC))))
        again = build(Path("depot.yaml"), BuildOptions(names_lock=locked))
        assert again.lock == first.lock
        assert again.names.types == first.names.types
        assert again.names.addresses == first.names.addresses
        assert again.names.arguments == first.names.arguments


RENAMED = (
    ("x-sdk: {poll:", "x-sdk: {resource: work.jobs, method: begin, poll:"),
    ("    Part: {type", "    Part: {x-sdk: {name: Piece}, type"),
    ("    Result:\n", "    Result:\n      x-sdk: {name: Outcome}\n"),
)


class TestARename:
    @pytest.fixture
    def sdk(self, folder: Path) -> Iterator[Sdk]:
        generated()
        describe(*RENAMED)
        made = generate_sdk(Path("depot.yaml"), folder / "out", self.options())
        yield made
        forget(made)

    def options(self) -> BuildOptions:
        return BuildOptions(names_lock=Path("names.lock"))

    def test_is_noted_with_the_version(self) -> None:
        generated()
        describe(*RENAMED)
        generated()
        text = Path("names.lock").read_text()
        assert (
            'POST /jobs: {name: work.jobs.begin, id: createJob, was: {jobs.create_job: "0.2.0"}}'
            in text
        )
        assert "{name: work.jobs.begin_and_poll, was: {jobs.create_job_and_poll" in text
        assert 'Part: {name: Piece, was: {Part: "0.2.0"}}' in text
        assert "files" in generated()
        assert Path("names.lock").read_text() == text
        assert run("--check").exit_code == 0

    @pytest.mark.parametrize("view", ["", "with_raw_response", "with_streaming_response"])
    def test_leaves_a_method_that_warns_once(self, sdk: Sdk, server: Loopback, view: str) -> None:
        jobs = sdk.client(server.base_url).jobs
        server.answer(JOB)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            result = (getattr(jobs, view) if view else jobs).create_job(name="x")
            if view == "with_streaming_response":
                with result as response:
                    result = response.parse()
        assert [str(one.message) for one in caught] == [
            "client.jobs.create_job has a new name. Use client.work.jobs.begin instead."
        ]
        assert {one.filename for one in caught} == {__file__}
        assert (result.parse() if view == "with_raw_response" else result).id == "j"
        assert server.last.json == {"name": "x"}

    def test_leaves_an_async_method(self, sdk: Sdk, server: Loopback) -> None:
        async def call() -> Any:
            async with sdk.async_client(server.base_url) as client:
                with pytest.warns(DeprecationWarning, match="has a new name"):
                    waiting = client.jobs.create_job(name="x")
                with pytest.warns(DeprecationWarning, match="has a new name"):
                    raw = client.jobs.with_raw_response.create_job(name="x")
                return [await waiting, (await raw).parse()]

        server.answer(JOB)
        server.answer(JOB)
        assert [one.id for one in asyncio.run(call())] == ["j", "j"]

    def test_leaves_a_method_that_waits_and_one_that_streams(
        self, sdk: Sdk, server: Loopback
    ) -> None:
        client = sdk.client(server.base_url)
        server.answer(JOB | {"status": "new"})
        server.answer(JOB)
        with pytest.warns(DeprecationWarning, match=r"Use client.work.jobs.begin_and_poll"):
            assert client.jobs.create_job_and_poll().status == "done"
        server.answer(b'data: {"size": 3}\n\n', content_type="text/event-stream")
        with pytest.warns(DeprecationWarning, match="has a new name"):
            stream = client.jobs.create_job(stream=True)
        with stream:
            assert [event.size for event in stream] == [3]

    def test_leaves_nothing_else_and_the_new_name_does_not_warn(
        self, sdk: Sdk, server: Loopback
    ) -> None:
        client = sdk.client(server.base_url)
        server.answer(JOB)
        assert client.work.jobs.begin().id == "j"
        assert not hasattr(client.jobs, "begin")
        assert not hasattr(client.work.jobs, "create_job")

    def test_of_a_type_leaves_it_importable(self, sdk: Sdk) -> None:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            from depot_sdk.types import (  # type: ignore[import-not-found]
                Part,
                PartParam,
            )

            assert sdk.types.Result is sdk.types.Outcome
            assert sdk.types.UnknownResult is sdk.types.UnknownOutcome
        assert Part is sdk.types.Piece
        assert PartParam is sdk.types.PieceParam
        told = "depot_sdk.types.Part has a new name. Use depot_sdk.types.Piece instead."
        assert [str(one.message) for one in caught].count(told) == 1
        assert len(caught) == 4
        assert {one.filename for one in caught} == {__file__}
        assert "Part" not in dir(sdk.types)

    def test_type_checkers_know_both_names(self, sdk: Sdk, tmp_path: Path) -> None:
        use = """
            from typing import assert_type
            from depot_sdk import AsyncDepot, Depot, Stream
            from depot_sdk.types import Job, Part, PartParam, Piece, Result

            client = Depot()
            part: PartParam = {"size": 1}
            job = client.jobs.create_job(name="x", part=part)
            assert_type(job, Job)
            assert_type(client.jobs.create_job(stream=True), Stream[Piece])
            client.work.jobs.begin(name=1)  # type: ignore[call-overload]
            client.jobs.create_job(name=1)  # type: ignore[call-overload]

            def old(part: Part) -> Piece:
                return part

            def outcome(job: Job) -> Result | None:
                return job.result

            async def main() -> None:
                assert_type(await AsyncDepot().jobs.create_job_and_poll(), Job)
        """
        assert mypy_errors(sdk, use) == []
        found = mypy_errors(sdk, f"            # mypy: enable-error-code=deprecated\n{use}")
        assert [line.partition(":")[2].partition(":")[0] for line in found] == ["9", "11", "22"]
        assert all("has a new name" in line for line in found)
        (tmp_path / "use.py").write_text(inspect.cleandoc(use))
        config = {
            "typeCheckingMode": "strict",
            "include": ["use.py", str(sdk.folder / "depot_sdk")],
            "ignore": ["**/_runtime"],
            "extraPaths": [str(sdk.folder)],
        }
        (tmp_path / "pyrightconfig.json").write_text(json.dumps(config))
        command = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "--outputjson"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        found = json.loads(done.stdout)["generalDiagnostics"]
        assert {(one["rule"], Path(one["file"]).name) for one in found} == {
            ("reportDeprecated", "use.py")
        }
        assert [one["range"]["start"]["line"] for one in found] == [6, 8, 19]

    def test_is_told_on_the_pages(self, sdk: Sdk) -> None:
        told = "Deprecated: use [`client.work.jobs.begin`]({}resources/work/jobs.md#begin)."
        assert f"| ~~`jobs.create_job`~~ | {told.format('')} |" in sdk.source("docs/README.md")
        page = sdk.source("docs/resources/jobs.md")
        assert f"- ~~`jobs.create_job`~~: {told.format('').replace('resources/', '')}" in page
        assert "Its former name `Part` still works, and warns." in "".join(
            path.read_text() for path in sdk.folder.glob("docs/types/*.md")
        )

    def test_within_a_resource_uses_one_constant(self) -> None:
        generated()
        describe(("operationId: putParts", "operationId: putParts\n      x-sdk: {method: replace}"))
        generated()
        text = Path("sdk/depot_sdk/resources/parts.py").read_text()
        assert text.count('id="putParts"') == 1
        assert text.count('"""The former name of ``client.parts.replace``."""') == 2
        assert text.count("_PUT_PARTS__TEXT_CSV") == 0

    def test_in_the_same_version_again_keeps_the_first_name(self) -> None:
        generated()
        for name in ("second", "third"):
            describe(
                ("operationId: putParts", f"operationId: putParts\n      x-sdk: {{method: {name}}}")
            )
            generated()
        assert 'was: {parts.put_parts: "0.2.0", parts.second: "0.2.0"}' in lock()

    def test_that_is_taken_back_leaves_the_other_name(self) -> None:
        generated()
        said = "operationId: putParts\n      x-sdk: {{method: {}}}"
        describe(("operationId: putParts", said.format("second")))
        generated()
        describe(("operationId: putParts", said.format("put_parts")))
        generated()
        assert '{name: parts.put_parts, id: putParts, was: {parts.second: "0.2.0"}}' in lock()

    @pytest.mark.parametrize(
        ("version", "is_kept"),
        [("0.2.0", True), ("0.2.9", True), ("0.3.0", False), ("1.0", False), ("1.2.0", False)],
    )
    def test_lasts_until_the_minor_or_major_version_changes(
        self, version: str, is_kept: bool
    ) -> None:
        generated()
        describe(*RENAMED)
        generated()
        describe(*RENAMED, ("version: 0.2.0", f'version: "{version}"'))
        told = generated("--all")
        assert ("was:" in lock()) == is_kept
        assert Path("sdk/depot_sdk/resources/jobs.py").read_text().count("_deprecated(") == (
            4 if is_kept else 0
        )
        assert ('"Part"' in Path("sdk/depot_sdk/types/__init__.py").read_text()) == is_kept
        warned = "client.jobs.create_job, the former name of client.work.jobs.begin, stops working"
        assert (warned in told) != is_kept
        assert "stops working" not in generated("--all")


class TestAClash:
    def test_of_a_former_name_with_another_method(self) -> None:
        generated()
        describe(
            ("operationId: getJob", "operationId: getJob\n      x-sdk: {method: create_job}"),
            ("x-sdk: {poll:", "x-sdk: {method: begin, poll:"),
        )
        result = run()
        assert result.exit_code == 2
        assert (
            "names.lock:5:3: lock-clash: client.jobs.create_job, the former name of POST /jobs"
            in (result.output)
        )
        assert "GET /jobs/{id}" in result.output
        text = Path("names.lock").read_text()
        Path("names.lock").write_text(text.replace("jobs.create_job,", "jobs.begin,"))
        generated()
        assert addresses()["~1jobs~1{id}/get"] == "jobs.create_job"

    def test_of_a_former_name_with_a_resource(self) -> None:
        generated()
        describe(
            ("x-sdk: {poll:", "x-sdk: {resource: jobs.create_job, method: begin, poll:"),
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
        describe(("tags: [parts]\n", "tags: [parts]\n      x-sdk: {resource: jobs.create_job}\n"))
        result = run()
        assert result.exit_code == 2
        assert "client.jobs.create_job is a resource, or another operation's method" in (
            result.output
        )


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("- a\n", "1:1", "a lock is a mapping, not a list"),
        ("operation: {}\n", "1:1", "a lock has no part 'operation'"),
        ("operations: []\n", "1:1", "'operations' is a mapping, not a list"),
        ("operations:\n  GET /a: {nam: a.b}\n", "2:12", "an entry has no key 'nam'"),
        ("operations:\n  GET /a: create\n", "2:3", "'create' is no name that an SDK can have"),
        ("operations:\n  GET /a: a.import\n", "2:3", "'a.import' is no name"),
        ("types:\n  A: a-b\n", "2:3", "'a-b' is no name"),
        ("types:\n  A: ../a\n", "2:3", "'../a' is no name"),
        ("types:\n  A: 1\n", "2:3", "1 is no name"),
        ("types:\n  A: {name: A, was: [B]}\n", "2:16", "'was' is a mapping"),
        ("types:\n  A: {name: A, was: {B: 0.2}}\n", "2:22", "0.2 is no version"),
        ("types:\n  A: {name: A, was: {B-: '1'}}\n", "2:22", "'B-' is no name"),
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


def test_an_empty_lock_is_one(folder: Path) -> None:
    (folder / "names.lock").write_text("")
    generated()
    assert lock() == FIRST


def test_ir_tells_the_names_of_the_lock() -> None:
    generated()
    describe(("operationId: createJob", "operationId: makeJob"))
    result = CliRunner().invoke(main, ["ir"])
    methods = json.loads(result.stdout)["names"]["methods"]
    assert methods["depot.yaml#/paths/~1jobs/post"] == "client.jobs.create_job"
