"""Where calls go."""

from __future__ import annotations

import re
from dataclasses import dataclass

_VARIABLE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class ServerVariable:
    """A part of a server's address. ``values`` are all that it can have; empty: any text.

    ``default`` is None where the description gives none, so that the caller has to give it.
    """

    name: str
    default: str | None
    values: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class Server:
    """A base URL with its variables, and the name by which it is chosen among others."""

    name: str
    template: str
    variables: tuple[ServerVariable, ...] = ()
    description: str = ""

    @property
    def url(self) -> str:
        """The base URL with every variable at its default."""
        defaults = {one.name: one.default for one in self.variables}

        def filled(found: re.Match[str]) -> str:
            default = defaults.get(found[1])
            return found[0] if default is None else default

        return _VARIABLE.sub(filled, self.template)


def variables_in(template: str) -> list[str]:
    """The names of the variables of a base URL, in its order, each once."""
    return list(dict.fromkeys(_VARIABLE.findall(template)))
