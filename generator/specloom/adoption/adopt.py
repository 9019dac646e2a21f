"""The steps of an adoption: read both sides, write what is reviewed, compare."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from specloom.adoption.comparison import Comparison, compared, waivers_in
from specloom.adoption.layouts import read_old
from specloom.adoption.matching import Matching, matched
from specloom.adoption.overlay import overlay_text
from specloom.adoption.report import as_json, as_markdown
from specloom.adoption.seed import seeded
from specloom.adoption.surface import OldSdk
from specloom.errors import Location, Problems, SpecError
from specloom.names_lock.file import lock_text
from specloom.options import BuildOptions
from specloom.pipeline import Reading, read

OVERLAY, LOCK, SETTINGS = "adopt.overlay.yaml", "names.lock", "pyproject.toml"
LIBRARY = "lib"
REPORT, REPORT_JSON, WAIVERS = "ADOPTION.md", "adoption.json", "adoption.waivers"


@dataclass(frozen=True, slots=True)
class Adoption:
    """What `adopt` read, the pairs of methods, the differences, and the files it wrote."""

    sdk: OldSdk
    matching: Matching
    comparison: Comparison
    reading: Reading
    written: tuple[str, ...]


def adopt(
    old: str, spec: Path, folder: Path, options: BuildOptions, waivers: Path | None, *, force: bool
) -> Adoption:
    """Take over ``old`` for the description ``spec``, with the files in ``folder``.

    The overlay and the lock are written once: a later run reads what a person made of them, and
    renews the report. Raises SpecError for anything that cannot be read or written.
    """
    sdk = read_old(old)
    written: tuple[str, ...] = ()
    overlay, lock = folder / OVERLAY, folder / LOCK
    if force or not (overlay.exists() and lock.exists()):
        plain = read(spec, options)
        texts = _texts(sdk, matched(sdk.methods, plain.api.operations()), plain)
        texts |= _library(sdk, folder, force=force)
        written = _write(folder, texts | _settings(sdk, spec, folder, options))
    settled = replace(options, overlays=(*options.overlays, overlay), names_lock=lock)
    reading = read(spec, settled)
    matching = matched(sdk.methods, reading.api.operations())
    comparison = compared(sdk, matching, reading, _waivers(waivers or folder / WAIVERS))
    reports = {REPORT: as_markdown(sdk, comparison), REPORT_JSON: as_json(sdk, comparison)}
    return Adoption(sdk, matching, comparison, reading, (*written, *_write(folder, reports)))


def _texts(sdk: OldSdk, matching: Matching, reading: Reading) -> dict[str, str]:
    return {
        OVERLAY: overlay_text(sdk, matching, reading),
        LOCK: lock_text(seeded(sdk, matching, reading)),
    }


def _library(sdk: OldSdk, folder: Path, *, force: bool) -> dict[str, str]:
    """Hand-written code by its file; nothing where the folder has some already."""
    if (folder / LIBRARY).exists() and not force:
        return {}
    return {f"{LIBRARY}/{name}": text for name, text in sdk.library.items()}


def _settings(sdk: OldSdk, spec: Path, folder: Path, options: BuildOptions) -> dict[str, str]:
    """``pyproject.toml`` with ``[tool.specloom]``; nothing where the folder has one."""
    if (folder / SETTINGS).exists():
        return {}
    overlays = [_from(folder, one) for one in options.overlays] + [OVERLAY]
    text = settings_text(_from(folder, spec), overlays)
    return {SETTINGS: text + (f'include = "{LIBRARY}"\n' if sdk.library else "")}


def settings_text(spec: str, overlays: list[str]) -> str:
    """The table of settings that makes ``specloom generate`` use the overlay and the lock."""
    listed = ", ".join(_toml(one) for one in overlays)
    return (
        "[tool.specloom]\n"
        f"spec = {_toml(spec)}\n"
        'output = "sdk"\n'
        f"overlays = [{listed}]\n"
        f"names_lock = {_toml(LOCK)}\n"
    )


def _from(folder: Path, file: Path) -> str:
    try:
        return Path(os.path.relpath(file, folder)).as_posix()
    except ValueError:  # on another drive
        return file.resolve().as_posix()


def _toml(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _waivers(file: Path) -> list[str]:
    try:
        return waivers_in(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise _refused("unreadable", str(error), file) from error


def _write(folder: Path, texts: dict[str, str]) -> tuple[str, ...]:
    for name, text in texts.items():
        file = folder / name
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise _refused("unwritable", str(error), file) from error
    return tuple(texts)


def _refused(code: str, message: str, file: Path) -> SpecError:
    problems = Problems()
    problems.error(code, message, location=Location(str(file), 1, 1))
    return SpecError(problems)
