"""The facts about one SDK. They are all that the runtime knows of an API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple

from .content import ResponseContent
from .server import ApiServer

if TYPE_CHECKING:  # for annotations
    from ..options import Timeout
    from ..retries import Retries
    from .operation import Location, Security

__all__ = ["ClientArgument", "Environment", "ErrorPaths", "SdkInfo", "SecurityScheme"]


class Environment(NamedTuple):
    """The environment variables that are defaults of arguments. The first one set counts."""

    api_key: tuple[str, ...] = ()
    base_url: tuple[str, ...] = ()
    client_id: tuple[str, ...] = ()
    client_secret: tuple[str, ...] = ()


class SecurityScheme(NamedTuple):
    """A way to send a credential (OpenAPI 3.1.1, Security Scheme Object).

    Attributes:
        kind: ``bearer`` and ``basic`` go into the header ``Authorization`` (RFC 6750, RFC 7617). So
            does the credential of another scheme of ``http``, after the scheme's name.
        location: Where an ``apiKey`` goes.
        name: The name of that header, query parameter or cookie.
        argument: The argument of the client that takes the credential. ``api_key`` falls back to
            the environment.
        scheme: The name of a scheme of ``http``, such as ``Digest`` (RFC 9110, 11.1).
        token_url: The endpoint that gives tokens for a scheme of OAuth 2.
        refresh_url: The endpoint for refresh tokens, if it is another one.
        takes_client: Whether the client's arguments ``client_id`` and ``client_secret`` are for it.
        authentication: How they are sent: as HTTP Basic or in the form (RFC 6749, 2.3.1).
        parameters: Further parameters for the token endpoint.
        variables: The environment variables with the default of the argument, or of each of the two
            arguments of user and password.
    """

    kind: Literal["bearer", "basic", "apiKey", "http"]
    location: Literal["header", "query", "cookie"] = "header"
    name: str = "Authorization"
    argument: str = "api_key"
    scheme: str = ""
    token_url: str | None = None
    refresh_url: str | None = None
    takes_client: bool = False
    authentication: Literal["basic", "post"] = "basic"
    parameters: Mapping[str, str] = {}
    variables: tuple[tuple[str, ...], ...] = ()


class ClientArgument(NamedTuple):
    """A further argument of the client, whose value calls send.

    Attributes:
        location: Where the value goes. ``None``: nothing sends it.
        name: The name of that path parameter, query parameter or header.
        type: The type of the value, as in JSON Schema.
        environment: The environment variables with its default. The first one that is set
            counts.
        default: The value without an argument and a variable.
        required: Whether a client cannot do without a value.
        everywhere: Whether all calls send it. Otherwise those do whose operation takes it.
    """

    location: Location | None = None
    name: str = ""
    type: Literal["string", "integer", "number", "boolean"] = "string"
    environment: tuple[str, ...] = ()
    default: str | float | None = None
    required: bool = False
    everywhere: bool = False


class ErrorPaths(NamedTuple):
    """Where an error body holds its parts: JSON Pointers (RFC 6901), tried in order.

    The defaults cover the shapes in wide use, among them problem details (RFC 9457). ``body`` is
    the part that an error has as its ``body``; without it, that is the whole.
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
    body: tuple[str, ...] = ()


class SdkInfo(NamedTuple):
    """One SDK.

    Attributes:
        package: The import name. It is also the name of the SDK's logger.
        version: The SDK's version, sent as ``User-Agent: package/version``.
        title: The API's name, for messages.
        base_url: The server, unless the caller names one. ``None``: the caller must.
        servers: Further servers, or one with variables, by the name that the caller chooses. The
            first takes the place of ``base_url``.
        environment: The environment variables for the key and the server.
        log_environment: The environment variable that turns logging on. See ``logs``.
        security_schemes: The ways to send a credential, by the name that requirements use.
        security: What a call needs unless its operation says otherwise. Empty: nothing.
        headers: Headers to send with every call.
        client_arguments: Further arguments of the client, by name.
        timeout: How long calls take at most, unless the caller says otherwise.
        retries: Which failures are retried, unless the caller says otherwise.
        error_paths: Where an error body holds its parts.
        idempotency_header: The header for a key that makes a write safe to repeat.
        accept: The header ``Accept`` of calls whose success has no content.
        request_id_headers: The response headers that may hold the id of the request.
        errors: The content of each error status that an operation does not describe itself.
    """

    package: str
    version: str
    title: str
    base_url: str | None = None
    servers: Mapping[str, ApiServer] = {}
    environment: Environment = Environment()
    log_environment: str | None = None
    security_schemes: Mapping[str, SecurityScheme] = {}
    security: Security = ()
    headers: Mapping[str, str] = {}
    client_arguments: Mapping[str, ClientArgument] = {}
    timeout: Timeout | None = None
    retries: Retries | None = None
    error_paths: ErrorPaths = ErrorPaths()
    idempotency_header: str | None = None
    accept: str = "*/*"
    request_id_headers: tuple[str, ...] = ("x-request-id", "request-id")
    errors: Mapping[str, ResponseContent] = {}
