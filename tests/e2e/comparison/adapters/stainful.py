"""Calls a client of stainful as its README describes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from harness import KEY, main


class Stainful:
    """One class for both descriptions: the configuration gives both packages the same name."""

    def __init__(self, base_url: str) -> None:
        from compared import Compared

        # The description of files has no security scheme, and its client takes no key.
        key = {"api_key": KEY} if "api_key" in Compared.__init__.__annotations__ else {}
        self._options: dict[str, Any] = {"base_url": base_url, **key}
        self._client = Compared(**self._options)

    def run(self, thread_id: str = "thread_1", run_id: str = "run_1") -> Any:
        return self._client.threads.get_run(thread_id=thread_id, run_id=run_id)

    def create_run(self) -> Any:
        return self._client.threads.create_run(thread_id="thread_1", assistant_id="asst_1")

    def message(self) -> Any:
        return self._client.threads.get_message(thread_id="thread_1", message_id="msg_1")

    def dump(self, value: Any) -> Any:
        return value.to_dict()

    def error_body(self, error: Exception) -> Any:
        return getattr(error, "body", None)

    def pages(self) -> Sequence[str]:
        return [one.id for one in self._client.assistants.list_assistants()]

    def events(self) -> Sequence[Any]:
        stream = self._client.threads.create_run(
            thread_id="thread_1", assistant_id="asst_1", stream=True
        )
        return list(stream)

    async def run_async(self) -> Any:
        from compared import AsyncCompared

        client = AsyncCompared(**self._options)
        return await client.threads.get_run(thread_id="thread_1", run_id="run_1")

    def upload(self, path: Path) -> int:
        with path.open("rb") as stream:
            stored: int = self._client.files.upload_file(file=stream).bytes
            return stored

    def shown(self) -> str:
        return repr(self._client) + repr(vars(self._client))


if __name__ == "__main__":
    os.environ.pop("API_KEY", None)
    main(Stainful)
