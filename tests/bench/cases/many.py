"""Calls at once in one event loop."""

from __future__ import annotations

from bench.measure import Goal
from bench.rows import SCRIPTS, Row, floor, loops

AT_ONCE = 50

ROW = Row(
    name="many",
    title="One of 50 calls at once in an event loop",
    unit="µs",
    method="CPU time of the client with open connections, divided by the number of calls.",
    sides={
        **loops("many", *SCRIPTS, parts=AT_ONCE),
        "httpx2 alone": floor("many_httpx2", AT_ONCE),
    },
    goals=(Goal(0.55, to="openai"),),
)
