"""A hostile text in every string of a description that has one of everything, one at a time.

`pytest --exhaustive` puts every text into every position; otherwise most of them at once go into
each position, and each alone into positions of its own.
"""

from __future__ import annotations

import html
import json
import subprocess
import sys
from itertools import product
from pathlib import Path
from textwrap import dedent

import pytest
import yaml

from specloom.errors import SpecError
from support.untrusted import (
    CODE,
    EVERYTHING,
    MARK,
    TEXTS,
    Builder,
    Json,
    Position,
    at,
    faults,
    positions,
    spread,
    squeezed,
    texts_in,
    with_text,
)

pytestmark = pytest.mark.slow

DOCUMENT: Json = yaml.safe_load((Path(__file__).parent / "dense.yaml").read_text("utf-8"))
POSITIONS = list(positions(DOCUMENT))
ALONE, IMPORTED = 8, 40
"""How many positions each text gets of its own, and how many of the SDKs are imported."""


@pytest.fixture(scope="module")
def builder(tmp_path_factory: pytest.TempPathFactory) -> Builder:
    """Builds variants of the dense description."""
    return Builder(DOCUMENT, tmp_path_factory.mktemp("dense"))


@pytest.fixture(scope="module")
def cases(request: pytest.FixtureRequest) -> list[tuple[Position, str]]:
    """What goes where."""
    if request.config.getoption("--exhaustive"):
        return list(product(POSITIONS, [EVERYTHING, *TEXTS.values()]))
    found = [(position, EVERYTHING) for position in POSITIONS]
    for number, text in enumerate(TEXTS.values()):
        own = POSITIONS[number * 13 % len(POSITIONS) :] + POSITIONS[: number * 13 % len(POSITIONS)]
        found += [(position, text) for position in spread(own, ALONE)]
    return found


def test_the_description_has_one_of_everything() -> None:
    keys = {str(position.tokens[-1]) for position in POSITIONS if position.is_key}
    assert len(POSITIONS) > 900
    assert keys >= {
        "servers", "variables", "tags", "operationId", "callbacks", "webhooks", "links", "encoding",
        "discriminator", "mapping", "pattern", "enum", "const", "default", "examples", "securitySchemes",
        "scopes", "externalDocs", "x-sdk", "x-order", "pagination", "polling", "environment", "headers",
    }  # fmt: skip


def test_no_text_becomes_code_a_template_or_a_path(
    builder: Builder, cases: list[tuple[Position, str]], tmp_path: Path
) -> None:
    told = []
    for position, text in cases:
        found = faults(builder(with_text(DOCUMENT, position, text)), tmp_path)
        told += [f"{text[:30]!r} at {position}: {fault}" for fault in found]
    assert told == []


def test_documentation_survives_as_it_is_written(builder: Builder) -> None:
    documented = [position for position in POSITIONS if _is_documentation(position)]
    marked = DOCUMENT
    for number, position in enumerate(documented):
        marked = with_text(marked, position, f"Marker {number} here")
    known = _python(builder(marked))
    shown = [one for n, one in enumerate(documented) if f"Marker {n} here" in known]
    assert len(shown) > 45
    lost = []
    for position in shown:
        text = f"Say {EVERYTHING}"
        if squeezed(text) not in _python(builder(with_text(DOCUMENT, position, text))):
            lost.append(str(position))
    assert lost == []


def test_documentation_on_pages_is_not_html(builder: Builder) -> None:
    text = f'Say 1 < 2 {{{{ 7*7 }}}} """ %s {CODE} *end*'
    places = [("components", "securitySchemes", name) for name in ("token", "key", "login")]
    places += [("paths", "/things/{thing_id}", "get", "responses", "default"), ("info",)]
    for place in places:
        position = Position((*place, "description"), is_key=False)
        result = builder(with_text(DOCUMENT, position, f"{text} <script>alert(1)</script><x y=z>"))
        assert isinstance(result, dict)
        pages = " ".join(content for path, content in result.items() if path.endswith(".md"))
        assert "<script" not in pages
        assert "<x" not in pages
        assert text in html.unescape(" ".join(pages.split()).replace("\\", ""))


def test_what_is_generated_imports_and_runs_nothing(
    builder: Builder, cases: list[tuple[Position, str]], tmp_path: Path
) -> None:
    folders = []
    for number, (position, text) in enumerate(spread(cases, IMPORTED)):
        result = builder(with_text(DOCUMENT, position, text))
        if isinstance(result, SpecError):
            continue
        folders.append(tmp_path / str(number))
        for path, content in result.items():
            file = folders[-1] / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content, encoding="utf-8", newline="")
    working = tmp_path / "working"
    working.mkdir()
    assert len(folders) > IMPORTED // 3
    done = subprocess.run(
        [
            sys.executable,
            "-W",
            "error",
            "-c",
            IMPORT,
            json.dumps([str(one) for one in folders]),
        ],
        cwd=working,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert not list(working.iterdir())
    assert not list(tmp_path.rglob(MARK))


IMPORT = dedent("""
    import importlib, json, pathlib, sys

    for folder in json.loads(sys.argv[1]):
        sys.path.insert(0, folder)
        for file in sorted(pathlib.Path(folder).rglob("*.py")):
            parts = file.relative_to(folder).with_suffix("").parts
            importlib.import_module(".".join(parts).removesuffix(".__init__"))
            package = parts[0]
        types = importlib.import_module(f"{package}.types")
        for name in dir(types):
            getattr(types, name)
        sys.path.remove(folder)
        for name in [one for one in sys.modules if one.partition(".")[0] == package]:
            del sys.modules[name]
""")


def _is_documentation(position: Position) -> bool:
    is_text = not position.is_key and position.tokens[-1] in (
        "summary",
        "description",
        "title",
    )
    return is_text and isinstance(at(DOCUMENT, position.tokens), str)


def _python(result: dict[str, str] | SpecError) -> str:
    if isinstance(result, SpecError):
        raise result
    return " ".join(
        texts_in(text)
        for path, text in result.items()
        if path.endswith(".py") and "/_runtime/" not in path
    )
