"""The surface of the older clients: one resource with the 28 operationIds in snake case."""

from __future__ import annotations

import asyncio
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from specloom import ir
from specloom.options import BuildOptions
from specloom.pipeline import read
from support.examples import ASSISTANTS, LIB, ExampleServer
from support.generated import Sdk, forget, generate_sdk
from support.loopback import serving

pytestmark = pytest.mark.slow

OPTIONS = BuildOptions(overlays=(Path(__file__).parent / "overlay.yaml",), include=LIB)
OPERATIONS = {operation.id: operation for operation in read(ASSISTANTS, OPTIONS)[1].operations()}


@pytest.fixture(scope="module")
def sdk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sdk]:
    made = generate_sdk(ASSISTANTS, tmp_path_factory.mktemp("by_tag"), OPTIONS)
    yield made
    forget(made)


def arguments_of(operation: ir.Operation) -> tuple[list[str], dict[str, Any]]:
    """Ids for the path, and the body of the first example."""
    path = [p.wire_name for p in operation.parameters if p.location == "path"]
    keywords: dict[str, Any] = {name: f"{name}-1" for name in path[:-1]}
    examples = [example for example in operation.examples if example.status is None]
    if examples:
        keywords |= examples[0].value
    return [f"{name}-1" for name in path[-1:]], keywords


def snake(operation_id: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", operation_id).lower()


def check(server: ExampleServer, operation: ir.Operation) -> None:
    filled = re.sub(r"\{(\w+)\}", r"\1-1", operation.path)
    assert (server.last.method, server.last.path) == (operation.http_method, filled)
    assert server.last.headers["OpenAI-Beta"] == "assistants=v1"


def test_all_28_are_there(sdk: Sdk) -> None:
    assert len(OPERATIONS) == 28
    client = sdk.client("http://localhost", api_key="sk-test")
    names = {name for name in dir(client.assistants) if not name.startswith(("_", "with_"))}
    assert names == {snake(operation_id) for operation_id in OPERATIONS}


@pytest.mark.parametrize("operation_id", sorted(OPERATIONS))
def test_calls(sdk: Sdk, operation_id: str) -> None:
    operation = OPERATIONS[operation_id]
    positional, keywords = arguments_of(operation)
    with serving(ExampleServer(ASSISTANTS)) as server:
        assert isinstance(server, ExampleServer)
        with sdk.client(server.base_url, api_key="sk-test") as client:
            getattr(client.assistants, snake(operation_id))(*positional, **keywords)
            check(server, operation)

        async def call() -> None:
            async with sdk.async_client(server.base_url, api_key="sk-test") as client:
                result = getattr(client.assistants, snake(operation_id))(*positional, **keywords)
                assert inspect.isawaitable(result)
                await result

        asyncio.run(call())
        check(server, operation)
        assert len(server.received) == 2
