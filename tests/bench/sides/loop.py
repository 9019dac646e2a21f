"""What every side does: set its case up, then repeat it as often as it is told, and say the cost.

Runs in the interpreter of the side, so that it imports nothing but the standard library.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
import urllib.request
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

AT_ONCE = 50
MOST_AT_ONCE = 1000
URL = os.environ.get("BENCH_URL", "")
# A request of ordinary length; every side sends it.
MESSAGE = "I need to solve the equation `3x + 11 = 14`. Can you help me?"
INSTRUCTIONS = "You are a personal math tutor. Write and run code to answer math questions."
CREATE_RUN = {
    "assistant_id": "asst_k7PdQ2mXvT9sLb4RhW1nYc8E",
    "model": "gpt-4-turbo",
    "instructions": INSTRUCTIONS,
    "additional_messages": [
        {"role": "user", "content": MESSAGE, "metadata": {"lesson": "7"}},
        {"role": "user", "content": "Please answer in one sentence."},
    ],
    "tools": [
        {"type": "code_interpreter"},
        {
            "type": "function",
            "function": {
                "name": "get_stock",
                "description": "How many pieces of a part are on the shelf.",
                "parameters": {"type": "object", "properties": {"part": {"type": "string"}}},
            },
        },
    ],
    "metadata": {"user": "u_42", "try": "1"},
    "temperature": 0.5,
    "truncation_strategy": {"type": "last_messages", "last_messages": 10},
    "tool_choice": "auto",
}

Work: TypeAlias = Callable[[], object]
# A case is set up once, then made ready for a number of repeats; only its work is timed.
Ready: TypeAlias = Callable[[int], Work]


def repeated(action: Work) -> Ready:
    """A case whose repeats need nothing made ready."""

    def ready(count: int) -> Work:
        def work() -> None:
            for _ in range(count):
                action()

        return work

    return ready


def at_once(fetch: Callable[[], Awaitable[Any]], count: int = AT_ONCE) -> Ready:
    """A case whose repeat is so many calls at once, after as many that open connections."""
    loop = asyncio.new_event_loop()

    async def batch() -> None:
        await asyncio.gather(*(fetch() for _ in range(count)))

    def ready(count: int) -> Work:
        loop.run_until_complete(batch())  # idle connections end while other sides are measured
        return repeated(lambda: loop.run_until_complete(batch()))(count)

    return ready


def fetched(path: str) -> bytes:
    """What the server answers there."""
    with urllib.request.urlopen(URL + path) as response:
        body: bytes = response.read()
        return body


def main(cases: Mapping[str, Callable[[], Ready]]) -> None:
    """Serve the case that the command line names."""
    ready = cases[sys.argv[1]]()
    for line in sys.stdin:
        count = int(line)
        work = ready(count)
        start = time.process_time()
        work()
        spent = time.process_time() - start
        print(json.dumps(spent / count), flush=True)
