"""``python -m e2e.corpus.ten CORPUS``: mypy --strict and pyright over ten SDKs of real documents.

The ten differ in shape: 3.0 and 3.1, one operation to hundreds, what their unions are told apart
by, uploads and downloads, JSON lines, shared parameters, headers as arguments.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from e2e.corpus.state import FOLDER
from specloom.options import BuildOptions
from specloom.output.folder import apply, plan_output
from specloom.pipeline import build

DOCUMENTS = (
    "Adyen_adyen-openapi_json_CheckoutService-v72.json",
    "apache_airflow-client-python_spec_v2.yaml",
    "box_box-openapi_openapi_openapi.json",
    "bump-sh-examples_train-travel-api_openapi.yaml",
    "clerk_openapi-specs_bapi_2026-05-12.yml",
    "discord_discord-api-spec_specs_openapi.json",
    "hasura_ndc-open-api-lambda_tests_test-data_open-api-docs_spotify.json",
    "typesense_typesense-api-spec_openapi.yml",
    "zijianhuang_openapi-directory_APIs_amazonaws.com_lambda_2015-03-31_openapi.yaml",
    "zijianhuang_openapi-directory_APIs_googleapis.com_bigquery_v2_openapi.yaml",
)


@dataclass(frozen=True)
class Checked:
    """An SDK: how large it is, and what the type checkers say."""

    package: str
    operations: int
    lines: int
    mypy: list[str]
    pyright: list[str]
    seconds: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the ten; 1 if a type checker finds an error."""
    given = sys.argv[1:] if arguments is None else arguments
    if len(given) != 1:
        print("usage: python -m e2e.corpus.ten CORPUS", file=sys.stderr)
        return 2
    print(f"{'package':<36}{'operations':>11}{'lines':>9}{'mypy':>6}{'pyright':>9}{'s':>6}")
    errors: list[str] = []
    for name in DOCUMENTS:
        one = check(Path(given[0], "real", name), FOLDER / "ten")
        counts = f"{one.operations:>11}{one.lines:>9,}{len(one.mypy):>6}{len(one.pyright):>9}"
        print(f"{one.package:<36}{counts}{one.seconds:>6.0f}", flush=True)
        errors += [*one.mypy, *one.pyright]
    for error in errors:
        print(error)
    return 1 if errors else 0


def check(document: Path, folder: Path) -> Checked:
    """Generate the SDK of a document below ``folder`` and have it checked."""
    built = build(document, BuildOptions())
    package = built.api.settings.package
    target = folder / package
    apply(plan_output(built.files, target), force=True)
    start = time.monotonic()
    return Checked(
        package=package,
        operations=len(built.api.operations()),
        lines=sum(text.count("\n") for text in built.files.values()),
        mypy=_mypy(target, package, folder / ".mypy_cache"),
        pyright=_pyright(target, package),
        seconds=time.monotonic() - start,
    )


def _mypy(folder: Path, package: str, cache: Path) -> list[str]:
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--no-error-summary"]
    command += ["--python-version=3.11", f"--cache-dir={cache.resolve()}", "--package", package]
    return _run(command, folder).splitlines()


def _pyright(folder: Path, package: str) -> list[str]:
    settings = {"typeCheckingMode": "strict", "include": [package], "pythonVersion": "3.11"}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    command = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "--outputjson"]
    told = json.loads(_run(command, folder))
    if not told["summary"]["filesAnalyzed"]:
        raise RuntimeError(f"pyright found nothing to check in {folder}")
    found = told["generalDiagnostics"]
    return [
        f"{one['file']}:{one['range']['start']['line'] + 1}: {one['message']}"
        f" [{one.get('rule', one['severity'])}]"
        for one in found
    ]


def _run(command: Sequence[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.stdout or done.stderr


if __name__ == "__main__":
    raise SystemExit(main())
