"""Descriptions that are short or merely long, and would take unlimited time or memory.

Each has the codes of its expected errors; none if an SDK is generated.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeAlias

from support.limited import Files

MB = 2**20
HEAD = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n"
PLACE = "#/components/schemas/"
Bomb: TypeAlias = Callable[[], Files]


def described(schemas: dict[str, Any], first: str, **more: Any) -> str:
    """An operation that sends and returns the schema `first`."""
    content = {"content": {"application/json": {"schema": {"$ref": PLACE + first}}}}
    post = {
        "operationId": "send",
        "requestBody": content,
        "responses": {"200": {"description": "Done.", **content}},
    }
    return json.dumps(
        {
            "openapi": "3.1.0",
            "info": {"title": "Boom", "version": "1"},
            "paths": {"/a": {"post": post}},
            "components": {"schemas": schemas},
            **more,
        }
    )


def ref(name: str) -> dict[str, str]:
    return {"$ref": PLACE + name}


def chain(length: int, link: Callable[[dict[str, str], int], Any], *, reverse: bool = False) -> str:
    """Schemas S0, S1, … where each one refers to the next."""
    made = {f"S{index}": link(ref(f"S{index + 1}"), index) for index in range(length)}
    last = {f"S{length}": {"type": "object", "properties": {"end": {"type": "string"}}}}
    schemas = {**last, **dict(reversed(made.items()))} if reverse else {**made, **last}
    return described(schemas, "S0")


def parameters(*schemas: Any) -> str:
    """An operation with a required parameter of each schema."""
    declared = [
        {"name": f"aaaaaaaaaa{n}", "in": "query", "required": True, "schema": schema}
        for n, schema in enumerate(schemas)
    ]
    operation = {"operationId": "send", "parameters": declared, "responses": {}}
    return described({"S0": {}}, "S0", paths={"/a": {"get": operation}})


def laughs(step: Callable[[str], str]) -> str:
    """Thirty levels, each with nine copies of the previous one."""
    levels = [f"x-{n}: &a{n} {step(f'*a{n - 1}')}\n" for n in range(1, 30)]
    return HEAD + "x-0: &a0 {a: 1}\n" + "".join(levels)


def nine(alias: str) -> str:
    return ", ".join([alias] * 9)


LONG: dict[str, tuple[Bomb, set[str]]] = {
    "50 MB of text, YAML": (lambda: {"a.yaml": "x" * (50 * MB)}, {"not-openapi"}),
    "50 MB of text, JSON": (lambda: {"a.json": f'"{"x" * (50 * MB)}"'}, {"not-openapi"}),
    "50 MB in a list, YAML": (lambda: {"a.yaml": f"- [{'1,' * (25 * MB)}1]"}, {"too-large"}),
    "50 MB in a list, JSON": (lambda: {"a.json": f"[{'1,' * (25 * MB)}1]"}, {"too-large"}),
    "50 MB of blocks": (lambda: {"a.yaml": "- \n" * (17 * MB)}, {"too-large"}),
    "50 MB of a description": (lambda: {"a.yaml": f"{HEAD}x-a: {'y' * (50 * MB)}\n"}, set()),
    "101 MB": (lambda: {"a.yaml": b"a" * (101 * MB)}, {"too-large"}),
    "a number of 5,000 digits": (lambda: {"a.yaml": f"{HEAD}x-a: {'9' * 5000}\n"}, {"bad-number"}),
    "one in JSON": (lambda: {"a.json": f'{{"x": {"9" * 5000}}}'}, {"bad-number"}),
    "1e400": (lambda: {"a.yaml": f"{HEAD}x-a: 1e400\n"}, {"bad-number"}),
    "1e400 in JSON": (lambda: {"a.json": '{"x": 1e400}'}, {"bad-number"}),
    "a long number": (
        lambda: {"a.json": parameters({"enum": [10**4299], "minimum": 10**4299})},
        set(),
    ),
}
DEEP: dict[str, tuple[Bomb, set[str]]] = {
    "flow": (lambda: {"a.yaml": f"a: {'[' * 10_000}{']' * 10_000}"}, {"too-deep"}),
    "lists": (lambda: {"a.yaml": "- " * 10_000}, {"too-deep"}),
    "blocks": (lambda: {"a.yaml": "".join(f"{' ' * n}a:\n" for n in range(10_000))}, {"too-deep"}),
    "JSON": (lambda: {"a.json": "[" * 10_000 + "]" * 10_000}, {"too-deep"}),
    "objects": (lambda: {"a.json": '{"a":' * 10_000 + "1" + "}" * 10_000}, {"too-deep"}),
    "references": (lambda: {"a.json": chain(10_000, lambda next, _: next)}, {"circular-ref"}),
    "models": (
        lambda: {
            "a.json": chain(500, lambda next, _: {"type": "object", "properties": {"a": next}})
        },
        set(),
    ),
    "arrays": (
        lambda: {"a.json": chain(2_000, lambda next, _: {"type": "array", "items": next})},
        set(),
    ),
    "arrays, the last first": (
        lambda: {
            "a.json": chain(2_000, lambda next, _: {"type": "array", "items": next}, reverse=True)
        },
        set(),
    ),
    "allOf": (
        lambda: {
            "a.json": chain(
                10_000,
                lambda next, n: {"allOf": [next, {"properties": {f"p{n}": {"type": "string"}}}]},
            )
        },
        {"too-deep"},
    ),
    "oneOf": (
        lambda: {
            "a.json": chain(
                10_000,
                lambda next, n: {"oneOf": [next, {"properties": {f"p{n}": {"type": "string"}}}]},
            )
        },
        {"too-large"},
    ),
    "resources": (
        lambda: {
            "a.json": described(
                {"S0": {}},
                "S0",
                paths={"/a" * 1_000: {"get": {"responses": {}}}},
                **{"x-sdk": {"resources": "paths"}},
            )
        },
        {"too-deep"},
    ),
}
DOUBLING: dict[str, tuple[Bomb, set[str]]] = {
    "aliases of lists": (
        lambda: {"a.yaml": laughs(lambda a: f"[{nine(a)}]")},
        {"too-many-aliases"},
    ),
    "aliases of mappings": (
        lambda: {"a.yaml": laughs(lambda a: f"{{b: {a}, c: {a}}}")},
        {"too-many-aliases"},
    ),
    "merges": (
        lambda: {"a.yaml": laughs(lambda a: f"{{<<: [{nine(a)}], b: [{nine(a)}]}}")},
        {"too-many-aliases"},
    ),
    "a merge of many": (
        lambda: {
            "a.yaml": f"{HEAD}x-0: &a {{}}\nx-1: &b [{', '.join(['*a'] * 100_000)}]\n"
            + "".join(f"y{n}: {{<<: *b}}\n" for n in range(1_000))
        },
        {"too-many-aliases"},
    ),
    **{
        f"{kind} of the same twice": (
            lambda kind=kind: {"a.json": chain(60, lambda next, _: {kind: [next, next]})},
            set(),
        )
        for kind in ("allOf", "anyOf", "oneOf", "prefixItems")
    },
    "a union of containers": (
        lambda: {
            "a.json": chain(
                60,
                lambda next, _: {
                    "anyOf": [
                        {"type": "array", "items": next},
                        {"type": "object", "additionalProperties": next},
                    ]
                },
            )
        },
        set(),
    ),
    "a property twice": (
        lambda: {
            "a.json": chain(
                60,
                lambda next, _: {
                    "type": "object",
                    "required": ["a", "b"],
                    "properties": {"a": next, "b": next},
                },
            )
        },
        set(),
    ),
    "references through references": (
        lambda: {
            "a.json": chain(
                60, lambda next, _: {"a": {"$ref": f"{next['$ref']}/a/a"}, "$ref": next["$ref"]}
            )
        },
        {"circular-ref"},
    ),
    "heirs of a large base": (
        lambda: {
            "a.json": described(
                {
                    "S0": {"properties": {f"p{n}": {"type": "string"} for n in range(2_000)}},
                    **{f"H{n}": {"allOf": [ref("S0")], "title": "H"} for n in range(2_000)},
                    **{
                        f"G{n}": {"allOf": [ref("S0"), {"properties": {"g": {}}}]}
                        for n in range(2_000)
                    },
                },
                "S0",
            )
        },
        {"too-large"},
    ),
    "an example of nested unions": (
        lambda: {
            "a.json": described(
                {
                    "S0": {"anyOf": [{"type": "array", "items": ref(one)} for one in ("S0", "S1")]},
                    "S1": {
                        "anyOf": [
                            {"type": "array", "items": ref("S0")},
                            {"type": "array", "items": ref("S1")},
                            {"type": "integer"},
                        ]
                    },
                    "S2": {
                        "required": ["a"],
                        "properties": {
                            "a": {**ref("S0"), "example": json.loads("[" * 60 + '"x"' + "]" * 60)}
                        },
                    },
                },
                "S2",
            )
        },
        set(),
    ),
}
MANY: dict[str, tuple[Bomb, set[str]]] = {
    "100,000 values of an enum": (
        lambda: {"a.json": described({"S0": {"enum": [f"v{n}" for n in range(100_000)]}}, "S0")},
        set(),
    ),
    "1,000 path parameters": (
        lambda: {
            "a.json": described(
                {"S0": {}},
                "S0",
                paths={
                    "/".join(["", *(f"{{p{n}}}" for n in range(1_000))]): {
                        "get": {
                            "parameters": [
                                {"name": f"p{n}", "in": "path", "required": True, "schema": {}}
                                for n in range(1_000)
                            ],
                            "responses": {},
                        }
                    }
                },
            )
        },
        set(),
    ),
    "2,000 properties of one name": (
        lambda: {
            "a.json": described(
                {
                    "S0": {
                        "properties": {
                            f"p{n:013b}".replace("0", "-").replace("1", "."): {"type": "string"}
                            for n in range(2_000)
                        }
                    }
                },
                "S0",
            )
        },
        set(),
    ),
    "10,000 references to nothing": (
        lambda: {
            "a.json": described(
                {
                    **{f"Schema{n}": {"type": "string"} for n in range(5_000)},
                    **{f"Wrong{n}": ref(f"Shcema{n}") for n in range(5_000)},
                    "S0": {"required": [f"x{n}" for n in range(5_000)], "properties": {"a": {}}},
                },
                "S0",
            )
        },
        {"undefined-ref"},
    ),
    "10,000 references to one file": (
        lambda: {
            "a.json": described({f"S{n}": {"$ref": "b.json#/a"} for n in range(10_000)}, "S0"),
            "b.json": '{"a": {"type": "string"}}',
        },
        set(),
    ),
    "patterns": (
        lambda: {
            "a.json": parameters(
                *(
                    {"type": "string", "pattern": pattern}
                    for pattern in (
                        "(" * 30 + "a*" + ")*" * 30 + "b",
                        "(" + "a*" * 40 + ")*b",
                        "a*" * 48 + "b",
                        "(" + "|".join(["."] * 40) + ")*b",
                        "(?:a{0,100}){0,100}b",
                        "(a?){50}b",
                        "[[a]",
                        "(?i)" * 20,
                        "(",
                    )
                )
            )
        },
        set(),
    ),
    "limits": (
        lambda: {
            "a.json": parameters(
                {
                    "type": "array",
                    "items": {"type": "string"},
                    "minItems": 10**9,
                    "maxItems": 10**9,
                },
                {"type": "string", "minLength": 10**9},
                {"type": "string", "minLength": 10**30, "maxLength": -5},
                {"type": "number", "minimum": 1e308, "multipleOf": 1e-300},
                {"type": "integer", "minimum": 1e308, "multipleOf": 3},
                {"type": "integer", "multipleOf": 5e-324, "maximum": -1e308},
            )
        },
        set(),
    ),
}
LOOPS: dict[str, tuple[Bomb, set[str]]] = {
    "two references": (
        lambda: {"a.json": described({"S0": ref("S1"), "S1": ref("S0")}, "S0")},
        {"circular-ref"},
    ),
    "a reference into itself": (
        lambda: {"a.json": described({"S0": {"$ref": f"{PLACE}S0/properties/a"}}, "S0")},
        {"undefined-ref"},
    ),
    "compositions of themselves": (
        lambda: {
            "a.json": described(
                {"S0": {"allOf": [ref("S0")]}, "S1": {"oneOf": [ref("S1"), ref("S0")]}}, "S0"
            )
        },
        set(),
    ),
    "files": (
        lambda: {
            "a.json": described(
                {"S0": {"$ref": "b.json"}, "S1": {"$ref": "b.json#/$defs/a"}}, "S0"
            ),
            "b.json": '{"$ref": "c.json", "$defs": {"a": {"$ref": "c.json#/$defs/a"}}}',
            "c.json": '{"$ref": "b.json", "$defs": {"a": {"$ref": "b.json#/$defs/a"}}}',
        },
        {"circular-ref"},
    ),
    "files of types": (
        lambda: {
            "a.json": described({"S0": {"$ref": "b.json"}}, "S0"),
            "b.json": '{"type": "object", "properties": {"c": {"$ref": "c.json"}}}',
            "c.json": '{"type": "object", "properties": {"b": {"$ref": "b.json"}}}',
        },
        set(),
    ),
    "aliases": (lambda: {"a.yaml": f"{HEAD}x-a: &a [*a]\n"}, {"bad-alias"}),
}
STRANGE: dict[str, tuple[Bomb, set[str]]] = {
    **{
        f"tag {tag}": (lambda tag=tag: {"a.yaml": f"{HEAD}x-a: {tag}\n"}, {"unsupported-tag"})
        for tag in (
            "!!python/object/apply:os.system [touch here]",
            "!!python/name:os.system ''",
            "!include /etc/passwd",
            "!!binary aGk=",
        )
    },
    "a key twice": (lambda: {"a.yaml": f"{HEAD}x-a: 1\nx-a: 2\n"}, {"duplicate-key"}),
    "UTF-16": (lambda: {"a.yaml": HEAD.encode("utf-16")}, {"not-utf8"}),
    "UTF-16 without a mark": (lambda: {"a.yaml": HEAD.encode("utf-16-le")}, {"not-yaml"}),
    "UTF-32": (lambda: {"a.yaml": HEAD.encode("utf-32")}, {"not-utf8"}),
    "a mark": (lambda: {"a.yaml": b"\xef\xbb\xbf" + HEAD.encode()}, set()),
    "half a pair": (lambda: {"a.json": '{"openapi": "\\ud800"}'}, {"not-json"}),
    "nothing": (lambda: {"a.yaml": ""}, {"not-openapi"}),
}
