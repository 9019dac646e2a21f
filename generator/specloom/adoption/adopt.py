"""The steps of an adoption: read both sides, write the files for review, compare."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from specloom.adoption.comparison import compared, waivers_in, with_others
from specloom.adoption.former_sdk import former_sdk_text
from specloom.adoption.layouts import read_old
from specloom.adoption.matching import Matching, matched
from specloom.adoption.overlay import overlay_text
from specloom.adoption.proving.prove import SECONDS, prove, sides_of
from specloom.adoption.report import as_json, as_markdown
from specloom.adoption.seed import seeded
from specloom.adoption.sources import sources_of
from specloom.adoption.surface import Comparison, OldSdk, Proof
from specloom.adoption.tagged_methods import tagged_methods
from specloom.api_diff.take import surface_of
from specloom.config import find_config
from specloom.errors import Location, refuse
from specloom.ir.former_sdk import FormerSdk
from specloom.names_lock.file import lock_text
from specloom.names_lock.former_sdk import read_former_sdk
from specloom.options import BuildOptions
from specloom.pipeline import Reading, read
from specloom.progress import Tell, tell_nobody

OVERLAY, LOCK, SETTINGS = "adopt.overlay.yaml", "names.lock", "pyproject.toml"
LIBRARY = "lib"
FORMER = "adopt.former.yaml"
REPORT, REPORT_JSON, WAIVERS = "ADOPTION.md", "adoption.json", "adoption.waivers"


@dataclass(frozen=True, slots=True)
class Adoption:
    """The old SDK, the pairs of methods, the differences, and the written files."""

    sdk: OldSdk
    matching: Matching
    comparison: Comparison
    reading: Reading
    written: tuple[str, ...]
    proof: Proof | None = None


def adopt(
    old: str,
    spec: Path,
    folder: Path,
    options: BuildOptions,
    waivers: Path | None,
    *,
    force: bool,
    proves: bool = False,
    select: str = "",
    seconds: float = SECONDS,
    tell: Tell = tell_nobody,
) -> Adoption:
    """Take over ``old`` for the description ``spec``, with the files in ``folder``.

    The overlay and the lock are written once: a later run reads what a person made of them, and
    renews the report. ``proves``: both SDKs are run, with the tests that ``select`` names, for up
    to ``seconds`` each. Raises SpecError for anything that cannot be read, written or run.
    """
    sdk = read_old(old)
    written: tuple[str, ...] = ()
    overlay, lock = folder / OVERLAY, folder / LOCK
    if force or not (overlay.exists() and lock.exists()):
        plain = read(spec, options)
        sdk = replace(sdk, methods=tagged_methods(sdk, plain))
        has_include = (folder / SETTINGS).exists() and find_config(folder.resolve()).include
        matching = matched(sdk.methods, plain.api.operations())
        texts = {
            OVERLAY: overlay_text(sdk, matching, plain, includes=bool(has_include)),
            LOCK: lock_text(seeded(sdk, matching, plain)),
        }
        if "spread_body: true" in texts[OVERLAY]:  # the lock contains arguments that it creates
            _write(folder, {OVERLAY: texts[OVERLAY]})
            named = replace(options, overlays=(*options.overlays, overlay))
            texts |= _texts_of_lock(sdk, read(spec, named))
        texts |= _library(sdk, folder, force=force)
        written = _write(folder, texts | _settings(sdk, spec, folder, options))
    settled = replace(options, overlays=(*options.overlays, overlay), names_lock=lock)
    reading = read(spec, settled)
    sdk = replace(sdk, methods=tagged_methods(sdk, reading))
    matching = matched(sdk.methods, reading.api.operations())
    if sdk.layout == "Stainless" and (force or not (folder / FORMER).exists()):
        text = former_sdk_text(sdk, sources_of(old), matching, reading)
        written = (*written, *_write(folder, {FORMER: text}))
    patterns = _waivers(waivers or folder / WAIVERS)
    supplied = _supplied(folder, reading)
    surface = surface_of(reading.api, reading.names, reading.document.entry)
    comparison = compared(sdk, matching, surface, reading.api, patterns, supplied)
    proof = None
    if proves:
        output = find_config(folder.resolve()).output or folder / "sdk"
        sides = sides_of(old, sources_of(old), folder, output)
        proof = prove(sdk, matching, reading, sides, tell, seconds=seconds, select=select)
        comparison = with_others(comparison, proof.differences, patterns)
    reports = {
        REPORT: as_markdown(sdk, comparison, proof),
        REPORT_JSON: as_json(sdk, comparison, proof),
    }
    written = (*written, *_write(folder, reports))
    return Adoption(sdk, matching, comparison, reading, written, proof)


def _supplied(folder: Path, reading: Reading) -> FormerSdk:
    """The names that the new SDK provides for old code, if the settings ask for them."""
    settings = find_config(folder.resolve())
    if settings.compatible_with is None or settings.former_sdk is None:
        return FormerSdk()
    found = read_former_sdk(settings.former_sdk, reading.document, reading.problems)
    reading.problems.raise_if_errors()
    return found


def _texts_of_lock(sdk: OldSdk, reading: Reading) -> dict[str, str]:
    return {LOCK: lock_text(seeded(sdk, matched(sdk.methods, reading.api.operations()), reading))}


def _library(sdk: OldSdk, folder: Path, *, force: bool) -> dict[str, str]:
    """Hand-written code by its file; empty if the folder already has some."""
    if (folder / LIBRARY).exists() and not force:
        return {}
    return {f"{LIBRARY}/{name}": text for name, text in sdk.library.items()}


def _settings(sdk: OldSdk, spec: Path, folder: Path, options: BuildOptions) -> dict[str, str]:
    """``pyproject.toml`` with ``[tool.specloom]``; empty if the folder has one."""
    if (folder / SETTINGS).exists():
        return {}
    overlays = [_from(folder, one) for one in options.overlays] + [OVERLAY]
    text = settings_text(_from(folder, spec), overlays)
    text += f'include = "{LIBRARY}"\n' if sdk.library else ""
    if sdk.layout == "Stainless":
        text += f'compatible_with = "stainless"\nformer_sdk = {_toml(FORMER)}\n'
    return {SETTINGS: text}


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
        raise refuse("unreadable", str(error), Location(str(file))) from error


def _write(folder: Path, texts: dict[str, str]) -> tuple[str, ...]:
    for name, text in texts.items():
        file = folder / name
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise refuse("unwritable", str(error), Location(str(file))) from error
    return tuple(texts)
