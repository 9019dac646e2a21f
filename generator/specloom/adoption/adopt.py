"""The steps of an adoption: read both sides, write the files for review, compare."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from specloom.adoption.comparison import compared, waivers_in, with_others
from specloom.adoption.former_sdk import former_sdk_text
from specloom.adoption.layouts import read_old
from specloom.adoption.lock import lock_of
from specloom.adoption.matching import Matching, matched
from specloom.adoption.overlay import overlay_text
from specloom.adoption.proving.prove import prove, sides_of
from specloom.adoption.report import as_json, as_markdown
from specloom.adoption.sources import sources_of
from specloom.adoption.surface import Comparison, OldSdk, Proof
from specloom.adoption.tagged_methods import tagged_methods
from specloom.config import Config, find_config
from specloom.errors import Location, refuse
from specloom.ir.former_sdk import FormerSdk
from specloom.names_lock.file import lock_text
from specloom.names_lock.former_sdk import read_former_sdk
from specloom.options import BuildOptions
from specloom.pipeline import Reading, read
from specloom.progress import Tell

OVERLAY, LOCK, SETTINGS = "adopt.overlay.yaml", "names.lock", "pyproject.toml"
LIBRARY = "lib"
FORMER = "adopt.former.yaml"
REPORT, REPORT_JSON, WAIVERS = "ADOPTION.md", "adoption.json", "adoption.waivers"


@dataclass(frozen=True, slots=True)
class Proving:
    """Whether both SDKs run, which tests (as in ``pytest -k``), and for how many seconds each."""

    is_wanted: bool
    select: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Adoption:
    """The old SDK, the differences, and the written files."""

    sdk: OldSdk
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
    proving: Proving,
    tell: Tell,
    *,
    force: bool,
) -> Adoption:
    """Take over ``old`` for the description ``spec``, with the files in ``folder``.

    The first run writes the overlay and the lock. Later runs read them as people edited them, and
    write the report again. Raises SpecError for anything that cannot be read, written or run.
    """
    sdk = read_old(old)
    written: list[str] = []
    overlay, lock = folder / OVERLAY, folder / LOCK
    if force or not (overlay.exists() and lock.exists()):
        sdk, names = _names(sdk, spec, folder, options)
        library, settings = _library(sdk, folder, force), _settings(sdk, spec, folder, options)
        written += _write(folder, names | library | settings)
    reading = read(spec, replace(options, overlays=(*options.overlays, overlay), names_lock=lock))
    sdk, matching = _matched(sdk, reading)
    if sdk.layout == "Stainless" and (force or not (folder / FORMER).exists()):
        written += _write(
            folder, {FORMER: former_sdk_text(sdk, sources_of(old), matching, reading)}
        )
    config = find_config(folder.resolve())
    patterns = _waivers(waivers or folder / WAIVERS)
    comparison = compared(sdk, matching, reading, patterns, _supplied(config, reading))
    proof = None
    if proving.is_wanted:
        sides = sides_of(old, sources_of(old), folder, config.output or folder / "sdk")
        proof = prove(sdk, matching, reading, sides, tell, proving.seconds, proving.select)
        comparison = with_others(comparison, proof.differences, patterns)
    page, data = as_markdown(sdk, comparison, proof), as_json(sdk, comparison, proof)
    written += _write(folder, {REPORT: page, REPORT_JSON: data})
    return Adoption(sdk, comparison, reading, tuple(written), proof)


def _matched(sdk: OldSdk, reading: Reading) -> tuple[OldSdk, Matching]:
    """The old SDK with the methods that only the description names, and the pairs."""
    sdk = replace(sdk, methods=tagged_methods(sdk, reading))
    return sdk, matched(sdk.methods, reading.api.operations())


def _names(
    sdk: OldSdk, spec: Path, folder: Path, options: BuildOptions
) -> tuple[OldSdk, dict[str, str]]:
    """The overlay and the names lock."""
    reading = read(spec, options)
    sdk, matching = _matched(sdk, reading)
    includes = (folder / SETTINGS).exists() and bool(find_config(folder.resolve()).include)
    overlay = overlay_text(sdk, matching, reading, includes=includes)
    if "spread_body: true" in overlay:  # the lock contains arguments that it creates
        _write(folder, {OVERLAY: overlay})
        reading = read(spec, replace(options, overlays=(*options.overlays, folder / OVERLAY)))
        sdk, matching = _matched(sdk, reading)
    return sdk, {OVERLAY: overlay, LOCK: lock_text(lock_of(sdk, matching, reading))}


def _supplied(config: Config, reading: Reading) -> FormerSdk:
    """The names that the new SDK provides for old code, if the settings ask for them."""
    if config.compatible_with is None or config.former_sdk is None:
        return FormerSdk()
    found = read_former_sdk(config.former_sdk, reading.document, reading.problems)
    reading.problems.raise_if_errors()
    return found


def _library(sdk: OldSdk, folder: Path, force: bool) -> dict[str, str]:
    """Hand-written code by its file; empty if the folder already has some."""
    if (folder / LIBRARY).exists() and not force:
        return {}
    return {f"{LIBRARY}/{name}": text for name, text in sdk.library.items()}


def _settings(sdk: OldSdk, spec: Path, folder: Path, options: BuildOptions) -> dict[str, str]:
    """``pyproject.toml`` with ``[tool.specloom]``; empty if the folder has one."""
    if (folder / SETTINGS).exists():
        return {}
    overlays = ", ".join(_toml(_from(folder, one)) for one in (*options.overlays, folder / OVERLAY))
    text = (
        "[tool.specloom]\n"
        f"spec = {_toml(_from(folder, spec))}\n"
        'output = "sdk"\n'
        f"overlays = [{overlays}]\n"
        f"names_lock = {_toml(LOCK)}\n"
    )
    text += f'include = "{LIBRARY}"\n' if sdk.library else ""
    if sdk.layout == "Stainless":
        text += f'compatible_with = "stainless"\nformer_sdk = {_toml(FORMER)}\n'
    return {SETTINGS: text}


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
