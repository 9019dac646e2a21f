"""The table of fields has every field of the official schemas, with its true effect."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import resources
from typing import Any

import jsonschema_specifications
import pytest

from specloom.description.walk import FIELDS, PLAIN, fields

_NAMES = {
    "Schema": "schema",
    "XML": "xml",
    "MediaType": "media-type",
    "PathItem": "path-item",
    "RequestBody": "request-body",
    "ServerVariable": "server-variable",
    "ExternalDocumentation": "external-docs",
    "external-documentation": "external-docs",
    "OAuthFlows": "oauth-flows",
    "SecurityRequirement": "security-requirement",
    "callbacks": "callback",
}
"""Names of objects in the official schemas, if they differ from those of the table."""

_APART = ("allOf", "anyOf", "oneOf", "if", "then", "else", "not")
_BY_NAME = ("$defs", "dependentSchemas")
_SHARED = ("examples", "explode-for-form", "specification-extensions", "map-of-strings", "content")
_EXAMPLES = ("parameter", "header", "media-type")


def official(version: str) -> dict[str, Any]:
    text = resources.files("openapi_spec_validator") / f"resources/schemas/v{version}/schema.json"
    schema: dict[str, Any] = json.loads(text.read_text(encoding="utf-8"))
    return schema


def properties(schema: Any) -> Iterator[str]:
    """The names that a schema gives to properties of one object, wherever in it."""
    if not isinstance(schema, dict):
        return
    yield from schema.get("properties", {})
    for pattern in schema.get("patternProperties", {}):
        if pattern.startswith("^(get"):
            yield from pattern.strip("^()$").split("|")
        if pattern == r"^\$ref$":
            yield "$ref"
    for key in _APART:
        for inner in schema.get(key, []) if key.endswith("Of") else [schema.get(key)]:
            yield from properties(inner)
    for key in _BY_NAME:
        for inner in schema.get(key, {}).values():
            yield from properties(inner)


def objects(version: str) -> Iterator[tuple[str, str]]:
    """Every object of a version with each of its fields."""
    schema = official(version)
    whole = {key: value for key, value in schema.items() if key not in ("definitions", "$defs")}
    definitions = {"openapi": whole, **schema.get("definitions", {}), **schema.get("$defs", {})}
    for name, definition in definitions.items():
        if name in _SHARED or name.endswith(("-or-reference", "XOR")):
            continue
        for field in properties(definition):
            yield table_name(name, field), field
    if "$defs" in schema:
        yield from ((name, field) for name in _EXAMPLES for field in ("example", "examples"))


def table_name(definition: str, field: str) -> str:
    flow = field.endswith(("Url", "scopes")) and "flow" in definition.lower()
    if flow or definition.endswith(("OAuthFlow", "CredentialsFlow")):
        return "oauth-flow"
    if definition.endswith("SecurityScheme"):
        return "security-scheme"
    if definition == "ParameterLocation":
        return "parameter"
    return _NAMES.get(definition, definition.lower())


VERSIONS = ("3.0", "3.1", "3.2")


@pytest.mark.parametrize("version", VERSIONS)
def test_every_field_of_openapi_is_in_the_table(version: str) -> None:
    known = {(name, field) for name, of in fields().items() for field in of}
    found = set(objects(version))
    assert len(found) > 130
    assert {one for one in found if one not in known} == set()


def test_every_keyword_of_json_schema_is_in_the_table() -> None:
    registry = jsonschema_specifications.REGISTRY
    keywords = {
        keyword
        for uri in registry
        if "draft/2020-12/" in uri
        for keyword in properties(registry.contents(uri))
    }
    assert len(keywords) > 55
    assert keywords - fields()["schema"].keys() == set()


def test_no_row_is_of_a_field_that_there_is_not() -> None:
    """Except placeholders for author-defined names, and fields of 3.2's text without a schema."""
    known = {one for version in VERSIONS for one in objects(version)}
    keywords = fields()["schema"].keys()
    mine = {(name, one) for name, of in fields().items() if name != "schema" for one in of}
    others = {one for one in mine - known if one[1][0] != "{"}
    assert others == {
        ("discriminator", "defaultMapping"),
        ("xml", "nodeType"),
    }
    assert "additionalItems" in keywords


def test_since_is_the_first_version_that_has_the_field() -> None:
    first: dict[tuple[str, str], str] = {}
    for version in VERSIONS:
        for one in objects(version):
            first.setdefault(one, version)
    said = {(name, one): field.since for name, of in fields().items() for one, field in of.items()}
    assert {one: (said[one], since) for one, since in first.items() if said[one] != since} == {}


def test_rows_are_whole() -> None:
    for of in fields().values():
        for field in of.values():
            assert field.outcome in ("becomes", "warned", "silent")
            assert field.says
            for one in field.holds.split("/"):
                assert one.strip("[]{}") in {*PLAIN, *FIELDS}
