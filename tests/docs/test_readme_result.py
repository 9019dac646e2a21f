"""The README's first example: its description generates, and its session prints this output."""

from __future__ import annotations

import doctest
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.generated import Sdk, forget, generate_sdk
from support.loopback import Loopback, serving

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
SECTION = README.partition("\n## The result\n")[2].partition("\n## ")[0]


def block(language: str) -> str:
    """The section's only block in a language."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", SECTION, re.MULTILINE | re.DOTALL)
    return str(found)


@pytest.fixture
def sdk(tmp_path: Path) -> Iterator[Sdk]:
    description = tmp_path / "zoo.yaml"
    description.write_text(block("yaml"), encoding="utf-8")
    made = generate_sdk(description, tmp_path / "zoo")
    yield made
    forget(made)


def test_the_session_prints_what_it_shows(sdk: Sdk, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Loopback()
    server.answer({"name": "Ada", "diet": "plants"})
    test = doctest.DocTestParser().get_doctest(block("pycon"), {}, "README", "README.md", 0)
    assert len(test.examples) == 4
    with serving(server):
        monkeypatch.setenv("ZOO_BASE_URL", server.base_url)
        result = doctest.DocTestRunner().run(test, clear_globs=False)
        test.globs["client"].close()
    assert result == (0, 4)
    assert server.last.path == "/animals/a_1"
    assert '    diet: Literal["plants", "meat"] | str' in sdk.source("zoo_sdk/types/animals.py")
