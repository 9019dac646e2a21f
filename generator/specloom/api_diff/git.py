"""Files of a git revision, without touching the work tree."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath


class GitError(Exception):
    """git is missing or failed; the message gives the reason."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository by the folder of its work tree."""

    root: Path

    @classmethod
    def around(cls, folder: Path) -> Repository:
        """The repository of a folder. Raises GitError."""
        output = _run(("rev-parse", "--show-toplevel"), folder)
        return cls(Path(output.decode("utf-8", "surrogateescape").rstrip("\n")))

    def commit(self, revision: str) -> str:
        """The commit id of a revision. Raises GitError."""
        wanted = f"{revision}^{{commit}}"
        try:
            output = _run(("rev-parse", "--verify", "--end-of-options", wanted), self.root)
        except GitError:
            raise GitError("there is no such revision") from None
        return output.decode("ascii").strip()

    def path(self, file: Path) -> str | None:
        """A file's path as git names it, or None outside the repository."""
        try:
            # git resolves symbolic links in the path of the work tree.
            path = Path(os.path.realpath(file)).relative_to(os.path.realpath(self.root))
        except ValueError:
            return None
        return path.as_posix()

    def files(self, commit: str, paths: Sequence[str]) -> dict[str, bytes]:
        """The content of files at a commit, by path, without missing files."""
        known = [
            path for path in paths if "\n" not in path and ".." not in PurePosixPath(path).parts
        ]
        asked = "".join(f"{commit}:{path}\n" for path in known)
        answer = _run(("cat-file", "--batch"), self.root, os.fsencode(asked))
        found: dict[str, bytes] = {}
        for path in known:
            # "<id> <type> <size>" and as many bytes; else "<what was asked> missing".
            head, _, answer = answer.partition(b"\n")
            if head.endswith((b" missing", b" ambiguous")):
                continue
            _, kind, size = head.split()
            if kind == b"blob":
                found[path] = answer[: int(size)]
            answer = answer[int(size) + 1 :]
        return found


def _run(arguments: Sequence[str], folder: Path, data: bytes = b"") -> bytes:
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=folder, input=data, capture_output=True, check=False
        )
    except OSError as error:
        raise GitError(f"git cannot be run: {error.strerror or error}") from None
    if done.returncode:
        message = done.stderr.decode("utf-8", "replace").strip()
        raise GitError(message.removeprefix("fatal: ") or f"git ended with {done.returncode}")
    return done.stdout
