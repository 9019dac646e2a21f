"""Parses a curl command from documentation or a browser into an exchange."""

from __future__ import annotations

import argparse
import base64
import json
import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import parse_qsl, quote, urlencode

from specloom.authoring.exchange import (
    FORMS,
    JSON,
    MULTIPART,
    URL_ENCODED,
    Body,
    Exchange,
    FilePart,
    Pairs,
    body_of,
    form,
    split_url,
)
from specloom.authoring.secrets import secrets_in
from specloom.errors import Location, refuse
from specloom.runtime.media_types import kind_of

_HINT = "give it in one pair of quotes, or on standard input: --curl -"


def read_curl(text: str, place: Location) -> Exchange:
    """The request of a curl command; its response is not known.

    `place` is the source of the text. Raises SpecError if the text is not a curl command.
    """
    text, stdin = _without_here_document(_without_comments(text))
    words = _words(text, place)
    if not words or not re.fullmatch(r"(?:.*[/\\])?curl(?:\.exe)?", words[0], re.DOTALL):
        raise refuse("bad-curl", "the command does not begin with 'curl'", place, _HINT)
    try:
        options = _parser().parse_args(_joined(words[1:]))
    except _WrongOptionError as error:
        raise refuse("bad-curl", str(error), place) from None
    url = options.url or next(iter(options.addresses), None)
    if not url:
        raise refuse("bad-curl", "the command has no URL", place)
    return _Command(options, place, stdin).exchange(url)


def _without_comments(text: str) -> str:
    """The text without the comment lines of a shell before the command."""
    return re.sub(r"\A(?:\s*#[^\n]*\n)+", "", text)


_HERE_DOCUMENT = re.compile(
    r"<<-?\s*(['\"]?)(?P<end>\w+)\1(?P<rest>[^\n]*)\n(?P<text>.*?)\n?^\s*(?P=end)\s*$",
    re.DOTALL | re.MULTILINE,
)


def _without_here_document(text: str) -> tuple[str, str | None]:
    """The command without its here-document (POSIX Shell, section 2.7.4), and the document."""
    found = _HERE_DOCUMENT.search(text)
    if found is None:
        return text, None
    return text[: found.start()] + found["rest"] + text[found.end() :], found["text"]


def _words(text: str, place: Location) -> list[str]:
    """The words of a command line of a POSIX shell, PowerShell, or cmd on Windows."""
    text = text.strip().removeprefix("$ ")
    if re.search(r"\^[\"\n\r]", text):
        text = re.sub(r"\^(\r?\n|.)", lambda match: match[1].strip("\r\n"), text)
    text = re.sub(r"[\\`][ \t]*\r?\n", " ", text)
    # bash's $'…', in which browsers copy text with quotes and line breaks.
    text = re.sub(r"\$'((?:[^'\\]|\\.)*)'", lambda match: shlex.quote(_unescaped(match[1])), text)
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise refuse("bad-curl", f"the quotes do not match: {error}", place, _HINT) from None
    end = next((n for n, word in enumerate(words) if _ENDS.fullmatch(word)), None)
    return words[:end]


# A pipe, a list, a redirection or a comment ends the command.
_ENDS = re.compile(r"\||;|&&|\d?>>?.*|#.*", re.DOTALL)


_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "'": "'", '"': '"', "\\": "\\", "!": "!"}


def _unescaped(text: str) -> str:
    def replace(match: re.Match[str]) -> str:
        code = match[1]
        return chr(int(code[1:], 16)) if code[0] in "ux" and len(code) > 1 else _ESCAPES[code]

    return re.sub(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[ntr'\"\\!])", replace, text)


class _WrongOptionError(Exception):
    """An error that argparse would end the program for."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _WrongOptionError(message)


_DATA = ("-d", "--data", "--data-ascii", "--data-raw", "--data-binary")
# Options without meaning for the API: how the command connects and what it prints.
_FLAGS = (
    "--compressed --fail -f --globoff -g --http1.0 --http1.1 --http2 --include -i --insecure -k"
    " --ipv4 -4 --ipv6 -6 --location -L --no-buffer -N --no-progress-meter --path-as-is"
    " --show-error -S --silent -s --verbose -v --fail-with-body --progress-bar -# --tcp-nodelay"
    " --basic --digest --location-trusted --http2-prior-knowledge --http3 --ssl-no-revoke"
).split()
_VALUES = (
    "--connect-timeout --max-time -m --output -o --proxy -x --retry --retry-delay --write-out -w"
    " --cacert --cert -E --key --cookie-jar -c --resolve --limit-rate --interface --dump-header -D"
    " --retry-max-time --proxy-user --ciphers --tls-max --range -r --noproxy"
).split()


def _parser() -> _Parser:
    parser = _Parser(prog="curl", add_help=False, allow_abbrev=False)
    parser.add_argument("addresses", nargs="*")
    parser.add_argument("--url")
    parser.add_argument("-X", "--request", dest="method")
    parser.add_argument("-H", "--header", dest="headers", action="append", default=[])
    parser.add_argument(*_DATA, dest="data", action="append", default=[])
    parser.add_argument("--data-urlencode", dest="encoded", action="append", default=[])
    parser.add_argument("--json", dest="json", action="append", default=[])
    parser.add_argument("-F", "--form", dest="form", action="append", default=[])
    parser.add_argument("--form-string", dest="form", action="append")
    parser.add_argument("--url-query", dest="query", action="append", default=[])
    parser.add_argument("-u", "--user")
    parser.add_argument("--oauth2-bearer", dest="bearer")
    parser.add_argument("-b", "--cookie", dest="cookies", action="append", default=[])
    parser.add_argument("-A", "--user-agent")
    parser.add_argument("-e", "--referer")
    parser.add_argument("-G", "--get", action="store_true")
    parser.add_argument("-I", "--head", action="store_true")
    parser.add_argument("-T", "--upload-file", dest="upload")
    parser.add_argument(*_VALUES, dest="ignored_values", action="append")
    parser.add_argument(*_FLAGS, dest="ignored_flags", action="count")
    return parser


def _joined(words: list[str]) -> list[str]:
    """The words. A value that begins with a dash is joined to its option, for argparse."""
    taking = {*_DATA, "-H", "-F", "--header", "--form", "--json", "--data-urlencode"}
    joined: list[str] = []
    for previous, word in zip(["", *words], words, strict=False):
        if previous in taking and word.startswith("-"):
            joined[-1] += f"={word}" if previous.startswith("--") else word
        else:
            joined.append(word)
    return joined


@dataclass(frozen=True, slots=True)
class _Command:
    """A parsed curl command."""

    options: Any
    place: Location
    stdin: str | None = None

    def exchange(self, url: str) -> Exchange:
        """The request of the command (see curl's manual for the options)."""
        origin, path, query = split_url(url if "://" in url else f"{_scheme(url)}://{url}")
        query += tuple(pair for text in self.options.query for pair in _query(text))
        headers = tuple(self._headers())
        if self.options.get:
            query += tuple(_query("&".join(self._data())))
        return Exchange(
            method=self._method(),
            path=path,
            place=self.place,
            origin=origin,
            query=query,
            headers=headers,
            request=None if self.options.get else self._checked_body(headers),
            secrets=secrets_in((*headers, *self._credentials()), query),
        )

    def _method(self) -> str:
        options = self.options
        if options.method:
            return str(options.method).upper()
        if options.head:
            return "HEAD"
        if options.upload:
            return "PUT"
        sends = options.json or options.form or options.data or options.encoded
        return "POST" if sends and not options.get else "GET"

    def _headers(self) -> list[tuple[str, str]]:
        named = [text.partition(":")[::2] for text in self.options.headers]
        headers = [(name.strip(), value.strip()) for name, value in named]
        if self.options.user:
            encoded = base64.b64encode(self.options.user.encode()).decode()
            headers.append(("Authorization", f"Basic {encoded}"))
        if self.options.bearer:
            headers.append(("Authorization", f"Bearer {self.options.bearer}"))
        headers += [("Cookie", text) for text in self.options.cookies]
        return headers

    def _credentials(self) -> Pairs:
        """The secret parts of `--user`."""
        user = self.options.user or ""
        return tuple(("secret", part) for part in (user, *user.split(":")) if part)

    def _data(self) -> list[str]:
        plain = [self._read(text) for text in self.options.data]
        return [*plain, *(_encoded(text) for text in self.options.encoded)]

    def _read(self, data: str) -> str:
        """The data of an option: its value, or the content of the file for `@file`."""
        if not data.startswith("@"):
            return data
        if data == "@-" and self.stdin is not None:
            return self.stdin
        try:
            return Path(data[1:]).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            message = f"the file with the body, {data[1:]!r}, cannot be read"
            raise refuse(
                "bad-curl", message, self.place, "run specloom in the folder of the file"
            ) from None

    def _checked_body(self, headers: Pairs) -> Body | None:
        named = {name.lower(): value for name, value in headers}
        content_type = named.get("content-type", "")
        body = self._body(content_type)
        is_json = kind_of(content_type or "text/plain") == "json"
        if body is not None and is_json and not body.is_structured:
            message = "the Content-Type is JSON, but the body is not"
            raise refuse("bad-curl", message, self.place)
        return body

    def _body(self, content_type: str) -> Body | None:
        options = self.options
        if options.form:
            return Body(MULTIPART, form(_part(text) for text in options.form))
        if options.json:
            return body_of("".join(map(self._read, options.json)), content_type or JSON)
        if options.upload:
            return Body(content_type or "application/octet-stream")
        if _is_file(options.data, content_type):
            return Body(content_type)
        data = "&".join(self._data())
        if not data:
            return None
        # Without a content type, curl sends data as a form. People often forget it for JSON.
        is_json = not content_type and data.lstrip().startswith(("{", "["))
        return body_of(data, JSON if is_json else content_type or URL_ENCODED)


def _scheme(url: str) -> str:
    """The scheme of an address without one: `http` for this machine, else `https`."""
    return "http" if re.match(r"(?:localhost|127\.|\[::1\])", url) else "https"


def _is_file(data: list[str], content_type: str) -> bool:
    """Whether the body is one file of a type that no schema describes: an image, an archive."""
    is_described = kind_of(content_type or URL_ENCODED) == "json" or content_type in ("", *FORMS)
    return len(data) == 1 and data[0].startswith("@") and not is_described


def _query(text: str) -> list[tuple[str, str]]:
    return parse_qsl(text.lstrip("+&"), keep_blank_values=True)


def _encoded(text: str) -> str:
    """`--data-urlencode`: `name=content`, or content alone."""
    name, equals, value = text.partition("=")
    return urlencode({name: value}) if equals and name else quote(value if equals else text)


def _part(text: str) -> tuple[str, Any]:
    """A `-F` part: `name=@file`, or `name=value` with `;type=` behind it."""
    name, _, value = text.partition("=")
    if value.startswith(("@", "<")):
        return name, FilePart()
    value, _, options = value.partition(";type=")
    if options.startswith(JSON):
        try:
            return name, json.loads(value)
        except ValueError:
            return name, value
    return name, value
