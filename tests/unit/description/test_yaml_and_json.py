"""YAML's and JSON's quirks."""

from __future__ import annotations

import json

import pytest
import yaml as pyyaml
from yaml.scanner import ScannerError

from specloom.description import json_text, yaml_text
from specloom.description.source_text import TextError
from unit.description.loaded import unexpected, yaml


class BoundedLoader(pyyaml.Loader):
    """Stops at a depth of its own while it reads ahead, as libyaml does since 0.2.6."""

    def fetch_more_tokens(self) -> None:
        mark = self.get_mark()
        super().fetch_more_tokens()
        if self.flow_level > 1000 or len(self.indents) > 1000:
            raise ScannerError("while increasing level", mark, "exceeded maximum depth", mark)


class TestYaml:
    @pytest.mark.parametrize(
        ("written", "value"),
        [
            ("2024-01-31", "2024-01-31"),
            ("on", "on"),
            ("no", "no"),
            ("Yes", "Yes"),
            ("0755", "0755"),
            ("0x1f", "0x1f"),
            ("0o17", "0o17"),
            ("1_000", "1_000"),
            ("12:30", "12:30"),
            ("+1", "+1"),
            (".inf", ".inf"),
            ("3.1.0", "3.1.0"),
            ("", None),
            ("~", None),
            ("null", None),
            ("True", True),
            ("false", False),
            ("0", 0),
            ("-1", -1),
            ("1e3", 1000.0),
            ("1.5E-2", 0.015),
            (".5", 0.5),
            ("'12'", "12"),
            ("!!str 12", "12"),
            ("!!int '12'", 12),
            ("!!timestamp 2024-01-31", "2024-01-31"),
        ],
    )
    def test_scalars_follow_the_json_schema(self, written: str, value: object) -> None:
        assert yaml(f"a: {written}\n") == {"a": value}
        assert type(yaml(f"a: {written}\n")["a"]) is type(value)  # type: ignore[index]

    def test_keys_are_text_as_written(self) -> None:
        keys = yaml("{200: a, 1e3: b, on: c, null: d, true: e, 2024-01-31: f, 007: g}")
        assert list(keys) == ["200", "1e3", "on", "null", "true", "2024-01-31", "007"]  # type: ignore[call-overload]

    def test_aliases_and_merges(self) -> None:
        text = """
base: &base {a: 1, b: 2}
more: &more {b: 3, c: 4}
list: &list [1, 2]
one: {<<: *base, b: 9}
two:
  <<: [*base, *more]
quoted: {"<<": 5}
again: *list
"""
        value = yaml(text)
        assert isinstance(value, dict)
        assert value["one"] == {"a": 1, "b": 9}
        assert value["two"] == {"a": 1, "b": 2, "c": 4}
        assert value["quoted"] == {"<<": 5}
        assert value["again"] == [1, 2]

    def test_an_alias_may_be_a_key(self) -> None:
        assert yaml("a: &k name\n*k : 1\n") == {"a": "name", "name": 1}

    def test_line_breaks_of_windows(self) -> None:
        assert yaml("a:\r\n  - b\r\n  - c\r\n") == {"a": ["b", "c"]}

    def test_without_libyaml(self, monkeypatch: pytest.MonkeyPatch) -> None:
        text = "a: &x {1: 0755, b: [on, 2024-01-31]}\nc: {<<: *x, d: 'q'}\n"
        fast = yaml(text)
        monkeypatch.setattr(yaml_text, "_LOADER", pyyaml.Loader)
        assert yaml(text) == fast
        with pytest.raises(TextError) as caught:
            yaml("a: [\n")
        assert caught.value.fault.code == "not-yaml"

    @pytest.mark.parametrize(
        ("text", "code", "index"),
        [
            ("a: b: c", "not-yaml", 4),
            ("a:\n\t- b", "not-yaml", 3),
            ("a: @b", "not-yaml", 3),
            ("a: \x00", "not-yaml", 3),
            ("a: [1", "not-yaml", 5),
            ("a: {{ b }}", "key-not-text", 4),
            ("? [1]\n: 2", "key-not-text", 2),
            ("a: &x [1]\n*x : 2", "key-not-text", 10),
            ("a: *x", "bad-alias", 3),
            ("a: &x [*x]", "bad-alias", 7),
            ("a: {<<: 1}", "bad-alias", 9),
            ("a: !include b.yaml", "unsupported-tag", 3),
            ("a: !!set {b}", "unsupported-tag", 3),
            ("a: !!python/object:os.x {}", "unsupported-tag", 3),
            ("--- 1\n--- 2", "several-documents", 6),
            ("a: 1e999", "bad-number", 3),
            (f"a: {'9' * 5000}", "bad-number", 3),
            ("[" * 5000, "too-deep", 100),
            ("- " * 5000, "too-deep", 200),
        ],
    )
    def test_what_is_refused(self, text: str, code: str, index: int) -> None:
        with pytest.raises(TextError) as caught:
            yaml(text)
        assert (caught.value.fault.code, caught.value.fault.index) == (code, index)

    @pytest.mark.parametrize(
        ("text", "index"),
        [
            ("[" * 5000, 100),
            ("- " * 5000, 200),
            ("{a: " * 5000, 400),
            ("a: {b: " + "[" * 5000, 105),
            ("\n".join(f"{' ' * depth}a:" for depth in range(2000)), 5350),
            ("[" * 200 + "@", 100),
        ],
        ids=["flow", "block", "mappings", "mixed", "lines", "then a fault"],
    )
    @pytest.mark.parametrize("loader", ["installed", "python", "bounded"])
    def test_depth_is_bounded_by_us(
        self, text: str, index: int, loader: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        loaders = {"python": pyyaml.Loader, "bounded": BoundedLoader}
        monkeypatch.setattr(yaml_text, "_LOADER", loaders.get(loader, yaml_text._LOADER))
        with pytest.raises(TextError) as caught:
            yaml(text)
        fault = caught.value.fault
        assert (fault.code, fault.index) == ("too-deep", index)
        assert fault.message == "values are nested more than 100 deep"

    def test_a_tab_is_called_a_tab(self) -> None:
        with pytest.raises(TextError) as caught:
            yaml("a:\n\tb: 1")
        assert "tab" in caught.value.fault.hint


class TestJson:
    def test_agrees_with_the_yaml_reader(self) -> None:
        text = '{"a": [1, 2.5, true, null, "\\u00e9\\n"], "b": {"200": {}}, "c": []}'
        assert json_text.parse(text, unexpected) == yaml(text) == json.loads(text)

    @pytest.mark.parametrize(
        ("text", "code", "index"),
        [
            ('{"a": 1,}', "not-json", 8),
            ('{"a": NaN}', "not-json", 6),
            ('{"a": "\\ud800"}', "not-json", 6),
            ('{"a": 1e999}', "bad-number", 6),
            (f'{{"a": {"9" * 5000}}}', "bad-number", 6),
            ('{"a":' * 5000, "too-deep", 500),
            ('{"a":' * 200, "too-deep", 500),
            ('{"a":' * 99, "not-json", 495),
        ],
    )
    def test_what_is_refused(self, text: str, code: str, index: int) -> None:
        with pytest.raises(TextError) as caught:
            json_text.parse(text, unexpected)
        # Where exactly Python sees a trailing comma differs between its versions.
        assert caught.value.fault.code == code
        assert abs(caught.value.fault.index - index) <= 1

    def test_a_pair_of_surrogates_is_a_character(self) -> None:
        assert json_text.parse('{"a": "\\ud83d\\ude00"}', unexpected) == {"a": "😀"}
