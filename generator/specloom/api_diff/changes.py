"""Changes of a comparison, and the version step that they need."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from specloom.api_diff.kinds import KINDS, Bump

_RANK: dict[Bump, int] = {"major": 0, "minor": 1, "patch": 2}
_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    ``address`` is the method, type or setting, ``member`` its argument, attribute or value.
    ``before`` and ``after`` are code; a missing side is empty. ``pointer`` is a place in the new
    description, or in the old one if ``is_gone``.
    """

    code: str
    address: str
    member: str = ""
    before: str = ""
    after: str = ""
    detail: str = ""
    pointer: str = ""
    is_gone: bool = False

    @property
    def bump(self) -> Bump:
        """The step of semantic versioning, from 1.0.0 on."""
        return KINDS[self.code].bump

    @property
    def is_breaking(self) -> bool:
        """Whether code that works with the old SDK may fail with the new one."""
        return self.bump == "major"

    @property
    def why(self) -> str:
        """The meaning for users."""
        return " ".join(filter(None, (KINDS[self.code].meaning, self.detail)))


def deprecation(is_deprecated: bool) -> str:
    """The code for a new or a removed deprecation."""
    return "deprecated" if is_deprecated else "no-longer-deprecated"


def in_order(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Each change once, the most severe first."""
    return tuple(sorted(dict.fromkeys(changes), key=_rank))


def _rank(change: Change) -> tuple[int, str, str, str, str]:
    return (_RANK[change.bump], change.address, change.code, change.member, change.before)


def bump_of(changes: Iterable[Change]) -> Bump | None:
    """The largest step; None without changes."""
    return min((change.bump for change in changes), key=_RANK.__getitem__, default=None)


def step_of(version: str, bump: Bump) -> Bump:
    """The step of the version number.

    Before 1.0.0, a breaking change needs a minor step, every other change a patch (semver.org, "How
    should I deal with revisions in the 0.y.z initial development phase").
    """
    if not version.startswith("0."):
        return bump
    return "minor" if bump == "major" else "patch"


def asked_version(version: str, bump: Bump | None) -> str | None:
    """The version that must follow ``version``; None if it is not ``x.y.z``."""
    match = _VERSION.match(version)
    if match is None or bump is None:
        return None if match is None else version
    major, minor, patch = map(int, match.groups())
    step = step_of(version, bump)
    if step == "major":
        return f"{major + 1}.0.0"
    return f"{major}.{minor + 1}.0" if step == "minor" else f"{major}.{minor}.{patch + 1}"


def is_enough(version: str, asked: str) -> bool:
    """Whether ``version`` is ``asked`` or later."""
    match, wanted = _VERSION.match(version), _VERSION.match(asked)
    if match is None or wanted is None:
        return False
    return tuple(map(int, match.groups())) >= tuple(map(int, wanted.groups()))
