"""The settings of `[tool.specloom]`."""

from __future__ import annotations

from pathlib import Path

import pytest

from specloom.config import Config, find_config
from specloom.errors import SpecError


def test_paths_are_relative_to_the_settings_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.specloom]\nspec = "spec/a.yaml"\noutput = "out"\noverlays = ["o.yaml"]\n'
        'templates = "t"\ninclude = "lib"\nonly = ["pets", "/a/*"]\n'
    )
    deep = tmp_path / "deep" / "er"
    deep.mkdir(parents=True)
    # A project of its own on the way, without our table.
    (deep / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    monkeypatch.chdir(deep)
    up = Path("..") / ".."
    assert find_config(deep) == Config(
        spec=up / "spec" / "a.yaml",
        output=up / "out",
        overlays=(up / "o.yaml",),
        templates=up / "t",
        include=up / "lib",
        only=("pets", "/a/*"),
    )


def test_without_a_table_there_are_no_settings(tmp_path: Path) -> None:
    assert find_config(tmp_path) == Config()


@pytest.mark.parametrize(
    ("text", "code", "line", "said"),
    [
        ("[tool.specloom]\n\noutptu = 'a'", "unknown-setting", 3, "did you mean 'output'?"),
        ("[tool.specloom]\nzzz = 1", "unknown-setting", 2, "known: spec, output"),
        (
            "[other]\nspec = 1\n[tool.specloom]\nspec = 1",
            "bad-setting",
            4,
            "a path, an address, or an",
        ),
        ("[tool.specloom]\noverlays = 'a'", "bad-setting", 2, "a list of paths"),
        ("[tool.specloom]\nonly = [1]", "bad-setting", 2, "a list of tags, operationIds and"),
        ("[tool.specloom]\nformatter = 'x'", "bad-setting", 2, "'black' or 'ruff'"),
        ("[tool.specloom]\nspec = ", "bad-setting", 2, "this is not TOML"),
    ],
)
def test_what_is_wrong_is_shown_with_its_line(
    tmp_path: Path, text: str, code: str, line: int, said: str
) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    with pytest.raises(SpecError) as caught:
        find_config(tmp_path)
    ((place, problem),) = caught.value.problems.located()
    assert (problem.code, place.line) == (code, line)
    assert said in f"{problem.message} {problem.hint}"
    assert text.splitlines()[line - 1].strip() in str(caught.value)
