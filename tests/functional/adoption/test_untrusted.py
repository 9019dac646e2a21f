"""An old SDK is untrusted text: it is read within bounds, not written elsewhere, and never run."""

from __future__ import annotations

import io
import os
import tarfile
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from specloom.adoption import sources
from specloom.adoption.layouts import read_old
from specloom.adoption.sources import sources_of
from specloom.commands import main
from specloom.errors import SpecError

HERE = Path(__file__).parent
CLIENT = "class Zoo(SyncAPIClient):\n    def go(self):\n        return self.get('/go')\n"


def tar(path: Path, files: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def test_paths_out_of_an_archive_are_not_read(tmp_path: Path) -> None:
    archive = tmp_path / "zoo.whl"
    with zipfile.ZipFile(archive, "w") as wheel:
        wheel.writestr("../evil.py", "x = 1")
        wheel.writestr("/etc/evil.py", "x = 1")
        wheel.writestr("zoo\\evil.py", "x = 1")
        wheel.writestr("zoo/_client.py", CLIENT)
    assert [*sources_of(str(archive)).files] == ["zoo/_client.py"]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["zoo.whl"]


def test_links_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.py"
    secret.write_text("key = 1")
    package = tmp_path / "sdk/zoo"
    package.mkdir(parents=True)
    (package / "_client.py").write_text(CLIENT)
    os.symlink(secret, package / "linked.py")
    os.symlink(tmp_path, package / "around")
    assert [*sources_of(str(tmp_path / "sdk")).files] == ["zoo/_client.py"]
    archive = tmp_path / "zoo.tar.gz"
    with tarfile.open(archive, "w:gz") as made:
        info = tarfile.TarInfo("zoo-1/zoo/linked.py")
        info.type, info.linkname = tarfile.SYMTYPE, str(secret)
        made.addfile(info)
    assert sources_of(str(archive)).files == {}


def test_a_large_file_is_listed_and_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "LARGEST_FILE", 1_000)
    files = {"z-1/zoo/_client.py": CLIENT.encode(), "z-1/zoo/big.py": b"x" * 2_000}
    sdk = read_old(str(tar(tmp_path / "zoo.tar.gz", files)))
    assert [one.address for one in sdk.methods] == ["go"]
    assert [(str(one.place), one.reason) for one in sdk.unread] == [
        ("zoo/big.py:1", "not read: too large")
    ]


@pytest.mark.parametrize("name", ["zoo.tar.gz", "zoo.whl"])
def test_a_bomb_ends_with_an_error(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "LARGEST_TOTAL", 100_000)
    files = {f"z-1/zoo/f{n}.py": b" " * 60_000 for n in range(5)}
    archive = tmp_path / name
    if name.endswith(".gz"):
        tar(archive, files)
    else:
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as wheel:
            for path, data in files.items():
                wheel.writestr(path, data)
    with pytest.raises(SpecError, match="more than"):
        sources_of(str(archive))


def test_too_many_files_end_with_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MOST_FILES", 10)
    files = {f"z-1/zoo/f{n}.py": b"" for n in range(15)}
    with pytest.raises(SpecError, match="more than"):
        sources_of(str(tar(tmp_path / "zoo.tar.gz", files)))


@pytest.mark.parametrize(
    "text",
    [
        "class Zoo(SyncAPIClient:\n",
        "x = " + "(" * 5_000 + ")" * 5_000,
        "x = " + "-" * 100_000 + "1",
        "x = \x00",
        "class Zoo(SyncAPIClient):\n    def go(self):\n        return self.get("
        + "a." * 20_000
        + "b)",
    ],
    ids=["syntax", "parentheses", "minuses", "null", "attributes"],
)
def test_text_that_cannot_be_parsed_is_listed(tmp_path: Path, text: str) -> None:
    (tmp_path / "zoo").mkdir()
    (tmp_path / "zoo/_client.py").write_text(f"# SyncAPIClient\n{text}\n")
    sdk = read_old(str(tmp_path))
    assert sdk.methods == ()
    assert sdk.unread


def test_classes_that_hold_each_other_end(tmp_path: Path) -> None:
    (tmp_path / "zoo").mkdir()
    (tmp_path / "zoo/_client.py").write_text(
        "from .a import A\n" "class Zoo(SyncAPIClient):\n    a: A\n"
    )
    (tmp_path / "zoo/a.py").write_text(
        "from .a import A as B\nfrom .loop import C\n"
        "class A(A, SyncAPIResource):\n    a: A\n    b: B\n    c: C\n"
        "    def go(self):\n        return self._get('/go')\n"
    )
    (tmp_path / "zoo/loop.py").write_text("from .loop import C\n")
    assert [one.address for one in read_old(str(tmp_path)).methods] == ["a.go"]


@pytest.mark.parametrize("name", ["none-of-that-name", "../x", "plain.tar.gz", "plain.yaml"])
def test_what_is_no_sdk_is_an_error(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plain.tar.gz").write_text("no archive")
    (tmp_path / "plain.yaml").write_text("a: 1")
    result = CliRunner().invoke(main, ["adopt", name, str(HERE / "zoo.yaml")])
    assert result.exit_code == 2
    assert "bad-old-sdk" in result.output


def test_names_of_the_old_sdk_never_become_yaml(tmp_path: Path) -> None:
    package = tmp_path / "sdk/zoo"
    package.mkdir(parents=True)
    (package / "_version.py").write_text('__version__ = "1\\n  - target: $.info"\n')
    text = (HERE / "old/stainless/src/zoo/_client.py").read_text()
    (package / "_client.py").write_text(text.replace('"ZOO_TOKEN"', '"A, B]\\n- target: $"'))
    result = CliRunner().invoke(
        main, ["adopt", str(tmp_path / "sdk"), str(HERE / "zoo.yaml"), "-o", str(tmp_path / "out")]
    )
    assert result.exit_code == 2
    assert "bad-x-sdk" in result.output
    assert "\n- target" not in (tmp_path / "out/adopt.overlay.yaml").read_text()
