"""From a new process to a client, and to its first result."""

from __future__ import annotations

from bench.measure import OURS, Goal
from bench.rows import Row, fresh

_URL = "import os\nURL = os.environ['BENCH_URL']\n"
_OPENAI = _URL + "from openai import OpenAI\nclient = OpenAI(api_key='k', base_url=URL)\n"
_OPENAI_CALL = "run = client.beta.threads.runs.retrieve('run_1', thread_id='thread_1')\n"

CONSTRUCT = {
    OURS: _URL
    + "from assistants_sdk import Assistants\n"
    + "client = Assistants(api_key='k', base_url=URL)\n",
    "openai": _OPENAI,
    "openai-1.16.2": _OPENAI,
    "datamodel-code-generator": _URL
    + "from assistants_client import Client\n"
    + "client = Client(api_key_auth='k', base_url=URL)\n",
    "openapi-python-client": _URL
    + "from assistants_attrs import AuthenticatedClient\n"
    + "headers = {'OpenAI-Beta': 'assistants=v1'}\n"
    + "client = AuthenticatedClient(base_url=URL, token='k', headers=headers)\n",
    "stainful": _URL
    + "from compared import Compared\n"
    + "client = Compared(api_key='k', base_url=URL)\n",
}
_CALL = {
    OURS: "run = client.threads.runs.retrieve('run_1', thread_id='thread_1')\n",
    "openai": _OPENAI_CALL,
    "openai-1.16.2": _OPENAI_CALL,
    "datamodel-code-generator": "run = client.assistants.get_run("
    + "thread_id='thread_1', run_id='run_1', OpenAI_Beta='assistants=v1')\n",
    "openapi-python-client": "from assistants_attrs.api.assistants import get_run\n"
    + "run = get_run.sync('thread_1', 'run_1', client=client)\n",
    "stainful": "run = client.threads.get_run(thread_id='thread_1', run_id='run_1')\n",
}
# The least that any client with these libraries does; plain values instead of a run's types.
_FLOOR = (
    _URL
    + "import httpx2\n"
    + "from pydantic import BaseModel, ConfigDict\n"
    + "class Run(BaseModel):\n"
    + "    model_config = ConfigDict(extra='allow')\n"
    + "    id: str\n"
    + "    status: str\n"
    + "client = httpx2.Client(base_url=URL, headers={'Authorization': 'Bearer k'})\n"
    + "run = Run.model_validate_json(client.get('/threads/thread_1/runs/run_1').content)\n"
)
_WITH_PYDANTIC = "httpx2 + pydantic"
FIRST_CALL = {
    **{peer: code + _CALL[peer] for peer, code in CONSTRUCT.items()},
    _WITH_PYDANTIC: _FLOOR,
}
_DONE = "assert run.status == 'completed', run\n"
BARE = "bare Python"


def peer_of(side: str) -> str:
    """Whose environment a side runs in; what is no peer runs in our SDK's."""
    return side if side in CONSTRUCT else OURS


ROWS = (
    Row(
        name="import",
        title="Import the client and construct it",
        unit="ms",
        method="CPU time of a new process, including the start of the interpreter.",
        sides={
            **{peer: fresh(peer, code, "cpu") for peer, code in CONSTRUCT.items()},
            BARE: fresh(OURS, "pass", "cpu"),
        },
        goals=(Goal(0.030, above=BARE),),
    ),
    Row(
        name="first-call",
        title="Import, construct, and have the first run",
        unit="ms",
        method="CPU time of a new process that fetches one run over the loopback interface.",
        sides={
            side: fresh(peer_of(side), code + _DONE, "cpu") for side, code in FIRST_CALL.items()
        },
        goals=(Goal(0.17, to="openai"), Goal(1.0, to=_WITH_PYDANTIC)),
    ),
)
