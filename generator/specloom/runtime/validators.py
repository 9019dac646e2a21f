"""Validators that do what their schema says, also for models that have a validator already."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from threading import Lock

from pydantic import BaseModel
from pydantic_core import CoreSchema, SchemaValidator

from .schemas import models_in

__all__ = ["validator_of"]

_building = Lock()


def validator_of(schema: CoreSchema) -> SchemaValidator:
    """The validator of a schema.

    For a model that is complete, as it is once it was instantiated, pydantic-core would take the
    validator of the class instead, and so lose what ``schemas`` has made of the model's schema.
    """
    with _building, _incomplete(models_in(schema)):
        return SchemaValidator(schema)


@contextmanager
def _incomplete(models: set[type[BaseModel]]) -> Generator[None]:
    complete = [each for each in models if each.__pydantic_complete__]
    for each in complete:
        each.__pydantic_complete__ = False
    try:
        yield
    finally:
        for each in complete:
            each.__pydantic_complete__ = True
