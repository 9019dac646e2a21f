"""The README of an SDK begins with an easy call."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from support.generated import Sdk

pytestmark = pytest.mark.slow

OPERATION = '{responses: {"200": {description: "", content: {application/json: {schema: %s}}}}}'
ONE = "{type: object, required: [id], properties: {id: {type: string}}}"
MANY = f"{{type: array, items: {ONE}}}"


def spec(paths: dict[str, tuple[str, str]], head: str = "") -> str:
    """A description with one operation for each path: its method, and its result."""
    lines = ["openapi: 3.1.0", 'info: {title: Zoo, version: "1"}', head, "paths:"]
    for path, (method, schema) in paths.items():
        names = re.findall(r"\{(\w+)\}", path)
        declared = ", ".join(
            f"{{name: {name}, in: path, required: true, schema: {{type: string}}}}"
            for name in names
        )
        lines += [
            f"  {path}:",
            f"    parameters: [{declared}]",
            f"    {method}: {OPERATION % schema}",
        ]
    return "\n".join(lines)


def first_program(sdk: Sdk) -> str:
    found = re.search(r"## A first call\n\n```python\n(.*?)```", sdk.source("README.md"), re.DOTALL)
    assert found
    return found[1]


SMALL = {"/admin/providers": ("post", ONE), "/beasts/feed": ("post", ONE), "/ads": ("get", MANY)}


def test_a_list_of_the_main_resource(generate: Callable[[str], Sdk]) -> None:
    main = {
        "/cats": ("get", MANY),
        "/cats/{id}": ("get", ONE),
        "/cats/{id}/toys": ("get", MANY),
    }
    program = first_program(generate(spec(SMALL | main)))
    assert "client.cats.list()" in program
    assert 'Zoo(base_url="https://api.example.com")' in program


def test_one_object_if_there_is_no_list(generate: Callable[[str], Sdk]) -> None:
    paths = {"/beasts/feed": ("post", ONE), "/cats/{id}": ("get", ONE)}
    program = first_program(generate(spec(paths, 'servers: [{url: "https://zoo.example.com"}]')))
    assert "client.cats.retrieve(" in program
    assert "base_url" not in program


def test_another_call_if_there_is_neither(generate: Callable[[str], Sdk]) -> None:
    program = first_program(generate(spec({"/beasts/feed": ("post", ONE)})))
    assert "client.beasts.feed()" in program


def test_an_item_is_called_as_its_resource_where_its_type_has_a_long_name(
    generate: Callable[[str], Sdk],
) -> None:
    listed = "{type: array, items: {$ref: '#/components/schemas/schemas.CatViewResponse'}}"
    head = f"components: {{schemas: {{schemas.CatViewResponse: {ONE}}}}}"
    paged = "get: {parameters: [{name: page, in: query, schema: {type: integer}}], "
    text = spec({"/cats": ("get", listed)}, head).replace("get: {", paged)
    program = first_program(generate(text))
    assert "for cat in client.cats.list():\n    print(cat.id)" in program


def test_the_credential_that_the_methods_need(generate: Callable[[str], Sdk]) -> None:
    schemes = "{user: {type: http, scheme: bearer}, key: {type: apiKey, in: header, name: X-Key}}"
    text = f"""\
        openapi: 3.1.0
        info: {{title: Zoo, version: "1"}}
        paths:
          /cats:
            get:
              security: [{{key: []}}]
              responses: {{"204": {{description: Done.}}}}
        components: {{securitySchemes: {schemes}}}
    """
    assert 'Zoo(key="secret"' in first_program(generate(text))


def test_the_variable_of_an_item_is_singular(generate: Callable[[str], Sdk]) -> None:
    head = f"components: {{schemas: {{Hooks: {ONE}}}}}"
    listed = "{type: array, items: {$ref: '#/components/schemas/Hooks'}}"
    paged = "get: {parameters: [{name: page, in: query, schema: {type: integer}}], "
    program = first_program(generate(spec({"/x": ("get", listed)}, head).replace("get: {", paged)))
    assert "for hook in client.x.list():\n    print(hook.id)" in program


def test_a_variable_has_no_version(generate: Callable[[str], Sdk]) -> None:
    head = f"components: {{schemas: {{HookV2: {ONE}}}}}"
    hook = '{$ref: "#/components/schemas/HookV2"}'
    program = first_program(generate(spec({"/hooks/{id}": ("get", hook)}, head)))
    assert 'hook = client.hooks.retrieve("hook_123")\nprint(hook.id)' in program
