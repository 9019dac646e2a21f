"""Each of the 28 Assistants operations, taken out of the description, and drafted from recordings.

What comes back is what was there, as far as recordings can show it.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from specloom.authoring.draft import Draft, draft
from specloom.authoring.edit import with_entries
from specloom.authoring.recordings import read_recordings
from specloom.description.load import load
from specloom.errors import Problems
from support.examples import ASSISTANTS
from support.fixtures import FOLDER, from_json

pytestmark = pytest.mark.slow


@cache
def description() -> str:
    return json.dumps(yaml.load(ASSISTANTS.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))


def taken_out(operation: str) -> tuple[dict[str, Any], dict[str, Any], str, str]:
    root = json.loads(description())
    for path, item in root["paths"].items():
        for method in list(item):
            if method != "parameters" and item[method]["operationId"] == operation:
                return root, item.pop(method), path, method
    raise KeyError(operation)


def drafted(operation: str, folder: Path) -> tuple[Draft, dict[str, Any], dict[str, Any]]:
    """The draft, the drafted operation, and the original operation."""
    root, declared, path, method = taken_out(operation)
    file = folder / "cut.json"
    file.write_text(json.dumps(root))
    recorded = sorted((FOLDER / "prism" / operation).glob("*.json"))
    good = [one for one in recorded if from_json(one.read_text()).response.status < 400]
    made = draft(load(file, problems=Problems()), read_recordings(good))
    after = json.loads(with_entries(file.read_text(), made.entries))
    return made, after["paths"][path][method], declared


def schemas(operation: dict[str, Any]) -> dict[str, Any]:
    """Everything that has a media type, with its schema."""
    holders = {"request": operation.get("requestBody", {}), **operation["responses"]}
    return {
        key: {kind: media["schema"] for kind, media in holder["content"].items()}
        for key, holder in holders.items()
        if "content" in holder
    }


OPERATIONS = sorted(folder.name for folder in (FOLDER / "prism").iterdir())
# Its request body is not called as the operation is.
OTHER_NAME = "submitToolOuputsToRun"


@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_was_taken_out_comes_back(operation: str, tmp_path: Path) -> None:
    made, again, declared = drafted(operation, tmp_path)
    assert again["operationId"] == operation
    assert again["tags"] == declared["tags"]
    # A 404 without an id in the path is more than neighbours can tell.
    assert declared["responses"].keys() - again["responses"].keys() <= {"404"}
    if operation == OTHER_NAME:
        declared["requestBody"] = again["requestBody"]
    assert schemas(again) == schemas(declared)
    assert len(made.entries) == (2 if operation == OTHER_NAME else 1)
    wanted = [one.get("$ref", one.get("name")) for one in declared.get("parameters", [])]
    assert [one.get("$ref", one.get("name")) for one in again.get("parameters", [])] == wanted
    pages = declared.get("x-sdk", {}).get("pagination")
    assert again.get("x-sdk", {}).get("pagination") == pages
