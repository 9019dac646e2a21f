"""Every name of a description becomes a Python name: nothing is lost, hidden, or named twice."""

from __future__ import annotations

import asyncio
import inspect
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from specloom.pipeline import BuildOptions, build
from support.generated import Sdk
from support.loopback import Loopback
from support.typecheck import mypy_errors

pytestmark = pytest.mark.slow

VALUES: dict[str, Any] = {
    "date": "2024-05-01",
    "other_date": "2024-05-02",
    "datetime": "2024-05-01T00:00:00Z",
    "other_datetime": "2024-05-02T00:00:00Z",
    "int": 1,
    "other_int": 2,
    "count": 3,
    "list": ["a"],
    "float": 1.5,
    "bool": True,
    "dict": {"a": 1},
    "Literal": "a",
    "Any": [1],
    "other_any": {"a": None},
    "+1": 1,
    "-1": -1,
    "1st": 1,
    "Ⅷ": 8,
    "大小": {"x": 1},
    "nested": {"List": ["a"], "items-key": "k", "int": 3, "size": 4},
}


def attributes(sdk: Sdk, name: str) -> dict[str, str]:
    """The attributes of a model by wire name."""
    model = getattr(sdk.types, name)
    model.model_rebuild()
    aliases = {attribute: field.alias for attribute, field in model.model_fields.items()}
    return {
        attribute if alias is None else alias: attribute for attribute, alias in aliases.items()
    }


def test_every_module_imports_without_a_warning(sdk: Sdk) -> None:
    names = [name for name in sdk.import_all() if "_runtime" not in name]
    code = "; ".join(f"import {name}" for name in names)
    command = [sys.executable, "-W", "error", "-c", code]
    subprocess.run(command, cwd=sdk.folder, check=True)


def test_every_property_is_read_and_written_back(sdk: Sdk, server: Loopback) -> None:
    names = attributes(sdk, "Reserved")
    assert len(names) == 49
    wire = {name: VALUES.get(name, f"value of {name}") for name in names}
    server.answer(wire)
    result = sdk.client(server.base_url, strict=True).class_.import_("c", id="i")
    assert result.to_dict() == wire
    assert result.date == date(2024, 5, 1)
    assert result.other_date == date(2024, 5, 2)
    assert result.other_datetime == datetime(2024, 5, 2, tzinfo=UTC)
    assert result.nested.int_ == 3
    for name, attribute in names.items():
        if name not in VALUES:
            assert getattr(result, attribute) == f"value of {name}"


def test_every_property_is_an_argument(sdk: Sdk, server: Loopback) -> None:
    import_ = sdk.client(server.base_url).class_.import_
    arguments = [name for name in inspect.signature(import_).parameters if name != "options"]
    given = dict.fromkeys(arguments[1:], "v")
    server.answer({})
    import_("c", **given)
    assert server.last.path == "/class/v/import/c"
    assert set(server.last.json) == set(attributes(sdk, "Reserved"))
    assert set(server.last.json.values()) == {"v"}
    assert server.last.query == [
        ("id", "v"),
        ("timeout", "v"),
        ("self", "v"),
        ("_private", "v"),
        ("2nd", "v"),
        ("filter[name]", "v"),
    ]
    assert server.last.headers["body"] == server.last.headers["x-trace"] == "v"
    assert server.last.headers["cookie"] == "x_trace=v"


def test_inputs_with_one_name_are_distinguished_by_location(sdk: Sdk, server: Loopback) -> None:
    server.answer({})
    server.answer({})
    client = sdk.client(server.base_url)
    client.class_.import_(
        "CLASS", id="ID", query_id=1, body_class="B", body="H", timeout=9, timeout_=2
    )
    assert server.last.path == "/class/ID/import/CLASS"
    assert server.last.raw_query == "id=1&timeout=2"
    assert server.last.headers["body"] == "H"
    assert server.last.json == {"class": "B"}
    client.class_.raw(body=[{"List": []}], header_body="H")
    assert server.last.json == [{"List": []}]
    assert server.last.headers["body"] == "H"


def test_no_schema_is_lost(sdk: Sdk, server: Loopback) -> None:
    wire: dict[str, Any] = {name: {"x": 1} for name in attributes(sdk, "Everything")}
    wire |= {
        "optional": {"List": []},
        "thing": {"a": "1"},
        "Thing": {"b": "1"},
        "th-ing": {"c": "1"},
        "Sign": "+1",
    }
    server.answer(wire)
    result = sdk.client(server.base_url, strict=True).class_.raw(body=[])
    assert result.to_dict() == wire
    classes = {type(getattr(result, name)) for name in attributes(sdk, "Everything").values()}
    assert len(classes) == len(wire) - 1  # a variant of Variants is a Model
    assert (result.thing.a, result.thing_2.b, result.th_ing.c) == ("1", "1", "1")


def test_operations_are_named_by_method_and_path(sdk: Sdk, server: Loopback) -> None:
    client = sdk.client(server.base_url)
    for call, sent in (
        (lambda: client.users.posts.retrieve("u"), ("GET", "/users/u/posts")),
        (lambda: client.users.posts.delete("u"), ("DELETE", "/users/u/posts")),
        (client.root.retrieve, ("GET", "/")),
        (client.users.start, ("GET", "/users/start")),
        (client.users.end, ("GET", "/users/end")),
        (client.users.do_it, ("GET", "/users/do-it")),
        (client.users.get_users_do_it, ("GET", "/users/do_it")),
        (client.users.do_it_user, ("GET", "/users/doIt")),
        (lambda: client.close_.retrieve("i"), ("GET", "/close/i")),
    ):
        server.answer(status=204)
        assert call() is None
        assert (server.last.method, server.last.path) == sent


def test_names_of_other_scripts_are_kept(sdk: Sdk, server: Loopback) -> None:
    server.answer({"länge": 3})

    async def read() -> Any:
        async with sdk.async_client(server.base_url) as client:
            return await client.日本.取得("富士")

    result = asyncio.run(read())
    assert isinstance(result, sdk.types.Größe)
    assert result.länge == 3
    assert server.last.path == "/%E6%97%A5%E6%9C%AC/%E5%AF%8C%E5%A3%AB/%E5%8F%96%E5%BE%97"


def test_methods_named_like_types_hide_nothing(sdk: Sdk, server: Loopback) -> None:
    types = sdk.client(server.base_url).types
    for answer in ([{"x": 1}], {"a": {"x": 2}}, {"x": 3}):
        server.answer(answer)
    assert type(types.list()[0]) is sdk.types.Operation
    assert type(types.dict()["a"]) is sdk.types.Stream
    assert type(types.types_()) is sdk.types.Types


@pytest.mark.parametrize("title", ["Stream", "Environment", "Text", "None", "RateLimitError"])
def test_a_title_hides_no_name_of_the_package(
    generate: Callable[[str], Sdk], server: Loopback, title: str
) -> None:
    text = f"openapi: 3.1.0\ninfo: {{title: {title!r}, version: '1'}}\npaths: {{}}\n"
    sdk = generate(text)
    server.answer({"a": 1})
    assert type(sdk.client(server.base_url)).__name__ == f"{title}Client"
    assert sdk.client(server.base_url).get("/x", cast_to=dict) == {"a": 1}
    assert issubclass(sdk.module.RateLimitError, Exception)
    assert mypy_errors(sdk) == []


def test_clashes_are_reported(sdk: Sdk) -> None:
    found = {(clash.wanted, clash.given) for clash in sdk.clashes}
    assert {("Thing", "Thing2"), ("foo_bar", "foo_bar_2"), ("id", "query_id")} <= found


def test_names_do_not_depend_on_the_order_of_the_description(tmp_path: Path) -> None:
    description = yaml.safe_load((Path(__file__).parent / "spec.yaml").read_text("utf-8"))
    backwards = tmp_path / "spec.json"
    backwards.write_text(json.dumps(reverse(description)), "utf-8")
    found = build(backwards, BuildOptions()).names
    expected = build(Path(__file__).parent / "spec.yaml", BuildOptions()).names
    assert sorted(found.types.values()) == sorted(expected.types.values())
    for given in ("types", "fields", "arguments", "methods"):
        assert plain(getattr(found, given)) == plain(getattr(expected, given))


def reverse(value: Any) -> Any:
    """The same description with the keys of every object in reverse order."""
    if isinstance(value, dict):
        return {str(key): reverse(value[key]) for key in reversed(value)}
    return [reverse(entry) for entry in value] if isinstance(value, list) else value


def plain(names: dict[str, Any]) -> dict[str, Any]:
    """Names by pointers that say nothing of the file."""
    return {pointer.partition("#")[2]: given for pointer, given in names.items()}


def test_the_sdk_type_checks(sdk: Sdk) -> None:
    snippet = """
        from datetime import date
        from typing import assert_type
        from names_sdk import Names, types

        def check(client: Names) -> None:
            result = client.class_.import_("c", id="i", date=date(2024, 5, 1), int=3, list=["a"], str="s")
            assert_type(result.date, date | None)
            assert_type(result.other_date, date | None)
            assert_type(result.other_int, int | None)
            assert_type(client.types.list(), list[types.Operation])
            assert_type(client.types.types_(), types.Types)
            assert_type(result.大小_, types.大小 | None)
    """
    assert mypy_errors(sdk, snippet) == []
