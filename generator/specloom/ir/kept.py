"""Models that an earlier build has made: most are never looked into, and stay text until then."""

from __future__ import annotations

import json
from typing import Any, cast

from specloom.ir.text import as_text, named_type
from specloom.ir.types import Field, Model, NamedType, TypeRef, Words

_HEAD = ("key", "name", "wire_name", "pointer", "deprecated", "is_named")
_set = object.__setattr__


class KeptModel(Model):
    """A model whose ``text`` (see ``as_text``) is read when what is not in its head is asked for.

    ``mentions`` are the keys of the types it mentions: in what is read, and in what is given. It
    equals no other model, and has no text but its own: see ``text_of``.
    """

    __slots__ = ("_whole", "mentions", "text")

    text: str
    mentions: tuple[list[str], list[str]]
    _whole: Model | None

    def __new__(cls, *values: Any, **named: Any) -> KeptModel:
        # What `dataclasses.replace` makes of it is a model like any other.
        return cast("KeptModel", Model(*values, **named))

    @classmethod
    def of(cls, head: list[Any], mentions: tuple[list[str], list[str]], text: str) -> KeptModel:
        """A model with the ``head`` that ``head_of`` has given."""
        kept = object.__new__(cls)
        for name, value in zip(_HEAD, head, strict=True):
            _set(kept, name, value)
        _set(kept, "name", Words(head[1]))
        _set(kept, "mentions", mentions)
        _set(kept, "text", text)
        _set(kept, "_whole", None)
        return kept

    @property
    def whole(self) -> Model:
        """The model itself."""
        if self._whole is None:
            _set(self, "_whole", named_type(json.loads(self.text)))
        return cast("Model", self._whole)

    @property
    def fields(self) -> tuple[Field, ...]:
        return self.whole.fields

    @property
    def description(self) -> str:
        return self.whole.description

    @property
    def extra(self) -> TypeRef | None:
        return self.whole.extra


def text_of(named: NamedType) -> str:
    """What `as_text` makes of a type."""
    return named.text if isinstance(named, KeptModel) else as_text(named)


def head_of(model: Model) -> list[Any]:
    """What is known of a kept model without reading its text."""
    return [getattr(model, name) for name in _HEAD]
