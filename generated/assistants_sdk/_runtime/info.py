"""What the runtime has to know of one SDK; the only place where it learns of an API."""

from __future__ import annotations

from .record import NOTHING, Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    from .operation import Content, Security

__all__ = ["Environment", "ErrorPaths", "SdkInfo", "SecurityScheme"]


class Environment(Record):
    """The environment variables that stand in for arguments; the first that is set counts."""

    api_key: tuple[str, ...] = ()
    base_url: tuple[str, ...] = ()


class SecurityScheme(Record):
    """A way to send a credential (OpenAPI 3.1.1, Security Scheme Object).

    Attributes:
        kind: ``bearer`` and ``basic`` go into the header ``Authorization`` (RFC 6750, RFC 7617).
        location: Where an ``apiKey`` goes.
        name: The name of that header, query parameter or cookie.
        argument: The argument of the client that takes the credential; ``api_key`` falls back to
            the environment.
    """

    kind: Literal["bearer", "basic", "apiKey"]
    location: Literal["header", "query", "cookie"] = "header"
    name: str = "Authorization"
    argument: str = "api_key"


class ErrorPaths(Record):
    """Where the parts of an error stand in its body: JSON Pointers (RFC 6901), tried in order.

    The defaults cover the shapes in wide use, among them problem details (RFC 9457).
    """

    message: tuple[str, ...] = (
        "/error/message",
        "/message",
        "/detail",
        "/detail/0/msg",
        "/title",
        "/error_description",
        "/error",
        "/errors/0/message",
        "/errors/0/detail",
    )
    code: tuple[str, ...] = ("/error/code", "/code", "/errors/0/code")
    param: tuple[str, ...] = ("/error/param", "/param")
    type: tuple[str, ...] = ("/error/type", "/type")


class SdkInfo(Record):
    """One SDK.

    Attributes:
        package: The import name; also the name of its logger.
        version: The SDK's version, sent as ``User-Agent: package/version``.
        title: The API's name, for messages.
        base_url: The server, unless the caller names one; ``None``: the caller must.
        environment: The environment variables for the key and the server.
        log_environment: The environment variable that turns logging on; see ``logs``.
        security_schemes: The ways to send a credential, by the name that requirements use.
        security: What a call needs unless its operation says otherwise; empty: nothing.
        headers: Headers that are sent with every call.
        error_paths: Where the parts of an error stand.
        idempotency_header: The header for a key that makes a write safe to repeat.
        request_id_headers: The response headers that may carry the request's id.
        errors: What an error status means for every operation that does not say so itself.
    """

    package: str
    version: str
    title: str
    base_url: str | None = None
    environment: Environment = Environment()
    log_environment: str | None = None
    security_schemes: Mapping[str, SecurityScheme] = NOTHING
    security: Security = ()
    headers: Mapping[str, str] = NOTHING
    error_paths: ErrorPaths = ErrorPaths()
    idempotency_header: str | None = None
    request_id_headers: tuple[str, ...] = ("x-request-id", "request-id")
    errors: Mapping[str, Content] = NOTHING
