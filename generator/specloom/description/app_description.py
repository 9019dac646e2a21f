"""Prints the OpenAPI description of an ASGI app: ``python app_description.py module:app``.

It runs in the app's own environment, so that it imports the standard library alone.
"""

import asyncio
import importlib
import json
import sys
from typing import Any

PATHS = ("/openapi.json", "/schema/openapi.json", "/schema", "/openapi.yaml")
"""Where apps serve their description: FastAPI, Litestar, Starlette's own generator."""


def main(name: str) -> None:
    """Write the description to standard output."""
    module, _, attribute = name.partition(":")
    sys.path.insert(0, ".")
    app: Any = importlib.import_module(module)
    for step in attribute.removesuffix("()").split("."):
        app = getattr(app, step)
    sys.stdout.buffer.write(_description(app() if attribute.endswith("()") else app))


def _description(app: Any) -> bytes:
    if callable(getattr(app, "openapi", None)):
        return json.dumps(app.openapi()).encode()
    if hasattr(getattr(app, "openapi_schema", None), "to_schema"):
        return json.dumps(app.openapi_schema.to_schema()).encode()
    for path in PATHS:
        body = asyncio.run(_get(app, path))
        if body:
            return body
    sys.exit(f"the app has no openapi(), and answers at none of {', '.join(PATHS)}")


async def _get(app: Any, path: str) -> bytes:
    """The body of a 200 answer to GET; empty for any other answer (ASGI 3.0, HTTP scope)."""
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", b"localhost"), (b"accept", b"application/json")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    is_found = any(message.get("status") == 200 for message in sent)
    return b"".join(message.get("body", b"") for message in sent) if is_found else b""


if __name__ == "__main__":
    main(sys.argv[1])
