"""The fake server answers from the API description."""

from __future__ import annotations

import asyncio
import importlib
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from support.generated import Sdk
from support.pages import programs_of


@pytest.fixture
def server(sdk: Sdk) -> Any:
    return described(sdk, seed=3)


def described(sdk: Sdk, seed: int) -> Any:
    testing = importlib.import_module(f"{sdk.package}.testing")
    return testing.FakeServer.from_description(seed=seed)


@pytest.fixture
def client(sdk: Sdk, server: Any) -> Iterator[Any]:
    with sdk.client("https://zoo.test/v2", api_key="k", http_client=server.client()) as client:
        yield client


def other(sdk: Sdk, seed: int, **options: Any) -> Any:
    http_client = described(sdk, seed).client()
    return sdk.client("https://x.test", api_key="k", http_client=http_client, **options)


def test_values_follow_from_schemas_and_the_seed(sdk: Sdk, client: Any) -> None:
    animals = [client.animals.retrieve("a", strict=True) for _ in range(20)]
    assert {one.kind for one in animals} == {"cat", "crane"}
    assert all(0 < one.weight <= 900 for one in animals)
    assert all(one.legs in (2, 3, 4) for one in animals if one.legs is not None)
    assert all(one.keeper.endswith("@example.com") and len(one.tags) >= 2 for one in animals)
    assert {one.meal.type for one in animals if one.meal} == {"meat", "hay"}
    assert {one.code for one in animals} >= {"ABC"}
    assert other(sdk, 3).animals.retrieve("b").to_dict() == animals[0].to_dict()
    assert other(sdk, 4).animals.retrieve("b").to_dict() != animals[0].to_dict()


@pytest.mark.parametrize("seed", range(30))
def test_answers_keep_to_the_schema(sdk: Sdk, seed: int) -> None:
    client = other(sdk, seed, strict=True)
    client.animals.retrieve("a")
    assert client.animals.list().data
    assert client.jobs.retrieve("j").status == "succeeded"


def test_lists_and_jobs_end(client: Any, server: Any) -> None:
    assert 1 <= len(list(client.animals.list())) <= 3
    assert len(server.requests) == 1
    assert list(client.animals.list(after="x")) == []
    assert client.jobs.create_and_poll(poll_interval=0).status == "succeeded"


def test_invalid_json_bodies(client: Any) -> None:
    photo = client.animals.photo("a")
    assert (photo.content_type, photo.read()) == ("image/png", b"An answer.")
    assert client.animals.delete("a") is None
    with client.animals.noises("a") as stream:
        assert {one.type for one in stream} <= {"meat", "hay"}


def test_scripted_answers_come_first(client: Any, server: Any) -> None:
    server.answer("GET", "/v2/animals/{id}", {"id": "mine"})
    assert client.animals.retrieve("a").id == "mine"
    with pytest.raises(AssertionError, match="No answer for GET /v2/nothing"):
        client.get("/nothing", cast_to=str)


def test_answers_that_are_preferred(sdk: Sdk, client: Any, server: Any) -> None:
    server.prefer("getAnimal", status=404)
    with pytest.raises(sdk.module.NotFoundError, match=r"No such animal\."):
        client.animals.retrieve("a")
    server.prefer("createJob", example="waiting")
    assert client.jobs.create().id == "j"
    with pytest.raises(ValueError, match="has no example 'none'"):
        server.prefer("createJob", example="none")
    with pytest.raises(ValueError, match="there is no operation 'getJbo'"):
        server.prefer("getJbo", status=404)


def test_a_rate_limit_is_waited_for(client: Any, server: Any) -> None:
    server.fault("rate_limit", retry_after=0.01, times=2)
    assert client.animals.retrieve("a").id
    assert len(server.requests) == 3


def test_faults_are_final_without_retries(sdk: Sdk, client: Any, server: Any) -> None:
    server.fault("rate_limit", retry_after=7, path="/v2/animals/{id}")
    patient = client.with_options(max_retries=0)
    assert patient.jobs.retrieve("j").id
    with pytest.raises(sdk.module.RateLimitError) as refused:
        patient.animals.retrieve("a")
    assert refused.value.response.headers["retry-after"] == "7"
    server.fault("server_error", method="delete")
    with pytest.raises(sdk.module.InternalServerError, match=r"Status 500\."):
        patient.animals.delete("a")
    assert patient.animals.delete("a") is None


def test_a_body_that_is_cut_off(sdk: Sdk, client: Any, server: Any) -> None:
    server.fault("cut_stream", after=3, times=9)
    with pytest.raises(sdk.module.APIConnectionError), client.animals.noises("a") as stream:
        list(stream)


def test_a_body_that_is_slow(sdk: Sdk, client: Any, server: Any) -> None:
    server.fault("slow_body", seconds=0.05)
    began = time.monotonic()
    assert client.animals.retrieve("a").id
    assert time.monotonic() - began >= 0.05
    server.fault("slow_body", seconds=500)
    with pytest.raises(sdk.module.APITimeoutError):
        client.with_options(max_retries=0).animals.retrieve("a", timeout=0.2)


def test_a_token_that_has_expired(sdk: Sdk, server: Any) -> None:
    tokens = iter(["old", "old", "new"])
    client = sdk.client("https://t.test", api_key=lambda: next(tokens), http_client=server.client())
    server.fault("expired_token")
    for _ in range(2):
        with pytest.raises(sdk.module.AuthenticationError):
            client.animals.retrieve("a")
    assert client.animals.retrieve("a").id


def test_async(sdk: Sdk, server: Any) -> None:
    module, tokens = sdk.module, iter(["old", "new"])

    async def token() -> str:
        return next(tokens)

    async def main() -> None:
        async with sdk.async_client(
            "https://t.test", api_key="k", http_client=server.async_client()
        ) as client:
            server.fault("slow_body", seconds=0.01)
            assert (await client.animals.retrieve("a")).id
            server.fault("slow_body", seconds=500)
            once = client.with_options(max_retries=0)
            with pytest.raises(module.APITimeoutError):
                await once.animals.retrieve("a", timeout=0.2)
            server.fault("slow_body", seconds=500)
            with pytest.raises(module.APITimeoutError, match="in total"):
                await once.animals.retrieve("a", timeout=module.Timeout(None, total=0.05))
            server.fault("cut_stream")
            stream = await client.animals.noises("a")
            with pytest.raises(module.APIConnectionError):
                [one async for one in stream]
            server.fault("rate_limit", retry_after=0.01, times=1, path="/animals/{id}")
            server.fault("rate_limit", retry_after=7, method="delete")
            assert (await client.animals.retrieve("a")).id
            with pytest.raises(module.RateLimitError) as refused:
                await once.animals.delete("a")
            assert refused.value.response.headers["retry-after"] == "7"
            server.fault("server_error")
            with pytest.raises(module.InternalServerError):
                await once.jobs.retrieve("j")
            server.fault("expired_token")
            client.api_key = token
            with pytest.raises(module.AuthenticationError):
                await client.animals.retrieve("a")
            assert (await client.animals.retrieve("a")).id

    asyncio.run(main())
    with pytest.raises(ValueError, match="rate_limit, server_error"):
        server.fault("rate_limits")


def test_plain_servers_have_faults_but_no_description(server: Any) -> None:
    plain = type(server)()
    plain.fault("server_error")
    with httpx2.Client(transport=plain) as http:
        assert http.get("https://t.test/x").status_code == 500
    with pytest.raises(ValueError, match="from_description"):
        plain.prefer("getJob", status=404)


def test_fixtures_of_pytest(sdk: Sdk, tmp_path: Any) -> None:
    (tmp_path / "test_mine.py").write_text(
        "import asyncio\n\n"
        "def test_sync(zoo_sdk_client, zoo_sdk_server):\n"
        "    assert zoo_sdk_client.animals.retrieve('a').id\n"
        "    assert len(zoo_sdk_server.requests) == 1\n\n"
        "def test_async(async_zoo_sdk_client):\n"
        "    assert asyncio.run(async_zoo_sdk_client.animals.retrieve('a')).id\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "zoo_sdk._pytest", "-W", "error", "."]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env={"PYTHONPATH": str(sdk.folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "2 passed" in done.stdout, done.stdout + done.stderr
    assert 'zoo_sdk = "zoo_sdk._pytest"' in sdk.source("pyproject.toml")


def test_the_first_call_of_the_readme_runs_against_it(sdk: Sdk, server: Any) -> None:
    folder = sdk.folder
    program, asynchronous, *_ = programs_of(folder / "README.md")
    assert "client.animals.list" in program.text
    arguments = "api_key='test', base_url='https://api.test', http_client=server."
    for one, http_client in ((program, "client()"), (asynchronous, "async_client()")):
        text = one.text.replace("Zoo()", f"Zoo({arguments}{http_client})")
        exec(compile(text, str(folder / "README.md"), "exec"), {"server": server})
    assert [one.path for one in server.requests] == ["/animals"] * 2
