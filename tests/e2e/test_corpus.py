"""The corpus command on its own documents, and on three of the corpus if it exists."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from e2e.corpus import steps
from e2e.corpus.__main__ import main
from e2e.corpus.answers import expected, ways
from e2e.corpus.arguments import Given, differences
from e2e.corpus.index import INDEX
from e2e.corpus.raw import Endpoint, bundled, endpoints
from e2e.corpus.samples import Sampler
from e2e.corpus.scalars import NoSampleError
from e2e.corpus.state import ROOT
from specloom.options import BuildOptions
from specloom.pipeline import Build, build
from support.loopback import Received

pytestmark = pytest.mark.slow

CORPUS = Path(os.environ.get("CORPUS", ROOT.parent / "shared/corpus"))
TINY = Path(__file__).with_name("tiny_corpus")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Two documents: one that should pass, one that should not."""
    return Path(shutil.copytree(TINY, tmp_path / "corpus"))


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
    assert "generate: refused: undefined-ref: 11:" in told
    assert list((corpus.parent / "work/sdks").iterdir()) == []

    capsys.readouterr()
    assert run(corpus)[0] == 0
    assert "2 documents are as the run before found them" in capsys.readouterr().out
    (corpus / "real/broken.yaml").write_text("{}", encoding="utf-8")
    assert "generate: refused: not-openapi" in run(corpus, "--step", "generate")[1]
    assert "1 documents are as the run before found them" in capsys.readouterr().out
    run(corpus, "--fresh", "--step", "generate")
    assert "as the run before" not in capsys.readouterr().out


def test_a_valid_document_that_fails_is_an_error(corpus: Path) -> None:
    index = corpus / INDEX
    index.write_text(index.read_text("utf-8").replace("invalid", "valid"), encoding="utf-8")
    code, told = run(corpus, "--step", "generate", "--only", "*broken*")
    assert code == 1
    assert "1 documents: 0 passed, 1 refused with a place, 0 failed, 0 not run" in told
    assert "not asked for" in told


def test_an_operation_that_is_lost_is_missed(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def losing(document: Path, options: BuildOptions) -> Build:
        built = build(document, options)
        return replace(built, api=replace(built.api, resources=()))

    monkeypatch.setattr(steps, "build", losing)
    made: list[Any] = []
    failures, counts = steps.generate(corpus / "real/good.yaml", corpus.parent / "sdk", made)
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
        ({"allOf": [{"required": ["a"]}, {"properties": {"a": {"const": 1}}}]}, {"a": 1}, {"a": 1}),
        ({"allOf": [{"type": "object", "nullable": True}, {"type": "object"}]}, {}, {}),
        ({"oneOf": [{"enum": []}, {"const": "x"}]}, "x", "x"),
        ({"$ref": "#/Cat"}, {"kind": "feline"}, {"kind": "feline", "lives": 1}),
    ],
)  # fmt: skip
def test_samples_keep_to_their_schema(schema: Any, least: Any, full: Any) -> None:
    root = {
        "Pet": {
            "discriminator": {"propertyName": "kind", "mapping": {"feline": "#/Cat"}},
            "properties": {"kind": {"type": "string"}},
            "required": ["kind"],
        },
        "Cat": {
            "allOf": [{"$ref": "#/Pet"}],
            "properties": {"lives": {"type": "integer"}, "secret": {"writeOnly": True}},
        },
    }
    assert Sampler(root, for_request=False).sample(schema) == least
    assert Sampler(root, for_request=False, full=True).sample(schema) == full


def test_no_sample_is_made_of_a_contradiction() -> None:
    with pytest.raises(NoSampleError, match="exclude"):
        Sampler({}, for_request=True).sample({"allOf": [{"type": "string"}, {"type": "array"}]})


def sent(method: str = "GET", path: str = "/pets/a", query: str = "limit=3") -> Received:
    return Received(method, path, query, {}, b"")


@pytest.mark.parametrize(
    ("received", "told"),
    [
        (sent(), ""),
        (sent(method="PUT"), "the method is PUT"),
        (sent(path="/pets/b"), "the path is /pets/b"),
        (sent(path="/v1/pets/a"), "the path is /v1/pets/a"),
        (sent(query="limit=4"), "the query has 'limit=4', not limit=3"),
    ],
)
def test_a_request_that_differs_is_seen(received: Received, told: str) -> None:
    parameters = {("path", "id"): {"in": "path"}, ("query", "limit"): {"in": "query"}}
    endpoint = Endpoint("GET", "/pets/{id}", {}, parameters)
    built = build(TINY / "real/good.yaml", BuildOptions())
    method = next(one for one in built.api.operations() if one.id == "getPet")
    given = Given([], {}, {("path", "id"): "a", ("query", "limit"): 3})
    assert differences(endpoint, method, given, received) == told


@pytest.mark.skipif(not (CORPUS / INDEX).is_file(), reason=f"no corpus in {CORPUS}; set CORPUS")
def test_real_documents_go_the_whole_way(tmp_path: Path) -> None:
    names = ["real/*train-travel-api*", "real/*langfuse*api-client*", "real/*events-v2*"]
    # One process: mypy reads what all SDKs depend on once.
    options = ["--call", "--work", str(tmp_path), "--processes", "1"]
    code = main([str(CORPUS), *options, *(f"--only={name}" for name in names)])
    told = (tmp_path / "report.txt").read_text("utf-8")
    assert code == 0, told
    assert "3 documents: 3 passed" in told


def test_every_success_and_media_type_is_an_answer() -> None:
    text = {"schema": {"type": "string"}}
    number = {"schema": {"type": "object", "required": ["n"], "properties": {"n": {"const": 1}}}}
    contents = {"text/csv": text, "application/json": number, "text/event-stream": number}
    responses = {"200": {"content": contents}, "202": {"description": "Later."}, "404": {}}
    found = ways({}, Endpoint("GET", "/", {"responses": responses}, {}))
    media_types = ["application/json", "text/csv", "text/event-stream", None]
    assert [(way.status, way.media_type) for way in found] == list(
        zip((200, 200, 200, 202), media_types, strict=True)
    )
    contents = [expected({}, way, full=False).content for way in found]
    assert contents == [b'{"n": 1}', b"a text", b'data: {"n": 1}\n\ndata: [DONE]\n\n', b""]


def test_other_files_are_read_as_parts_of_the_document() -> None:
    files = {
        "api.yaml": {"paths": {"/a": {"$ref": "paths/a.yaml"}}, "x": {"$ref": "#/paths"}},
        "paths/a.yaml": {"get": {"responses": {"200": {"$ref": "../all.yaml#/ok"}}}},
        "all.yaml": {"ok": {"content": {"text/plain": {}}}},
    }
    root = bundled(files, "api.yaml")
    (endpoint,) = endpoints(root)
    assert [way.media_type for way in ways(root, endpoint)] == ["text/plain"]
    assert root["x"] == {"$ref": "#/paths"}
