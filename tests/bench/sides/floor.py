"""What it costs without any SDK: the libraries alone, doing the least that is useful."""

from __future__ import annotations

import json
from typing import Any

import httpx2
from loop import CREATE_RUN, URL, Ready, at_once, fetched, main, repeated
from pydantic import BaseModel, ConfigDict, TypeAdapter
from pydantic_core import from_json, to_json

HEADERS = {"Authorization": "Bearer k", "OpenAI-Beta": "assistants=v1"}
PATH = "/threads/thread_1/runs/run_1"


class Run(BaseModel):
    """A run, its parts plain values."""

    model_config = ConfigDict(extra="allow")

    id: str
    object: str
    created_at: int
    thread_id: str
    assistant_id: str
    status: str
    required_action: dict[str, Any] | None
    last_error: dict[str, Any] | None
    expires_at: int | None
    started_at: int | None
    cancelled_at: int | None
    failed_at: int | None
    completed_at: int | None
    incomplete_details: dict[str, Any] | None
    model: str
    instructions: str | None
    tools: list[dict[str, Any]]
    file_ids: list[str]
    metadata: dict[str, str] | None
    usage: dict[str, int] | None


def call_httpx2() -> Ready:
    """Fetch one run with ``httpx2``, and leave it at its bytes."""
    client = httpx2.Client(base_url=URL, headers=HEADERS)
    return repeated(lambda: client.get(PATH).content)


def call_pydantic() -> Ready:
    """Fetch one run with ``httpx2``, and read it with pydantic."""
    client = httpx2.Client(base_url=URL, headers=HEADERS)
    read = TypeAdapter(Run).validate_json
    return repeated(lambda: read(client.get(PATH).content))


def many_httpx2() -> Ready:
    """Fetch one run with ``httpx2``, fifty of them at once, and leave them at their bytes."""
    limits = httpx2.Limits(max_connections=1000, max_keepalive_connections=100)
    client = httpx2.AsyncClient(base_url=URL, headers=HEADERS, limits=limits)
    return at_once(lambda: client.get(PATH))


def decode_json() -> Ready:
    """Make plain values of a list, with ``json``."""
    body = fetched("/threads/thread_1/runs")
    return repeated(lambda: json.loads(body))


def decode_pydantic_core() -> Ready:
    """Make plain values of a list, with pydantic-core."""
    body = fetched("/threads/thread_1/runs")
    return repeated(lambda: from_json(body))


def encode_json() -> Ready:
    """Make the JSON of a request, with ``json``."""
    return repeated(lambda: json.dumps(CREATE_RUN))


def encode_pydantic_core() -> Ready:
    """Make the JSON of a request, with pydantic-core."""
    return repeated(lambda: to_json(CREATE_RUN))


def stream_json() -> Ready:
    """Fetch a stream whole, cut it into events, and read their data with ``json``."""
    client = httpx2.Client(base_url=URL, headers=HEADERS)
    body = {"assistant_id": "a", "stream": True}

    def act() -> None:
        for event in client.post("/threads/thread_1/runs", json=body).content.split(b"\n\n"):
            data = event.partition(b"\ndata: ")[2]
            if data and data != b"[DONE]":
                json.loads(data)

    return repeated(act)


_CASES = (
    call_httpx2,
    call_pydantic,
    many_httpx2,
    decode_json,
    decode_pydantic_core,
    encode_json,
    encode_pydantic_core,
    stream_json,
)
main({each.__name__: each for each in _CASES})
