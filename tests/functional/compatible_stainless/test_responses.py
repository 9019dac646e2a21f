"""Responses and models have their old members."""

from __future__ import annotations

import asyncio
import pickle
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from pydantic import ValidationError

from specloom.options import BuildOptions
from specloom.pipeline import build
from support.generated import Sdk, found

SPEC = Path(__file__).parent / "spec.yaml"


@pytest.mark.parametrize("is_async", [False, True])
def test_responses_are_parsed_as_other_types(sdk: Sdk, server: Any, is_async: bool) -> None:
    run = found("lab.types.Run")
    server.answer("GET", "/beta/threads/t_3/runs", {"id": "r_1"})
    kinds = [dict[str, str], run, str, httpx2.Response]
    client = sdk.module.Lab(auth_token="k", http_client=server.client())

    async def parsed() -> list[Any]:
        other = sdk.module.AsyncLab(auth_token="k", http_client=server.async_client())
        response = await other.beta.threads.runs.with_raw_response.list("t_3")
        values = [await response.parse(to=kind) for kind in kinds]
        async with other.names.with_streaming_response.list() as streamed:
            return [*values, await streamed.parse(to=list[str])]

    if is_async:
        values = asyncio.run(parsed())
    else:
        response = client.beta.threads.runs.with_raw_response.list("t_3")
        values = [response.parse(to=kind) for kind in kinds]
        with client.names.with_streaming_response.list() as streamed:
            values.append(streamed.parse(to=list[str]))
    assert values[0] == {"id": "r_1"}
    assert (type(values[1]), values[1].id) == (run, "r_1")
    assert values[2].replace(" ", "") == '{"id":"r_1"}'
    assert (values[3].status_code, values[4]) == (200, ["Ada"])
    assert found("lab._qs.Querystring")(array_format="comma").stringify({"a": [1, 2]}) == "a=1%2C2"


def test_raw_responses_have_their_old_members(sdk: Sdk, server: Any) -> None:
    arguments = {"auth_token": "t", "base_url": "http://lab"}
    client = sdk.module.Lab(**arguments, http_client=server.client())
    response = client.names.with_raw_response.list()
    assert isinstance(response, found("lab.APIResponse"))
    assert response.parse() == response.json() == ["Ada"]
    assert response.text() == response.text == '["Ada"]'
    assert (response.method, response.url.path, response.is_closed) == ("GET", "/names", True)
    with client.names.with_streaming_response.list() as streamed:
        assert streamed.json() == ["Ada"]

    async def awaited() -> Any:
        lab = sdk.module.AsyncLab(**arguments, http_client=server.async_client())
        raw = await lab.names.with_raw_response.list()
        assert await raw.json() == ["Ada"]
        async with lab.names.with_streaming_response.list() as other:
            assert await other.parse() == ["Ada"]
        page = await lab.beta.threads.runs.list("t_1")
        assert isinstance(page, found("lab.pagination.AsyncOffsetPagination"))
        return await raw.parse()

    assert asyncio.run(awaited()) == ["Ada"]


@pytest.mark.usefixtures("sdk")
def test_models_take_their_old_options() -> None:
    screen = found("lab.types.Screen")(max_height=1, within=None, made_at="2026-01-02T03:04:05Z")
    made_at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert screen.to_dict() == {"maxHeight": 1, "within": None, "madeAt": made_at}
    assert screen.to_dict(mode="json", use_api_names=False, exclude_none=True) == {
        "max_height": 1,
        "made_at": "2026-01-02T03:04:05Z",
    }
    assert screen.to_json(indent=None, exclude_none=True, use_api_names=False) == (
        '{"max_height":1,"made_at":"2026-01-02T03:04:05Z"}'
    )
    copied = found("lab._compat.model_copy")(screen)
    assert found("lab._compat.model_dump")(copied, exclude_none=True)["max_height"] == 1


@pytest.mark.usefixtures("sdk")
def test_values_are_made_as_types() -> None:
    screen = found("lab.types.Screen")
    construct, validate = found("lab._models.construct_type"), found("lab._models.validate_type")
    assert construct(value=[{"maxHeight": "high"}], type_=list[screen])[0].max_height == "high"
    assert validate(value={"maxHeight": 1}, type_=screen).max_height == 1
    with pytest.raises(ValidationError):
        validate(value={"maxHeight": "high"}, type_=screen)


@pytest.mark.usefixtures("sdk")
def test_errors_are_made_as_before() -> None:
    request = httpx2.Request("GET", "https://lab.example.com/names")
    response = httpx2.Response(429, request=request)
    lost = found("lab.APIConnectionError")(request=request)
    assert (str(lost), lost.request) == ("Connection error.", request)
    for late in (
        found("lab.APITimeoutError")(request),
        found("lab.APITimeoutError")(request=request),
    ):
        assert (str(late), late.request) == ("Request timed out.", request)
    limited = found("lab.RateLimitError")("Slow down", response=response, body={"code": "x"})
    assert (limited.status_code, limited.request, limited.body) == (429, request, {"code": "x"})
    broken = found("lab.APIResponseValidationError")(response=response, body=None)
    assert "invalid for expected schema" in str(broken)
    failed = found("lab.APIError")("It failed", request, body=None)
    assert (failed.message, failed.request) == ("It failed", request)
    assert str(pickle.loads(pickle.dumps(lost))) == "Connection error."


def test_legacy_responses_are_parsed_without_await(sdk: Sdk, server: Any, tmp_path: Path) -> None:
    file = tmp_path / "former.yaml"
    file.write_text("legacy_responses: true")
    files = build(SPEC, BuildOptions(compatible_with="stainless", former_sdk=file)).files
    assert files["lab/_client.py"].count("_has_legacy_responses = True") == 2

    class Legacy(sdk.module.AsyncLab):  # type: ignore[misc, name-defined]
        _has_legacy_responses = True

    async def parsed() -> Any:
        client = Legacy(auth_token="t", http_client=server.async_client()).with_options(timeout=3)
        response = await client.names.with_raw_response.list()
        assert isinstance(response, found("lab._legacy_response.LegacyAPIResponse"))
        return response.parse()

    assert asyncio.run(parsed()) == ["Ada"]


def test_bytes_are_a_response_that_was_read(sdk: Sdk, server: Any, tmp_path: Path) -> None:
    server.answer("GET", "/files/f_1", b'{"a": 1}')
    client = sdk.module.Lab(auth_token="k", http_client=server.client())
    sync_kind = found("lab._response.BinaryAPIResponse")
    for answer in (client.files.download("f_1"), client.files.with_raw_response.download("f_1")):
        assert isinstance(answer, sync_kind)
        assert answer.is_closed is True
        assert (answer.read(), answer.json(), answer.parse()) == (
            b'{"a": 1}',
            {"a": 1},
            answer.content,
        )
        assert b"".join(answer.iter_bytes(3)) == b'{"a": 1}'
        answer.write_to_file(tmp_path / "sync")
    with client.files.with_streaming_response.download("f_1") as streamed:
        assert isinstance(streamed, found("lab._response.StreamedBinaryAPIResponse"))
        streamed.stream_to_file(tmp_path / "streamed")

    async def awaited() -> None:
        lab = sdk.module.AsyncLab(auth_token="k", http_client=server.async_client())
        raw = await lab.files.with_raw_response.download("f_1")
        for answer in (await lab.files.download("f_1"), raw):
            assert isinstance(answer, found("lab._response.AsyncBinaryAPIResponse"))
            assert (await answer.read(), await answer.json()) == (b'{"a": 1}', {"a": 1})
            assert b"".join([one async for one in answer.iter_bytes(3)]) == b'{"a": 1}'
            await answer.write_to_file(tmp_path / "async")

    asyncio.run(awaited())
    texts = {(tmp_path / name).read_text() for name in ("sync", "async", "streamed")}
    assert texts == {'{"a": 1}'}


def test_legacy_bytes_are_of_one_class_for_both_clients(sdk: Sdk, server: Any) -> None:
    server.answer("GET", "/files/f_1", b"abc")
    kind = found("lab._legacy_response.HttpxBinaryResponseContent")

    class Legacy(sdk.module.Lab):  # type: ignore[misc, name-defined]
        _has_legacy_responses = True

    class AsyncLegacy(sdk.module.AsyncLab):  # type: ignore[misc, name-defined]
        _has_legacy_responses = True

    answer = Legacy(auth_token="k", http_client=server.client()).files.download("f_1")
    assert isinstance(answer, kind)
    assert (answer.response.status_code, answer.content) == (200, b"abc")
    assert (answer.encoding, answer.charset_encoding) == ("utf-8", None)

    async def awaited() -> Any:
        client = AsyncLegacy(auth_token="k", http_client=server.async_client())
        answer = await client.files.download("f_1")
        assert isinstance(answer, kind)
        raw = await client.files.with_raw_response.download("f_1")
        assert isinstance(raw.parse(), kind)
        return await answer.aread()

    assert asyncio.run(awaited()) == b"abc"
