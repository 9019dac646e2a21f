"""Makes calls through the generated client and records the traffic."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Self

import httpx2

from assistants_sdk import APIStatusError, Assistants
from record.scenarios import Scenario
from support.fixtures import (
    REDACTED,
    REQUEST_HEADERS,
    RESPONSE_HEADERS,
    Call,
    Fixture,
    Request,
    Response,
    from_json,
)

_ATTEMPTS = 600
_PAUSE_SECONDS = 0.1
_REFERENCE = re.compile(r"\{[\w.\[\]]+\}")
_ID = re.compile(r"\b(asst|thread|msg|run|step|call)_[0-9a-f]{32}\b")
_TIME = re.compile(r'(_at\\?": ?)\d{10}\b')


class RecordingError(Exception):
    """A server did not answer as its scenario says."""


class Recorder:
    """Records from one server, until the end of a ``with`` block.

    Args:
        source: What the fixtures name as their source.
        base_url: Where the server is.
        api_key: The key for it, which no fixture will hold.
    """

    def __init__(self, source: str, base_url: str, api_key: str) -> None:
        self._source = source
        self._prefix = httpx2.URL(base_url).path.rstrip("/")
        self._api_key = api_key
        self._saved: dict[str, Any] = {}
        self._wire = _Wire()
        self._client = Assistants(
            api_key=api_key,
            base_url=base_url,
            max_retries=0,
            http_client=httpx2.Client(transport=self._wire),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def record(self, scenario: Scenario) -> Fixture:
        """The exchange of a scenario, which may build on those that came before.

        Raises:
            RecordingError: The response, or a step before, is not as its scenario says.
        """
        call = _filled_in(scenario.call, self._saved)
        for _ in range(_ATTEMPTS):
            result = self._attempt(scenario, call)
            if all(getattr(result, name) == value for name, value in scenario.until.items()):
                self._saved[scenario.save] = result
                return self._fixture(scenario, call)
            time.sleep(_PAUSE_SECONDS)
        raise RecordingError(f"{scenario.name}: {dict(scenario.until)} never came")

    def _attempt(self, scenario: Scenario, call: Call) -> Any:
        """Make a call; what Prism is asked for is no part of the recorded call."""
        if scenario.prefer:
            extra = {"extra_headers": {"Prefer": scenario.prefer}}
            call = Call(call.method, call.arguments, {**call.keywords, **extra})
        try:
            result = call.on(self._client)
        except APIStatusError as error:
            self._check(scenario, str(error))
            return None
        self._check(scenario, "")
        return result

    def _check(self, scenario: Scenario, error: str) -> None:
        response = self._wire.response
        violations = [] if scenario.refused else _violations(response)
        if response.status_code not in scenario.statuses or violations:
            said = error or str(response.status_code)
            raise RecordingError(f"{scenario.name}: {said} {' '.join(violations)}".strip())

    def _fixture(self, scenario: Scenario, call: Call) -> Fixture:
        fixture = Fixture(
            operation=scenario.operation,
            variant=scenario.variant,
            source=self._source,
            call=call,
            request=_request(self._wire.request, self._prefix),
            response=_response(self._wire.response),
        )
        return from_json(fixture.to_json().replace(self._api_key, REDACTED))


class _Wire(httpx2.HTTPTransport):
    """Stores the last exchange; responses are read completely before the client sees them."""

    request: httpx2.Request
    response: httpx2.Response

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        request.headers["accept-encoding"] = "identity"
        response = super().handle_request(request)
        content = response.read()
        response.close()
        self.request = request
        self.response = httpx2.Response(
            response.status_code, headers=response.headers, content=content
        )
        return self.response


def _violations(response: httpx2.Response) -> list[str]:
    """What Prism says is not as described, in the request and in the response.

    Of a stream's response it is not asked: it takes the whole text for a single event.
    """
    is_stream = response.headers.get("content-type", "").startswith("text/event-stream")
    reported = json.loads(response.headers.get("sl-violations", "[]"))
    return [
        f"{' '.join(each['location'])}: {each['message']}"
        for each in reported
        if each["location"][0] == "request" or not is_stream
    ]


def _request(request: httpx2.Request, prefix: str) -> Request:
    return Request(
        method=request.method,
        path=request.url.raw_path.decode().partition("?")[0].removeprefix(prefix),
        query=[list(pair) for pair in request.url.params.multi_items()],
        headers={n: request.headers[n] for n in REQUEST_HEADERS if n in request.headers},
        body=json.loads(request.content) if request.content else None,
    )


def _response(response: httpx2.Response) -> Response:
    headers = {n: response.headers[n] for n in RESPONSE_HEADERS if n in response.headers}
    if headers["content-type"].partition(";")[0].endswith("json"):
        return Response(response.status_code, headers, json=response.json())
    return Response(response.status_code, headers, text=response.text.split("\n"))


def _filled_in(call: Call, saved: Mapping[str, Any]) -> Call:
    """The call with what earlier steps saved in place of the references to it."""

    def fill(value: Any) -> Any:
        if isinstance(value, str) and _REFERENCE.fullmatch(value):
            try:
                return value.format_map(saved)
            except (AttributeError, LookupError) as error:
                raise RecordingError(f"{call.method}: there is no {value}") from error
        if isinstance(value, dict):
            return {key: fill(each) for key, each in value.items()}
        return [fill(each) for each in value] if isinstance(value, list) else value

    return Call(call.method, fill(call.arguments), fill(call.keywords))


def without_chance(fixtures: Iterable[Fixture]) -> Iterator[Fixture]:
    """The same fixtures with ids counted in the order they come, and all times the same.

    For servers that make up both anew each time, so that recording twice gives the same bytes.
    """
    numbers: dict[str, int] = {}

    def counted(match: re.Match[str]) -> str:
        return f"{match[1]}_{numbers.setdefault(match[0], len(numbers) + 1):032x}"

    for fixture in fixtures:
        text = _ID.sub(counted, fixture.to_json())
        yield from_json(_TIME.sub(r"\g<1>1714547400", text))
