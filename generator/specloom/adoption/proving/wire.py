"""Compares the requests and the results of two SDKs for the same calls."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from specloom.adoption.proving.cases import Call
from specloom.adoption.proving.environments import INSIDE, Environment, mock_server

_CALL_HEADER = "x-specloom-call"
_IGNORED = frozenset(
    ("user-agent", "host", "content-length", "connection", "transfer-encoding", _CALL_HEADER)
)
"""Headers that are not compared: those of the connection, and those that identify the SDK."""
_MADE_UP = frozenset(("idempotency-key",))
_MINUTES = 10


@dataclass(frozen=True, slots=True)
class Sent:
    """The requests of one SDK for a call, and the result."""

    requests: tuple[Mapping[str, Any], ...]
    result: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Compared:
    """A call with its differences: in the request, and in the result."""

    call: Call
    request: tuple[str, ...]
    answer: tuple[str, ...]


def made_by(
    environment: Environment,
    server: Environment,
    package: str,
    client: str,
    arguments: Mapping[str, Any],
    calls: Sequence[Call],
    folder: Path,
) -> list[Sent] | str:
    """The result of an SDK for each call, or the reason why it cannot be called."""
    folder.mkdir(parents=True, exist_ok=True)
    plan, results, records = (folder / f"{one}.json" for one in ("plan", "results", "records"))
    results.unlink(missing_ok=True)
    with mock_server(server, package, records) as address:
        given = {**arguments, "base_url": address, "max_retries": 0}
        value = {"client": given, "calls": [one.as_json() for one in calls]}
        plan.write_text(json.dumps(value), encoding="utf-8")
        said = environment.run(
            str(INSIDE / "specloom_caller.py"),
            package,
            client,
            str(plan.resolve()),
            str(results.resolve()),
            cwd=folder,
            seconds=_MINUTES * 60,
        )
    if not results.exists():
        return said.strip().splitlines()[-1] if said.strip() else "nothing was called"
    found = json.loads(results.read_text(encoding="utf-8"))
    requests = _by_call(records.read_text(encoding="utf-8"))
    return [Sent(tuple(requests.get(n, ())), one) for n, one in enumerate(found)]


def _by_call(text: str) -> dict[int, list[Mapping[str, Any]]]:
    found: dict[int, list[Mapping[str, Any]]] = {}
    for line in text.splitlines():
        one = json.loads(line)
        headers = {name.lower(): value for name, value in one["headers"]}
        number = headers.get(_CALL_HEADER, "")
        if number.isdigit():
            found.setdefault(int(number), []).append(one)
    return found


def compared(calls: Sequence[Call], old: Sequence[Sent], new: Sequence[Sent]) -> list[Compared]:
    """The differences of each call."""
    return [
        Compared(call, tuple(_requests(was, now)), tuple(_answers(was.result, now.result)))
        for call, was, now in zip(calls, old, new, strict=True)
    ]


def _requests(was: Sent, now: Sent) -> Iterator[str]:
    if not was.requests and not now.requests:
        if "error" in was.result and "error" in now.result:
            return  # neither sends such arguments
        yield "neither sends a request"
    elif not now.requests:
        text = f"{now.result.get('error', '')}: {now.result.get('message', '')}"
        yield f"no request is sent ({text[:200]})"
    elif not was.requests:
        yield f"a request is sent ({was.result.get('error')} before)"
    else:
        yield from _request(was.requests[0], now.requests[0])


def _request(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    for key in ("method", "path"):
        if was[key] != now[key]:
            yield f"{key}: {was[key]} is now {now[key]}"
    before, after = (sorted(parse_qsl(one["query"], keep_blank_values=True)) for one in (was, now))
    if before != after:
        yield f"query: {_shown(before)} is now {_shown(after)}"
    yield from _headers(_sent_headers(was), _sent_headers(now))
    body, other = _body(was), _body(now)
    if body != other:
        yield f"body: {_shown(body)} is now {_shown(other)}"


def _sent_headers(one: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for given, value in one["headers"]:
        name = given.lower()
        if name in _IGNORED or name.startswith("x-stainless-"):
            continue
        plain = value.split(";")[0] if name == "content-type" and "multipart" in value else value
        found[name] = "made up" if name in _MADE_UP else plain
    return found


def _headers(was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for name in sorted({*was, *now}):
        if was.get(name) != now.get(name):
            yield f"header {name}: {was.get(name, 'none')} is now {now.get(name, 'none')}"


def _body(one: Mapping[str, Any]) -> Any:
    """The body as a value: JSON, the fields of a form, the parts of a multipart, or bytes."""
    from base64 import b64decode

    content = b64decode(one["content"])
    kinds = [value for name, value in one["headers"] if name.lower() == "content-type"]
    kind = kinds[0].partition(";")[0].strip().lower() if kinds else ""
    if "json" in kind and content:
        try:
            return json.loads(content)
        except ValueError:
            return content
    if kind == "application/x-www-form-urlencoded":
        return sorted(parse_qsl(content.decode(errors="replace"), keep_blank_values=True))
    if kind.startswith("multipart/"):
        return _parts(content, kinds[0])
    return content


def _parts(content: bytes, kind: str) -> list[tuple[str, str, bytes]]:
    """The parts: name, file name and bytes. Their order counts only within a name."""
    message = message_from_bytes(b"content-type: " + kind.encode() + b"\r\n\r\n" + content)
    parts = message.get_payload()
    found = []
    for part in parts if isinstance(parts, list) else []:
        assert not isinstance(part, str)
        name = str(part.get_param("name", "", "content-disposition"))
        payload = part.get_payload(decode=True)
        found.append(
            (name, part.get_filename() or "", payload if isinstance(payload, bytes) else b"")
        )
    return sorted(found, key=lambda one: one[0])


def _answers(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    if "error" in was:
        return  # if the old SDK cannot read a response, there is nothing to compare
    if "error" in now:
        yield f"it raises {now['error']}: {now['message'][:200]}"
    elif not _same(was["value"], now["value"]):
        yield f"{_shown(was['value'])} is now {_shown(now['value'])}"


def _same(was: Any, now: Any) -> bool:
    """Whether two values are equal; texts of one moment are."""
    if isinstance(was, dict) and isinstance(now, dict):
        return was.keys() == now.keys() and all(_same(was[key], now[key]) for key in was)
    if isinstance(was, list) and isinstance(now, list):
        return len(was) == len(now) and all(map(_same, was, now))
    if isinstance(was, str) and isinstance(now, str) and was != now:
        return _moment(was) is not None and _moment(was) == _moment(now)
    return bool(was == now)


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 160 else f"{text[:160]}…"
