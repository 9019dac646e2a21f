"""Calls a client of datamodel-code-generator as its generated README describes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from harness import BETA, KEY, NotOfferedError, main

_RUN = {"thread_id": "thread_1", "run_id": "run_1", "open_ai_beta": BETA}


class DatamodelCodeGenerator:
    """The sync client; ``client.protocols`` is there where its options declared it."""

    def __init__(self, base_url: str) -> None:
        from app.client import Client

        self._base_url = base_url
        is_secured = not Path("files").exists()
        self._client: Any = Client(
            base_url=base_url, **({"api_key_auth": KEY} if is_secured else {})
        )

    def run(self, thread_id: str = "thread_1", run_id: str = "run_1") -> Any:
        given = {**_RUN, "thread_id": thread_id, "run_id": run_id}
        return self._client.assistants.get_run(**given)

    def create_run(self) -> Any:
        return self._client.assistants.create_run(
            thread_id="thread_1", open_ai_beta=BETA, body=self._request()
        )

    def _request(self, **more: Any) -> Any:
        from app.models import CreateRunRequest

        return CreateRunRequest(assistant_id="asst_1", **more)

    def message(self) -> Any:
        return self._client.assistants.get_message(
            thread_id="thread_1", message_id="msg_1", open_ai_beta=BETA
        )

    def dump(self, value: Any) -> Any:
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True)

    def error_body(self, error: Exception) -> Any:
        return getattr(error, "body", None)

    def pages(self) -> Sequence[str]:
        pages = self._protocol("assistants").iterate(open_ai_beta=BETA)
        return [one.id for one in pages]

    def events(self) -> Sequence[Any]:
        opened = self._protocol("run_events").open(
            thread_id="thread_1", open_ai_beta=BETA, body=self._request(stream=True)
        )
        with opened as stream:
            return [event.data for event in stream]

    def _protocol(self, name: str) -> Any:
        protocols = getattr(self._client, "protocols", None)
        if protocols is None:
            raise NotOfferedError("needs a hand-written loop")
        return getattr(protocols, name)

    async def run_async(self) -> Any:
        from app.client import AsyncClient

        async with AsyncClient(base_url=self._base_url, api_key_auth=KEY) as client:
            return await client.assistants.get_run(**_RUN)

    def upload(self, path: Path) -> int:
        from app.client.bodies import FilePart, MultipartBody

        body = MultipartBody(parts=(FilePart(name="file", content=path),))
        stored: int = self._client.files.upload_file(body=body).bytes
        return stored

    def shown(self) -> str:
        return repr(self._client) + repr(vars(self._client))


if __name__ == "__main__":
    main(DatamodelCodeGenerator)
