"""The path of each page, and links between pages.

A page has the path of its subject: ``client.threads.runs`` is ``docs/resources/threads/runs.md``,
the types of ``types/threads.py`` are ``docs/types/threads.md``.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from functools import lru_cache

from specloom import ir
from specloom.ir.usage import Usage
from specloom.naming.names import Names, all_resources, client_path, resource_module
from specloom.sdk.type_modules import (
    OTHERS,
    SHARED,
    modules_of_models,
    modules_of_params,
    types_module,
)

README = "README.md"
INDEX = "docs/README.md"
API_LIST = "api.md"
LEFT_OUT = "docs/left-out.md"


@dataclass(frozen=True, slots=True)
class Place:
    """A heading on a page; without an anchor, the page."""

    page: str
    anchor: str = ""


def guide(name: str, anchor: str = "") -> Place:
    """The page of a guide."""
    return Place(f"docs/guides/{name}.md", anchor)


def resource_place(path: tuple[ir.Words, ...]) -> Place:
    """The page of a resource."""
    if not path:
        return Place("docs/resources/_client.md")
    return Place(f"docs/resources/{'/'.join(resource_module(step) for step in path)}.md")


def href(target: Place, page: str) -> str:
    """The address of a place, relative to a page."""
    if target.page == page:
        return f"#{target.anchor}" if target.anchor else posixpath.basename(page)
    path = _relative(target.page, page)
    return f"{path}#{target.anchor}" if target.anchor else path


@lru_cache(maxsize=65536)
def _relative(target: str, page: str) -> str:
    return posixpath.relpath(target, posixpath.dirname(page) or ".")


@dataclass(frozen=True, slots=True)
class TypesPage:
    """A page of types: its path, the resource of the types, and their keys by heading."""

    path: str
    title: str
    keys: dict[str, str]


class Places:
    """The pages, and the places of types and operations on them.

    ``operations`` are all of the API, by their pointers.
    """

    def __init__(self, api: ir.Api, names: Names, usage: Usage) -> None:
        self._names = names
        params = modules_of_params(usage)
        modules = {key: module.removesuffix("_params") for key, module in params.items()}
        modules |= modules_of_models(api, usage)
        self.types_pages = _types_pages(modules, api, names, usage)
        self._types = {
            key: Place(page.path, heading.lower())
            for page in self.types_pages
            for heading, key in page.keys.items()
        }
        self._operations = {
            operation.pointer: Place(
                resource_place(resource.path).page, names.methods[operation.pointer]
            )
            for resource in all_resources(api.resources)
            for operation in resource.operations
        }
        self.operations = {one.pointer: one for one in api.operations()}

    def type(self, key: str) -> Place | None:
        """The place of a type; None if the SDK does not show it."""
        return self._types.get(key)

    def at(self, pointer: str) -> Place | None:
        """The place of the operation at a pointer; None if the SDK lacks it."""
        return self._operations.get(pointer)

    def operation(self, operation: ir.Operation) -> Place:
        """The place of an operation."""
        return self._operations[operation.pointer]


def public_name(key: str, names: Names, usage: Usage) -> str:
    """The name of a type in ``types``: its model, else its request type."""
    own = names.types[key]
    return own if key in usage.responses else names.params.get(key, own)


def _types_pages(
    modules: dict[str, str], api: ir.Api, names: Names, usage: Usage
) -> list[TypesPage]:
    keys: dict[str, list[str]] = {}
    for key, module in modules.items():
        keys.setdefault(module, []).append(key)
    titles = {
        SHARED: "Types of several resources",
        OTHERS: "Types that no operation uses",
    }
    for resource in all_resources(api.resources):
        if resource.path:
            titles[types_module(resource.path)] = f"Types of `{client_path(resource)}`"
    return [
        TypesPage(
            f"docs/types/{module}.md",
            titles.get(module, f"Types of `{module}`"),
            _headings({public_name(key, names, usage): key for key in keys[module]}),
        )
        for module in sorted(keys, key=lambda one: (one == OTHERS, one == SHARED, one))
    ]


def _headings(keys: dict[str, str]) -> dict[str, str]:
    """Names as headings; if two differ only by case, the second one is marked, for its anchor."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name, key in sorted(keys.items(), key=lambda one: (one[0].lower(), one[0])):
        heading, number = name, 2
        while heading.lower() in taken:
            heading, number = f"{name}-{number}", number + 1
        taken.add(heading.lower())
        found[heading] = key
    return found


_HOSTED = re.compile(
    r"(https://(?:github\.com|gitlab\.com)/[^/?#]+/[^?#]+?)(?:\.git)?/?"
    r"(?:/(?:-/)?tree/([^/?#]+)((?:/[^?#]*)?))?"
)


def repository_files(project: ir.Project) -> str:
    """The URL of the SDK's files in its repository, with a final slash; empty if unknown.

    A package index shows the README without the other files. The URL of the repository may contain
    a branch and a folder: ``https://github.com/acme/sdk/tree/main/generated``.
    """
    urls = {label.lower(): url for label, url in project.urls}
    url = urls.get("source") or urls.get("repository") or urls.get("source code") or ""
    found = _HOSTED.fullmatch(url)
    if found is None:
        return ""
    blob = "-/blob" if url.startswith("https://gitlab") else "blob"
    folder = (found[3] or "").strip("/")
    return f"{found[1]}/{blob}/{found[2] or 'HEAD'}/{folder}{'/' if folder else ''}"
