"""Removes parts of a description; the rest keeps its places."""

from __future__ import annotations

from pathlib import Path

from specloom.description.document import Document
from specloom.description.load import load
from specloom.description.overlay import apply_overlays
from specloom.description.places import Places, origin_of
from specloom.description.references import find
from specloom.description.walk import visits
from specloom.errors import Problems
from specloom.selection import without

HEAD = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n"


def loaded(folder: Path, text: str, **files: str) -> Document:
    (folder / "a.yaml").write_text(HEAD + text, encoding="utf-8")
    for name, content in files.items():
        (folder / f"{name}.yaml").write_text(content, encoding="utf-8")
    return load(folder / "a.yaml", problems=Problems())


def test_keys_go_and_the_given_document_stays_whole(tmp_path: Path) -> None:
    before = loaded(tmp_path, "paths: {/a: {get: {}, put: {}}, /b: {get: {}}}")
    after = without(before, ["a.yaml#/paths/~1a/get", "a.yaml#/paths/~1b", "a.yaml#/paths/~1b/get"])
    assert after.at("a.yaml#/paths") == {"/a": {"put": {}}}
    assert before.at("a.yaml#/paths") == {"/a": {"get": {}, "put": {}}, "/b": {"get": {}}}
    assert {visit.pointer for visit in visits(after)} < {visit.pointer for visit in visits(before)}


def test_one_of_two_aliased_values_is_removed(tmp_path: Path) -> None:
    before = loaded(tmp_path, "paths: {/a: &a {get: {}, put: {}}, /b: *a}")
    after = without(before, ["a.yaml#/paths/~1a/get"])
    assert after.at("a.yaml#/paths") == {"/a": {"put": {}}, "/b": {"get": {}, "put": {}}}


def test_in_other_files(tmp_path: Path) -> None:
    before = loaded(
        tmp_path, "paths: {/a: {$ref: 'b.yaml#/items/0'}}", b="items: [{get: {}, put: {}}]"
    )
    after = without(before, ["b.yaml#/items/0/get"])
    assert find(after, "b.yaml#/items/0", "a.yaml") == ("b.yaml#/items/0", {"put": {}})


def test_what_an_overlay_added_is_still_found_in_it(tmp_path: Path) -> None:
    overlay = tmp_path / "o.yaml"
    overlay.write_text(
        "overlay: 1.0.0\ninfo: {title: T, version: '1'}\nactions:\n"
        "  - target: $.paths['/a']\n    update: {put: {summary: new}}\n",
        encoding="utf-8",
    )
    before = loaded(tmp_path, "paths: {/a: {get: {}}}")
    before = apply_overlays(before, [overlay], problems=Problems())
    after = without(before, ["a.yaml#/paths/~1a/get"])
    assert origin_of(after, "a.yaml#/paths/~1a/put") == "o.yaml#/actions/0/update/put"
    place = Places(after).locate("a.yaml#/paths/~1a/put/summary")
    assert (Path(place.file).name, place.line) == ("o.yaml", 5)
