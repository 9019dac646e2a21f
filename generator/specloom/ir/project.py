"""The metadata of the SDK as a distribution: what pyproject.toml says of it."""

from __future__ import annotations

from dataclasses import dataclass

OLDEST_PYTHON = 11
"""The minor version of the oldest Python 3 that an SDK runs on."""


@dataclass(frozen=True, slots=True)
class Project:
    """Metadata of a distribution (packaging.python.org, "pyproject.toml specification").

    ``authors`` are pairs of name and email, either of which may be empty. ``license`` is an SPDX
    expression (PEP 639). ``urls`` are pairs of label and URL, ``dependencies`` pairs of
    distribution and version specifier (PEP 440).
    """

    name: str = ""
    authors: tuple[tuple[str, str], ...] = ()
    license: str = ""
    keywords: tuple[str, ...] = ()
    classifiers: tuple[str, ...] = ()
    urls: tuple[tuple[str, str], ...] = ()
    python: str = ""
    dependencies: tuple[tuple[str, str], ...] = ()
