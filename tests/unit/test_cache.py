"""What a build keeps for the next one: believed only where it is whole and still fits."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from specloom.classes import models
from specloom.classes.class_sources import ClassSource
from specloom.options import BuildOptions
from specloom.pipeline import build
from specloom.writing import cache, format
from specloom.writing.cache import FOLDER, Cache
from specloom.writing.output import apply, plan_output

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


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.yaml"
    path.write_text(SPEC)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The classes that datamodel-code-generator is asked for."""
    names: list[str] = []
    generate = models._generate

    def noted(sources: list[ClassSource], base_class: str) -> str:
        names.extend(source.name for source in sources)
        return generate(sources, base_class)

    monkeypatch.setattr(models, "_generate", noted)
    return names


@pytest.fixture
def formatted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are laid out."""
    texts: list[str] = []
    lay_out = format.lay_out

    def noted(text: str, black: format._Statements) -> str:
        texts.append(text)
        return lay_out(text, black)

    monkeypatch.setattr(format, "lay_out", noted)
    return texts


def files_of(spec: Path, folder: Path, options: BuildOptions | None = None) -> dict[str, str]:
    """What a build gives that knows the one before it, and that the next one knows."""
    kept = Cache(folder)
    files = build(spec, options or BuildOptions(), cache=kept).files
    apply(plan_output(files, folder))
    kept.save()
    return files


def test_a_second_build_makes_nothing_anew(
    spec: Path, folder: Path, written: list[str], formatted: list[str]
) -> None:
    first = files_of(spec, folder)
    assert written == ["Cat", "Dog"]
    assert formatted
    written.clear()
    formatted.clear()
    assert files_of(spec, folder) == first
    assert (written, formatted) == ([], [])


def test_only_the_class_that_changed_is_written_anew(
    spec: Path, folder: Path, written: list[str], formatted: list[str]
) -> None:
    files_of(spec, folder)
    written.clear()
    formatted.clear()
    spec.write_text(
        SPEC.replace(
            "Dog: {type: object, properties: {name", "Dog: {type: object, properties: {call"
        )
    )
    files = files_of(spec, folder)
    assert written == ["Dog"]
    assert len(formatted) < 5
    assert files == build(spec, BuildOptions()).files


def test_without_a_cache_everything_is_made_anew(spec: Path, written: list[str]) -> None:
    build(spec, BuildOptions())
    build(spec, BuildOptions())
    assert written == ["Cat", "Dog"] * 2


def damaged(how: str, text: str) -> str:
    """The text of a cache that something has happened to."""
    digest, _, pieces = text.partition("\n")
    return {
        "truncated": text[: len(text) // 2],
        "garbage": "\x00\x01 not this",
        "empty": "",
        "wrong hash": f"{'0' * len(digest)}\n{pieces}",
        "edited": text.replace("class Cat", "class Rat") + " ",
        "no JSON": f"{digest}\n{{",
    }[how]


@pytest.mark.parametrize(
    "how", ["truncated", "garbage", "empty", "wrong hash", "edited", "no JSON"]
)
def test_a_damaged_cache_is_noticed_and_replaced(
    spec: Path, folder: Path, written: list[str], how: str
) -> None:
    first = files_of(spec, folder)
    good = {file: file.read_text() for file in (folder / FOLDER).glob("*.json")}
    for file, text in good.items():
        file.write_text(damaged(how, text))
    written.clear()
    assert files_of(spec, folder) == first
    assert written == ["Cat", "Dog"]
    assert {file: file.read_text() for file in good} == good


def test_a_cache_that_is_no_text_is_noticed(spec: Path, folder: Path) -> None:
    first = files_of(spec, folder)
    for file in (folder / FOLDER).glob("*.json"):
        file.write_bytes(b"\xff\xfe\x00")
    assert files_of(spec, folder) == first


@pytest.mark.parametrize("what", ["tool", "Python"])
def test_another_version_makes_everything_anew(
    spec: Path, folder: Path, written: list[str], monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    files_of(spec, folder)
    written.clear()
    if what == "tool":
        monkeypatch.setattr(cache, "tool_fingerprint", lambda: "black 99, say")
    else:
        monkeypatch.setattr(sys, "version", "3.99")
    files_of(spec, folder)
    assert written == ["Cat", "Dog"]


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
    options = BuildOptions(templates=(tmp_path / "own",))
    assert files_of(spec, folder, options)["tiny_sdk/testing.py"] == 'x = "mine"\n'
    assert files_of(spec, folder) == ours


def kept(folder: Path, kind: str) -> dict[str, object]:
    """What the cache has of a kind."""
    found: dict[str, object] = json.loads(
        (folder / FOLDER / f"{kind}.json").read_text().partition("\n")[2]
    )
    return found


def test_only_what_the_last_build_used_is_kept(spec: Path, folder: Path) -> None:
    files_of(spec, folder)
    spec.write_text(SPEC.replace("Cat", "Lion").replace("/cats", "/lions"))
    files_of(spec, folder)
    assert sorted(kept(folder, "classes")) == ["Dog", "Lion"]
    assert not [path for path in kept(folder, "formatted") if "cat" in path]


def test_a_folder_that_cannot_be_written_does_no_harm(spec: Path, tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    kept = Cache(in_the_way)
    files = build(spec, BuildOptions(), cache=kept).files
    kept.save()
    assert files == build(spec, BuildOptions()).files


def test_a_file_that_somebody_edited_is_not_taken_for_ours(spec: Path, folder: Path) -> None:
    first = files_of(spec, folder)
    (folder / "tiny_sdk/types/cats.py").write_text("mine = True\n")
    (folder / "tiny_sdk/client.py").write_bytes(b"\xff")
    (folder / "tiny_sdk/testing.py").unlink()
    assert build(spec, BuildOptions(), cache=Cache(folder)).files == first


def test_nothing_is_left_behind_but_the_cache(spec: Path, folder: Path) -> None:
    files_of(spec, folder)
    files_of(spec, folder)
    left = sorted(path.name for path in (folder / FOLDER).iterdir())
    assert left == [".gitignore", "classes.json", "files.json", "formatted.json"]


WORDS = """
openapi: 3.1.0
info: {title: Tiny, version: "1"}
servers: [{url: "https://tiny.example.com"}]
paths:
  /days: {get: {operationId: getDay, tags: [days], responses: {"200": {$ref: "#/components/responses/Day"}}}}
  /events: {get: {operationId: getEvent, tags: [days], responses: {"200": {$ref: "#/components/responses/Event"}}}}
  /notes: {get: {operationId: getNote, tags: [notes], responses: {"200": {$ref: "#/components/responses/Note"}}}}
components:
  responses:
    Day: {description: It., content: {application/json: {schema: {$ref: "#/components/schemas/Day"}}}}
    Event: {description: It., content: {application/json: {schema: {$ref: "#/components/schemas/Event"}}}}
    Note: {description: It., content: {application/json: {schema: {$ref: "#/components/schemas/Note"}}}}
  schemas:
    Day: {type: object, properties: {on: {type: string, format: date}}}
    Event: {type: object, properties: {date: {type: string, format: date}, until: {type: string, format: date}}}
    Note: {type: object, properties: {kind: {type: string, enum: [date, datetime, Any]}, Day: {type: string}}}
"""  # noqa: E501


@pytest.mark.parametrize("name", ["Day", "Event", "Note"])
def test_a_class_does_not_depend_on_those_that_are_written_with_it(
    spec: Path, folder: Path, written: list[str], name: str
) -> None:
    spec.write_text(WORDS)
    fresh = build(spec, BuildOptions()).files
    other = WORDS.replace(
        f"    {name}: {{type: object, properties: {{",
        f"    {name}: {{type: object, properties: {{more: {{type: integer}}, ",
    )
    assert other != WORDS
    spec.write_text(other)
    files_of(spec, folder)
    spec.write_text(WORDS)
    written.clear()
    assert files_of(spec, folder) == fresh
    assert written == [name]


def test_a_field_called_like_its_type_changes_no_other_class(spec: Path) -> None:
    spec.write_text(WORDS)
    days = build(spec, BuildOptions()).files["tiny_sdk/types/days.py"]
    assert "    on: date | None = None\n" in days
    assert "    until: date_aliased | None = None\n" in days
