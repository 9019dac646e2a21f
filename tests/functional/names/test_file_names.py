"""Names of files: what some disks take for one name are two files; encoded steps are read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from support.generated import Sdk


def test_names_that_only_some_disks_tell_apart(generate: Callable[[str | Path], Sdk]) -> None:
    sdk = generate("""
        openapi: 3.1.0
        info: {title: Folded, version: "1"}
        servers: [{url: "https://folded.example.com"}]
        paths:
          /straße/x: {get: {responses: {"204": {description: ok}}}}
          /strasse/x: {get: {responses: {"204": {description: ok}}}}
          /σίγμας/x: {get: {responses: {"204": {description: ok}}}}
          /caf%C3%A9s/my%20items: {get: {responses: {"204": {description: ok}}}}
        """)
    assert sdk.import_all()
    client = sdk.client("http://localhost:9")
    assert {"straße", "strasse", "σίγμας", "cafés"} <= set(dir(client))
    assert "my_items" in " ".join(dir(client.cafés))
    names = [path.name.casefold() for path in (sdk.folder / sdk.package).glob("resources/*.py")]
    assert len(names) == len(set(names))
