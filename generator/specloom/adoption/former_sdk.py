"""Writes the file about an old SDK: arguments of the client, and imports."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping

from specloom import ir
from specloom.adoption.layouts import syntax
from specloom.adoption.layouts.modules import Modules
from specloom.adoption.layouts.packages import defined
from specloom.adoption.matching import Matching, Pair
from specloom.adoption.nested_types import paired_types
from specloom.adoption.overlay_client import is_same
from specloom.adoption.sources import Sources
from specloom.adoption.surface import (
    CLIENT_ARGUMENTS,
    OldArgument,
    OldClient,
    OldCredential,
    OldSdk,
)
from specloom.ir.former_sdk import DEFAULT_HEADERS
from specloom.ir.operations import success_contents
from specloom.pipeline import Reading
from specloom.sdk.client_arguments import credentials

_STYLES = {"cursor": "Cursor", "offset": "Offset", "page": "Number", "link": "Link"}
_PARAMS = re.compile(r"\b(\w+_params)\.(\w+Params\w*)\b")
_HEAD = """\
# Imports and arguments in code for {package}, besides the names in names.lock. specloom
# generate reads this file if [tool.specloom] sets compatible_with = "stainless".
"""


def former_sdk_text(sdk: OldSdk, sources: Sources, matching: Matching, reading: Reading) -> str:
    """The text of the file."""
    modules = _modules(sdk, sources)
    lines = [_HEAD.format(package=f"{sdk.package} {sdk.version}".strip()).rstrip()]
    lines.append("arguments:")
    if sdk.client is not None:
        lines += _argument_lines(sdk.client, reading.api)
    if modules.get("_legacy_response") is not None:
        lines.append("legacy_responses: true  # async clients parsed raw responses without await")
    if sdk.client is not None and sdk.client.array_format:
        lines.append(f"array_format: {_text(sdk.client.array_format)}  # of arrays in the query")
    lines += _request_lines(matching.pairs, modules, reading.api)
    lines.append("imports:")
    for module, names in sorted(_imports(modules, matching, reading).items()):
        if names:
            lines.append(f"  {module}:")
            lines += [f"    {name}: {_text(target)}" for name, target in sorted(names.items())]
    return "\n".join(lines) + "\n"


def _modules(sdk: OldSdk, sources: Sources) -> Modules:
    place = sdk.client.place.file if sdk.client else next(iter(sources.files), "")
    return Modules(sources.files, place.rpartition("/")[0])


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _argument_lines(client: OldClient, api: ir.Api) -> Iterator[str]:
    own = {one.name for one in api.settings.client_arguments}  # x-sdk says all of these
    if client.header_variables:
        yield f"  {DEFAULT_HEADERS}: {{variables: {_text(list(client.header_variables))}}}"
    for one in client.arguments:
        if one.name not in CLIENT_ARGUMENTS | own:
            found = _argument(one, client, api)
            inner = ", ".join(f"{key}: {_text(value)}" for key, value in found.items())
            yield f"  {one.name}: {{{inner}}}"


def _methods_with_keys(modules: Modules) -> frozenset[str]:
    """The HTTP methods whose requests had an idempotency key; empty if all but GET had one."""
    for node in modules.nodes("_base_client"):
        if isinstance(node, ast.Compare) and ast.unparse(node.left) == "options.method.lower()":
            values = node.comparators[0]
            names = (
                [syntax.constant(one) for one in values.elts] if isinstance(values, ast.Set) else []
            )
            if names:
                return frozenset(str(one).upper() for one in names)
    return frozenset()


def _always_sends_type(modules: Modules) -> bool:
    """Whether also requests without a body, those with GET, had a ``Content-Type``."""
    client = modules.get("_base_client")
    text = modules.files[client.file] if client else ""
    return '"Content-Type"' in text and "is_body_allowed" not in text


def _request_lines(pairs: Iterable[Pair], modules: Modules, api: ir.Api) -> Iterator[str]:
    """The differences of single requests: headers, no body, or no idempotency key."""
    keyed, is_typed = _methods_with_keys(modules), _always_sends_type(modules)
    has_keys = bool(keyed) and api.settings.idempotency_header is not None
    found = {}
    for pair in pairs:
        has_none = has_keys and pair.operation.http_method not in {*keyed, "GET"}
        texts = [
            *_of_request(pair, is_typed=is_typed),
            *(["idempotency_key: false"] if has_none else []),
        ]
        found[pair.operation.key] = ", ".join(texts)
    lines = [f"  {_text(key)}: {{{text}}}" for key, text in sorted(found.items()) if text]
    yield from ("requests:", *lines) if lines else ()


def _of_request(pair: Pair, *, is_typed: bool) -> Iterator[str]:
    operation = pair.operation
    declared = {one.wire_name.lower() for one in operation.parameters if one.location == "header"}
    headers = {
        name: value for name, value in pair.old.headers.items() if name.lower() not in declared
    }
    if is_typed and operation.http_method == "GET":
        headers["Content-Type"] = "application/json"
    if headers:
        yield f"headers: {_text(headers)}"
    results = list(success_contents(operation.responses))
    has_result = bool(results)
    kinds = {one for content in results for one in content.media_types}
    is_unusual = operation.stream is not None or kinds != {"application/json"}
    accept = pair.old.accept or ("application/json" if is_unusual else "")
    # A described error makes the new SDK ask for JSON.
    has_default = any(one.status.text == "default" and one.contents for one in operation.responses)
    if accept and (accept != "*/*" or has_result or has_default):
        yield f"accept: {_text(accept)}"
    if operation.body is not None and not pair.old.has_body:
        yield "body: false"


def _argument(one: OldArgument, client: OldClient, api: ir.Api) -> dict[str, object]:
    """The new form of an argument."""
    found: dict[str, object] = {}
    if one.name in client.variables:
        found["variables"] = list(client.variables[one.name])
    known = credentials(api)
    credential = next((each for each in client.credentials if one.name in each.arguments), None)
    sent = client.sent.get(one.name)
    if one.name in known:
        found["argument"] = one.name
    elif credential is not None:
        found |= _credential(one.name, credential, known)
    elif sent is not None and sent.location == "header":
        found |= {"header": sent.name, "value": "{}"}
    elif one.name == "environment" and any(client.servers):
        found["servers"] = {name: url for name, url in client.servers.items() if name}
    return found


def _credential(
    name: str, credential: OldCredential, known: Mapping[str, list[ir.SecurityScheme]]
) -> dict[str, object]:
    """The argument of the current client that sends a credential in the same way, or its header."""
    position = credential.arguments.index(name)
    if len(credential.arguments) > 1:
        is_known = credential.kind == "basic" and "basic_auth" in known
        found: dict[str, object] = {"argument": "basic_auth"} if is_known else {}
        return {**found, **({"position": position} if is_known and position else {})}
    for argument, schemes in known.items():
        if any(is_same(credential, scheme) for scheme in schemes):
            return {"argument": argument}
    return {"header": credential.header, "value": f"{credential.scheme} {{}}".strip()}


def _imports(modules: Modules, matching: Matching, reading: Reading) -> dict[str, dict[str, str]]:
    targets = _Targets(modules, matching, reading)
    found = {"pagination": dict(_pages(modules, matching))}
    for name in _type_modules(modules):
        module = modules.get(name)
        names = {one: targets.of(name, one) for one in defined(module)} if module else {}
        found[name] = {one: target for one, target in names.items() if target}
    return found


def _pages(modules: Modules, matching: Matching) -> Iterator[tuple[str, str]]:
    """The replacement of an old page class; plain pages if no method returns it."""
    styles = {
        pair.old.page.removeprefix("Sync"): _STYLES[pair.operation.pagination.style]
        for pair in matching.pairs
        if pair.old.page and pair.operation.pagination is not None
    }
    module = modules.get("pagination")
    for name in module.classes if module else ():
        for prefix in ("Sync", "Async"):
            if name.startswith(prefix):
                yield name, f"{prefix}{styles.get(name.removeprefix(prefix), '')}Page"


def _type_modules(modules: Modules) -> Iterator[str]:
    """Modules with types; packages only export their names."""
    files = (file for file in modules.below("types/") if not file.endswith("/__init__.py"))
    return map(modules.name_of, sorted(files))


class _Targets:
    """Finds the new names of old types."""

    def __init__(self, modules: Modules, matching: Matching, reading: Reading) -> None:
        names = reading.names
        self._modules = modules
        self._known = {*names.types.values(), *names.params.values()}
        self._results = {pair.old.returns: pair.operation.key for pair in matching.pairs}
        pairs = (*matching.pairs, *matching.others)
        self._results_at = dict(_results(modules, pairs))
        self._arguments = dict(_arguments(modules, pairs))
        paired = paired_types(modules, matching.pairs, self._arguments, reading.api)
        self._paired = {
            place: (names.types.get(key, ""), names.params.get(key, ""))
            for place, key in paired.items()
        }

    def of(self, module: str, name: str) -> str:
        """The new type, or the operation whose result or arguments it is; empty if unknown."""
        given = self._arguments.get((module, name))
        if given:
            return f"{given} arguments"
        if (module, name) in self._results_at:
            return self._results_at[module, name]
        source = self._modules.get(module)
        if name in self._results and source is not None and name not in source.classes:
            return self._results[name]  # an alias, such as a list of items
        answered, asked = self._paired.get((module, name), ("", ""))
        is_asked = "_param" in module
        by_fields = asked if is_asked and asked in self._known else answered
        if by_fields in self._known:
            return by_fields
        return name if name in self._known else self._results.get(name, "")


def _results(modules: Modules, pairs: Iterable[Pair]) -> Iterator[tuple[tuple[str, str], str]]:
    """By module and class, the operation that returns it. Modules share names of classes."""
    for pair in pairs:
        module = modules.get(modules.name_of(pair.old.place.file))
        source, inner = module.imports.get(pair.old.returns, ("", "")) if module else ("", "")
        has_result = any(True for _ in success_contents(pair.operation.responses))
        if inner and has_result and pair.operation.stream is None:
            yield (source, inner), pair.operation.key


def _arguments(modules: Modules, pairs: Iterable[Pair]) -> Iterator[tuple[tuple[str, str], str]]:
    """By module and class of old arguments, the operation whose method mentions it."""
    for pair in pairs:
        module = modules.get(modules.name_of(pair.old.place.file))
        function = module.functions.get(pair.old.place.line) if module else None
        for local, class_name in _PARAMS.findall(ast.unparse(function) if function else ""):
            source, inner = module.imports.get(local, ("", "")) if module else ("", "")
            if inner:
                yield (f"{source}.{inner}", class_name), pair.operation.key
