"""pyproject.toml of the SDK."""

from __future__ import annotations

import re

from specloom import ir
from specloom.ir.project import OLDEST_PYTHON
from specloom.sdk.views import PlannedFile

_DEPENDENCIES = {
    "httpcore2": ">=2.16,<3",
    "httpx2": ">=2.16,<3",
    "pydantic": ">=2.12,<3",
    "typing_extensions": ">=4.14",
}
_CLASSIFIERS = (
    "Intended Audience :: Developers",
    "Operating System :: OS Independent",
    "Programming Language :: Python :: 3",
    "Typing :: Typed",
)


def project_file(api: ir.Api, package: str) -> PlannedFile:
    """The file with the metadata of the distribution."""
    project = api.settings.project
    context = {
        "package": package,
        "distribution": api.settings.distribution,
        "version": api.settings.version,
        "described": f"Python client for {' '.join(api.title.split())}",
        "license": project.license,
        "authors": [
            {key: value for key, value in (("name", name), ("email", email)) if value}
            for name, email in project.authors
        ],
        "keywords": project.keywords,
        "classifiers": sorted({*_CLASSIFIERS, *project.classifiers}),
        "urls": project.urls,
        "python": project.python or f">=3.{OLDEST_PYTHON}",
        "dependencies": _dependencies(dict(project.dependencies)),
    }
    return PlannedFile("pyproject.toml", "pyproject.toml.j2", context)


def _dependencies(given: dict[str, str]) -> list[str]:
    """The SDK's own dependencies with the bounds of `given`, and the others of `given`."""
    found = {_normalized(name): (name, bounds) for name, bounds in _DEPENDENCIES.items()}
    found |= {
        _normalized(name): (found.get(_normalized(name), (name,))[0], bounds)
        for name, bounds in given.items()
    }
    return [f"{name}{bounds}" for _, (name, bounds) in sorted(found.items())]


def _normalized(name: str) -> str:
    """A name as package indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()
