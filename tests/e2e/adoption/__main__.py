"""``python -m e2e.adoption DESCRIPTIONS``, as the Makefile calls it.

Each SDK is downloaded by its pin, taken over, generated and proved below ``.adoption/``. What is
done is not done again: delete ``outcome.json`` in the SDK's folder to repeat it. An SDK has its
minutes; tests that they cut are in its results. Nothing of an SDK is committed. The page is
written when every SDK has an outcome; the exit code is 1 if one has no result.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from e2e.adoption.page import Outcome, page_of
from e2e.corpus.state import ROOT

PINS = Path(__file__).parent / "pins.txt"
PAGE = ROOT / "docs/adoption.md"
TESTS = "not (loose or aiohttp)"


def main(arguments: Sequence[str] | None = None) -> int:
    """Take over the pending SDKs, and write the page."""
    parser = argparse.ArgumentParser()
    parser.add_argument("descriptions", type=Path)
    parser.add_argument("--work", type=Path, default=ROOT / ".adoption")
    parser.add_argument("--only", nargs="*", default=[], help="distributions")
    parser.add_argument("--minutes", type=float, default=20, help="for each SDK")
    asked = parser.parse_args(arguments)
    descriptions, work = asked.descriptions.absolute(), asked.work.absolute()
    outcomes = []
    pinned = pins(PINS.read_text(encoding="utf-8"))
    for pin, description in pinned:
        folder = work / pin.partition("==")[0]
        is_asked = not asked.only or folder.name in asked.only
        if is_asked and not (folder / "outcome.json").exists():
            print(f"{pin} …", flush=True)
            _run(pin, descriptions / description, folder, asked.minutes)
        if (folder / "outcome.json").exists():
            outcomes.append(Outcome.of(json.loads((folder / "outcome.json").read_text())))
    if len(outcomes) == len(pinned):
        PAGE.write_text(page_of(outcomes), encoding="utf-8", newline="\n")
    failed = [one for one in outcomes if one.report is None]
    for one in failed:
        print(f"{one.pin}: no result: {one.reason}", file=sys.stderr)
    return 1 if failed else 0


def pins(text: str) -> list[tuple[str, str]]:
    """Each distribution with its version, and the file of its description."""
    lines = (line.partition("#")[0].split() for line in text.splitlines())
    return [(line[0], line[1]) for line in lines if line]


def _run(pin: str, description: Path, folder: Path, minutes: float) -> None:
    """Take over one SDK, and write the result."""
    folder.mkdir(parents=True, exist_ok=True)
    value: dict[str, object] = {"pin": pin, "report": None, "reason": ""}
    end = time.monotonic() + minutes * 60
    try:
        archive = _downloaded(pin, folder / "sdist", end)
        adopt = ("adopt", str(archive), str(description), "-o", str(folder))
        _specloom(*adopt, "--force", cwd=folder, end=end)  # what older code wrote is no result
        _specloom("generate", "--quiet", "--formatter", "ruff", cwd=folder, end=end)
        each = max(10.0, (end - time.monotonic()) * 0.3)  # the rest is for installing and calling
        prove = ("--prove", "--tests", TESTS, "--seconds", f"{each:.0f}")
        _specloom(*adopt, *prove, cwd=folder, end=end)
        value["report"] = json.loads((folder / "adoption.json").read_text(encoding="utf-8"))
    except (subprocess.SubprocessError, OSError, RuntimeError) as error:
        value["reason"] = " ".join(str(error).split())[:300]
    (folder / "outcome.json").write_text(json.dumps(value), encoding="utf-8")


def _downloaded(pin: str, folder: Path, end: float) -> Path:
    found = sorted(folder.glob("*.tar.gz"))
    if not found:
        options = ("--no-deps", "--no-binary", pin.partition("==")[0], "--quiet")
        command = [sys.executable, "-m", "pip", "download", *options, "-d", str(folder), pin]
        _checked(command, ROOT, end, (0,))
        found = sorted(folder.glob("*.tar.gz"))
    return found[0]


def _specloom(*arguments: str, cwd: Path, end: float) -> None:
    _checked([sys.executable, "-m", "specloom", *arguments], cwd, end, (0, 1))


def _checked(command: list[str], cwd: Path, end: float, codes: tuple[int, ...]) -> None:
    """Run a command within the remaining time. Raises RuntimeError with what it printed."""
    process = subprocess.Popen(
        command,
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        said, complaint = process.communicate(timeout=max(1.0, end - time.monotonic()))
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)  # and all that it started
        process.communicate()
        raise
    if process.returncode not in codes:
        raise RuntimeError((complaint or said).strip() or "no reason given")


if __name__ == "__main__":
    sys.exit(main())
