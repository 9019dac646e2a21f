"""The IR → the files of the Python package. All decisions about their content are made here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from specloom import ir
from specloom.ir import OLDEST_PYTHON
from specloom.ir.usage import Usage
from specloom.layout import docstring, entry, fill, literal
from specloom.naming.identifiers import CLIENT_METHODS
from specloom.naming.names import Names
from specloom.sdk.client_arguments import (
    ServerArgument,
    ServerArguments,
    argument_code,
    argument_entry,
    argument_property,
    argument_type,
    client_imports,
    credential_argument,
    credential_arguments,
    credentials,
    defaults_code,
    has_own_methods,
    has_tokens,
    is_fixed,
    is_pair,
    own_option_names,
    server_arguments,
    servers_code,
    takes_client,
    usual_timeout,
)
from specloom.sdk.code import Code, import_lines, imports_of
from specloom.sdk.operations import Shared, shared_of
from specloom.sdk.resources import ResourcePlanner, child_of, client_resource_name
from specloom.sdk.streams import (
    bases_of,
    has_resource,
    page_files,
    page_index,
    stream_files,
    stream_index,
    webhook_files,
)
from specloom.sdk.types import TypesPlanner
from specloom.sdk.views import PlannedFile, exporting_package

if TYPE_CHECKING:
    from specloom.ir.former_sdk import FormerSdk

_DEPENDENCIES = {
    "httpcore2": ">=2.16,<3",
    "httpx2": ">=2.16,<3",
    "pydantic": ">=2.12,<3",
    "typing_extensions": ">=4.14",
}
_CLASSIFIERS = (
    "Intended Audience :: Developers",
    "Operating System :: OS Independent",
    "Programming Language :: Python :: 3",
    "Typing :: Typed",
)


def project_file(api: ir.Api, package: str) -> PlannedFile:
    """The file with the metadata of the distribution."""
    project = api.settings.project
    context = {
        "package": package,
        "distribution": api.settings.distribution,
        "version": api.settings.version,
        "described": f"Python client for {' '.join(api.title.split())}",
        "license": project.license,
        "authors": [
            {key: value for key, value in (("name", name), ("email", email)) if value}
            for name, email in project.authors
        ],
        "keywords": project.keywords,
        "classifiers": sorted({*_CLASSIFIERS, *project.classifiers}),
        "urls": project.urls,
        "python": project.python or f">=3.{OLDEST_PYTHON}",
        "dependencies": _dependencies(dict(project.dependencies)),
    }
    return PlannedFile("pyproject.toml", "pyproject.toml.j2", context)


def _dependencies(given: dict[str, str]) -> list[str]:
    """The SDK's own dependencies with the bounds of `given`, and the others of `given`."""
    found = {_normalized(name): (name, bounds) for name, bounds in _DEPENDENCIES.items()}
    found |= {
        _normalized(name): (found.get(_normalized(name), (name,))[0], bounds)
        for name, bounds in given.items()
    }
    return [f"{name}{bounds}" for _, (name, bounds) in sorted(found.items())]


def _normalized(name: str) -> str:
    """A name as package indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def package_files(
    api: ir.Api, shared: Shared, package: str, former: Mapping[str, str]
) -> Iterator[PlannedFile]:
    """Client, public names and the files of the project; ``former`` are further public names."""
    settings = api.settings
    yield PlannedFile(f"{package}/testing.py", "package/testing.py.j2", {})
    yield PlannedFile(f"{package}/client.py", "package/client.py.j2", client_context(api, shared))
    exports = {"types": "."} | public_names(settings.client) | stream_index(api, ".streams.")
    exports |= page_index(api, ".pages.")
    if has_tokens(api.security_schemes):
        exports |= _OAUTH
    if api.webhooks is not None:
        exports |= dict.fromkeys(("WebhookError", "WebhookSignatureError"), ".webhooks")
    exports |= former
    text = docstring(_package_docstring(api, shared), 0)
    yield from exporting_package(package, exports, text, version=settings.version)
    yield project_file(api, package)
    if api.left_out:
        yield PlannedFile("docs/left-out.md", "docs/left-out.md.j2", {"left_out": api.left_out})


_PUBLIC = {
    "._runtime.errors": "APIConnectionError APIError APIResponseValidationError APIStatusError"
    " APITimeoutError AuthenticationError BadRequestError ConfigurationError ConflictError"
    " InternalServerError NotFoundError PermissionDeniedError PollTimeoutError RateLimitError"
    " SDKError UnprocessableEntityError",
    "._runtime.models.base": "request_id_of",
    "._runtime.options": "Omit RequestOptions Timeout omit",
    "._runtime.pagination.pages": "AsyncCursorPage SyncCursorPage",
    "._runtime.middleware": "AsyncMiddleware AsyncSend Attempt Middleware Observer Send",
    "._runtime.retries": "Retries Retry RetryBudget",
    "._runtime.streaming.stream": "AsyncStream Stream",
    "._runtime.telemetry": "OpenTelemetry",
}


_OAUTH = {
    "ClientCredentials": "._runtime.tokens",
    "RefreshToken": "._runtime.tokens",
    "Token": "._runtime.tokens",
    "TokenError": "._runtime.errors",
    "TokenProvider": "._runtime.tokens",
}
"""Further names of an API with OAuth 2."""


def public_names(client: str) -> dict[str, str]:
    """The names of the package itself, each with the module it comes from."""
    found = {name: module for module, names in _PUBLIC.items() for name in names.split()}
    found |= {client: ".client", f"Async{client}": ".client"}
    return dict(sorted(found.items()))


# Installed packages lack these targets: links to files beside the description.
_RELATIVE_LINK = re.compile(r"\[([^\[\]]+)\]\((?![a-z][a-z0-9+.-]*:|//|#)[^()\s]*\)", re.IGNORECASE)


def _package_docstring(api: ir.Api, shared: Shared) -> str:
    paragraphs = [f"Python client for {api.title}."]
    if api.description:
        paragraphs.append(fill(_RELATIVE_LINK.sub(r"\1", api.description), 0))
    if shared.common_errors:
        entries = [entry(name, text, 0) for name, text in shared.common_errors.items()]
        note = "Methods raise these errors. A method's docstring names those of its own.\n\n"
        paragraphs.append(note + "\n".join(entries))
    return "\n\n".join(paragraphs)


def client_context(api: ir.Api, shared: Shared) -> dict[str, object]:
    """The context of the client's template."""
    settings, bases = api.settings, bases_of(api.settings.mixin)
    given = server_arguments(api)
    servers = None if is_fixed(api.servers) else servers_code(api.servers, given.variables)
    children = [
        child_of(one, client_resource_name(one), "resources.") for one in api.resources if one.path
    ]
    source = " | TokenSource" if has_tokens(api.security_schemes) else ""
    has_own = api.webhooks is not None and not has_resource(api)
    defaults = defaults_code(settings)
    own = {one.name: argument_code(one) for one in settings.client_arguments}
    pieces = [*shared.errors.values(), *defaults.values(), *own.values()]
    imports = client_imports(api, given) | imports_of(pieces) | bases.imports
    return {
        "constructor_docstring": docstring(_constructor_docstring(api, given), 8),
        "settings": settings,
        "title": api.title,
        "address": _address(api, servers),
        "arguments": _arguments(api, given, f"str | Callable[[], str]{source}"),
        "async_arguments": _arguments(
            api, given, f"str | Callable[[], str] | Callable[[], Awaitable[str]]{source}"
        ),
        "defaults": {name: one.text for name, one in defaults.items()},
        "own_arguments": {name: one.text for name, one in own.items()},
        "own_options": {
            "": _own_options(api, given, f"str | Callable[[], str]{source}"),
            "Async": _own_options(
                api, given, f"str | Callable[[], str] | Callable[[], Awaitable[str]]{source}"
            ),
        },
        "own_properties": [argument_property(one) for one in settings.client_arguments],
        "max_retries": (
            "DEFAULT_MAX_RETRIES" if settings.max_retries is None else settings.max_retries
        ),
        "takes_client": takes_client(api.security_schemes),
        "given": given,
        "docstring": docstring(_client_docstring(api), 4),
        "async_docstring": docstring(_client_docstring(api, is_async=True), 4),
        "children": children,
        "own_methods": CLIENT_METHODS if has_own_methods(api) else "",
        "has_webhooks": has_own,
        "child_imports": [line for child in children for line in child.typing_imports],
        "bases": bases,
        "schemes": [
            (s, credential_argument(s, api.security_schemes), _credential_code(s, api))
            for s in api.security_schemes
        ],
        "security": api.security,
        "errors": shared.errors,
        "imports": import_lines(imports | (servers.imports if servers else frozenset())),
        "headers": shared.headers,
        "error_pointers": dict(settings.error_pointers),
    }


def _address(api: ir.Api, servers: Code | None) -> str:
    """The client's argument for the address of the API."""
    if servers is not None:
        return f"servers={servers.text}"
    return f"base_url={literal(api.servers[0].url if api.servers else None)}"


def _arguments(api: ir.Api, given: ServerArguments, key_type: str) -> list[tuple[str, str]]:
    """The client's arguments that are specific to this API: name and type."""
    keys = [
        (name, _credential_type(schemes[0], key_type)) for name, schemes in credentials(api).items()
    ]
    own = [(one.name, argument_type(one)) for one in api.settings.client_arguments]
    return [*keys, *own, *((one.name, one.annotation) for one in given.all())]


def _own_options(api: ir.Api, given: ServerArguments, key_type: str) -> list[tuple[str, str]]:
    """The options of ``with_options`` that are specific to this API: name and type."""
    required = credentials(api)
    types = {
        name: type_ if name in required else f"{type_} | None"
        for name, type_ in _arguments(api, given, key_type)
    }
    types |= {"client_id": "str", "client_secret": "str", "scopes": "Collection[str]"}
    return [(name, types[name]) for name in own_option_names(api, given)]


def _credential_type(scheme: ir.SecurityScheme, key_type: str) -> str:
    if is_pair(scheme):
        return "tuple[str, str]"
    return "str" if scheme.kind == "basic" else key_type


def _credential_code(scheme: ir.SecurityScheme, api: ir.Api) -> str:
    """The runtime's value of a scheme: an argument, or a pair of two."""
    names = credential_arguments(scheme, api.security_schemes)
    return names[0] if len(names) == 1 else f"({', '.join(names)})"


def _credential_entry(name: str, scheme: ir.SecurityScheme, key_names: str) -> str:
    """The docstring of a credential's argument."""
    own = dict(zip(scheme.arguments, scheme.variables, strict=False)).get(name, ())
    names = " or ".join(own) or (key_names if name == "api_key" and not scheme.variables else "")
    source = f" Default: from {names}." if names else ""
    if is_pair(scheme):
        return f"User name and password.{source}"
    if scheme.kind == "basic":
        text = "The user name." if name == scheme.arguments[0] else "The password."
        return f"{text}{source}"
    if name == "api_key":
        return f"The key, or a function that returns it.{source}"
    return f"The credential of {scheme.key}.{source}"


def _constructor_docstring(api: ir.Api, given: ServerArguments) -> str:
    key_names = " or ".join(api.settings.api_key_environment)
    url_names = " or ".join(api.settings.base_url_environment)
    entries = [
        (name, _credential_entry(name, schemes[0], key_names))
        for name, schemes in credentials(api).items()
    ]
    if takes_client(api.security_schemes):
        id_names = " or ".join(api.settings.client_id_environment)
        secret_names = " or ".join(api.settings.client_secret_environment)
        entries += [
            ("client_id", f"The id of an OAuth 2 client. Default: from {id_names}."),
            ("client_secret", f"Its secret. Default: from {secret_names}."),
            ("scopes", "The scopes to request. Default: the server decides."),
        ]
    entries += [(one.name, argument_entry(one)) for one in api.settings.client_arguments]
    entries += [(one.name, _server_description(one)) for one in given.all()]
    over = " It overrides every server." if given.all() else ""
    entries += [
        (
            "base_url",
            f"The base URL of the API. Default: from {url_names}, else the server of the"
            f" description.{over}",
        ),
        (
            "timeout",
            f"Seconds for each phase of a request ({usual_timeout(api.settings)}); ``None`` for no"
            " limit.",
        ),
        ("max_retries", "How often a request is retried after a temporary failure."),
        ("retries", "Which failures are retried, and the waits between attempts."),
        ("middleware", "Functions around each request: they may change it and its response."),
        ("default_headers", "Headers for every request; ``omit`` as a value removes one."),
        ("default_query", "Query parameters for every request."),
        (
            "http_client",
            "Your own client, for proxies, TLS settings and hooks; closed with this one.",
        ),
        ("strict", "Raise an error if a response violates the description."),
    ]
    args = "\n".join(entry(name, text, 4) for name, text in entries)
    return f"Nothing is sent before the first call.\n\nArgs:\n{args}"


def _server_description(argument: ServerArgument) -> str:
    text = argument.description
    return text if argument.default is None else f"{text} Else `{argument.default}`."


def _client_docstring(api: ir.Api, *, is_async: bool = False) -> str:
    kind = "Asynchronous client" if is_async else "Client"
    first = f"{kind} for {api.title}."
    notes = [server.description for server in api.servers[:1] if server.description]
    return "\n\n".join([first, *(fill(note, 4) for note in notes)])


__all__ = ["PlannedFile", "sdk_files"]


def sdk_files(
    api: ir.Api, names: Names, usage: Usage, former: FormerSdk | None = None
) -> Iterator[PlannedFile]:
    """Every file of the project that a template renders, except the pages.

    ``former``: the names of a former SDK, if the SDK also has its modules. Files are planned one at
    a time, because their contexts are several times as large as their text.
    """
    package = api.settings.package
    shared = shared_of(api, names, usage)
    if former is None:
        yield from package_files(api, shared, package, {})
        yield from ResourcePlanner(api, names, usage, package, shared).files()
        yield from TypesPlanner(api, names, usage, package).files()
    else:
        yield from _compatible_files(api, names, usage, shared, former)
    yield from stream_files(api, names, usage)
    yield from page_files(api)
    yield from webhook_files(api, names, usage)


def _compatible_files(
    api: ir.Api, names: Names, usage: Usage, shared: Shared, former: FormerSdk
) -> Iterator[PlannedFile]:
    """The files of package, resources and types, with the old import paths besides their own."""
    from specloom.sdk.former_keys import nested_keys_files
    from specloom.sdk.former_modules import former_binary, former_exports, former_files
    from specloom.sdk.former_types import FormerTypes

    package = api.settings.package
    yield from package_files(api, shared, package, former_exports(api))
    binary = former_binary(former)
    yield from ResourcePlanner(api, names, usage, package, shared, former_binary=binary).files()
    types = TypesPlanner(api, names, usage, package, is_private=True)
    modules = FormerTypes(api, names, usage, types, former)
    yield from types.files(modules.exports(()))
    yield from modules.files()
    keys = list(nested_keys_files(api, names))
    yield from keys
    yield from former_files(api, former, has_nested_keys=bool(keys))
