"""Our SDK, as its README calls it."""

from __future__ import annotations

import httpx2
from loop import CREATE_RUN, MOST_AT_ONCE, URL, Ready, Work, at_once, fetched, main, repeated

from assistants_sdk import Assistants, AsyncAssistants


def _client() -> Assistants:
    return Assistants(api_key="k", base_url=URL)


def call() -> Ready:
    """Fetch one run."""
    client = _client()
    return repeated(lambda: client.threads.runs.retrieve("run_1", thread_id="thread_1"))


def many() -> Ready:
    """Fetch one run, fifty of them at once."""
    client = AsyncAssistants(api_key="k", base_url=URL)
    return at_once(lambda: client.threads.runs.retrieve("run_1", thread_id="thread_1"))


def thousand() -> Ready:
    """Fetch one run, a thousand of them at once."""
    client = AsyncAssistants(api_key="k", base_url=URL)
    runs = client.threads.runs
    return at_once(lambda: runs.retrieve("run_1", thread_id="thread_1"), MOST_AT_ONCE)


def decode() -> Ready:
    """Make a page of models of a response that is there."""
    body = fetched("/threads/thread_1/runs")
    headers = {"content-type": "application/json"}
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, content=body, headers=headers))
    client = Assistants(api_key="k", base_url=URL, http_client=httpx2.Client(transport=transport))

    def ready(count: int) -> Work:
        raw = client.threads.runs.with_raw_response
        responses = [raw.list("thread_1", limit=100) for _ in range(count)]
        return lambda: [len(each.parse().data) for each in responses]

    return ready


def encode() -> Ready:
    """Make the JSON of a request of its arguments; those not given are among them."""
    from assistants_sdk import omit
    from assistants_sdk._runtime.request.build import _body
    from assistants_sdk._runtime.request.call import Call
    from assistants_sdk.resources.threads.runs import _CREATE

    names = "additional_instructions stream max_prompt_tokens max_completion_tokens response_format"
    arguments = {**CREATE_RUN, **dict.fromkeys(names.split(), omit)}
    return repeated(lambda: _body(Call(_CREATE, body=arguments)))


def stream() -> Ready:
    """Read the events of one response."""
    client = _client()

    def act() -> None:
        with client.threads.runs.create("thread_1", assistant_id="a", stream=True) as events:
            for _ in events:
                pass

    return repeated(act)


main({each.__name__: each for each in (call, many, thousand, decode, encode, stream)})
