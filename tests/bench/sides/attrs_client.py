"""The client that openapi-python-client makes, as its README calls it."""

from __future__ import annotations

import json

from assistants_attrs import AuthenticatedClient
from assistants_attrs.api.assistants import get_run
from assistants_attrs.models import CreateRunRequest, ListRunsResponse
from loop import CREATE_RUN, URL, Ready, at_once, fetched, main, repeated


def _client() -> AuthenticatedClient:
    headers = {"OpenAI-Beta": "assistants=v1"}
    return AuthenticatedClient(base_url=URL, token="k", headers=headers)


def call() -> Ready:
    """Fetch one run."""
    client = _client()
    return repeated(lambda: get_run.sync("thread_1", "run_1", client=client))


def many() -> Ready:
    """Fetch one run, fifty of them at once."""
    client = _client()
    return at_once(lambda: get_run.asyncio("thread_1", "run_1", client=client))


def decode() -> Ready:
    """Make models of a response that is there: what its client does with the bytes."""
    body = fetched("/threads/thread_1/runs")
    return repeated(lambda: ListRunsResponse.from_dict(json.loads(body)))


def encode() -> Ready:
    """Make the model of a request, and its JSON."""
    return repeated(lambda: json.dumps(CreateRunRequest.from_dict(CREATE_RUN).to_dict()))


main({each.__name__: each for each in (call, many, decode, encode)})
