"""A plugin of pytest for the tests of an old SDK. It writes results as JSON.

``SPECLOOM_RESULTS`` is the file of the results: one line for each, and one line at the end.
``SPECLOOM_TESTS``, if it is set, is a file with the ids of the tests to run.
``SPECLOOM_PACKAGE`` is set for the new SDK alone. The plugin adds helpers to this package that the
tests of Stainless's SDKs import to inspect types. ``SUPPLIED`` lists them. Only the headers
``X-Stainless-*`` among them take part in calls.
"""

from __future__ import annotations

import json
import logging
import os
import pkgutil
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any, get_args, get_origin

import pytest

SUPPLIED = (
    "the headers X-Stainless-Lang and X-Stainless-Async",
    "_oauth2: a class whose methods tests replace; it takes part in no call",
    "respx: in tests that use it, clients send through httpx, which it replaces",
    "_utils: is_list_type, is_sequence_type, is_union_type, is_annotated_type, is_type_alias_type,"
    " extract_type_arg",
    "fields: object stands for Any, and an int may be a float, as the server wrote it",
    "_compat: PYDANTIC_V1, PYDANTIC_V2, field_outer_type, get_model_fields",
    "pagination: SyncPage[Item] is the class itself, which counts as a BaseModel",
    "types: a name that the new SDK lacks is a class that no value is of, so that the other tests"
    " of its file run",
)
_DISABLED = re.compile(r"(mock server|prism).* disabled", re.IGNORECASE)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Supply what is missing, before the conftest imports it."""
    package = os.environ.get("SPECLOOM_PACKAGE")
    if package:
        _supply(package)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Select the tests to run, and remove marks that skip a test because a server is missing."""
    logging.disable(logging.INFO)  # the conftest logs each request in full
    wanted = os.environ.get("SPECLOOM_TESTS")
    if wanted:
        with open(wanted, encoding="utf-8") as stream:
            ids = set(stream.read().splitlines())
        items[:] = [one for one in items if one.nodeid in ids]
    for item in items:
        for node in item.listchain():
            node.own_markers = [one for one in node.own_markers if not _is_lifted(one)]


def _is_lifted(mark: pytest.Mark) -> bool:
    reason = str(mark.kwargs.get("reason", mark.args[0] if mark.args else ""))
    return mark.name == "skip" and bool(_DISABLED.search(reason))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Let clients send through httpx during a test with respx, because respx replaces httpx."""
    given = getattr(item, "funcargs", {})
    is_mocked = bool(os.environ.get("SPECLOOM_PACKAGE")) and "respx_mock" in given
    clients = [one for one in given.values() if is_mocked and hasattr(type(one), "_client")]
    before = [one._session.transport.http_client for one in clients]
    for one in clients:
        one._client = one._client
    try:
        return (yield)
    finally:
        for one, http_client in zip(clients, before, strict=True):
            one._session.transport.http_client = http_client


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Write the result of a test: a failure of any step, else the result of the call."""
    if report.failed:
        text = str(getattr(report.longrepr, "reprcrash", report.longrepr))
        _write(report.nodeid, "failed", text[-600:])
    elif report.skipped:
        _write(report.nodeid, "skipped", "")
    elif report.when == "call":
        _write(report.nodeid, "passed", "")


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Write that a file cannot be read."""
    if report.failed:
        _write(report.nodeid, "failed", str(report.longrepr)[-600:])


def pytest_sessionfinish() -> None:
    """Write that all tests have run."""
    _write("", "ended", "")


def _write(test: str, outcome: str, text: str) -> None:
    with open(os.environ["SPECLOOM_RESULTS"], "a", encoding="utf-8") as stream:
        stream.write(json.dumps([test, outcome, text]) + "\n")


def _supply(package: str) -> None:
    utils, compat = import_module(f"{package}._utils"), import_module(f"{package}._compat")
    for one in (is_list_type, is_sequence_type, is_union_type, is_annotated_type):
        setattr(utils, one.__name__, one)
    utils.is_type_alias_type = is_type_alias_type  # type: ignore[attr-defined]
    utils.extract_type_arg = extract_type_arg  # type: ignore[attr-defined]
    compat.PYDANTIC_V1, compat.PYDANTIC_V2 = False, True  # type: ignore[attr-defined]
    compat.field_outer_type = field_outer_type  # type: ignore[attr-defined]
    compat.get_model_fields = get_model_fields  # type: ignore[attr-defined]
    pages = import_module(f"{package}._runtime.pagination.pages")
    for kind in (pages.SyncPage, pages.AsyncPage):
        kind.__class_getitem__ = classmethod(lambda cls, _: cls)
    models: Any = import_module(f"{package}._models")
    models.BaseModel = _base_of((models.BaseModel, pages.SyncPage, pages.AsyncPage))
    _send_headers(import_module(f"{package}._client"))
    sys.modules.setdefault(f"{package}._oauth2", _oauth2(f"{package}._oauth2"))
    types = import_module(f"{package}.types")
    _supply_types(types)
    for found in pkgutil.walk_packages(types.__path__, f"{types.__name__}."):
        if found.ispkg:
            _supply_types(import_module(found.name))


def _oauth2(name: str) -> ModuleType:
    """The module of an old SDK that exchanges an id and a secret for a token."""
    flows = {"sync_auth_flow": None, "async_auth_flow": None, "auth_flow": None}
    module = ModuleType(name)
    module.OAuth2ClientCredentials = type(  # type: ignore[attr-defined]
        "OAuth2ClientCredentials", (), flows
    )
    return module


class NoSuchType:
    """Replaces a type that the new SDK does not have."""


def _supply_types(package: Any) -> None:
    found = getattr(package, "__getattr__", None)

    def get(name: str) -> Any:
        try:
            if found is not None:
                return found(name)
        except AttributeError:
            pass
        if name[:1].isupper():
            return NoSuchType
        raise AttributeError(f"module {package.__name__!r} has no attribute {name!r}")

    package.__getattr__ = get


def _base_of(kinds: tuple[type, ...]) -> type:
    """A class that all of these are subclasses of. pydantic refuses to register subclasses."""

    class Meta(type):
        def __subclasscheck__(cls, other: type) -> bool:
            return issubclass(other, kinds)

    return Meta("BaseModel", (), {})


def _send_headers(module: Any) -> None:
    for name in ("FormerSyncClient", "FormerAsyncClient"):
        _wrap(getattr(module, name), "false" if "Sync" in name else "async:asyncio")


def _wrap(kind: Any, is_async: str) -> None:
    headers_of = kind._sent_headers
    sent = {"X-Stainless-Lang": "python", "X-Stainless-Async": is_async}
    kind._sent_headers = lambda self: {**sent, **headers_of(self)}


def is_list_type(value: Any) -> bool:
    """Whether a type is a list."""
    return (get_origin(value) or value) is list


def is_sequence_type(value: Any) -> bool:
    """Whether a type is a sequence of the standard library."""
    from collections.abc import Sequence

    return get_origin(value) is Sequence


def is_union_type(value: Any) -> bool:
    """Whether a type is a union."""
    from types import UnionType
    from typing import Union

    return value is Union or value is UnionType or get_origin(value) in (Union, UnionType)


def is_annotated_type(value: Any) -> bool:
    """Whether a type has annotations."""
    from typing import Annotated

    return get_origin(value) is Annotated


def is_type_alias_type(value: Any) -> bool:
    """Whether it is an alias made by a statement ``type``."""
    from typing_extensions import TypeAliasType

    return isinstance(value, TypeAliasType)


def extract_type_arg(value: Any, index: int) -> Any:
    """An argument of a type."""
    return get_args(value)[index]


def field_outer_type(field: Any) -> Any:
    """The type of a field in the form of those tests: ``object`` if any value is allowed."""
    return _without_any(field.annotation)


def _without_any(kind: Any) -> Any:
    from functools import reduce
    from operator import or_

    if kind is Any:
        return object
    if kind is float:
        return float | int
    inner = [_without_any(one) for one in get_args(kind)]
    if is_union_type(kind):
        return object if object in inner else reduce(or_, inner)
    if get_origin(kind) in (list, dict):
        return get_origin(kind)[tuple(inner)]
    return kind


def get_model_fields(model: Any) -> Any:
    """The fields of a model whose types are known; pages have none."""
    if not hasattr(model, "model_fields"):
        return {}
    model.model_rebuild()
    return model.model_fields
