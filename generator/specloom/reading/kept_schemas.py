"""What the last build has understood of the schemas of `components`, for the next to take over."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import NamedTuple

from specloom.errors import Problem
from specloom.reading.document import Document
from specloom.reading.schemas import stand_alone


class Understood(NamedTuple):
    """What follows from schemas with this `digest`: what is told of them, and the `types` that they
    are, as text. Of schemas with errors nothing is kept."""

    digest: str = ""
    problems: tuple[Problem, ...] = ()
    types: str = ""

    @classmethod
    def of(cls, text: str) -> Understood:
        """What `as_text` has made a text of; nothing where there is none."""
        if not text:
            return cls()
        digest, problems, types = text.split("\n", 2)
        return cls(digest, tuple(Problem(**said) for said in json.loads(problems)), types)

    def as_text(self) -> str:
        """All of it as text."""
        return f"{self.digest}\n{json.dumps([asdict(one) for one in self.problems])}\n{self.types}"


@dataclass(slots=True)
class KeptPaths:
    """What path items have come to, as text by their keys: known from before, and met now.

    All of it is said of operations beside schemas with the digest `schemas`.
    """

    schemas: str = ""
    known: dict[str, str] = field(default_factory=dict[str, str])
    met: dict[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def of(cls, text: str) -> KeptPaths:
        """What `as_text` has made a text of; nothing where there is none."""
        schemas, *lines = text.split("\n")
        return cls(schemas, dict(line.split(" ", 1) for line in lines))

    def as_text(self) -> str:
        """What was met, as text."""
        return "\n".join([self.schemas, *(f"{key} {said}" for key, said in self.met.items())])


@dataclass(slots=True)
class KeptSchemas:
    """What is known of schemas from an earlier build, and what this one has understood.

    That is kept in place of what is known once it has come up twice: nothing is gained by writing
    down each state of schemas that somebody is at work on. `last` is the digest of those of the
    last build. Nothing is kept unless it `is_asked` for.
    """

    known: Understood = field(default_factory=Understood)
    paths: KeptPaths = field(default_factory=KeptPaths)
    last: str = ""
    is_asked: bool = False
    digest: str = ""
    understood: Understood | None = None
    _problems: tuple[Problem, ...] = ()

    def hold(self, document: Document) -> bool:
        """Whether what is known is of the schemas of `document`."""
        return bool(self.known.digest) and self.known.digest == document.schemas_digest

    def noted(self, document: Document, found: Iterable[Problem]) -> tuple[Problem, ...]:
        """What is wrong in the schemas of `document`: what was `found` now, unless it is known."""
        self.digest = document.schemas_digest if self.is_asked else ""
        self._problems = self.known.problems if self.hold(document) else tuple(found)
        return self._problems

    def want(self, document: Document) -> bool:
        """Whether the types of `document` are to be kept."""
        return (
            self.is_asked
            and self.digest not in ("", self.known.digest)
            and self.digest == document.schemas_digest
            and (not self.known.digest or self.digest == self.last)
            and all(one.severity != "error" and not one.location for one in self._problems)
            and stand_alone(document.entry, document.visits_in_schemas, document.find_or_none)
        )

    def keep(self, types: str) -> None:
        """Have the next build know the `types` that were wanted."""
        self.understood = Understood(self.digest, self._problems, types)

    def paths_of(self, document: Document) -> KeptPaths | None:
        """What is known of the path items of `document`; None where they are not to be kept."""
        is_known = self.hold(document) or self.understood is not None
        if not self.is_asked or not is_known or not document.uses_components:
            return None
        if self.paths.schemas != document.schemas_digest:
            self.paths = KeptPaths(document.schemas_digest)
        return self.paths
