"""The arguments of the client that take credentials."""

from __future__ import annotations

from specloom import ir
from specloom.ir.words import split_words
from specloom.naming.identifiers import attribute
from specloom.naming.reserved import CLIENT_ARGUMENTS, OAUTH_ARGUMENTS


def credentials(api: ir.Api) -> dict[str, list[ir.SecurityScheme]]:
    """Arguments of the client that take credentials, and the schemes each serves."""
    found: dict[str, list[ir.SecurityScheme]] = {}
    for scheme in api.security_schemes:
        found.setdefault(credential_argument(scheme, api.security_schemes), []).append(scheme)
    return found


def credential_argument(scheme: ir.SecurityScheme, schemes: tuple[ir.SecurityScheme, ...]) -> str:
    """``api_key`` for the first key or token; ``basic_auth``; further keys by their own name."""
    if scheme.kind == "basic":
        return "basic_auth"
    keys = [other for other in schemes if other.kind != "basic"]
    if keys[0] is scheme:
        return "api_key"
    taken = CLIENT_ARGUMENTS | OAUTH_ARGUMENTS if takes_client(schemes) else CLIENT_ARGUMENTS
    return attribute(split_words(scheme.key) or ("token",), taken)


def takes_client(schemes: tuple[ir.SecurityScheme, ...]) -> bool:
    """Whether the client takes the id and the secret of an OAuth 2 client."""
    return any(scheme.flows is not None and scheme.flows.takes_client for scheme in schemes)


def has_tokens(schemes: tuple[ir.SecurityScheme, ...]) -> bool:
    """Whether the client takes sources of OAuth 2 tokens."""
    return any(scheme.flows is not None for scheme in schemes)
