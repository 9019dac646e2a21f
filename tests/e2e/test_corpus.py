"""The corpus command itself, on documents of its own, and on three of the corpus if it is there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from e2e.corpus.__main__ import main
from e2e.corpus.index import INDEX
from e2e.corpus.samples import NoSampleError, Sampler
from e2e.corpus.state import ROOT

CORPUS = Path(os.environ.get("CORPUS", ROOT.parent / "shared/corpus"))
GOOD = """
openapi: 3.1.0
info: {title: Good Pets, version: "1"}
paths:
  /pets/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get:
      operationId: getPet
      parameters: [{name: limit, in: query, schema: {type: integer}}]
      responses: {"200": {description: A pet., content: &pet {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}}
    put:
      operationId: putPet
      requestBody: {required: true, content: *pet}
      responses: {"204": {description: Done.}}
  /picture:
    get: {operationId: picture, responses: {"200": {description: One., content: {image/png: {}}}}}
  /never:
    get:
      operationId: never
      responses: {"200": {description: Endless., content: {application/json: {schema: {$ref: "#/components/schemas/Endless"}}}}}
components:
  schemas:
    Pet:
      oneOf: [{$ref: "#/components/schemas/Cat"}, {$ref: "#/components/schemas/Dog"}]
      discriminator: {propertyName: kind}
    Cat: {type: object, required: [kind], properties: {kind: {type: string}, born: {type: string, format: date-time}}}
    Dog: {type: object, required: [kind], properties: {kind: {type: string}, bark: {type: [string, "null"]}}}
    Endless: {type: object, required: [more], properties: {more: {$ref: "#/components/schemas/Endless"}}}
"""
BROKEN = """
openapi: 3.1.0
info: {title: Broken, version: "1"}
paths:
  /pets:
    get:
      responses: {"200": {description: "?", content: {application/json: {schema: {$ref: "#/no"}}}}}
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Two documents: one that should pass, one that should not."""
    folder = tmp_path / "corpus"
    (folder / "real").mkdir(parents=True)
    rows = ["path\tbytes\toperations\tvalidator"]
    for name, text, verdict in (("good", GOOD, "valid"), ("broken", BROKEN, "invalid")):
        (folder / f"real/{name}.yaml").write_text(text, encoding="utf-8")
        rows.append(f"real/{name}.yaml\t{len(text)}\t4\t{verdict}")
    (folder / INDEX).write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def run(corpus: Path, *options: str) -> tuple[int, str]:
    """The exit code of the command, and its report."""
    work = corpus.parent / "work"
    code = main([str(corpus), "--work", str(work), "--processes", "2", *options])
    return code, (work / "report.txt").read_text("utf-8")


def test_each_step_is_run_counted_and_remembered(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told = run(corpus, "--call")
    assert code == 0, told
    assert "2 documents: 1 passed, 1 refused with a place, 0 failed, 0 not run" in told
    assert "4  operations" in told
    # Three operations can be answered, each with the least and with all there is.
    assert "3  async calls" in told
    assert "3  sync calls" in told
    assert "1  not called: full: endless" in told
    assert "1  not called: least: endless" in told
    assert "generate: refused: undefined-ref: 7:" in told
    assert list((corpus.parent / "work/sdks").iterdir()) == []

    capsys.readouterr()
    assert run(corpus) == (0, told.replace(told, run(corpus)[1]))
    assert "2 documents are as the run before found them" in capsys.readouterr().out


def test_a_valid_document_that_fails_is_an_error(corpus: Path) -> None:
    index = corpus / INDEX
    index.write_text(index.read_text("utf-8").replace("invalid", "valid"), encoding="utf-8")
    code, told = run(corpus, "--step", "generate", "--only", "*broken*")
    assert code == 1
    assert "1 documents: 0 passed, 1 refused with a place, 0 failed, 0 not run" in told
    assert "not asked for" in told


def test_an_operation_that_is_lost_is_missed(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from e2e.corpus import steps

    real = steps.build

    def losing(*arguments: Any) -> Any:
        built = real(*arguments)
        monkeypatch.setattr(type(built.api), "operations", lambda _: [])
        return built

    monkeypatch.setattr(steps, "build", losing)
    made: list[Any] = []
    failures, counts = steps._generate(corpus / "real/good.yaml", corpus.parent / "sdk", made)
    assert [failure.error for failure in failures] == [
        "GET /never", "GET /pets/{id}", "GET /picture", "PUT /pets/{id}",
    ]  # fmt: skip
    assert counts["operations"] == 4


@pytest.mark.parametrize(
    ("schema", "least", "full"),
    [
        ({"type": ["integer", "null"], "minimum": 5}, None, 5),
        ({"type": "number", "exclusiveMinimum": 0, "maximum": 0.5}, 0.5, 0.5),
        ({"enum": ["a", "b", None]}, None, "b"),
        ({"type": "array", "items": {"type": "string"}, "maxItems": 3}, [], ["text"]),
        ({"allOf": [{"type": "object", "required": ["a"]}, {"properties": {"a": {"const": 1}}}]}, {"a": 1}, {"a": 1}),
        ({"oneOf": [{"enum": []}, {"const": "x"}]}, "x", "x"),
        ({"$ref": "#/Cat"}, {"kind": "feline"}, {"kind": "feline", "lives": 1}),
    ],
)  # fmt: skip
def test_samples_keep_to_their_schema(schema: Any, least: Any, full: Any) -> None:
    root = yaml.safe_load("""
        Pet: {discriminator: {propertyName: kind, mapping: {feline: "#/Cat"}}, properties: {kind: {type: string}}, required: [kind]}
        Cat: {allOf: [{$ref: "#/Pet"}, {properties: {lives: {type: integer}, secret: {writeOnly: true}}}]}
        """)
    assert Sampler(root, for_request=False).sample(schema) == least
    assert Sampler(root, for_request=False, full=True).sample(schema) == full


def test_no_sample_is_made_of_a_contradiction() -> None:
    with pytest.raises(NoSampleError, match="exclude"):
        Sampler({}, for_request=True).sample({"allOf": [{"type": "string"}, {"type": "array"}]})


@pytest.mark.skipif(not (CORPUS / INDEX).is_file(), reason=f"no corpus in {CORPUS}; set CORPUS")
@pytest.mark.parametrize("name", ["train-travel-api", "langfuse*api-client", "events-v2"])
def test_a_real_document_goes_the_whole_way(name: str, tmp_path: Path) -> None:
    code = main([str(CORPUS), "--only", f"real/*{name}*", "--call", "--work", str(tmp_path)])
    told = (tmp_path / "report.txt").read_text("utf-8")
    assert code == 0, told
    assert "1 documents: 1 passed" in told
