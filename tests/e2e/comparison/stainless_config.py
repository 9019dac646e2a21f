"""A minimal ``stainless.yml`` for a description, because stainful generates only what it names."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import yaml

from e2e.corpus.raw import METHODS

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def write_config(document: Path, folder: Path) -> None:
    """Write ``stainless.yml`` beside the output: every operation, called as its operationId.

    A resource is the first literal segment of the path. There is no pagination and no streaming:
    an owner writes those by hand.
    """
    text = document.read_text(encoding="utf-8")
    root = json.loads(text) if document.suffix == ".json" else yaml.load(text, yaml.CSafeLoader)
    config = {
        "organization": {"name": "compared"},
        "resources": _resources(root),
        "targets": {"python": {"package_name": "compared"}},
    }
    text = yaml.safe_dump(config, sort_keys=False)
    (folder / "stainless.yml").write_text(text, encoding="utf-8")


def _resources(root: dict[str, Any]) -> dict[str, Any]:
    methods: dict[str, dict[str, str]] = defaultdict(dict)
    for path, item in root["paths"].items():
        literal = next((part for part in path.split("/") if part and "{" not in part), "root")
        for method in (name for name in METHODS if name in item):
            name = snake(str(item[method].get("operationId", f"{method} {path}")))
            methods[snake(literal)][name] = f"{method} {path}"
    return {resource: {"methods": named} for resource, named in methods.items()}


def snake(text: str) -> str:
    """A name in ``snake_case`` that Python takes.

    >>> snake("listHTTPRoutes"), snake("2fa")
    ('list_http_routes', 'n2fa')
    """
    name = "_".join(_WORD.findall(text)).lower() or "unnamed"
    return f"n{name}" if name[0].isdigit() else name
