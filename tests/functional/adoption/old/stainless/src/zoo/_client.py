raise SystemExit("an old SDK is never run")

import os
from typing import TYPE_CHECKING

from ._base_client import AsyncAPIClient, SyncAPIClient, make_request_options
from ._compat import cached_property
from .types.status import Status

if TYPE_CHECKING:
    from .resources.animals import Animals
    from .resources.tickets import TicketsResource


class Zoo(SyncAPIClient):
    token: str

    def __init__(self, *, token=None, base_url=None, timeout=None, max_retries=2, _strict=False):
        if token is None:
            token = os.environ.get("ZOO_TOKEN")
        self.token = token
        if base_url is None:
            base_url = os.environ.get("ZOO_BASE_URL")
        if base_url is None:
            base_url = f"https://zoo.example.com"
        super().__init__(base_url=base_url)
        self._idempotency_header = "Idempotency-Key"

    @cached_property
    def animals(self) -> "Animals":
        from .resources.animals import Animals

        return Animals(self)

    @cached_property
    def tickets(self) -> "TicketsResource":
        from .resources.tickets import TicketsResource

        return TicketsResource(self)

    @property
    def auth_headers(self):
        return {**self._bearer_auth}

    @property
    def _bearer_auth(self):
        token = self.token
        if token is None:
            return {}
        return {"Authorization": f"Bearer {token}"}

    @property
    def default_headers(self):
        return {"Zoo-Version": "2", "X-Stainless-Async": "false"}

    def copy(self, *, token=None):
        return self.__class__(token=token)

    def status(self, *, extra_headers=None, timeout=None) -> Status:
        return self.get("/status", options=make_request_options(timeout=timeout), cast_to=Status)


class AsyncZoo(AsyncAPIClient):
    pass
