"""Programs for openai-python run with other imports."""

from __future__ import annotations

import asyncio
import re
import warnings
from pathlib import Path
from typing import Any

import httpx2
import pytest

from assistants_sdk import Assistants, AsyncAssistants, NotFoundError, SDKError, omit, types
from assistants_sdk.lib import openai_names
from assistants_sdk.testing import FakeServer

PROGRAM = """
from openai import NOT_GIVEN, AssistantEventHandler, NotFoundError, OpenAI, OpenAIError
from openai.types.beta import AssistantStreamEvent
from openai.types.beta.threads import Message, MessageDelta, Run, Text, TextDelta
from openai.types.beta.threads.runs import RunStep, ToolCall, ToolCallDelta


class Handler(AssistantEventHandler):
    def on_event(self, event: AssistantStreamEvent) -> None:
        if event.event == "thread.run.requires_action":
            waiting.append(event.data)

    def on_text_created(self, text: Text) -> None:
        said.append("assistant > ")

    def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:
        said.append(delta.value or "")

    def on_message_delta(self, delta: MessageDelta, snapshot: Message) -> None:
        said.append("|")

    def on_tool_call_done(self, tool_call: ToolCall) -> None:
        if tool_call.type == "function":
            called.append(tool_call.function.arguments)


client = OpenAI(api_key="k")
assistant = client.beta.assistants.create(model="gpt-4", instructions=NOT_GIVEN)
thread = client.beta.threads.create()
client.beta.threads.messages.create(thread.id, role="user", content="How many?")
with client.beta.threads.runs.stream(
    thread_id=thread.id, assistant_id=assistant.id, event_handler=Handler()
) as stream:
    stream.until_done()
run: Run = waiting[0]
outputs = [
    {"tool_call_id": call.id, "output": "11"}
    for call in run.required_action.submit_tool_outputs.tool_calls
]
with client.beta.threads.runs.submit_tool_outputs_stream(
    thread_id=run.thread_id, run_id=run.id, tool_outputs=outputs, event_handler=Handler()
) as stream:
    stream.until_done()
run = client.beta.threads.runs.create_and_poll(
    thread_id=thread.id, assistant_id=assistant.id, poll_interval_ms=1
)
run = client.beta.threads.create_and_run_poll(assistant_id=assistant.id, poll_interval_ms=1)
run = client.beta.threads.runs.poll(run.id, run.thread_id, poll_interval_ms=1)
run = client.beta.threads.runs.submit_tool_outputs_and_poll(
    tool_outputs=outputs, run_id=run.id, thread_id=thread.id, poll_interval_ms=NOT_GIVEN
)
steps = client.beta.threads.runs.steps.list(run_id=run.id, thread_id=thread.id)
assert all(isinstance(step, RunStep) for step in steps)
try:
    client.beta.threads.retrieve("gone")
except NotFoundError as error:
    assert isinstance(error, OpenAIError)
    said.append(error.body["message"])
"""


def ported() -> str:
    """The program with other imports, and the arguments of a test client."""
    text = re.sub(
        r"from openai[\w.]* import", "from assistants_sdk.lib.openai_names import", PROGRAM
    )
    return text.replace('api_key="k"', 'api_key="k", base_url="http://x", http_client=http_client')


@pytest.fixture
def server() -> FakeServer:
    return FakeServer.from_description()


def test_a_program_is_ported_by_its_imports_alone(server: FakeServer) -> None:
    server.prefer("createRun", example="requires_action")
    server.answer("GET", "/threads/gone", {"error": {"message": "no such thread"}}, status=404)
    names: dict[str, Any] = {"said": [], "called": [], "waiting": []}
    http_client = server.client()
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        exec(compile(ported(), "ported", "exec"), names | {"http_client": http_client})
    assert names["said"][-1] == "no such thread"
    assert names["said"][0] == "assistant > "
    assert names["said"][2] == "|"
    assert len(names["called"]) == 2  # when the run waits, and when the step goes on and ends
    deprecations = [str(one.message) for one in told if one.category is DeprecationWarning]
    assert deprecations == ["poll(run_id, thread_id) is deprecated: give thread_id by its name"]


def test_calls_of_openai_python_on_our_own_clients(server: FakeServer) -> None:
    client = Assistants(api_key="k", base_url="http://x", http_client=server.client())
    runs: Any = client.threads.runs
    with pytest.warns(DeprecationWarning, match="thread_id by its name") as told:
        assert runs.poll("r", "t", poll_interval_ms=1).id
    assert told[0].filename == __file__
    assert server.requests[-1].path == "/threads/t/runs/r"

    async def main() -> None:
        http_client = server.async_client()
        async with AsyncAssistants(
            api_key="k", base_url="http://x", http_client=http_client
        ) as other:
            threads: Any = other.threads
            run = await threads.create_and_run_poll(assistant_id="a", poll_interval_ms=1)
            assert run.id
            run = await threads.runs.create_and_poll(
                thread_id="t", assistant_id="a", poll_interval_ms=omit, poll_interval=0.0
            )
            assert run.id

    asyncio.run(main())
    with pytest.raises(TypeError):
        runs.poll("r", "t", "u")
    with pytest.raises(TypeError, match="poll_intervall_ms"):
        runs.poll("r", thread_id="t", poll_intervall_ms=1)


def test_names_of_openai_python() -> None:
    assert openai_names.NOT_GIVEN is omit
    assert isinstance(omit, openai_names.NotGiven)
    assert openai_names.AssistantsError is openai_names.OpenAIError is SDKError
    assert openai_names.NotFoundError is NotFoundError
    assert openai_names.DefaultHttpxClient is httpx2.Client
    assert openai_names.DefaultAsyncHttpxClient is httpx2.AsyncClient
    assert all(getattr(openai_names, name) is not None for name in openai_names.__all__)
    assert openai_names.Client is openai_names.OpenAI
    assert openai_names.types.beta.threads.runs.RunStep is types.RunStep
    assert openai_names.types.beta.threads.Text is types.MessageText
    for name in ("nothing", "_nothing"):
        with pytest.raises(AttributeError, match=f"has no attribute '{name}'"):
            getattr(openai_names.types, name)
        with pytest.raises(AttributeError, match=f"has no attribute '{name}'"):
            getattr(openai_names, name)


def test_the_page_has_every_type_name() -> None:
    page = Path(__file__).parents[2] / "generated/docs/migrating-from-openai-python.md"
    rows = re.findall(
        r"^\| `(\w+)` \| (.+) \|$", page.read_text().partition("### Every name")[2], re.M
    )
    assert len(rows) == 105
    for name, here in rows:
        kept = here == "the same" or "old name" in here
        assert (getattr(openai_names, name, None) is not None) is kept, name
        for other in re.findall(r"`(\w+)`", here):
            assert hasattr(types, other) or not other[0].isupper(), other
