"""The events of a stream."""

from __future__ import annotations

from bench.measure import OURS, Goal
from bench.payloads import EVENTS
from bench.rows import Row, floor, loops

ROW = Row(
    name="stream",
    title="One event of a stream",
    unit="µs",
    method=(
        f"CPU time of a call that streams {EVENTS:,} deltas of a message at full speed, divided by "
        "the number of events. The clients of the two generators do not read events."
    ),
    sides={
        **loops("stream", OURS, "openai", "openai-1.16.2", parts=EVENTS),
        "split and json.loads": floor("stream_json", EVENTS),
    },
    goals=(Goal(0.08, to="openai"),),
)
