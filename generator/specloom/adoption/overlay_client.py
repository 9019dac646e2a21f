"""The client of an old SDK in the overlay: package, names, variables, credentials and servers."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator

from specloom import ir
from specloom.adoption.layouts.syntax import constant, parsed
from specloom.adoption.matching import Matching
from specloom.adoption.surface import CLIENT_ARGUMENTS, OldClient, OldCredential, OldSdk
from specloom.description.document import Document
from specloom.description.tree import Value
from specloom.description.xsdk import vocabulary
from specloom.ir.words import snake, split_words
from specloom.scaffold.overlay_text import one_line, quoted, target_of
from specloom.sdk.client_arguments import credential_arguments, credentials

_VERSION = re.compile(r"[0-9][0-9A-Za-z.+!-]*")
_PACKAGE = re.compile(r"[a-z][a-z0-9_]*")
_CLASS = re.compile(r"[A-Z][A-Za-z0-9]*")
_SERVER = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_NEVER = CLIENT_ARGUMENTS | {"environment"}
"""Arguments that the new client has by itself. An environment is its argument ``server``."""
_ARGUMENT = re.compile(r"[a-z][a-z0-9_]*")


def root_lines(sdk: OldSdk, matching: Matching, api: ir.Api) -> Iterator[str]:
    """The lines of the root ``x-sdk`` about the package and the client."""
    if _PACKAGE.fullmatch(sdk.package):
        yield f"package: {quoted(sdk.package)}"
    client = sdk.client
    if client is not None and _CLASS.fullmatch(client.name):
        yield f"client: {quoted(client.name)}"
    if _VERSION.fullmatch(sdk.version):
        yield f"version: {json.dumps(sdk.version)}  # raise it with the first release"
    if client is None:
        return
    environment = dict(_environment(client, api))
    if environment:
        yield "environment:"
        yield from (f"  {key}: {_listed(names)}" for key, names in environment.items())
    if client.idempotency_header:
        yield f"idempotency_header: {quoted(client.idempotency_header)}"
    if client.accept:
        yield f"accept: {quoted(client.accept)}"
    yield from _own_arguments(client, matching, api)
    yield from _defaults(client)


def declared_headers(api: ir.Api) -> dict[str, str]:
    """The headers that operations declare as parameters, by their names in lower case."""
    parameters = (one for operation in api.operations() for one in operation.parameters)
    return {one.wire_name.lower(): one.wire_name for one in parameters if one.location == "header"}


def _own_arguments(client: OldClient, matching: Matching, api: ir.Api) -> Iterator[str]:
    """Further arguments of the constructor, and constant headers that no operation declares."""
    taken = {name for one in client.credentials for name in one.arguments}
    taken |= {snake(split_words(one.key)) for one in api.security_schemes} | {*credentials(api)}
    if not client.credentials:  # the variables may be those of credentials
        taken |= {*client.variables}
    resources = {pair.old.address.partition(".")[0] for pair in matching.pairs}
    allowed = re.compile(vocabulary()["$defs"]["argumentName"]["pattern"])
    texts: dict[str, str] = {}
    for one in client.arguments:
        text = ", ".join(_argument(one.name, client, matching))
        if text and one.name not in taken | resources | _NEVER:
            texts[one.name] = text
    declared = declared_headers(api)
    for name, value in sorted(client.headers.items()):
        if name.lower() not in declared:
            text = f"in: header, name: {quoted(name)}, default: {json.dumps(value)}"
            texts.setdefault(snake(split_words(name)), text)
    texts = {name: text for name, text in texts.items() if allowed.search(name)}
    if texts:
        yield "client_arguments:"
        yield from (f"  {name}: {{{text}}}" for name, text in texts.items())


def _argument(name: str, client: OldClient, matching: Matching) -> Iterator[str]:
    sent = client.sent.get(name)
    if sent is not None:
        inputs = (pair.inputs.get(name) for pair in matching.pairs)
        paths = [one[1] for one in inputs if one is not None and one[0] == "path"]
        wire = next(iter(paths), sent.name) if sent.location == "path" else sent.name
        yield f"in: {sent.location}, name: {quoted(wire)}"
    if name in client.variables:
        yield f"environment: {_listed(client.variables[name])}"


def _defaults(client: OldClient) -> Iterator[str]:
    """The old timeout and number of retries, if they differ from the defaults of the new SDK."""
    if client.max_retries.isdigit() and client.max_retries != "2":
        yield f"max_retries: {int(client.max_retries)}"
    phases = dict(_phases(client.timeout))
    whole = phases.pop("timeout", None)
    if whole is not None:
        phases = {"connect": whole, "read": whole, "write": whole, "pool": whole} | phases
    if phases and phases != {"connect": 5, "read": 600, "write": 600, "pool": 600}:
        yield f"timeout: {{{', '.join(f'{name}: {value:g}' for name, value in phases.items())}}}"


def _phases(text: str) -> Iterator[tuple[str, float]]:
    """The seconds of ``httpx.Timeout(timeout=10 * 60, connect=5.0)``, or of a plain number."""
    tree = parsed(text)
    first = tree.body[0] if isinstance(tree, ast.Module) and len(tree.body) == 1 else None
    node = first.value if isinstance(first, ast.Expr) else None
    pairs = [(one.arg, one.value) for one in node.keywords] if isinstance(node, ast.Call) else []
    for name, value in [*pairs, *([("timeout", node)] if node is not None and not pairs else [])]:
        seconds = _number(value)
        if name in ("timeout", "connect", "read", "write", "pool") and seconds is not None:
            yield name, seconds


def _number(node: ast.expr) -> float | None:
    """A number, also as a product."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        left, right = _number(node.left), _number(node.right)
        return None if left is None or right is None else left * right
    value = constant(node)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number and 0 <= value < 1e6 else None


def _environment(client: OldClient, api: ir.Api) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The variables of the usual key and of the base URL; others are at security schemes."""
    variables = client.variables
    keys = [one for one in variables if one != "base_url"]
    if client.credentials:
        usual = [one for one, scheme in _paired(client, api) if _is_usual(one, scheme, api)]
        keys = [name for one in usual for name in one.arguments if name in variables]
    first = next((one for one in ("api_key", *keys) if one in keys), None)
    if first is not None:
        yield "api_key", variables[first]
    if "base_url" in variables:
        yield "base_url", variables["base_url"]


def _listed(names: tuple[str, ...]) -> str:
    return f"[{', '.join(map(quoted, names))}]"


def _paired(client: OldClient, api: ir.Api) -> Iterator[tuple[OldCredential, ir.SecurityScheme]]:
    """Each security scheme with the old credential that is sent in the same way."""
    given = client.credentials
    for scheme in api.security_schemes:
        for one in given:
            is_only = len(given) == len(api.security_schemes) == 1
            if is_same(one, scheme) or (is_only and _fits(one, scheme)):
                yield one, scheme
                break


def is_same(one: OldCredential, scheme: ir.SecurityScheme) -> bool:
    """Whether an old credential is sent as a security scheme says."""
    if one.key:
        return one.key == scheme.key and _fits(one, scheme)
    if scheme.kind == "apiKey":
        wire = (scheme.wire_name or "").lower()
        return one.kind == "apiKey" and scheme.location == "header" and wire == one.header.lower()
    return one.kind == scheme.kind and _fits(one, scheme)


def _fits(one: OldCredential, scheme: ir.SecurityScheme) -> bool:
    return all(map(_ARGUMENT.fullmatch, one.arguments)) and len(one.arguments) == (
        2 if scheme.kind == "basic" else 1
    )


def _is_usual(one: OldCredential, scheme: ir.SecurityScheme, api: ir.Api) -> bool:
    """Whether the new client also calls the argument ``api_key`` by default."""
    names = credential_arguments(scheme, api.security_schemes)
    return one.arguments == names == ("api_key",)


def credential_actions(sdk: OldSdk, api: ir.Api, document: Document) -> Iterator[str]:
    """Actions that name the arguments of credentials, and add missing security schemes."""
    client = sdk.client
    if client is None:
        return
    for one, scheme in _paired(client, api):
        is_here = scheme.pointer.startswith(f"{document.entry}#")
        if is_here and not _is_usual(one, scheme, api):
            yield f"  # The credential {one_line(scheme.key)}: {one_line(str(client.place))}\n"
            if not is_same(one, scheme):
                sent = one_line(f"{one.header}: {one.scheme} …".replace(":  ", ": "))
                yield f"  #   the old SDK sends it as {sent}\n"
            yield f"  - target: {target_of(scheme.pointer)}\n"
            yield f"    update: {{x-sdk: {_arguments(one, client)}}}\n"
    root = document.root
    if not (api.security_schemes or (isinstance(root, dict) and "security" in root)):
        yield from _added_credentials(client)


def _added_credentials(client: OldClient) -> Iterator[str]:
    """The action for a description without credentials."""
    known = [one for one in client.credentials if one.kind and not one.key]
    added = {_key(one): one for one in known if _ARGUMENT.fullmatch(one.arguments[0])}
    if added:
        yield f"  # The description has no credential: {one_line(str(client.place))}\n"
        yield "  - target: $\n    update:\n"
        yield f"      security: [{', '.join(f'{{{key}: []}}' for key in added)}]\n"
        yield "      components:\n        securitySchemes:\n"
        for key, one in added.items():
            yield f"          {key}: {{{_scheme(one)}, x-sdk: {_arguments(one, client)}}}\n"


def _key(one: OldCredential) -> str:
    return "_and_".join(one.arguments)


def _scheme(one: OldCredential) -> str:
    if one.kind == "apiKey":
        return f"type: apiKey, in: header, name: {quoted(one.header)}"
    return f"type: http, scheme: {quoted(one.scheme.lower())}"


def _arguments(one: OldCredential, client: OldClient) -> str:
    """The ``x-sdk`` of a security scheme."""
    texts = []
    for name in one.arguments:
        names = client.variables.get(name, ())
        texts.append(f"argument: {name}" + (f", environment: {_listed(names)}" if names else ""))
    if len(texts) == 1:
        return f"{{{texts[0]}}}"
    return f"{{username: {{{texts[0]}}}, password: {{{texts[1]}}}}}"


def server_actions(
    sdk: OldSdk, matching: Matching, api: ir.Api, document: Document
) -> Iterator[str]:
    """Actions that make the old base URLs the servers, with the names of their environments."""
    old = dict(_moved(sdk, matching, api))
    if sdk.client is None or not old:
        return
    first = next(iter(old.values()))
    ours = [one.url.rstrip("/") for one in api.servers]
    if len(old) == 1 and ours[:1] == [first]:
        return
    root = document.root
    declared: Value = root.get("servers") if isinstance(root, dict) else None
    others = declared if len(old) == 1 and isinstance(declared, list) else []
    yield f"  # Base URLs: {one_line(str(sdk.client.place))}\n"
    if declared:
        yield "  - target: $.servers\n    remove: true\n"
    yield "  - target: $\n    update:\n      servers:\n"
    for name, url in old.items():
        named = f", x-sdk: {{name: {quoted(name)}}}" if _SERVER.fullmatch(name) else ""
        yield f"        - {{url: {json.dumps(url)}{named}}}\n"
    for one in others:
        if isinstance(one, dict) and str(one.get("url", "")).rstrip("/") != first:
            yield f"        - {json.dumps(one)}\n"


def _moved(sdk: OldSdk, matching: Matching, api: ir.Api) -> Iterator[tuple[str, str]]:
    """Old base URLs, adjusted so that the paths of the description have the same addresses."""
    servers = sdk.client.servers if sdk.client else {}
    before, now = matching.prefixes(servers.values(), [one.url for one in api.servers])
    for name, url in servers.items():
        whole = f"{url.rstrip('/')}{before}"
        if whole.endswith(now) and whole.startswith(("http:", "https:")):
            yield name, whole.removesuffix(now).rstrip("/")
