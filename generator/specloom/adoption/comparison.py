"""The differences for callers between an old SDK and the generated one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase

from specloom import ir
from specloom.adoption.matching import Matching, Pair
from specloom.adoption.surface import (
    CLIENT_ARGUMENTS,
    Comparison,
    Difference,
    OldArgument,
    OldClient,
    OldSdk,
    Place,
)
from specloom.api_diff.take import surface_of
from specloom.api_diff.view import Argument, Client, Method, Surface
from specloom.ir.former_sdk import FormerSdk
from specloom.pipeline import Reading

_STREAM = re.compile(r"(?<![\w.])\w*Stream\b")  # not a type: that is types.AuthStream
_REQUEST_TYPES = ("Params", "Param")


def compared(
    sdk: OldSdk,
    matching: Matching,
    reading: Reading,
    waivers: list[str],
    supplied: FormerSdk,
) -> Comparison:
    """All differences between the old SDK and the new one of the description.

    ``supplied`` are the old arguments and types that the new SDK provides in addition.
    """
    api = reading.api
    surface = surface_of(api, reading.names, reading.document.entry)
    methods = {(m.http_method, m.path): m for m in surface.methods if not m.waits}
    targets = {name: one for names in supplied.imports.values() for name, one in names.items()}
    servers = sdk.client.servers.values() if sdk.client else ()
    prefixes = matching.prefixes(servers, [one.url for one in api.servers])
    found: list[list[Difference]] = []
    for pair in matching.pairs:
        method = methods[(pair.operation.http_method, pair.operation.path)]
        moved = [] if pair.prefixes == prefixes else [_moved(pair)]
        found.append([*_of_method(pair, method, targets), *moved])
    differences = [one for some in found for one in some]
    differences += _others(sdk, matching, {old for old, _ in surface.former})
    if sdk.client is not None:
        differences += _of_client(sdk.client, surface.client, api, supplied)
    differences += _of_types(sdk, surface, set(targets))
    kinds = [{one.kind for one in some} for some in found]
    return Comparison(
        common=len(found),
        named=sum("name" not in some for some in kinds),
        addressed=sum(not some & {"name", "path-arguments"} for some in kinds),
        equal=sum(not some for some in kinds),
        differences=tuple(_waived(one, waivers) for one in differences),
    )


def with_others(
    one: Comparison, differences: Iterable[Difference], waivers: list[str]
) -> Comparison:
    """A comparison with further differences."""
    found = (_waived(other, waivers) for other in differences)
    return replace(one, differences=(*one.differences, *found))


def _of_method(pair: Pair, method: Method, targets: Mapping[str, str]) -> Iterator[Difference]:
    """The differences in the calls of one method."""
    old, ours = pair.old, method.calls[0]

    def differs(kind: str, detail: str, subject: str = "") -> Difference:
        return Difference(kind, f"client.{old.address}{subject}", detail, old.place)

    if method.address != old.address:
        yield differs("name", f"now client.{method.address}")
    arguments = {one.name: one for call in method.calls for one in call.arguments}
    yield from (differs("path-arguments", text) for text in _paths(pair, ours.arguments))
    if old.is_partial:
        return
    for one in old.arguments:
        if one.location == "path":
            continue
        if one.name not in arguments:
            yield differs("argument", _now(pair, one, arguments), f"({one.name})")
        elif one.kind == "positional" and not arguments[one.name].positional:
            yield differs("argument", "was positional, is a keyword now", f"({one.name})")
    if not ours.when:
        known = {one.name: one for one in old.arguments}
        has_body = any(one.location == "body" and not one.wire_name for one in old.arguments)
        for argument in ours.arguments:
            was = known.get(argument.name)
            if has_body and argument.location == "body":
                continue  # the difference of the argument for the whole body already says so
            if argument.required and (was is None or not was.required):
                text = "did not exist" if was is None else "was optional"
                yield differs("required", text, f"({argument.name})")
    yield from _of_result(pair, method, targets)


def _moved(pair: Pair) -> Difference:
    old = pair.old
    text = f"the path {old.path} is now {pair.operation.path}"
    return Difference("wire", f"client.{old.address}", text, old.place)


def _paths(pair: Pair, arguments: tuple[Argument, ...]) -> Iterator[str]:
    """The differences in the arguments of the path."""
    was = [one for one in pair.old.arguments if one.location == "path"]
    now = [one for one in arguments if one.location == "path"]
    before, after = _shown(was), _shown(now)
    positional = [one.name for one in was if one.kind == "positional"]
    is_moved = positional != [one.name for one in now if one.positional][: len(positional)]
    if is_moved or {one.name for one in was} - {one.name for one in now}:
        yield f"({before}) is now ({after})"


def _shown(arguments: Iterable[OldArgument | Argument]) -> str:
    """``thread_id, *, run_id``: the path arguments in the form of a signature."""
    plain: list[str] = []
    keywords: list[str] = []
    for one in arguments:
        is_positional = one.kind == "positional" if isinstance(one, OldArgument) else one.positional
        (plain if is_positional else keywords).append(one.name)
    return ", ".join([*plain, *(["*"] if keywords else []), *keywords])


def _now(pair: Pair, one: OldArgument, arguments: Mapping[str, Argument]) -> str:
    """The replacement of an argument."""
    place = pair.inputs.get(one.name)
    for argument in arguments.values():
        if place == (argument.location, argument.wire_name):
            return f"now {argument.name}"
    if one.location == "body" and "body" in arguments:
        return "now a key of the argument body"
    if one.location == "body" and not one.wire_name:
        names = [each.name for each in arguments.values() if each.location == "body"]
        if names:
            return f"the properties of the body are arguments: {', '.join(names)}"
    where = f"{one.location} {one.wire_name}".strip()
    return f"the description has no such input{f' ({where})' if where else ''}"


def _of_result(pair: Pair, method: Method, targets: Mapping[str, str]) -> Iterator[Difference]:
    """The differences in the result of a method."""
    old, subject = pair.old, f"client.{pair.old.address}"
    returns = method.calls[0].returns.text
    is_paged = pair.operation.pagination is not None
    if bool(old.page) != is_paged:
        text = f"{old.page or old.returns or 'None'} is now {returns}"
        yield Difference("pages", subject, text, old.place)
    streams = any(_is_stream(call.returns.text) for call in method.calls)
    if old.streams != streams:
        text = "no longer streams" if old.streams else "streams now as well"
        yield Difference("stream", subject, text, old.place)
    stream = pair.operation.stream
    if old.event and stream is not None and stream.type == ir.Scalar("any"):
        text = f"events were {old.event}, and are plain JSON values now"
        yield Difference("stream", subject, text, old.place)
    target = targets.get(old.returns, old.returns)
    is_known = target == pair.operation.key or target in _words(returns)
    if old.returns and not is_known and bool(old.page) == is_paged:
        yield Difference("returns", subject, f"{old.returns} is now {returns}", old.place)


def _is_stream(annotation: str) -> bool:
    """Whether a result is a stream, or a union with one: ``Run | Stream[Event]``."""
    return bool(_STREAM.search(annotation))


def _words(annotation: str) -> set[str]:
    return set(re.findall(r"\w+", annotation))


def _others(sdk: OldSdk, matching: Matching, former: set[str]) -> Iterator[Difference]:
    """Methods that the new SDK lacks."""
    for old in matching.missing:
        text = f"{old.http_method} {old.path}"
        yield Difference("missing", f"client.{old.address}", text, old.place)
    for pair in matching.others:
        if pair.old.address not in former:
            text = f"another name of {pair.operation.key}"
            yield Difference("name", f"client.{pair.old.address}", text, pair.old.place)
    for address, place in sdk.handwritten:
        text = "a mixin can have it: docs/custom-code.md"
        yield Difference("handwritten", f"client.{address}", text, place)


def _of_client(
    old: OldClient, client: Client, api: ir.Api, supplied: FormerSdk
) -> Iterator[Difference]:
    known = CLIENT_ARGUMENTS | set(client.arguments)
    known |= {one.name for one in supplied.arguments if one.argument or one.header or one.servers}
    variables = {name for one in supplied.arguments for name in one.variables}
    variables |= set(client.variables)
    for one in old.arguments:
        if one.name not in known:
            subject = f"{old.name}({one.name})"
            yield Difference("client", subject, "the client has no such argument", old.place)
    own = api.settings.client_arguments
    for argument in own:
        if argument.location is None:
            text = "its value is not sent: it is only an attribute of the client"
            yield Difference("client", f"{old.name}({argument.name})", text, old.place)
    sent = {name.lower(): value for name, value in client.headers}
    sent |= {one.wire_name.lower(): str(one.default) for one in own if one.location == "header"}
    for name, value in sorted(old.headers.items()):
        if sent.get(name.lower()) != value:
            text = f"the header {name}: {value} is not sent; pass it in default_headers"
            yield Difference("client", name, text, old.place)
    for names in (*old.variables.values(), old.header_variables):
        for name in names:
            if name not in variables:
                yield Difference("client", name, "the variable is not read", old.place)


def _of_types(sdk: OldSdk, surface: Surface, supplied: set[str]) -> Iterator[Difference]:
    """Types of responses that cannot be imported under their old name."""
    known = supplied | {one.name for one in surface.types}
    known |= {old.removeprefix("types.") for old, _ in surface.former}
    for name, module in sorted(sdk.types.items()):
        if name not in known and not name.endswith(_REQUEST_TYPES):
            place = Place(f"{sdk.package}/{module.replace('.', '/')}/__init__.py", 1)
            yield Difference("type", f"types.{name}", f"was in {sdk.package}.{module}", place)


def _waived(one: Difference, waivers: list[str]) -> Difference:
    for pattern in waivers:
        if fnmatchcase(one.key, pattern):
            return replace(one, waived=pattern)
    return one


def waivers_in(text: str) -> list[str]:
    """The patterns of a file of waivers: one a line, ``#`` begins a comment."""
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return [" ".join(line.split()) for line in lines if line]
