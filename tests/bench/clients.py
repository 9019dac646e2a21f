"""The generated clients: this project's, and those of other generators for the same description."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from bench.environments import FOLDER, ROOT, Environment, environment
from e2e.comparison.clients import described, plain_text
from e2e.comparison.stainless_config import write_config

FILES = ROOT / "tests/e2e/comparison/inputs"
SPEC = ROOT / "spec" / "assistants.yaml"


def sdk(folder: Path = ROOT / "generated", name: str = "sdk") -> Environment:
    """Our SDK in ``folder``, copied, so that no byte code is left where it comes from."""
    target = _emptied(name)
    shutil.copytree(
        folder / "assistants_sdk",
        target / "assistants_sdk",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    return replace(environment("sdk"), name=name, client=target)


def files() -> Environment:
    """Our SDK of a description with an upload, which spec/assistants.yaml does not have."""
    target = _emptied("files")
    spec = FILES / "files.yaml"
    command = [sys.executable, "-m", "specloom", "generate", spec, "-o", target, "--quiet"]
    subprocess.run(command, check=True)
    return replace(environment("sdk"), name="files", client=target)


def plain() -> Environment:
    """Our SDK without its hand-written code, which keeps the text of the runs that it streams."""
    folder = _emptied("plain")
    described = yaml.safe_load(SPEC.read_text(encoding="utf-8"))
    del described["x-sdk"]["mixins"]
    spec, target = folder / "description.yaml", folder / "out"
    spec.write_text(yaml.safe_dump(described), encoding="utf-8")
    command = [sys.executable, "-m", "specloom", "generate", spec, "-o", target, "--quiet"]
    subprocess.run(command, check=True)
    return replace(environment("sdk"), name="plain", client=target)


def datamodel_code_generator() -> Environment:
    """The client of datamodel-code-generator, with its default options."""

    def generate(own: Environment, target: Path) -> None:
        own.run(*datamodel_command(SPEC), cwd=target)

    return _generated("datamodel-code-generator", SPEC.read_text(encoding="utf-8"), generate)


def datamodel_command(spec: Path) -> tuple[str, ...]:
    """Its command line: models and client, formatted by black as ours are."""
    command = "datamodel-codegen --input-file-type openapi --formatters black"
    models = "--output-model-type pydantic_v2.BaseModel --output assistants_models.py"
    client = "--generate-client httpx2 --client-output assistants_client"
    packages = "--client-package assistants_client --client-model-package assistants_models"
    return (*f"{command} {models} {client} {packages}".split(), "--input", str(spec))


def openapi_python_client() -> Environment:
    """The client of openapi-python-client.

    It leaves out operations with a header that is a constant, as all of these have; so it is given
    the description without that header.
    """
    text = yaml.safe_dump(_without_header(yaml.safe_load(SPEC.read_text(encoding="utf-8"))))

    def generate(own: Environment, target: Path) -> None:
        spec = target / "description.yaml"
        spec.write_text(text, encoding="utf-8")
        output = str(target / "assistants_attrs")
        paths = ("--path", str(spec), "--output-path", output)
        own.run("openapi-python-client", "generate", "--meta", "none", *paths)

    return _generated("openapi-python-client", text, generate)


def stainful() -> Environment:
    """The client of stainful, of the description and the least configuration that it needs."""
    text = plain_text(described())

    def generate(own: Environment, target: Path) -> None:
        spec = target / "description.yaml"
        spec.write_text(text, encoding="utf-8")
        write_config(spec, target)
        inputs = ("--spec", str(spec), "--config", str(target / "stainless.yml"))
        own.run("stainful", "generate", *inputs, "--out", str(target))

    return _generated("stainful", text, generate)


def _without_header(value: Any) -> Any:
    """The description without its header parameter, wherever that is referred to."""
    if isinstance(value, dict):
        return {key: _without_header(each) for key, each in value.items()}
    if isinstance(value, list):
        return [
            _without_header(each)
            for each in value
            if not (isinstance(each, dict) and each.get("$ref", "").endswith("/OpenAIBeta"))
        ]
    return value


def _generated(
    name: str, source: str, generate: Callable[[Environment, Path], None]
) -> Environment:
    """An environment with a client that is generated anew where its source has changed."""
    own, target = environment(name), FOLDER / "clients" / name
    stamp = target / "source.txt"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != source:
        _emptied(name)
        generate(own, target)
        stamp.write_text(source, encoding="utf-8")
    return replace(own, client=target)


def _emptied(name: str) -> Path:
    target = FOLDER / "clients" / name
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    return target
