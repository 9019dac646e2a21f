"""Deprecated parts warn at the caller's line, and type checkers, docstrings and pages show it."""

from __future__ import annotations

import asyncio
import copy
import inspect
import json
import pickle
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from specloom.errors import SpecError, as_text
from support.generated import Sdk
from support.loopback import Loopback
from support.typecheck import mypy_errors

pytestmark = pytest.mark.slow

PAPER = {"name": "News", "oldName": "Olds", "edition": "daily"}
LIST = "client.papers.list is deprecated. Use client.papers.search instead."
TERM = "The argument 'term' of client.papers.search is deprecated. Use 'q' instead."


def line_of(call: Callable[[], Any]) -> int:
    """The line of a function."""
    return call.__code__.co_firstlineno


def warned(call: Callable[[], Any]) -> list[tuple[str, int]]:
    """Every deprecation warning of a call, with its line in this file."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call()
    assert {(one.category, one.filename) for one in caught} <= {(DeprecationWarning, __file__)}
    return [(str(one.message), one.lineno) for one in caught]


class TestAnOperation:
    def test_warns_at_the_line_of_the_call(self, sdk: Sdk, server: Loopback) -> None:
        client = sdk.client(server.base_url)
        server.answer(PAPER)

        def call() -> None:
            client.papers.list()

        assert warned(call) == [(LIST, line_of(call) + 1)]
        assert server.last.path == "/papers"

    @pytest.mark.parametrize("view", ["with_raw_response", "with_streaming_response"])
    def test_warns_when_its_response_is_asked_for(
        self, sdk: Sdk, server: Loopback, view: str
    ) -> None:
        papers = getattr(sdk.client(server.base_url).papers, view)
        server.answer(PAPER)

        def call() -> None:
            response = papers.list()
            if view == "with_streaming_response":
                with response as entered:
                    assert entered.parse().name == "News"
            else:
                assert response.parse().name == "News"

        lines = {line_of(call) + 1, line_of(call) + 3}
        (told, line), *others = warned(call)
        assert (told, others) == (LIST, [])
        assert line in lines

    @pytest.mark.parametrize("view", ["", "with_raw_response"])
    def test_an_async_one_warns_when_it_is_called_not_when_it_is_awaited(
        self, sdk: Sdk, server: Loopback, view: str
    ) -> None:
        server.answer(PAPER)

        async def main() -> list[tuple[str, int]]:
            async with sdk.async_client(server.base_url) as client:
                papers = getattr(client.papers, view) if view else client.papers
                waiting: list[Any] = []
                call = lambda: waiting.append(papers.list())  # noqa: E731
                found = warned(call)
                assert found == [(LIST, line_of(call))]
                assert warned(lambda: None) == []
                with warnings.catch_warnings():
                    warnings.simplefilter("error")
                    await asyncio.create_task(waiting[0])
                return found

        assert asyncio.run(main()) != []

    def test_its_successor_can_be_an_address(self, sdk: Sdk, server: Loopback) -> None:
        client = sdk.client(server.base_url)
        server.answer(PAPER)
        ((told, _),) = warned(lambda: client.papers.create(title="x"))
        assert told.endswith("Use client.orders.create instead.")

    def test_one_without_a_successor_warns_of_itself(self, sdk: Sdk, server: Loopback) -> None:
        client = sdk.client(server.base_url)
        server.answer(PAPER)
        ((told, _),) = warned(client.papers.live)
        assert told == "client.papers.live is deprecated."

    def test_others_do_not_warn(self, sdk: Sdk, server: Loopback) -> None:
        client = sdk.client(server.base_url)
        server.answer({"id": "o", "status": "done"})
        assert warned(lambda: client.orders.retrieve("o")) == []

    def test_is_shown_once_for_each_place_by_default(
        self, sdk: Sdk, server: Loopback, tmp_path: Path
    ) -> None:
        script = tmp_path / "script.py"
        script.write_text(
            f"from kiosk_sdk import Kiosk\n"
            f"client = Kiosk(base_url={server.base_url!r})\n"
            f"for _ in range(3):\n"
            f"    client.papers.list()\n"
            f"client.papers.list()\n"
        )
        for _ in range(4):
            server.answer(PAPER)
        done = subprocess.run(
            [sys.executable, str(script)],
            env={"PYTHONPATH": str(sdk.folder)},
            capture_output=True,
            text=True,
            check=True,
        )
        lines = [line for line in done.stderr.splitlines() if "DeprecationWarning" in line]
        assert [line.partition(": ")[0] for line in lines] == [f"{script}:4", f"{script}:5"]

    def test_keeps_its_signature_and_docstring(self, sdk: Sdk) -> None:
        method = sdk.client("http://localhost").papers.list
        assert list(inspect.signature(method).parameters) == ["options"]
        assert "Deprecated: use `client.papers.search` instead." in method.__doc__
        assert method.__deprecated__ == LIST

    def test_loads_nothing_before_it_is_needed(self, sdk: Sdk) -> None:
        code = (
            "import sys\nfrom kiosk_sdk import Kiosk\n"
            "Kiosk(base_url='http://localhost').papers.list\nprint(*sys.modules)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONPATH": str(sdk.folder)},
            capture_output=True,
            text=True,
            check=True,
        )
        loaded = set(done.stdout.split())
        assert "kiosk_sdk.resources.papers" in loaded
        assert not loaded & {"pydantic", "httpx2", "httpcore2", "asyncio"}


class TestAnArgument:
    @pytest.mark.parametrize("value", ["news", None])
    def test_warns_where_it_is_given(self, sdk: Sdk, server: Loopback, value: Any) -> None:
        client = sdk.client(server.base_url)
        server.answer(PAPER)
        call = lambda: client.papers.search(shelf="a", term=value)  # noqa: E731
        assert warned(call) == [(TERM, line_of(call))]
        assert "term" in dict(server.last.query) or value is None

    def test_does_not_warn_if_omitted_or_required(self, sdk: Sdk, server: Loopback) -> None:
        client = sdk.client(server.base_url)
        server.answer(PAPER)
        omit = sdk.module.omit
        assert warned(lambda: client.papers.search(shelf="a", q="x", term=omit)) == []
        server.answer({"id": "o", "status": "done"})
        assert warned(lambda: client.orders.retrieve("o")) == []

    def test_of_a_body_warns_too_also_where_one_waits(self, sdk: Sdk, server: Loopback) -> None:
        client = sdk.client(server.base_url)
        told = "The argument 'code' of client.orders.{} is deprecated. Use 'sku' instead."
        server.answer({"id": "o", "status": "done"})
        ((first, _),) = warned(lambda: client.orders.create(code="1"))
        server.answer({"id": "o", "status": "done"})
        ((second, _),) = warned(lambda: client.orders.create_and_poll(code="1"))
        assert first == told.format("create")
        assert second == told.format("create_and_poll")

    def test_an_async_call_warns_at_once(self, sdk: Sdk, server: Loopback) -> None:
        async def main() -> None:
            async with sdk.async_client(server.base_url) as client:
                waiting: list[Any] = []
                call = lambda: waiting.append(  # noqa: E731
                    client.papers.search(shelf="a", term="x")
                )
                ((told, _),) = warned(call)
                assert told == TERM
                assert (await waiting[0]).name == "News"

        server.answer(PAPER)
        asyncio.run(main())

    def test_its_docstring_says_it(self, sdk: Sdk) -> None:
        told = sdk.client("http://localhost").papers.search.__doc__
        assert "Deprecated: use `q` instead." in told
        assert "page: Deprecated." in told


class TestAProperty:
    @pytest.fixture
    def paper(self, sdk: Sdk, server: Loopback) -> Any:
        server.answer(PAPER)
        return sdk.client(server.base_url).papers.search(shelf="a")

    def test_warns_where_it_is_read(self, paper: Any) -> None:
        call = lambda: paper.old_name  # noqa: E731
        told = "'old_name' of Paper is deprecated. Use 'name' instead."
        assert warned(call) == [(told, line_of(call))]
        assert warned(lambda: paper.edition)[0][0] == "'edition' of Paper is deprecated."
        assert warned(lambda: paper.name) == []

    def test_does_not_warn_for_the_whole_object(self, paper: Any) -> None:
        def use() -> None:
            assert paper.to_dict() == PAPER
            assert json.loads(paper.to_json()) == PAPER
            assert "Olds" in repr(paper)
            assert paper == copy.deepcopy(paper) == pickle.loads(pickle.dumps(paper))
            assert paper.model_dump(by_alias=True) == PAPER
            paper.old_name = "Older"
            assert paper.to_dict()["oldName"] == "Older"

        assert warned(use) == []

    def test_is_read_tolerantly_like_any_other(self, sdk: Sdk, server: Loopback) -> None:
        client = sdk.client(server.base_url)
        server.answer({"name": "x", "oldName": 1})

        def use() -> None:
            assert client.papers.search(shelf="a").to_dict() == {"name": "x", "oldName": 1}

        assert warned(use) == []

    def test_warns_in_heirs_and_copies_too(self, sdk: Sdk, paper: Any) -> None:
        class Sheet(sdk.types.Paper):  # type: ignore[misc,name-defined]
            pages: int = 1

        sheet = Sheet.model_validate({**PAPER, "pages": 2})
        sdk.types.Paper.model_rebuild(force=True)
        copied = paper.model_copy(update={"old_name": "Oldest"})
        told = "'old_name' of Paper is deprecated. Use 'name' instead."
        found = warned(lambda: (sheet.old_name, copied.old_name))
        assert [one for one, _ in found] == [told, told]
        assert warned(lambda: sheet.pages) == []

    def test_the_source_documents_results_and_arguments(self, sdk: Sdk) -> None:
        assert '"""What it was.\n\n    Deprecated: use `name` instead.' in sdk.source(
            "kiosk_sdk/types/papers.py"
        )
        assert "Deprecated: use `name` instead." in sdk.source("kiosk_sdk/types/orders_params.py")


USE = """
    from kiosk_sdk import AsyncKiosk, Kiosk

    client = Kiosk()
    client.papers.list()
    client.papers.live(stream=True)
    client.papers.create(title="x")
    client.orders.retrieve("1")

    async def main() -> None:
        await AsyncKiosk().papers.list()
"""


class TestTypeCheckers:
    def test_mypy_finds_nothing_unless_it_is_asked(self, sdk: Sdk) -> None:
        assert mypy_errors(sdk, USE) == []

    def test_mypy_reports_deprecations(self, sdk: Sdk) -> None:
        found = mypy_errors(sdk, f"    # mypy: enable-error-code=deprecated\n{USE}")
        told = [line.partition(" is deprecated")[0].rpartition(".")[2] for line in found]
        assert told == ["list", "live", "create", "list"]

    def test_pyright_sees_it_and_is_content_with_the_sdk(self, sdk: Sdk, tmp_path: Path) -> None:
        (tmp_path / "use.py").write_text(inspect.cleandoc(USE))
        config = {
            "typeCheckingMode": "strict",
            "include": ["use.py", str(sdk.folder / "kiosk_sdk")],
            "ignore": ["**/_runtime"],
            "extraPaths": [str(sdk.folder)],
        }
        (tmp_path / "pyrightconfig.json").write_text(json.dumps(config))
        command = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "--outputjson"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        found = json.loads(done.stdout)["generalDiagnostics"]
        assert {(one["rule"], Path(one["file"]).name) for one in found} == {
            ("reportDeprecated", "use.py")
        }
        assert [one["range"]["start"]["line"] for one in found] == [3, 4, 5, 9]


class TestPages:
    def test_the_index_strikes_it_through_and_names_the_successor(self, sdk: Sdk) -> None:
        told = "Deprecated: use [`client.papers.search`](resources/papers.md#search)."
        row = f"| ~~[`papers.list`](resources/papers.md#list)~~ | {told} |"
        assert row in sdk.source("docs/README.md")

    def test_the_operation_its_arguments_and_the_fields_say_it(self, sdk: Sdk) -> None:
        page = sdk.source("docs/resources/papers.md")
        assert "**Deprecated: use [`client.papers.search`](#search).**" in page
        assert "**Deprecated.**" in page
        assert "- `term` (`str` or `None`, deprecated: use `q`): What one looked for." in page
        assert "- `page` (`int`, deprecated)" in page
        types = sdk.source("docs/types/papers.md")
        assert "- `old_name` (`str`, wire name `oldName`, deprecated: use `name`)" in types


@pytest.mark.parametrize(
    ("old", "new", "message", "hint"),
    [
        ("replaced_by: searchPapers", "replaced_by: searchPaper", "no operation", "searchPapers"),
        (
            "replaced_by: orders.create",
            "replaced_by: orders.creat",
            "no operation of the SDK is named 'orders.creat'",
            "did you mean 'orders.create'?",
        ),
        ("replaced_by: q}", "replaced_by: qq}", "no input of this operation", "'q'?"),
        ("replaced_by: name}", "replaced_by: nam}", "no property of this object", "'name'"),
        ("replaced_by: name}", "replaced_by: oldName}", "no property of this object", "known: "),
    ],
)
def test_a_successor_that_is_not_there_is_an_error(
    generate: Callable[[str], Sdk], old: str, new: str, message: str, hint: str
) -> None:
    text = (Path(__file__).parent / "spec.yaml").read_text()
    assert old in text
    with pytest.raises(SpecError) as caught:
        generate(text.replace(old, new))
    told = as_text(caught.value.problems)
    assert "bad-x-sdk" in told
    assert message in told
    assert hint in told
    assert new.removeprefix("replaced_by: ").rstrip("}") in told.splitlines()[1]
