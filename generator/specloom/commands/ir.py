"""`specloom ir`: what specloom has understood of a description, as JSON."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, cast

import click

from specloom.commands.shared import EXIT_CODES, chosen, show, shown_problems


@click.command(help=f"""Print what specloom has understood of SPEC, as JSON.

Resources and methods, types, pages and streams, each with the pointer to where it comes from. Names
are words here; every object says in "is" what it is.

\b
Examples:
  specloom ir openapi.yaml
  specloom ir openapi.yaml | jq '.resources[].operations[].id'

{EXIT_CODES}""")
@click.argument("spec", required=False, type=click.Path(path_type=Path))
@click.option(
    "--overlay",
    "overlays",
    multiple=True,
    type=click.Path(path_type=Path),
    help="An OpenAPI Overlay file to apply first; repeatable.",
)
@click.option("--allow-remote", is_flag=True, help="Read $refs to http and https addresses.")
def command(spec: Path | None, overlays: tuple[Path, ...], allow_remote: bool) -> None:
    """See the help above."""
    from specloom.options import BuildOptions
    from specloom.pipeline import read

    with shown_problems():
        spec, config = chosen(spec)
        options = BuildOptions(overlays=overlays or config.overlays, allow_remote=allow_remote)
        _, api, problems = read(spec, options)
    show(problems)
    click.echo(json.dumps(_plain(api), indent=2, ensure_ascii=False))


def _plain(value: Any) -> Any:
    """A dataclass as a mapping that names its class, a tuple as a list; the rest as it is."""
    if is_dataclass(value):
        named = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        return {"is": type(value).__name__, **named}
    if isinstance(value, dict):
        mapping = cast("dict[str, Any]", value)
        return {key: _plain(inner) for key, inner in mapping.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in cast("list[Any]", value)]
    return value
