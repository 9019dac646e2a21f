"""Calls at once in one event loop."""

from __future__ import annotations

from bench.measure import OURS, Goal
from bench.rows import SCRIPTS, Row, floor, loops

AT_ONCE = 50
MOST_AT_ONCE = 1000
_METHOD = (
    "CPU time of the client, divided by the number of calls. As many calls before it, which are not"
    " measured, open the connections."
)

ROWS = (
    Row(
        name="many",
        title=f"One of {AT_ONCE} calls at once in an event loop",
        unit="µs",
        method=_METHOD,
        sides={
            **loops("many", *SCRIPTS, parts=AT_ONCE),
            "httpx2 alone": floor("many_httpx2", AT_ONCE),
        },
        goals=(Goal(0.25, to="openai"),),
    ),
    Row(
        name="thousand",
        title=f"One of {MOST_AT_ONCE:,} calls at once in an event loop",
        unit="µs",
        method=_METHOD,
        sides=loops("thousand", OURS, "openai", "openai-1.16.2", parts=MOST_AT_ONCE),
        goals=(Goal(0.2, to="openai"),),
        weight=2,
    ),
)
