"""Overlays: their changes, and the places of later errors."""

from __future__ import annotations

from pathlib import Path

import pytest

from specloom.description.checks import check
from specloom.description.document import Document
from specloom.description.load import load
from specloom.description.overlay import apply_overlays
from specloom.description.places import Places
from specloom.description.references import find
from specloom.description.tree import Value
from specloom.errors import Problems

BASE = """openapi: 3.1.0
info: {title: T, version: '1'}
list: [a, b, c]
paths:
  /a:
    get: &get
      tags: [x]
      parameters:
        - {name: one, in: query}
        - {name: two, in: query}
        - {name: three, in: query}
  /b:
    get: *get
"""


def overlaid(
    folder: Path, *actions: str, base: str = BASE
) -> tuple[Document, dict[str, Value], Problems]:
    """A document with one overlay of `actions` applied, and its root."""
    (folder / "a.yaml").write_text(base, encoding="utf-8")
    lines = "".join(f"- {action}\n" for action in actions)
    overlay = folder / "overlays" / "o.yaml"
    overlay.parent.mkdir(exist_ok=True)
    overlay.write_text(f"overlay: 1.1.0\nactions:\n{lines}", encoding="utf-8")
    problems = Problems()
    document = load(folder / "a.yaml", problems=problems)
    document = apply_overlays(document, [overlay], problems=problems)
    assert isinstance(document.root, dict)
    return document, document.root, problems


def place(document: Document, pointer: str) -> str:
    """File name, line and column of a pointer into the entry document."""
    at = Places(document).locate(f"a.yaml#{pointer}")
    return f"{Path(at.file).name}:{at.line}:{at.column}"


def found(problems: Problems) -> list[tuple[str, str, str]]:
    return [
        (problem.code, problem.severity, f"{Path(at.file).name}:{at.line}")
        for at, problem in problems.located()
    ]


def names(document: Document, path: str = "~1a") -> list[Value]:
    parameters = document.at(f"a.yaml#/paths/{path}/get/parameters")
    assert isinstance(parameters, list)
    return [one["name"] for one in parameters if isinstance(one, dict)]


def test_without_overlays_nothing_happens(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(BASE)
    problems = Problems()
    document = load(tmp_path / "a.yaml", problems=problems)
    assert apply_overlays(document, [], problems=problems) is document


def test_update_merges_mappings_joins_lists_and_replaces_the_rest(tmp_path: Path) -> None:
    update = "{info: {title: New, x-a: {b: 1}}, list: [d], paths: }"
    _, root, problems = overlaid(tmp_path, f"{{target: $, update: {update}}}")
    assert found(problems) == []
    assert root["info"] == {"title": "New", "version": "1", "x-a": {"b": 1}}
    assert root["list"] == ["a", "b", "c", "d"]
    assert isinstance(root["paths"], dict)


def test_what_an_alias_shares_is_changed_in_one_place_only(tmp_path: Path) -> None:
    document, _, _ = overlaid(
        tmp_path, "{target: \"$.paths['/a'].get\", update: {operationId: only}}"
    )
    assert document.at("a.yaml#/paths/~1a/get/operationId") == "only"
    assert "operationId" not in (document.at("a.yaml#/paths/~1b/get") or {})  # type: ignore[operator]


def test_one_update_for_many_targets_makes_separate_values(tmp_path: Path) -> None:
    document, _, _ = overlaid(
        tmp_path,
        "{target: $.paths.*.get, update: {x-sdk: {resource: a}}}",
        "{target: \"$.paths['/a'].get.x-sdk\", update: {method: m}}",
    )
    assert document.at("a.yaml#/paths/~1b/get/x-sdk") == {"resource": "a"}


def test_a_list_takes_an_entry_or_entries(tmp_path: Path) -> None:
    document, _, _ = overlaid(
        tmp_path,
        "{target: $.paths.*.get.parameters, update: {name: four, in: query}}",
        "{target: $.list, update: [d, e]}",
    )
    assert names(document) == names(document, "~1b") == ["one", "two", "three", "four"]
    assert document.at("a.yaml#/list") == ["a", "b", "c", "d", "e"]


def test_a_primitive_is_replaced(tmp_path: Path) -> None:
    document, _, _ = overlaid(
        tmp_path,
        "{target: $.info.title, update: New}",
        "{target: '$.list[1]', update: B}",
    )
    assert document.at("a.yaml#/info/title") == "New"
    assert document.at("a.yaml#/list") == ["a", "B", "c"]
    assert place(document, "/list/1") == "o.yaml:4:25"


def test_remove_by_filter_and_by_key(tmp_path: Path) -> None:
    document, root, problems = overlaid(
        tmp_path,
        "{target: \"$.paths.*.get.parameters[?@.name != 'two']\", remove: true}",
        "{target: $.list, remove: true}",
        "{target: '$..tags', remove: true}",
    )
    assert found(problems) == []
    assert names(document) == ["two"]
    assert "list" not in root
    assert document.at("a.yaml#/paths/~1a/get") == {"parameters": [{"name": "two", "in": "query"}]}


def test_nested_targets_of_one_removal(tmp_path: Path) -> None:
    _, root, problems = overlaid(tmp_path, "{target: '$.paths..*', remove: true}")
    assert found(problems) == []
    assert root["paths"] == {}


def test_copy(tmp_path: Path) -> None:
    document, _, problems = overlaid(
        tmp_path,
        "{target: $.paths, update: {/c: {}}}",
        "{target: \"$.paths['/c']\", copy: \"$.paths['/a']\"}",
        "{target: \"$.paths['/a'].get.parameters\", remove: true}",
    )
    assert found(problems) == []
    assert names(document, "~1c") == ["one", "two", "three"]
    assert place(document, "/paths/~1c/get/parameters/1/name") == "a.yaml:10:12"


class TestPlaces:
    def test_what_was_added_is_in_the_overlay_and_what_was_not_is_not(self, tmp_path: Path) -> None:
        document, _, _ = overlaid(
            tmp_path,
            "{target: \"$.paths['/a'].get\", update: {x-sdk: {method: m}, tags: [y]}}",
        )
        assert place(document, "/paths/~1a/get/x-sdk") == "o.yaml:3:42"
        assert place(document, "/paths/~1a/get/x-sdk/method") == "o.yaml:3:50"
        assert place(document, "/paths/~1a/get/tags/0") == "a.yaml:7:14"
        assert place(document, "/paths/~1a/get/tags/1") == "o.yaml:3:69"
        assert place(document, "/paths/~1a/get/parameters/0/in") == "a.yaml:9:23"

    def test_what_moves_up_in_a_list_keeps_its_place(self, tmp_path: Path) -> None:
        document, _, _ = overlaid(
            tmp_path,
            "{target: '$.list[0]', remove: true}",
            "{target: $.list, update: z}",
            "{target: '$.list[0]', remove: true}",
        )
        assert document.at("a.yaml#/list") == ["c", "z"]
        assert place(document, "/list/0") == "a.yaml:3:14"
        assert place(document, "/list/1") == "o.yaml:4:20"

    def test_an_error_in_an_overlay_is_shown_there(self, tmp_path: Path) -> None:
        document, _, problems = overlaid(
            tmp_path,
            "target: $\n  update:\n    components: {schemas: {A: {$ref: '#/nowhere'}}}",
        )
        check(document, problems)
        errors = [one for one in found(problems) if one[1] == "error"]
        assert errors == [("undefined-ref", "error", "o.yaml:5")]


def test_files_that_an_overlay_refers_to_are_read(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text("type: string")
    document, _, problems = overlaid(
        tmp_path, "{target: $, update: {components: {schemas: {A: {$ref: b.yaml}}}}}"
    )
    assert found(problems) == []
    assert find(document, "b.yaml", "a.yaml") == ("b.yaml#", {"type": "string"})


@pytest.mark.parametrize(
    ("action", "code", "severity"),
    [
        ("{target: $.none, update: {}}", "unmatched-overlay-target", "warning"),
        ("{target: '$.none[', update: {}}", "bad-overlay-target", "error"),
        ("{target: none, update: {}}", "bad-overlay-target", "error"),
        ("{update: {}}", "bad-overlay-action", "error"),
        ("{target: $}", "bad-overlay-action", "error"),
        ("{target: $, remove: true}", "bad-overlay-action", "error"),
        ("{target: $.info, update: text}", "bad-overlay-action", "error"),
        ("{target: $, update: {info: text}}", "bad-overlay-action", "error"),
        ("{target: $, update: {}, udpate: {}}", "bad-overlay-action", "error"),
        ("{target: $.info, copy: $.list.*}", "bad-overlay-action", "error"),
    ],
)
def test_what_is_wrong_with_actions(tmp_path: Path, action: str, code: str, severity: str) -> None:
    _, _, problems = overlaid(tmp_path, action)
    assert found(problems) == [(code, severity, "o.yaml:3")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: b: c", "not-yaml"),
        ("", "not-overlay"),
        ("overlay: 2.0.0\nactions: []", "not-overlay"),
        ("overlay: 1.0.0\nactions: {}", "not-overlay"),
    ],
)
def test_what_is_no_overlay(tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "a.yaml").write_text(BASE)
    (tmp_path / "o.yaml").write_text(text)
    problems = Problems()
    document = load(tmp_path / "a.yaml", problems=problems)
    apply_overlays(document, [tmp_path / "o.yaml", tmp_path / "none.yaml"], problems=problems)
    assert sorted(found(problems)) == sorted(
        [(code, "error", "o.yaml:1"), ("unreadable", "error", "none.yaml:1")]
    )
