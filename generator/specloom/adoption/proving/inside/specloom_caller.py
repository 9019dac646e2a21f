"""Calls methods of an SDK: ``python specloom_caller.py PACKAGE CLASS PLAN RESULTS``.

PLAN is a JSON file with the client's arguments and the calls. RESULTS is the file for the results.
A header contains the number of the call.
"""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from typing import Any

HEADER = "X-Specloom-Call"


def main() -> None:
    """Make all calls."""
    package, class_name, plan_file, results_file = sys.argv[1:]
    with open(plan_file, encoding="utf-8") as stream:
        plan = json.load(stream)
    for name in [one for one in os.environ if one.endswith("_BASE_URL")]:
        del os.environ[name]
    client = getattr(import_module(package), class_name)(**plan["client"])
    results = [_result(client, number, call) for number, call in enumerate(plan["calls"])]
    with open(results_file, "w", encoding="utf-8") as stream:
        json.dump(results, stream, default=str)


def _result(client: Any, number: int, call: dict[str, Any]) -> dict[str, Any]:
    try:
        target = client
        for step in call["address"].split("."):
            target = getattr(target, step)
        positional = [_value(one) for one in call["positional"]]
        named = {name: _value(one) for name, one in call["named"].items()}
        found = target(*positional, **named, extra_headers={HEADER: str(number)})
        return {"value": _plain(found)}
    except Exception as error:
        return {"error": type(error).__name__, "message": str(error)[:300]}


def _value(value: Any) -> Any:
    """An argument; a file in the plan is an object with one key."""
    if isinstance(value, dict):
        if set(value) == {"$file"}:
            return (value["$file"], b"Hello") if value["$file"] else b"Hello"
        return {key: _value(one) for key, one in value.items()}
    return [_value(one) for one in value] if isinstance(value, list) else value


def _plain(value: Any) -> Any:
    """A result as JSON by wire names; a stream as its events, bytes as their text."""
    if hasattr(value, "model_dump") and not hasattr(value, "iter_pages"):
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if hasattr(value, "iter_pages"):
        return _page(value)
    if hasattr(value, "read") and hasattr(value, "iter_bytes"):
        return value.read().decode("latin-1")
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if hasattr(value, "__iter__") and hasattr(value, "close"):
        return [_plain(one) for one in value]
    return value.raw if hasattr(value, "raw") else value


def _page(page: Any) -> Any:
    """The items of the first page."""
    items = page._get_page_items() if hasattr(page, "_get_page_items") else page.data
    return [_plain(one) for one in items or []]


if __name__ == "__main__":
    main()
