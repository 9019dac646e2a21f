"""The metadata of the SDK's distribution: `x-sdk.project`, else `info` and `externalDocs`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from specloom import ir
from specloom.description.node import Node
from specloom.description.tree import child
from specloom.ir.project import OLDEST_PYTHON

if TYPE_CHECKING:
    from specloom.errors import Problems


# Names that descriptions give to licenses, without case and punctuation, and their SPDX id.
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
    """The metadata. What x-sdk says and no installer could read is an error in `problems`."""
    sdk = root.value.get("x-sdk")
    given: dict[str, Any] = (sdk.get("project") if isinstance(sdk, dict) else None) or {}
    info = root.get("info")
    checks = _Checks(child(root.pointer, "x-sdk", "project"), problems)
    checks.license(given)
    checks.python(given)
    checks.dependencies(given)
    authors = [(one.get("name", ""), one.get("email", "")) for one in given.get("authors") or ()]
    contact = info.get("contact") if info else None
    license_node = info.get("license") if info else None
    return ir.Project(
        name=given.get("name") or "",
        authors=tuple(authors or _contact(contact)),
        license=(
            _known_license(given["license"]) or given["license"]
            if given.get("license")
            else _license(license_node)
        ),
        keywords=tuple(given.get("keywords") or ()),
        classifiers=tuple(given.get("classifiers") or ()),
        urls=tuple((_urls(root, contact) | (given.get("urls") or {})).items()),
        python=given.get("python") or "",
        dependencies=tuple((given.get("dependencies") or {}).items()),
    )


def _contact(contact: Node | None) -> list[tuple[str, str]]:
    """`info.contact` as an author. An address that is no plain email would not be accepted."""
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
        # One without TLS or with variables is no address for readers of a package index.
        "API": server if server.startswith("https:") and "{" not in server else "",
    }
    return {label: url for label, url in found.items() if _URL.fullmatch(url)}


def _license(node: Node | None) -> str:
    """`info.license` as an SPDX expression; empty if it names none."""
    if node is None:
        return ""
    return _known_license(node.text("identifier")) or _known_license(node.text("name"))


def _known_license(text: str) -> str:
    """The SPDX expression that `text` is or names; empty if there is none."""
    plain = re.sub(r"[^a-z0-9]", "", text.lower())
    try:
        return str(
            canonicalize_license_expression(_LICENSES.get(plain, text.replace(" 2.0", "-2.0")))
        )
    except InvalidLicenseExpression:
        return ""


class _Checks:
    """Notes what the schema of x-sdk cannot express."""

    def __init__(self, place: str, problems: Problems) -> None:
        self._place = place
        self._problems = problems

    def _error(self, message: str, hint: str, *path: str) -> None:
        self._problems.error("bad-x-sdk", message, child(self._place, *path), hint)

    def license(self, given: dict[str, Any]) -> None:
        text = given.get("license")
        if text and not _known_license(text):
            hint = "examples: MIT, Apache-2.0, LicenseRef-Proprietary; see spdx.org/licenses"
            self._error(f"{text!r} is no SPDX license expression", hint, "license")
        for index, one in enumerate(given.get("classifiers") or ()):
            if one.startswith("License ::"):
                hint = "write 'license', an SPDX expression: package indexes refuse both (PEP 639)"
                self._error("a license is no classifier", hint, "classifiers", str(index))

    def python(self, given: dict[str, Any]) -> None:
        text = given.get("python")
        found = self._specifiers(text, "python") if text else None
        if found is not None and any(
            found.contains(f"3.{minor}") for minor in range(OLDEST_PYTHON)
        ):
            message = f"{text!r} allows a Python older than 3.{OLDEST_PYTHON}, which the SDK needs"
            self._error(message, f'for example ">=3.{OLDEST_PYTHON}"', "python")

    def dependencies(self, given: dict[str, Any]) -> None:
        for name, text in (given.get("dependencies") or {}).items():
            self._specifiers(text, "dependencies", name)

    def _specifiers(self, text: str, *path: str) -> SpecifierSet | None:
        try:
            return SpecifierSet(text)
        except InvalidSpecifier:
            self._error(f"{text!r} is no version specifier", 'for example ">=2.1,<3"', *path)
            return None
