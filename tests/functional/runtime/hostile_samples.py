"""Clients of the sample SDK for the suites of hostile connections."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from functional.runtime.misbehaving import Connection, answer
from functional.runtime.sample import INFO, AsyncSample, Sample

CLIENTS: dict[str, Callable[[], Any]] = {"own pool": lambda: None, "httpx2": httpx2.Client}
both_clients = pytest.mark.parametrize("make", CLIENTS.values(), ids=CLIENTS)


def sample(base_url: str, **options: Any) -> Sample:
    return Sample(INFO, credentials={"key": "hunter2"}, base_url=base_url, **options)


def async_sample(base_url: str, **options: Any) -> AsyncSample:
    return AsyncSample(INFO, credentials={"key": "hunter2"}, base_url=base_url, **options)


def run(id_: str) -> bytes:
    return json.dumps({"id": id_, "status": "queued"}).encode()


def echo(connection: Connection) -> None:
    connection.send(answer(run(connection.target.rpartition(b"/")[2].decode())))
