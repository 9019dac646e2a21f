"""The steps of one document. Each takes what the one before made, and says how it went.

They run in a process of their own: SDKs are imported there, and a document may break it.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import re
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from mypy import api as mypy
from pydantic import BaseModel, TypeAdapter

from e2e.corpus.calls import call_all
from e2e.corpus.outcomes import REFUSED, STEPS, Failure, Step, StepResult
from e2e.corpus.raw import Values, bundled, endpoints
from specloom.errors import SpecError
from specloom.options import BuildOptions
from specloom.output.folder import apply, plan_output
from specloom.pipeline import Build, build

_MOST_FAILURES = 20
_MYPY_ERROR = re.compile(r"^(?P<place>.*?:\d+): error: (?P<text>.*?)(?:  \[(?P<code>[\w-]+)\])?$")


def run_steps(document: Path, folder: Path, types_folder: Path, last: Step) -> Iterator[StepResult]:
    """The results of the steps up to ``last``, each as soon as it is there.

    Args:
        document: The description.
        folder: Where the SDK is written.
        types_folder: Where mypy works; its cache there is kept for the next document.
        last: The step to stop after.
    """
    warnings.simplefilter("error")
    made: list[Build] = []
    wanted = STEPS[: STEPS.index(last) + 1]
    generated = _step("generate", lambda: generate(document, folder, made))
    yield generated
    if not made or generated.failures or "import" not in wanted:
        return
    imported = _step("import", lambda: _import(made[0], folder))
    yield imported
    if "types" in wanted:
        package = folder / made[0].api.settings.package
        yield _step("types", lambda: _check_types(package, types_folder))
    if "call" in wanted and not imported.failures:
        yield _step("call", lambda: _call(made[0]))


_Work = Callable[[], tuple[list[Failure], Mapping[str, int]]]


def _step(step: Step, work: _Work) -> StepResult:
    start = time.perf_counter()
    try:
        failures, counts = work()
    except Exception as error:
        failures, counts = [_crash(error)], {}
    seconds = time.perf_counter() - start
    return StepResult(step, tuple(failures[:_MOST_FAILURES]), counts, seconds)


def _crash(error: Exception) -> Failure:
    """An exception that nothing expected, by the place it comes from."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "specloom" in Path(frame.filename).parts] or frames
    last = ours[-1]
    place = f"{Path(last.filename).name}:{last.lineno} in {last.name}"
    return Failure(f"traceback: {type(error).__name__}", _one_line(str(error)), place)


def _one_line(text: str) -> str:
    return " ".join(text.split())[:400]


def generate(
    document: Path, folder: Path, made: list[Build]
) -> tuple[list[Failure], Mapping[str, int]]:
    """Write the SDK, add the build to ``made``, and see whether each operation is in it."""
    try:
        result = build(document, BuildOptions())
    except SpecError as error:
        return [_refusal(error)], {}
    made.append(result)
    apply(plan_output(result.files, folder), force=True)
    generated = {(one.http_method, one.path) for one in result.api.operations()}
    described = {endpoint.key for endpoint in endpoints(_root(result))}
    lost = [Failure("operation lost", f"{key[0]} {key[1]}") for key in described - generated]
    lines = sum(text.count("\n") for text in result.files.values())
    counts = {"operations": len(described), "lines": lines}
    return sorted(lost, key=str), counts


def _refusal(error: SpecError) -> Failure:
    errors = [
        (place, problem)
        for place, problem in error.problems.located()
        if problem.severity == "error"
    ]
    place, problem = errors[0]
    where = f"{place.line}:{place.column}"
    return Failure(f"{REFUSED}{problem.code}", _one_line(problem.message), where)


def _import(built: Build, folder: Path) -> tuple[list[Failure], Mapping[str, int]]:
    """Compiles and imports every module, then has pydantic finish every type."""
    package = built.api.settings.package
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    failures: list[Failure] = []
    for path in sorted((folder / package).rglob("*.py")):
        name = ".".join(path.relative_to(folder).with_suffix("").parts).removesuffix(".__init__")
        failures += _tried("import", name, lambda name=name: importlib.import_module(name))
    types = importlib.import_module(f"{package}.types")
    # What requests take is for type checkers; those types are only looked up.
    read = sorted({*built.names.types.values()} & {*dir(types)})
    for name in {*built.names.params.values()} & {*dir(types)}:
        failures += _tried("type", name, lambda name=name: getattr(types, name))
    for name in read:
        failures += _tried("type", name, lambda name=name: _finish(getattr(types, name)))
    return failures, {"types": len(read)}


def _tried(what: str, where: str, work: Callable[..., Any]) -> list[Failure]:
    try:
        work()
    except Exception as error:
        return [Failure(f"{what}: {type(error).__name__}", _one_line(str(error)), where)]
    return []


def _finish(named: Any) -> None:
    if isinstance(named, type) and issubclass(named, BaseModel):
        named.model_rebuild(raise_errors=True)
    elif not isinstance(named, type):
        TypeAdapter(named)


def _check_types(package: Path, folder: Path) -> tuple[list[Failure], Mapping[str, int]]:
    """``mypy --strict``. The package goes by one name, so that of all SDKs the runtime, which is
    the same in each, is analysed once. It goes by one path a document: where path, size and second
    are those of another file of that name, mypy takes it for the same file.
    """
    place = folder / package.parent.name
    place.mkdir(parents=True, exist_ok=True)
    link = place / "sdk"
    link.unlink(missing_ok=True)
    link.symlink_to(package, target_is_directory=True)
    command = ["--strict", "--config-file=", "--no-error-summary", "--python-version=3.11"]
    before = Path.cwd()
    os.chdir(folder)
    try:
        with contextlib.redirect_stdout(io.StringIO()), _on_mypy_path(place.name):
            told, broken, _ = mypy.run([*command, "--cache-dir=.mypy_cache", "--package=sdk"])
    finally:
        os.chdir(before)
    found = [match for line in told.splitlines() if (match := _MYPY_ERROR.match(line))]
    failures = [Failure(f"mypy: {one['code']}", one["text"], one["place"]) for one in found]
    if broken:
        failures.append(Failure("mypy: broken", _one_line(broken)))
    return failures, {"type errors": len(failures)}


@contextlib.contextmanager
def _on_mypy_path(folder: str) -> Iterator[None]:
    before = os.environ.get("MYPYPATH")
    os.environ["MYPYPATH"] = folder
    try:
        yield
    finally:
        del os.environ["MYPYPATH"]
        if before is not None:
            os.environ["MYPYPATH"] = before


def _call(built: Build) -> tuple[list[Failure], Mapping[str, int]]:
    return call_all(built, _root(built))


def _root(built: Build) -> Values:
    """The document's plain values, as specloom reads files but makes nothing of them."""
    document = built.document
    files = {uri: document.root_of(uri) for uri in document.sources}
    return bundled({**files, document.entry: document.root}, document.entry)
