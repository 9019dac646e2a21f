"""Equal inline schemas are one type; names in the lock stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from specloom import ir
from specloom.options import BuildOptions
from specloom.pipeline import build
from support.generated import forget, generate_sdk
from support.loopback import serving

_HEAD = "{type: object, required: [message], properties: "
_ERROR = _HEAD + "{message: {type: string}, code: {enum: [a, b]}}}"
_OTHER = _HEAD + "{code: {enum: [b, a]}, message: {description: Why., type: string}}}"

_TREE = "{type: object, properties: {left: {type: object, properties: {n: {type: integer}}}}}"


def _operation(name: str, *schemas: str) -> str:
    told = "".join(
        f"        '{400 + number}': {{description: bad, content: {{application/json: "
        f"{{schema: {schema}}}}}}}\n"
        for number, schema in enumerate(schemas)
    )
    return f"""\
  /{name}:
    post:
      operationId: {name}
      x-sdk: {{resource: things, method: {name}}}
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                size: {{type: object, properties: {{width: {{type: integer}}}}}}
      responses:
        "200":
          description: ok
          content:
            application/json:
              schema:
                type: object
                properties: {{{name}_id: {{type: string}}, tree: {_TREE}}}
{told}"""


def _spec(folder: Path, *operations: str, components: str = "") -> Path:
    spec = folder / "spec.yaml"
    head = 'openapi: 3.1.0\ninfo: {title: Equals, version: "1"}\npaths:\n'
    spec.write_text(head + "".join(operations) + components)
    return spec


def test_equal_schemas_are_one_type(tmp_path: Path) -> None:
    spec = _spec(tmp_path, _operation("make", _ERROR, _OTHER), _operation("take", _ERROR, _ERROR))
    made = build(spec, BuildOptions())
    names = {made.names.types[key] for key in made.api.types}
    assert names == {
        "ThingError",
        "ThingMakeResponse",
        "ThingTakeResponse",
        "ThingResponseTree",
        "ThingResponseTreeLeft",
        "ThingRequestSize",
    }
    first, second = made.api.operations()
    kinds = {one.contents[0].type for each in (first, second) for one in each.responses[1:]}
    assert len(kinds) == 1


def test_what_differs_in_meaning_stays_apart(tmp_path: Path) -> None:
    optional = _ERROR.replace("required: [message], ", "")
    number = _ERROR.replace("string", "integer")
    spec = _spec(tmp_path, _operation("make", _ERROR, optional, number))
    made = build(spec, BuildOptions())
    assert len([name for name in made.names.types.values() if "Error" in name]) == 3


def test_components_stay_apart_and_keep_their_names(tmp_path: Path) -> None:
    components = f"components: {{schemas: {{Error: {_ERROR}, Failure: {_ERROR}}}}}\n"
    spec = _spec(
        tmp_path,
        _operation("make", _ERROR),
        _operation("take", _ERROR),
        components=components,
    )
    made = build(spec, BuildOptions())
    names = sorted(
        name for name in made.names.types.values() if name.endswith(("Error", "Failure"))
    )
    assert names == ["Error", "Failure", "ThingError"]


def test_a_locked_name_stays_as_an_alias(tmp_path: Path) -> None:
    spec = _spec(tmp_path, _operation("make", _ERROR), _operation("take", _ERROR))
    lock = tmp_path / "names.lock"
    place = "/paths/~1{}/post/responses/400/content/application~1json/schema"
    sizes = "/paths/~1{}/post/requestBody/content/application~1json/schema/properties/size"
    lock.write_text(
        "types:\n"
        + "".join(f"  {place.format(name)}: {name.title()}Error\n" for name in ("make", "take"))
        + "".join(f"  {sizes.format(name)}: {name.title()}Size\n" for name in ("make", "take"))
    )
    sdk = generate_sdk(spec, tmp_path / "sdk", BuildOptions(names_lock=lock))
    try:
        assert sdk.types.TakeError is sdk.types.MakeError
        assert sdk.types.TakeSizeParam is sdk.types.MakeSizeParam
        with serving() as server:
            server.answer({"take_id": "1", "tree": {"left": {"n": 1}}})
            taken = sdk.client(server.base_url).things.take(size={"width": 2})
            assert taken.tree.left.n == 1
            server.answer({"message": "no"}, status=400)
            with pytest.raises(sdk.module.BadRequestError):
                sdk.client(server.base_url).things.make()
    finally:
        forget(sdk)
    again = build(spec, BuildOptions(names_lock=lock))
    assert all(name in str(again.lock) for name in ("TakeError", "MakeError", "TakeSize"))


_THING = (
    "{type: object, properties: {id: {type: string},"
    " parts: {type: array, items: {type: object, properties: {n: {type: integer}}}}}}"
)


def _thing(method: str, path: str) -> str:
    return f"""\
  {path}:
    {method}:
      parameters: [{{name: id, in: path, required: true, schema: {{type: string}}}}]
      responses:
        "200": {{description: ok, content: {{application/json: {{schema: {_THING}}}}}}}
"""


_THINGS = (_thing("get", "/things/{id}"), _thing("post", "/things/{id}/stop"))


def _results(spec: Path, lock: Path | None = None) -> dict[str, str]:
    made = build(spec, BuildOptions(names_lock=lock))
    found = {}
    for one in made.api.operations():
        answer = one.responses[0].contents[0].type
        assert isinstance(answer, ir.Ref)
        found[made.names.methods[one.pointer]] = made.names.types[answer.key]
    return found


def test_the_result_of_an_operation_is_named_after_it(tmp_path: Path) -> None:
    spec = _spec(tmp_path, *_THINGS)
    names = {"retrieve": "ThingRetrieveResponse", "stop": "ThingStopResponse"}
    assert _results(spec) == names
    assert "ThingResponsePart" in build(spec, BuildOptions()).names.types.values()
    lock = tmp_path / "names.lock"
    lock.write_text(build(spec, BuildOptions(names_lock=lock)).lock or "")
    assert "\nresults: by_operation\n" in lock.read_text()
    assert _results(spec, lock) == names


def test_results_that_users_know_as_one_type_stay_one(tmp_path: Path) -> None:
    later = _thing("get", "/things/{id}/parent")
    spec = _spec(tmp_path, *_THINGS, later)
    lock = tmp_path / "names.lock"
    # As versions wrote it that made one type of equal results.
    lock.write_text("""\
operations:
  GET /things/{id}: {name: things.retrieve}
  POST /things/{id}/stop: {name: things.stop}
types:
  /paths/~1things~1{id}/get/responses/200/content/application~1json/schema: Thing
""")
    known = {"retrieve": "Thing", "stop": "Thing", "parent": "Thing"}
    assert _results(spec, lock) == known
    lock.write_text(build(spec, BuildOptions(names_lock=lock)).lock or "")
    assert _results(spec, lock) == known


def test_an_error_of_most_operations_is_named_after_none_of_them(tmp_path: Path) -> None:
    other = "{type: object, required: [why], properties: {why: {type: string}}}"
    shared = f"""\
components:
  responses:
    '401': {{description: no, content: {{application/json: {{schema: {_ERROR}}}}}}}
"""
    operations = [
        _operation(name, _ERROR, other).replace("resource: things", f"resource: {name}s")
        for name in ("make", "take", "give")
    ]
    last = operations.pop().replace(other, "{$ref: '#/components/responses/401'}")
    last = last.replace("{description: bad, content: {application/json: {schema: {$ref", "{$ref")
    last = last.replace("responses/401'}}}}", "responses/401'}")
    made = build(_spec(tmp_path, *operations, last, components=shared), BuildOptions())
    names = {made.names.types[key] for key in made.api.types}
    assert "Error" in names
    assert len([name for name in names if name.endswith("Error")]) == 2
