"""What a user may name as the description: a file, an address, standard input, or an ASGI app."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from specloom.errors import Location, Problems, SpecError

STANDARD_INPUT = "-"
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_APP = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*(\(\))?")
_OTHER_ADDRESS = re.compile(r"[A-Za-z][\w+.-]+://|[\w.-]+:\d+/")
_PIPE = "fetch it and pipe it in: curl -H 'Authorization: …' URL | specloom generate -"
_APP_TIMEOUT = 60.0
"""Seconds that an app has to describe itself."""


class Given(NamedTuple):
    """A description: its file or address, and its text where that is not in a file."""

    spec: Path | str
    text: str | None = None


def is_file(spec: str) -> bool:
    """Whether a description is named by the path of a file."""
    if spec == STANDARD_INPUT or _ADDRESS.match(spec):
        return False
    return _APP.fullmatch(spec) is None or os.path.exists(spec)


def given(spec: str) -> Given:
    """Read what is not in a file. Raises SpecError where that fails."""
    if is_file(spec):
        if _OTHER_ADDRESS.match(spec) and not os.path.exists(spec):
            hint = "write http:// or https:// before the host; a file is named by its path"
            raise _failed(spec, "only http and https addresses are read", hint)
        return Given(Path(spec))
    if spec == STANDARD_INPUT:
        return Given(Path("stdin.yaml"), _text(sys.stdin.buffer.read(), "standard input"))
    return _fetched(spec) if _ADDRESS.match(spec) else _of_app(spec)


def _fetched(url: str) -> Given:
    from specloom.description.remote import read_url

    host = url.partition("//")[2].partition("/")[0]
    if "@" in host:
        shown = url.replace(host, host.rpartition("@")[2], 1)
        raise _failed(shown, "an address with a user name or password is not read", _PIPE)
    try:
        address, data = read_url(url)
    except OSError as error:
        is_refused = " 401 " in f"{error} " or " 403 " in f"{error} "
        raise _failed(url, str(error), _PIPE if is_refused else "") from None
    return Given(address, _text(data, url))


def _of_app(name: str) -> Given:
    script = Path(__file__).with_name("app_description.py")
    command = [_python(), "-X", "utf8", str(script), name]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=_APP_TIMEOUT)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _failed(name, str(error)) from None
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        reason = lines[-1] if lines else f"exit code {done.returncode}"
        hint = f"the app runs with {command[0]}; activate its environment to use another Python"
        raise _failed(name, f"the app cannot be described: {reason}", hint)
    return Given(Path(f"{name.partition(':')[0]}.json"), _text(done.stdout, name))


def _python() -> str:
    """The Python of the active environment, else of ``.venv`` here, else the one that runs."""
    scripts = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    for folder in (os.environ.get("VIRTUAL_ENV"), ".venv"):
        python = Path(folder, *scripts) if folder else None
        if python is not None and python.exists():
            return str(python)
    return sys.executable


def _text(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _failed(name, "it is not UTF-8 text") from None


def _failed(name: str, reason: str, hint: str = "") -> SpecError:
    problems = Problems()
    problems.error("unreadable", reason, hint=hint, location=Location(name, 1, 1))
    return SpecError(problems)
