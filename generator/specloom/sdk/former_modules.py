"""The modules and names of Stainless SDKs, for an SDK that has them besides its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from specloom import ir
from specloom.ir.former_sdk import DEFAULT_HEADERS, FormerArgument, FormerRequest, FormerSdk
from specloom.layout import literal, wrapped
from specloom.naming.names import all_resources, resource_class, resource_module
from specloom.sdk.client_arguments import credentials
from specloom.sdk.code import Annotation, imported
from specloom.sdk.methods import FormerBinary
from specloom.sdk.resources import former_classes
from specloom.sdk.views import PlannedFile, all_statement, exporting_package

_TEMPLATE = "package/former/reexports.py.j2"
_STAINLESS = "._runtime.stainless"

# By module: its names, and the current module of each.
_MODULES: Mapping[str, Mapping[str, str]] = {
    "_base_client": {
        f"{_STAINLESS}.http_clients": "AsyncHttpxClientWrapper"
        " DEFAULT_CONNECTION_LIMITS DEFAULT_TIMEOUT DefaultAioHttpClient DefaultAsyncHttpxClient"
        " DefaultHttpxClient SyncHttpxClientWrapper",
        f"{_STAINLESS}.values": "make_request_options",
        "._runtime.settings": "DEFAULT_MAX_RETRIES",
        "._runtime.pagination.pages": "AsyncPaginator",
        "._runtime.client.base": "AsyncClient=AsyncAPIClient SyncClient=SyncAPIClient",
    },
    "_compat": {
        "functools": "cached_property",
        "pydantic": "ConfigDict",
        f"{_STAINLESS}.models": "PYDANTIC_V1 PYDANTIC_V2 get_model_fields model_copy model_dump"
        " model_json model_parse parse_obj",
        f"{_STAINLESS}.values": "parse_date parse_datetime",
    },
    "_constants": {
        f"{_STAINLESS}.http_clients": "DEFAULT_CONNECTION_LIMITS DEFAULT_TIMEOUT",
        "._runtime.settings": "DEFAULT_MAX_RETRIES",
    },
    "_exceptions": {
        "._runtime.errors": "APIConnectionError APIError APIResponseValidationError APIStatusError"
        " APITimeoutError AuthenticationError BadRequestError ConflictError InternalServerError"
        " NotFoundError PermissionDeniedError RateLimitError UnprocessableEntityError",
    },
    "_files": {f"{_STAINLESS}.values": "file_from_path"},
    "_legacy_response": {
        f"{_STAINLESS}.responses": "APIResponse=LegacyAPIResponse",
        f"{_STAINLESS}.binary": "HttpxBinaryResponseContent",
    },
    "_models": {
        f"{_STAINLESS}.models": "Model=BaseModel FinalRequestOptions construct_type validate_type",
    },
    "_qs": {f"{_STAINLESS}.queries": "Querystring parse stringify"},
    "_resource": {
        "._runtime.client.base": "AsyncResource=AsyncAPIResource SyncResource=SyncAPIResource"
    },
    "_response": {
        f"{_STAINLESS}.responses": "APIResponse AsyncAPIResponse BaseAPIResponse"
        " StreamedAPIResponse=StreamedBinaryAPIResponse"
        " AsyncStreamedAPIResponse=AsyncStreamedBinaryAPIResponse",
        f"{_STAINLESS}.binary": "AsyncBinaryAPIResponse BinaryAPIResponse",
        "._runtime.response.raw": "ResponseManager=ResponseContextManager"
        " AsyncResponseManager=AsyncResponseContextManager",
    },
    "_streaming": {"._runtime.streaming.stream": "AsyncStream Stream"},
    "_types": {
        f"{_STAINLESS}.types": "AsyncTransport Base64FileInput Body FileContent FileTypes Headers"
        " NOT_GIVEN NoneType NotGiven Omit ProxiesTypes Query RequestFiles ResponseT SequenceNotStr"
        " Transport not_given omit",
        "._runtime.options": "RequestOptions Timeout",
        f"{_STAINLESS}.models": "Model=ModelBuilderProtocol",
    },
    "_utils": {
        f"{_STAINLESS}.values": "async_maybe_transform deepcopy_minimal file_from_path is_dict"
        " is_given is_list is_mapping maybe_transform parse_date parse_datetime required_args"
        " strip_not_given",
    },
    "pagination": {
        "._runtime.pagination.pages": "AsyncCursorPage AsyncLinkPage AsyncNumberPage"
        " AsyncOffsetPage AsyncPage AsyncPaginator SyncCursorPage SyncLinkPage SyncNumberPage"
        " SyncOffsetPage SyncPage",
    },
}
_EXPORTS = {
    "._base_client": "DefaultAioHttpClient DefaultAsyncHttpxClient DefaultHttpxClient",
    "._constants": "DEFAULT_CONNECTION_LIMITS DEFAULT_MAX_RETRIES DEFAULT_TIMEOUT",
    "._files": "file_from_path",
    "._models": "BaseModel",
    "._response": "APIResponse AsyncAPIResponse",
    "._types": "NOT_GIVEN NoneType NotGiven ProxiesTypes Transport not_given",
    "._version": "__title__",
}
"""Names of the package itself, by module."""
_BESIDE_CLIENTS = "AsyncStream Omit RequestOptions Stream Timeout Transport".split()


def former_exports(api: ir.Api) -> dict[str, str]:
    """The further names of the package, each with its module."""
    client = api.settings.client
    found = {name: module for module, names in _EXPORTS.items() for name in names.split()}
    found[_error_name(client)] = "._exceptions"
    found["resources"] = "."
    clients = (client, f"Async{client}", "Client", "AsyncClient")
    return found | dict.fromkeys(clients, "._client")


def former_binary(former: FormerSdk) -> FormerBinary:
    """The annotations of bytes."""
    if former.has_legacy_responses:
        legacy = Annotation.of(imported("._legacy_response", "HttpxBinaryResponseContent"))
        return FormerBinary(legacy, legacy, legacy)
    return FormerBinary(
        Annotation.of(imported("._response", "BinaryAPIResponse")),
        Annotation.of(imported("._response", "AsyncBinaryAPIResponse")),
        Annotation.of(imported(f"{_STAINLESS}.binary", "AnyBinaryAPIResponse")),
    )


def former_names(client: str) -> dict[str, frozenset[str]]:
    """By module of the package, the names for programs that import them."""
    found = {
        module: frozenset(
            one.rpartition("=")[2] for names in sources.values() for one in names.split()
        )
        for module, sources in _MODULES.items()
    }
    found["_exceptions"] |= {_error_name(client)}
    found["_version"] = frozenset(("__title__", "__version__"))
    clients = (client, f"Async{client}", "Client", "AsyncClient")
    return found | {"_client": frozenset((*clients, *_BESIDE_CLIENTS))}


def _error_name(client: str) -> str:
    return f"{client}Error"


def former_files(api: ir.Api, former: FormerSdk, *, has_nested_keys: bool) -> Iterator[PlannedFile]:
    """The modules beside the types."""
    package, client = api.settings.package, api.settings.client
    pages = former.imports.get("pagination", {})
    own = dict(_own_constants(api.settings))
    for name, usual in _MODULES.items():
        sources = _with_own(name, usual, own)
        lines = [line for module, names in sources.items() for line in _imports(module, names)]
        if name == "_exceptions":
            lines += _imports("._runtime.errors", f"SDKError={_error_name(client)}")
        if name == "pagination":
            lines += _pages(pages, sources)
        statements = [f"{key} = {value}" for key, value in own.items()]
        text = f"Names of ``{package}.{name}``."
        yield _reexports(
            f"{package}/{name}.py", text, lines, statements if name == "_constants" else []
        )
    settings = api.settings
    yield PlannedFile(
        f"{package}/_version.py",
        "package/former/version.py.j2",
        {"version": settings.version, "title": settings.package},
    )
    context = {**_client_context(api, former), "has_nested_keys": has_nested_keys}
    yield PlannedFile(f"{package}/_client.py", "package/former/client.py.j2", context)
    yield from _resource_files(api)


def _own_constants(settings: ir.Settings) -> Iterator[tuple[str, str]]:
    """The constants that the settings of the SDK change, as source text."""
    if settings.max_retries is not None:
        yield "DEFAULT_MAX_RETRIES", literal(settings.max_retries)
    if settings.timeout:
        phases = ", ".join(f"{name}={literal(value)}" for name, value in settings.timeout)
        yield "DEFAULT_TIMEOUT", f"httpx_timeout({phases})"


def _with_own(name: str, sources: Mapping[str, str], own: Mapping[str, str]) -> Mapping[str, str]:
    """The names of a module, where ``_constants`` defines those in ``own``."""
    if not own or name not in ("_base_client", "_constants"):
        return sources
    found = {
        module: [one for one in names.split() if one not in own]
        for module, names in sources.items()
    }
    if name == "_base_client":
        found = {"._constants": list(own), **found}
    elif "DEFAULT_TIMEOUT" in own:
        found[f"{_STAINLESS}.http_clients"].append("httpx_timeout")
    return {module: " ".join(names) for module, names in found.items()}


def _reexports(
    path: str, text: str, lines: list[str], statements: list[str] | None = None
) -> PlannedFile:
    context = {
        "docstring": f'"""{text}"""',
        "imports": lines,
        "exports": all_statement(lines, [one.partition(" ")[0] for one in statements or ()]),
        "statements": ["\n".join(statements)] if statements else [],
    }
    return PlannedFile(path, _TEMPLATE, context)


def _imports(module: str, names: str) -> list[str]:
    """``from module import A as B`` for each name, or each ``A=B``."""
    found = []
    for one in names.split():
        name, _, former = one.partition("=")
        found.append(wrapped(f"from {module} import ({name} as {former or name})", 0))
    return [
        line.replace("import (", "import ").removesuffix(")") if "\n" not in line else line
        for line in found
    ]


def _pages(pages: Mapping[str, str], sources: Mapping[str, str]) -> list[str]:
    """Page classes by their old names."""
    ((module, known),) = sources.items()
    return [
        line
        for former, name in sorted(pages.items())
        if former not in known.split() and name in known.split()
        for line in _imports(module, f"{name}={former}")
    ]


def _client_context(api: ir.Api, former: FormerSdk) -> dict[str, object]:
    client = api.settings.client
    arguments = [one for one in former.arguments if one.name != DEFAULT_HEADERS]
    own = [one.name for one in api.settings.client_arguments]
    return {
        "client": client,
        "names": {client, f"Async{client}", "Client", "AsyncClient"},
        "own": [one for one in own if one not in {each.name for each in arguments}],
        "arguments": [(one.name, one, _argument(one, api)) for one in arguments],
        "header_variables": former.header_variables,
        "has_legacy_responses": former.has_legacy_responses,
        "array_format": former.array_format,
        "requests": [_request(key, one) for key, one in former.requests.items()],
    }


def _argument(one: FormerArgument, api: ir.Api) -> str:
    """``FormerArgument(…)``: the runtime's data about an argument.

    An argument without a destination in the file goes to the client's argument of the same name, if
    there is one.
    """
    if not (one.argument or one.header or one.servers) and one.name in credentials(api):
        one = replace(one, argument=one.name)
    options = []
    if one.variables:
        options.append(f"variables={literal(one.variables)}")
    if one.argument:
        options.append(f"argument={literal(one.argument)}")
    if one.position:
        options.append(f"position={one.position}")
    if one.header:
        options.append(f"header={literal(one.header)}")
        options.append(f"value={literal(one.value)}")
    if one.servers:
        options.append(f"servers={literal(dict(one.servers))}")
    return wrapped(f"{literal(one.name)}: FormerArgument({', '.join(options)})", 4, 1)


def _request(key: str, one: FormerRequest) -> str:
    options = [f"accept={literal(one.accept)}"] if one.accept else []
    options += [f"headers={literal(dict(one.headers))}"] if one.headers else []
    options += [] if one.body else ["body=False"]
    options += [] if one.idempotency_key else ["idempotency_key=False"]
    return wrapped(f"{literal(key)}: FormerRequest({', '.join(options)})", 4, 1)


def _resource_files(api: ir.Api) -> Iterator[PlannedFile]:
    """The modules ``resources.threads.threads`` of parent resources, and the packages' exports."""
    exports: dict[str, dict[str, str]] = {}
    for resource in all_resources(api.resources):
        if not resource.path:
            continue
        steps = [resource_module(step) for step in resource.path]
        names = former_classes(resource, ())
        above = "/".join(steps[:-1])
        exports.setdefault(above, {}).update(dict.fromkeys(names, f".{steps[-1]}"))
        if resource.children and not _has_child(resource, resource.path[-1]):
            own = resource_class(resource)
            lines = _imports(".", f"{own} Async{own} {' '.join(former_classes(resource, ()))}")
            path = f"{api.settings.package}/resources/{'/'.join(steps)}/{steps[-1]}.py"
            yield _reexports(path, f"The resource ``client.{'.'.join(steps)}``.", lines)
    found = exports.get("", {})
    if found:
        folder = f"{api.settings.package}/resources"
        docstring = '"""The resources of the client, each in the module of its attribute path."""'
        yield from exporting_package(folder, found, docstring)


def _has_child(resource: ir.Resource, step: ir.Words) -> bool:
    return any(child.path[-1] == step for child in resource.children)
