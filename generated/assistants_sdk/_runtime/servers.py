"""The server of a call: the caller's choice, else the environment, else the SDK's default."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urljoin

from .api.info import SdkInfo
from .api.server import ApiServer
from .checks import has_host
from .errors import ConfigurationError

__all__ = ["ServerChoice", "address_of", "checked_base_url", "first_set"]


class ServerChoice(NamedTuple):
    """The caller's choice.

    Attributes:
        base_url: Takes the place of every server; ``None`` if nothing was given.
        name: The name of a server; ``None`` for the first.
        variables: Values of the servers' variables, by the client's arguments.
    """

    base_url: str | None = None
    name: str | None = None
    variables: Mapping[str, str | None] = {}

    def or_environment(self, info: SdkInfo) -> ServerChoice:
        """The base URL of the environment counts if the caller chose nothing."""
        if self.base_url or self.name or any(self.variables.values()):
            return self
        return self._replace(base_url=first_set(info.environment.base_url))

    def changed(self, given: Mapping[str, Any]) -> ServerChoice:
        """The choice after some arguments of the client. The newest choice counts.

        Args:
            given: ``base_url``, ``server`` and variables of servers, as far as they are given.
        """
        variables = {**self.variables, **{k: given[k] for k in given if k in self.variables}}
        name = given.get("server", self.name)
        return ServerChoice(given.get("base_url"), name, variables)

    def base_url_of(self, info: SdkInfo) -> str:
        """The base URL of a client.

        Raises:
            ConfigurationError: There is no server, or the chosen one does not exist.
        """
        if self.name is not None and self.name not in info.servers:
            raise ConfigurationError(_unknown("server", self.name, info.servers))
        if self.base_url or not info.servers:
            return checked_base_url(self.base_url or info.base_url)
        return checked_base_url(_filled(self.among(info.servers), self.variables))

    def among(self, servers: Mapping[str, ApiServer]) -> ApiServer:
        """The chosen server; the first where none, or none of these, was chosen."""
        return servers.get(self.name or "") or next(iter(servers.values()))


def address_of(choice: ServerChoice, servers: Mapping[str, ApiServer], base_url: str) -> str:
    """The base URL of an operation with its own servers.

    A relative one is below the host of the client's base URL.
    """
    url = _filled(choice.among(servers), choice.variables)
    if not url.startswith(("http://", "https://")):
        return urljoin(f"{base_url}/", url).rstrip("/")
    return base_url if choice.base_url else checked_base_url(url)


def checked_base_url(url: Any) -> str:
    """The URL without a slash at its end.

    Raises:
        ConfigurationError: It is missing, not absolute, or has a query.
    """
    if url and not isinstance(url, str):
        raise ConfigurationError(f"Expected base_url to be text, not {type(url).__name__}")
    if not url or url.startswith("/"):
        known = f", which ends in {url}" if url else ""
        raise ConfigurationError(f"No server: pass base_url{known}")
    if not url.startswith(("http://", "https://")) or "?" in url or "#" in url:
        raise ConfigurationError(
            "base_url must begin with http:// or https:// and have no query or fragment"
        )
    if not has_host(url):
        raise ConfigurationError("base_url must have a valid host, and a port from 1 to 65535")
    text: str = url
    return text.rstrip("/")


def _filled(server: ApiServer, chosen: Mapping[str, str | None]) -> str:
    url = server.url
    for name, variable in server.variables.items():
        value = chosen.get(variable.argument)
        value = variable.default if value is None else str(value)
        if value is None:
            raise ConfigurationError(f"No server: pass {variable.argument}, or base_url")
        if variable.values and value not in variable.values:
            raise ConfigurationError(_unknown(variable.argument, value, variable.values))
        url = url.replace(f"{{{name}}}", value)
    return url


def _unknown(argument: str, value: str, known: Collection[str]) -> str:
    from difflib import get_close_matches  # not loaded with the client

    close = get_close_matches(value, known, 1)
    hint = f"did you mean {close[0]!r}?" if close else f"expected {' or '.join(map(repr, known))}"
    return f"No {argument} {value!r}: {hint}"


def first_set(variables: Iterable[str]) -> str | None:
    """The value of the first environment variable that is set."""
    return next((value for each in variables if (value := os.environ.get(each))), None)
