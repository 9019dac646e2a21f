"""``python -m record [--described | BASE_URL]``, as the Makefile calls it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from assistants_sdk import SDKError
from record.described import SOURCE, described
from record.recording import Recorder, RecordingError, without_chance
from record.scenarios import examples, flow
from record.servers import API_KEY, fakeai, prism
from support.fixtures import FOLDER, Fixture


def main(arguments: Sequence[str]) -> None:
    """Record from the live server at ``BASE_URL``, or else from the servers we start.

    ``--described`` records nothing anew: it adds what the description says of operations that have
    no fixture.
    """
    try:
        if arguments == ["--described"]:
            _write(SOURCE, list(described()))
        elif arguments:
            _from_live(arguments[0])
        else:
            _from_prism()
            _from_fakeai()
    except (RecordingError, SDKError) as error:
        raise SystemExit(f"record: {error}") from error


def _from_prism() -> None:
    with prism() as base_url, Recorder("prism", base_url, API_KEY) as recorder:
        _write("prism", [recorder.record(each) for each in examples()])


def _from_fakeai() -> None:
    with fakeai() as base_url, Recorder("fakeai", base_url, API_KEY) as recorder:
        recorded = [recorder.record(step) for step in flow() if not step.live]
        _write("fakeai", list(without_chance(recorded)))


def _from_live(base_url: str) -> None:
    """Record what the server can do, and name the rest."""
    api_key = os.environ.get("ASSISTANTS_API_KEY") or os.environ.get("OPENAI_API_KEY")
    if not api_key:
        raise SystemExit("record: set ASSISTANTS_API_KEY to a key for that server")
    recorded = []
    with Recorder("live", base_url, api_key) as recorder:
        for step in flow():
            try:
                recorded.append(recorder.record(step))
            except (RecordingError, SDKError) as error:
                print(f"record: left out {error}", file=sys.stderr)
    _write("live", recorded)


def _write(source: str, fixtures: Sequence[Fixture]) -> None:
    """Replace the fixtures of a source, once all of them are there; add those described."""
    if source != SOURCE:
        shutil.rmtree(FOLDER / source, ignore_errors=True)
    for fixture in fixtures:
        path = Path(FOLDER, fixture.path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(fixture.to_json(), encoding="utf-8", newline="\n")
    print(f"record: {len(fixtures)} fixtures from {source}")


if __name__ == "__main__":
    main(sys.argv[1:])
