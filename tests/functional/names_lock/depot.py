"""A depot, its description and its names lock, in the current folder."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from specloom.commands import main
from specloom.naming.names import Names
from specloom.options import BuildOptions
from specloom.pipeline import read

SPEC = (Path(__file__).parent / "spec.yaml").read_text()
SETTINGS = """\
[tool.specloom]
spec = "depot.yaml"
output = "sdk"
names_lock = "names.lock"
formatter = "ruff"
"""
FIRST = """\
operations:
  POST /jobs: {name: jobs.create, id: createJob, returns: Job}
  GET /jobs/{id}: {name: jobs.retrieve, id: getJob, returns: Job}
  PUT /parts: {name: parts.update, id: putParts, returns: PartUpdateResponse}

polls:
  POST /jobs: jobs.create_and_poll

arguments:
  GET /jobs/{id} header id: header_id

types:
  /paths/~1parts/put/responses/200/content/application~1json/schema: PartUpdateResponse
  /paths/~1parts/put/responses/200/content/application~1json/schema/properties/first: PartUpdateResponseFirst
  Failure: Failure
  Job: Job
  Part: Part
  Result: Result

results: by_operation
"""


def describe(*changes: tuple[str, str]) -> None:
    """Write the description, with changes to its text."""
    text = SPEC
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    Path("depot.yaml").write_text(text)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["generate", *arguments])


def generated(*arguments: str) -> str:
    """Generate; returns the messages."""
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.output


def lock() -> str:
    """The lock without its header comment."""
    return Path("names.lock").read_text().partition("\n\n")[2]


def names() -> Names:
    return read(Path("depot.yaml"), BuildOptions(names_lock=Path("names.lock"))).names


def addresses() -> dict[str, str]:
    """The addresses of all methods by path and HTTP method."""
    return {
        pointer.partition("#/paths/")[2]: address for pointer, address in names().addresses.items()
    }
