"""Importing the SDK and constructing a client load neither the transport nor the models."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def modules_after(code: str) -> set[str]:
    """The modules in a fresh process after ``code``."""
    result = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sorted(sys.modules))"],
        check=True,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT / "generated")},
    )
    return set(result.stdout.split())


def loaded_after(code: str) -> set[str]:
    """The top-level modules in a fresh process after ``code``."""
    return {name.partition(".")[0] for name in modules_after(code)}


def test_import_and_construction_are_light() -> None:
    loaded = loaded_after(
        "from assistants_sdk import Assistants, AsyncAssistants\n"
        "client = Assistants(api_key='k')\n"
        "AsyncAssistants(api_key='k').threads.runs.create\n"
        "client.threads.messages.list"
    )
    assert "assistants_sdk" in loaded
    assert not loaded & {"httpx2", "httpcore2", "pydantic", "pydantic_core", "asyncio", "ssl"}


def test_types_load_when_they_are_named() -> None:
    assert "pydantic" in loaded_after("from assistants_sdk.types import Run")


def test_a_types_module_loads_only_what_it_needs() -> None:
    names = modules_after("from assistants_sdk.types import Assistant")
    assert "assistants_sdk.types.assistants" in names
    assert "assistants_sdk.types.threads" not in names
