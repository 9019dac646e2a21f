"""Collects the input of `specloom add`: a curl command, recordings, samples of bodies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path

from specloom.authoring.curl import read_curl
from specloom.authoring.exchange import JSON, Body, Exchange, refuse
from specloom.authoring.recordings import read_json, read_recordings
from specloom.errors import Location


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was given. `curl` is text that came from `curl_from`; `method` and `path` may be empty.

    `requests` and `responses` are files of JSON, `status` is that of the latter.
    """

    method: str = ""
    path: str = ""
    curl: str | None = None
    curl_from: str = "--curl"
    recordings: tuple[Path, ...] = ()
    requests: tuple[Path, ...] = ()
    responses: tuple[Path, ...] = ()
    status: int = 200

    def exchanges(self) -> list[Exchange]:
        """The exchanges that it comes to, at least one.

        Raises SpecError for what cannot be read, and if nothing is of `method`.
        """
        found = read_recordings(self.recordings)
        if self.curl is not None:
            found.append(read_curl(self.curl, Location(self.curl_from, 1, 1)))
        if self.path and not found:
            found.append(Exchange(self.method.upper(), self.path, Location("PATH", 1, 1)))
        fitting = [one for one in found if not self.method or one.method == self.method.upper()]
        if not fitting:
            place = found[0].place if found else Location(str(self.recordings[0]), 1, 1)
            methods = ", ".join(dict.fromkeys(one.method for one in found)) or "none"
            message = f"there is no {self.method.upper() or 'exchange'}; seen: {methods}"
            raise refuse("bad-sample", message, place)
        return self._with_samples(fitting)

    def _with_samples(self, exchanges: Sequence[Exchange]) -> list[Exchange]:
        """The exchanges with the samples put in; one too many gets an exchange like the first."""
        like_first = replace(exchanges[0], request=None, response=None)
        pairs = zip_longest(exchanges, self.requests, self.responses)
        return [self._filled(one or like_first, sent, got) for one, sent, got in pairs]

    def _filled(self, exchange: Exchange, sent: Path | None, got: Path | None) -> Exchange:
        if sent is not None:
            exchange = replace(exchange, request=Body(JSON, read_json(sent)))
        if got is not None:
            body, place = Body(JSON, read_json(got)), Location(got.as_posix(), 1, 1)
            return replace(exchange, response=body, status=self.status, name=got.stem, place=place)
        is_unknown = exchange.response is None and not self.recordings
        return replace(exchange, status=self.status) if is_unknown else exchange
