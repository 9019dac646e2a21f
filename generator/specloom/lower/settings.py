"""What the description says of the SDK as a whole: x-sdk at the root, and security."""

from __future__ import annotations

from typing import Any

from specloom import ir
from specloom.description.node import Node
from specloom.description.references import follow


def settings_of(root: Node) -> ir.Settings:
    """What x-sdk says; empty where it names nothing: ``naming`` takes names from the title then."""
    sdk: dict[str, Any] = root.value.get("x-sdk") or {}
    environment = sdk.get("environment") or {}
    return ir.Settings(
        package=sdk.get("package") or "",
        client=sdk.get("client") or "",
        version=str(sdk.get("version") or "0.1.0"),
        api_key_environment=tuple(environment.get("api_key") or ()),
        base_url_environment=tuple(environment.get("base_url") or ()),
        log_environment=sdk.get("log_environment") or None,
        idempotency_header=sdk.get("idempotency_header"),
        headers=tuple((sdk.get("headers") or {}).items()),
        error_pointers=tuple((sdk.get("errors") or {}).items()),
        mixin=(sdk.get("mixins") or {}).get("client") or "",
    )


def security_schemes_of(root: Node) -> tuple[ir.SecurityScheme, ...]:
    """The schemes a client can satisfy by itself; mutual TLS is the transport's affair."""
    components = root.get("components")
    schemes = components.get("securitySchemes") if components else None
    lowered = [_scheme(key, node) for key, node in (schemes.items() if schemes else ())]
    return tuple(scheme for scheme in lowered if scheme is not None)


def _scheme(key: str, declared: Node) -> ir.SecurityScheme | None:
    # A reference that leads to nothing is the only one that checks.py lets pass: no scheme then.
    node = Node(declared.document, *follow(declared.document, declared.pointer, declared.value))
    kind, description = node.text("type"), node.text("description")
    if kind == "apiKey" and node.text("in") in ("header", "query", "cookie"):
        location: Any = node.text("in")
        return ir.SecurityScheme(
            key, node.pointer, "apiKey", location, node.text("name"), description
        )
    if kind == "http" and node.text("scheme").lower() == "basic":
        return ir.SecurityScheme(key, node.pointer, "basic", description=description)
    if kind in ("http", "oauth2", "openIdConnect"):
        return ir.SecurityScheme(key, node.pointer, "bearer", description=description)
    return None


def requirements_of(node: Node, known: frozenset[str]) -> tuple[tuple[str, ...], ...] | None:
    """``security`` as alternatives of scheme names; None where the key is absent."""
    security = node.get("security")
    if security is None or not isinstance(security.value, list):
        return None
    alternatives = [
        tuple(entry.value) for entry in security.entries() if isinstance(entry.value, dict)
    ]
    return tuple(entry for entry in alternatives if all(name in known for name in entry))
