"""Importing an SDK and making a client must not load what takes long to load."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import specloom

HEAVY = {"pydantic", "pydantic_core", "httpx2", "typing_extensions", "dataclasses", "logging"}
PROGRAM = """
import sys
before = set(sys.modules)
from specloom.runtime import (
    client, errors, info, lazy, omit, operation, options, resource, session, settings, transport
)
sdk = info.SdkInfo(
    package="s", version="1", title="S", base_url="http://x",
    security_schemes={"key": info.SecurityScheme("bearer")}, security=(("key",),),
)
client.SyncClient(sdk, credentials={"key": "k"})
client.AsyncClient(sdk, credentials={"key": "k"})
print(*sorted(set(sys.modules) - before))
"""


def test_a_client_is_made_without_pydantic_and_httpx2() -> None:
    root = str(Path(specloom.__file__).parent.parent)
    program = f"import sys; sys.path.insert(0, {root!r})\n{PROGRAM}"
    result = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True
    )
    loaded = set(result.stdout.split())
    assert "specloom.runtime.session" in loaded
    assert loaded & HEAVY == set()
