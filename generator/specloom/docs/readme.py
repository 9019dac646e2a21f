"""The README of the SDK: what one needs for the first hour."""

from __future__ import annotations

import re

from specloom import ir
from specloom.docs.guides import Guide, guide_context
from specloom.docs.places import INDEX, LEFT_OUT, README, href
from specloom.docs.prose import block, cell, code
from specloom.docs.resources import Pages
from specloom.docs.showcase import Showcase
from specloom.docstrings import plain
from specloom.sdk.servers import server_arguments
from specloom.sdk.views import PlannedFile


def readme(pages: Pages, guides: list[Guide], showcase: Showcase | None) -> PlannedFile:
    """The README; without operations it has no examples."""
    api = pages.api
    settings = api.settings
    address = api.servers[0].url if api.servers else ""
    base = _repository(settings.project)
    note = api.servers[0].description if api.servers else ""
    context = {
        "distribution": settings.distribution,
        "title": cell(api.title, README),
        "told": block(api.description, README),
        "index": base + INDEX,
        "left_out": LEFT_OUT if api.left_out else "",
        "left_out_link": base + LEFT_OUT,
        "guides": {one.name: base + href(one.place, README) for one in guides},
        "has_key": any(name == "api_key" for name, _ in pages.examples.test_credentials),
        "base_url": code(plain(address)) if address.startswith(("http://", "https://")) else "",
        "base_url_note": block(note, README) if note else "",
        "choices": [code(one.name) for one in server_arguments(api).all()],
        "examples": (
            guide_context(api, pages.examples, showcase) if showcase is not None else None
        ),
        "variables": _variables(pages),
    }
    return PlannedFile(README, "README.md.j2", context)


_HOSTED = re.compile(
    r"(https://(?:github\.com|gitlab\.com)/[^/?#]+/[^?#]+?)(?:\.git)?/?"
    r"(?:/(?:-/)?tree/([^/?#]+)((?:/[^?#]*)?))?"
)


def _repository(project: ir.Project) -> str:
    """The URL of the SDK's files in its repository, with a slash; empty if it is not known.

    A package index shows the README without the files beside it. The URL of the repository may
    name a branch and a folder: ``https://github.com/acme/sdk/tree/main/generated``.
    """
    urls = {label.lower(): url for label, url in project.urls}
    url = urls.get("source") or urls.get("repository") or urls.get("source code") or ""
    found = _HOSTED.fullmatch(url)
    if found is None:
        return ""
    blob = "-/blob" if url.startswith("https://gitlab") else "blob"
    folder = (found[3] or "").strip("/")
    return f"{found[1]}/{blob}/{found[2] or 'HEAD'}/{folder}{'/' if folder else ''}"


def _variables(pages: Pages) -> list[tuple[str, str]]:
    """Environment variables with their meanings. The first one of a kind takes precedence."""
    settings = pages.api.settings
    found: list[tuple[str, str]] = []
    has_key = any(name == "api_key" for name, _ in pages.examples.test_credentials)
    groups = [
        (settings.api_key_environment if has_key else (), "the API key, the default of `api_key`"),
        (settings.base_url_environment, "the base URL, the default of `base_url`"),
    ]
    for variables, told in groups:
        for index, name in enumerate(variables):
            earlier = f"; `{variables[index - 1]}` takes precedence" if index else ""
            found.append((name, told + earlier))
    if settings.log_environment:
        found.append((settings.log_environment, "the log level: `info`, `debug` or `bodies`"))
    return found
