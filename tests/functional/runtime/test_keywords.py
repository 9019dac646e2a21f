"""An unknown keyword of a method is refused before anything is sent."""

from __future__ import annotations

import asyncio
import inspect
import typing
from collections.abc import Callable
from typing import Any

import pytest

from functional.runtime.sample import INFO, AsyncSample, Sample
from support.generated import Sdk
from support.loopback import Loopback

METHODS: dict[str, Callable[[Any, Any], object]] = {
    "Runs.retrieve": lambda runs, wrong: runs.retrieve("r1", **wrong),
    "Runs.list": lambda runs, wrong: runs.list(**wrong),
    "Runs.create": lambda runs, wrong: runs.create("t1", **wrong),
    "Runs.stream": lambda runs, wrong: runs.stream("t1", **wrong),
    "raw": lambda runs, wrong: runs.with_raw_response.retrieve("r1", **wrong),
    "raw list": lambda runs, wrong: runs.with_raw_response.list(**wrong),
    "streamed": lambda runs, wrong: runs.with_streaming_response.download(
        "r1", **wrong
    ).__enter__(),
}


def arguments(server: Loopback) -> Any:
    return {"credentials": {"key": "k"}, "base_url": server.base_url}


@pytest.mark.parametrize("method", METHODS)
def test_every_method_refuses(method: str, server: Loopback) -> None:
    runs = Sample(INFO, **arguments(server)).runs
    with pytest.raises(TypeError, match=r"'max_retry' \(did you mean 'max_retries'\?\)"):
        METHODS[method](runs, {"max_retry": 0})
    assert server.received == []


def test_the_message_names_the_method_and_the_nearest_argument(server: Loopback) -> None:
    wrong: Any = {"modle": "m", "zzz": 1}
    with pytest.raises(TypeError) as caught:
        Sample(INFO, **arguments(server)).runs.create("t1", **wrong)
    assert str(caught.value) == (
        "Runs.create() got unexpected keyword arguments 'modle' (did you mean 'model'?), 'zzz'"
    )


def test_async_methods_refuse(server: Loopback) -> None:
    wrong: Any = {"timeouts": 1}

    async def main() -> None:
        async with AsyncSample(INFO, **arguments(server)) as client:
            runs = client.runs
            with pytest.raises(TypeError, match=r"AsyncRuns.retrieve.*'timeout'"):
                await runs.retrieve("r1", **wrong)
            with pytest.raises(TypeError, match=r"AsyncRuns.list.*'timeout'"):
                runs.list(**wrong)  # at once, not when it is awaited
            with pytest.raises(TypeError, match=r"AsyncRuns.stream.*'timeout'"):
                await runs.stream("t1", **wrong)
            with pytest.raises(TypeError, match=r"AsyncRuns.retrieve.*'timeout'"):
                await runs.with_raw_response.retrieve("r1", **wrong)
            with pytest.raises(TypeError, match=r"AsyncClient.get.*'timeout'"):
                await client.get("/x", cast_to=str, **wrong)

    asyncio.run(main())
    assert server.received == []


def test_with_options_refuses(server: Loopback) -> None:
    wrong: Any = {"tiemout": 1}
    with pytest.raises(TypeError, match=r"with_options\(\).*did you mean 'timeout'"):
        Sample(INFO, **arguments(server)).with_options(**wrong)


def test_a_client_refuses(generate: Callable[[str], Sdk]) -> None:
    sdk = generate("""
        openapi: 3.1.0
        info: {title: Zoo, version: "1"}
        paths: {/a: {get: {responses: {"204": {description: Done.}}}}}
        """)
    zoo = sdk.module.Zoo
    for client in (zoo, sdk.module.AsyncZoo):
        with pytest.raises(
            TypeError, match=r"__init__\(\) got an .*'tiemout'.*[Dd]id you mean 'timeout'"
        ):
            client(base_url="http://localhost", tiemout=1)
    assert "timeout" in inspect.signature(zoo).parameters
    assert "tiemout" not in inspect.signature(zoo).parameters
    assert "timeout" in typing.get_type_hints(zoo.__init__)

    class Own(zoo):  # type: ignore[misc, valid-type]
        def __init__(self, **settings: Any) -> None:
            super().__init__(base_url="http://localhost", **settings)

    with pytest.raises(TypeError, match=r"[Dd]id you mean 'strict'"):
        Own(strikt=True)
