"""A new project: built in memory, then written if no file is in the way."""

from __future__ import annotations

import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from specloom import __version__
from specloom.description.document import Document
from specloom.description.given import given
from specloom.description.load import load
from specloom.errors import Location, Problems, SpecError
from specloom.ir import Api
from specloom.naming.names import Names as SdkNames
from specloom.options import BuildOptions
from specloom.output.folder import apply, plan_output
from specloom.output.format import format_python
from specloom.output.render import Renderer
from specloom.pipeline import Build, Reading, build, read
from specloom.progress import Tell
from specloom.scaffold.calls import Calls
from specloom.scaffold.overlay_text import Names, entries
from specloom.scaffold.proposal import Grouping, Proposed, proposed
from specloom.scaffold.sources import copies_of, overlay_path

CALLS = "tests/test_calls.py"
"""The file with a call of every operation. It is the only file that is rewritten later."""

OUTPUT = "generated"

_MARK = "Written by specloom; `make calls` writes it anew."

_PLAIN = ("Makefile", "README.md", "pyproject.toml", ".gitignore", ".github/workflows/ci.yml")
_EXAMPLE = "todo.yaml"
_GROUPED = """\
overlay: 1.0.0
info: {{title: Grouping, version: 1.0.0}}
actions: [{{target: $, update: {{x-sdk: {{resources: {}}}}}}}]
"""


@dataclass(frozen=True, slots=True)
class Draft:
    """A description, its reading, and the proposed names of its SDK."""

    spec: Path
    options: BuildOptions
    document: Document
    reading: Reading
    names: Names


@dataclass(frozen=True, slots=True)
class Project:
    """The files of a project by path, and its SDK."""

    files: Mapping[str, bytes]
    overlay: str
    proposal: list[Proposed]
    built: Build


@contextmanager
def description_or_example(spec: str | None) -> Generator[Path]:
    """The file of the description, or a temporary file that lives as long as the block.

    The temporary file holds the example, or a description from a URL, standard input or an app.
    Raises SpecError if reading fails.
    """
    if spec is None:
        name, text = _EXAMPLE, Renderer().render(f"project/spec/{_EXAMPLE}.j2", {})
    else:
        found = given(spec)
        if found.text is None:
            yield Path(found.spec)
            return
        name, text = _file_name(str(found.spec), found.text), found.text
    with _file(name, text) as file:
        yield file


def _file_name(spec: str, text: str) -> str:
    """The file name for a description: the last segment of its URL, with a suitable suffix."""
    stem = PurePosixPath(urlsplit(spec).path).stem or "openapi"
    return f"{stem}.{'json' if text.lstrip().startswith('{') else 'yaml'}"


def draft_of(spec: Path, options: BuildOptions) -> Draft:
    """Read a description. Raises SpecError if no SDK can be generated from it."""
    reading = read(spec, options)
    document = load(spec, allow_remote=options.allow_remote, problems=Problems())
    settings = reading.api.settings
    # Between two numbers the class has an underscore, which x-sdk does not take.
    names = Names(settings.package, settings.client.replace("_", ""), _grouping(document))
    return Draft(spec, options, document, reading, names)


def _grouping(document: Document) -> Grouping:
    """The grouping in the description, else by paths."""
    root = document.root if isinstance(document.root, dict) else {}
    said = root.get("x-sdk")
    return "tags" if isinstance(said, dict) and said.get("resources") == "tags" else "paths"


def _grouped(draft: Draft, grouping: Grouping) -> Reading:
    """The description as it is read by paths or by tags."""
    if grouping == draft.names.grouping:
        return draft.reading
    with _file("grouping.yaml", _GROUPED.format(grouping)) as overlay:
        return read(draft.spec, replace(draft.options, overlays=(overlay,)))


def project_of(draft: Draft, names: Names, tell: Tell) -> Project:
    """The files of the project. Raises SpecError if no SDK can be generated."""
    copies = copies_of(draft.document)
    overlay = overlay_path(copies)
    reading = _grouped(draft, names.grouping)
    proposal = proposed(draft.document, reading.api, reading.names)
    context: dict[str, Any] = {
        "title": reading.api.title,
        "overlay_title": f"Names of {reading.api.title}",
        "package": names.package,
        "client": names.client,
        "grouping": names.grouping,
        "entries": list(entries(proposal)),
        "spec": copies.entry,
        "overlay": overlay,
        "specloom": __version__,
        "flags": _flags(draft.options),
    }
    renderer = Renderer()
    text = renderer.render("project/spec/names.overlay.yaml.j2", context)
    with _file("names.overlay.yaml", text) as written:
        built = build(draft.spec, replace(draft.options, overlays=(written,)), tell)
    texts = {path: renderer.render(f"project/{path}.j2", context) for path in _PLAIN}
    texts |= {overlay: text, CALLS: calls_text(built.api, built.names)}
    files = {path: text.encode() for path, text in texts.items()} | dict(copies.files)
    return Project(files, overlay, proposal, built)


def calls_text(api: Api, names: SdkNames) -> str:
    """The tests of an SDK, with a call of every operation."""
    template = f"project/{CALLS}.j2"
    text = Renderer().render(template, Calls(api, names).context())
    return format_python(text, CALLS)


def put_calls(text: str, folder: Path) -> Path:
    """Write the tests of the project in `folder` anew; their file.

    Raises SpecError where it was not specloom that wrote them.
    """
    place = folder / CALLS
    if place.is_file() and _MARK not in place.read_text(encoding="utf-8", errors="replace"):
        message = "these tests are not specloom's: their first lines do not say so"
        raise _refused("file-exists", [place], message, "move them to another file")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode())
    except OSError as error:
        raise _refused("unwritable", [place], str(error), "") from None
    return place


def _flags(options: BuildOptions) -> str:
    """The options of `specloom generate` for this description."""
    given = {"--allow-remote": options.allow_remote, "--allow-partial": options.allow_partial}
    return "".join(f" {flag}" for flag, is_set in given.items() if is_set)


def write(project: Project, folder: Path) -> None:
    """Write a project.

    Nothing is overwritten: SpecError says what is in the way, before anything is written. A file
    that is there already with the same content is not. A failure leaves nothing behind.
    """
    _refuse_what_is_there(project, folder)
    made: list[Path] = []
    try:
        for path, content in project.files.items():
            _put(folder / path, content, made)
        apply(plan_output(project.built.files, folder / OUTPUT))
    except (OSError, SpecError) as error:
        for place in reversed(made):
            place.rmdir() if place.is_dir() else place.unlink(missing_ok=True)
        if isinstance(error, SpecError):
            raise
        raise _refused("unwritable", [folder], str(error), "") from None


def _refuse_what_is_there(project: Project, folder: Path) -> None:
    places = [
        folder / path
        for path, content in project.files.items()
        if _is_other(folder / path, content)
    ]
    output = folder / OUTPUT
    if output.is_file() or (output.is_dir() and any(output.iterdir())):
        places.append(output)
    if places:
        message = "something is here already, and init overwrites nothing"
        hint = "choose another folder with --dir, or move it away"
        raise _refused("file-exists", places, message, hint)


def _is_other(place: Path, content: bytes) -> bool:
    """Whether another file is in the way."""
    if place.is_file():
        return place.read_bytes() != content
    return place.exists() or any(parent.is_file() for parent in place.parents)


def _refused(code: str, places: list[Path], message: str, hint: str) -> SpecError:
    problems = Problems()
    for place in places:
        problems.error(code, message, hint=hint, location=Location(str(place), 1, 1))
    return SpecError(problems)


def _put(path: Path, content: bytes, made: list[Path]) -> None:
    """Write one file if it does not exist. Created paths go into `made`."""
    missing = [folder for folder in path.parents if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir()
        made.append(folder)
    if not path.exists():
        made.append(path)
        path.write_bytes(content)


@contextmanager
def _file(name: str, text: str) -> Generator[Path]:
    """A temporary file that lives as long as the block."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(text.encode())
        yield path
