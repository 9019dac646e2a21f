"""New entries in a text: their places, and that all other bytes stay."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from specloom.authoring.edit import EditError, Entry, with_entries
from specloom.authoring.infer import Noted

ROOT = Path(__file__).resolve().parents[3]
SPECS = [ROOT / "spec/assistants.yaml", *sorted((ROOT / "tests/functional").glob("*/spec.yaml"))]

OPERATION = {
    "operationId": "copyWidget",
    "tags": ["widgets"],
    "parameters": [{"$ref": "#/components/parameters/Id"}],
    "responses": {"200": Noted({"description": "Done."}, "is it?"), "404": {"description": "No."}},
}
PATH = Entry(("paths",), "/widgets/{widget_id}/copy", {"post": OPERATION})
SCHEMA = Entry(("components", "schemas"), "NewThing", {"type": "object", "properties": {}})


def removed_from(before: str, after: str) -> list[str]:
    """The lines of `before` that are missing from `after`."""
    rest = iter(after.splitlines(keepends=True))
    return [line for line in before.splitlines(keepends=True) if line not in rest]


@pytest.mark.parametrize("spec", SPECS, ids=lambda path: path.parent.name)
def test_every_other_byte_stays(spec: Path) -> None:
    before = spec.read_text(encoding="utf-8")
    root = yaml.safe_load(before)
    after = with_entries(before, [PATH, SCHEMA])
    expected = {**root, "paths": {**root.get("paths", {}), PATH.key: PATH.value}}
    components = {**root.get("components", {})}
    components["schemas"] = {**components.get("schemas", {}), SCHEMA.key: SCHEMA.value}
    assert yaml.safe_load(after) == {**expected, "components": components}
    # A flow mapping is one line, which gets longer.
    flows = [line for line in removed_from(before, after) if "{" not in line]
    assert flows == []


STYLES = {
    "two spaces, indented lists": (
        "paths:\n  /a:\n    get:\n      tags:\n        - 'x'\n",
        "paths:\n  /a:\n    get:\n      tags:\n        - 'x'\n"
        "  /b:\n    get:\n      $ref: '#/c'\n      'on':\n        - a: 1\n",
    ),
    "four spaces, lists at the key, double quotes, blank lines, CRLF": (
        'paths:\r\n    /a:\r\n        get:\r\n            t:\r\n            - "x"\r\n'
        '            u: "y"\r\n\r\n    /c:\r\n        get: "z"\r\ninfo: 1\r\n',
        'paths:\r\n    /a:\r\n        get:\r\n            t:\r\n            - "x"\r\n'
        '            u: "y"\r\n\r\n    /c:\r\n        get: "z"\r\n'
        '\r\n    /b:\r\n        get:\r\n            $ref: "#/c"\r\n            "on":\r\n'
        "            - a: 1\r\ninfo: 1\r\n",
    ),
    "empty": ("paths: {}  # none\ninfo: 1", "paths:  # none\n  /b: …\ninfo: 1"),
    "nothing": ("info: 1\npaths:\n", "info: 1\npaths:\n  /b: …\n"),
    "missing": ("info: 1", "info: 1\npaths: {/b: …}\n"),
    "comments that belong to what is before": (
        "paths:\n  /a:\n    get: 1\n    # put: 2\n  # end\ninfo: 1\n",
        "paths:\n  /a:\n    get: 1\n    # put: 2\n  /b: …\n  # end\ninfo: 1\n",
    ),
    "block text": (
        "paths:\n  /a:\n    text: |\n      one\n\n      # two\n\ninfo: 1\n",
        "paths:\n  /a:\n    text: |\n      one\n\n      # two\n  /b: …\n\ninfo: 1\n",
    ),
    "an alias at the end": (
        "x: &a\n  b: 1\npaths:\n  /a: *a\n",
        "x: &a\n  b: 1\npaths:\n  /a: *a\n  /b: …\n",
    ),
}


@pytest.mark.parametrize("name", STYLES)
def test_style(name: str) -> None:
    before, expected = STYLES[name]
    value: Any = 5 if "…" in expected else {"get": {"$ref": "#/c", "on": [{"a": 1}]}}
    after = with_entries(before, [Entry(("paths",), "/b", value)])
    assert after == expected.replace("…", "5")


def test_json_stays_json() -> None:
    before = json.dumps({"paths": {"/a": {"get": {}}}, "tags": []}, indent=4) + "\n"
    after = with_entries(before, [PATH, SCHEMA])
    assert after == json.dumps(json.loads(after), indent=4) + "\n"
    assert list(json.loads(after)["paths"]) == ["/a", PATH.key]


def test_an_entry_follows_the_named_one() -> None:
    text = "paths:\n  /a: 1\n  /c: 3\n"
    assert with_entries(text, [Entry(("paths",), "/b", 2, after="/a")]) == (
        "paths:\n  /a: 1\n  /b: 2\n  /c: 3\n"
    )


def test_what_is_to_be_decided_is_a_comment() -> None:
    after = with_entries("paths: {}\n", [PATH])
    assert "'200': # TODO: is it?\n          description: Done.\n" in after


@pytest.mark.parametrize(
    "text",
    ["paths:\n  /a: &x\n    get: 1\n  /b: *x\n", "x: &x\n  get: 1\npaths:\n  /b:\n    <<: *x\n"],
)
def test_what_aliases_share_is_never_changed_on_the_way(text: str) -> None:
    entry = Entry(("paths", "/b"), "put", {"tags": []})
    try:
        after = yaml.safe_load(with_entries(text, [entry]))
    except EditError:
        return
    assert after["paths"]["/b"]["put"] == {"tags": []}
    assert "put" not in after["paths"].get("/a", after.get("x"))
