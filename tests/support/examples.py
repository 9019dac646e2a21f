"""A server that answers with the examples of the Assistants description."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from support.loopback import Answer, Loopback, Received

SPEC = Path(__file__).resolve().parents[2] / "spec/assistants.yaml"


class ExampleServer(Loopback):
    """Answers any described request with the first example of its success response."""

    def __init__(self) -> None:
        super().__init__()
        self._document: dict[Any, Any] = yaml.safe_load(SPEC.read_text(encoding="utf-8"))

    def take(self, received: Received) -> Answer:
        """The example for a request; 404 with the API's error body where nothing matches."""
        self.received.append(received)
        operation = self._operation(received.method.lower(), received.path)
        if operation is None:
            return Answer({"error": {"message": "no such path", "type": "x"}}, 404)
        content = self._follow(operation["responses"]["200"])["content"]
        if received.body and received.json.get("stream") is True:
            text = self._example(content["text/event-stream"])
            return Answer(text.encode(), content_type="text/event-stream")
        return Answer(self._example(content["application/json"]))

    def _operation(self, method: str, path: str) -> dict[str, Any] | None:
        # Literal paths come before templates, as OpenAPI 3.1 §4.8.8.2 has it.
        for template, item in sorted(
            self._document["paths"].items(), key=lambda one: "{" in one[0]
        ):
            pattern = re.sub(r"\\{[^}]*\\}", "[^/]+", re.escape(template))
            if re.fullmatch(pattern, path) and method in item:
                return item[method]  # type: ignore[no-any-return]
        return None

    def _example(self, media: dict[str, Any]) -> Any:
        if "example" in media:
            return media["example"]
        return self._follow(next(iter(media["examples"].values())))["value"]

    def _follow(self, value: Any) -> Any:
        while "$ref" in value:
            target: Any = self._document
            for token in value["$ref"].removeprefix("#/").split("/"):
                target = target[token]
            value = target
        return value
