"""Paths as routes: the steps that say what an operation is about, and whether it is a preview."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote

from specloom.ir import Words
from specloom.ir.words import singular, snake, split_words

_VERBS = frozenset(
    "accept acknowledge acquire activate add advance append apply approve archive assign"
    " associate attach authenticate authorize block bulk buy calculate call cancel capture"
    " change charge check claim clear clone close collect compact compare complete compress"
    " compute configure confirm connect convert copy count create deactivate deauthorize"
    " decline decrypt delete deliver deny deploy dequeue deregister detach disable"
    " disassociate discard disconnect dismiss download draft duplicate edit enable encrypt end"
    " enqueue enrich enroll estimate evaluate exchange exec execute expire export extend"
    " extract fail fetch finalize find finish flush follow forward freeze generate get grant"
    " hold import increment ingest init initialize insert inspect install invalidate invite"
    " invoke issue join kill leave link list load lock login logout mark merge migrate modify"
    " move mute open parse patch pause perform ping play poll process promote provision"
    " publish pull purge push put query reactivate read rebuild recompile reconcile record"
    " recover redeem refresh refund refuse register reindex reject release reload remove"
    " rename render renew reopen replace replay reply request rerank resend reserve reset"
    " resize resolve restart restore resume retrieve retry reverse revert revoke rollback"
    " rotate run save scan schedule scrape search sell send set share sign simulate skip"
    " snooze sort spawn split star start steer stop store stream submit subscribe summarize"
    " suspend swap sync terminate test toggle tokenize track transfer transform translate"
    " trigger unarchive unassign unblock unfreeze unlink unlock unmute unpause unpublish"
    " unshare unstar unsubscribe update upgrade upload upscale upsert validate verify view"
    " void watch write".split()
)
_NO_PLURAL = ("ss", "us", "is", "as")
_ALREADY_PLURAL = frozenset("children data media people".split())

# What the words of operationIds say of a plain method, and nothing more.
_READING = "check describe fetch find get inspect list lookup query read retrieve search show view"
_WRITING = "change edit modify move patch post put save set update"
_PLAIN = {
    "list": frozenset(f"{_READING} browse filter select".split()),
    "retrieve": frozenset(f"{_READING} load open poll report".split()),
    "create": frozenset(
        "call create execute generate insert make new perform post process put request run save set"
        " test update".split()
    ),
    "update": frozenset(f"{_WRITING} add alter assign configure create replace".split()),
    "replace": frozenset("edit modify put replace save set update".split()),
    "delete": frozenset("cancel clear delete destroy remove".split()),
    "delete_all": frozenset("clear delete destroy remove".split()),
    "tail": frozenset("fetch find get list make perform post read retrieve show view".split()),
}
_ASKING = frozenset("fetch find get list read retrieve".split())
_ENDING = re.compile(r"v?\d+|sync", re.IGNORECASE)


def is_verb(words: Words) -> bool:
    """Whether a step of a path is an action: ``cancel``, ``list_files``, and not ``charges``."""
    first = words[0].lower() if words else ""
    return first in _VERBS and (len(words) > 1 or not is_plural(words))


def is_plural(words: Words) -> bool:
    """Whether words name many things, as far as English tells."""
    last = words[-1].lower() if words else ""
    return last in _ALREADY_PLURAL or (last.endswith("s") and not last.endswith(_NO_PLURAL))


def stated_verb(operation: Words, thing: Words) -> Words:
    """What an operationId says that is done with ``thing``; empty if it is about another.

    >>> stated_verb(("get", "Or", "Create", "Peer"), ("peers",))
    ('get', 'or', 'create')
    >>> stated_verb(("process", "Kill"), ("process",))
    ('kill',)
    """
    words = tuple(word.lower() for word in operation)
    while words and _ENDING.fullmatch(words[-1]):
        words = words[:-1]
    after = words[len(thing) :]
    if after and after[0] in _VERBS and stems(words[: len(thing)]) == stems(thing):
        return after[:1]  # the thing itself may begin with a verb: load balancers
    verb, rest = _split(words)
    is_about = not rest or bool(stems(thing) & stems(rest))
    return verb if is_about else ()


def _split(words: Words) -> tuple[Words, Words]:
    """The verb of an operationId and its other words."""
    if len(words) > 2 and words[1] == "or" and {words[0], words[2]} <= _VERBS:
        return words[:3], words[3:]
    if words and words[0] in _VERBS:
        return words[:1], words[1:]
    if len(words) > 2 and words[1] in _VERBS:
        return words[1:2], words[2:]
    if words and words[-1] in _VERBS:
        return words[-1:], words[:-1]
    return (), words


def stems(words: Words) -> set[str]:
    """Words as they are compared: in the singular, with small letters."""
    return {singular((word,))[0].lower() for word in words}


def is_specific(verb: Words, method: str) -> bool:
    """Whether the verb of an operationId says more than the plain method of the path does."""
    return bool(verb) and snake(verb) not in _PLAIN.get(method, ())


def asks(verb: Words) -> bool:
    """Whether a verb asks for something that is there."""
    return snake(verb) in _ASKING


def without_framework_suffix(operation_id: str, method: str, path: str) -> str:
    """``read_items_items__item_id__get`` → ``read_items``: FastAPI appends path and method."""
    suffix = re.sub(r"\W", "_", path) + "_" + method
    if operation_id.lower().endswith(suffix.lower()) and len(operation_id) > len(suffix):
        return operation_id[: -len(suffix)]
    return operation_id


def plural_of(words: Words, known: Collection[str]) -> Words:
    """The plural that a tag has for a step of a path, where it has that very word."""
    plural = (*words[:-1], f"{words[-1]}s") if words else words
    return plural if snake(plural) in known else words


def id_words(operation_id: str, method: str, path: str) -> Words:
    """The words of an operationId, without what web frameworks append."""
    return split_words(without_framework_suffix(operation_id, method, path))


_PARAMETER = re.compile(r"\{[^{}]*\}")
# `label{value}` (RFC 6570 labels) and `users('{id}')` (keys of OData): a thing and which one.
_KEYED = re.compile(r"([A-Za-z][\w-]*[A-Za-z])(?:\('?)?\{[^{}]*\}(?:'?\))?")
_FORMAT = re.compile(r"\.(?:json|\{[^{}]*\})$")  # `users.json`, `users.{format}`
_VERSION = re.compile(r"v\d+(?:[._-]\d+)*", re.IGNORECASE)
_PREVIEW = re.compile(r"(?:v\d+[\d._-]*)?(alpha|beta)\d*", re.IGNORECASE)
_PREFIX = re.compile(r"v\d[\w.-]*|api|apis|rest", re.IGNORECASE)
# `messages:batchCreate` (custom methods, AIP-136) and `files.list` (RPC by HTTP).
_CUSTOM_METHOD = re.compile(r"(.*[^:]):([A-Za-z]\w*)")
_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
_PREVIEW_QUERY = re.compile(r"(?:^|&)(alpha|beta)=true(?:&|$)", re.IGNORECASE)
_ALMOST_ALL = 0.9

PARAMETER = "{}"
"""What stands in a route for any step with a parameter."""


@dataclass(frozen=True, slots=True)
class Route:
    """The steps of a path: literals as the path has them, ``PARAMETER`` for the others.

    ``preview`` is ``alpha`` or ``beta`` where the path says so; ``version`` what the path begins
    with, such as ``v2``; ``stages`` are those of both that the SDK shows as resources.
    """

    steps: tuple[str, ...]
    preview: str = ""
    version: str = ""
    stages: tuple[str, ...] = ()


def routes_of(paths: Iterable[str]) -> list[Route]:
    """A route for each path, without what nearly all of them begin with."""
    routes = [_without_prefix(_route(path)) for path in paths]
    while (shared := _shared_start(routes)) is not None:
        routes = [
            replace(route, steps=route.steps[1:]) if route.steps[:1] == (shared,) else route
            for route in routes
        ]
    return routes


def segments_of(path: str) -> list[str]:
    """The segments of a path as people read them, without those that are empty."""
    return [_decoded(segment) for segment in path.split("/") if segment]


def _decoded(segment: str) -> str:
    """A segment without percent-encoding, unless that changes where it ends or is a parameter."""
    text = unquote(segment) if "%" in segment else segment
    return segment if set("/{}") & (set(text) - set(segment)) else text


def is_parameter(segment: str) -> bool:
    """Whether a segment of a path is one parameter and nothing else."""
    return _PARAMETER.fullmatch(segment) is not None


def _route(path: str) -> Route:
    path, _, query = path.partition("#")[0].partition("?")
    preview = _PREVIEW_QUERY.search(query)
    steps = [step for segment in segments_of(path) for step in _steps(segment)]
    return Route(tuple(steps), preview[1].lower() if preview else "")


def _steps(segment: str) -> list[str]:
    segment = _FORMAT.sub("", segment) or segment
    custom = _CUSTOM_METHOD.fullmatch(segment)
    if custom is not None:
        return [*_steps(custom[1]), custom[2]]
    keyed = _KEYED.fullmatch(segment)
    if keyed is not None and split_words(keyed[1])[-1].lower() != "v":  # `api-v{version}`
        return [keyed[1], PARAMETER]
    if _PARAMETER.search(segment):
        return [PARAMETER]
    return segment.split(".") if _DOTTED.fullmatch(segment) else [segment]


def _without_prefix(route: Route) -> Route:
    """Leading ``api`` and version segments say nothing about the resource."""
    steps = route.steps
    while len(steps) > 1 and (_PREFIX.fullmatch(steps[0]) or _PREVIEW.fullmatch(steps[0])):
        preview = _PREVIEW.fullmatch(steps[0])
        version = steps[0].lower() if _VERSION.fullmatch(steps[0]) else route.version
        route = Route(steps[1:], preview[1].lower() if preview else route.preview, version)
        steps = route.steps
    return route


def _shared_start(routes: Sequence[Route]) -> str | None:
    """A first step that nearly all routes have, and that is no resource itself."""
    counted = Counter(route.steps[0] for route in routes if route.steps)
    if not counted:
        return None
    start, count = max(counted.items(), key=lambda one: (one[1], one[0]))
    if start == PARAMETER or count < _ALMOST_ALL * len(routes):
        return None
    below = [route.steps[1:] for route in routes if route.steps[:1] == (start,)]
    is_idle = all(map(_begins_with_resource, below)) and len({rest[0] for rest in below}) > 1
    return start if is_idle else None


def _begins_with_resource(steps: Sequence[str]) -> bool:
    """Whether steps begin with a thing, and not with what is done to the step before them."""
    if not steps or steps[0] == PARAMETER:
        return False
    return len(steps) > 1 or not is_verb(split_words(steps[0]))
