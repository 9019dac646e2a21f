"""The rows of the benchmarks, in the order of the report."""

from __future__ import annotations

from bench.cases import call, decode, encode, generate, many, memory, scale, start, stream
from bench.rows import Row

ROWS: tuple[Row, ...] = (
    *start.ROWS,
    decode.ROW,
    encode.ROW,
    call.ROW,
    *many.ROWS,
    stream.ROW,
    *memory.ROWS,
    *generate.ROWS,
    *scale.ROWS,
)
