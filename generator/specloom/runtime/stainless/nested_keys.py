"""Keys of nested objects: callers wrote ``{"max_height": 1}``, the server reads ``maxHeight``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from importlib import import_module
from types import GeneratorType
from typing import Any

from ..request.call import Call
from ..values import is_list, is_mapping, is_tuple

__all__ = ["NestedKeys"]


class NestedKeys:
    """Gives nested objects their wire names. A key that the description lacks stays as it is.

    ``module`` has ``OPERATIONS``: by operation, the schemas of its inputs (``?filter`` is one of
    the query, ``""`` the whole body), and ``SCHEMAS``: by schema, the wire name of a key and the
    schemas of its value. Before the name of a schema, ``*`` stands for an object with values of it.
    The first call loads the module.
    """

    def __init__(self, module: str) -> None:
        self._module = module

    @cached_property
    def _loaded(self) -> Any:
        return import_module(self._module)

    def translated(self, call: Call) -> Call:
        """The call with wire names."""
        operation = call.operation
        inputs = self._loaded.OPERATIONS.get(f"{operation.method} {operation.path}")
        if inputs is None:
            return call
        query = {
            name: self._value(value, inputs.get(f"?{name}", ()))
            for name, value in call.query.items()
        }
        body = call.body
        if "" in inputs:
            body = self._value(body, inputs[""])
        elif is_mapping(body):
            body = {name: self._value(one, inputs.get(name, ())) for name, one in body.items()}
        return call.changed(query=query, body=body)

    def _value(self, value: Any, schemas: tuple[str, ...]) -> Any:
        if not schemas:
            return value
        if is_list(value) or is_tuple(value) or isinstance(value, GeneratorType):
            return [self._value(one, schemas) for one in value]
        if not is_mapping(value):
            return value
        values = tuple(name[1:] for name in schemas if name.startswith("*"))
        found = {}
        for key, one in value.items():
            wire, inner = self._key(key, schemas) or (key, values)
            found[wire] = self._value(one, inner)
        return found

    def _key(self, key: Any, schemas: Iterable[str]) -> tuple[Any, tuple[str, ...]] | None:
        known: Mapping[str, Mapping[Any, Any]] = self._loaded.SCHEMAS
        return next((known[name][key] for name in schemas if key in known.get(name, ())), None)
