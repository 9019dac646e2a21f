"""The proof of an adoption: calls on the wire, and the tests of the old SDK."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from specloom.adoption.matching import Matching, Pair
from specloom.adoption.proving import old_tests, wire
from specloom.adoption.proving.cases import calls_of
from specloom.adoption.proving.environments import Environment, made
from specloom.adoption.proving.old_tests import Results
from specloom.adoption.sources import Sources
from specloom.adoption.surface import Difference, OldClient, OldSdk, Place, Proof
from specloom.errors import Location, SpecError, refuse
from specloom.pipeline import Reading

CACHE = Path(".specloom-cache") / "adoption"


@dataclass(frozen=True, slots=True)
class Sides:
    """The two SDKs with their environments, and the folder for the files of the proof."""

    old: Environment
    new: Environment
    folder: Path
    archive: Path


def requirements_of(sources: Sources) -> tuple[str, ...]:
    """The bounds that the requirements of an old SDK lack.

    httpx 0.28 removed the argument ``proxies`` of its clients, which earlier SDKs pass.
    """
    files = (text for name, text in sources.files.items() if name.endswith("_base_client.py"))
    return ("httpx<0.28",) if any("proxies=proxies" in text for text in files) else ()


def sides_of(old: str, sources: Sources, folder: Path, output: Path) -> Sides:
    """Environments for OLD, a folder or an archive, and for the SDK generated into ``output``.

    Raises SpecError if one of them is not there, or its dependencies cannot be installed.
    """
    archive = Path(old).resolve()
    if not archive.exists():
        raise _refused(old, "the proof needs the folder, wheel or sdist of the old SDK")
    if not (output / "pyproject.toml").is_file():
        hint = f"run 'specloom generate' in {folder.as_posix()} first"
        raise _refused(str(output), "there is no SDK to prove", hint)
    cache = folder / CACHE
    cache.mkdir(parents=True, exist_ok=True)
    nothing = cache / "nothing"
    nothing.mkdir(exist_ok=True)
    before = made(cache / "old", nothing, (str(archive), *requirements_of(sources)))
    after = made(cache / "new", output, (str(output.resolve()),))
    return Sides(before, after, cache, archive)


def prove(
    sdk: OldSdk,
    matching: Matching,
    reading: Reading,
    sides: Sides,
    tell: Callable[[str], object],
    seconds: float,
    select: str = "",
) -> Proof:
    """Call both SDKs and run the old tests.

    ``tell`` gets each step as text. ``seconds`` is the longest time for the tests of one SDK.
    ``select`` selects tests, as in ``pytest -k``. Raises SpecError if the mock server does not
    start.
    """
    tell("calling both SDKs")
    compared = _wire(sdk, matching, reading, sides)
    tell("running the old SDK's tests")
    tested = _tests(sdk, matching, sides, seconds, select)
    differences = [*_of_calls(compared, matching), *_of_tests(tested)]
    return Proof(
        calls=len(compared),
        same_requests=sum(not one.request for one in compared),
        same_answers=sum(not (one.request or one.answer) for one in compared),
        tests=None if tested is None else len(tested.passed),
        kept=None if tested is None else tested.kept,
        cut="" if tested is None else tested.cut,
        left_out=0 if tested is None else tested.left_out,
        differences=tuple(differences),
    )


def _wire(sdk: OldSdk, matching: Matching, reading: Reading, sides: Sides) -> list[wire.Compared]:
    calls = calls_of(matching.pairs, reading.api)
    client = sdk.client.name if sdk.client else ""
    arguments = client_arguments(sdk.client) if sdk.client else {}
    found = []
    for environment, name in ((sides.old, "old"), (sides.new, "new")):
        folder = sides.folder / f"wire-{name}"
        server, package = sides.new, sdk.package
        made_by = wire.made_by(environment, server, package, client, arguments, calls, folder)
        if isinstance(made_by, str):
            raise _refused(name, f"the {name} SDK cannot be called: {made_by}")
        found.append(made_by)
    return wire.compared(calls, *found)


def client_arguments(client: OldClient) -> dict[str, Any]:
    """Arguments for the client: a text for each credential.

    With an id and a secret of OAuth, the old client requests a token from the vendor's server. They
    are left out if the client has other credentials.
    """
    names = [one.name for one in client.arguments if one.required]
    names += list(client.variables)
    known = {one.name for one in client.arguments} - {"base_url"}
    given = [name for name in dict.fromkeys(names) if name in known]
    others = [name for name in given if name not in ("client_id", "client_secret")]
    return {name: f"my-{name}" for name in others or given}


def _tests(
    sdk: OldSdk, matching: Matching, sides: Sides, seconds: float, select: str
) -> old_tests.Tested | None:
    folder = sides.folder / "tests"
    if not old_tests.unpacked(sides.archive, folder):
        return None

    def results(environment: Environment, *, is_new: bool, only: Iterable[str] = ()) -> Results:
        run = old_tests.Run(sdk.package, folder, is_new=is_new, select=select, only=tuple(only))
        return old_tests.results_of(run, environment, sides.new, seconds)

    old = results(sides.old, is_new=False)
    new = results(sides.new, is_new=True, only=old_tests.passed_in(old))
    lacking = old_tests.calling(folder, {one.address for one in matching.missing})
    return old_tests.compared(old, new, lacking)


def _of_calls(compared: list[wire.Compared], matching: Matching) -> Iterator[Difference]:
    """The first difference of each method."""
    pairs = {pair.old.address: pair for pair in matching.pairs}
    seen: set[tuple[str, str]] = set()
    for one in compared:
        place = _place(pairs.get(one.call.address))
        for kind, found in (("wire", one.request), ("answer", () if one.request else one.answer)):
            if found and (kind, one.call.address) not in seen:
                seen.add((kind, one.call.address))
                subject = f"client.{one.call.address}"
                yield Difference(kind, subject, "; ".join(found), place)


def _place(pair: Pair | None) -> Place:
    return pair.old.place if pair else Place("", 1)


def _of_tests(tested: old_tests.Tested | None) -> Iterator[Difference]:
    for test, text in sorted((tested.failed or {}).items()) if tested else ():
        file = test.partition("::")[0]
        yield Difference("test", test, " ".join(text.split())[-300:], Place(file, 1))


def _refused(place: str, message: str, hint: str = "") -> SpecError:
    return refuse("no-proof", message, Location(place), hint)
