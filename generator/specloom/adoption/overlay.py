"""The names of an old SDK as an OpenAPI Overlay, for a person to review."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from specloom import ir
from specloom.adoption.matching import Matching, Pair
from specloom.adoption.overlay_client import (
    credential_actions,
    declared_headers,
    root_lines,
    server_actions,
)
from specloom.adoption.overlay_mixins import unfit_actions
from specloom.adoption.overlay_streams import stream_setting, unstreamed, wire_names
from specloom.adoption.surface import OldPage, OldSdk
from specloom.description.tree import child
from specloom.ir.operations import success_contents
from specloom.ir.words import snake, split_words
from specloom.pipeline import Reading
from specloom.scaffold.overlay_text import one_line, quoted, target_of
from specloom.scaffold.proposal import Proposed, proposed

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CLASS = re.compile(r"[A-Z][A-Za-z0-9]*")
_USUAL = frozenset(f"Sync{style}Page" for style in ("Cursor", "Offset", "Number", "Link", ""))
"""Page classes that the new SDK has by itself."""

_Schemes = dict[str, tuple[str, OldPage]]
"""Schemes of pagination by name: the name of their own class, if they have one, and the scheme."""

_HEAD = """\
# The names of the old SDK {package}, written by specloom adopt. Review this file: each action
# names its line in the old SDK. names.lock has the same names, and those of arguments and types.
overlay: 1.0.0
info: {{title: {title}, version: "1"}}
"""


_Setting = tuple[str, str, str]
"""A key of an operation's ``x-sdk``, its value as YAML, and the reason for it."""


def overlay_text(
    sdk: OldSdk, matching: Matching, reading: Reading, *, includes: bool = False
) -> str:
    """The text of the overlay. ``includes``: the new SDK includes hand-written code."""
    title = quoted(f"The names of {sdk.package} {sdk.version}".strip())
    head = _HEAD.format(package=one_line(f"{sdk.package} {sdk.version}"), title=title)
    proposals = proposed(reading.document, reading.api, reading.names)
    targets = {one.operation.pointer: one for one in proposals}
    schemes: _Schemes = {}
    settings = {
        pair.operation.key: list(_settings(pair, sdk, reading, schemes)) for pair in matching.pairs
    }
    parts = [
        *_root(sdk, matching, reading, schemes),
        *unfit_actions(matching, reading, includes=includes),
        *server_actions(sdk, matching, reading.api, reading.document),
        *credential_actions(sdk, reading.api, reading.document),
    ]
    for pair in sorted(matching.pairs, key=lambda pair: pair.old.address):
        parts += _action(
            pair, settings[pair.operation.key], targets[pair.operation.pointer], reading
        )
    return "".join([head, "actions:\n" if parts else "actions: []\n", *parts])


def _headers(sdk: OldSdk, api: ir.Api) -> dict[str, str]:
    """The constant headers that the description declares as parameters, in its spelling."""
    declared = declared_headers(api)
    given = sorted(sdk.client.headers.items()) if sdk.client else []
    lower = {name.lower(): value for name, value in given}
    return {declared[name]: value for name, value in lower.items() if name in declared}


def _root(sdk: OldSdk, matching: Matching, reading: Reading, schemes: _Schemes) -> Iterator[str]:
    """The action for the SDK as a whole."""
    lines = list(root_lines(sdk, matching, reading.api))
    headers = _headers(sdk, reading.api)
    if headers:
        pairs = (f"{quoted(name)}: {quoted(value)}" for name, value in headers.items())
        lines.append(f"headers: {{{', '.join(pairs)}}}")
    if schemes:
        lines.append("pagination:")
        for name, (title, page) in sorted(schemes.items()):
            lines.append(f"  {name}: {{{', '.join(_scheme(title, page))}}}")
    if lines:
        place = sdk.client.place if sdk.client else sdk.package
        yield f"  # The package and the client: {one_line(str(place))}\n"
        yield "  - target: $\n    update:\n      x-sdk:\n"
        yield from (f"        {line}\n" for line in lines)


def _settings(pair: Pair, sdk: OldSdk, reading: Reading, schemes: _Schemes) -> Iterator[_Setting]:
    """The settings of one operation. Its scheme of pagination is added to ``schemes``."""
    old = pair.old
    yield from _pagination(pair, sdk, reading, schemes)
    if old.unwrap and not old.page:
        yield "unwrap", quoted(old.unwrap), f"users got the property {old.unwrap} of the answer"
    stream, reason = stream_setting(pair, reading)
    if stream:
        yield "stream", stream, reason
    positional = _positional(pair)
    if positional:
        listed = f"[{', '.join(map(quoted, positional))}]"
        yield "positional", listed, f"users gave {' and '.join(positional)} by position"
    if _has_positional_body(pair):
        yield "positional_body", "true", "users gave the body by position"
    if _is_spread(pair):
        reason = "users gave the properties of the body, which would be one argument"
        yield "spread_body", "true", reason


def _pagination(pair: Pair, sdk: OldSdk, reading: Reading, schemes: _Schemes) -> Iterator[_Setting]:
    old, ours = pair.old, pair.operation.pagination
    may_have = bool(old.page) or (old.is_partial and not old.has_no_pages)
    if ours is not None and not may_have and not old.streams:
        yield "pagination", "false", "users got the response itself, not pages"
    former = old.page or (_shape(pair, sdk, reading) if may_have else "")
    page = sdk.pages.get(former)
    is_named = former not in _USUAL
    if page is None or not (ours is None or is_named):
        return
    if _has_pages(pair.operation, page, reading):
        title = former.removeprefix("Sync")
        name = snake(split_words(title)) or "page"
        schemes[name] = (title if is_named else "", page)
        yield "pagination", quoted(name), f"users got {former}"


def _positional(pair: Pair) -> list[str]:
    """The positional path parameters of users, if they are not just the last one."""
    path = [one.wire_name for one in pair.operation.parameters if one.location == "path"]
    given = [
        pair.inputs.get(one.name, ("", ""))[1]
        for one in pair.old.arguments
        if one.location == "path" and one.kind == "positional"
    ]
    is_known = bool(given) and set(given) <= set(path)
    return given if is_known and given != path[-1:] else []


def _has_positional_body(pair: Pair) -> bool:
    """Whether users passed the whole body by position, and it still is one argument."""
    body = pair.operation.body
    is_one = body is not None and body.fields is None and not body.alternatives
    return is_one and any(
        one.kind == "positional" and pair.inputs.get(one.name) == ("body", "")
        for one in pair.old.arguments
    )


def _is_spread(pair: Pair) -> bool:
    """Whether users passed properties of a body that is one argument now."""
    body = pair.operation.body
    given = any(one.location == "body" and one.wire_name for one in pair.old.arguments)
    return given and body is not None and body.fields is None and _may_be_union(body.type)


def _may_be_union(body: ir.TypeRef) -> bool:
    inner = body.inner if isinstance(body, ir.Nullable) else body
    return isinstance(inner, (ir.Ref, ir.UnionOf))


def _shape(pair: Pair, sdk: OldSdk, reading: Reading) -> str:
    """The first scheme of a configuration that fits the shape of an operation."""
    fitting = (
        name for name, page in sdk.pages.items() if _has_pages(pair.operation, page, reading)
    )
    return next(fitting, "")


def _has_pages(operation: ir.Operation, page: OldPage, reading: Reading) -> bool:
    """Whether an operation has the parts that a pagination scheme needs."""
    inputs = wire_names(operation)
    ends = page.cursor or page.cursor_header or page.has_more
    is_single = page.style == "link" and not page.parameter
    if (page.parameter not in inputs and not is_single) or (page.style == "cursor" and not ends):
        return False
    for content in success_contents(operation.responses):
        found = content.type
        if not page.items:
            return isinstance(found, ir.ListOf)
        model = reading.api.types.get(found.key) if isinstance(found, ir.Ref) else None
        if isinstance(model, ir.Model):
            fields = {one.wire_name for one in model.fields}
            wanted = {page.items, *filter(None, [page.cursor, page.has_more])}
            return all(one.startswith("/") or one in fields for one in wanted)
    return False


def _scheme(name: str, page: OldPage) -> Iterator[str]:
    yield f"style: {page.style}"
    if _CLASS.fullmatch(name):
        yield f"class: {name}"
    yield f"items: {json.dumps(page.items)}"
    for key in ("parameter", "cursor", "item_cursor", "cursor_header", "has_more"):
        value = getattr(page, key)
        if value:
            yield f"{key}: {quoted(value)}"


def _action(
    pair: Pair, settings: list[_Setting], target: Proposed, reading: Reading
) -> Iterator[str]:
    removed = list(unstreamed(pair, reading))
    reasons = [str(pair.old.place), *(reason for _, _, reason in settings)]
    reasons += ["users always got a stream"] if removed else []
    yield f"  # {one_line(pair.operation.key)}\n"
    yield from (f"  #   {one_line(reason)}\n" for reason in (*reasons, *_locked(pair, reading)))
    if not target.is_settable or not all(map(_NAME.fullmatch, pair.old.address.split("."))):
        yield "  #   names.lock alone names it: an overlay cannot reach it\n"
        return
    names = {"resource": quoted(pair.old.resource), "method": quoted(pair.old.name)}
    values = names | {key: value for key, value, _ in settings}
    pairs = ", ".join(f"{key}: {value}" for key, value in values.items())
    yield f"  - target: {target_of(target.pointer)}\n    update: {{x-sdk: {{{pairs}}}}}\n"
    for status, media_type in removed:
        pointer = child(target.pointer, "responses", status, "content", media_type)
        yield f"  - target: {target_of(pointer)}\n    remove: true\n"


def _locked(pair: Pair, reading: Reading) -> Iterator[str]:
    """The arguments that only the names lock gives their old names."""
    given = reading.names.arguments[pair.operation.pointer]
    for name, place in sorted(pair.inputs.items()):
        if given.get(place, name) != name:
            yield f"names.lock: {place[0]} {place[1] or 'body'} is the argument {name}"
