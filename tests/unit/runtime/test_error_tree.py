"""The tree of exceptions."""

from __future__ import annotations

import pickle

from specloom.runtime import errors


def test_every_error_is_in_the_tree_of_the_docstring() -> None:
    classes = [getattr(errors, name) for name in errors.__all__ if name[0].isupper()]
    assert errors.__doc__ is not None
    for each in classes:
        assert issubclass(each, errors.SDKError)
        assert each.__name__ in errors.__doc__
    assert issubclass(errors.APITimeoutError, errors.APIConnectionError)
    assert errors.APIError("x").status_code is None


def test_errors_without_a_response_pickle() -> None:
    error = errors.APITimeoutError("slow", code="c", retries_taken=2)
    twin = pickle.loads(pickle.dumps(error))
    assert (type(twin), str(twin), twin.code, twin.retries_taken) == (type(error), "slow", "c", 2)
