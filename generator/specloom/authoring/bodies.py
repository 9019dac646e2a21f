"""Derives the bodies of an operation from recorded bodies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from specloom.authoring.conventions import Conventions
from specloom.authoring.exchange import (
    DONE,
    FORMS,
    Body,
    Exchange,
    items_key,
    items_of,
    typed_fields,
)
from specloom.authoring.infer import Inference, Noted, Schema
from specloom.ir.words import in_lower_case, one_of_many, pascal, snake, split_words
from specloom.lower.places import Place
from specloom.naming.identifiers import free
from specloom.runtime.media_types import is_text

_ITEM_METHODS = ("retrieve", "create", "update", "replace")
_EMPTY = (204, 205, 304)


@dataclass
class Bodies:
    """The bodies. New objects become `components`, by name."""

    conventions: Conventions
    inference: Inference
    exchanges: Sequence[Exchange]
    template: str
    place: Place
    operation_id: str
    components: dict[str, Schema] = field(default_factory=dict[str, Schema])

    def request(self) -> Schema:
        """The `requestBody`; empty if no body was sent."""
        bodies = [one.request for one in self.exchanges if one.request is not None]
        if not bodies:
            return {}
        # A sample may be a response without its request.
        always = all(one.request is not None or one.response is not None for one in self.exchanges)
        required = {"required": True} if always else {}
        return {**required, "content": self._content(bodies, self._name("Request"), "argument")}

    def responses(self) -> Schema:
        """The `responses` by status. Shared error responses are references."""
        known = [one for one in self.exchanges if one.response is not None or one.status in _EMPTY]
        statuses = sorted({one.status for one in known})
        shared = self.conventions.shared_responses(self.template)
        found = {
            str(status): self._response(status)
            for status in statuses
            if str(status) not in shared or status < 400
        }
        if not any(status < 400 for status in statuses):
            todo = "no response sample: what does the response contain?"
            found = {"200": Noted({"description": "The answer."}, todo), **found}
        return {**found, **{key: one for key, one in shared.items() if key not in found}}

    def extension(self) -> Schema:
        """The operation's `x-sdk`: its pagination, and the end of its stream."""
        name = self.pagination()
        made: Schema = {"pagination": name} if name else {}
        events = [event for body in self._answers() if body.is_stream for event in body.value]
        stream = {"done": DONE} if any(event["data"] == DONE for event in events) else {}
        stream |= {"error": "error"} if any(event["event"] == "error" for event in events) else {}
        return {**made, "stream": stream} if stream else made

    def pagination(self) -> str:
        """The pagination scheme whose properties are all in the response; "" if none."""
        values = [body.value for body in self._answers() if isinstance(body.value, dict)]
        is_get = all(one.method == "GET" for one in self.exchanges)
        for name, scheme in self.conventions.extension.get("pagination", {}).items():
            keys = {scheme.get("items"), scheme.get("has_more"), scheme.get("cursor")} - {None}
            if is_get and values and all(keys <= value.keys() for value in values):
                return str(name)
        return ""

    def _answers(self) -> list[Body]:
        found = [one.response for one in self.exchanges if one.is_success]
        return [body for body in found if body is not None]

    def _response(self, status: int) -> Schema:
        answers = [one.response for one in self.exchanges if one.status == status]
        bodies = [body for body in answers if body is not None]
        if not bodies:
            return {"description": "Done; there is no content."}
        name = "ErrorResponse" if status >= 400 else self._response_name(bodies)
        content = self._content(bodies, name, "field")
        return {"description": self._response_text(status, bodies), "content": content}

    def _response_text(self, status: int, bodies: Sequence[Body]) -> str:
        if status >= 400:
            return "An error."
        if all(one.method == "DELETE" for one in self.exchanges):
            return "What was deleted."
        is_list = any(items_of(body.value) is not None for body in bodies)
        things = self.place.resource[-1]
        return f"The {in_lower_case(things if is_list else one_of_many(things))}."

    def _content(self, bodies: Sequence[Body], name: str, what: str) -> Schema:
        """The schemas by media type. `what` is the noun for the fields of an object."""
        kinds = dict.fromkeys(body.media_type for body in bodies)
        same = {kind: [body for body in bodies if body.media_type == kind] for kind in kinds}
        return {kind: {"schema": self._schema(same[kind], name, what)} for kind in kinds}

    def _schema(self, bodies: Sequence[Body], name: str, what: str) -> Schema:
        if not bodies[0].is_structured and not bodies[0].is_stream:
            plain = {"type": "string"}
            return plain if is_text(bodies[0].media_type) else {**plain, "format": "binary"}
        values = [value for body in bodies for value in _values(body)]
        ref = self.inference.reuse(_whole_events(bodies) or values, name)
        if ref is not None:
            return {"$ref": ref}
        is_list = what == "field" and all(items_of(value) is not None for value in values)
        schema = self._listed(values) if values and is_list else self.inference.schema(values)
        if "properties" not in schema:
            return schema
        if len(values) == 1:
            schema = Noted(schema, f"from one sample: is every {what} required?")
        is_item = name == pascal(one_of_many(self.place.resource[-1]))
        return self._component(name, schema, self._name("Response") if is_item else name)

    def _listed(self, values: Sequence[Any]) -> Schema:
        """A list or a page: its items get their own component."""
        items = [item for value in values for item in items_of(value) or ()]
        thing = one_of_many(self.place.resource[-1])
        inner = self.inference.schema(items, snake(thing)) if items else {}
        if "properties" in inner:
            inner = self._component(pascal(thing), inner, self._name("Item"))
        if all(isinstance(value, list) for value in values):
            return {"type": "array", "items": inner} if items else self.inference.schema(values)
        page = self.inference.schema(values)
        if items and "properties" in page:
            page["properties"][items_key(values[0])] = {"type": "array", "items": inner}
        return page

    def _name(self, suffix: str) -> str:
        return pascal(split_words(self.operation_id)) + suffix

    def _response_name(self, bodies: Sequence[Body]) -> str:
        is_list = any(items_of(body.value) is not None for body in bodies)
        is_thing = snake(self.place.method) in _ITEM_METHODS and not is_list
        return pascal(one_of_many(self.place.resource[-1])) if is_thing else self._name("Response")

    def _component(self, name: str, schema: Schema, otherwise: str) -> Schema:
        """A new component. If its name is taken, it is called `otherwise`, with a number."""
        others = {one for one, known in self.components.items() if known != schema}
        taken = self.conventions.components("schemas").keys() | others
        given = name if name not in taken else free(otherwise, taken, "{}{}".format)
        self.components[given] = schema
        return {"$ref": f"#/components/schemas/{given}"}


def _whole_events(bodies: Sequence[Body]) -> list[Any]:
    """The events of streams with their names. The last one is an end marker, not JSON."""
    streams = [body for body in bodies if body.is_stream]
    return [event for body in streams for event in body.value if event["data"] != DONE]


def _values(body: Body) -> list[Any]:
    """The part of a body that a schema describes."""
    if body.is_stream:
        return [event["data"] for event in body.value if event["data"] != DONE]
    return [typed_fields(body.value) if body.media_type in FORMS else body.value]
