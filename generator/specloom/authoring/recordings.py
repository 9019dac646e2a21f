"""The input of `specloom add` and `drift`: recordings, curl commands and samples of bodies."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

from specloom.authoring.curl import read_curl
from specloom.authoring.exchange import (
    FORMS,
    JSON,
    Body,
    Exchange,
    FilePart,
    Pairs,
    body_of,
    events,
    form,
    split_url,
)
from specloom.authoring.secrets import secrets_in
from specloom.errors import Location, refuse
from specloom.runtime.media_types import essence, kind_of


def read_recordings(paths: Iterable[Path]) -> list[Exchange]:
    """The exchanges in files. A folder means its `.json` and `.har` files, sorted by path.

    Raises SpecError for a file that is neither a fixture nor a HAR.
    """
    return [exchange for path in paths for file in _files(path) for exchange in _read(file)]


def read_json(file: Path) -> Any:
    """The content of a JSON file. Raises SpecError if it cannot be read."""
    try:
        return json.loads(file.read_bytes())
    except OSError as error:
        reason = error.strerror or str(error)
        raise refuse("unreadable", reason, Location(str(file))) from None
    except json.JSONDecodeError as error:
        place = Location(str(file), error.lineno, error.colno)
        raise refuse("bad-sample", f"this is not JSON: {error.msg}", place) from None
    except (UnicodeDecodeError, RecursionError):
        raise refuse("bad-sample", "this is not JSON", Location(str(file))) from None


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = (*path.rglob("*.json"), *path.rglob("*.har"))
    return sorted(found, key=lambda file: file.as_posix())


def _read(file: Path) -> list[Exchange]:
    place = Location(file.as_posix())
    value = read_json(file)
    try:
        if isinstance(value, dict) and "log" in value:
            return [_from_har(entry, place) for entry in value["log"]["entries"]]
        return [_from_fixture(value, place)]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        message = f"this is neither a fixture nor a HAR: {type(error).__name__} {error}"
        hint = "a fixture has 'request' and 'response', a HAR has 'log' with 'entries'"
        raise refuse("bad-sample", message, place, hint) from None


def _from_fixture(value: Mapping[str, Any], place: Location) -> Exchange:
    """An exchange in the format of `tests/fixtures`."""
    request, response = value["request"], value["response"]
    origin, path, query = split_url(request["path"])
    headers = _pairs(request["headers"].items())
    body = request.get("body")
    return Exchange(
        method=request["method"].upper(),
        path=path,
        place=place,
        origin=origin,
        query=query + _pairs(request.get("query", ())),
        headers=headers,
        request=None if body is None else Body(_type_of(request) or "application/json", body),
        status=int(response["status"]),
        response=_fixture_response(response),
        name=str(value.get("variant", "")),
        operation=str(value.get("operation", "")),
        secrets=secrets_in(headers, query),
    )


def _fixture_response(response: Mapping[str, Any]) -> Body | None:
    media_type = _type_of(response)
    if response.get("text") is not None:
        text = "\n".join(response["text"])
        is_stream = kind_of(media_type or "text/plain") == "events"
        return Body(media_type, list(events(text))) if is_stream else body_of(text, media_type)
    if response.get("json") is None and not media_type:
        return None
    return Body(media_type or "application/json", response.get("json"))


def _type_of(message: Mapping[str, Any]) -> str:
    headers = {str(name).lower(): str(value) for name, value in message["headers"].items()}
    return essence(headers.get("content-type", ""))


def _from_har(entry: Mapping[str, Any], place: Location) -> Exchange:
    """An entry of a HAR file (HTTP Archive 1.2)."""
    request, response = entry["request"], entry["response"]
    origin, path, query = split_url(request["url"])
    headers = _pairs((header["name"], header["value"]) for header in request.get("headers", ()))
    return Exchange(
        method=request["method"].upper(),
        path=path,
        place=place,
        origin=origin,
        query=query,
        headers=headers,
        request=_har_request(request.get("postData")),
        status=int(response["status"]),
        response=_har_response(response.get("content") or {}),
        secrets=secrets_in(headers, query),
    )


def _har_request(data: Mapping[str, Any] | None) -> Body | None:
    if not data:
        return None
    media_type = essence(data.get("mimeType", ""))
    fields = data.get("params")
    if fields and media_type in FORMS:
        return Body(media_type, form([(one["name"], _har_field(one)) for one in fields]))
    return body_of(data.get("text", ""), media_type)


def _har_field(field: Mapping[str, Any]) -> Any:
    return FilePart() if "fileName" in field else field.get("value", "")


def _har_response(content: Mapping[str, Any]) -> Body | None:
    text = content.get("text", "")
    if content.get("encoding") == "base64":
        text = base64.b64decode(text).decode("utf-8", errors="replace")
    return body_of(text, content.get("mimeType", ""))


def _pairs(pairs: Iterable[Any]) -> Pairs:
    return tuple(_pair(pair) for pair in pairs)


def _pair(pair: Any) -> tuple[str, str]:
    name, value = pair
    return str(name), str(value)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The input of ``specloom add``. `curl` is the text of a command, and `curl_from` its source.

    `requests` and `responses` are JSON files with bodies, and `status` is the status of the
    responses.
    """

    method: str = ""
    path: str = ""
    curl: str | None = None
    curl_from: str = "--curl"
    recordings: tuple[Path, ...] = ()
    requests: tuple[Path, ...] = ()
    responses: tuple[Path, ...] = ()
    status: int = 200

    def exchanges(self) -> list[Exchange]:
        """The exchanges in the input, at least one.

        Raises SpecError if a file cannot be read, or if no exchange has the method `method`.
        """
        found = read_recordings(self.recordings)
        if self.curl is not None:
            found.append(read_curl(self.curl, Location(self.curl_from)))
        if self.path and not found:
            found.append(Exchange(self.method.upper(), self.path, Location("PATH")))
        fitting = [one for one in found if not self.method or one.method == self.method.upper()]
        if not fitting:
            place = found[0].place if found else Location(str(self.recordings[0]))
            methods = ", ".join(dict.fromkeys(one.method for one in found)) or "none"
            message = f"there is no {self.method.upper() or 'exchange'}; seen: {methods}"
            raise refuse("bad-sample", message, place)
        return self._with_samples(fitting)

    def _with_samples(self, exchanges: Sequence[Exchange]) -> list[Exchange]:
        """The exchanges with the samples. Further samples get exchanges like the first one."""
        like_first = replace(exchanges[0], request=None, response=None)
        pairs = zip_longest(exchanges, self.requests, self.responses)
        return [self._filled(one or like_first, sent, got) for one, sent, got in pairs]

    def _filled(self, exchange: Exchange, sent: Path | None, got: Path | None) -> Exchange:
        if sent is not None:
            exchange = replace(exchange, request=Body(JSON, read_json(sent)))
        if got is not None:
            body, place = Body(JSON, read_json(got)), Location(got.as_posix())
            return replace(exchange, response=body, status=self.status, name=got.stem, place=place)
        is_unknown = exchange.response is None and not self.recordings
        return replace(exchange, status=self.status) if is_unknown else exchange
