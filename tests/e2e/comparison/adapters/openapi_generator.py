"""Calls a client of OpenAPI Generator's ``python`` as its generated README describes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from harness import BETA, KEY, NotOfferedError, main


class OpenapiGenerator:
    """One class for each tag; ``library`` selects sync or async methods."""

    def __init__(self, base_url: str) -> None:
        import client

        self._configuration = client.Configuration(host=base_url, access_token=KEY)
        self._package = client

    def _api(self) -> Any:
        return self._package.AssistantsApi(self._package.ApiClient(self._configuration))

    def run(self, thread_id: str = "thread_1", run_id: str = "run_1") -> Any:
        return self._api().get_run(thread_id, run_id, BETA)

    def create_run(self) -> Any:
        request = self._package.CreateRunRequest(assistant_id="asst_1")
        return self._api().create_run("thread_1", BETA, request)

    def message(self) -> Any:
        return self._api().get_message("thread_1", "msg_1", BETA)

    def dump(self, value: Any) -> Any:
        return value.to_dict()

    def error_body(self, error: Exception) -> Any:
        return getattr(error, "data", None) or getattr(error, "body", None)

    def pages(self) -> Sequence[str]:
        raise NotOfferedError("needs a hand-written loop")

    def events(self) -> Sequence[Any]:
        raise NotOfferedError("raw bytes, through `_without_preload_content`")

    async def run_async(self) -> Any:
        if not Path("async").exists():
            raise NotOfferedError("another library")
        async with self._package.ApiClient(self._configuration) as api_client:
            api = self._package.AssistantsApi(api_client)
            return await api.get_run("thread_1", "run_1", BETA)

    def upload(self, path: Path) -> int:
        api = self._package.FilesApi(self._package.ApiClient(self._configuration))
        stored: int = api.upload_file(str(path)).bytes
        return stored

    def shown(self) -> str:
        api_client = self._package.ApiClient(self._configuration)
        return f"{self._configuration!r} {api_client!r} {self._configuration.to_debug_report()}"


class Retrying(OpenapiGenerator):
    """With the retries that its configuration takes: urllib3's own class, for every method."""

    def __init__(self, base_url: str) -> None:
        import urllib3

        super().__init__(base_url)
        methods = [*urllib3.Retry.DEFAULT_ALLOWED_METHODS, "POST"]
        self._configuration.retries = urllib3.Retry(2, allowed_methods=methods)


if __name__ == "__main__":
    main(Retrying if Path("retrying").exists() else OpenapiGenerator)
