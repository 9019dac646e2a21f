"""What becomes of every field that OpenAPI 3.0, 3.1 and 3.2 and JSON Schema 2020-12 define.

`coverage.csv` is the one table of them. The walk takes from it what stands where, the checks which
names there are and what they hold, and `docs/coverage.md` is written from it.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Literal, NamedTuple, cast

Outcome = Literal["becomes", "told", "silent"]


class Field(NamedTuple):
    """A field of an object, or with braces around its name what stands under every other key.

    `since` is the first version of OpenAPI that has it. `holds` is the kind of an object or a plain
    type; in brackets a list of them, in braces a mapping, and between slashes one of several.
    `outcome` with `says`: what it becomes in the SDK; why nothing comes of it, of which the warning
    `unused-field` tells; or why it says nothing to a client.
    """

    object: str
    name: str
    since: str
    holds: str
    outcome: Outcome
    says: str


PLAIN: Mapping[str, tuple[type, ...]] = {
    "any": (object,),
    "text": (str,),
    "number": (int, float),
    "boolean": (bool,),
}
"""The plain types that a field holds."""


@cache
def fields() -> Mapping[str, Mapping[str, Field]]:
    """Every field by its object and its name, in the order of the specification."""
    table = resources.files("specloom.description").joinpath("coverage.csv")
    found: dict[str, dict[str, Field]] = {}
    for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines()):
        field = Field(
            object=row["object"],
            name=row["field"],
            since=row["since"],
            holds=row["holds"],
            outcome=cast("Outcome", row["outcome"]),
            says=row["says"],
        )
        found.setdefault(field.object, {})[field.name] = field
    return found


_HEAD = "| field | since | what becomes of it |\n| --- | --- | --- |\n"
_WORDS = {
    "becomes": "{says}",
    "told": "warning `unused-field`: {says}",
    "silent": "*nothing*: {says}",
}


def tables() -> str:
    """The table of each object as Markdown."""
    return "\n".join(_table(name, of) for name, of in fields().items())


def _table(name: str, of: Mapping[str, Field]) -> str:
    rows = "".join(
        f"| `{field.name}` | {field.since} | {_WORDS[field.outcome].format(says=field.says)} |\n"
        for field in of.values()
    )
    return f"### {title(name)}\n\n{_HEAD}{rows}"


def title(name: str) -> str:
    """An object as the specification calls it: "path-item" is the "Path Item Object"."""
    words = {"oauth": "OAuth", "xml": "XML", "openapi": "OpenAPI", "docs": "Documentation"}
    return " ".join([*(words.get(word, word.title()) for word in name.split("-")), "Object"])
