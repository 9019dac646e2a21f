"""``specloom init``: the new project generates, tests itself, and can be edited."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from specloom.commands import main
from specloom.options import BuildOptions
from specloom.output.folder import apply, plan_output
from specloom.pipeline import build, read

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
FUNCTIONAL = HERE.parent
ROOT = FUNCTIONAL.parents[1]
CORPUS = ROOT.parent / "shared/corpus/real"
BIN = Path(sys.executable).parent
CASES = {
    "the example": None,
    "several files that refer to each other": FUNCTIONAL / "file_shapes/spec.yaml",
    "3.0": FUNCTIONAL / "read_only_write_only/spec.yaml",
    "3.2, with events": FUNCTIONAL / "json_or_events/spec.yaml",
    "security": FUNCTIONAL / "security/spec.yaml",
    "pages and streams": ROOT / "tests/golden/lists_and_streams/spec.yaml",
    "names that clash": HERE / "clashes.yaml",
}
LARGE = (
    "bump-sh-examples_train-travel-api_openapi.yaml",
    "browserbase_sdk-python_openapi.v1.yaml",
    "twilio_twilio-oai_spec_yaml_twilio_video_v1.yaml",
)
needs_make = pytest.mark.skipif(
    shutil.which("make") is None or not (BIN / "specloom").exists(),
    reason="wants make, and specloom installed beside this Python",
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def init(*arguments: str, answers: str | None = None) -> Result:
    return CliRunner().invoke(main, ["init", *arguments], input=answers)


def started(*arguments: str) -> str:
    result = init(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def make(*targets: str, folder: str = "new") -> str:
    """The output of `make`, in an environment that has everything: this one."""
    done = subprocess.run(
        ["make", "--no-print-directory", *targets, f"VENV={BIN.parent}"],
        cwd=folder,
        env=os.environ | {"NO_COLOR": "1", "PYTHONPATH": str(ROOT / "generator")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def tree(folder: str) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in Path(folder).rglob("*")
        if path.is_file()
    }


def overlay(folder: str = "new") -> dict[str, Any]:
    text = Path(folder, "spec/names.overlay.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def proposed(folder: str = "new") -> list[str]:
    """The names in the overlay."""
    named = [action["update"]["x-sdk"] for action in overlay(folder)["actions"][1:]]
    return sorted(f"{one['resource']}.{one['method']}" for one in named)


def given(folder: str = "new") -> list[str]:
    """The names of a reading of the project's description."""
    (spec,) = [path for path in Path(folder, "spec").glob("*.*") if "overlay" not in path.name
               and "schema" not in path.name and "openapi" in path.read_text()]  # fmt: skip
    reading = read(spec, BuildOptions(overlays=(Path(folder, "spec/names.overlay.yaml"),)))
    return sorted(
        ".".join("_".join(words) for words in one.resource)
        + f".{reading.names.methods[one.pointer]}"
        for one in reading.api.operations()
    )


@needs_make
@pytest.mark.parametrize("case", CASES)
def test_generate_and_test_pass_at_once(case: str) -> None:
    spec = CASES[case]
    started(*([str(spec)] if spec else []), "--dir", "new", "--yes")
    before = tree("new")
    printed = make("generate", "check", "test")
    assert re.search(r"files: \d+ unchanged;", printed)
    count = int(re.search(r"(\d+) passed", printed)[1])  # type: ignore[index]
    operations = int(re.search(r"(\d+) operation", printed)[1])  # type: ignore[index]
    assert count == operations + 1
    after = {path: content for path, content in tree("new").items() if path in before}
    assert after == before


@needs_make
@pytest.mark.parametrize("name", LARGE)
def test_published_descriptions_give_the_same_results(name: str) -> None:
    if not CORPUS.is_dir():
        pytest.skip("the corpus is not here")
    started(str(CORPUS / name), "--dir", "new", "--yes")
    assert proposed() == given()
    assert " passed" in make("generate", "test")


@needs_make
def test_a_json_description_stays_json() -> None:
    text = (ROOT / "tests/docs/library.yaml").read_text(encoding="utf-8")
    Path("library.json").write_text(json.dumps(yaml.safe_load(text), default=str))
    started("library.json", "--dir", "new", "--yes")
    assert Path("new/spec/library.json").read_bytes() == Path("library.json").read_bytes()
    assert " passed" in make("generate", "test")


@needs_make
def test_the_call_of_a_stream_or_bytes_requests_the_stream() -> None:
    contents = (
        "{application/octet-stream: {schema: {type: string, format: binary}},"
        " text/event-stream: {schema: {type: object, properties: {delta: {type: string}}}}}"
    )
    Path("a.yaml").write_text(
        "openapi: 3.1.0\ninfo: {title: Speech, version: '1'}\npaths: {/speech: {post:"
        f" {{operationId: speak, responses: {{'200': {{description: A., content: {contents}}}}}}}}}}}\n"
    )
    started("a.yaml", "--dir", "new", "--yes")
    ast.parse(Path("new/tests/test_calls.py").read_text(encoding="utf-8"))


def test_an_edited_name_is_used() -> None:
    started("--dir", "new", "--yes")
    names = Path("new/spec/names.overlay.yaml")
    text = names.read_text(encoding="utf-8")
    assert text.count("{resource: tasks, method: retrieve}") == 1
    names.write_text(
        text.replace("{resource: tasks, method: retrieve}", "{resource: todo, method: look}")
    )
    printed = make("generate", "calls", "test")
    assert "tests/test_calls.py: 5 operations\n" in printed
    assert "6 passed" in printed
    assert "client.todo.look(" in Path("new/tests/test_calls.py").read_text()


@needs_make
def test_calls_fail_if_the_sdk_sends_something_else() -> None:
    started("--dir", "new", "--yes")
    calls = Path("new/tests/test_calls.py")
    calls.write_text(calls.read_text().replace('"/tasks/{id}"', '"/jobs/{id}"'))
    with pytest.raises(AssertionError, match=r"No answer for GET /tasks/task_123"):
        make("test")


def test_a_list_of_the_targets_is_the_default() -> None:
    if shutil.which("make") is None:
        pytest.skip("wants make")
    started("--dir", "new", "--yes")
    targets = [line.split()[0] for line in make().splitlines()]
    assert targets == "help setup generate watch check test calls clean".split()


class TestNames:
    def test_reading_the_text_again_gives_the_same_entries(self) -> None:
        for number, spec in enumerate(filter(None, CASES.values())):
            started(str(spec), "--dir", f"new{number}", "--yes", "--resources", "tags")
            assert set(proposed(f"new{number}")) <= set(given(f"new{number}"))

    def test_clashes_are_settled(self) -> None:
        printed = started(str(HERE / "clashes.yaml"), "--dir", "new", "--yes")
        assert overlay()["actions"][0]["update"]["x-sdk"]["resources"] == "paths"
        assert proposed() == given()
        assert proposed() == sorted(
            "users.list users.get_list users.retrieve v1.users.retrieve"
            " users.retrieve_user it_s.really_do null.on odd_path.on .upload".split()
        )
        assert "and for example client.upload(…)\n" in printed
        assert "\n2 methods got a fallback name; the first choice was taken.\n" in printed
        text = Path("new/spec/names.overlay.yaml").read_text()
        assert (
            "  # GET /api/users/{id}\n  #   not client.users.retrieve: another operation has this name\n"
            in text
        )

    def test_an_unreachable_operation_is_reported_with_its_place(self) -> None:
        started(str(FUNCTIONAL / "file_shapes/spec.yaml"), "--dir", "new", "--yes")
        text = Path("new/spec/names.overlay.yaml").read_text()
        assert (
            "  # GET /pets/{id}\n  #   client.pets.retrieve; only x-sdk at this place can change the name:\n"
            "  #   paths/pet.yaml#/get\n"
        ) in text

    @pytest.mark.parametrize("name", ["security", "corpus_head", "names"])
    def test_names_are_those_that_generate_gives(self, name: str) -> None:
        spec = FUNCTIONAL / name / "spec.yaml"
        started(str(spec), "--dir", "new", "--yes")
        assert overlay()["actions"][0]["update"]["x-sdk"]["resources"] == "paths"
        addresses = read(spec, BuildOptions()).names.addresses.values()
        assert set(proposed()) <= set(addresses)

    def test_options_say_it_otherwise(self) -> None:
        options = "--package odd_sdk --client Odd --resources tags"
        started("--dir", "new", "--yes", *options.split())
        assert overlay()["actions"][0]["update"] == {
            "x-sdk": {"package": "odd_sdk", "client": "Odd", "resources": "tags"}
        }
        assert Path("new/generated/odd_sdk/client.py").is_file()

    @pytest.mark.parametrize(
        "option", ["--package=Odd", "--package=class", "--client=odd", "--client=None"]
    )
    def test_an_invalid_name_is_refused(self, option: str) -> None:
        result = init("--dir", "new", "--yes", option)
        assert result.exit_code == 2
        assert "is not a valid name" in result.stderr
        assert not Path("new").exists()


class TestQuestions:
    def test_enter_accepts_the_proposal(self) -> None:
        result = init("--dir", "new", answers="\n\n\n")
        assert result.exit_code == 0
        for question in ("Import name of the SDK [todo_sdk]:", "Class of the client [Todo]:",
                         "Names from (paths, tags) [paths]:"):  # fmt: skip
            assert question in result.stdout

    def test_answers_are_taken_and_wrong_ones_asked_again(self) -> None:
        result = init("--dir", "new", "--client", "Mine", answers="No\nmy_sdk\ntags\n")
        assert result.exit_code == 0
        assert "'No' is not a valid name; an example is zoo_sdk." in result.output
        assert overlay()["actions"][0]["update"]["x-sdk"] == {
            "package": "my_sdk", "client": "Mine", "resources": "tags"
        }  # fmt: skip

    def test_no_answer_is_an_error_that_names_yes(self) -> None:
        result = init("--dir", "new", answers="")
        assert (result.exit_code, "--yes" in result.stderr) == (2, True)
        assert not Path("new").exists()


class TestNothingIsOverwritten:
    def test_what_is_in_the_way_is_listed(self) -> None:
        Path("generated").mkdir()
        for path in ("Makefile", "README.md", "generated/mine"):
            Path(path).write_text("mine")
        before = tree(".")
        result = init("--yes")
        assert result.exit_code == 2
        found = re.findall(r"^(.*):1:1: file-exists: ", result.stderr, re.MULTILINE)
        assert found == ["Makefile", "README.md", "generated"]
        assert tree(".") == before

    def test_other_files_and_the_description_in_its_place_are_not(self) -> None:
        Path("spec").mkdir()
        shutil.copy(FUNCTIONAL / "security/spec.yaml", "spec/api.yaml")
        Path("notes.txt").write_text("mine")
        started("spec/api.yaml", "--yes")
        assert Path("notes.txt").read_text() == "mine"
        assert 'spec = "spec/api.yaml"' in Path("pyproject.toml").read_text()

    def test_a_description_with_errors_writes_nothing(self) -> None:
        Path("a.yaml").write_text("openapi: 3.1.0\npaths: {'/a/{b': {get: {}}}")
        result = init("a.yaml", "--dir", "new", "--yes")
        assert result.exit_code == 2
        assert result.stderr.startswith("a.yaml:2:9: bad-path: ")
        assert not Path("new").exists()

    def test_a_failed_write_leaves_no_files(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*_: object) -> int:
            raise OSError("the disk is full")

        monkeypatch.setattr(Path, "write_bytes", _after(8, Path.write_bytes, full))
        result = init("--dir", "new", "--yes")
        assert (result.exit_code, "new:1:1: unwritable: the disk is full" in result.stderr) == (
            2,
            True,
        )
        assert not Path("new").exists()

    def test_tests_of_a_person_are_kept(self) -> None:
        started("--yes")
        Path("tests/test_calls.py").write_text("mine")
        result = init("--calls")
        assert (result.exit_code, ": file-exists: " in result.stderr) == (2, True)
        assert Path("tests/test_calls.py").read_text() == "mine"


def _after(count: int, first: Any, then: Any) -> Any:
    calls: list[None] = []

    def act(*arguments: Any) -> Any:
        calls.append(None)
        return (first if len(calls) <= count else then)(*arguments)

    return act


def test_files_above_the_description_keep_their_place() -> None:
    for path, text in {
        "api/v1/main.yaml": "openapi: 3.1.0\ninfo: {title: Far, version: '1'}\npaths: {/a: {get: {responses:"
        " {'200': {description: A., content: {application/json: {schema: {$ref: ../../common/a.yaml}}}}}}}}\n",
        "common/a.yaml": "type: object\n",
        "common/b.yaml": "not: used\n",
    }.items():
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(text)
    started("api/v1/main.yaml", "--dir", "new", "--yes")
    assert sorted(path for path in tree("new") if path.startswith("spec/")) == [
        "spec/api/v1/main.yaml", "spec/common/a.yaml", "spec/names.overlay.yaml",
        "spec/specloom.schema.json",
    ]  # fmt: skip
    first = Path("new/spec/api/v1/main.yaml").read_text().splitlines()[0]
    assert first.endswith("$schema=../../specloom.schema.json")
    assert 'spec = "spec/api/v1/main.yaml"' in Path("new/pyproject.toml").read_text()


def test_what_generating_needs_is_in_the_makefile() -> None:
    Path("a.yaml").write_text(
        "openapi: 3.1.0\ninfo: {title: Part, version: '1'}\npaths: {/a: {get: {responses: {'200':"
        " {$ref: '#/components/responses/Lost'}}}}, /c: {get: {responses: {'204': {description: Gone.}}}}}"
    )
    started("a.yaml", "--dir", "new", "--yes", "--allow-partial")
    assert "specloom generate --allow-partial --check" in Path("new/Makefile").read_text()
    assert proposed() == ["c.retrieve"]


def test_the_same_input_gives_the_same_files() -> None:
    spec = str(HERE / "clashes.yaml")
    started(spec, "--dir", "new", "--yes")
    script = (
        f"from specloom.commands import main; main(['init', {spec!r}, '--dir', 'again', '--yes'])"
    )
    environment = os.environ | {"PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT / "generator")}
    subprocess.run([sys.executable, "-c", script], env=environment, check=True, capture_output=True)
    assert tree("again") == tree("new")


def test_the_sdk_equals_that_of_generate(folder: Path) -> None:
    started("--dir", "new", "--yes")
    built = build(Path("new/spec/todo.yaml"), BuildOptions((Path("new/spec/names.overlay.yaml"),)))
    applied = apply(plan_output(built.files, folder / "new/generated"))
    assert (applied.written, applied.deleted) == ([], [])
