"""Python's view of an SDK: modules, tracebacks, signatures, and models built by hand."""

from __future__ import annotations

import inspect
import pickle
import pydoc
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, get_type_hints

import httpx2
import pytest

from support.generated import Sdk
from support.loopback import Loopback


def test_errors_show_the_module_that_exports_them(sdk: Sdk, server: Loopback) -> None:
    server.answer({"message": "slow down"}, status=429)
    package = sdk.module
    with pytest.raises(package.RateLimitError) as caught:
        sdk.client(server.base_url, max_retries=0).books.list()
    name = f"{package.__name__}.RateLimitError"
    assert repr(type(caught.value)) == f"<class '{name}'>"
    assert traceback.format_exception_only(caught.value)[-1].startswith(f"{name}: ")
    exported = [one for one in package.__all__ if one.endswith("Error")]
    assert len(exported) > 10
    for one in exported:
        assert getattr(package, one).__module__ == package.__name__
        assert get_type_hints(getattr(package, one)) == {}


def test_errors_pickle_under_either_module(sdk: Sdk) -> None:
    package = sdk.module
    written = pickle.dumps(package.APITimeoutError("slow"), protocol=0)
    assert f"(c{package.__name__}\nAPITimeoutError".encode() in written
    former = written.replace(
        f"(c{package.__name__}\n".encode(), f"(c{package.__name__}._runtime.errors\n".encode()
    )
    assert former != written
    for each in (written, former):
        assert type(pickle.loads(each)) is package.APITimeoutError


def test_modules_are_there_at_the_first_use(sdk: Sdk) -> None:
    name = sdk.module.__name__
    code = f"import {name}; print({name}.types.Book.__name__)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=sdk.folder, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("Book\n", "")


@pytest.mark.parametrize("view", ["", "with_raw_response", "with_streaming_response"])
def test_a_method_shows_its_arguments_and_options(view: str, sdk: Sdk) -> None:
    for client in (sdk.client("http://127.0.0.1"), sdk.async_client("http://127.0.0.1")):
        books = getattr(client.books, view) if view else client.books
        signature = inspect.signature(books.list)
        assert list(signature.parameters) == ["sort", "options"]
        assert "RequestOptions" in str(signature)
        assert "options" in pydoc.plain(pydoc.render_doc(books.list))


def test_a_model_is_built_by_hand_with_some_of_its_fields(sdk: Sdk) -> None:
    book = sdk.types.Book.model_construct(id="b1")
    assert (book.id, book.note, book.to_dict()) == ("b1", None, {"id": "b1"})
    with pytest.raises(ValueError, match="title"):
        sdk.types.Book(id="b1")


def methods_of(holder: Any) -> Iterator[Callable[..., Any]]:
    """The public methods of a client or a resource, and of all resources and views below it."""
    for name in dir(type(holder)):
        if isinstance(inspect.getattr_static(type(holder), name), cached_property):
            yield from methods_of(getattr(holder, name))
    for name in dir(holder):
        if not name.startswith("_") and inspect.isroutine(getattr(holder, name)):
            yield getattr(holder, name)


def test_the_annotations_of_every_method_can_be_evaluated(sdk: Sdk) -> None:
    clients = (sdk.client("http://127.0.0.1"), sdk.async_client("http://127.0.0.1"))
    names = set()
    for client in clients:
        for method in (type(client).__init__, *methods_of(client)):
            hints = get_type_hints(method)
            inspect.signature(method, eval_str=True)
            parameters = inspect.signature(method).parameters
            assert {"return", *parameters} - {"self"} == set(hints), method
            names.add(method.__name__)
    assert {"list", "upload_cover", "create", "streams", "with_options", "post"} <= names


def test_annotations_are_the_types_that_the_package_exports(sdk: Sdk) -> None:
    client, package = sdk.client("http://127.0.0.1"), sdk.module
    sequences, types = client.sequences, sdk.types
    assert get_type_hints(client.books.list)["return"] == list[types.Book]
    page = get_type_hints(sequences.list)["return"]
    assert page == package.SyncCursorPage[types.Sequence_]
    create = get_type_hints(sequences.create)
    assert create["return"] == types.Sequence_ | package.SequenceStream
    assert create["first"] == types.Book | types.BookParam | package.Omit
    assert create["options"].__args__ == (package.RequestOptions,)
    watch = get_type_hints(sequences.streams)["return"]
    assert watch == package.Stream[types.Sequence_]
    assert get_type_hints(type(client).__init__)["http_client"] == httpx2.Client | None
    assert get_type_hints(package.RequestOptions)["retries"] is package.Retries


def test_a_stream_has_its_class_beside_arguments_and_methods_called_streams(
    sdk: Sdk, server: Loopback
) -> None:
    server.answer(
        b'data: {"id":"b1","title":"Ada","pages":3}\n\n', content_type="text/event-stream"
    )
    client = sdk.client(server.base_url)
    with client.sequences.create(streams=["a"], stream=True) as stream:
        assert type(stream) is sdk.module.SequenceStream
        assert [book.title for book in stream] == ["Ada"]
