"""The calls that both SDKs make, with arguments from the description."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from specloom import ir
from specloom.adoption.matching import Argument, Pair
from specloom.docs.samples import Samples
from specloom.ir.usage import fields_in
from specloom.layout import Raw

_FILE = re.compile(r'"([^"]+)"')


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a method of the old SDK.

    A file is ``{"$file": name}``; without a name, the value is only the file's bytes.
    """

    address: str
    positional: tuple[Any, ...]
    named: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """The call as JSON, for the process of an SDK."""
        return {"address": self.address, "positional": self.positional, "named": self.named}


def calls_of(pairs: Iterable[Pair], api: ir.Api) -> list[Call]:
    """Two calls of each method: with the required arguments, and with all of them."""
    samples = Samples(api)
    found: list[Call] = []
    for pair in pairs:
        values = _Values(pair, samples, api)
        needed, every = values.call(only_needed=True), values.call(only_needed=False)
        found += [needed] if needed == every else [needed, every]
    return found


class _Values:
    """The values of the arguments of one method."""

    def __init__(self, pair: Pair, samples: Samples, api: ir.Api) -> None:
        self._pair = pair
        self._samples = samples
        self._api = api
        body = self._sample_of_body()
        # A body that is only a file is its bytes: httpx takes no name with them.
        self._whole_body = {"$file": ""} if isinstance(body, Raw) else _given(body)

    def call(self, *, only_needed: bool) -> Call:
        """A call."""
        positional: list[Any] = []
        named: dict[str, Any] = {}
        for one in self._pair.old.arguments:
            value = self._value(one.name, one.wire_name, one.location)
            if value is None or (only_needed and not self._is_needed(one.name, one.required)):
                continue
            if one.kind == "positional":
                positional.append(value)
            else:
                named[one.name] = value
        return Call(self._pair.old.address, tuple(positional), named)

    def _is_needed(self, name: str, required: bool) -> bool:
        """Whether an argument is required by the old method or by the description."""
        if required:
            return True
        place = self._pair.inputs.get(name, ("", ""))
        return place[0] == "body" and bool(place[1]) and self._is_required(place)

    def _is_required(self, place: Argument) -> bool:
        body = self._pair.operation.body
        fields = (body.fields or ()) if body else ()
        return any(one.required for one in fields if one.wire_name == place[1])

    def _value(self, name: str, wire_name: str, location: str) -> Any:
        place = self._pair.inputs.get(name)
        if place is not None and place[1]:
            return _given(self._sample(place))
        if place is not None:
            return self._whole_body
        if location in ("body", "file") and isinstance(self._whole_body, dict):
            return self._whole_body.get(wire_name)
        return None

    def _sample(self, place: Argument) -> Any:
        location, wire_name = place
        operation = self._pair.operation
        if location != "body":
            for parameter in operation.parameters:
                if (parameter.location, parameter.wire_name) == place:
                    return self._samples.of_parameter(parameter, operation.path)
        fields = (one for one in operation.body_fields if one.wire_name == wire_name)
        return next((self._samples.of_field(one) for one in fields), None)

    def _sample_of_body(self) -> Any:
        """The body if it is one argument: an object with all properties of its first variant."""
        body = self._pair.operation.body
        if body is None or body.fields is not None:
            return None
        made = self._samples.of_type(body.type, ("body",), request=True)
        model = self._first_model(body.type)
        if model is None or not isinstance(made, dict):
            return made
        others = {
            one.wire_name: self._samples.of_field(one) for one in fields_in(model, request=True)
        }
        return others | made

    def _first_model(self, type_ref: ir.TypeRef) -> ir.Model | None:
        while True:
            if isinstance(type_ref, ir.Nullable):
                type_ref = type_ref.inner
            elif isinstance(type_ref, ir.UnionOf):
                type_ref = type_ref.members[0]
            elif isinstance(type_ref, ir.Ref):
                named = self._api.types[type_ref.key]
                if isinstance(named, ir.Model):
                    return named
                type_ref = named.type
            else:
                return None


def _given(value: Any) -> Any:
    """A sample as JSON; a file as an object with one key."""
    if isinstance(value, Raw):
        name = _FILE.search(value)
        return {"$file": name[1] if name else "file"}
    if isinstance(value, dict):
        return {key: _given(one) for key, one in value.items()}
    return [_given(one) for one in value] if isinstance(value, list) else value
