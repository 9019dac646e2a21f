"""What makes a second run fast. Everything here may be deleted at any time.

``last_run.py`` keeps its note here, and a build what was slow to make. Hashes over everything that
shapes the output make sure that no stale one is believed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import cache, cached_property
from importlib.machinery import PathFinder
from pathlib import Path
from typing import TYPE_CHECKING, Any

from specloom import __version__
from specloom.writing.template_files import templates_folder

if TYPE_CHECKING:
    from specloom.reading.kept_schemas import KeptSchemas
    from specloom.reading.sections import Sections

FOLDER = ".specloom-cache"
_KINDS = ("digests", "files", "formatted")
"""What is kept piece by piece; each kind has a file of JSON."""
SECTIONS = "sections.txt"
SCHEMAS = "schemas.txt"
PATHS = "paths.txt"
_SHAPING = ("black", "datamodel_code_generator", "jinja2")


Entry = Mapping[str, Any]
"""Plain values. ``from`` is the digest of all that the others were made from."""


class Cache:
    """What the last build into a folder has made, by kind and place, such as a file's path.

    One entry a place, and only those of the last build: it does not grow. Without a folder nothing
    is known, and nothing is kept. It holds plain text and plain values that end up in the output,
    and no code that is run. A file of it begins with a hash over itself and over what made it;
    where that does not fit, the file is damaged or out of date, and taken for none.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._known: dict[str, dict[str, Entry]] = {}
        self._kept: dict[str, dict[str, Entry]] = {}

    @property
    def has_folder(self) -> bool:
        """Whether anything can be known and kept."""
        return self._folder is not None

    def known(self, kind: str, place: str) -> Entry | None:
        """What the last build made for a place. The caller looks whether it still fits."""
        return self._last(kind).get(place)

    def keep(self, kind: str, place: str, entry: Entry) -> None:
        """Have the next build know this."""
        self._kept.setdefault(kind, {})[place] = entry

    def written(self, path: str) -> str | None:
        """A file of the output as it stands on disk, which somebody may have edited since."""
        if self._folder is None:
            return None
        try:
            return (self._folder / path).read_text(encoding="utf-8")
        except (OSError, ValueError):
            return None

    @cached_property
    def sections(self) -> Sections:
        """What sections of the description say: those that were read, and those that are."""
        from specloom.reading.sections import Sections  # a run with nothing to do reads none

        return Sections(dict(_NAMED.findall(self._read(SECTIONS))))

    @cached_property
    def schemas(self) -> KeptSchemas:
        """What is understood of the schemas of components."""
        from specloom.reading.kept_schemas import KeptPaths, KeptSchemas, Understood

        known, last = Understood.of(self._read(SCHEMAS)), self.known("digests", "schemas")
        paths = KeptPaths.of(self._read(PATHS))
        return KeptSchemas(known, paths, last["from"] if last else "", self.has_folder)

    def save(self) -> None:
        """Replace what the last build made by what this one has. Where it cannot, it does not."""
        if self.schemas.digest:
            self.keep("digests", "schemas", {"from": self.schemas.digest})
        for kind in _KINDS:
            kept = self._kept.get(kind, {})
            if kept != self._last(kind):
                self._write(f"{kind}.json", json.dumps(kept, ensure_ascii=False, sort_keys=True))
        if self.sections.are_worth_keeping:
            met = self.sections.met.items()
            self._write(SECTIONS, "".join(f"{name} {said}\n" for name, said in met))
        if self.schemas.understood is not None:
            self._write(SCHEMAS, self.schemas.understood.as_text())
        paths = self.schemas.paths
        if paths.met and paths.met.keys() != paths.known.keys():
            self._write(PATHS, paths.as_text())

    def _last(self, kind: str) -> dict[str, Entry]:
        """What the last build has kept of a kind."""
        if kind not in self._known:
            try:
                self._known[kind] = json.loads(self._read(f"{kind}.json") or "{}")
            except ValueError:
                self._known[kind] = {}
        return self._known[kind]

    def _read(self, name: str) -> str:
        """The text of a file that is as this tool has left it; else none."""
        if self._folder is None:
            return ""
        try:
            file = (self._folder / FOLDER / name).read_text(encoding="utf-8")
        except (OSError, ValueError):
            return ""
        known, _, text = file.partition("\n")
        return text if known == digest(_made_by(), name, text) else ""

    def _write(self, name: str, text: str) -> None:
        if self._folder is not None:
            with suppress(OSError):
                put(self._folder / FOLDER / name, f"{digest(_made_by(), name, text)}\n{text}")


_NAMED = re.compile(r"(\S+) (.*)\n")


def _made_by() -> str:
    """A hash of the tool and of the Python that runs it."""
    return digest(tool_fingerprint(), sys.version)


def digest(*parts: str) -> str:
    """A hash over texts; where one ends and the next begins counts."""
    state = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogateescape")
        state.update(f"{len(data)}:".encode())
        state.update(data)
    return state.hexdigest()


def content_hash(data: bytes) -> str:
    """A hash over a file of the output, as the manifest has it."""
    # Version control may write line breaks as the system has them.
    return hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()


@cache
def tool_fingerprint() -> str:
    """A hash of what shapes the output besides the input: our code, our templates, the libraries.

    Files count by size and time of change: enough to notice an edit, and quick to ask for.
    """
    own = Path(__file__).parents[1]
    files = [*own.rglob("*.py"), *templates_folder().rglob("*.j*2")]
    for name in _SHAPING:
        spec = PathFinder.find_spec(name)
        if spec is not None and spec.origin is not None:
            files.append(Path(spec.origin))
    return digest(__version__, *(stamp(path) for path in sorted(files)))


def stamp(path: Path) -> str:
    """A file's path, size and time of change."""
    status = path.stat()
    return f"{path}:{status.st_size}:{status.st_mtime_ns}"


def put(path: Path, text: str) -> None:
    """Write a file whole, by way of a temporary one, so that two runs at once do no harm."""
    import tempfile  # a run with nothing to do writes nothing

    path.parent.mkdir(parents=True, exist_ok=True)
    _ignore_in_git(path.parent)
    descriptor, name = tempfile.mkstemp(dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _ignore_in_git(folder: Path) -> None:
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")
