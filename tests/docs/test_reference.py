"""The reference matches the package and the description."""

from __future__ import annotations

import inspect
import re
from operator import attrgetter
from pathlib import Path

import pytest

import assistants_sdk
from assistants_sdk import Assistants, AsyncAssistants, types
from support.described import document
from support.pages import anchors_of, linked_from, prose_of

DOCS = Path(__file__).resolve().parents[2] / "generated/docs"
_ROW = re.compile(
    r"^\| \[`([\w.]+)`\]\((\S+)\) \| (.+) \| `([A-Z]+) (\S+)` \| `(\w+)` \|$", re.MULTILINE
)
ROWS = _ROW.findall((DOCS / "README.md").read_text(encoding="utf-8"))
METHODS = [row[:2] for row in ROWS]
PLAIN = [row for row in ROWS if not row[0].endswith("poll")]
_OPTIONS = {"self", "options"}


def section(link: str) -> str:
    """The text of the section that a link from the index targets."""
    path, _, anchor = link.partition("#")
    text = (DOCS / path).read_text(encoding="utf-8")
    found = re.search(rf"^## `{anchor}`\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found is not None, link
    return found.group(1)


def test_the_index_has_every_operation_with_endpoint_and_id() -> None:
    described = {
        (operation["operationId"], method.upper(), path, operation["summary"].rstrip("."))
        for path, item in document()["paths"].items()
        for method, operation in item.items()
        if method != "parameters"
    }
    listed = {(id_, verb, path, told.rstrip(".")) for _, _, told, verb, path, id_ in PLAIN}
    assert listed == described
    assert len(PLAIN) == len(described)


@pytest.mark.parametrize(("method", "link"), [row[:2] for row in PLAIN])
def test_a_section_has_the_arguments_of_its_method_in_their_order(method: str, link: str) -> None:
    client = Assistants(api_key="k")
    parameters = inspect.signature(attrgetter(method)(client)).parameters
    listed = re.search(r"\*\*Arguments\*\*\n\n(.*?)\n\n\*\*", section(link), re.DOTALL)
    entries = re.findall(r"^- `(\w+)` \((.*?)\)(?::|$)", listed[1] if listed else "", re.MULTILINE)
    assert [name for name, _ in entries] == [one for one in parameters if one not in _OPTIONS]
    required = {name for name, one in parameters.items() if one.default is inspect.Parameter.empty}
    assert {name for name, told in entries if ", required" in told} == required - _OPTIONS


def test_the_list_of_calls_has_every_method_with_its_arguments() -> None:
    text = (DOCS.parent / "api.md").read_text(encoding="utf-8")
    calls = re.findall(r"^- \[`\w+`\]\(\S+\): `client\.([\w.]+)\((.*)\)`$", text, re.MULTILINE)
    assert [method for method, _ in calls] == [method for method, _ in METHODS]
    client = Assistants(api_key="k")
    for method, listed in calls:
        parameters = inspect.signature(attrgetter(method)(client)).parameters.values()
        given = [one for one in parameters if one.name not in _OPTIONS]
        texts = [
            one.name if one.default is inspect.Parameter.empty else f"{one.name}=..."
            for one in given
        ]
        keywords = [one.kind is inspect.Parameter.KEYWORD_ONLY for one in given]
        if True in keywords:
            texts.insert(keywords.index(True), "*")
        assert listed == ", ".join(texts), method


def test_a_method_that_waits_says_for_what_and_how_long() -> None:
    waiting = {row[0]: row for row in ROWS if row[0].endswith("poll")}
    method, link, told, verb, path, id_ = waiting["threads.runs.create_and_poll"]
    assert (told, verb, path, id_) == (
        "Call `create` and wait until its job ends.",
        "POST",
        "/threads/{thread_id}/runs",
        "createRun",
    )
    text = section(link)
    assert "then [`retrieve`](#retrieve) repeatedly, until `status` is" in text
    assert "- the arguments of [`create`](#create), except `stream`\n" in text
    own = set(inspect.signature(attrgetter(method)(Assistants(api_key="k"))).parameters)
    plain = set(inspect.signature(Assistants(api_key="k").threads.runs.create).parameters)
    assert own - plain == set(re.findall(r"`(poll_\w+)` \(", text))
    assert plain - own == {"stream"}


def test_required_arguments_come_first() -> None:
    told = section("resources/threads/runs.md#create")
    assert told.index("- `thread_id`") < told.index("- `assistant_id`") < told.index("- `model`")


@pytest.mark.parametrize(("method", "link"), METHODS)
def test_a_section_calls_its_method_on_both_clients(method: str, link: str) -> None:
    text = section(link)
    assert f" client.{method}(" in text.replace("= await ", "= ")
    assert text.count(f"client.{method}(") >= 2
    assert "from assistants_sdk import Assistants\n" in text
    assert "from assistants_sdk import AsyncAssistants\n" in text
    attrgetter(method)(AsyncAssistants(api_key="k"))


def test_an_entry_tells_type_default_limits_and_meaning() -> None:
    text = section("resources/threads/runs.md#list")
    assert (
        "- `limit` (`int`, 1 to 100, default `20`): How many objects a page holds at most" in text
    )
    assert '- `order` (`"asc"` or `"desc"`, default `"desc"`): Sort by' in text


def test_returns_streams_and_pages_link_to_their_types() -> None:
    assert "**Returns** [`Run`](../../types/threads_runs.md#run)." in section(
        "resources/threads/runs.md#retrieve"
    )
    assert (
        "[`SyncCursorPage`](../../guides/pages.md) of [`Run`](../../types/threads_runs.md#run)"
        in section("resources/threads/runs.md#list")
    )
    assert "it returns a [`RunStream`](../../guides/streams.md#runstream) of" in section(
        "resources/threads/runs.md#create"
    )


def test_errors_are_named_and_explained_once() -> None:
    text = section("resources/threads/runs.md#retrieve")
    assert "`NotFoundError` (404)" in text
    told = (DOCS / "guides/errors.md").read_text(encoding="utf-8")
    assert "- 404, `NotFoundError`: An id in the request belongs to nothing" in told
    assert "belongs to nothing" not in text


def test_every_error_class_is_in_the_tree() -> None:
    told = (DOCS / "guides/errors.md").read_text(encoding="utf-8")
    classes = [name for name in dir(assistants_sdk) if name.endswith("Error")]
    assert [name for name in classes if f"{name} " not in told and f"{name}\n" not in told] == []


def test_every_public_type_is_documented() -> None:
    pages = list((DOCS / "types").glob("*.md"))
    anchors = {anchor for page in pages for anchor in anchors_of(page)}
    texts = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    public = [name for name in dir(types) if name[0].isupper() and not name.isupper()]
    assert len(public) > 100
    told = [name for name in public if name.lower() in anchors or f"`{name}`" in texts]
    assert told == public


def test_a_model_has_all_its_fields() -> None:
    text = (DOCS / "types/threads_runs.md").read_text(encoding="utf-8")
    found = re.search(r"^## `Run`\n(.*?)^## ", text, re.MULTILINE | re.DOTALL)
    assert found is not None
    fields = re.findall(r"^- `(\w+)` \(", found.group(1), re.MULTILINE)
    assert fields == list(types.Run.model_fields)
    assert "Returned by [`threads.create_and_run`](../resources/threads.md#create_and_run)" in (
        found.group(1)
    )


def test_environment_variables_are_in_the_readme() -> None:
    text = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    environment = document()["x-sdk"]["environment"]
    for name in (*environment["api_key"], *environment["base_url"], "ASSISTANTS_LOG"):
        assert f"| `{name}` |" in text


def test_headings_of_a_page_are_unique() -> None:
    for page in DOCS.rglob("*.md"):
        anchors = anchors_of(page)
        assert len(anchors) == len(set(anchors)), page


def test_no_html_but_the_header() -> None:
    for page in (*DOCS.parent.glob("*.md"), *DOCS.rglob("*.md")):
        assert set(re.findall(r"<\S", prose_of(page))) <= {"<!"}, page


def test_every_page_can_be_reached_from_the_readme() -> None:
    start = DOCS.parent / "README.md"
    reached, pending = {start}, [start]
    while pending:
        new = linked_from(pending.pop()) - reached
        reached |= new
        pending += new
    assert set(DOCS.rglob("*.md")) <= reached
