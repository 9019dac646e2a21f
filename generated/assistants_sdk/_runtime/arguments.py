"""What methods take as keywords: for type checkers alone, so that nobody loads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypedDict

from .omit import Omit
from .options import RequestOptions, Timeout

if TYPE_CHECKING:
    from .settings import AsyncCredential, Credential

__all__ = ["AsyncClientOptions", "ClientOptions", "Inputs"]


class _SharedOptions(TypedDict, total=False):
    base_url: str
    timeout: float | Timeout | None
    max_retries: int
    default_headers: Mapping[str, str | Omit]
    default_query: Mapping[str, object]
    strict: bool


class ClientOptions(_SharedOptions, total=False):
    """What ``with_options`` of a client can change; see the client's own arguments."""

    api_key: Credential


class AsyncClientOptions(_SharedOptions, total=False):
    """What ``with_options`` of an async client can change; see the client's own arguments."""

    api_key: AsyncCredential


class Inputs(TypedDict, total=False):
    """What the methods of a session take besides the operation; see ``Call``."""

    path: Mapping[str, object]
    query: Mapping[str, object]
    headers: Mapping[str, object]
    cookies: Mapping[str, object]
    body: object
    options: RequestOptions
