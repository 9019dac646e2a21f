"""The forms of input: a file, a URL, standard input, or an ASGI app."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zlib
from pathlib import Path
from typing import IO, NamedTuple
from urllib.parse import urlsplit

from specloom.errors import Location, SpecError, refuse

MAX_BYTES = 100 * 2**20
"""The maximum size of a file. The largest published description we know has 40 MB."""

_TIMEOUT = 30.0
"""Timeout in seconds for the connection and for each read."""


def read_url(url: str, *, same_origin: bool = False) -> tuple[str, bytes]:
    """The final URL and at most `MAX_BYTES` + 1 bytes of the response.

    ``same_origin``: do not follow redirects to another scheme, host or port.

    Raises:
        OSError: The URL cannot be read; the message is for users.
    """
    # Importing this takes 40 ms, and few descriptions need it.
    from http.client import HTTPException
    from urllib.error import HTTPError, URLError
    from urllib.request import HTTPRedirectHandler, Request, build_opener

    class Redirects(HTTPRedirectHandler):
        """Follows at most ten redirects, as urllib does."""

        def redirect_request(
            self, req: Request, fp: IO[bytes], code: int, msg: str, headers: object, newurl: str
        ) -> Request | None:
            refused = _refused_redirect(url, req.full_url, newurl, same_origin)
            if refused:
                fp.close()
                raise OSError(refused)
            return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]

    accepted = "application/yaml, application/json;q=0.9, text/yaml;q=0.9, */*;q=0.5"
    try:
        request = Request(url, headers={"Accept": accepted, "User-Agent": "specloom"})
        with build_opener(Redirects).open(request, timeout=_TIMEOUT) as response:
            return str(response.geturl()), _unpacked(bytes(response.read(MAX_BYTES + 1)))
    except HTTPError as error:
        error.close()  # closes the response and its connection
        answer = f"{error.code} {error.msg}".partition("\nThe last")[0]  # a redirect loop
        raise OSError(f"the server answered {' '.join(answer.split())}") from error
    except URLError as error:
        raise OSError(f"no connection: {error.reason}") from error
    except (HTTPException, ValueError) as error:
        raise OSError(str(error)) from error


def _refused_redirect(first: str, previous: str, target: str, same_origin: bool) -> str:
    """The reason for refusing a redirect; empty if it is allowed."""
    scheme = urlsplit(target).scheme
    if same_origin and origin_of(target) != origin_of(first):
        return f"it redirects to another origin, {target}"
    if scheme not in ("http", "https"):
        return f"it redirects to {target}; only http and https are read"
    if scheme == "http" and urlsplit(previous).scheme == "https":
        return f"it redirects from https to http, {target}"
    return ""


def _unpacked(data: bytes) -> bytes:
    """A decompressed response. Object stores send compressed files without being asked."""
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        return zlib.decompressobj(wbits=31).decompress(data, MAX_BYTES + 1)
    except zlib.error as error:
        raise OSError(f"gzip: {error}") from error


def origin_of(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port of a URL (RFC 6454 §4)."""
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, parts.hostname or "", port


STANDARD_INPUT = "-"
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_APP = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*(\(\))?")
_OTHER_ADDRESS = re.compile(r"[A-Za-z][\w+.-]+://|[\w.-]+:\d+/")
_PIPE = "fetch it and pipe it in: curl -H 'Authorization: …' URL | specloom generate -"
_APP_TIMEOUT = 60.0
"""Timeout in seconds for an app to print its description."""


class Input(NamedTuple):
    """A description: its file or URL, and its text if that is not in a file."""

    spec: Path | str
    text: str | None = None


def is_file(spec: str) -> bool:
    """Whether a description is a file path."""
    if spec == STANDARD_INPUT or _ADDRESS.match(spec):
        return False
    return _APP.fullmatch(spec) is None or os.path.exists(spec)


def read_input(spec: str) -> Input:
    """The description that a user names, with its text unless it is a file. Raises SpecError."""
    if is_file(spec):
        if _OTHER_ADDRESS.match(spec) and not os.path.exists(spec):
            hint = "write http:// or https:// before the host; for a file, write its path"
            raise _failed(spec, "only http and https addresses are read", hint)
        return Input(Path(spec))
    if spec == STANDARD_INPUT:
        return Input(Path("stdin.yaml"), _text(sys.stdin.buffer.read(), "standard input"))
    return _fetched(spec) if _ADDRESS.match(spec) else _of_app(spec)


def _fetched(url: str) -> Input:
    host = url.partition("//")[2].partition("/")[0]
    if "@" in host:
        shown = url.replace(host, host.rpartition("@")[2], 1)
        raise _failed(shown, "an address with a user name or password is not read", _PIPE)
    try:
        address, data = read_url(url)
    except OSError as error:
        is_refused = " 401 " in f"{error} " or " 403 " in f"{error} "
        raise _failed(url, str(error), _PIPE if is_refused else "") from None
    return Input(address, _text(data, url))


def _of_app(name: str) -> Input:
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
    return Input(Path(f"{name.partition(':')[0]}.json"), _text(done.stdout, name))


def _python() -> str:
    """The Python of the active environment, else of ``.venv`` here, else the running one."""
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
    return refuse("unreadable", reason, Location(name), hint)
