"""A server that answers with the examples of a description: ours by default."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import yaml

from e2e.corpus.samples import Sampler
from support.loopback import Answer, Loopback, Received

SPEC = Path(__file__).resolve().parents[2] / "spec/assistants.yaml"
# The same with the 28 operations of the API alone, for tests of the tool: they must not fail when
# an endpoint is added to SPEC.
ASSISTANTS = Path(__file__).with_name("descriptions") / "assistants.yaml"
LIB = SPEC.parent / "lib"  # the code written by hand that its SDK includes
# Query parameters by which a list is asked to go on.
_CONTINUING = ("after", "offset")


class ExampleServer(Loopback):
    """Answers a described request with an example of its success response.

    The first page of a list is its first example; the page after a cursor, the next one. What is
    read again and again goes on from example to example, without a wait. Where there is no example,
    a value is made from the schema.
    """

    def __init__(self, spec: Path = SPEC) -> None:
        super().__init__()
        self._readings: Counter[str] = Counter()
        text = spec.read_text(encoding="utf-8")
        self._document: dict[Any, Any] = yaml.load(text, Loader=yaml.CSafeLoader)

    def take(self, received: Received) -> Answer:
        """The example for a request; 404 with an error body if nothing matches."""
        self.received.append(received)
        operation = self._operation(received.method.lower(), received.path)
        if operation is None:
            return Answer({"error": {"message": "no such path", "type": "x"}}, 404)
        status, response = next(
            (status, self._follow(response))
            for status, response in operation["responses"].items()
            if str(status).startswith("2")
        )
        content = response.get("content", {})
        for media_type in _in_order(received, content):
            example = self._example(content[media_type], received)
            body = example.encode() if isinstance(example, str) else example
            return Answer(body, int(status), {"retry-after-ms": "1"}, media_type)
        return Answer(None, int(status))

    def _operation(self, method: str, path: str) -> dict[str, Any] | None:
        # Literal paths come before templates, as OpenAPI 3.1 §4.8.8.2 has it.
        for template, item in sorted(
            self._document["paths"].items(), key=lambda one: "{" in one[0]
        ):
            pattern = re.sub(r"\\{[^}]*\\}", "[^/]+", re.escape(template))
            if re.fullmatch(pattern, path) and method in item:
                return item[method]  # type: ignore[no-any-return]
        return None

    def _example(self, media: dict[str, Any], received: Received) -> Any:
        if "example" in media:
            return media["example"]
        if "examples" not in media:
            return Sampler(self._document, for_request=False, full=True).sample(media["schema"])
        query = dict(received.query)
        values = [self._follow(one)["value"] for one in media["examples"].values()]
        if not any(name in query for name in _CONTINUING):
            is_item = received.method == "GET" and "last_id" not in values[0]
            self._readings[received.path] += is_item
            return values[min(max(self._readings[received.path], 1), len(values)) - 1]
        before = [one.get("last_id") == query.get("after", "") for one in values]
        return values[before.index(True) + 1] if True in before else values[-1]

    def _follow(self, value: Any) -> Any:
        while "$ref" in value:
            target: Any = self._document
            for token in value["$ref"].removeprefix("#/").split("/"):
                target = target[token]
            value = target
        return value


def _in_order(received: Received, content: dict[str, Any]) -> list[str]:
    """The media types of a response, the requested one first."""
    asks_for_events = b'"stream":true' in received.body.replace(b" ", b"")
    return sorted(content, key=lambda one: (one == "text/event-stream") != asks_for_events)
