"""What differs, for its callers, between an old SDK and the one that specloom generates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from specloom.adoption.matching import Matching, Pair
from specloom.adoption.surface import OldArgument, OldSdk, Place
from specloom.api_diff.take import surface_of
from specloom.api_diff.view import Argument, Client, Method, Surface
from specloom.pipeline import Reading

_CLIENT_ARGUMENTS = frozenset(
    "base_url timeout max_retries default_headers default_query http_client".split()
)
_REQUEST_TYPES = ("Params", "Param")

KINDS = {
    "missing": "The description does not have the operation.",
    "name": "The method has another name.",
    "path-arguments": "The arguments of the path are given in another way.",
    "argument": "An argument does not exist, or only under another name.",
    "required": "An argument that was optional must be given.",
    "pages": "One of the two returns pages, the other the response.",
    "stream": "One of the two can stream, the other cannot.",
    "returns": "The result's class has another name.",
    "client": "An argument, a variable or a header of the client does not exist.",
    "handwritten": "The method sends no request of its own; write it by hand.",
    "type": "The package has no type of this name.",
}
"""The kinds of differences with their meaning."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that callers of the old SDK would notice. ``waived`` is the line that allows it."""

    kind: str
    subject: str
    detail: str
    place: Place
    waived: str = ""

    @property
    def key(self) -> str:
        """How a waiver names it."""
        return f"{self.kind} {self.subject}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The differences, and the counts of operations that both SDKs have.

    ``named`` of the ``common`` operations have their old name, ``addressed`` also take the
    arguments of their path as before, and ``equal`` differ in nothing.
    """

    common: int
    named: int
    addressed: int
    equal: int
    differences: tuple[Difference, ...]

    @property
    def open(self) -> tuple[Difference, ...]:
        """The differences that nothing waives."""
        return tuple(one for one in self.differences if not one.waived)


def compared(
    sdk: OldSdk, matching: Matching, reading: Reading, waivers: Iterable[str] = ()
) -> Comparison:
    """Everything that differs, with ``reading`` as the description that adopts the old names."""
    surface = surface_of(reading.api, reading.names, reading.document.entry)
    methods = {(m.http_method, m.path): m for m in surface.methods if not m.waits}
    former = {old for old, _ in surface.former}
    found: dict[str, list[Difference]] = {}
    for pair in matching.pairs:
        method = methods[(pair.operation.http_method, pair.operation.path)]
        found[pair.operation.pointer] = list(_of_method(pair, method))
    differences = [one for some in found.values() for one in some]
    differences += _others(sdk, matching, former)
    if sdk.client is not None:
        differences += _of_client(sdk, surface.client)
    differences += _of_types(sdk, surface)
    kinds = [{one.kind for one in some} for some in found.values()]
    return Comparison(
        common=len(found),
        named=sum("name" not in some for some in kinds),
        addressed=sum(not some & {"name", "path-arguments"} for some in kinds),
        equal=sum(not some for some in kinds),
        differences=tuple(_waived(one, list(waivers)) for one in differences),
    )


def _of_method(pair: Pair, method: Method) -> Iterator[Difference]:
    """The differences of one method in calls."""
    old, ours = pair.old, method.calls[0]

    def differs(kind: str, detail: str, subject: str = "") -> Difference:
        return Difference(kind, f"client.{old.address}{subject}", detail, old.place)

    if method.address != old.address:
        yield differs("name", f"now client.{method.address}")
    arguments = {one.name: one for call in method.calls for one in call.arguments}
    yield from (differs("path-arguments", text) for text in _paths(pair, ours.arguments))
    for one in old.arguments:
        if one.name not in arguments and one.location != "path":
            yield differs("argument", _now(pair, one, arguments), f"({one.name})")
    if not ours.when:
        known = {one.name: one for one in old.arguments}
        for argument in ours.arguments:
            was = known.get(argument.name)
            if argument.required and (was is None or not was.required):
                text = "did not exist" if was is None else "was optional"
                yield differs("required", text, f"({argument.name})")
    yield from _of_result(pair, method)


def _paths(pair: Pair, arguments: tuple[Argument, ...]) -> Iterator[str]:
    """What differs in the way that the arguments of the path are given."""
    was = [one for one in pair.old.arguments if one.location == "path"]
    now = [one for one in arguments if one.location == "path"]
    before, after = _shown(was), _shown(now)
    positional = [one.name for one in was if one.kind == "positional"]
    is_moved = positional != [one.name for one in now if one.positional][: len(positional)]
    if is_moved or {one.name for one in was} - {one.name for one in now}:
        yield f"({before}) is now ({after})"


def _shown(arguments: Iterable[OldArgument | Argument]) -> str:
    """``thread_id, *, run_id``: the arguments of a path as a signature has them."""
    plain: list[str] = []
    keywords: list[str] = []
    for one in arguments:
        is_positional = one.kind == "positional" if isinstance(one, OldArgument) else one.positional
        (plain if is_positional else keywords).append(one.name)
    return ", ".join([*plain, *(["*"] if keywords else []), *keywords])


def _now(pair: Pair, one: OldArgument, arguments: Mapping[str, Argument]) -> str:
    """What has taken the place of an argument."""
    place = pair.inputs.get(one.name)
    for argument in arguments.values():
        if place == (argument.location, argument.wire_name):
            return f"now {argument.name}"
    if one.location == "body" and "body" in arguments:
        return "now a key of the argument body"
    where = f"{one.location} {one.wire_name}".strip()
    return f"the description has no such input{f' ({where})' if where else ''}"


def _of_result(pair: Pair, method: Method) -> Iterator[Difference]:
    """What differs in what a method returns."""
    old, subject = pair.old, f"client.{pair.old.address}"
    returns = method.calls[0].returns.text
    is_paged = "Page[" in returns or "Paginator[" in returns
    if bool(old.page) != is_paged:
        text = f"{old.page or old.returns or 'None'} is now {returns}"
        yield Difference("pages", subject, text, old.place)
    streams = any("Stream" in _outer(call.returns.text) for call in method.calls)
    if old.streams != streams:
        text = "no longer streams" if old.streams else "streams now as well"
        yield Difference("stream", subject, text, old.place)
    if old.returns and old.returns not in _words(returns) and bool(old.page) == is_paged:
        yield Difference("returns", subject, f"{old.returns} is now {returns}", old.place)


def _outer(annotation: str) -> str:
    """The classes of an annotation without what stands in brackets."""
    depth = 0
    found: list[str] = []
    for one in annotation:
        depth += {"[": 1, "]": -1}.get(one, 0)
        found.append(one if depth == 0 else "")
    return "".join(found)


def _words(annotation: str) -> set[str]:
    text = "".join(one if one.isalnum() or one == "_" else " " for one in annotation)
    return set(text.split())


def _others(sdk: OldSdk, matching: Matching, former: set[str]) -> Iterator[Difference]:
    """Methods that the new SDK does not have at all."""
    for old in matching.missing:
        text = f"{old.http_method} {old.path}"
        yield Difference("missing", f"client.{old.address}", text, old.place)
    for pair in matching.others:
        if pair.old.address not in former:
            text = f"another name of {pair.operation.http_method} {pair.operation.path}"
            yield Difference("name", f"client.{pair.old.address}", text, pair.old.place)
    for address, place in sdk.handwritten:
        text = "a mixin can have it: docs/custom-code.md"
        yield Difference("handwritten", f"client.{address}", text, place)


def _of_client(sdk: OldSdk, client: Client) -> Iterator[Difference]:
    assert sdk.client is not None
    old = sdk.client
    known = _CLIENT_ARGUMENTS | set(client.credentials)
    for one in old.arguments:
        if one.name not in known:
            subject = f"{old.name}({one.name})"
            yield Difference("client", subject, "the client has no such argument", old.place)
    sent = {name.lower(): value for name, value in client.headers}
    for name, value in sorted(old.headers.items()):
        if sent.get(name.lower()) != value:
            text = f"the header {name}: {value} is not sent; pass it in default_headers"
            yield Difference("client", name, text, old.place)
    for names in old.variables.values():
        for name in names:
            if name not in client.variables:
                yield Difference("client", name, "the variable is not read", old.place)


def _of_types(sdk: OldSdk, surface: Surface) -> Iterator[Difference]:
    """Types of responses that cannot be imported under their old name."""
    known = {one.name for one in surface.types}
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
