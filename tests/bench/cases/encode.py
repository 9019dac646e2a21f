"""Arguments to a request's bytes."""

from __future__ import annotations

from bench.measure import Goal
from bench.rows import SCRIPTS, Row, floor, loops

ROW = Row(
    name="encode",
    title="Encode the body of a run to be created",
    unit="µs",
    method=(
        "From the method's arguments, some of them omitted, to the JSON. "
        "sdk and openai: the functions that their methods call. "
        "The others: building and serialising their model."
    ),
    sides={
        **loops("encode", *SCRIPTS),
        "json.dumps": floor("encode_json"),
        "pydantic-core": floor("encode_pydantic_core"),
    },
    goals=(Goal(0.03, to="openai"),),
)
