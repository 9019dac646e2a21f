"""The client that datamodel-code-generator makes, as its README calls it."""

from __future__ import annotations

from typing import Any

import assistants_models as models
from assistants_client import AsyncClient, Client
from loop import CREATE_RUN, URL, Ready, at_once, fetched, main, repeated
from pydantic import TypeAdapter

ARGUMENTS: dict[str, Any] = {
    "run_id": "run_1",
    "thread_id": "thread_1",
    "OpenAI_Beta": "assistants=v1",
}


def call() -> Ready:
    """Fetch one run."""
    client = Client(api_key_auth="k", base_url=URL)
    return repeated(lambda: client.assistants.get_run(**ARGUMENTS))


def many() -> Ready:
    """Fetch one run, fifty of them at once."""
    client = AsyncClient(api_key_auth="k", base_url=URL)
    return at_once(lambda: client.assistants.get_run(**ARGUMENTS))


def decode() -> Ready:
    """Make models of a response that is there: what its client does with the bytes."""
    body = fetched("/threads/thread_1/runs")
    adapter = TypeAdapter(models.ListRunsResponse)
    return repeated(lambda: adapter.validate_json(body))


def encode() -> Ready:
    """Make the model of a request, and its JSON."""
    request = models.CreateRunRequest
    return repeated(
        lambda: request.model_validate(CREATE_RUN).model_dump_json(
            by_alias=True, exclude_unset=True
        )
    )


main({each.__name__: each for each in (call, many, decode, encode)})
