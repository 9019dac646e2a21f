"""Figures: samples taken in turns, their medians, their ratios, and the goals held against them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from statistics import median, quantiles
from typing import Protocol

OURS = "sdk"


class Runner(Protocol):
    """One side of a row, ready to be measured."""

    def sample(self) -> float:
        """Do the work; what it took, in seconds or bytes."""
        ...

    def close(self) -> None:
        """End its process."""
        ...


Samples = Mapping[str, Sequence[float]]


def interleaved(runners: Mapping[str, Runner], rounds: int) -> dict[str, list[float]]:
    """Samples of all sides, taken in turns, so that a slow minute of the machine slows all."""
    samples: dict[str, list[float]] = {name: [] for name in runners}
    for _ in range(rounds):
        for name, runner in runners.items():
            samples[name].append(runner.sample())
    return samples


def ratio(samples: Samples, side: str, to: str) -> float:
    """How many times as much ``side`` takes as ``to``: the median over the rounds.

    Memory can be zero, for example for an upload that fits into what the process already has.
    """
    pairs = zip(samples[side], samples[to], strict=True)
    return median(one / other if other else (inf if one else 1.0) for one, other in pairs)


def spread(values: Sequence[float]) -> float:
    """The half of the samples in the middle: its width as a part of the median."""
    if len(values) < 2:
        return 0.0
    low, _, high = quantiles(values, n=4, method="inclusive")
    return (high - low) / median(values) if median(values) else 0.0


@dataclass(frozen=True, slots=True)
class Goal:
    """What our side of a row may take at most.

    Attributes:
        limit: Seconds or bytes; with ``to``, a factor.
        to: The side whose figure is multiplied with the limit.
        above: The side whose figure is taken off before, such as an interpreter that does nothing.
        side: Which of our sides is meant.
    """

    limit: float
    to: str | None = None
    above: str | None = None
    side: str = OURS

    def figure(self, samples: Samples) -> float:
        """What is held against the limit."""
        if self.to is not None:
            return ratio(samples, self.side, self.to)
        own = median(samples[self.side])
        return own if self.above is None else own - median(samples[self.above])

    def is_met(self, samples: Samples) -> bool:
        """Whether the figure is within the limit."""
        return self.figure(samples) <= self.limit

    def is_measured(self, samples: Samples) -> bool:
        """Whether all that it needs has been measured."""
        return all(each in samples for each in (self.side, self.to, self.above) if each)
