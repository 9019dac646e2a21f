"""Reads the settings of the SDK: x-sdk at the root, and security."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from specloom import ir
from specloom.description.node import Node
from specloom.description.references import find_or_none, follow
from specloom.description.tree import child
from specloom.ir import OLDEST_PYTHON

if TYPE_CHECKING:
    from specloom.errors import Problems


# Common names of licenses, without case and punctuation, and their SPDX ids.
_LICENSES = {
    "mitlicense": "MIT",
    "themitlicense": "MIT",
    "apache2": "Apache-2.0",
    "apachelicense20": "Apache-2.0",
    "apachelicense2": "Apache-2.0",
    "apachelicenseversion20": "Apache-2.0",
    "apachesoftwarelicense20": "Apache-2.0",
    "apache20license": "Apache-2.0",
    "bsd3clauselicense": "BSD-3-Clause",
    "bsd2clauselicense": "BSD-2-Clause",
    "isclicense": "ISC",
    "mozillapubliclicense20": "MPL-2.0",
    "mpl2": "MPL-2.0",
    "creativecommonsattribution40international": "CC-BY-4.0",
}
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_URL = re.compile(r"https?://[!-~]+")


def project_of(root: Node, problems: Problems) -> ir.Project:
    """The metadata of the distribution. Values in x-sdk that installers refuse are errors."""
    sdk = root.value.get("x-sdk")
    project: dict[str, Any] = (sdk.get("project") if isinstance(sdk, dict) else None) or {}
    info = root.get("info")
    checks = _Checks(child(root.pointer, "x-sdk", "project"), problems)
    checks.license(project)
    checks.python(project)
    checks.dependencies(project)
    authors = [(one.get("name", ""), one.get("email", "")) for one in project.get("authors") or ()]
    contact = info.get("contact") if info else None
    license_node = info.get("license") if info else None
    return ir.Project(
        name=project.get("name") or "",
        authors=tuple(authors or _contact(contact)),
        license=(
            _known_license(project["license"]) or project["license"]
            if project.get("license")
            else _license(license_node)
        ),
        keywords=tuple(project.get("keywords") or ()),
        classifiers=tuple(project.get("classifiers") or ()),
        urls=tuple((_urls(root, contact) | (project.get("urls") or {})).items()),
        python=project.get("python") or "",
        dependencies=tuple((project.get("dependencies") or {}).items()),
    )


def _contact(contact: Node | None) -> list[tuple[str, str]]:
    """`info.contact` as an author. Package indexes refuse an address that is not a plain email."""
    if contact is None:
        return []
    email = contact.text("email")
    found = (" ".join(contact.text("name").split()), email if _EMAIL.fullmatch(email) else "")
    return [found] if any(found) else []


def _urls(root: Node, contact: Node | None) -> dict[str, str]:
    """Links from `externalDocs`, `info.contact` and the first of `servers`, by label."""
    docs, servers = root.get("externalDocs"), root.get("servers")
    first = next(servers.entries(), None) if servers else None
    server = first.text("url") if first else ""
    found = {
        "Documentation": docs.text("url") if docs else "",
        "Contact": contact.text("url") if contact else "",
        # Readers of a package index cannot open an address without TLS or with variables.
        "API": server if server.startswith("https:") and "{" not in server else "",
    }
    return {label: url for label, url in found.items() if _URL.fullmatch(url)}


def _license(node: Node | None) -> str:
    """`info.license` as an SPDX expression; empty if it names none."""
    if node is None:
        return ""
    return _known_license(node.text("identifier")) or _known_license(node.text("name"))


def _known_license(text: str) -> str:
    """The SPDX expression of `text`, also by a common name; empty if there is none."""
    plain = re.sub(r"[^a-z0-9]", "", text.lower())
    try:
        return str(
            canonicalize_license_expression(_LICENSES.get(plain, text.replace(" 2.0", "-2.0")))
        )
    except InvalidLicenseExpression:
        return ""


class _Checks:
    """Reports faults that the schema of x-sdk cannot express."""

    def __init__(self, place: str, problems: Problems) -> None:
        self._place = place
        self._problems = problems

    def _error(self, message: str, hint: str, *path: str) -> None:
        self._problems.error("bad-x-sdk", message, child(self._place, *path), hint)

    def license(self, project: dict[str, Any]) -> None:
        text = project.get("license")
        if text and not _known_license(text):
            hint = "examples: MIT, Apache-2.0, LicenseRef-Proprietary; see spdx.org/licenses"
            self._error(f"{text!r} is not an SPDX license expression", hint, "license")
        for index, one in enumerate(project.get("classifiers") or ()):
            if one.startswith("License ::"):
                hint = "write 'license', an SPDX expression: package indexes refuse both (PEP 639)"
                self._error(
                    "a classifier cannot state the license", hint, "classifiers", str(index)
                )

    def python(self, project: dict[str, Any]) -> None:
        text = project.get("python")
        found = self._specifiers(text, "python") if text else None
        if found is not None and any(
            found.contains(f"3.{minor}") for minor in range(OLDEST_PYTHON)
        ):
            message = f"{text!r} allows a Python older than 3.{OLDEST_PYTHON}, which the SDK needs"
            self._error(message, f'for example ">=3.{OLDEST_PYTHON}"', "python")

    def dependencies(self, project: dict[str, Any]) -> None:
        for name, text in (project.get("dependencies") or {}).items():
            self._specifiers(text, "dependencies", name)

    def _specifiers(self, text: str, *path: str) -> SpecifierSet | None:
        try:
            return SpecifierSet(text)
        except InvalidSpecifier:
            self._error(f"{text!r} is not a version specifier", 'for example ">=2.1,<3"', *path)
            return None


def settings_of(root: Node, problems: Problems) -> ir.Settings:
    """The settings in x-sdk. Missing names are empty: ``naming`` derives them from the title."""
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
        accept=sdk.get("accept") or "",
        headers=tuple((sdk.get("headers") or {}).items()),
        error_pointers=tuple((sdk.get("errors") or {}).items()),
        mixin=(sdk.get("mixins") or {}).get("client") or "",
        client_arguments=client_arguments_of(sdk),
        timeout=timeout_of(sdk),
        max_retries=None if sdk.get("max_retries") is None else int(sdk["max_retries"]),
        retries=retries_of(sdk),
        project=project_of(root, problems),
        readme=_readme(sdk.get("readme")),
    )


def _readme(said: dict[str, Any] | None) -> ir.Readme | None:
    if not said:
        return None
    return ir.Readme(str(said.get("operation")), tuple((said.get("arguments") or {}).items()))


# The registered spellings; some servers depend on them (RFC 9110 §11.1).
_REGISTERED = {
    name.lower(): name
    for name in (
        "Concealed Digest DPoP GNAP HOBA Mutual Negotiate OAuth PrivateToken SCRAM-SHA-1"
        " SCRAM-SHA-256 vapid"
    ).split()
}


@dataclass(frozen=True, slots=True)
class Security:
    """The schemes that a client can use.

    ``elsewhere`` names the schemes of the connection: mutual TLS. ``pointers`` are the places of
    all schemes, because OpenAPI 3.2 lets requirements name them by URI.
    """

    schemes: tuple[ir.SecurityScheme, ...]
    elsewhere: frozenset[str]
    pointers: dict[str, str]

    def requirements(self, node: Node) -> tuple[tuple[str, ...], ...] | None:
        """``security`` as alternatives of scheme names; None if the key is absent.

        Requirements that the client cannot satisfy are left out.
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

    def given_by_client(
        self,
        parameters: tuple[ir.Parameter, ...],
        own: tuple[tuple[str, ...], ...] | None,
        shared: tuple[tuple[str, ...], ...] | None,
    ) -> tuple[tuple[ir.Parameter, ...], tuple[tuple[str, ...], ...] | None]:
        """Parameters without those that are credentials of the client, and the security with them.

        Frameworks write an ``X-API-Key`` parameter beside its scheme. Without any ``security``, the
        parameter says that an operation needs the credential; otherwise the security must name it.
        """
        security = shared if own is None else own
        named = {name for alternative in security or () for name in alternative}
        schemes = [one for one in self.schemes if security is None or one.key in named]
        keys = {_sent_in(one): one.key for one in reversed(schemes) if one.location}
        found = [(one, keys.get(_sent_in(one))) for one in parameters]
        given = {key: one.required for one, key in found if key is not None}
        if given and security is None:
            needed = tuple(key for key, is_required in given.items() if is_required)
            own = tuple(dict.fromkeys((tuple(given), needed)))
        return tuple(one for one, key in found if key is None), own

    def _key(self, name: str, entry: Node) -> str:
        if "/" not in name or name in self.pointers.values():
            return name
        found = find_or_none(entry.document, name, entry.pointer)
        return self.pointers.get(found[0], name) if found else name


def _sent_in(one: ir.Parameter | ir.SecurityScheme) -> tuple[str | None, str]:
    """The place of a value in a request; the case of headers does not matter."""
    name = one.wire_name or ""
    return one.location, name.lower() if one.location == "header" else name


def security_of(root: Node, problems: Problems) -> Security:
    """The security schemes of a description; unsupported ones are warnings."""
    schemes: list[ir.SecurityScheme] = []
    elsewhere: set[str] = set()
    pointers: dict[str, str] = {}
    oauth = (root.value.get("x-sdk") or {}).get("oauth") or {}
    for key, entry in root.items_of("components", "securitySchemes"):
        # The checks allow a broken reference here: it counts as no scheme.
        node = Node(entry.document, *follow(entry.document, entry.pointer, entry.value))
        pointers[entry.pointer] = key
        if node.ref is not None:
            continue
        scheme = _scheme(key, node, oauth)
        if node.text("type") == "mutualTLS":
            elsewhere.add(key)
        elif scheme is not None:
            schemes.append(_with_arguments(scheme, node, problems))
            _warn(scheme, problems)
        else:
            message = f"the SDK cannot send what the security scheme {key!r} asks for"
            hint = "'type' is apiKey (with 'in' and 'name'), http, mutualTLS, oauth2, openIdConnect"
            problems.warning("unsupported-security-scheme", message, node.pointer, hint)
    return Security(tuple(schemes), frozenset(elsewhere), pointers)


def _scheme(key: str, node: Node, oauth: Mapping[str, Any]) -> ir.SecurityScheme | None:
    kind, description = node.text("type"), node.text("description")
    is_sent = node.text("name") and node.text("in") in ("header", "query", "cookie")
    if kind == "apiKey" and is_sent:
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


def _with_arguments(scheme: ir.SecurityScheme, node: Node, problems: Problems) -> ir.SecurityScheme:
    """The scheme with the arguments and the environment variables from x-sdk."""
    sdk: dict[str, Any] = node.value.get("x-sdk") or {}
    pair = [sdk[key] for key in ("username", "password") if key in sdk]
    given = pair or ([sdk] if sdk else [])
    names = tuple(one["argument"] for one in given if one.get("argument"))
    fault = ""
    if pair and (len(pair) == 1 or scheme.kind != "basic" or "argument" in sdk):
        fault = "'username' and 'password' belong together, to a scheme of the kind 'basic'"
    elif not pair and sdk.get("environment") and (scheme.kind == "basic" or not names):
        fault = "'environment' needs an 'argument' that takes one text"
    if fault:
        problems.error("bad-x-sdk", fault, child(node.pointer, "x-sdk"))
        return scheme
    variables = tuple(tuple(one.get("environment") or ()) for one in given)
    is_used = any(variables) or bool(pair)
    return replace(scheme, arguments=names, variables=variables if is_used else ())


# The flow that provides the endpoint: client credentials, else one that begins with a login.
_FLOWS = ("clientCredentials", "deviceAuthorization", "authorizationCode", "password")


def _flows(node: Node, sdk: Mapping[str, Any]) -> ir.OAuthFlows:
    """The token endpoints of ``oauth2``; those of ``openIdConnect`` are unknown."""
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
        scopes=tuple((name, str(text)) for name, text in (scopes.value if scopes else {}).items()),
        authentication=sdk.get("authentication") or "basic",
        parameters=tuple((sdk.get("parameters") or {}).items()),
    )


def _warn(scheme: ir.SecurityScheme, problems: Problems) -> None:
    if scheme.kind != "http":
        return
    name = scheme.wire_name
    message = (
        f"the SDK sends 'Authorization: {name} …' with the caller's value, and does nothing else"
    )
    hint = f"it does not answer challenges; for {name}, pass an http_client that supports it"
    problems.warning("unsupported-security-scheme", message, f"{scheme.pointer}/scheme", hint)


def client_arguments_of(sdk: Mapping[str, Any]) -> tuple[ir.ClientArgument, ...]:
    """The further arguments of the client."""
    given: Mapping[str, Mapping[str, Any]] = sdk.get("client_arguments") or {}
    return tuple(
        ir.ClientArgument(
            name=name,
            location=one.get("in"),
            wire_name=(one.get("name") or name) if one.get("in") else "",
            type=one.get("type") or "string",
            environment=tuple(one.get("environment") or ()),
            default=one.get("default"),
            required=one.get("required") is True,
            description=one.get("description") or "",
        )
        for name, one in given.items()
    )


def timeout_of(sdk: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    """The arguments of the default ``Timeout``; empty without one."""
    said = sdk.get("timeout")
    if said is None:
        return ()
    phases = said if isinstance(said, dict) else {"timeout": said}
    return tuple((name, float(seconds)) for name, seconds in phases.items())


def retries_of(sdk: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    """The arguments of the default ``Retries``; empty without any."""
    said: Mapping[str, Any] = sdk.get("retries") or {}
    return tuple(
        (name, tuple(value) if isinstance(value, list) else value) for name, value in said.items()
    )
