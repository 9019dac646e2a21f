"""The shared parts of the tests of ``specloom add``: values, and the command."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from click.testing import CliRunner, Result

from specloom.commands import main
from support.generated import Sdk

KEY = "sk-live-4f9c2b7e6d1a8053"
SESSION = "s3ss10n-0f-ann"
EMPTY = """\
openapi: 3.1.0
info: {title: Shop, version: "1"}
servers:
  - url: https://api.example.com/v1
paths: {}
"""


RED = {"id": "w_1a2b3c", "object": "widget", "created_at": 1714546800, "parts": [{"size": 1}]}
BLUE = {**RED, "id": "w_4d5e6f", "note": None, "parts": [{"size": 2}, {"size": 3, "odd": True}]}
Generate = Callable[[], Sdk]


def write(name: str, value: Any) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    text = value if isinstance(value, str) else json.dumps(value)
    Path(name).write_bytes(text.encode())


def add(*arguments: str, stdin: str | None = None, spec: str = "shop.yaml") -> Result:
    return CliRunner().invoke(main, ["add", *arguments, "--spec", spec], input=stdin)


def added(*arguments: str, stdin: str | None = None, spec: str = "shop.yaml") -> dict[str, Any]:
    result = add(*arguments, stdin=stdin, spec=spec)
    assert result.exit_code == 0, result.output
    loaded: dict[str, Any] = yaml.load(Path(spec).read_text(), Loader=yaml.CSafeLoader)
    return loaded


def refused(*arguments: str, spec: str = "shop.yaml") -> str:
    before = Path(spec).read_bytes()
    result = add(*arguments, spec=spec)
    assert result.exit_code == 2
    assert Path(spec).read_bytes() == before
    assert not list(Path().rglob("synthetic"))
    return result.stderr
