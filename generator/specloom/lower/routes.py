"""Paths as routes: the steps that name the subject of an operation, and its preview stage."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote

from specloom.ir import Words
from specloom.ir.words import is_plural, singular, snake, split_words

_VERBS = frozenset(
    "accept acknowledge acquire activate add advance allocate append apply approve archive"
    " assign associate attach authenticate authorize block bulk buy calculate call cancel capture"
    " change charge check claim classify clear clone close collect compact compare complete"
    " compress compute configure confirm connect convert copy count create deactivate deauthorize"
    " decline decrypt delete deliver deny deploy dequeue deregister describe detach detect disable"
    " disassociate discard disconnect dismiss download draft duplicate edit embed enable encrypt"
    " end enqueue enrich enroll estimate evaluate exchange exec execute expire export extend"
    " extract fail fetch finalize find finish flush follow forward freeze generate get grant"
    " hold import increment ingest init initialize insert inspect install invalidate invite"
    " invoke issue join kill leave link list load lock login logout mark merge migrate modify"
    " move mute open parse patch pause perform ping play poll predict process promote provision"
    " publish pull purge push put query reactivate read rebuild recompile reconcile record"
    " recover redeem refresh refund refuse register reindex reject release reload remove"
    " rename render renew reopen replace replay reply request rerank resend reserve reset"
    " resize resolve restart restore resume retrieve retry reverse revert revoke rollback"
    " rotate run save scan schedule scrape search sell send set setup share show sign simulate skip"
    " snooze sort spawn split star start steer stop store stream submit subscribe summarize"
    " suspend swap sync terminate test toggle tokenize track transfer transform translate"
    " trigger unarchive unassign unblock unfreeze unlink unlock unmute unpause unpublish"
    " unshare unstar unsubscribe update upgrade upload upscale upsert validate verify view"
    " void watch write".split()
)
_MANY = frozenset("batch mass multi".split())
_STARTS = _VERBS | _MANY | {"post"}

# Words in operationIds that mean the plain method.
_READING = "check describe fetch find get inspect list lookup query read retrieve search show view"
_MISTAKEN = "create delete update"  # no GET does that
_WRITING = "change edit modify move patch post put save set update"
_PLAIN = {
    "list": frozenset(f"{_READING} {_MISTAKEN} browse filter select".split()),
    "retrieve": frozenset(f"{_READING} {_MISTAKEN} load open poll report".split()),
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
_ITEM_METHODS = {"get": "retrieve", "post": "update", "put": "update", "patch": "update"}
_ASKING = frozenset("fetch find get list read retrieve".split())
_OWNER = re.compile(r"^[A-Za-z0-9]+(?:Service|Controller)_(?=[A-Za-z])")
_ENDING = re.compile(r"v?\d+|sync", re.IGNORECASE)


def is_verb(words: Words) -> bool:
    """Whether a step of a path is an action: ``cancel``, ``list_files``, but not ``charges``."""
    first = words[0].lower() if words else ""
    if first in _MANY and len(words) > 1:
        return words[-1].lower() in _VERBS
    return first in _VERBS and (len(words) > 1 or not is_plural(words))


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
    if words[:1] == ("bulk",) and words[1:2] and words[1] in _VERBS:
        return words[:2], words[2:]
    if words and (words[0] in _VERBS or words[0] in ("patch", "post")):
        return words[:1], words[1:]
    if len(words) > 2 and words[1] in _VERBS:
        return words[1:2], words[2:]
    if words and words[-1] in _VERBS:
        return words[-1:], words[:-1]
    return (), words


def from_verb(words: Words) -> Words:
    """The words from the first verb on: names of modules and versions may stand before it.

    >>> from_verb(("agents", "api", "v1", "append", "stream"))
    ('append', 'stream')
    >>> from_verb(("users", "Get", "By", "Id")), from_verb(("users", "post"))
    (('users', 'Get', 'By', 'Id'), ('users', 'post'))
    """
    lowered = tuple(word.lower() for word in words)
    start = next((index for index, word in enumerate(lowered) if word in _STARTS), 0)
    is_short = lowered[start + 1 : start + 2] == ("by",) or lowered[start:] == ("post",)
    return words if is_short else words[start:]


def stems(words: Words) -> set[str]:
    """Words in the form that is compared: singular, with small letters."""
    return {singular((word,))[0].lower() for word in words}


def is_specific(verb: Words, method: str) -> bool:
    """Whether the verb of an operationId is more specific than the plain method of the path."""
    return bool(verb) and not is_plain(verb, method)


def is_plain(verb: Words, method: str) -> bool:
    """Whether the verb of an operationId says the same as the plain method of the path."""
    return snake(verb) in _PLAIN.get(method.removeprefix("bulk_"), ())


def item_method(method: str, beside: Collection[str] = ()) -> str:
    """The plain method for one thing; ``beside`` are all HTTP methods of its path."""
    if method == "post" and not {"put", "patch"}.isdisjoint(beside):
        return "create"
    is_replaced = method == "put" and "patch" in beside
    return "replace" if is_replaced else _ITEM_METHODS.get(method, method)


def asks(verb: Words) -> bool:
    """Whether a verb asks for existing data."""
    return snake(verb) in _ASKING


def without_framework_suffix(operation_id: str, method: str, path: str) -> str:
    """``read_items_items__item_id__get`` → ``read_items``: FastAPI appends path and method."""
    suffix = re.sub(r"\W", "_", path) + "_" + method
    if operation_id.lower().endswith(suffix.lower()) and len(operation_id) > len(suffix):
        return operation_id[: -len(suffix)]
    return operation_id


def plural_of(words: Words, known: Collection[str]) -> Words:
    """The plural of a step of a path, if a tag is that word in the plural."""
    plural = (*words[:-1], f"{words[-1]}s") if words else words
    return plural if snake(plural) in known else words


def id_words(operation_id: str, method: str, path: str) -> Words:
    """The words of an operationId, without suffixes of frameworks and ``UserService_``."""
    return split_words(_OWNER.sub("", without_framework_suffix(operation_id, method, path)))


_PLACED_IDS = 0.8
_METHODS = "(?:get|post|put|patch|delete)"
_PLACED_ID = re.compile(rf"(?!(?i:{_METHODS})[./])[\w-]+(?:[./](?!{_METHODS.upper()}$)[\w-]+)+")


def steps_of_id(operation_id: str) -> list[str]:
    """The resources and the method in an operationId: ``session.create``, ``issues/add-labels``.

    Empty for an operationId of another form.
    """
    return re.split(r"[./]", operation_id) if _PLACED_ID.fullmatch(operation_id) else []


def shared_steps(ids: Sequence[str]) -> int | None:
    """How many steps all operationIds share first, such as the service or its modules: ``books.``.

    0 if they begin with different resources: ``session.create``. None if they have no steps.
    """
    ends = [steps for one in ids if (steps := steps_of_id(one))]
    if not ends or len(ends) < _PLACED_IDS * len(ids):
        return None
    count = 0
    while min(map(len, ends)) > 2 and len({one[0] for one in ends}) == 1:
        is_thing = len(ends[0]) < 4 and is_plural((ends[0][0],))
        if is_thing and len({one[1] for one in ends}) == 1:
            break
        count, ends = count + 1, [one[1:] for one in ends]
    return count


_PARAMETER = re.compile(r"\{[^{}]*\}")
# `label{value}` (RFC 6570 labels) and `users('{id}')` (keys of OData): a thing with its key.
_KEYED = re.compile(r"([A-Za-z][\w-]*[A-Za-z])(?:\('?)?\{[^{}]*\}(?:'?\))?")
# `Items(Order={order},Line={line})` and `Sales.GetTotal()`: keys and functions of OData.
_CALLED = re.compile(r"(?:[A-Za-z]\w*\.)*([A-Za-z]\w*)\(([^()]*)\)")
# `users.json`, `users.{format}`, and pages of servers.
_FORMAT = re.compile(r"\.(?:json|html?|jsp|php|aspx|ashx|asmx|\{[^{}]*\})$")
_DATE = r"\d{4}-\d{2}-\d{2}"
_VERSION = re.compile(r"v?\d+(?:[._-]\d+)*", re.IGNORECASE)
_PREVIEW = re.compile(r"(?:v\d+[\d._-]*)?(alpha|beta)\d*", re.IGNORECASE)
_PREFIX = re.compile(rf"(?i)v\d[\w.-]*|apis?|rest|(?:json-?)?rpc|{_DATE}|\d{{1,2}}(?:\.\d+)*")
# `/?Action=CreateQueue`, `/#X-Amz-Target=Service.CreateQueue`: AWS has one address for all.
_ACTION = re.compile(r"(?:^|&)(?:Action|X-Amz-Target)=(?:[\w.]+\.)?([A-Za-z]\w*)")
# `messages:batchCreate` (custom methods, AIP-136) and `files.list` (RPC by HTTP).
_CUSTOM_METHOD = re.compile(r"(.*[^:]):([A-Za-z]\w*)")
_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
_PREVIEW_QUERY = re.compile(r"(?:^|&)(alpha|beta)=true(?:&|$)", re.IGNORECASE)
_ALMOST_ALL = 0.9

PARAMETER = "{}"
"""Stands for any step with a parameter."""
ACTION = "!"
"""Prefix of a step that is a method, whatever its words are."""


@dataclass(frozen=True, slots=True)
class Route:
    """The steps of a path: literals in the spelling of the path, ``PARAMETER`` for the others.

    ``preview`` is ``alpha`` or ``beta`` if the path contains it; ``version`` is the start of the
    path, such as ``v2``; ``stages`` are the previews and versions that the SDK shows as resources.
    """

    steps: tuple[str, ...]
    preview: str = ""
    version: str = ""
    stages: tuple[str, ...] = ()


def routes_of(paths: Iterable[str]) -> list[Route]:
    """A route for each path, without a prefix that nearly all of them share."""
    routes = _without_shared_start([_without_prefix(_route(path)) for path in paths])
    return _without_shared_start([_without_inner_api(route) for route in routes])


def _without_shared_start(routes: list[Route]) -> list[Route]:
    while shared := _shared_start(routes):
        routes = [
            (
                _without_prefix(replace(route, steps=route.steps[len(shared) :]))
                if route.steps[: len(shared)] == shared
                else route
            )
            for route in routes
        ]
    return routes


def later_versions(uses: Iterable[tuple[str, Route, bool]]) -> set[tuple[str, tuple[str, ...]]]:
    """The versions, with first steps, of whose names another version has some.

    The oldest version that is not deprecated has plain names. ``uses`` are the HTTP methods,
    routes and deprecations of all operations.
    """
    versions: defaultdict[tuple[str, tuple[str, ...], str], set[str]] = defaultdict(set)
    current: set[tuple[str, tuple[str, ...]]] = set()
    for method, route, is_deprecated in uses:
        versions[method, route.steps, route.preview].add(route.version)
        if not is_deprecated:
            current.add((route.version, route.steps[:1]))
    later: set[tuple[str, tuple[str, ...]]] = set()
    for (_, steps, _), found in versions.items():
        ages = {one: tuple(map(int, re.findall(r"\d+", one))) for one in found}
        ordered = sorted(found, key=lambda one: ((one, steps[:1]) not in current, ages[one], one))
        later |= {(version, steps[:1]) for version in ordered[1:]}
    return later


def segments_of(path: str) -> list[str]:
    """The readable segments of a path, without empty ones and those of a mere hyphen."""
    return [_decoded(segment) for segment in path.split("/") if segment not in ("", "-")]


def _decoded(segment: str) -> str:
    """A segment without percent-encoding, unless decoding would change its structure."""
    text = unquote(segment) if "%" in segment else segment
    return segment if set("/{}") & (set(text) - set(segment)) else text


def is_parameter(segment: str) -> bool:
    """Whether a segment of a path is exactly one parameter."""
    return _PARAMETER.fullmatch(segment) is not None


def _route(path: str) -> Route:
    path, _, fragment = path.partition("#")
    path, _, query = path.partition("?")
    preview = _PREVIEW_QUERY.search(query)
    action = _ACTION.search(query) or _ACTION.search(fragment)
    steps: list[str] = []
    for segment in _after_controller(segments_of(path)):
        found = _steps(segment)
        # `/users/{id}/microsoft.graph.delta`: an action of OData with its namespace.
        steps += found[-1:] if steps[-1:] == [PARAMETER] and _DOTTED.fullmatch(segment) else found
    if len(steps) > 1 and steps[-1] == "json":  # a format, as in `users.json`
        steps.pop()
    steps += [f"{ACTION}{action[1]}"] if action else []
    return Route(tuple(steps), preview[1].lower() if preview else "")


def _after_controller(segments: list[str]) -> list[str]:
    """The segments after a script of the server: ``/index.php/users``, not ``/users.php/{id}``."""
    for index in range(len(segments) - 1, 0, -1):
        if segments[index - 1].lower().endswith(".php") and not is_parameter(segments[index]):
            return segments[index:]
    return segments


def _steps(segment: str) -> list[str]:
    segment = _FORMAT.sub("", segment) or segment
    custom = _CUSTOM_METHOD.fullmatch(segment)
    if custom is not None:
        return [*_steps(custom[1]), custom[2]]
    keyed = _KEYED.fullmatch(segment)
    if keyed is not None and split_words(keyed[1])[-1].lower() != "v":  # `api-v{version}`
        return [keyed[1], PARAMETER]
    called = _CALLED.fullmatch(segment)
    if called is not None:
        return [called[1], PARAMETER] if _PARAMETER.search(called[2]) else [called[1]]
    if _PARAMETER.search(segment):
        return [PARAMETER]
    return segment.split(".") if _DOTTED.fullmatch(segment) else [segment]


def _without_prefix(route: Route) -> Route:
    """The steps without a leading ``api`` and version, which do not describe the resource."""
    steps = route.steps
    while len(steps) > 1 and (_PREFIX.fullmatch(steps[0]) or _PREVIEW.fullmatch(steps[0])):
        if steps[0].lower() == "apis" and steps[1] == PARAMETER:
            break  # the API is about APIs
        preview = _PREVIEW.fullmatch(steps[0])
        version = steps[0].lower() if _VERSION.fullmatch(steps[0]) else route.version
        route = Route(steps[1:], preview[1].lower() if preview else route.preview, version)
        steps = route.steps
    return route


def _without_inner_api(route: Route) -> Route:
    """The steps without an ``api`` between resources and the version that follows it.

    ``/admin/api/sites`` is about the sites of an admin, ``/shop/api/v2/orders`` about orders.
    """
    steps = route.steps
    for index, step in enumerate(steps[1:-1], start=1):
        if step.lower() != "api" or PARAMETER in (*steps[:index], steps[index + 1]):
            continue
        if index + 2 < len(steps) and _VERSION.fullmatch(steps[index + 1]):
            version = steps[index + 1].lower()
            return replace(route, steps=(*steps[:index], *steps[index + 2 :]), version=version)
        return replace(route, steps=(*steps[:index], *steps[index + 1 :]))
    return route


def _shared_start(routes: Sequence[Route]) -> tuple[str, ...]:
    """The first steps that nearly all routes share and that are no resources."""
    start: tuple[str, ...] = ()
    below = [route.steps for route in routes]
    while True:
        counted = Counter(steps[0] for steps in below if steps)
        step, count = max(counted.items(), key=lambda one: (one[1], one[0]), default=("", 0))
        if step == PARAMETER or not step or count < _ALMOST_ALL * len(routes):
            return ()
        start = (*start, step)
        below = [steps[1:] for steps in below if steps[:1] == (step,)]
        if not all(map(_begins_with_resource, below)):
            return ()
        if len({steps[0] for steps in below}) > 1:
            return start


def _begins_with_resource(steps: Sequence[str]) -> bool:
    """Whether steps begin with a resource instead of an action on the step before them."""
    if not steps or steps[0] == PARAMETER:
        return False
    words = split_words(steps[0])
    return words[:1] != ("by",) and (len(steps) > 1 or not is_verb(words))
