"""What the server of the benchmarks answers: recorded responses, repeated to the size wanted."""

from __future__ import annotations

import json
from typing import Any

from support.fixtures import Fixture, Response, load

RUNS = 100
EVENTS = 2000
_DELTA = "thread.message.delta"


def one_run() -> bytes:
    """A run that is completed."""
    return _text(_runs()[0])


def list_of_runs(count: int = RUNS) -> bytes:
    """A page of runs, in every state that was recorded."""
    recorded = _runs()
    runs = [
        {**recorded[number % len(recorded)], "id": f"run_{number:024d}"} for number in range(count)
    ]
    ends = {"first_id": runs[0]["id"], "last_id": runs[-1]["id"], "has_more": False}
    return _text({"object": "list", "data": runs, **ends})


def stream_of_events(count: int = EVENTS) -> bytes:
    """The events of a run whose message comes in pieces, one for each of ``count`` events."""
    events = "\n".join(_recorded("createRun", "stream_message").text or ()).split("\n\n")
    pieces = [event for event in events if event.startswith(f"event: {_DELTA}\n")]
    done = [event for event in events if event.endswith("[DONE]")]
    chosen = [pieces[number % len(pieces)] for number in range(count)] + done
    return "".join(f"{event}\n\n" for event in chosen).encode()


def one_delta() -> str:
    """One event of a message that comes in pieces, without the empty line that ends it."""
    return stream_of_events(1).decode().partition("\n\n")[0]


def _runs() -> list[dict[str, Any]]:
    """Runs in every state, a completed one first."""
    found = [each.response.json for each in load() if _is(each, "getRun")]
    runs = [run for run in found if run.get("object") == "thread.run"]
    return sorted(runs, key=lambda run: run["status"] != "completed")


def _recorded(operation: str, variant: str) -> Response:
    return next(
        each.response for each in load() if _is(each, operation) and each.variant == variant
    )


def _is(fixture: Fixture, operation: str) -> bool:
    return (fixture.source, fixture.operation) == ("prism", operation)


def _text(value: object) -> bytes:
    return json.dumps(value).encode()
