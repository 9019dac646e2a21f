"""Pieces of Python: their imports are data, not derived from their text."""

from __future__ import annotations

from pathlib import Path

from specloom.options import BuildOptions
from specloom.pipeline import build
from specloom.sdk.code import NONE, Annotation, Code, below, code, imported, runtime

DATE = Annotation.of(imported("datetime", "date"))
LITERAL = imported("typing", "Literal")


def test_a_piece_has_the_imports_of_its_pieces() -> None:
    piece = code("{}(lambda: {})", runtime("Json"), Annotation.of(runtime("Stream"), DATE))
    assert piece.text == "Json(lambda: Stream[date])"
    assert piece.imports == {
        ("._runtime.api.content", "Json"),
        ("._runtime.streaming.stream", "Stream"),
        ("datetime", "date"),
    }


def test_a_union_has_each_member_once_and_each_value_of_a_literal_is_an_alternative() -> None:
    known = Annotation.literal(LITERAL, ["a", 1])
    either = Annotation.union(known, Annotation.builtin("str"), known, NONE)
    assert either.text == 'Literal["a", 1] | str | None'
    assert either.imports == {("typing", "Literal")}
    kinds = [(one.text, one.kind) for one in either.alternatives]
    assert kinds == [('Literal["a"]', "str"), ("Literal[1]", "int"), ("str", ""), ("None", "")]


def test_an_alternative_is_written_with_the_alternatives_of_its_arguments() -> None:
    optional = Annotation.union(DATE, NONE)
    (alternative,) = Annotation.of(Code("dict"), Annotation.builtin("str"), optional).alternatives
    assert alternative.text == "dict[str, date | None]"


def test_imports_of_the_sdk_are_relative_to_where_they_are_written() -> None:
    imports = [(".", "types"), ("._runtime.options", "omit"), ("typing", "Any")]
    assert below(0, imports) == set(imports)
    assert below(2, imports) == {
        ("...", "types"),
        ("..._runtime.options", "omit"),
        ("typing", "Any"),
    }


SPEC = """
openapi: 3.1.0
info: {title: Tiny, version: "1"}
servers: [{url: "https://tiny.example.com"}]
paths:
  /days/Style():
    get: {operationId: getDay, tags: [days], responses: {"200": {description: It.,
      content: {application/json: {schema: {$ref: "#/components/schemas/Day"}}}}}}
components:
  schemas:
    Day: {type: object, properties: {first: {$ref: "#/components/schemas/First"},
      second: {$ref: "#/components/schemas/Second"}}}
    First: {type: string, enum: [Second, Third]}
    Second: {type: string, enum: [a, b]}
"""


def test_words_of_the_description_neither_import_nor_order_anything(tmp_path: Path) -> None:
    spec = tmp_path / "tiny.yaml"
    spec.write_text(SPEC)
    files = build(spec, BuildOptions()).files
    (module,) = (
        text for text in files.values() if "path='/days/Style()'" in text.replace('"', "'")
    )
    (imports,) = (line for line in module.splitlines() if "_runtime.api.content" in line)
    assert imports.endswith("import Json")
    types = files["tiny_sdk/types/days.py"]
    assert types.index("First: TypeAlias") < types.index("Second: TypeAlias")
