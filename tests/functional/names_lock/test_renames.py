"""A rename leaves a former name."""

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

from functional.names_lock.depot import describe, generated, lock, run
from specloom.options import BuildOptions
from support.generated import Sdk, forget, generate_sdk
from support.loopback import Loopback
from support.typecheck import mypy_errors

pytestmark = pytest.mark.slow

JOB = {"id": "j", "status": "done"}
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
            'POST /jobs: {name: work.jobs.begin, id: createJob, returns: Job, was: {jobs.create: "0.2.0"}}'
            in text
        )
        assert "{name: work.jobs.begin_and_poll, was: {jobs.create_and_poll" in text
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
            result = (getattr(jobs, view) if view else jobs).create(name="x")
            if view == "with_streaming_response":
                with result as response:
                    result = response.parse()
        assert [str(one.message) for one in caught] == [
            "client.jobs.create has a new name. Use client.work.jobs.begin instead."
        ]
        assert {one.filename for one in caught} == {__file__}
        assert (result.parse() if view == "with_raw_response" else result).id == "j"
        assert server.last.json == {"name": "x"}

    def test_leaves_an_async_method(self, sdk: Sdk, server: Loopback) -> None:
        async def call() -> Any:
            async with sdk.async_client(server.base_url) as client:
                with pytest.warns(DeprecationWarning, match="has a new name"):
                    waiting = client.jobs.create(name="x")
                with pytest.warns(DeprecationWarning, match="has a new name"):
                    raw = client.jobs.with_raw_response.create(name="x")
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
            assert client.jobs.create_and_poll().status == "done"
        server.answer(b'data: {"size": 3}\n\n', content_type="text/event-stream")
        with pytest.warns(DeprecationWarning, match="has a new name"):
            stream = client.jobs.create(stream=True)
        with stream:
            assert [event.size for event in stream] == [3]

    def test_only_the_old_name_warns(self, sdk: Sdk, server: Loopback) -> None:
        client = sdk.client(server.base_url)
        server.answer(JOB)
        assert client.work.jobs.begin().id == "j"
        assert not hasattr(client.jobs, "begin")
        assert not hasattr(client.work.jobs, "create")

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
            job = client.jobs.create(name="x", part=part)
            assert_type(job, Job)
            assert_type(client.jobs.create(stream=True), Stream[Piece])
            client.work.jobs.begin(name=1)  # type: ignore[call-overload]
            client.jobs.create(name=1)  # type: ignore[call-overload]

            def old(part: Part) -> Piece:
                return part

            def outcome(job: Job) -> Result | None:
                return job.result

            async def main() -> None:
                assert_type(await AsyncDepot().jobs.create_and_poll(), Job)
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

    def test_is_documented_on_the_pages(self, sdk: Sdk) -> None:
        told = "Deprecated: use [`client.work.jobs.begin`]({}resources/work/jobs.md#begin)."
        assert f"| ~~`jobs.create`~~ | {told.format('')} |" in sdk.source("docs/README.md")
        page = sdk.source("docs/resources/jobs.md")
        assert f"- ~~`jobs.create`~~: {told.format('').replace('resources/', '')}" in page
        assert "Its former name `Part` still works, with a warning." in "".join(
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
        assert 'was: {parts.second: "0.2.0", parts.update: "0.2.0"}' in lock()

    def test_that_is_taken_back_leaves_the_other_name(self) -> None:
        generated()
        said = "operationId: putParts\n      x-sdk: {{method: {}}}"
        describe(("operationId: putParts", said.format("second")))
        generated()
        describe(("operationId: putParts", said.format("update")))
        generated()
        assert (
            '{name: parts.update, id: putParts, returns: PartUpdateResponse, was: {parts.second: "0.2.0"}}'
            in lock()
        )

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
        warned = "client.jobs.create, the former name of client.work.jobs.begin, stops working"
        assert (warned in told) != is_kept
        assert "stops working" not in generated("--all")
