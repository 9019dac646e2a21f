"""The command line: its output, its streams and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from specloom import ir, pipeline
from specloom.commands import main
from specloom.description.document import Document, Source
from specloom.description.tree import Value
from specloom.errors import Problems
from specloom.ir.usage import usage_of
from specloom.naming.names import assign_names
from specloom.options import BuildOptions
from specloom.reports import readability

FILES = {"README.md": "hello\n", "sdk/__init__.py": "x = 1\n"}


def api() -> ir.Api:
    operation = ir.Operation(
        "a", "a.yaml#/paths/~1a/get", "GET", "/a", (("a",),), ("list",), (), None, ()
    )
    return ir.Api(
        title="T",
        version="1",
        description="",
        settings=ir.Settings("sdk", "Client", "0.1.0"),
        servers=(),
        security_schemes=(),
        security=(),
        resources=(ir.Resource((("a",),), (operation,), ()),),
        types={"a.yaml#/A": ir.Model("a.yaml#/A", ("a",), "A", "a.yaml#/A", ())},
    )


class Stub:
    """Replaces the pipeline: records its arguments, and returns `files`."""

    def __init__(self) -> None:
        self.asked: list[tuple[Path, BuildOptions]] = []
        self.files = dict(FILES)
        self.problems = Problems()
        self.formatting = 0.0

    def build(self, spec: Path, options: BuildOptions, *_: object, **__: object) -> pipeline.Build:
        self.asked.append((spec, options))
        self.problems.raise_if_errors()
        # A remote source: such a run is not remembered, so that each asks the pipeline.
        root: Value = {"paths": {"/a": {"get": {}}}}
        source = Source("a.yaml", "https://example.com/a.yaml", "", root, is_json=False)
        document = Document("a.yaml", "", {"a.yaml": source}, root)
        made: pipeline.Build = pipeline.Build.__new__(pipeline.Build)
        for name, value in {
            "files": self.files,
            "api": api(),
            "problems": self.problems,
            "document": document,
            "is_whole": True,
            "formatting": self.formatting,
        }.items():
            object.__setattr__(made, name, value)
        return made

    def read(self, spec: Path, options: BuildOptions) -> pipeline.Reading:
        built = self.build(spec, options)
        usage = usage_of(built.api)
        names = assign_names(built.api, usage)
        return pipeline.Reading(built.document, built.api, built.problems, names, usage)

    def lint(self, spec: Path, options: BuildOptions) -> Problems:
        self.asked.append((spec, options))
        return self.problems


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Stub:
    stub = Stub()
    monkeypatch.setattr(pipeline, "build", stub.build)
    monkeypatch.setattr(pipeline, "read", stub.read)
    monkeypatch.setattr(readability, "lint", stub.lint)
    monkeypatch.chdir(tmp_path)
    return stub


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def tree(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): file.read_text()
        for file in folder.rglob("*")
        if file.is_file() and not any(part.startswith(".") for part in file.parts)
    }


class TestGenerate:
    def test_writes_and_says_what(self, stub: Stub) -> None:
        result = run("generate", "a.yaml", "-o", "out")
        assert result.exit_code == 0
        assert result.stderr == ""
        assert result.stdout.startswith("out: 1 operation, 1 model; files: 2 written; ")
        assert result.stdout.endswith(" s\n")
        assert tree(Path("out")) == FILES
        assert stub.asked == [(Path("a.yaml"), BuildOptions())]

    @pytest.mark.usefixtures("stub")
    def test_a_second_run_writes_nothing(self) -> None:
        run("generate", "a.yaml", "-o", "out")
        result = run("generate", "a.yaml", "-o", "out")
        assert "files: 2 unchanged;" in result.stdout

    def test_options_reach_the_pipeline(self, stub: Stub, tmp_path: Path) -> None:
        (tmp_path / "t").mkdir()
        options = (
            "--overlay o.yaml --overlay p.yaml --templates t --allow-remote --quiet"
            " --only pets --only /a/* --allow-partial --formatter ruff"
        )
        result = run("generate", "a.yaml", "-o", "out", *options.split())
        assert (result.exit_code, result.output) == (0, "")
        ((_, asked),) = stub.asked
        assert asked == BuildOptions(
            overlays=(Path("o.yaml"), Path("p.yaml")),
            templates=(Path("t"),),
            allow_remote=True,
            only=("pets", "/a/*"),
            allow_partial=True,
            formatter="ruff",
        )

    @pytest.mark.parametrize(
        ("seconds", "options", "is_told"),
        [(5.1, (), True), (4.9, (), False), (5.1, ("--quiet",), False)],
    )
    def test_a_long_run_of_black_recommends_ruff(
        self, stub: Stub, seconds: float, options: tuple[str, ...], is_told: bool
    ) -> None:
        stub.formatting = seconds
        result = run("generate", "a.yaml", "-o", "out", *options)
        assert (result.stdout.count("--formatter ruff") == 1) is is_told

    @pytest.mark.parametrize("is_set", [True, False])
    def test_a_formatter_that_is_not_installed_is_named(
        self, stub: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_set: bool
    ) -> None:
        monkeypatch.setattr("specloom.commands.generate.find_spec", lambda _: None)
        table = '[tool.specloom]\nspec = "a.yaml"\nformatter = "ruff"\n'
        (tmp_path / "pyproject.toml").write_text(table if is_set else "")
        options = () if is_set else ("--formatter", "ruff")
        result = run("generate", "a.yaml", "-o", "out", *options)
        assert (result.exit_code, result.stdout, stub.asked) == (2, "", [])
        assert "install specloom[ruff]" in result.stderr

    def test_bad_input_writes_nothing_and_ends_with_2(self, stub: Stub) -> None:
        stub.problems.error("bad-ref", "wrong", "a.yaml#/a")
        stub.problems.warning("unused-path-parameter", "odd", "a.yaml#/b")
        result = run("generate", "a.yaml", "-o", "out")
        assert result.exit_code == 2
        assert result.stdout == ""
        assert "a.yaml:1:1: bad-ref: wrong\n" in result.stderr
        assert result.stderr.endswith("\n1 error, 1 warning\n")
        assert not Path("out").exists()

    def test_warnings_are_shown_and_the_output_is_written(self, stub: Stub) -> None:
        stub.problems.warning("unused-path-parameter", "odd", "a.yaml#/b")
        result = run("generate", "a.yaml", "-o", "out")
        assert result.exit_code == 0
        assert "odd [warning]" in result.stderr
        assert "1 warning\n" in result.stderr
        assert tree(Path("out")) == FILES

    @pytest.mark.usefixtures("stub")
    def test_what_a_person_edited_is_reported_and_kept(self) -> None:
        run("generate", "a.yaml", "-o", "out")
        Path("out/README.md").write_text("mine")
        result = run("generate", "a.yaml", "-o", "out")
        assert result.exit_code == 0
        assert result.stderr.startswith("out/README.md:1:1: edited-file: ")
        assert "--force" in result.stderr
        assert "1 kept" in result.stdout
        assert Path("out/README.md").read_text() == "mine"
        run("generate", "a.yaml", "-o", "out", "--force")
        assert Path("out/README.md").read_text() == "hello\n"

    @pytest.mark.usefixtures("stub")
    def test_a_foreign_folder_is_refused(self) -> None:
        Path("out").mkdir()
        Path("out/mine").write_text("")
        result = run("generate", "a.yaml", "-o", "out")
        assert result.exit_code == 2
        assert "out:1:1: foreign-folder: " in result.stderr
        assert "--force" in result.stderr


class TestProblemsAsJson:
    """``--format json``: the error stream of ``generate`` holds one array and nothing else."""

    def test_warnings_and_kept_files(self, stub: Stub) -> None:
        run("generate", "a.yaml", "-o", "out")
        Path("out/README.md").write_text("mine")
        stub.problems.warning("unused-path-parameter", "odd", "a.yaml#/b")
        result = run("generate", "a.yaml", "-o", "out", "--format", "json")
        told = [(one["code"], one["file"]) for one in json.loads(result.stderr)]
        assert told == [("unused-path-parameter", "a.yaml"), ("edited-file", "out/README.md")]
        assert result.stdout.startswith("out: ")

    def test_errors(self, stub: Stub) -> None:
        stub.problems.error("bad-ref", "wrong", "a.yaml#/a", "write it")
        result = run("generate", "a.yaml", "-o", "out", "--format", "json")
        assert (result.exit_code, result.stdout) == (2, "")
        assert json.loads(result.stderr) == [
            {
                "code": "bad-ref",
                "severity": "error",
                "message": "wrong",
                "hint": "write it",
                "file": "a.yaml",
                "line": 1,
                "column": 1,
                "pointer": "a.yaml#/a",
            }
        ]

    @pytest.mark.usefixtures("stub")
    def test_no_problems_are_an_empty_array(self) -> None:
        result = run("generate", "a.yaml", "-o", "out", "--check", "--format", "json")
        assert (result.exit_code, result.stderr) == (1, "[]\n")


class TestManyWarnings:
    @pytest.fixture(autouse=True)
    def _many(self, stub: Stub) -> None:
        for number in range(8):
            stub.problems.warning("unused-path-parameter", f"odd {number}", "a.yaml#/b")
            stub.problems.warning("left-out", f"gone {number}", "a.yaml#/b")

    @pytest.mark.parametrize("arguments", [("generate", "a.yaml", "-o", "out"), ("ir", "a.yaml")])
    def test_the_first_few_of_a_code_are_shown(self, arguments: tuple[str, ...]) -> None:
        stderr = run(*arguments).stderr
        assert [number for number in range(8) if f"odd {number}" in stderr] == [0, 1, 2, 3, 4]
        assert "\n\n… and 3 more unused-path-parameter: --all shows them\n\n" in stderr
        assert "16 warnings\n" in stderr

    def test_what_is_left_out_is_always_told(self) -> None:
        stderr = run("generate", "a.yaml", "-o", "out").stderr
        assert all(f"gone {number}" in stderr for number in range(8))

    def test_all_and_json_show_all(self) -> None:
        shown = run("lint", "a.yaml", "--all").stdout
        assert all(f"odd {number}" in shown for number in range(8))
        assert "…" not in shown
        assert len(json.loads(run("lint", "a.yaml", "--format", "json").stdout)) == 16


class TestLint:
    def test_nothing_found(self, stub: Stub) -> None:
        result = run("lint", "a.yaml", "--overlay", "o.yaml", "--only", "pets", "--allow-remote")
        assert (result.exit_code, result.output) == (0, "a.yaml: no problems\n")
        options = BuildOptions((Path("o.yaml"),), allow_remote=True, only=("pets",))
        assert stub.asked == [(Path("a.yaml"), options)]
        assert run("lint", "a.yaml", "--format", "json").stdout == "[]\n"

    @pytest.mark.parametrize(
        ("options", "exit_code"), [((), 0), (("--strict",), 1), (("--strict", "--quiet"), 2)]
    )
    def test_warnings(self, stub: Stub, options: tuple[str, ...], exit_code: int) -> None:
        stub.problems.warning("unused-path-parameter", "odd", "a.yaml#/b")
        result = run("lint", "a.yaml", *options)
        assert result.exit_code == exit_code
        if exit_code < 2:
            assert result.stderr == ""
            assert result.stdout.endswith("odd [warning]\n\n1 warning\n")

    @pytest.mark.parametrize("options", [(), ("--strict",)])
    def test_errors(self, stub: Stub, options: tuple[str, ...]) -> None:
        stub.problems.error("bad-ref", "wrong", "a.yaml#/a")
        result = run("lint", "a.yaml", *options)
        assert (result.exit_code, result.stderr) == (2, "")
        assert result.stdout == "a.yaml:1:1: bad-ref: wrong\n\n1 error\n"

    def test_a_file_that_cannot_be_read(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        result = run("lint", "a.yaml")
        assert result.exit_code == 2
        assert result.stdout.startswith("a.yaml:1:1: unreadable: ")


class TestCheck:
    def test_drift_is_a_diff_and_1(self, stub: Stub) -> None:
        run("generate", "a.yaml", "-o", "out")
        stub.files["README.md"] = "changed\n"
        result = run("generate", "a.yaml", "-o", "out", "--check")
        assert result.exit_code == 1
        assert result.stdout.startswith("--- a/README.md\n+++ b/README.md\n")
        assert "out of date" in result.stderr
        assert tree(Path("out")) == FILES

    @pytest.mark.usefixtures("stub")
    def test_no_drift_prints_nothing_and_exits_with_0(self) -> None:
        run("generate", "a.yaml", "-o", "out")
        result = run("generate", "a.yaml", "-o", "out", "--check")
        assert (result.exit_code, result.output) == (0, "")

    @pytest.mark.usefixtures("stub")
    def test_a_folder_that_is_not_there_stays_so(self) -> None:
        assert run("generate", "a.yaml", "-o", "out", "--check").exit_code == 1
        assert not Path("out").exists()


class TestSettings:
    @pytest.fixture(autouse=True)
    def _settings(self, stub: Stub) -> None:
        assert stub.asked == []
        Path("pyproject.toml").write_text(
            '[tool.specloom]\nspec = "a.yaml"\noutput = "gen"\noverlays = ["o.yaml"]\n'
            'only = ["pets"]\n'
        )

    @pytest.mark.parametrize("arguments", [(), ("a.yaml",), ("./a.yaml",)])
    def test_hold_for_their_description(self, stub: Stub, arguments: tuple[str, ...]) -> None:
        assert run("generate", *arguments).exit_code == 0
        assert tree(Path("gen")) == FILES
        assert stub.asked[0][1] == BuildOptions(overlays=(Path("o.yaml"),), only=("pets",))

    @pytest.mark.parametrize("name", ["lint", "ir"])
    def test_hold_for_every_command(self, stub: Stub, name: str) -> None:
        assert run(name).exit_code == 0
        assert stub.asked[0][1] == BuildOptions(overlays=(Path("o.yaml"),), only=("pets",))

    def test_are_overruled_by_options(self, stub: Stub) -> None:
        run("generate", "-o", "out", "--overlay", "p.yaml", "--only", "users")
        assert tree(Path("out")) == FILES
        assert stub.asked[0][1] == BuildOptions(overlays=(Path("p.yaml"),), only=("users",))

    def test_do_not_apply_to_another_description(self, stub: Stub) -> None:
        result = run("generate", "b.yaml")
        assert result.exit_code == 2
        assert "-o sdk/" in result.stderr
        assert not Path("gen").exists()
        run("generate", "b.yaml", "-o", "out")
        assert stub.asked[0][1] == BuildOptions()

    def test_wrong_ones_end_with_2(self) -> None:
        Path("pyproject.toml").write_text("[tool.specloom]\noutptu = 'a'\n")
        result = run("generate")
        assert result.exit_code == 2
        assert "pyproject.toml:2:1: unknown-setting: " in result.stderr


class TestIr:
    def test_prints_json(self, stub: Stub) -> None:
        stub.problems.warning("unused-path-parameter", "odd", "a.yaml#/b")
        result = run("ir", "a.yaml")
        assert result.exit_code == 0
        printed = json.loads(result.stdout)
        assert printed["api"]["is"] == "Api"
        assert printed["api"]["types"]["a.yaml#/A"]["name"] == ["a"]
        assert printed["names"]["types"] == {"a.yaml#/A": "A"}
        assert printed["names"]["methods"] == {"a.yaml#/paths/~1a/get": "client.a.list"}
        assert (printed["clashes"], printed["seen"]) == ([], [])
        assert "odd" in result.stderr

    def test_bad_input_ends_with_2(self, stub: Stub) -> None:
        stub.problems.error("bad-ref", "wrong", "a.yaml#/a")
        result = run("ir", "a.yaml")
        assert (result.exit_code, result.stdout) == (2, "")
