"""The caches: used only if they are intact and still valid."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner

from specloom import pipeline
from specloom.commands import main
from specloom.options import BuildOptions, FormatterName
from specloom.output import cache, format
from specloom.output.cache import FOLDER, digest
from specloom.output.folder import MANIFEST, apply, content_hash, plan_output
from specloom.pipeline import build

pytestmark = pytest.mark.slow

SPEC = """
openapi: 3.1.0
info: {title: Tiny, version: "1"}
servers: [{url: "https://tiny.example.com"}]
paths:
  /cats/{id}:
    get:
      operationId: getCat
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        "200": {description: It., content: {application/json: {schema: {$ref: "#/components/schemas/Cat"}}}}
  /dogs/{id}:
    get:
      operationId: getDog
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        "200": {description: It., content: {application/json: {schema: {$ref: "#/components/schemas/Dog"}}}}
components:
  schemas:
    Cat: {type: object, properties: {name: {type: string}, friend: {$ref: "#/components/schemas/Dog"}}}
    Dog: {type: object, properties: {name: {type: string}}}
"""  # noqa: E501
RESOURCE = "tiny_sdk/resources/cats.py"


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.yaml"
    path.write_text(SPEC)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def formatted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the files that are formatted."""
    paths: list[str] = []

    def noted(texts: Iterable[tuple[str, str]], formatter: FormatterName) -> dict[str, str]:
        given = dict(texts)
        paths.extend(given)
        return format.format_files(given.items(), formatter)

    monkeypatch.setattr(pipeline, "format_files", noted)
    return paths


def files_of(spec: Path, folder: Path, **options: object) -> dict[str, str]:
    """The files of a build that uses and updates the cache."""
    given = BuildOptions(**options)  # type: ignore[arg-type]
    files = build(spec, given, cached_in=folder).files
    apply(plan_output(files, folder), force=True)
    return files


def test_a_second_build_formats_nothing(spec: Path, folder: Path, formatted: list[str]) -> None:
    first = files_of(spec, folder)
    assert RESOURCE in formatted
    formatted.clear()
    assert files_of(spec, folder) == first
    assert formatted == []


def test_only_changed_files_are_formatted(spec: Path, folder: Path, formatted: list[str]) -> None:
    files_of(spec, folder)
    formatted.clear()
    spec.write_text(
        SPEC.replace("operationId: getCat", "operationId: getCat\n      summary: Get it")
    )
    files = files_of(spec, folder)
    assert formatted == [RESOURCE]
    assert files == build(spec, BuildOptions()).files


def test_another_formatter_formats_everything_again(
    spec: Path, folder: Path, formatted: list[str]
) -> None:
    files_of(spec, folder)
    every = sorted(formatted)
    formatted.clear()
    files_of(spec, folder, formatter="ruff")
    assert sorted(formatted) == every


def damaged(how: str, text: str) -> str:
    """The text of a damaged cache."""
    known, _, pieces = text.partition("\n")
    return {
        "truncated": text[: len(text) // 2],
        "garbage": "\x00\x01 not this",
        "empty": "",
        "wrong hash": f"{'0' * len(known)}\n{pieces}",
        "edited": f"{text} ",
        "no JSON": f"{digest('{')}\n{{",
    }[how]


@pytest.mark.parametrize(
    "how", ["truncated", "garbage", "empty", "wrong hash", "edited", "no JSON"]
)
def test_a_damaged_cache_is_noticed_and_replaced(
    spec: Path, folder: Path, formatted: list[str], how: str
) -> None:
    first = files_of(spec, folder)
    file = folder / FOLDER / "formatted.json"
    good = file.read_text()
    file.write_text(damaged(how, good))
    formatted.clear()
    assert files_of(spec, folder) == first
    assert RESOURCE in formatted
    assert file.read_text() == good


def test_a_binary_cache_is_ignored(spec: Path, folder: Path) -> None:
    first = files_of(spec, folder)
    (folder / FOLDER / "formatted.json").write_bytes(b"\xff\xfe\x00")
    assert files_of(spec, folder) == first


def test_what_the_tool_is_made_of_is_in_its_fingerprint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = cache.tool_fingerprint()
    (tmp_path / "one.py.j2").write_text("another template")
    monkeypatch.setattr(cache, "templates_folder", lambda: tmp_path)
    cache.tool_fingerprint.cache_clear()
    try:
        assert cache.tool_fingerprint() != before
    finally:
        cache.tool_fingerprint.cache_clear()


def test_a_template_of_the_users_is_not_mixed_up_with_ours(
    spec: Path, folder: Path, tmp_path: Path
) -> None:
    ours = files_of(spec, folder)
    own = tmp_path / "own" / "package"
    own.mkdir(parents=True)
    (own / "testing.py.j2").write_text("x = 'mine'\n")
    files = files_of(spec, folder, templates=(tmp_path / "own",))
    assert files["tiny_sdk/testing.py"] == 'x = "mine"\n'
    assert files_of(spec, folder) == ours


def test_only_entries_of_the_last_build_are_kept(spec: Path, folder: Path) -> None:
    files_of(spec, folder)
    first = json.loads((folder / FOLDER / "formatted.json").read_text().partition("\n")[2])
    spec.write_text(SPEC.replace("Cat", "Lion").replace("/cats", "/lions"))
    files_of(spec, folder)
    second = json.loads((folder / FOLDER / "formatted.json").read_text().partition("\n")[2])
    assert len(second) == len(first)
    assert second.keys() != first.keys()


def test_a_folder_that_cannot_be_written_does_no_harm(spec: Path, tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    files = build(spec, BuildOptions(), cached_in=in_the_way).files
    assert files == build(spec, BuildOptions()).files


def test_an_edited_file_is_not_ours(spec: Path, folder: Path) -> None:
    first = files_of(spec, folder)
    (folder / RESOURCE).write_text("mine = True\n")
    (folder / "tiny_sdk/client.py").write_bytes(b"\xff")
    (folder / "tiny_sdk/testing.py").unlink()
    assert build(spec, BuildOptions(), cached_in=folder).files == first


def test_nothing_is_left_behind_but_the_cache(spec: Path, folder: Path) -> None:
    files_of(spec, folder)
    files_of(spec, folder)
    left = sorted(path.name for path in (folder / FOLDER).iterdir())
    assert left == [".gitignore", "formatted.json"]


class TestCheck:
    """`--check` ignores caches: someone who can edit the output can edit them too."""

    @pytest.fixture(autouse=True)
    def generated(self, spec: Path, folder: Path) -> None:
        assert self.exit_code(spec, folder) == 0
        assert self.exit_code(spec, folder, "--check") == 0

    def exit_code(self, spec: Path, folder: Path, *options: str) -> int:
        """Of `specloom generate`."""
        command = ["generate", str(spec), "-o", str(folder), *options]
        return CliRunner().invoke(main, command).exit_code

    def edit(self, folder: Path) -> tuple[str, str]:
        """Edit the output and its hash in the manifest."""
        file, manifest = folder / RESOURCE, folder / MANIFEST
        before = content_hash(file.read_bytes())
        file.write_text(file.read_text() + "\nEVIL = True\n")
        after = content_hash(file.read_bytes())
        manifest.write_text(manifest.read_text().replace(before, after))
        return before, after

    def test_it_does_not_believe_the_note_of_the_last_run(self, spec: Path, folder: Path) -> None:
        note, manifest = folder / FOLDER / "last-run.json", folder / MANIFEST
        before = content_hash(manifest.read_bytes())
        self.edit(folder)
        note.write_text(note.read_text().replace(before, content_hash(manifest.read_bytes())))
        assert self.exit_code(spec, folder, "--check") == 1

    def test_it_ignores_the_cache_of_formatted_files(self, spec: Path, folder: Path) -> None:
        hashes = self.edit(folder)
        (folder / FOLDER / "last-run.json").unlink()
        file = folder / FOLDER / "formatted.json"
        said = file.read_text().partition("\n")[2].replace(*hashes)
        file.write_text(f"{digest(said)}\n{said}")
        assert self.exit_code(spec, folder, "--check") == 1
