"""Recorded exchanges: how they are kept on disk, and the call that each of them answers.

A fixture is ``tests/fixtures/<source>/<operationId>/<variant>.json``. Its source says who gave the
response: ``prism`` and ``fakeai``, servers that this project did not write; ``live``, a real
service; ``described``, the description; ``synthetic``, a person, where no such server gives it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from operator import attrgetter
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "fixtures"
RECORD_COMMAND = "make fixtures"
REDACTED = "REDACTED"
# What of a request and of a response means something to the other side, and is the same each time.
REQUEST_HEADERS = ("accept", "authorization", "content-type", "openai-beta")
RESPONSE_HEADERS = ("content-type", "request-id", "retry-after", "x-request-id")


@dataclass(frozen=True)
class Call:
    """A call of the SDK: the method's path below the client, and its arguments."""

    method: str
    arguments: Sequence[Any] = ()
    keywords: Mapping[str, Any] = field(default_factory=dict)

    def on(self, client: Any) -> Any:
        """Make the call."""
        return attrgetter(self.method)(client)(*self.arguments, **self.keywords)


@dataclass(frozen=True)
class Request:
    """A request. ``path`` is below the base URL, percent-encoded; a ``body`` of None is none."""

    method: str
    path: str
    query: Sequence[Sequence[str]]
    headers: Mapping[str, str]
    body: Any = None


@dataclass(frozen=True)
class Response:
    """A response: its body is ``json``, or the lines of a ``text``."""

    status: int
    headers: Mapping[str, str]
    json: Any = None
    text: Sequence[str] | None = None

    @property
    def content(self) -> bytes:
        """The body as it is sent."""
        if self.text is None:
            return json.dumps(self.json).encode()
        return "\n".join(self.text).encode()

    @property
    def is_stream(self) -> bool:
        """Whether the body is a stream of events."""
        return self.headers.get("content-type", "").startswith("text/event-stream")


@dataclass(frozen=True)
class Fixture:
    """An exchange. ``raises`` is the SDK's error for a body that is not an error itself."""

    operation: str
    variant: str
    source: str
    call: Call
    request: Request
    response: Response
    raises: Mapping[str, Any] | None = None

    def __str__(self) -> str:
        return f"{self.source}-{self.operation}-{self.variant}"

    @property
    def path(self) -> Path:
        """Its path below the folder of fixtures."""
        return Path(self.source, self.operation, f"{self.variant}.json")

    def to_json(self) -> str:
        """The text of its file."""
        values = asdict(self)
        for place, name in ((values["request"], "body"), (values, "raises")):
            if place[name] is None:
                del place[name]
        del values["response"]["json" if self.response.text is not None else "text"]
        return json.dumps(values, indent=1, ensure_ascii=False) + "\n"


def from_json(text: str) -> Fixture:
    """The fixture in a file's text."""
    values = json.loads(text)
    return Fixture(
        **values
        | {
            "call": Call(**values["call"]),
            "request": Request(**values["request"]),
            "response": Response(**values["response"]),
        }
    )


def load(folder: Path = FOLDER) -> list[Fixture]:
    """All fixtures, in the order of their paths."""
    return list(_load(folder))


def _load(folder: Path) -> Iterator[Fixture]:
    for path in sorted(folder.rglob("*.json")):
        fixture = from_json(path.read_text(encoding="utf-8"))
        if path.relative_to(folder) != fixture.path:
            raise ValueError(f"{path}: the file says that it is {fixture.path}")
        yield fixture


def unrecorded(operations: Iterator[str] | Sequence[str], fixtures: Sequence[Fixture]) -> str:
    """The message about operations without a fixture; empty if all have one."""
    recorded = {fixture.operation for fixture in fixtures}
    missing = [operation for operation in operations if operation not in recorded]
    if not missing:
        return ""
    return f"No fixture for {', '.join(missing)}: run `{RECORD_COMMAND}`"
