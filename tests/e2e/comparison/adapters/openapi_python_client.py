"""Calls a client of openapi-python-client as its generated README describes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from harness import BETA, KEY, NotOfferedError, main


class OpenapiPythonClient:
    """One module for each call, with ``sync`` and ``asyncio``."""

    def __init__(self, base_url: str) -> None:
        if Path("files_client").is_dir():
            from files_client import AuthenticatedClient
        else:
            from assistants_api_client import AuthenticatedClient

        self._client = AuthenticatedClient(base_url=base_url, token=KEY)

    def run(self, thread_id: str = "thread_1", run_id: str = "run_1") -> Any:
        from assistants_api_client.api.assistants import get_run

        return get_run.sync(thread_id, run_id, client=self._client, open_ai_beta=BETA)

    def create_run(self) -> Any:
        from assistants_api_client.api.assistants import create_run
        from assistants_api_client.models import CreateRunRequest

        body = CreateRunRequest(assistant_id="asst_1")
        return create_run.sync("thread_1", client=self._client, body=body, open_ai_beta=BETA)

    def message(self) -> Any:
        from assistants_api_client.api.assistants import get_message

        return get_message.sync("thread_1", "msg_1", client=self._client, open_ai_beta=BETA)

    def dump(self, value: Any) -> Any:
        return value.to_dict()

    def error_body(self, error: Exception) -> Any:
        return getattr(error, "content", None)

    def pages(self) -> Sequence[str]:
        raise NotOfferedError("needs a hand-written loop")

    def events(self) -> Sequence[Any]:
        raise NotOfferedError("its call reads JSON responses only")

    async def run_async(self) -> Any:
        from assistants_api_client.api.assistants import get_run

        return await get_run.asyncio("thread_1", "run_1", client=self._client, open_ai_beta=BETA)

    def upload(self, path: Path) -> int:
        from files_client.api.files import upload_file
        from files_client.models import UploadFileBody
        from files_client.types import File

        with path.open("rb") as stream:
            body = UploadFileBody(file=File(payload=stream, file_name="large.bin"))
            stored: int = upload_file.sync(client=self._client, body=body).bytes_
            return stored

    def shown(self) -> str:
        return repr(self._client)


if __name__ == "__main__":
    main(OpenapiPythonClient)
