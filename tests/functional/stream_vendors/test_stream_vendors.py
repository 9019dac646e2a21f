"""APIs that describe their streams in ways of their own: the README's programs run against them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.generated import Sdk
from support.loopback import Answer, Loopback, Received, serving

HERE = Path(__file__).parent
EVENTS = b'data: {"id": "c1", "text": "Hi"}\n\n'


class ModelServer(Loopback):
    """Answers as such servers do: it streams if it is asked to, or if it is not told not to."""

    streams_by_default = False

    def take(self, received: Received) -> Answer:
        """Note a request and answer by the switch in its body."""
        self.received.append(received)
        streams = json.loads(received.body).get("stream", self.streams_by_default)
        if "generate" in received.path:
            one = {"response": "Hi", "done": True}
            kind = "application/x-ndjson" if streams else "application/json"
            return Answer(json.dumps(one).encode() + b"\n", content_type=kind)
        if streams:
            return Answer(EVENTS + b"data: [DONE]\n\n", content_type="text/event-stream")
        return Answer({"id": "c1"})


@pytest.mark.parametrize(
    ("name", "whole", "streamed"),
    [
        ("lines", "response='Hi' done=True total_duration=None", "response='Hi' done=True"),
        ("envelopes", "c1", "id='c1' text='Hi'"),
        ("sentinel", "c1", "id='c1' text='Hi'"),
    ],
)
def test_the_programs_of_the_readme_run(
    generate: Callable[[str | Path], Sdk],
    name: str,
    whole: str,
    streamed: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    sdk = generate(HERE / f"{name}.yaml")
    programs = re.findall(r"```python\n(.*?)```", sdk.source("README.md"), re.DOTALL)
    first, stream = programs[0], next(one for one in programs if "as stream" in one)
    server = ModelServer()
    server.streams_by_default = name == "lines"
    with serving(server):
        variable = sdk.package.removesuffix("_sdk").upper()
        monkeypatch.setenv(f"{variable}_BASE_URL", server.base_url)
        monkeypatch.setenv(f"{variable}_API_KEY", "key")
        for program, printed in ((first, whole), (stream, streamed)):
            names: dict[str, Any] = {}
            exec(program, names)
            names["client"].close()
            assert capsys.readouterr().out.strip() == printed
