"""Calls a client of specloom as the README of the generated project describes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from harness import KEY, main


class Specloom:
    """The sync client; what only another client has is made where it is needed."""

    def __init__(self, base_url: str) -> None:
        from compared_sdk import Assistants

        self._base_url = base_url
        self._client = Assistants(api_key=KEY, base_url=base_url)

    def run(self, thread_id: str = "thread_1", run_id: str = "run_1") -> Any:
        return self._client.threads.runs.retrieve(run_id, thread_id=thread_id)

    def create_run(self) -> Any:
        return self._client.threads.runs.create("thread_1", assistant_id="asst_1")

    def message(self) -> Any:
        return self._client.threads.messages.retrieve("msg_1", thread_id="thread_1")

    def dump(self, value: Any) -> Any:
        return value.to_dict()

    def error_body(self, error: Exception) -> Any:
        return getattr(error, "parsed", None)

    def pages(self) -> Sequence[str]:
        return [one.id for one in self._client.assistants.list()]

    def events(self) -> Sequence[Any]:
        runs = self._client.threads.runs
        with runs.create("thread_1", assistant_id="asst_1", stream=True) as stream:
            return list(stream)

    async def run_async(self) -> Any:
        from compared_sdk import AsyncAssistants

        async with AsyncAssistants(api_key=KEY, base_url=self._base_url) as client:
            return await client.threads.runs.retrieve("run_1", thread_id="thread_1")

    def upload(self, path: Path) -> int:
        from files_sdk import Files

        with Files(base_url=self._base_url) as client:
            stored: int = client.files.upload(file=path).bytes_
            return stored

    def shown(self) -> str:
        return repr(self._client) + repr(vars(self._client))


class Uploads(Specloom):
    """The client for uploads."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url


if __name__ == "__main__":
    main(Uploads if Path("files_sdk").is_dir() else Specloom)
