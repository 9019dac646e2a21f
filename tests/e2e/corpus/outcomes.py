"""The outcome of a document, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

Step = Literal["generate", "import", "types", "call"]
STEPS: tuple[Step, ...] = get_args(Step)
REFUSED = "refused: "


@dataclass(frozen=True)
class Failure:
    """Something that went wrong. ``cause`` is what failures are counted by; ``where`` may be an
    operation, a module or a place in the document.
    """

    cause: str
    error: str
    where: str = ""

    def __str__(self) -> str:
        return f"{self.cause}: {f'{self.where}: ' if self.where else ''}{self.error}"


@dataclass(frozen=True)
class StepResult:
    """How a step ended. ``counts`` says how much was done, and what was not done and why."""

    step: Step
    failures: tuple[Failure, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass(frozen=True)
class Outcome:
    """A document's steps, in order; those after a failure are missing where they depend on it."""

    document: str
    steps: tuple[StepResult, ...]

    @property
    def first_failure(self) -> tuple[Step, Failure] | None:
        """The first thing that went wrong, with its step."""
        found = ((one.step, failure) for one in self.steps for failure in one.failures)
        return next(found, None)

    @property
    def is_refused(self) -> bool:
        """Whether specloom refused the document with a place in it."""
        first = self.first_failure
        return first is not None and first[1].cause.startswith(REFUSED)

    def result(self, step: Step) -> StepResult | None:
        """The result of a step; None if it was not run."""
        return next((one for one in self.steps if one.step == step), None)

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)


def from_json(values: Mapping[str, Any]) -> Outcome:
    """The outcome in plain values."""
    steps = tuple(
        StepResult(
            one["step"],
            tuple(Failure(**failure) for failure in one["failures"]),
            one["counts"],
            one["seconds"],
        )
        for one in values["steps"]
    )
    return Outcome(values["document"], steps)
