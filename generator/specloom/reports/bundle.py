"""A description as one document: overlays applied, references inlined, with code samples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from specloom.description.document import Document
from specloom.description.references import find_or_none, resolved
from specloom.description.tree import Value, child, reference_in, split, uri_of
from specloom.description.walk import visits
from specloom.docs import examples_of
from specloom.naming.identifiers import free
from specloom.pipeline import Reading


def bundle_of(reading: Reading, *, inline_all: bool = False) -> Any:
    """The description of `reading` as plain values in one document.

    References to other files are inlined, and with `inline_all` those inside the document too. A
    schema that contains itself stays a reference, to `#/components/schemas`. Every operation gets
    `x-codeSamples` with the example of the SDK's documentation.
    """
    document = reading.document
    examples = examples_of(reading.api, reading.names)
    samples = {
        resolved(document, one.pointer): examples.program(one) for one in reading.api.operations()
    }
    places = {visit.pointer for visit in visits(document) if reference_in(visit.value) is not None}
    places |= {one.pointer for one in visits(document) if one.kind == "reference"}
    tagged = {one.pointer for one in visits(document) if one.kind == "discriminator"}
    return _Bundler(document, samples, places, tagged, inline_all).bundle()


@dataclass
class _Bundler:
    """Copies the document. `schemas` are the components for schemas that contain themselves."""

    document: Document
    samples: Mapping[str, str]
    places: set[str]
    discriminators: set[str]
    inline_all: bool
    names: dict[str, str] = field(default_factory=dict[str, str])
    schemas: dict[str, Value] = field(default_factory=dict[str, Value])
    stack: list[str] = field(default_factory=list[str])

    def bundle(self) -> Any:
        root = self._copied(f"{self.document.entry}#", self.document.root)
        assert isinstance(root, dict)
        if self.schemas:
            components: Any = root.setdefault("components", {})
            components["schemas"] = {**components.get("schemas", {}), **self.schemas}
        return root

    def _copied(self, pointer: str, value: Value) -> Value:
        if isinstance(value, list):
            return [self._copied(child(pointer, n), one) for n, one in enumerate(value)]
        if not isinstance(value, dict):
            return value
        ref = reference_in(value) if pointer in self.places else None
        if ref is not None:
            return self._referred(pointer, ref, value)
        copied = {key: self._copied(child(pointer, key), one) for key, one in value.items()}
        if pointer in self.discriminators and isinstance(value.get("mapping"), dict):
            mapping: Any = value["mapping"]
            copied["mapping"] = {key: self._mapped(pointer, one) for key, one in mapping.items()}
        if pointer in self.samples:
            source = self.samples[pointer]
            existing = value.get("x-codeSamples")
            others = [
                one
                for one in (existing if isinstance(existing, list) else ())
                if not isinstance(one, dict) or str(one.get("lang")).lower() != "python"
            ]
            copied["x-codeSamples"] = [{"lang": "Python", "source": source}, *others]
        return copied

    def _referred(self, pointer: str, ref: str, value: dict[str, Value]) -> Value:
        found = find_or_none(self.document, ref, pointer)
        if found is None:
            return value
        place, target = found
        is_own = uri_of(place) == self.document.entry
        beside = {key: one for key, one in value.items() if key != "$ref"}
        if (is_own and not self.inline_all) or place in self.stack or place in self.names:
            return {**beside, "$ref": self._address(place, is_own)}
        self.stack.append(place)
        made = self._copied(place, target)
        self.stack.pop()
        if place in self.names:  # it contains itself
            self.schemas[self.names[place]] = made
            return {**beside, "$ref": self._address(place, is_own)}
        return {**made, **beside} if isinstance(made, dict) else made

    def _mapped(self, pointer: str, ref: Value) -> Value:
        """A value of `mapping`; a schema of another file becomes a component."""
        found = find_or_none(self.document, ref, pointer) if isinstance(ref, str) else None
        if found is None or uri_of(found[0]) == self.document.entry:
            return ref
        place, target = found
        is_new = place not in self.names and place not in self.stack
        address = self._address(place, is_own=False)
        if is_new:
            self.stack.append(place)
            self.schemas[self.names[place]] = self._copied(place, target)
            self.stack.pop()
        return address

    def _address(self, place: str, is_own: bool) -> str:
        """The `$ref` in the bundle of the value at `place`."""
        if is_own:
            return f"#{place.partition('#')[2]}"
        if place not in self.names:
            _, tokens = split(place)
            uri = uri_of(place).rpartition("/")[2].partition(".")[0]
            self.names[place] = self._free(tokens[-1] if tokens else uri)
        return f"#/components/schemas/{self.names[place]}"

    def _free(self, name: str) -> str:
        root: Any = self.document.root
        taken = {*((root.get("components") or {}).get("schemas") or {}), *self.names.values()}
        plain = "".join(one if one.isalnum() or one in "._-" else "_" for one in name)
        return free(plain, taken, "{}{}".format)


class _Dumper(yaml.SafeDumper):
    """Writes a value that occurs twice twice, and texts of several lines as blocks."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def as_yaml(value: Any) -> str:
    """Plain values as YAML, in their order."""
    return str(yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100))
