"""The calls to record, read from ``scenarios.yaml``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from support.described import operation as described
from support.described import resolve
from support.fixtures import Call

_DATA = Path(__file__).with_name("scenarios.yaml")
_SUCCESS = range(200, 300)
_FAILURE = range(400, 500)


@dataclass(frozen=True)
class Scenario:
    """A call, and what the recorder has to know besides.

    Attributes:
        prefer: What to ask Prism for, as its header ``Prefer`` has it.
        statuses: The statuses that the response may have.
        refused: Whether the request breaks the description on purpose.
        save: The name under which later steps refer to the result.
        until: Call again until the result has these values.
        live: Whether only a live server can answer.
    """

    operation: str
    variant: str
    call: Call
    prefer: str = ""
    statuses: range = _SUCCESS
    refused: bool = False
    save: str = ""
    until: Mapping[str, Any] = field(default_factory=dict)
    live: bool = False

    @property
    def name(self) -> str:
        """The name in messages."""
        return f"{self.operation}/{self.variant}"


def examples() -> Iterator[Scenario]:
    """For Prism: each asks for an example of the description by its name."""
    data = _load()
    for entry in data["examples"]:
        names = entry.get("example")
        for name in names if isinstance(names, list) else [names]:
            yield _scenario(data["methods"], entry, name)


def flow() -> list[Scenario]:
    """For a server that remembers: the steps of one story, in order."""
    data = _load()
    return [_step(data["methods"], dict(step)) for step in data["flow"]]


def _load() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(_DATA.read_text(encoding="utf-8"))
    return data


def _scenario(
    methods: Mapping[str, str], entry: Mapping[str, Any], example: str | None
) -> Scenario:
    """A call whose keywords may come from an example of a request body."""
    operation, code = entry["operation"], entry.get("code", 200)
    body = _request_example(operation, entry["request"]) if "request" in entry else {}
    call = Call(
        methods[operation], entry.get("arguments", []), {**entry.get("keywords", {}), **body}
    )
    prefix = "" if code == 200 else f"{code}_"
    prefix += "stream_" if body.get("stream") else ""
    return Scenario(
        operation=operation,
        variant=entry.get("variant", f"{prefix}{example}"),
        call=call,
        prefer=f"code={code}, example={example}" if example else "",
        statuses=range(code, code + 1),
        refused=example is None,
    )


def _request_example(operation: str, name: str) -> dict[str, Any]:
    content = described(operation)["requestBody"]["content"]["application/json"]
    value: dict[str, Any] = resolve(content["examples"][name])["value"]
    return value


def _step(methods: Mapping[str, str], step: dict[str, Any]) -> Scenario:
    method = methods[step["operation"]]
    call = Call(method, step.pop("arguments", []), step.pop("keywords", {}))
    statuses = _FAILURE if step.pop("fails", False) else _SUCCESS
    return Scenario(call=call, statuses=statuses, **step)
