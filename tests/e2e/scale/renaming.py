"""New names for clashing ones, and for all their references."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

_Names = dict[str, str]


@dataclass(frozen=True)
class Renaming:
    """Old name → new one: of components by their kind, paths, tags, and operations by their id."""

    components: dict[str, _Names] = field(default_factory=dict[str, _Names])
    paths: _Names = field(default_factory=_Names)
    tags: _Names = field(default_factory=_Names)
    operation_ids: _Names = field(default_factory=_Names)

    def applied(self, value: Any) -> Any:
        """A value of the document with the new names.

        An example that looks like a reference is taken for one: its value does not matter here.
        """
        if isinstance(value, list):
            return [self.applied(item) for item in value]
        if not isinstance(value, dict):
            return value
        return {key: self._field(key, inner, value) for key, inner in value.items()}

    def component(self, kind: str, name: str) -> str:
        """The name of a component."""
        return self.components.get(kind, {}).get(name, name)

    def security(self, requirements: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Security requirements, which name schemes."""
        return [
            {self.component("securitySchemes", name): scopes for name, scopes in one.items()}
            for one in requirements
        ]

    def _field(self, key: str, value: Any, holder: Mapping[str, Any]) -> Any:
        if key == "$ref" and isinstance(value, str):
            return self._ref(value)
        if key == "operationId" and isinstance(value, str):
            return self.operation_ids.get(value, value)
        if key == "mapping" and "propertyName" in holder and isinstance(value, dict):
            return {name: self._mapped(str(target)) for name, target in value.items()}
        return self.applied(value)

    def _ref(self, ref: str) -> str:
        root, section, kind, token, *rest = ref.split("/")
        return "/".join((root, section, kind, escape(self.component(kind, unescape(token))), *rest))

    def _mapped(self, target: str) -> str:
        is_ref = target.startswith("#/")
        return self._ref(target) if is_ref else self.component("schemas", target)


def escape(name: str) -> str:
    """A name as a step of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def unescape(token: str) -> str:
    """The name in a step of a JSON pointer."""
    return token.replace("~1", "/").replace("~0", "~")


def free(name: str, other: str, is_taken: Callable[[str], bool]) -> str:
    """``name`` if it is not taken, else ``other``, counted up until it is free."""
    if not is_taken(name):
        return name
    candidates = (other if number == 1 else f"{other}_{number}" for number in count(1))
    return next(one for one in candidates if not is_taken(one))
