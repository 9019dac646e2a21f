"""The clients to probe: each tool's default, and one with a documented option."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from e2e.comparison.documents import generate
from e2e.comparison.processes import run
from e2e.comparison.tools import INPUTS, Tool
from e2e.corpus.state import ROOT

ADAPTERS = Path(__file__).with_name("adapters")


@dataclass(frozen=True)
class Setup:
    """A client of a tool: the description, options of the tool, and files that tell the adapter."""

    description: str = "assistants.yaml"
    options: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    told: str = ""


PLAIN = Setup()
FILES = Setup("files.yaml", marks=("files",))
UNHINTED = Setup("unhinted.yaml")
_IDEMPOTENT = json.dumps(
    {"/paths/~1threads~1{thread_id}~1runs/post": {"runtime": {"retry_safety": "idempotent"}}}
)
# By tool and probe: what its documentation offers where the plain client says no.
OFFERED = {
    ("openapi-generator", "unknown field"): Setup(
        options=("--additional-properties=disallowAdditionalPropertiesIfNotPresent=false",),
        told="`disallowAdditionalPropertiesIfNotPresent=false`",
    ),
    ("openapi-generator", "async"): Setup(
        options=("--additional-properties=library=httpx2",),
        marks=("async",),
        told="`library=httpx2` (or `asyncio`, `httpx`); the client is then async",
    ),
    ("openapi-generator", "retry POST"): Setup(
        marks=("retrying",), told="`Configuration.retries` with an `urllib3.Retry`"
    ),
    ("datamodel-code-generator", "unknown field"): Setup(
        options=("--extra-fields", "allow"), told="`--extra-fields allow`"
    ),
    ("datamodel-code-generator", "retry POST"): Setup(
        options=("--client-operations", _IDEMPOTENT),
        told="`--client-operations`, JSON that marks it as idempotent",
    ),
    ("datamodel-code-generator", "pages"): Setup(
        options=("--client-protocols", str(INPUTS / "protocols.json")),
        told="`--client-protocols`, JSON for each operation",
    ),
    ("datamodel-code-generator", "stream"): Setup(
        options=("--client-protocols", str(INPUTS / "protocols.json")),
        told="`--client-protocols`, JSON for each operation",
    ),
    ("stainful", "pages"): Setup(
        options=("--config", str(INPUTS / "stainless.yml")), told="`pagination` in `stainless.yml`"
    ),
    ("stainful", "stream"): Setup(
        options=("--config", str(INPUTS / "stainless.yml")), told="`streaming` in `stainless.yml`"
    ),
}


def described() -> dict[str, Any]:
    """The Assistants description as every tool gets it.

    Its constant header is a plain string here: one of the tools leaves out every operation with a
    constant in a header. Parameters stand at their operations: another tool overlooks shared ones.
    Code written by hand is not asked for.
    """
    text = (ROOT / "spec/assistants.yaml").read_text(encoding="utf-8")
    document: dict[str, Any] = yaml.load(text, yaml.CSafeLoader)
    document["components"]["parameters"]["OpenAIBeta"]["schema"] = {"type": "string"}
    document["x-sdk"]["package"] = "compared_sdk"
    del document["x-sdk"]["mixins"]
    for item in document["paths"].values():
        shared = item.pop("parameters", [])
        for operation in (value for key, value in item.items() if not key.startswith("x-")):
            named = [*shared, *operation.get("parameters", [])]
            operation["parameters"] = [_target(document, one) for one in named]
    return document


class _Plain(yaml.SafeDumper):
    def ignore_aliases(self, _: Any) -> bool:
        return True


def plain_text(document: dict[str, Any]) -> str:
    """A description as YAML without anchors: not every tool reads them."""
    return yaml.dump(document, Dumper=_Plain, sort_keys=False)


def _target(document: dict[str, Any], parameter: dict[str, Any]) -> dict[str, Any]:
    ref = parameter.get("$ref")
    found: dict[str, Any] = document["components"]["parameters"]
    return parameter if ref is None else found[ref.rpartition("/")[2]]


def _unhinted() -> dict[str, Any]:
    """The same without ``x-sdk``, but for names and the header that the client sends."""
    document = described()
    names = {key: document["x-sdk"][key] for key in ("package", "client", "headers")}
    plain: dict[str, Any] = _without_hints(document)
    return {**plain, "x-sdk": names}


def _without_hints(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_hints(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {key: _without_hints(one) for key, one in value.items() if key != "x-sdk"}


def write_descriptions(folder: Path) -> None:
    """The descriptions of the probes, where ``make_client`` looks for them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, document in (("assistants", described()), ("unhinted", _unhinted())):
        (folder / f"{name}.yaml").write_text(plain_text(document), encoding="utf-8")
    (folder / "files.yaml").write_bytes((INPUTS / "files.yaml").read_bytes())


def make_client(tool: Tool, setup: Setup, work: Path) -> Path:
    """The folder of a client, generated if it is not there.

    Raises:
        RuntimeError: The tool did not generate it.
    """
    name = "-".join([tool.key, Path(setup.description).stem, *setup.marks, *setup.options])
    folder = work / "clients" / "".join(one if one.isalnum() else "-" for one in name)[:150]
    if not folder.exists():
        ended = generate(tool, work / setup.description, folder, setup.options)
        if ended.code != 0:
            raise RuntimeError(f"{tool.key} {setup}: {ended.output}")
        for mark in setup.marks:
            (folder / tool.below / mark).touch()
    return folder / tool.below


def act(tool: Tool, folder: Path, action: str, base_url: str) -> dict[str, Any]:
    """What an action of the tool's adapter tells (``adapters/harness.py``)."""
    adapter = ADAPTERS / f"{tool.key.replace('-', '_')}.py"
    ended = run([tool.python(client=True), str(adapter), action, base_url], folder)
    lines = ended.output.splitlines()
    if ended.code != 0 or not lines or not lines[-1].startswith("{"):
        return {"failed": ended.last_line or f"exit code {ended.code}"}
    told: dict[str, Any] = json.loads(lines[-1])
    return told
