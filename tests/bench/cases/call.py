"""One call after another over the loopback interface."""

from __future__ import annotations

from bench.measure import Goal
from bench.rows import SCRIPTS, Row, floor, loops

_WITH_PYDANTIC = "httpx2 + pydantic"

ROW = Row(
    name="call",
    title="One call: fetch a run",
    unit="µs",
    method="CPU time of the client with open connections. The server is another process.",
    sides={
        **loops("call", *SCRIPTS),
        _WITH_PYDANTIC: floor("call_pydantic"),
        "httpx2 alone": floor("call_httpx2"),
    },
    goals=(Goal(0.3, to="openai"), Goal(0.7, to=_WITH_PYDANTIC)),
)
