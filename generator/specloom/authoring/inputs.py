"""Derives the parameters of an operation from recorded requests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from specloom.authoring.conventions import Conventions, Known
from specloom.authoring.exchange import Exchange, typed_alike
from specloom.authoring.infer import Inference, Schema
from specloom.authoring.routes import Route
from specloom.authoring.secrets import is_ordinary_header, is_secret_name
from specloom.description.node import Node


@dataclass
class Inputs:
    """The parameters of an operation. `notes` are for the user: parameters that are left out."""

    conventions: Conventions
    inference: Inference
    exchanges: Sequence[Exchange]
    route: Route
    notes: list[str] = field(default_factory=list[str])

    @cached_property
    def item(self) -> Node | None:
        """The existing path item."""
        paths = self.conventions.root.get("paths")
        item = paths.get(self.route.template) if paths is not None else None
        return item.follow() if item is not None and item.value is not None else None

    def of_path(self) -> list[Schema]:
        """The parameters of a new path item, if the description declares them there."""
        if self.item is not None or not self.conventions.puts_parameters_on_paths:
            return []
        return [*self._path_parameters(), *self._headers()]

    def of_operation(self, alike: Sequence[Known]) -> list[Schema]:
        """The parameters of the operation, with those that all operations `alike` have."""
        own = [] if self.of_path() else [*self._path_parameters(), *self._headers()]
        return [*own, *self._queries(alike)]

    @cached_property
    def _declared(self) -> set[tuple[str, str]]:
        """Location and name of what the path item declares."""
        entries = self.item.get("parameters") if self.item is not None else None
        places = [one.follow() for one in entries.entries()] if entries is not None else []
        return {(one.text("in"), one.text("name")) for one in places}

    def _path_parameters(self) -> list[Schema]:
        return [
            self._parameter("path", name, [value] if value else [])
            for name, value in self.route.values.items()
            if ("path", name) not in self._declared
        ]

    def _parameter(self, location: str, name: str, values: Sequence[str]) -> Schema:
        ref = self.conventions.declared_parameter(location, name)
        if ref is not None:
            return {"$ref": ref}
        # A parameter without a value is a text.
        texts = list(values) or [""]
        schema = self.inference.schema(typed_alike(texts), name)
        if location == "path" and schema.get("type") != "integer":
            schema = self.inference.schema(texts, name)
        parameter: Schema = {"name": name, "in": location}
        parameter |= {"required": True} if location == "path" else {}
        text = schema.pop("description", "")
        return {**parameter, **({"description": text} if text else {}), "schema": schema}

    def _headers(self) -> list[Schema]:
        """The headers that all operations have, and the special ones of these requests."""
        bound = {str(name).lower() for name in self.conventions.extension.get("headers", {})}
        seen = {
            name: self.conventions.declared_parameter("header", name)
            for exchange in self.exchanges
            for name, _ in exchange.headers
            if not is_ordinary_header(name) and not is_secret_name(name)
        }
        shared = self.conventions.shared_parameters("header")
        refs = dict.fromkeys([*shared, *(ref for ref in seen.values() if ref)])
        declared = {name.lower() for location, name in self._declared if location == "header"}
        known = [
            {"$ref": ref}
            for ref in refs
            if self.conventions.target(ref).text("name").lower() not in declared
        ]
        return [
            *known,
            *(
                {"name": name, "in": "header", "schema": {"type": "string"}}
                for name, ref in seen.items()
                if ref is None and name.lower() not in bound | declared
            ),
        ]

    def _queries(self, alike: Sequence[Known]) -> list[Schema]:
        seen: dict[str, list[str]] = {}
        for exchange in self.exchanges:
            for name, value in exchange.query:
                seen.setdefault(name, []).append(value)
        for name in [name for name in seen if is_secret_name(name)]:
            del seen[name]
            self.notes.append(f"{name!r} in the query is left out: it looks like a credential")
        found = [
            self._query(name, values)
            for name, values in seen.items()
            if ("query", name) not in self._declared
        ]
        shared = [{"$ref": ref} for ref in self.conventions.shared_parameters("query", alike)]
        return [*shared, *(one for one in found if one not in shared)]

    def _query(self, name: str, values: Sequence[str]) -> Schema:
        parameter = self._parameter("query", name, values)
        repeated = any(
            sum(key == name for key, _ in exchange.query) > 1 for exchange in self.exchanges
        )
        if repeated and "schema" in parameter:
            parameter["schema"] = {"type": "array", "items": parameter["schema"]}
        return parameter
