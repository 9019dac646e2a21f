"""Writes a fixture for each operation without one, from its description."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from record.recording import Recorder, RecordingError
from record.scenarios import Scenario
from record.servers import API_KEY
from specloom import ir
from specloom.docs.calls import Examples
from specloom.ir.usage import is_result, preferred
from specloom.naming.names import Names, all_resources, attribute_path
from specloom.options import BuildOptions
from specloom.pipeline import read
from support.examples import LIB, SPEC
from support.fixtures import Call, Fixture, load
from support.loopback import serving

SOURCE = "described"


def described() -> Iterator[Fixture]:
    """Calls that the SDK's docs show, answered as the description's examples and schemas say.

    Raises:
        RecordingError: The success response of an operation is not JSON and has no example.
    """
    reading = read(SPEC, BuildOptions(include=LIB))
    recorded = {fixture.operation for fixture in load()}
    missing = [one for one in reading.api.operations() if one.id not in recorded]
    examples = _examples(reading.api, reading.names)
    with serving() as server, Recorder(SOURCE, server.base_url, API_KEY) as recorder:
        for operation in missing:
            status, media_type, body = _answer(operation, examples)
            is_text = isinstance(body, str) and not str(media_type).endswith("json")
            server.answer(body.encode() if is_text else body, status, content_type=media_type)
            arguments = examples.arguments(operation)
            call = Call(
                examples.method(operation),
                [_plain(value) for name, value in arguments if not name],
                {name: _plain(value) for name, value in arguments if name},
            )
            yield recorder.record(Scenario(operation.id, "example", call))


def _examples(api: ir.Api, names: Names) -> Examples:
    resources = {
        operation.pointer: attribute_path(resource)
        for resource in all_resources(api.resources)
        for operation in resource.operations
    }
    return Examples(api, names, resources, (), ())


def _answer(operation: ir.Operation, examples: Examples) -> tuple[int, str | None, Any]:
    """Status, media type and body of the success response."""
    response = next(one for one in operation.responses if is_result(one, operation))
    status = int(response.status.text) if response.status.text.isdigit() else 200
    content = preferred(response, operation)
    if content is None:
        return status, None, None
    given = [
        one.value
        for one in operation.examples
        if (one.status, one.media_type) == (response.status.text, content.media_type)
    ]
    if given:
        return status, content.media_type, given[0]
    if content.kind != "json":
        message = f"{operation.id}: give its response {content.media_type} an example"
        raise RecordingError(message)
    return status, content.media_type, examples.answer(operation)


def _plain(value: Any) -> Any:
    """The value as JSON; other values cannot be in a fixture."""
    return json.loads(json.dumps(value))
