"""Names in the lock stay, whatever changes in the description."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functional.names_lock.depot import (
    FIRST,
    SPEC,
    addresses,
    describe,
    generated,
    lock,
    names,
)
from specloom.names_lock.file import lock_text, write_lock
from specloom.options import BuildOptions
from specloom.pipeline import read

pytestmark = pytest.mark.slow


class TestANameStays:
    def test_where_the_operation_has_another_id(self) -> None:
        generated()
        describe(("operationId: createJob", "operationId: makeJob"))
        generated()
        assert addresses()["~1jobs/post"] == "jobs.create"
        assert "POST /jobs: {name: jobs.create, id: makeJob, returns: Job}" in lock()

    def test_where_the_operation_has_another_tag(self) -> None:
        generated()
        describe(("tags: [jobs]", "tags: [work]"))
        assert addresses()["~1jobs/post"] == "jobs.create"

    def test_where_what_it_returns_becomes_a_component(self) -> None:
        generated()
        _, start, rest = SPEC.partition(
            "              schema:\n                type: object\n                properties:\n                  first"
        )
        inline = start + rest.partition("components:")[0]
        everything = (
            "    Everything: {properties: {parts: {items: {$ref: '#/components/schemas/Part'}}}}\n"
        )
        describe(
            (inline, "              schema: {$ref: '#/components/schemas/Everything'}\n"),
            ("    Failure:", f"{everything}    Failure:"),
        )
        generated()
        assert names().former_types["PartUpdateResponse"][0].endswith("/Everything")
        assert 'Everything: {name: Everything, was: {PartUpdateResponse: "0.2.0"}}' in lock()
        assert "PUT /parts: {name: parts.update, id: putParts, returns: Everything}" in lock()
        written = lock()
        generated()
        assert lock() == written

    def test_where_the_operation_has_another_path(self) -> None:
        generated()
        describe(("  /parts:", "  /v2/parts:"), ("    put:", "    post:"))
        generated()
        assert addresses()["~1v2~1parts/post"] == "parts.update"
        assert lock() == FIRST.replace("PUT /parts", "POST /v2/parts").replace(
            "~1parts/put/", "~1v2~1parts/post/"
        )

    def test_where_paths_are_read_in_another_way(self) -> None:
        generated()
        describe(("  version: 0.2.0", "  version: 0.2.0\n  resources: paths"))
        assert set(addresses().values()) == {"jobs.create", "jobs.retrieve", "parts.update"}

    def test_where_it_is_the_clients_own(self) -> None:
        search = "  /search: {post: {operationId: search, responses: {}}}\n"
        describe(("components:\n", f"{search}components:\n"))
        generated()
        assert "POST /search: {name: search, id: search}" in lock()
        moved = search.replace("/search:", "/find:")
        describe(("components:\n", f"{moved}components:\n"))
        generated()
        assert addresses()["~1find/post"] == "search"

    def test_where_a_clash_that_decided_it_is_over(self) -> None:
        generated()
        describe(
            ("/jobs/{id}:", "/jobs/it:"),
            ("{name: id, in: path, required: true", "{name: q, in: query"),
        )
        text = Path("names.lock").read_text()
        Path("names.lock").write_text(text.replace("/jobs/{id}", "/jobs/it"))
        pointer = next(one for one in names().arguments if "~1jobs~1it" in one)
        assert names().arguments[pointer][("header", "id")] == "header_id"

    def test_where_something_new_would_have_a_better_claim_to_it(self) -> None:
        describe(("    Part:", "    part:"), ("schemas/Part", "schemas/part"))
        generated()
        assert "  part: Part\n" in lock()
        describe(
            ("    Part:", "    part:"),
            ("schemas/Part", "schemas/part"),
            ("    Job:\n", "    Part: {type: object, properties: {a: {type: string}}}\n    Job:\n"),
        )
        assert names().types["depot.yaml#/components/schemas/part"] == "Part"
        assert names().types["depot.yaml#/components/schemas/Part"] == "Part2"

    def test_where_a_resource_is_called_by_a_number(self, folder: Path) -> None:
        described = (("  /jobs", "  /404"), ("tags: [jobs]", 'tags: ["404"]'))
        describe(*described)
        generated()
        assert "n404.create" in lock()
        cancel = "  /404/{id}/cancel: {post: {operationId: cancel, responses: {}}}\n"
        added = ("components:\n", f"{cancel}components:\n")
        describe(*described, ("tags: [parts]", 'tags: ["404"]'), added)
        generated()
        assert "POST /404/{id}/cancel: {name: n404.cancel, id: cancel}" in lock()
        assert {path.stem for path in folder.glob("sdk/depot_sdk/resources/*.py")} == {
            "__init__",
            "n404",
            "parts",
        }

    @settings(
        max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(data=st.data())
    def test_the_order_of_the_description_does_not_matter(self, data: st.DataObject) -> None:
        def shuffled(value: Any) -> Any:
            if isinstance(value, dict):
                keys = data.draw(st.permutations(list(value)))
                return {key: shuffled(value[key]) for key in keys}
            return [shuffled(one) for one in value] if isinstance(value, list) else value

        describe()
        locked = Path("names.lock")
        locked.unlink(missing_ok=True)
        first = read(Path("depot.yaml"), BuildOptions(names_lock=locked))
        assert first.lock is not None
        write_lock(locked, lock_text(first.lock))
        Path("depot.yaml").write_text(json.dumps(shuffled(yaml.safe_load(SPEC))))
        again = read(Path("depot.yaml"), BuildOptions(names_lock=locked))
        assert again.lock is not None
        assert lock_text(again.lock) == lock_text(first.lock)
        assert again.names.types == first.names.types
        assert again.names.addresses == first.names.addresses
        assert again.names.arguments == first.names.arguments
