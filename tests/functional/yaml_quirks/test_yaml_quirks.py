"""Descriptions as people write them: YAML's traps, editors' bytes, JSON in a YAML file."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from specloom.errors import SpecError
from specloom.pipeline import BuildOptions, build
from support.generated import Sdk
from support.loopback import Loopback
from support.typecheck import mypy_errors

pytestmark = pytest.mark.slow

SPEC = Path(__file__).parent / "spec.yaml"
WIRE = {
    "on": True,
    "no": False,
    "yes": "off",
    "null": "null",
    "1": 1,
    "1.5": 1.5,
    "true": "true",
    "2024-05-01": "2024-05-01",
    "12:30": "12:30",
}


def test_keys_and_words_are_text_as_written(sdk: Sdk, server: Loopback) -> None:
    server.answer(WIRE)
    client = sdk.client(server.base_url, strict=True)
    assert list(inspect.signature(client.quirks.create).parameters) == [
        "no", "on", "yes", "null", "n1", "n1_5", "true", "n2024_05_01", "n12_30", "n0o17", "options"
    ]  # fmt: skip
    result = client.quirks.create(
        on=True, no=False, yes="off", null="null", n1=1, n1_5=1.5, true="true", n12_30="12:30"
    )
    assert server.last.json == {key: WIRE[key] for key in WIRE if key != "2024-05-01"}
    assert result.to_dict() == WIRE


def test_integer_response_codes_are_statuses(sdk: Sdk, server: Loopback) -> None:
    server.answer({"404": "gone"}, status=404)
    with pytest.raises(sdk.module.NotFoundError) as caught:
        sdk.client(server.base_url).quirks.create(no=True)
    assert caught.value.parsed.to_dict() == {"404": "gone"}
    assert caught.value.parsed.n404 == "gone"


def test_a_merged_operation_is_whole(sdk: Sdk, server: Loopback) -> None:
    server.answer(WIRE)
    result = sdk.client(server.base_url).merged.update(no=True)
    assert (server.last.method, server.last.path) == ("PUT", "/merged")
    assert isinstance(result, sdk.types.Base)


def test_the_sdk_type_checks(sdk: Sdk) -> None:
    snippet = """
        from quirks_sdk import Quirks

        def check(client: Quirks) -> None:
            client.quirks.create(no=True, yes="on")
            client.quirks.create(no=True, yes=True)  # type: ignore[arg-type]
            client.quirks.create(no="no")  # type: ignore[arg-type]
    """
    assert mypy_errors(sdk, snippet) == []


WRITTEN: list[Callable[[str], bytes]] = [
    lambda text: text.encode(),
    lambda text: b"\xef\xbb\xbf" + text.encode(),
    lambda text: text.replace("\n", "\r\n").encode(),
    lambda text: ("---\n" + text + "...\n").encode(),
]


@pytest.mark.parametrize("written", WRITTEN)
def test_the_same_description_in_other_bytes_gives_the_same_sdk(
    tmp_path: Path, written: Callable[[str], bytes]
) -> None:
    path = tmp_path / "spec.yaml"
    path.write_bytes(written(SPEC.read_text("utf-8")))
    assert build(path, BuildOptions()).files == build(SPEC, BuildOptions()).files


@pytest.mark.parametrize("name", ["spec.yaml", "spec.yml", "spec.json"])
@pytest.mark.parametrize("indent", [None, 2, "\t"])
def test_json_is_read_under_any_name(tmp_path: Path, name: str, indent: int | str | None) -> None:
    golden = Path(__file__).parents[2] / "golden/types/spec.yaml"
    path = tmp_path / name
    path.write_text(json.dumps(yaml.safe_load(golden.read_text("utf-8")), indent=indent), "utf-8")
    assert build(path, BuildOptions()).files == build(golden, BuildOptions()).files


def problems_of(path: Path, text: str) -> list[str]:
    """The problems of a description that cannot be read."""
    path.write_text(text, "utf-8")
    with pytest.raises(SpecError) as caught:
        build(path, BuildOptions())
    return str(caught.value).splitlines()


HEAD = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n"


def test_a_duplicate_key_names_both_lines(tmp_path: Path) -> None:
    text = HEAD + "paths:\n  /a:\n    get: {}\n  /b: {}\n  /a:\n    put: {}\n"
    told = "\n".join(problems_of(tmp_path / "spec.yaml", text))
    assert "spec.yaml:7:3" in told
    assert "line 4" in told
    assert "/a" in told


def test_a_tab_is_an_error_with_its_place(tmp_path: Path) -> None:
    told = "\n".join(problems_of(tmp_path / "spec.yaml", HEAD + "paths:\n\t/a: {}\n"))
    assert "spec.yaml:4:1" in told
    assert "tab" in told
