"""A server that issues OAuth 2 tokens, and clients for it."""

from __future__ import annotations

import threading
import time
from typing import Any
from urllib.parse import parse_qs

from support.generated import Sdk
from support.loopback import Answer, Loopback, Received

SECRET = "s3cr3t/of+mine"
CLIENT = {"client_id": "me", "client_secret": SECRET}


class TokenServer(Loopback):
    """Issues tokens, and answers requests with a valid one."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self.requests: list[Received] = []
        self.life: Any = 3600
        self.delay = 0.0
        self.refused: set[str] = set()
        self.failures: list[Answer] = []
        self.token: dict[str, Any] = {"token_type": "Bearer"}
        self._count = threading.Lock()

    def take(self, received: Received) -> Answer:
        if received.path in ("/token", "/refresh"):
            return self._token(received)
        with self._count:
            self.received.append(received)
        bearer = received.headers.get("authorization", "")
        if not bearer.startswith("Bearer t") or bearer.removeprefix("Bearer ") in self.refused:
            return Answer({"error": {"message": "no"}}, 401)
        return Answer({"id": "o1"})

    def _token(self, received: Received) -> Answer:
        time.sleep(self.delay)
        with self._count:
            form = parse_qs(received.body.decode(), keep_blank_values=True)
            self.forms.append({name: values[0] for name, values in form.items()})
            self.requests.append(received)
            if self.failures:
                return self.failures.pop(0)
            token = {"access_token": f"t{len(self.forms)}", "expires_in": self.life}
            return Answer(token | self.token)


def client(sdk: Sdk, server: TokenServer, **options: Any) -> Any:
    return sdk.client(server.base_url, **({**CLIENT, **options}))


def bearers(server: TokenServer) -> list[str]:
    return [each.headers["authorization"] for each in server.received]
