"""Every probe of every tool, with its evidence."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from e2e.comparison.clients import OFFERED, Setup, act, make_client, write_descriptions
from e2e.comparison.probes import PROBES, Probe
from e2e.comparison.tool_probes import TOOL_PROBES
from e2e.comparison.tools import Tool
from support.loopback import serving


@dataclass(frozen=True)
class Answer:
    """A cell of a table, with its evidence."""

    tool: str
    probe: str
    says: str
    evidence: str


def run_probes(tools: Sequence[Tool], work: Path) -> list[Answer]:
    """All answers, by tool; the clients are below ``work``."""
    write_descriptions(work)
    return [answer for tool in tools for answer in _of_tool(tool, work)]


def _of_tool(tool: Tool, work: Path) -> Iterator[Answer]:
    for probe in PROBES:
        yield ask_client(tool, probe, work)
    for asked in TOOL_PROBES:
        says, evidence = asked.ask(tool, work / "tools" / tool.key)
        yield Answer(tool.key, asked.key, says, evidence)


def ask_client(tool: Tool, probe: Probe, work: Path) -> Answer:
    """One probe: of the default client and, if that fails, of the documented option."""
    says, evidence = _ask(tool, probe, probe.setup, work)
    offered = OFFERED.get((tool.key, probe.key))
    if offered is not None and not says.startswith("yes"):
        instead, more = _ask(tool, probe, offered, work)
        evidence = f"{evidence}; with {offered.told}: {more}"
        if instead.startswith("yes"):
            says = f"by option: {offered.told}"
    return Answer(tool.key, probe.key, says, evidence)


def _ask(tool: Tool, probe: Probe, setup: Setup, work: Path) -> tuple[str, str]:
    folder = make_client(tool, setup, work)
    with serving() as server:
        probe.script(server)
        told = act(tool, folder, probe.action, server.base_url)
        requests = [f"{one.method} {one.path}" for one in server.received]
        return probe.judge(told, server), f"{json.dumps(told)[:400]} after {requests}"
