"""How much memory a process holds that has called once."""

from __future__ import annotations

from bench.cases.start import BARE, FIRST_CALL, peer_of
from bench.measure import OURS, Goal
from bench.rows import Row, fresh

_RESIDENT = (
    "import os\n"
    "pages = int(open('/proc/self/statm').read().split()[1])\n"
    "print(pages * os.sysconf('SC_PAGESIZE'))\n"
)

ROW = Row(
    name="memory",
    title="Memory after the import and one call",
    unit="MB",
    method="Resident memory of a new process that has fetched one run; Linux only.",
    sides={
        **{
            side: fresh(peer_of(side), code + _RESIDENT, "memory")
            for side, code in FIRST_CALL.items()
        },
        BARE: fresh(OURS, _RESIDENT, "memory"),
    },
    goals=(Goal(0.6, to="openai"),),
)
