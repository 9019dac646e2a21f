"""The operations that an error affects, and the remaining part of a description."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from specloom.errors import SpecError
from specloom.options import BuildOptions
from specloom.pipeline import Reading, read

HEAD = 'openapi: 3.1.0\ninfo: {title: T, version: "1"}\n'
BAD = "{$ref: '#/components/schemas/Gone'}"
RESPONSES = 'responses: {"200": {description: ok, content: {application/json: {schema: %s}}}}'
PARTIAL = BuildOptions(allow_partial=True)

Read = Callable[..., Reading]


@pytest.fixture
def reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    """Reads a description, given without its head; other files by their names."""
    monkeypatch.chdir(tmp_path)

    def made(text: str, options: BuildOptions = PARTIAL, **files: str) -> Reading:
        Path("a.yaml").write_text(HEAD + dedent(text), encoding="utf-8")
        for name, content in files.items():
            Path(f"{name}.yaml").write_text(dedent(content), encoding="utf-8")
        return read(Path("a.yaml"), options)

    return made


def answering(schema: str) -> str:
    return f"{{{RESPONSES % schema}}}"


def kept(reading: Reading) -> list[str]:
    return sorted(f"{one.http_method} {one.path}" for one in reading.api.operations())


def left_out(reading: Reading) -> list[str]:
    return [one.name for one in reading.api.left_out]


def codes(error: SpecError) -> list[str]:
    return [problem.code for _, problem in error.problems.located()]


class TestWhatAnErrorTakesWithIt:
    def test_its_own_operation(self, reading: Read) -> None:
        made = reading(f"paths: {{/a: {{get: {answering(BAD)}, put: {answering('{}')}}}}}")
        assert (kept(made), left_out(made)) == (["PUT /a"], ["GET /a"])

    def test_whoever_reaches_it_through_references(self, reading: Read) -> None:
        made = reading(f"""
            paths:
              /far: {{get: {answering("{items: {$ref: '#/components/schemas/Far'}}")}}}
              /near: {{post: {{requestBody: {{$ref: '#/components/requestBodies/Near'}}}}}}
              /other: {{get: {answering("{$ref: '#/components/schemas/Other'}")}}}
            components:
              requestBodies:
                Near: {{content: {{application/json: {{schema: {BAD}}}}}}}
              schemas:
                Far: {{properties: {{near: {{$ref: '#/components/schemas/Near'}}}}}}
                Near: {{additionalProperties: {BAD}}}
                Other: {{properties: {{a: {{type: string}}}}}}
        """)
        assert (kept(made), left_out(made)) == (["GET /other"], ["GET /far", "POST /near"])
        assert [one.wire_name for one in made.api.types.values()] == ["Other"]

    def test_whoever_refers_into_the_middle_of_a_component(self, reading: Read) -> None:
        made = reading(f"""
            paths:
              /a: {{get: {answering("{$ref: '#/components/schemas/A/properties/fine'}")}}}
              /b: {{get: {answering("{$ref: '#/components/schemas/B/properties/fine'}")}}}
            components:
              schemas:
                A: {{properties: {{fine: {{type: string}}, bad: {BAD}}}}}
                B: {{properties: {{fine: {{type: string}}}}}}
        """)
        assert (kept(made), left_out(made)) == (["GET /b"], ["GET /a"])

    def test_a_shared_fault_affects_all_operations_of_a_path_item(self, reading: Read) -> None:
        made = reading("""
            paths:
              /a/{x}: {parameters: [{name: x}], get: {}, delete: {}}
              /b/{x}: {parameters: [{$ref: '#/components/parameters/X'}], get: {}}
              /c: {get: {}}
            components: {parameters: {X: {name: x}}}
        """)
        assert left_out(made) == ["GET /a/{x}", "DELETE /a/{x}", "GET /b/{x}"]
        assert kept(made) == ["GET /c"]

    def test_path_items_behind_references(self, reading: Read) -> None:
        made = reading(
            """
            paths:
              /a: {$ref: 'b.yaml#/items/a'}
              /b: {$ref: '#/components/pathItems/Gone'}
            components:
              pathItems:
                Spare: {get: {tags: 1}}
            """,
            b="items: {a: {get: {operationId: one, tags: 1}, put: {operationId: two}}}",
        )
        assert (kept(made), left_out(made)) == (["PUT /a"], ["GET /a (one)", "/b"])

    def test_files_that_cannot_be_found(self, reading: Read) -> None:
        made = reading(f"""
            paths:
              /a: {{get: {answering("{$ref: 'gone/b.yaml#/B'}")}}}
              /b: {{get: {answering("{$ref: 'https://example.com/b.yaml'}")}}}
              /c: {{get: {{}}}}
        """)
        assert (kept(made), left_out(made)) == (["GET /c"], ["GET /a", "GET /b"])
        reasons = [reason for one in made.api.left_out for reason in one.reasons]
        assert reasons[0].startswith("cannot read gone/b.yaml: ")
        assert reasons[1].startswith("https://example.com/b.yaml is remote (remote-ref at a.yaml#")

    def test_callbacks_and_discriminators(self, reading: Read) -> None:
        made = reading(f"""
            paths:
              /a: {{post: {{callbacks: {{done: {{$ref: '#/components/callbacks/Done'}}}}}}}}
              /b: {{get: {answering("{$ref: '#/components/schemas/Pet'}")}}}
              /c: {{get: {{}}}}
            components:
              callbacks: {{Done: {{'{{$url}}': {{post: {answering(BAD)}}}}}}}
              schemas:
                Pet:
                  properties: {{kind: {{type: string}}}}
                  discriminator: {{propertyName: kind, mapping: {{cat: Cat}}}}
                Cat: {{properties: {{tail: {BAD}}}}}
        """)
        assert (kept(made), left_out(made)) == (["GET /c"], ["POST /a", "GET /b"])

    def test_what_a_yaml_alias_repeats(self, reading: Read) -> None:
        made = reading(f"""
            paths:
              /a: {{get: &get {answering(BAD)}}}
              /b: {{get: *get, put: {{}}}}
        """)
        assert (kept(made), left_out(made)) == (["PUT /b"], ["GET /a", "GET /b"])

    def test_unreachable_components_are_left_out_alone(self, reading: Read) -> None:
        made = reading(f"""
            paths: {{/a: {{get: {{}}}}}}
            components:
              schemas: {{A: {{properties: {{b: {BAD}}}}}, B: {{properties: {{c: {{}}}}}}}}
        """)
        assert (kept(made), left_out(made)) == (["GET /a"], [])
        assert [one.wire_name for one in made.api.types.values()] == ["B"]
        assert [(one.code, one.severity) for one in made.problems] == [("undefined-ref", "warning")]

    def test_unused_path_items_have_no_effect(self, reading: Read) -> None:
        text = "paths: {/a: {get: {}}}\ncomponents: {pathItems: {Spare: {get: {tags: 1}}}}"
        made = reading(text)
        assert (kept(made), left_out(made)) == (["GET /a"], [])
        assert [(one.code, one.severity) for one in made.problems] == [("wrong-type", "warning")]

    def test_webhooks(self, reading: Read) -> None:
        made = reading(
            f"paths: {{/a: {{get: {{}}}}}}\nwebhooks: {{new: {{post: {answering(BAD)}}}}}"
        )
        assert (kept(made), left_out(made)) == (["GET /a"], ["webhook POST new"])


class TestWhatIsTold:
    def test_a_warning_for_each_operation_and_each_error(self, reading: Read) -> None:
        made = reading(f"""
            paths:
              /a: {{get: {{operationId: one, {RESPONSES % BAD}}}}}
              /b: {{get: {{}}}}
        """)
        assert not made.problems.has_errors
        told = {one.code: (at.line, one.message) for at, one in made.problems.located()}
        assert told["left-out"] == (
            5,
            "GET /a (one) is left out: undefined-ref at a.yaml:5:107",
        )
        assert told["undefined-ref"][0] == 5

    def test_notes_do_not_mention_files_of_this_machine(
        self, reading: Read, tmp_path: Path
    ) -> None:
        made = reading(f"paths: {{/a: {{get: {answering(BAD)}}}, /b: {{get: {{}}}}}}")
        absolute = read(tmp_path / "a.yaml", PARTIAL)
        assert made.api.left_out == absolute.api.left_out
        ((reason,),) = [one.reasons for one in made.api.left_out]
        assert reason == (
            "'#/components/schemas/Gone' does not exist (undefined-ref at"
            " a.yaml#/paths/~1a/get/responses/200/content/application~1json/schema/$ref)"
        )

    def test_only_the_first_reasons_are_listed(self, reading: Read) -> None:
        properties = ", ".join(f"p{number}: {BAD}" for number in range(7))
        schema = f"{{properties: {{{properties}}}}}"
        made = reading(f"paths: {{/a: {{get: {answering(schema)}}}, /b: {{get: {{}}}}}}")
        ((*first, last),) = [one.reasons for one in made.api.left_out]
        assert (len(first), last) == (5, "and 2 more")
        (message,) = [one.message for one in made.problems if one.code == "left-out"]
        assert message.count("undefined-ref at ") == 5
        assert message.endswith(", and 2 more")


class TestWhatStaysAnError:
    def test_everything_without_the_option(self, reading: Read) -> None:
        with pytest.raises(SpecError) as caught:
            reading(f"paths: {{/a: {{get: {answering(BAD)}}}}}", BuildOptions())
        assert codes(caught.value) == ["undefined-ref"]

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("x-sdk: {pakage: a}\npaths: {/a: {get: {}}}", "unknown-x-sdk-key"),
            ("paths: [1]", "wrong-type"),
            ("paths: {/a: {get: {}}}\ncomponents: {securitySchemes: {k: [1]}}", "wrong-type"),
        ],
    )
    def test_what_belongs_to_no_operation(self, reading: Read, text: str, code: str) -> None:
        with pytest.raises(SpecError) as caught:
            reading(text, b="a: b: c")
        assert codes(caught.value) == [code]

    def test_a_description_without_remaining_operations(self, reading: Read) -> None:
        with pytest.raises(SpecError) as caught:
            reading(f"paths: {{/a: {{get: {answering(BAD)}}}}}")
        assert codes(caught.value) == ["nothing-left", "undefined-ref"]


class TestWithOnly:
    TEXT = f"""
        paths:
          /a: {{get: {{operationId: a, {RESPONSES % BAD}}}}}
          /b: {{get: {{operationId: b, parameters: [{{name: x, in: path, schema: {{}}}}]}}}}
          /c: {{get: {{operationId: c, {RESPONSES % "{required: [y], properties: {}}"}}}}}
    """

    def test_errors_and_warnings_of_others_do_not_matter(self, reading: Read) -> None:
        made = reading(self.TEXT, BuildOptions(only=("c",)))
        assert (kept(made), left_out(made)) == (["GET /c"], [])
        assert [problem.code for problem in made.problems] == ["undeclared-required"]

    def test_those_of_the_chosen_do(self, reading: Read) -> None:
        with pytest.raises(SpecError) as caught:
            reading(self.TEXT, BuildOptions(only=("a", "b")))
        assert codes(caught.value) == ["undefined-ref", "unused-path-parameter"]

    def test_and_may_be_left_out(self, reading: Read) -> None:
        made = reading(self.TEXT, BuildOptions(only=("a", "b"), allow_partial=True))
        assert (kept(made), left_out(made)) == (["GET /b"], ["GET /a (a)"])
        with pytest.raises(SpecError) as caught:
            reading(self.TEXT, BuildOptions(only=("a",), allow_partial=True))
        assert codes(caught.value) == ["nothing-left", "undefined-ref"]

    def test_errors_of_the_root_always_do(self, reading: Read) -> None:
        with pytest.raises(SpecError) as caught:
            reading("x-sdk: {pakage: a}\n" + dedent(self.TEXT), BuildOptions(only=("c",)))
        assert "unknown-x-sdk-key" in codes(caught.value)
