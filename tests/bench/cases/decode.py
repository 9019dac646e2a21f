"""A response's bytes to models."""

from __future__ import annotations

from bench.measure import Goal
from bench.rows import SCRIPTS, Row, floor, loops

ROW = Row(
    name="decode",
    title="Read a list of 100 runs",
    unit="ms",
    method=(
        "From the bytes of the response to the page, with the default settings. sdk and openai: "
        "the time of `parse()` on a raw response. The others: the code that their clients run."
    ),
    sides={
        **loops("decode", *SCRIPTS),
        "json.loads": floor("decode_json"),
        "pydantic-core, plain values": floor("decode_pydantic_core"),
    },
    goals=(Goal(0.1, to="openai"), Goal(2.2, to="json.loads")),
)
