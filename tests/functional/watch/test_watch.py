"""``specloom generate --watch``: real saves, seen by a real process.

The tests do not sleep: they read the output of the process until the expected line.
"""

from __future__ import annotations

import os
import queue
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from specloom.commands import main

pytestmark = pytest.mark.slow

GENERATOR = Path(__file__).resolve().parents[3] / "generator"
LONGEST = 120
"""Seconds after which a process without output has failed."""

SPEC = """\
openapi: 3.1.0
info: {title: Zoo, version: "1"}
paths:
  /animals:
    get:
      x-sdk: {method: list}
      summary: List the animals
      tags: [animals]
      responses: {"204": {description: None.}}
"""
DONE = re.compile(r"^sdk: \d+ operation")
# Also where this runs in the background of a shell, which has such programs ignore Ctrl-C.
PROGRAM = """
import signal
from specloom.commands import main
signal.signal(signal.SIGINT, signal.default_int_handler)
main(prog_name="specloom")
"""


class Watching:
    """A process and its output; both streams in order."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as stream:
            for line in stream:
                self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def until(self, start: str) -> list[str]:
        """The lines up to the next one that begins like this."""
        found: list[str] = []
        while not found or not found[-1].startswith(start):
            line = self._lines.get(timeout=LONGEST)
            assert line is not None, f"the process ended, without {start!r}: {found}"
            found.append(line)
        return found

    def settled(self) -> list[str]:
        """The output up to the end of a run."""
        return self.until("watching ")

    def rest(self) -> list[str]:
        """The output until the process ends."""
        return [line for line in iter(lambda: self._lines.get(timeout=LONGEST), None) if line]

    def end(self) -> int:
        """Ctrl-C, and the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=LONGEST)

    def close(self) -> None:
        """End the process if it still runs."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join()


@contextmanager
def watching(*arguments: str) -> Iterator[Watching]:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "generate", *arguments, "--watch"],
        env=os.environ | {"PYTHONPATH": str(GENERATOR), "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    watched = Watching(process)
    try:
        yield watched
    finally:
        watched.close()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    save("zoo.yaml", SPEC)
    return tmp_path


def save(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")


def save_by_rename(path: str, text: str) -> None:
    """Save like editors that never leave half a file."""
    save(f"{path}.new", text)
    os.replace(f"{path}.new", path)


def method(name: str) -> str:
    return SPEC.replace("method: list", f"method: {name}")


def generated() -> str:
    return Path("sdk/zoo_sdk/resources/animals.py").read_text(encoding="utf-8")


def runs(lines: list[str]) -> int:
    return sum(bool(DONE.match(line)) for line in lines)


def test_a_save_generates_again_and_ctrl_c_is_the_end() -> None:
    with watching("zoo.yaml", "-o", "sdk") as watched:
        first = watched.settled()
        assert re.fullmatch(
            r"sdk: 1 operation, 0 models; files: \d+ written; \d+\.\d\d s", first[0]
        )
        assert first[1:] == ["watching 1 file; Ctrl-C ends it"]
        save("zoo.yaml", method("count_animals"))
        second = watched.settled()
        assert second[:2] == ["", "zoo.yaml changed"]
        assert re.fullmatch(r"sdk: .*files: \d+ written, \d+ unchanged; \d+\.\d\d s", second[2])
        assert "def count_animals(" in generated()
        assert watched.end() == 0
        assert watched.rest() == []


def test_an_editor_may_rename() -> None:
    with watching("zoo.yaml", "-o", "sdk") as watched:
        watched.settled()
        for name in ("one", "two"):
            save_by_rename("zoo.yaml", method(name))
            assert "zoo.yaml changed" in watched.settled()
            assert f"def {name}(" in generated()


def test_a_run_that_fails_leaves_the_last_good_output() -> None:
    with watching("zoo.yaml", "-o", "sdk") as watched:
        watched.settled()
        good = generated()
        save("zoo.yaml", SPEC.replace("/animals:", "/animals/{id:"))
        failed = watched.settled()
        assert any(line.startswith("zoo.yaml:4:3: bad-path: ") for line in failed)
        assert "1 error" in failed
        assert re.fullmatch(r"sdk stays as it was; \d+\.\d\d s", failed[-2])
        assert generated() == good
        save("zoo.yaml", method("back_again"))
        assert runs(watched.settled()) == 1
        assert "def back_again(" in generated()


def test_a_burst_of_saves_is_one_run() -> None:
    with watching("zoo.yaml", "-o", "sdk") as watched:
        watched.settled()
        for number in range(20):
            save("zoo.yaml", method(f"number{number}"))
        burst = watched.settled()
        assert runs(burst) == 1
        assert "def number19(" in generated()
        # Nothing of the burst was left: the next lines are about another save.
        save("zoo.yaml", method("after"))
        assert runs(watched.settled()) == 1
        assert "def after(" in generated()


def test_files_that_the_description_refers_to_are_watched_even_before_they_exist() -> None:
    reference = SPEC.replace(
        '"204": {description: None.}',
        '"200": {description: One., content: {application/json: {schema: {$ref: parts/animal.yaml}}}}',
    )
    with watching("zoo.yaml", "-o", "sdk") as watched:
        watched.settled()
        save("zoo.yaml", reference)
        assert any(
            ": missing-file: cannot read parts/animal.yaml" in line for line in watched.settled()
        )
        save("parts/animal.yaml", "title: Animal\nproperties: {name: {type: string}}\n")
        assert "parts/animal.yaml changed" in watched.settled()
        save("parts/animal.yaml", "title: Animal\nproperties: {legs: {type: integer}}\n")
        assert any("1 model; files: " in line for line in watched.settled())
        texts = (path.read_text(encoding="utf-8") for path in Path("sdk/zoo_sdk").rglob("*.py"))
        assert any("legs: " in text for text in texts)


def test_overlays_templates_and_settings_are_watched() -> None:
    settings = '[tool.specloom]\nspec = "zoo.yaml"\noutput = "sdk"\noverlays = ["names.yaml"]\n'
    overlay = "overlay: 1.0.0\nactions: [{target: $.info, update: {description: About %s.}}]\n"
    save("pyproject.toml", settings)
    save("names.yaml", overlay % "lions")
    with watching() as watched:
        watched.settled()
        save("names.yaml", overlay % "tigers")
        assert "names.yaml changed" in watched.settled()
        assert "About tigers." in Path("sdk/zoo_sdk/__init__.py").read_text(encoding="utf-8")
        save("mine/package/testing.py.j2", '"""Mine."""\n')
        save("pyproject.toml", settings + 'templates = "mine"\n')
        assert "pyproject.toml changed" in watched.settled()
        testing = Path("sdk/zoo_sdk/testing.py")
        assert testing.read_text(encoding="utf-8") == '"""Mine."""\n'
        save("mine/package/testing.py.j2", '"""Mine, still."""\n')
        assert "mine/package/testing.py.j2 changed" in watched.settled()
        assert testing.read_text(encoding="utf-8") == '"""Mine, still."""\n'
        save("pyproject.toml", settings.replace("output", "outptu"))
        assert any(":3:1: unknown-setting: " in line for line in watched.settled())
        save("pyproject.toml", settings)
        assert runs(watched.settled()) == 1


def test_quiet_prints_errors_only() -> None:
    with watching("zoo.yaml", "-o", "sdk", "--quiet") as watched:
        save("zoo.yaml", "openapi: 3.1.0\npaths: {a: {}}\n")
        assert watched.until("zoo.yaml:2:9: bad-path:")[:-1] == []
        assert watched.end() == 0
        assert not any("watching" in line or "stays" in line for line in watched.rest())


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(("zoo.yaml", "-o", "sdk", "--check"), "use one of them"), (("zoo.yaml",), "-o sdk/")],
)
def test_a_command_line_that_cannot_work_ends_at_once(
    arguments: tuple[str, ...], told: str
) -> None:
    result = CliRunner().invoke(main, ["generate", *arguments, "--watch"])
    assert (result.exit_code, told in result.stderr) == (2, True)


def test_unused_features_are_not_imported() -> None:
    script = (
        "import sys\nfrom specloom.commands import main\n"
        "main(['generate', 'zoo.yaml', '-o', 'sdk'], standalone_mode=False)\n"
        "print([name for name in ('watchfiles', 'specloom.commands.watch') if name in sys.modules])"
    )
    environment = os.environ | {"PYTHONPATH": str(GENERATOR)}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
