"""Descriptions from URLs, standard input, and ASGI apps."""

from __future__ import annotations

import gzip
import json
import os
import sys
from pathlib import Path
from textwrap import dedent

import pytest
from click.testing import CliRunner, Result

from specloom.commands import main
from specloom.description import inputs, load
from support.loopback import Loopback, serving

SPEC = """\
openapi: 3.1.0
info: {title: Zoo, version: "1"}
paths:
  /animals:
    get:
      x-sdk: {resource: animals, method: list}
      responses:
        "200":
          description: All animals.
          content: {application/json: {schema: {$ref: "%s"}}}
components: {schemas: {Animals: {type: array, items: {type: string}}}}
"""
WHOLE = SPEC % "#/components/schemas/Animals"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    return tmp_path


def run(*arguments: str, given: str = "") -> Result:
    return CliRunner().invoke(main, arguments, input=given)


def generated() -> str:
    return Path("sdk/zoo_sdk/resources/animals.py").read_text()


class TestAddresses:
    def test_a_description_is_fetched(self, server: Loopback) -> None:
        server.answer(WHOLE.encode())
        result = run("generate", f"{server.base_url}/openapi.yaml?v=1", "-o", "sdk")
        assert result.exit_code == 0, result.stderr
        assert "def list(" in generated()
        assert (server.last.path, server.last.raw_query) == ("/openapi.yaml", "v=1")

    def test_the_same_text_again_changes_nothing(self, server: Loopback) -> None:
        for text in (WHOLE, WHOLE, WHOLE.replace("animals", "beasts")):
            server.answer(text.encode())
        url = f"{server.base_url}/openapi.yaml"
        results = [run("generate", url, "-o", "sdk").stdout for _ in range(3)]
        assert "written" in results[0]
        assert "files" in results[1]
        assert "written" not in results[1]
        assert "written" in results[2]

    def test_check_reads_it_again(self, server: Loopback) -> None:
        for text in (WHOLE, WHOLE, WHOLE.replace("{type: string}", "{type: integer}")):
            server.answer(text.encode())
        url = f"{server.base_url}/openapi.yaml"
        run("generate", url, "-o", "sdk")
        assert run("generate", url, "-o", "sdk", "--check").exit_code == 0
        assert run("generate", url, "-o", "sdk", "--check").exit_code == 1

    def test_references_to_its_origin_are_followed(self, server: Loopback) -> None:
        server.answer((SPEC % "schemas/animals.yaml#/All").encode())
        server.answer(b"All: {type: array, items: {type: integer}}")
        result = run("generate", f"{server.base_url}/v1/openapi.yaml", "-o", "sdk")
        assert result.exit_code == 0, result.stderr
        assert server.last.path == "/v1/schemas/animals.yaml"
        assert "list[int]" in generated()

    def test_references_to_another_origin_are_not(self, server: Loopback) -> None:
        with serving() as other:
            server.answer((SPEC % f"{other.base_url}/a.yaml#/All").encode())
            result = run("generate", f"{server.base_url}/openapi.yaml", "-o", "sdk")
            assert result.exit_code == 2
            assert ": remote-ref: " in result.stderr
            assert other.received == []

    def test_nor_by_way_of_a_redirect(self, server: Loopback) -> None:
        with serving() as other:
            server.answer((SPEC % "a.yaml#/All").encode())
            server.answer(status=302, headers={"Location": f"{other.base_url}/a.yaml"})
            result = run("generate", f"{server.base_url}/openapi.yaml", "-o", "sdk")
            assert result.exit_code == 2
            assert "redirects to another origin" in result.stderr
            assert other.received == []

    def test_a_redirect_of_the_description_is_followed(self, server: Loopback) -> None:
        server.answer(status=301, headers={"Location": "/v2/openapi.yaml"})
        server.answer((SPEC % "a.yaml#/All").encode())
        server.answer(b"All: {type: array, items: {type: integer}}")
        result = run("generate", f"{server.base_url}/openapi.yaml", "-o", "sdk")
        assert result.exit_code == 0, result.stderr
        assert server.last.path == "/v2/a.yaml"

    @pytest.mark.parametrize("status", [404, 500])
    def test_what_cannot_be_fetched_is_an_error(self, server: Loopback, status: int) -> None:
        server.answer(b"no", status=status)
        url = f"{server.base_url}/openapi.yaml"
        result = run("generate", url, "-o", "sdk")
        assert result.exit_code == 2
        assert result.stderr.startswith(f"{url}:1:1: unreadable: ")
        assert str(status) in result.stderr
        assert not Path("sdk").exists()

    @pytest.mark.parametrize(
        ("answer", "said"),
        [
            ({"body": b"\n<!DOCTYPE html><title>Swagger UI</title>"}, ["HTML", "/openapi.json"]),
            ({"status": 401}, ["401", "specloom generate -"]),
            ({"status": 302, "headers": {"Location": "ftp://127.0.0.1/a"}}, ["only http and"]),
            ({"body": b"\x1f\x8bno"}, ["gzip"]),
        ],
    )
    def test_what_is_answered_instead(
        self, server: Loopback, answer: dict[str, object], said: list[str]
    ) -> None:
        server.answer(**answer)  # type: ignore[arg-type]
        result = run("generate", f"{server.base_url}/docs", "-o", "sdk")
        assert result.exit_code == 2
        assert [one for one in said if one not in result.stderr] == []

    @pytest.mark.parametrize(
        "text", [b" " * 2000, gzip.compress(b" " * 2000, mtime=0)], ids=["plain", "compressed"]
    )
    def test_no_more_is_read_than_the_limit(
        self, server: Loopback, monkeypatch: pytest.MonkeyPatch, text: bytes
    ) -> None:
        monkeypatch.setattr(inputs, "MAX_BYTES", 1000)
        monkeypatch.setattr(load, "MAX_BYTES", 1000)
        server.answer(text)
        assert ": too-large: " in run("lint", f"{server.base_url}/openapi.yaml").stdout

    def test_a_compressed_file_is_unpacked(self, server: Loopback) -> None:
        server.answer(gzip.compress(WHOLE.encode()))
        assert run("lint", f"{server.base_url}/openapi.yaml").exit_code == 0

    @pytest.mark.parametrize(
        ("address", "hint"),
        [
            ("ftp://127.0.0.1/a.yaml", "http://"),
            ("localhost:8000/openapi.json", "http://"),
            ("https://ann:hidden@127.0.0.1/a.yaml", "specloom generate -"),
        ],
    )
    def test_addresses_that_are_not_read(self, address: str, hint: str) -> None:
        result = run("generate", address, "-o", "sdk")
        assert result.exit_code == 2
        assert hint in result.stderr
        assert "hidden" not in result.stderr

    def test_a_server_that_is_not_there(self) -> None:
        result = run("generate", "http://127.0.0.1:1/openapi.yaml", "-o", "sdk")
        assert result.exit_code == 2
        assert ":1:1: unreadable: " in result.stderr

    def test_a_problem_has_its_place_in_the_address(self, server: Loopback) -> None:
        server.answer((SPEC % "#/nothing").encode())
        url = f"{server.base_url}/openapi.yaml"
        result = run("lint", url)
        assert f"{url}:10:49: undefined-ref" in result.stdout

    def test_the_settings_may_name_one(self, server: Loopback) -> None:
        server.answer(WHOLE.encode())
        Path("pyproject.toml").write_text(
            f'[tool.specloom]\nspec = "{server.base_url}/openapi.yaml"\noutput = "sdk"\n'
        )
        assert run("generate").exit_code == 0
        assert "def list(" in generated()

    def test_commands_that_need_a_file_say_so(self, server: Loopback) -> None:
        Path("pyproject.toml").write_text(
            f'[tool.specloom]\nspec = "{server.base_url}/openapi.yaml"\noutput = "sdk"\n'
        )
        result = run("add", "--curl", "curl https://zoo.example/animals")
        assert result.exit_code == 2
        assert "needs a file" in result.stderr
        assert (
            "--watch waits for a file"
            in run("generate", "-", "-o", "sdk", "--watch", given=WHOLE).stderr
        )

    def test_init_copies_it(self, server: Loopback) -> None:
        server.answer(WHOLE.encode())
        result = run("init", f"{server.base_url}/api/zoo", "--dir", "project", "--yes")
        assert result.exit_code == 0, result.stderr
        assert Path("project/spec/zoo.yaml").read_text().endswith(f"\n{WHOLE}")


class TestStandardInput:
    def test_it_is_read(self) -> None:
        result = run("generate", "-", "-o", "sdk", given=WHOLE)
        assert result.exit_code == 0, result.stderr
        assert "def list(" in generated()

    def test_references_are_relative_to_the_current_folder(self) -> None:
        Path("a.yaml").write_text("All: {type: array, items: {type: integer}}")
        result = run("generate", "-", "-o", "sdk", given=SPEC % "a.yaml#/All")
        assert result.exit_code == 0, result.stderr

    def test_an_empty_file_is_not_a_description(self) -> None:
        result = run("generate", "-", "-o", "sdk")
        assert result.exit_code == 2
        assert ": not-openapi: " in result.stderr


APPS = {
    "its_method": "class App:\n    def openapi(self): return DESCRIPTION\napp = App()",
    "a_factory": "class App:\n    def openapi(self): return DESCRIPTION\ndef app(): return App()",
    "its_schema": (
        "class Schema:\n    def to_schema(self): return DESCRIPTION\n"
        "class App:\n    openapi_schema = Schema()\napp = App()"
    ),
    "its_answer": dedent("""\
        async def app(scope, receive, send):
            found = scope["path"] == "/schema"
            await send({"type": "http.response.start", "status": 200 if found else 404,
                        "headers": []})
            body = json.dumps(DESCRIPTION).encode() if found else b"no"
            await send({"type": "http.response.body", "body": body})
        """),
}


class TestApps:
    @pytest.mark.parametrize("kind", APPS)
    def test_an_app_describes_itself(self, kind: str) -> None:
        operation = {
            "x-sdk": {"resource": "animals", "method": "list"},
            "responses": {"204": {"description": "Done."}},
        }
        description = {
            "openapi": "3.1.0",
            "info": {"title": "Zoo", "version": "1"},
            "paths": {"/animals": {"get": operation}},
        }
        head = f"import json\nDESCRIPTION = json.loads({json.dumps(description)!r})\n"
        Path("zoo").mkdir()
        Path("zoo/web.py").write_text(head + APPS[kind])
        name = "zoo.web:app()" if kind == "a_factory" else "zoo.web:app"
        result = run("generate", name, "-o", "sdk")
        assert result.exit_code == 0, result.stderr
        assert "def list(" in generated()

    def test_it_runs_in_a_process_of_its_own(self) -> None:
        Path("loud_app.py").write_text("raise RuntimeError('the database is away')")
        result = run("generate", "loud_app:app", "-o", "sdk")
        assert result.exit_code == 2
        assert "loud_app:app:1:1: unreadable: " in result.stderr
        assert "RuntimeError: the database is away" in result.stderr
        assert "Traceback" not in result.stderr
        assert "loud_app" not in sys.modules

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("made_apps:app", "write made_apps:app()"),
            ("made_apps:number", "not an ASGI app but int"),
            ("made_apps:broken()", "ValueError: one line, and another (made_apps.py:7)"),
            ("made_apps:missing", "AttributeError"),
        ],
    )
    def test_what_is_no_app_is_said_on_one_line(self, name: str, said: str) -> None:
        # A `src` folder is searched too.
        Path("src").mkdir()
        Path("src/made_apps.py").write_text(
            "number = 3\n\ndef app():\n    pass\n\ndef broken():\n"
            "    raise ValueError('one line,\\nand another')\n"
        )
        result = run("lint", name)
        assert result.exit_code == 2
        assert said in result.output.replace(f"src{os.sep}", "")

    def test_what_an_app_prints_is_no_part_of_it(self) -> None:
        Path("loud.py").write_text(
            "import os\nprint('ready')\nos.system('echo started')\n"
            "class App:\n    def openapi(self):\n        return {'openapi': '3.1.0',"
            " 'info': {'title': 'Zoö', 'version': '1'}, 'paths': {}}\napp = App()\n"
        )
        assert run("lint", "loud:app").exit_code == 0

    def test_an_app_that_cannot_describe_itself(self) -> None:
        Path("mute.py").write_text("async def app(scope, receive, send): pass")
        result = run("generate", "mute:app", "-o", "sdk")
        assert result.exit_code == 2
        assert "/openapi.json" in result.stderr

    def test_a_file_of_that_name_is_a_file(self) -> None:
        Path("api:v1").write_text(WHOLE)
        assert run("generate", "api:v1", "-o", "sdk").exit_code == 0
