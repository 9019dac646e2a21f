"""``compatible_with = "stainless"``: old import paths and names lead to the objects of this SDK."""

from __future__ import annotations

from pathlib import Path
from typing import get_type_hints

import pytest

from specloom.errors import SpecError
from specloom.options import BuildOptions
from specloom.pipeline import build
from support.generated import Sdk, found

SPEC = Path(__file__).parent / "spec.yaml"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("lab._client.Lab", "lab.Lab"),
        ("lab._client.Client", "lab.Lab"),
        ("lab._client.AsyncClient", "lab.AsyncLab"),
        ("lab.types.beta.threads.run.Run", "lab.types.Run"),
        ("lab.types.beta.threads.Run", "lab.types.Run"),
        ("lab.types.beta.threads.run.RunTool", "lab.types.Tool"),
        ("lab._types.NOT_GIVEN", "lab.omit"),
        ("lab.NOT_GIVEN", "lab.not_given"),
        ("lab._types.NotGiven", "lab.Omit"),
        ("lab._exceptions.LabError", "lab.SDKError"),
        ("lab.LabError", "lab.SDKError"),
        ("lab._exceptions.APIStatusError", "lab.APIStatusError"),
        ("lab._streaming.Stream", "lab.Stream"),
        ("lab.resources.NamesResource", "lab.resources.names.Names"),
        ("lab.resources.beta.threads.runs.RunsResource", "lab.resources.beta.threads.runs.Runs"),
        ("lab.resources.beta.beta.BetaResource", "lab.resources.beta.Beta"),
    ],
)
@pytest.mark.usefixtures("sdk")
def test_old_paths_lead_to_the_same_objects(old: str, new: str) -> None:
    assert found(old) is found(new)


@pytest.mark.usefixtures("sdk")
def test_names_without_a_new_name_are_there() -> None:
    for path in (
        "lab.APIResponse",
        "lab._response.AsyncAPIResponse",
        "lab.DefaultHttpxClient",
        "lab.DefaultAsyncHttpxClient",
        "lab.BaseModel",
        "lab.file_from_path",
        "lab._base_client.AsyncPaginator",
        "lab.pagination.SyncOffsetPagination",
        "lab._utils.parse_datetime",
        "lab._version.__version__",
    ):
        assert found(path) is not None
    assert issubclass(found("lab.types.Run"), found("lab._models.BaseModel"))
    assert found("lab.types.NameListResponse") == list[str]


@pytest.mark.usefixtures("sdk")
def test_arguments_are_a_typed_dict() -> None:
    params = found("lab.types.beta.threads.RunCreateParams")
    assert params.__required_keys__ == {"model"}
    assert set(get_type_hints(params)) == {"model", "tools"}


@pytest.mark.usefixtures("sdk")
def test_constants_are_those_of_the_sdk() -> None:
    timeout = found("lab._constants.DEFAULT_TIMEOUT")
    assert (timeout.connect, timeout.read) == (5, 90)
    assert found("lab.DEFAULT_TIMEOUT") is found("lab._base_client.DEFAULT_TIMEOUT") is timeout
    assert found("lab._base_client.DEFAULT_MAX_RETRIES") == found("lab.DEFAULT_MAX_RETRIES") == 3


def test_every_module_can_be_imported(sdk: Sdk) -> None:
    assert "lab.types.beta.threads.run" in sdk.import_all()


def test_without_a_file_types_have_the_usual_places() -> None:
    files = build(SPEC, BuildOptions(compatible_with="stainless")).files
    assert "lab/types/beta/threads/run.py" in files
    assert "class RunCreateParams(TypedDict" in files["lab/types/beta/threads/run_create_params.py"]


def test_other_sdks_do_not_contain_it() -> None:
    files = build(SPEC, BuildOptions()).files
    assert not [name for name in files if "stainless" in name or "/_client" in name]
    assert not [name for name, text in files.items() if "NOT_GIVEN" in text]
    assert "RunsResource" not in files["lab/resources/beta/threads/runs.py"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("clients: {}", "no section 'clients'"),
        ("arguments: {a: {value: x}}", "'x' is not valid here"),
        ("arguments: {'a b': {}}", "'a b' is not valid here"),
        ("arguments: {a: {names: []}}", "no key 'names'"),
        ("requests: {GET /names: {path: x}}", "no key 'path'"),
        ("requests: {GET /names: {body: x}}", "'x' is not valid here"),
        ("requests: {GET /names: {headers: {A: 1}}}", "{'A': 1} is not valid here"),
        ("legacy_responses: 1", "1 is not valid here"),
        ("requests: {names: {}}", "'names' is not valid here"),
        ("imports: {types.x: {A: 'import os'}}", "'import os' is not valid here"),
        ("imports: {../x: {A: B}}", "'../x' is not valid here"),
        ("- 1", "this is a mapping"),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "former.yaml"
    file.write_text(text)
    with pytest.raises(SpecError) as caught:
        build(SPEC, BuildOptions(compatible_with="stainless", former_sdk=file))
    (problem,) = caught.value.problems
    assert message in problem.message
    assert problem.location is not None
    assert problem.location.file == str(file)
