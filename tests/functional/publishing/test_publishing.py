"""The SDK as a distribution: its metadata, the edits of a person, and the wheel."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from email.parser import Parser
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from specloom.commands import main

SPEC = """\
openapi: 3.1.0
info:
  title: Zoo
  version: "1"
  license: {name: Apache 2.0}
  contact: {name: Keepers, email: keepers@zoo.example.com, url: "https://zoo.example.com/help"}
externalDocs: {url: "https://zoo.example.com/docs"}
servers: [{url: "https://api.zoo.example.com"}]
x-sdk: {project: {}}
paths:
  /animals: {get: {responses: {"200": {description: All., content: {application/json: {schema: {type: array, items: {type: string}}}}}}}}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def generate(project: str = "{}", *options: str, spec: str = SPEC) -> Result:
    Path("zoo.yaml").write_text(spec.replace("project: {}", f"project: {project}"))
    return CliRunner().invoke(main, ["generate", "zoo.yaml", "-o", "sdk", *options])


def metadata(project: str = "{}", spec: str = SPEC) -> dict[str, Any]:
    result = generate(project, spec=spec)
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = tomllib.loads(Path("sdk/pyproject.toml").read_text())["project"]
    return found


def edit(old: str, new: str) -> str:
    file = Path("sdk/pyproject.toml")
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))
    return file.read_text()


def test_the_description_fills_the_metadata() -> None:
    found = metadata()
    assert found["license"] == "Apache-2.0"
    assert found["authors"] == [{"name": "Keepers", "email": "keepers@zoo.example.com"}]
    assert found["urls"] == {
        "Documentation": "https://zoo.example.com/docs",
        "Contact": "https://zoo.example.com/help",
        "API": "https://api.zoo.example.com",
    }


def test_x_sdk_fills_the_rest_and_wins() -> None:
    found = metadata(
        "{name: acme-zoo, license: MIT OR Apache-2.0, authors: [{name: 'Ada \"A\"'}], keywords: [zoo],"
        " classifiers: ['Topic :: Internet'], urls: {Source: 'https://github.com/acme/zoo'},"
        " python: '>=3.12', dependencies: {HTTPX2: '>=2.17', boto3: ''}}"
    )
    assert found["name"] == "acme-zoo"
    assert found["license"] == "MIT OR Apache-2.0"
    assert found["authors"] == [{"name": 'Ada "A"'}]
    assert found["keywords"] == ["zoo"]
    assert "Topic :: Internet" in found["classifiers"]
    assert found["urls"]["Source"] == "https://github.com/acme/zoo"
    assert found["requires-python"] == ">=3.12"
    assert "httpx2>=2.17" in found["dependencies"]
    assert "boto3" in found["dependencies"]
    assert len(found["dependencies"]) == 5
    assert "pip install acme-zoo" in Path("sdk/README.md").read_text()


@pytest.mark.parametrize("name", ["Proprietary", "Apache 2.0 with a twist", ""])
def test_a_license_outside_spdx_is_ignored(name: str) -> None:
    assert "license" not in metadata(spec=SPEC.replace("Apache 2.0", f"'{name}'"))


@pytest.mark.parametrize(
    ("project", "said"),
    [
        ("{license: Propietary}", "is not an SPDX license expression"),
        ("{python: '>=3.9'}", "older than 3.11"),
        ("{python: three}", "is not a version specifier"),
        ("{dependencies: {httpx2: '~2'}}", "is not a version specifier"),
        (
            "{classifiers: ['License :: OSI Approved :: MIT License']}",
            "a classifier cannot state the license",
        ),
        ("{authors: [{mail: a@b.example}]}", "x-sdk has no key 'mail' here"),
        ("{urls: {Source: 'javascript:alert(1)'}}", "an http or https URL"),
        ("{licence: MIT}", "did you mean 'license'?"),
    ],
)
def test_what_no_installer_could_read_is_an_error_with_its_place(project: str, said: str) -> None:
    result = generate(project)
    assert result.exit_code == 2
    assert said in result.output
    assert "zoo.yaml:9:" in result.output


@pytest.mark.parametrize(
    ("source", "link"),
    [
        ("https://github.com/acme/zoo", "https://github.com/acme/zoo/blob/HEAD/docs/README.md"),
        ("https://github.com/acme/zoo.git", "https://github.com/acme/zoo/blob/HEAD/docs/README.md"),
        (
            "https://github.com/acme/zoo/tree/main/generated",
            "https://github.com/acme/zoo/blob/main/generated/docs/README.md",
        ),
        (
            "https://gitlab.com/acme/apis/zoo/-/tree/main/sdk/",
            "https://gitlab.com/acme/apis/zoo/-/blob/main/sdk/docs/README.md",
        ),
        ("https://git.example.com/zoo", "docs/README.md"),
    ],
)
def test_links_of_the_readme_are_absolute_where_a_repository_is_known(
    source: str, link: str
) -> None:
    metadata(f"{{urls: {{Source: '{source}'}}}}")
    text = Path("sdk/README.md").read_text()
    assert f"({link})" in text
    assert ("](docs/" in text) == (link == "docs/README.md")


def test_what_a_person_adds_stays_and_is_no_difference() -> None:
    metadata()
    edit(
        'readme = "README.md"\n',
        'readme = "README.md"\n# ours\nmaintainers = [\n  {name = "A"},\n]\n',
    )
    edit('    "pydantic', '    "boto3",\n    "pydantic')
    edited = edit("[tool.hatch", '[project.scripts]\nzoo = "zoo_sdk:main"\n\n[tool.hatch')
    assert generate("{}", "--check").exit_code == 0
    result = generate()
    assert result.exit_code == 0
    assert "kept" not in result.output
    assert Path("sdk/pyproject.toml").read_text() == edited
    found = metadata("{keywords: [zoo], dependencies: {pydantic: '>=2.13,<3'}}")
    assert found["maintainers"] == [{"name": "A"}]
    assert found["scripts"] == {"zoo": "zoo_sdk:main"}
    assert found["keywords"] == ["zoo"]
    assert {"boto3", "pydantic>=2.13,<3"} <= set(found["dependencies"])
    assert "pydantic>=2.12,<3" not in found["dependencies"]
    assert "# ours\nmaintainers" in Path("sdk/pyproject.toml").read_text()
    assert (
        generate("{keywords: [zoo], dependencies: {pydantic: '>=2.13,<3'}}", "--check").exit_code
        == 0
    )


def test_changed_and_removed_values_stay() -> None:
    metadata()
    edit('"Python client for Zoo"', '"The zoo"')
    edit('    "Typing :: Typed",\n', "")
    found = metadata(
        "{keywords: [zoo]}", spec=SPEC.replace("title: Zoo", "title: Zoo\n  summary: x")
    )
    assert found["description"] == "The zoo"
    assert "Typing :: Typed" not in found["classifiers"]


def test_what_the_description_no_longer_says_goes() -> None:
    metadata()
    edit('readme = "README.md"', 'readme = "README.md"\nmaintainers = [{name = "A"}]')
    found = metadata(spec=SPEC.replace("  license: {name: Apache 2.0}\n", ""))
    assert "license" not in found
    assert "maintainers" in found


def test_urls_with_dotted_keys_are_kept_as_they_are() -> None:
    metadata(
        spec=SPEC.replace("externalDocs", "x-docs")
        .replace("servers", "x-servers")
        .replace(', url: "https://zoo.example.com/help"', "")
    )
    edit(
        'readme = "README.md"',
        'readme = "README.md"\nurls.Source = "https://a.example"\n'
        'urls.Issues = "https://b.example"',
    )
    result = generate()  # now with [project.urls]
    assert result.exit_code == 0
    assert "edited by hand; kept as is" in result.output
    found = tomllib.loads(Path("sdk/pyproject.toml").read_text())["project"]
    assert found["urls"] == {"Source": "https://a.example", "Issues": "https://b.example"}


def test_invalid_toml_is_kept_and_reported() -> None:
    metadata()
    edit("[project]", "[project")
    result = generate()
    assert result.exit_code == 0
    assert "edited by hand; kept as is" in result.output
    assert generate("{}", "--check").exit_code == 1


def test_a_file_deleted_by_a_person_is_written_again() -> None:
    metadata()
    Path("sdk/pyproject.toml").unlink()
    assert metadata()["name"] == "zoo-sdk"


def test_the_wheel_has_the_metadata() -> None:
    metadata("{license: MIT, keywords: [zoo, animals], urls: {Source: 'https://github.com/a/b'}}")
    Path("sdk/LICENSE").write_text("MIT License")
    script = "import hatchling.build as b; b.build_wheel('.'); b.build_sdist('.')"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd="sdk", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = Path("sdk").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [one for one in archive.namelist() if one.endswith("/METADATA")]
        found = Parser().parsestr(archive.read(name).decode())
        assert any(one.endswith("licenses/LICENSE") for one in archive.namelist())
        assert "zoo_sdk/py.typed" in archive.namelist()
    assert found["License-Expression"] == "MIT"
    assert found["Author-email"] == "Keepers <keepers@zoo.example.com>"
    assert found["Keywords"] == "animals,zoo"
    assert "Source, https://github.com/a/b" in found.get_all("Project-URL", [])
    assert "https://github.com/a/b/blob/HEAD/docs/README.md" in found.get_payload()
