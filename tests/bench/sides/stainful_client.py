"""The client that stainful makes with the least configuration, as its README calls it."""

from __future__ import annotations

import json

from compared import AsyncCompared, Compared
from compared._core._models import to_jsonable
from compared.types import ThreadListRunsResponse
from loop import CREATE_RUN, URL, Ready, at_once, fetched, main, repeated


def call() -> Ready:
    """Fetch one run."""
    client = Compared(api_key="k", base_url=URL)
    return repeated(lambda: client.threads.get_run(thread_id="thread_1", run_id="run_1"))


def many() -> Ready:
    """Fetch one run, fifty of them at once."""
    client = AsyncCompared(api_key="k", base_url=URL)
    return at_once(lambda: client.threads.get_run(thread_id="thread_1", run_id="run_1"))


def decode() -> Ready:
    """Make models of a response that is there: what its client does with the bytes."""
    body = fetched("/threads/thread_1/runs")
    return repeated(lambda: ThreadListRunsResponse.model_validate(json.loads(body)))


def encode() -> Ready:
    """Make the JSON of a request of its arguments."""
    return repeated(lambda: json.dumps(to_jsonable(CREATE_RUN)))


main({each.__name__: each for each in (call, many, decode, encode)})
