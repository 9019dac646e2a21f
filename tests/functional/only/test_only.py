"""A part of an API: its operations, the types they reach, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from specloom.commands import main
from specloom.options import BuildOptions
from specloom.pipeline import build
from support.examples import ASSISTANTS, LIB
from support.generated import Sdk, forget, generate_sdk
from support.loopback import Loopback

pytestmark = pytest.mark.slow

WHOLE = BuildOptions(overlays=(Path(__file__).parent / "overlay.yaml",), include=LIB)
PART = replace(WHOLE, only=("/threads/{thread_id}/messages*", "createThread"))


@pytest.fixture(scope="module")
def sdk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sdk]:
    made = generate_sdk(ASSISTANTS, tmp_path_factory.mktemp("only"), PART)
    yield made
    forget(made)


def public(value: object) -> set[str]:
    return {name for name in dir(value) if not name.startswith(("_", "with_"))}


def test_only_the_selected_operations_exist(sdk: Sdk) -> None:
    client = sdk.client("http://localhost", api_key="k")
    assert not hasattr(client, "assistants")
    assert public(client.threads) == {"create", "messages"}
    assert {"create", "list", "files"} <= public(client.threads.messages)


def test_they_work(sdk: Sdk, server: Loopback) -> None:
    assert sdk.import_all()
    server.answer({"id": "thread_1", "object": "thread", "created_at": 1, "metadata": {}})
    thread = sdk.client(server.base_url, api_key="k").threads.create()
    assert (type(thread), thread.id) == (sdk.types.Thread, "thread_1")
    assert (server.last.method, server.last.path) == ("POST", "/threads")


def test_types_are_those_they_reach(sdk: Sdk) -> None:
    names = public(sdk.types)
    assert {"Message", "Thread"} <= names
    assert not {"Run", "RunStep", "Assistant"} & names


def test_a_part_reads_as_it_does_in_the_whole(sdk: Sdk) -> None:
    path = f"{sdk.package}/resources/threads/messages/files.py"
    assert sdk.source(path) == build(ASSISTANTS, WHOLE).files[path]


def test_another_selection_is_another_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    def generate(*selectors: str) -> str:
        only = [part for selector in selectors for part in ("--only", selector)]
        command = ["generate", str(ASSISTANTS), "-o", "out", "--include", str(LIB), *only]
        return CliRunner().invoke(main, command).output

    assert "out: 1 operation, " in generate("createThread")
    assert "unchanged; " in generate("createThread")
    assert "out: 2 operations, " in generate("createThread", "deleteThread")
    assert "written, " in generate("deleteThread", "createRun")


def test_one_that_selects_nothing_writes_nothing(tmp_path: Path) -> None:
    command = ["generate", str(ASSISTANTS), "-o", str(tmp_path / "out"), "--only", "createThreads"]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 2
    assert "unmatched-selector: --only 'createThreads' selects no operation" in result.stderr
    assert "hint: did you mean 'createThread'?" in result.stderr
    assert not (tmp_path / "out").exists()


WEBHOOKS = """\
openapi: 3.1.0
info: {title: Pets, version: "1"}
paths:
  /pets: {get: {operationId: listPets, tags: [pets], responses: {"204": {description: ok}}}}
webhooks:
  sold: {post: {responses: {"204": {description: ok}}}}
"""


@pytest.mark.parametrize(("only", "warned"), [(("pets",), [5]), ((), [])])
def test_webhooks_are_left_out_with_a_warning(
    tmp_path: Path, only: tuple[str, ...], warned: list[int]
) -> None:
    spec = tmp_path / "pets.yaml"
    spec.write_text(WEBHOOKS)
    problems = build(spec, BuildOptions(only=only)).problems
    found = [one for one in problems if one.code == "webhooks-left-out"]
    assert [problems.place(one).line for one in found] == warned
    assert all(one.severity == "warning" for one in found)
