"""The probes of clients: scripted responses, an action, and a judgement of its result."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from e2e.comparison.clients import FILES, PLAIN, UNHINTED, Setup, described
from support.loopback import Loopback

Told = Mapping[str, Any]
Judge = Callable[[Told, Loopback], str]


@dataclass(frozen=True)
class Probe:
    """A row of the table. ``judge`` says ``yes``, ``yes: …``, ``no`` or ``no: …``."""

    key: str
    title: str
    action: str
    script: Callable[[Loopback], None]
    judge: Judge
    setup: Setup = PLAIN


@cache
def _examples() -> dict[str, Any]:
    found = described()["components"]["examples"]
    return {name: example["value"] for name, example in found.items()}


def _example(name: str, **changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(_examples()[name]), **changes}


_RUN = "run_completed"
_NEW_PART = {"type": "hologram", "hologram": {"file_id": "file-1"}}


def _message() -> dict[str, Any]:
    message = _example("message_from_assistant")
    message["content"] = [*message["content"], _NEW_PART]
    return message


def _answers(*bodies: Any) -> Callable[[Loopback], None]:
    def script(server: Loopback) -> None:
        for body in bodies:
            server.answer(body)

    return script


def _limited(server: Loopback) -> None:
    server.answer(_example("error_rate_limit"), 429, {"Retry-After": "1"})
    server.answer(_example(_RUN))


def _missing(server: Loopback) -> None:
    server.answer(_example("error_no_such_object"), 404)


def _pages(server: Loopback) -> None:
    pages = ("assistants_first_page", "assistants_second_page", "assistants_empty_page")
    _answers(*(_example(name) for name in pages))(server)


def _events(server: Loopback) -> None:
    events = (("created", "run_queued"), ("completed", _RUN))
    lines = [f"event: thread.run.{name}\ndata: {_json(_example(body))}\n" for name, body in events]
    text = "\n".join([*lines, "event: done\ndata: [DONE]\n\n"])
    server.answer(text.encode(), content_type="text/event-stream")


def _json(value: Any) -> str:
    return json.dumps(value)


def refusal(told: Told) -> str:
    """The reason of an action without a result; empty if it has one."""
    if "not_offered" in told:
        return f"no: {told['not_offered']}"
    if "failed" in told:
        return f"no: raises `{told['failed'].partition(':')[0]}`"
    return ""


def _keeps(*path: str | int, value: Any) -> Judge:
    """Whether a value remains when the result is written as JSON again."""

    def judge(told: Told, _: Loopback) -> str:
        found = told.get("value")
        try:
            for part in path:
                found = found[part]  # type: ignore[index]
        except (LookupError, TypeError):
            return refusal(told) or "no: lost"
        return "yes" if found == value else f"no: becomes `{found!r}`"

    return judge


def _has_read(told: Told, _: Loopback) -> str:
    return refusal(told) or "yes"


def _retried(told: Told, server: Loopback) -> str:
    if len(server.received) == 1:
        return "no"
    is_late = told.get("seconds", 0) >= 1
    return refusal(told) or ("yes" if is_late else "no: does not wait as long")


def _error(told: Told, _: Loopback) -> str:
    if "returned" in told:
        return f"raises nothing: returns `{told['returned']}`"
    if refusal(told):
        return refusal(told)
    is_typed = told["body"] not in ("dict", "str", "bytes", "NoneType")
    name = told["raised"][0]
    body = "body typed" if is_typed else f"body as `{told['body']}`"
    return f"`{name}`, {body}"


def _walked(told: Told, _: Loopback) -> str:
    pages = ("assistants_first_page", "assistants_second_page")
    ids = [one["id"] for page in pages for one in _examples()[page]["data"]]
    return refusal(told) or ("yes" if told["items"] == ids else f"no: {told['items']}")


def _streamed(told: Told, _: Loopback) -> str:
    said = refusal(told)
    if said:
        return said
    is_typed = all(name not in ("dict", "str", "bytes") for name in told["events"])
    return "yes" if is_typed and len(told["events"]) >= 2 else f"no: {told['events']}"


def _uploaded(told: Told, _: Loopback) -> str:
    said = refusal(told)
    return said or f"{'yes' if told['grown'] < 24 else 'no'}: +{told['grown']} MiB"


def _path(told: Told, server: Loopback) -> str:
    if not server.received:
        return f"yes: rejects `..` ({refusal(told).removeprefix('no: ')})"
    path = server.last.path
    if path.upper() == "/THREADS/A%2FB/RUNS/%2E%2E":
        return "yes"
    return f"no: requests `{path}`"


def _secret(told: Told, _: Loopback) -> str:
    said = refusal(told)
    if said:
        return said
    shown = [place for place in ("repr", "logs") if told[place]]
    return f"no: in {' and '.join(shown)}" if shown else "yes"


PROBES = (
    Probe("valid", "reads a valid response", "run", _answers(_example(_RUN)), _has_read),
    Probe(
        "enum",
        "keeps a new enum value in a response",
        "run",
        _answers(_example(_RUN, status="paused")),
        _keeps("status", value="paused"),
    ),
    Probe(
        "unknown field",
        "keeps an unknown field and serialises it",
        "run",
        _answers(_example(_RUN, surprise={"kept": [1]})),
        _keeps("surprise", value={"kept": [1]}),
    ),
    Probe(
        "variant",
        "keeps a new variant of a union",
        "message",
        _answers(_message()),
        _keeps("content", -1, value=_NEW_PART),
    ),
    Probe(
        "null",
        "reads `null` where the description forbids it",
        "run",
        _answers(_example(_RUN, model=None)),
        _keeps("model", value=None),
    ),
    Probe("retry GET", "retries a GET after 429, `Retry-After: 1`", "run", _limited, _retried),
    Probe(
        "retry POST", "retries a POST after 429, `Retry-After: 1`", "create_run", _limited, _retried
    ),
    Probe("error", "404 with a described body", "error", _missing, _error),
    Probe("pages", "fetches further pages of a list", "pages", _pages, _walked),
    Probe(
        "pages, plain",
        "… of a description without any hint about pages",
        "pages",
        _pages,
        _walked,
        UNHINTED,
    ),
    Probe("stream", "typed server-sent events", "events", _events, _streamed),
    Probe("async", "async client", "async", _answers(_example(_RUN)), _has_read),
    Probe(
        "upload",
        "uploads 96 MiB from a file without loading it into memory",
        "upload",
        _answers({"bytes": 96 * 2**20}),
        _uploaded,
        FILES,
    ),
    Probe(
        "path",
        "encodes or rejects the path arguments `a/b` and `..`",
        "path",
        _answers(_example(_RUN)),
        _path,
    ),
    Probe(
        "secrets",
        "keeps the API key out of `repr` and logs",
        "secrets",
        _answers(_example(_RUN)),
        _secret,
    ),
)
