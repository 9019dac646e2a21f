"""Prints the OpenAPI description of an ASGI app: ``python app_description.py module:app``.

This script runs in the app's environment, so it imports only the standard library.
"""

import asyncio
import importlib
import inspect
import json
import os
import sys
import traceback
from typing import Any

PATHS = ("/openapi.json", "/schema/openapi.json", "/schema", "/openapi.yaml")
"""The addresses at which FastAPI, Litestar and Starlette's schema generator serve descriptions."""


def main(name: str) -> None:
    """Write the description to standard output. On failure, exit with 1 and a one-line reason."""
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # the app's own output is not part of the description
    try:
        described = _description(_app(name))
    except Exception as error:
        sys.exit(f"\n{_reason(error)}")
    with output:
        output.write(described)


def _app(name: str) -> Any:
    """The object at ``module:attribute``; ``module:attribute()`` calls it."""
    module, _, attribute = name.partition(":")
    sys.path[:0] = [".", "src"]
    app: Any = importlib.import_module(module)
    for step in attribute.removesuffix("()").split("."):
        app = getattr(app, step)
    if attribute.endswith("()"):
        return app()
    if inspect.isfunction(app) and len(inspect.signature(app).parameters) < 3:  # ASGI apps take 3
        raise TypeError(f"{name} is a function; if it returns the app, write {name}()")
    return app


def _description(app: Any) -> bytes:
    if callable(getattr(app, "openapi", None)):
        return _json(app.openapi())
    if hasattr(getattr(app, "openapi_schema", None), "to_schema"):
        return _json(app.openapi_schema.to_schema())
    if not callable(app):
        raise TypeError(f"it is not an ASGI app but {type(app).__name__}")
    for path in PATHS:
        body = asyncio.run(_get(app, path))
        if body:
            return body
    raise LookupError(f"it has no openapi(), and does not answer at {', '.join(PATHS)}")


def _json(description: Any) -> bytes:
    """JSON with one value a line, so that problems have readable places."""
    return json.dumps(description, indent=2, ensure_ascii=False, default=str).encode()


def _reason(error: Exception) -> str:
    """The error on one line, with the line of the app that raised it."""
    text = " ".join(str(error).split())
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename != __file__ and not frame.filename.startswith("<frozen")
    ]
    installed = (sys.prefix, sys.base_prefix)
    own = [frame for frame in frames if not frame.filename.startswith(installed)]
    place = f" ({os.path.relpath(own[-1].filename)}:{own[-1].lineno})" if own else ""
    return f"{type(error).__name__}: {text}{place}"


async def _get(app: Any, path: str) -> bytes:
    """The body of a 200 response to GET; empty for any other response (ASGI 3.0, HTTP scope)."""
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
