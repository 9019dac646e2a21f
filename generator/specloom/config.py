"""Reads the settings: the table `[tool.specloom]` in the nearest pyproject.toml that has it."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast, get_args

from specloom.description.inputs import is_file
from specloom.errors import Location, Locator, Problems, did_you_mean
from specloom.options import Compatibility, FormatterName


@dataclass(frozen=True, slots=True)
class Config:
    """Settings; paths are relative to the working directory."""

    spec: Path | str | None = None
    output: Path | None = None
    overlays: tuple[Path, ...] = ()
    templates: Path | None = None
    include: Path | None = None
    names_lock: Path | None = None
    only: tuple[str, ...] = ()
    formatter: FormatterName | None = None
    compatible_with: Compatibility | None = None
    former_sdk: Path | None = None

    @property
    def file(self) -> Path | None:
        """The description, if it is a file."""
        return self.spec if isinstance(self.spec, Path) else None


def find_config(start: Path) -> Config:
    """The settings for the folder `start`: the nearest table at or above it.

    Raises SpecError for invalid TOML, unknown keys, and values of a wrong type.
    """
    for folder in (start, *start.parents):
        file = folder / "pyproject.toml"
        text = _read(file)
        # Parsing takes 10 ms, and most parent folders have no such table.
        if text is not None and "tool.specloom" in text:
            return _config(file, text)
    return Config()


def _read(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _config(file: Path, text: str) -> Config:
    problems = Problems()
    values = {
        key: _SETTINGS[key].read(file.parent, value)
        for key, value in _table(file, text, problems).items()
        if _is_known(key, value, Location(str(file), _line_of(key, text), 1), problems)
    }
    if problems.has_errors:
        problems.locator = _lines_of(file, text)
    problems.raise_if_errors()
    return Config(**values)


def _lines_of(file: Path, text: str) -> Locator:
    """Shows the lines of problems."""
    # Imported here: it takes longer than reading valid settings.
    from specloom.description.document import Document, Source
    from specloom.description.places import Places

    source = Source(file.name, str(file), text, None, is_json=False, broken=True)
    return Places(Document(file.name, str(file.parent), {file.name: source}, None))


def _table(file: Path, text: str, problems: Problems) -> dict[str, Any]:
    try:
        table: dict[str, Any] = tomllib.loads(text).get("tool", {}).get("specloom", {})
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        # Without this, tomllib reports "at end of document".
        number = int(line[1]) if line else text.rstrip().count("\n") + 1
        place = Location(str(file), number, 1)
        problems.error("bad-setting", f"this is not TOML: {error}", location=place)
        return {}
    return table


def _is_known(key: str, value: Any, place: Location, problems: Problems) -> bool:
    """Whether a setting can be read; if not, the reason is reported."""
    if key not in _SETTINGS:
        hint = did_you_mean(key, _SETTINGS, f"known: {', '.join(_SETTINGS)}")
        message = f"[tool.specloom] has no key {key!r}"
        problems.error("unknown-setting", message, hint=hint, location=place)
        return False
    if not _SETTINGS[key].fits(value):
        message = f"{key!r} takes {_SETTINGS[key].expected}"
        problems.error("bad-setting", message, location=place)
        return False
    return True


def _line_of(key: str, text: str) -> int:
    """The line that sets `key`; the line of the table if there is none."""
    table = re.search(r"^[ \t]*\[\s*tool\.specloom\b", text, re.MULTILINE)
    start = table.start() if table else 0
    found = re.compile(rf"^[ \t]*[\"']?{re.escape(key)}\b", re.MULTILINE).search(text, start)
    return text.count("\n", 0, found.start() if found else start) + 1


def _from_here(path: Path) -> Path:
    try:
        return Path(os.path.relpath(path))
    except ValueError:  # on another drive
        return path


def _all_text(values: list[object]) -> bool:
    return all(isinstance(value, str) for value in values)


@dataclass(frozen=True, slots=True)
class _Setting:
    expected: str
    type: Mapping[str, Any]
    """As a JSON Schema."""
    fits: Callable[[Any], bool]
    read: Callable[[Path, Any], Any]


_DESCRIPTION = _Setting(
    "a path, an address, or an app as text",
    {"type": "string"},
    lambda value: isinstance(value, str),
    lambda folder, value: _from_here(folder / value) if is_file(value) else value,
)
_PATH = _Setting(
    "a path as text",
    {"type": "string"},
    lambda value: isinstance(value, str),
    lambda folder, value: _from_here(folder / value),
)
_PATHS = _Setting(
    "a list of paths",
    {"type": "array", "items": {"type": "string"}},
    lambda value: isinstance(value, list) and _all_text(cast("list[object]", value)),
    lambda folder, value: tuple(_from_here(folder / one) for one in value),
)
_TEXTS = _Setting(
    "a list of tags, operationIds and patterns of paths",
    {"type": "array", "items": {"type": "string"}},
    lambda value: isinstance(value, list) and _all_text(cast("list[object]", value)),
    lambda _, value: tuple(value),
)
_FORMATTER = _Setting(
    "'black' or 'ruff'",
    {"enum": list(get_args(FormatterName))},
    lambda value: value in get_args(FormatterName),
    lambda _, value: value,
)
_COMPATIBILITY = _Setting(
    "'stainless'",
    {"enum": list(get_args(Compatibility))},
    lambda value: value in get_args(Compatibility),
    lambda _, value: value,
)
_SETTINGS = {
    "spec": _DESCRIPTION,
    "output": _PATH,
    "overlays": _PATHS,
    "templates": _PATH,
    "include": _PATH,
    "names_lock": _PATH,
    "only": _TEXTS,
    "formatter": _FORMATTER,
    "compatible_with": _COMPATIBILITY,
    "former_sdk": _PATH,
}


def settings_schema() -> dict[str, Any]:
    """The JSON Schema of the table."""
    properties = {
        key: {
            **setting.type,
            "description": f"{setting.expected[0].upper()}{setting.expected[1:]}.",
        }
        for key, setting in _SETTINGS.items()
    }
    return {"type": "object", "additionalProperties": False, "properties": properties}
