"""The compared generators: their installation, their commands and their output."""

from __future__ import annotations

import ast
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from e2e.comparison.stainless_config import write_config
from e2e.corpus.state import ROOT

FOLDER = ROOT / ".comparison"
INPUTS = Path(__file__).with_name("inputs")
REQUIREMENTS = Path(__file__).with_name("requirements")
# The path parameters of an operation are Python's names in some outputs, wire names in others.
_PATHS = ("path", "resource_path", "url")
# Calls whose name is the method and whose first argument is the path.
_METHODS = {f"_{method}": method for method in ("get", "put", "post", "patch", "delete")}
_METHODS["_get_api_list"] = "get"
_PARAMETER = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True)
class Tool:
    """A generator. ``key`` names its environments, ``package`` what is imported of its output,
    ``advised`` the options, one choice after the other, that its own errors tell to use where the
    plain command fails; ``below`` is where its project is in the output folder. ``prepare`` writes
    what the command needs in the folder besides the document.
    """

    key: str
    name: str
    version: str
    package: str
    arguments: Callable[[Path, Path], list[str]]
    files: str
    advised: tuple[tuple[str, ...], ...] = ()
    below: str = "."
    prepare: Callable[[Path, Path], None] | None = None

    @property
    def is_ours(self) -> bool:
        """Whether it is the tool of this repository, which needs no extra environment."""
        return self.key == "specloom"

    def python(self, *, client: bool) -> Path:
        """The interpreter of the environment that the generator, or its clients, run in."""
        if self.is_ours:
            return Path(sys.executable)
        folder = FOLDER / "environments" / (f"{self.key}-client" if client else self.key)
        return folder / "bin/python"

    def command(self, document: Path, folder: Path) -> list[str]:
        """The command that writes the client of a document into a folder."""
        return [*self._executable(), *self.arguments(document.absolute(), folder.absolute())]

    def _executable(self) -> list[str]:
        if self.is_ours:
            return [sys.executable, "-m", "specloom"]
        names = {"openapi-generator": "openapi-generator-cli"}
        names["datamodel-code-generator"] = "datamodel-codegen"
        return [str(self.python(client=False).with_name(names.get(self.key, self.key)))]

    def operations(self, folder: Path) -> set[tuple[str, str]]:
        """Method and path of each operation in the output; names of path parameters left out."""
        return {
            (method.upper(), bare(path))
            for file in sorted(folder.glob(self.files))
            for method, path in requests_in(file.read_text(encoding="utf-8"))
        }


def requests_in(source: str) -> Iterator[tuple[str, str]]:
    """Every method and path that stand together in a call or a dict: so all five write them.

    Text that is not Python has none.

    >>> list(requests_in('x = Operation(method="GET", path="/a/" "{id}")'))
    [('GET', '/a/{id}')]
    >>> list(requests_in('self._post(f"/a/{id}", body=body)'))
    [('post', '/a/{}')]
    >>> list(requests_in('x = "'))
    []
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        named: dict[str | None, ast.expr] = {}
        if isinstance(node, ast.Call):
            named = {one.arg: one.value for one in node.keywords}
            if isinstance(node.func, ast.Attribute) and node.func.attr in _METHODS and node.args:
                method = named.get("method", ast.Constant(_METHODS[node.func.attr]))
                named |= {"method": method, "path": node.args[0]}
        elif isinstance(node, ast.Dict):
            keys = [_text(key) for key in node.keys]
            named = dict(zip(keys, node.values, strict=True))
        method = _text(named.get("method"))
        path = next((_text(named[name]) for name in _PATHS if name in named), None)
        if method is not None and path is not None:
            yield method, path


def _text(node: ast.expr | None) -> str | None:
    """A string that is written out, also with parameters put in by ``format`` or an f-string."""
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) or "{}" for part in node.values)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        node = node.func.value
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return None


def bare(path: str) -> str:
    """A path without the names of its parameters, and with nothing percent-encoded.

    >>> bare("/pets/{pet_id}/%23tags")
    '/pets/{}/#tags'
    """
    return unquote(_PARAMETER.sub("{}", path))


def why_not_run(tool: Tool) -> str:
    """The reason why a tool cannot run on this machine; empty if it can."""
    is_java = tool.key == "openapi-generator"
    return "no Java on the machine" if is_java and shutil.which("java") is None else ""


def _ours(document: Path, folder: Path) -> list[str]:
    return ["generate", str(document), "--output", str(folder)]


def _openapi_python_client(document: Path, folder: Path) -> list[str]:
    return ["generate", "--path", str(document), "--output-path", str(folder / "project")]


def _openapi_generator(document: Path, folder: Path) -> list[str]:
    where = ["-i", str(document), "-o", str(folder)]
    return ["generate", "-g", "python", *where, "--package-name", "client"]


def _stainful(document: Path, folder: Path) -> list[str]:
    where = ["--config", str(folder / "stainless.yml"), "--out", str(folder)]
    return ["generate", "--spec", str(document), *where]


def _make_package(_: Path, folder: Path) -> None:
    """The package that the command puts its two packages into."""
    (folder / "app").mkdir(exist_ok=True)
    (folder / "app/__init__.py").touch()


def _datamodel_code_generator(document: Path, folder: Path) -> list[str]:
    """The command of its README, for the Python that its client is run with here."""
    app = folder / "app"
    preset = f"standard-py3{sys.version_info.minor}-20261027"
    return [
        *("--input", str(document), "--input-file-type", "openapi"),
        *("--openapi-scopes", "schemas", "api"),
        *("--output-model-type", "pydantic_v2.BaseModel", "--preset", preset),
        *("--output", str(app / "models.py"), "--generate-client", "httpx2"),
        *("--client-output", str(app / "client"), "--client-package", "app.client"),
        *("--client-model-package", "app.models"),
    ]


_BASE_URLS = (
    *("--client-default-base-url", "http://localhost"),
    *("--client-server-base-url", "http://localhost"),
)
TOOLS = (
    Tool(
        key="specloom",
        name="specloom",
        version="this repository",
        package="",
        arguments=_ours,
        files="*/resources/**/*.py",
    ),
    Tool(
        key="openapi-python-client",
        name="openapi-python-client",
        version="0.29.1",
        package="",
        arguments=_openapi_python_client,
        files="project/*/api/*/*.py",
        advised=(("--config", str(INPUTS / "openapi-python-client.yaml")),),
        below="project",
    ),
    Tool(
        key="openapi-generator",
        name="OpenAPI Generator",
        version="7.26.0",
        package="client",
        arguments=_openapi_generator,
        files="client/api/*.py",
        advised=(("--skip-validate-spec",),),
    ),
    Tool(
        key="datamodel-code-generator",
        name="datamodel-code-generator",
        version="0.89.0",
        package="app",
        arguments=_datamodel_code_generator,
        files="app/client/_operations*.py",
        # A base URL; and a folder for the models, where names of schemas have dots.
        advised=(_BASE_URLS, (*_BASE_URLS, "--output", "app/models")),
        prepare=_make_package,
    ),
    Tool(
        key="stainful",
        name="stainful",
        version="0.6.0",
        package="compared",
        arguments=_stainful,
        files="compared/resources/**/*.py",
        prepare=write_config,
    ),
)
