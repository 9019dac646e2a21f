"""Output on a terminal but not in a pipe: colours, and the progress of a long run."""

from __future__ import annotations

import io
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner

from specloom.commands import main
from specloom.commands.shared import progress, wants_colour
from specloom.options import BuildOptions
from specloom.pipeline import build
from specloom.progress import Progress, tell_nobody


class Stream(io.StringIO):
    """A stream that may be a terminal; records the time of writes."""

    def __init__(self, *, is_terminal: bool = True) -> None:
        super().__init__()
        self._is_terminal = is_terminal
        self.written = threading.Event()

    def isatty(self) -> bool:
        return self._is_terminal

    def flush(self) -> None:
        if self.getvalue():
            self.written.set()


class TestColour:
    @pytest.fixture(autouse=True)
    def _environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("NO_COLOR", "FORCE_COLOR"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("TERM", "xterm")

    @pytest.mark.parametrize(
        ("variables", "terminal", "pipe"),
        [
            ({}, True, False),
            ({"NO_COLOR": "1"}, False, False),
            ({"NO_COLOR": ""}, True, False),
            ({"FORCE_COLOR": "1"}, True, True),
            ({"FORCE_COLOR": ""}, True, False),
            ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
            ({"TERM": "dumb"}, False, False),
            ({"TERM": "dumb", "FORCE_COLOR": "1"}, True, True),
        ],
    )
    def test_variables_and_terminals(
        self,
        variables: dict[str, str],
        terminal: bool,
        pipe: bool,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        assert wants_colour(Stream()) is terminal
        assert wants_colour(Stream(is_terminal=False)) is pipe

    @pytest.mark.parametrize(
        ("variable", "has_colour"), [("FORCE_COLOR", True), ("NO_COLOR", False)]
    )
    def test_problems_obey(
        self, variable: str, has_colour: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(variable, "1")
        (tmp_path / "a.yaml").write_text("a")
        result = CliRunner().invoke(main, ["generate", str(tmp_path / "a.yaml"), "-o", "out"])
        assert ("\x1b[1;31mnot-openapi" in result.stderr) is has_colour


class TestProgress:
    def test_a_short_run_shows_nothing(self) -> None:
        stream = Stream()
        with Progress(stream, patience=60) as tell:
            tell("reading")
        assert stream.getvalue() == ""

    def test_a_long_run_shows_its_step_and_removes_it(self) -> None:
        stream = Stream()
        with Progress(stream, patience=0) as tell:
            tell("reading")
            assert stream.written.wait(60)
        shown = stream.getvalue()
        assert "\r\x1b[2Kreading" in shown
        assert shown.endswith("\r\x1b[2K")

    def test_a_line_is_never_longer_than_the_terminal(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("COLUMNS", "20")
        stream = Stream()
        with Progress(stream, patience=0) as tell:
            tell("x" * 50)
            assert stream.written.wait(60)
        assert max(map(len, stream.getvalue().split("\r\x1b[2K"))) == 19

    def test_an_error_takes_it_away_too(self) -> None:
        stream = Stream()

        def fail() -> None:
            with Progress(stream, patience=0) as tell:
                tell("reading")
                assert stream.written.wait(60)
                raise ValueError("wrong")

        with pytest.raises(ValueError, match="wrong"):
            fail()
        assert stream.getvalue().endswith("\r\x1b[2K")

    @pytest.mark.parametrize(
        ("is_terminal", "term", "quiet", "is_shown"),
        [
            (True, "xterm", False, True),
            (True, "xterm", True, False),
            (True, "dumb", False, False),
            (False, "xterm", False, False),
        ],
    )
    def test_it_is_for_terminals_that_are_looked_at(
        self,
        is_terminal: bool,
        term: str,
        quiet: bool,
        is_shown: bool,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setenv("TERM", term)
        monkeypatch.setattr("sys.stderr", Stream(is_terminal=is_terminal))
        with progress(quiet=quiet) as tell:
            assert (tell is not tell_nobody) is is_shown

    def test_a_build_tells_its_stages(self) -> None:
        told: list[str] = []
        spec = Path(__file__).parents[2] / "golden/minimal/spec.yaml"
        files = build(spec, BuildOptions(), told.append).files
        assert told[:2] == ["reading spec.yaml", "making file 1"]
        count = len([one for one in told if one.startswith("making file ")])
        assert told[-2:] == [f"making file {count}", "formatting the files"]
        assert count <= len(files)


class TestQuiet:
    @pytest.mark.parametrize(("quiet", "is_told"), [((), True), (("--quiet",), False)])
    def test_warnings_are_for_those_who_listen(
        self, quiet: tuple[str, ...], is_told: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        Path("a.yaml").write_text(
            "openapi: 3.1.0\ninfo: {title: A, version: '1'}\n"
            "paths: {/a: {get: {security: [{nobody: []}], responses: {'204': {description: A.}}}}}"
        )
        arguments = ["generate", "a.yaml", "-o", "out", *quiet]
        for _ in range(2):  # the second time from memory
            result = CliRunner().invoke(main, arguments)
            assert result.exit_code == 0
            assert ("undefined-security-scheme" in result.stderr) is is_told
            assert bool(result.stdout) is is_told

    def test_errors_are_for_everybody(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        Path("a.yaml").write_text("openapi: 3.1.0\npaths: {'/a/{b': {get: {}}}")
        result = CliRunner().invoke(main, ["generate", "a.yaml", "-o", "out", "-q"])
        assert (result.exit_code, "bad-path" in result.stderr) == (2, True)
