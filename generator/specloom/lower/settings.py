"""What the description says of the SDK as a whole: x-sdk at the root, and security."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from specloom import ir
from specloom.description.node import Node
from specloom.description.references import find_or_none, follow
from specloom.lower.client_arguments import client_arguments_of, retries_of, timeout_of
from specloom.lower.project import project_of

if TYPE_CHECKING:
    from specloom.errors import Problems


def settings_of(root: Node, problems: Problems) -> ir.Settings:
    """What x-sdk says; empty where it names nothing: ``naming`` takes names from the title then."""
    sdk: dict[str, Any] = root.value.get("x-sdk") or {}
    environment = sdk.get("environment") or {}
    return ir.Settings(
        package=sdk.get("package") or "",
        client=sdk.get("client") or "",
        version=str(sdk.get("version") or "0.1.0"),
        api_key_environment=tuple(environment.get("api_key") or ()),
        base_url_environment=tuple(environment.get("base_url") or ()),
        client_id_environment=tuple(environment.get("client_id") or ()),
        client_secret_environment=tuple(environment.get("client_secret") or ()),
        log_environment=sdk.get("log_environment") or None,
        idempotency_header=sdk.get("idempotency_header"),
        headers=tuple((sdk.get("headers") or {}).items()),
        error_pointers=tuple((sdk.get("errors") or {}).items()),
        mixin=(sdk.get("mixins") or {}).get("client") or "",
        client_arguments=client_arguments_of(sdk),
        timeout=timeout_of(sdk),
        max_retries=None if sdk.get("max_retries") is None else int(sdk["max_retries"]),
        retries=retries_of(sdk),
        project=project_of(root, problems),
    )


# As the registry of HTTP spells them; servers should not care, and some do (RFC 9110 §11.1).
_REGISTERED = {
    name.lower(): name
    for name in (
        "Concealed Digest DPoP GNAP HOBA Mutual Negotiate OAuth PrivateToken SCRAM-SHA-1"
        " SCRAM-SHA-256 vapid"
    ).split()
}


@dataclass(frozen=True, slots=True)
class Security:
    """The schemes that a client can satisfy by itself.

    ``elsewhere`` names those that the connection satisfies: mutual TLS. ``pointers`` are the places
    of all of them, by which OpenAPI 3.2 lets requirements name them as well.
    """

    schemes: tuple[ir.SecurityScheme, ...]
    elsewhere: frozenset[str]
    pointers: dict[str, str]

    def requirements(self, node: Node) -> tuple[tuple[str, ...], ...] | None:
        """``security`` as alternatives of scheme names; None where the key is absent.

        What the client cannot satisfy is no alternative.
        """
        security = node.get("security")
        if security is None or not isinstance(security.value, list):
            return None
        known = {scheme.key for scheme in self.schemes}
        found: list[tuple[str, ...]] = []
        for entry in security.entries():
            named = [self._key(name, entry) for name in entry.value or ()]
            needed = tuple(name for name in named if name not in self.elsewhere)
            if isinstance(entry.value, dict) and known.issuperset(needed):
                found.append(needed)
        return tuple(dict.fromkeys(found))

    def _key(self, name: str, entry: Node) -> str:
        if "/" not in name or name in self.pointers.values():
            return name
        found = find_or_none(entry.document, name, entry.pointer)
        return self.pointers.get(found[0], name) if found else name


def security_of(root: Node, problems: Problems) -> Security:
    """The security schemes of a description; what cannot be sent as described is a warning."""
    components = root.get("components")
    declared = components.get("securitySchemes") if components else None
    schemes: list[ir.SecurityScheme] = []
    elsewhere: set[str] = set()
    pointers: dict[str, str] = {}
    oauth = (root.value.get("x-sdk") or {}).get("oauth") or {}
    for key, entry in declared.items() if declared else ():
        # A reference that leads to nothing is the only one that checks.py lets pass: no scheme.
        node = Node(entry.document, *follow(entry.document, entry.pointer, entry.value))
        pointers[entry.pointer] = key
        if node.ref is not None:
            continue
        scheme = _scheme(key, node, oauth)
        if node.text("type") == "mutualTLS":
            elsewhere.add(key)
        elif scheme is not None:
            schemes.append(scheme)
            _warn(scheme, problems)
        else:
            message = f"the SDK cannot send what the security scheme {key!r} asks for"
            hint = "'type' is apiKey, http, mutualTLS, oauth2 or openIdConnect; an apiKey has 'in'"
            problems.warning("unsupported-security-scheme", message, node.pointer, hint)
    return Security(tuple(schemes), frozenset(elsewhere), pointers)


def _scheme(key: str, node: Node, oauth: Mapping[str, Any]) -> ir.SecurityScheme | None:
    kind, description = node.text("type"), node.text("description")
    if kind == "apiKey" and node.text("in") in ("header", "query", "cookie"):
        location: Any = node.text("in")
        return ir.SecurityScheme(
            key, node.pointer, "apiKey", location, node.text("name"), description
        )
    if kind == "http" and node.text("scheme").lower() not in ("", "bearer", "basic"):
        name = _REGISTERED.get(node.text("scheme").lower(), node.text("scheme"))
        return ir.SecurityScheme(key, node.pointer, "http", None, name, description)
    if kind == "http" and node.text("scheme").lower() == "basic":
        return ir.SecurityScheme(key, node.pointer, "basic", description=description)
    if kind in ("http", "oauth2", "openIdConnect"):
        flows = None if kind == "http" else _flows(node, oauth)
        return ir.SecurityScheme(key, node.pointer, "bearer", description=description, flows=flows)
    return None


# The flow whose endpoint counts: a program's own, else one that a caller's login may have used.
_FLOWS = ("clientCredentials", "deviceAuthorization", "authorizationCode", "password")


def _flows(node: Node, sdk: Mapping[str, Any]) -> ir.OAuthFlows:
    """Where tokens of ``oauth2`` come from; the endpoints are unknown for ``openIdConnect``."""
    found = node.get("flows")
    flows = {name: flow for name in _FLOWS if found and (flow := found.get(name))}
    chosen = [flow for flow in flows.values() if flow.text("tokenUrl")]
    if not chosen:
        return ir.OAuthFlows()
    scopes = chosen[0].get("scopes")
    return ir.OAuthFlows(
        token_url=chosen[0].text("tokenUrl"),
        refresh_url=next((url for flow in flows.values() if (url := flow.text("refreshUrl"))), ""),
        takes_client="clientCredentials" in flows,
        scopes=tuple((name, str(told)) for name, told in (scopes.value if scopes else {}).items()),
        authentication=sdk.get("authentication") or "basic",
        parameters=tuple((sdk.get("parameters") or {}).items()),
    )


def _warn(scheme: ir.SecurityScheme, problems: Problems) -> None:
    if scheme.kind != "http":
        return
    name = scheme.wire_name
    message = f"the SDK sends 'Authorization: {name} …' as the caller gives it, and does no more"
    hint = f"it answers no challenge; an http_client of the caller's may do {name} instead"
    problems.warning("unsupported-security-scheme", message, f"{scheme.pointer}/scheme", hint)
