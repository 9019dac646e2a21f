"""The README's way to add an endpoint: the text it shows, put where it says, gives a method."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from specloom.options import BuildOptions
from support.examples import LIB, SPEC
from support.generated import Sdk, forget, generate_sdk
from support.loopback import serving

README = Path(__file__).resolve().parents[2] / "README.md"


def shown_path() -> str:
    """The YAML of the README, as it stands below ``paths:``."""
    match = re.search(r"```yaml\n(.*?)\n +```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert match is not None
    lines = dedent(match.group(1)).splitlines()
    return "\n".join(f"  {line}" for line in lines) + "\n"


@pytest.fixture
def sdk(tmp_path: Path) -> Iterator[Sdk]:
    text = SPEC.read_text(encoding="utf-8")
    text = text.replace("\npaths:\n", f"\npaths:\n{shown_path()}")
    text = text.replace("package: assistants_sdk", "package: extended_sdk")
    (tmp_path / "assistants.yaml").write_text(text, encoding="utf-8")
    made = generate_sdk(tmp_path / "assistants.yaml", tmp_path / "sdk", BuildOptions(include=LIB))
    yield made
    forget(made)


def test_the_new_method_is_there_and_calls(sdk: Sdk) -> None:
    with serving() as server, sdk.client(server.base_url, api_key="sk-test") as client:
        server.answer({"id": "asst_1", "object": "assistant", "created_at": 1, "name": None})
        assistant = client.assistants.archive("asst_1")
        assert isinstance(assistant, sdk.types.Assistant)
        assert (server.last.method, server.last.path) == ("POST", "/assistants/asst_1/archive")
        assert server.last.headers["openai-beta"] == "assistants=v1"


def test_the_rest_stays_as_it_was(sdk: Sdk) -> None:
    committed = README.parent / "generated/assistants_sdk/resources/threads/__init__.py"
    assert sdk.source("extended_sdk/resources/threads/__init__.py") == committed.read_text()
