"""Functions for workers, which find them by the name of their module."""

from __future__ import annotations

import os


def who_squares(number: int) -> tuple[int, int]:
    return number * number, os.getpid()


def squared_elsewhere(number_and_home: tuple[int, int]) -> int:
    """Squares, but kills every process that is not home."""
    number, home = number_and_home
    if os.getpid() != home:
        os._exit(1)
    return number * number


def inverse(number: int) -> float:
    return 1 / number
