"""The openai library, 1.16.2 or newest, as its README calls it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import openai
from loop import CREATE_RUN, MOST_AT_ONCE, URL, Ready, Work, at_once, fetched, main, repeated

try:
    import httpx2 as http
except ImportError:  # 1.16.2 is older
    import httpx as http


def call() -> Ready:
    """Fetch one run."""
    client = openai.OpenAI(api_key="k", base_url=URL)
    return repeated(lambda: client.beta.threads.runs.retrieve("run_1", thread_id="thread_1"))


def many() -> Ready:
    """Fetch one run, fifty of them at once."""
    client = openai.AsyncOpenAI(api_key="k", base_url=URL)
    return at_once(lambda: client.beta.threads.runs.retrieve("run_1", thread_id="thread_1"))


def thousand() -> Ready:
    """Fetch one run, a thousand of them at once."""
    client = openai.AsyncOpenAI(api_key="k", base_url=URL)
    runs = client.beta.threads.runs
    return at_once(lambda: runs.retrieve("run_1", thread_id="thread_1"), MOST_AT_ONCE)


def decode() -> Ready:
    """Make a page of models of a response that is there."""
    body = fetched("/threads/thread_1/runs")
    headers = {"content-type": "application/json"}
    transport = http.MockTransport(lambda _: http.Response(200, content=body, headers=headers))
    client = openai.OpenAI(api_key="k", base_url=URL, http_client=http.Client(transport=transport))

    def ready(count: int) -> Work:
        raw = client.beta.threads.runs.with_raw_response
        responses = [raw.list("thread_1", limit=100) for _ in range(count)]
        return lambda: [len(each.parse().data) for each in responses]

    return ready


def encode() -> Ready:
    """Make the JSON of a request of its arguments; those not given are among them."""
    from openai._utils import maybe_transform
    from openai.types.beta.threads import run_create_params

    names = "additional_instructions stream max_prompt_tokens max_completion_tokens response_format"
    not_given = getattr(openai, "omit", openai.NOT_GIVEN)
    arguments = {**CREATE_RUN, **dict.fromkeys(names.split(), not_given)}
    to_bytes = _json_writer()
    type_ = run_create_params.RunCreateParamsNonStreaming
    return repeated(lambda: to_bytes(maybe_transform(arguments, type_)))


def _json_writer() -> Callable[[Any], object]:
    """What it writes JSON with: its own function; in 1.16.2 two, of which one is ``httpx``'s."""
    try:
        from openai._utils._json import openapi_dumps
    except ImportError:
        from httpx._content import encode_json
        from openai._utils import strip_not_given

        return lambda value: encode_json(strip_not_given(value))
    return openapi_dumps


def stream() -> Ready:
    """Read the events of one response."""
    client = openai.OpenAI(api_key="k", base_url=URL)

    def act() -> None:
        create = client.beta.threads.runs.create
        for _ in create("thread_1", assistant_id="a", stream=True):
            pass

    return repeated(act)


main({each.__name__: each for each in (call, many, thousand, decode, encode, stream)})
