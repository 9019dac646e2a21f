"""A required but undeclared property is a warning with its line, and nothing else."""

from __future__ import annotations

import inspect
from pathlib import Path

from specloom.pipeline import BuildOptions, build
from support.generated import Sdk
from support.loopback import Loopback
from support.typecheck import mypy_errors

SPEC = Path(__file__).parent / "spec.yaml"


def test_it_is_a_warning_with_its_line() -> None:
    problems = build(SPEC, BuildOptions()).problems
    places = {
        name: next(
            number
            for number, line in enumerate(SPEC.read_text().splitlines(), 1)
            if "required: [" in line and name in line
        )
        for name in ("thread_id", "ghost")
    }
    located = [(one.code, problems.locator.locate(one.pointer).line) for one in problems]
    assert located == [("undeclared-required", line) for line in places.values()]


def test_it_is_not_an_argument(sdk: Sdk, server: Loopback) -> None:
    server.answer({"id": "m1"})
    create = sdk.client(server.base_url, strict=True).threads.messages.create
    assert list(inspect.signature(create).parameters) == ["thread_id", "x", "options"]
    assert create("t1", x="X").to_dict() == {"id": "m1"}
    assert server.last.path == "/threads/t1/messages"
    assert server.last.json == {"x": "X"}


def test_the_sdk_type_checks(sdk: Sdk) -> None:
    assert mypy_errors(sdk) == []
