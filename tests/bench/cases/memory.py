"""How much memory a process holds: after one call, for a large upload, for a long stream."""

from __future__ import annotations

import json
from pathlib import Path

from bench.cases.start import BARE, FIRST_CALL, peer_of
from bench.measure import OURS, Goal, Runner
from bench.payloads import one_delta
from bench.rows import Bench, Row, Start, fresh
from bench.runners import Fresh

UPLOAD = 96 * 2**20
MANY_EVENTS = 1_000_000

_RESIDENT = (
    "import os\n"
    "pages = int(open('/proc/self/statm').read().split()[1])\n"
    "print(pages * os.sysconf('SC_PAGESIZE'))\n"
)
_UPLOAD = """\
import os, sys
from pathlib import Path
from files_sdk import Files

def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))

small, large = map(Path, sys.argv[1:])
with Files(base_url=os.environ["BENCH_URL"]) as client:
    client.files.upload(file=small)
    before = peak()
    client.files.upload(file=large)
print(peak() - before)
"""
_EVENTS = """\
import itertools, os, sys
import httpx2
from assistants_sdk import Assistants

event, count = sys.argv[1].encode() + b"\\n\\n", int(sys.argv[2])

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGESIZE")

def answer(request):
    chunks = itertools.chain(itertools.repeat(event, count), [b"event: done\\ndata: [DONE]\\n\\n"])
    return httpx2.Response(200, headers={"content-type": "text/event-stream"}, content=chunks)

http_client = httpx2.Client(transport=httpx2.MockTransport(answer))
client = Assistants(api_key="k", base_url="http://localhost", http_client=http_client)
with client.threads.runs.create("thread_1", assistant_id="a", stream=True) as events:
    for number, _ in enumerate(events):
        if number == count // 100:
            before = resident()
        elif number == count - 1:
            print(max(0, resident() - before))
"""
_GROWTH = (
    "What the resident memory grows by between one event in a hundred and the last; Linux only."
)


def _upload(bench: Bench) -> Runner:
    own = bench.environments["files"]
    small, large = bench.folder / "small.bin", bench.folder / "large.bin"
    for path, size in ((small, 1024), (large, UPLOAD)):
        _write(path, size)
    variables = own.variables({"BENCH_URL": bench.url})
    return Fresh((own.python, "-c", _UPLOAD, str(small), str(large)), variables, "memory")


def _write(path: Path, size: int) -> None:
    with path.open("wb") as stream:
        stream.truncate(size)


def _events(name: str) -> Start:
    def start(bench: Bench) -> Runner:
        own = bench.environments[name]
        command = (own.python, "-c", _EVENTS, one_delta(), str(MANY_EVENTS))
        return Fresh(command, own.variables({}), "memory")

    return start


def _text_of_events() -> int:
    """How many bytes of text all events add to the message."""
    delta = json.loads(one_delta().partition("\ndata: ")[2])["delta"]
    return MANY_EVENTS * sum(len(part["text"]["value"]) for part in delta["content"])


ROWS = (
    Row(
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
        goals=(Goal(0.5, to="openai"),),
    ),
    Row(
        name="memory-upload",
        title=f"Memory for an upload of {UPLOAD // 2**20} MiB",
        unit="MB",
        method="What the peak of a process grows by, after an upload of 1 KiB; Linux only.",
        sides={OURS: _upload},
        goals=(Goal(8 * 2**20),),
        weight=2,
    ),
    Row(
        name="memory-events",
        title=f"Memory for a stream of {MANY_EVENTS:,} events",
        unit="MB",
        method=f"{_GROWTH} The SDK is generated without the hand-written code of `spec/lib`.",
        sides={OURS: _events("plain")},
        goals=(Goal(2**20),),
        weight=5,
    ),
    Row(
        name="memory-run",
        title=f"Memory for a run of {MANY_EVENTS:,} events",
        unit="MB",
        method=(
            f"{_GROWTH} Streams of runs return the whole message at their end, so that they keep "
            f"its text, here {_text_of_events() / 1e6:.1f} MB. The goal is this text and 1 MiB."
        ),
        sides={OURS: _events(OURS)},
        goals=(Goal(_text_of_events() + 2**20),),
        weight=5,
    ),
)
