"""A type or a property may have the name of a Python builtin."""

from __future__ import annotations

import inspect
import warnings

import pytest

from support.generated import Sdk
from support.loopback import Loopback

VALUE = {
    "register": "r",
    "mro": 3,
    "model_name": "n",
    "model_fields": "f",
    "copy": "c",
    "warning": "x",
    "exception": {"inner": {"why": {"n": 1}}},
    "timeout": {"k": "v"},
    "date": "2024-01-02",
    "object": {"a": "b"},
    "id": "1",
    "@id": "2",
    "_id": "3",
    "$id": "4",
    "id_": "5",
}


def test_types_called_like_builtins_are_read_as_described(sdk: Sdk, server: Loopback) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # pydantic tells of fields that hide attributes
        sdk.import_all()
        server.answer(VALUE)
        made = sdk.client(server.base_url).a.create(register="r", mro=1)
    assert made.to_dict() == VALUE
    assert type(made.exception.inner) is sdk.types.Exception
    assert type(made.exception.inner.why) is sdk.types.ValueError
    assert type(made.timeout) is sdk.types.TimeoutErrorVariant2
    assert made.warning == "x"


def test_a_property_called_like_a_method_of_the_metaclass_is_required(sdk: Sdk) -> None:
    assert (sdk.types.A(register="a", mro=1).register_, sdk.types.A(register="a", mro=1).mro_) == (
        "a",
        1,
    )
    with pytest.raises(ValueError, match="register"):
        sdk.types.A(mro=1)


def test_names_contain_words_for_signs(sdk: Sdk) -> None:
    wanted = {
        "id": "id",
        "@id": "at_id",
        "_id": "underscore_id",
        "$id": "dollar_id",
        "id_": "id_underscore",
    }
    fields = sdk.types.A.model_fields
    assert {fields[name].alias or name: name for name in wanted.values()} == wanted
    arguments = inspect.signature(sdk.client("http://localhost").a.create).parameters
    assert set(wanted.values()) <= arguments.keys()
