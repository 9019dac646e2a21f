"""The options of a call, as hooks of clients with the names of Stainless get and change them."""

from __future__ import annotations

from typing import Any

from specloom.runtime.api.operation import Operation
from specloom.runtime.request.call import Call
from specloom.runtime.stainless.preparing import options_of, prepared

OPERATION: Operation[Any, Any] = Operation("read", "GET", "/files/{file.id}/{rest}")


def test_the_url_has_the_path_arguments() -> None:
    call = Call(OPERATION, path={"file.id": "f"})
    assert options_of(call).url == "/files/f/{rest}"


def test_headers_of_the_caller_stay_as_they_are() -> None:
    given = {"X-A": "1"}
    call = Call(OPERATION, options={"extra_headers": given})
    options = options_of(call)
    options.headers["X-B"] = "2"
    assert prepared(call, options_of(call), options).options == {
        "extra_headers": {"X-A": "1", "X-B": "2"}
    }
    assert given == {"X-A": "1"}


def test_a_hook_can_remove_all_headers() -> None:
    call = Call(OPERATION, options={"extra_headers": {"X-A": "1"}})
    options = options_of(call)
    options.headers = {}
    assert prepared(call, options_of(call), options).options == {"extra_headers": {}}
