"""Which words of paths and operationIds are verbs, and what an operationId says that is done."""

from __future__ import annotations

import re
from collections.abc import Collection

from specloom.ir import Words
from specloom.ir.words import singular, snake, split_words

_VERBS = frozenset(
    "accept acknowledge acquire activate add advance append apply approve archive assign"
    " associate attach authenticate authorize block bulk buy calculate call cancel capture change"
    " charge check claim clear clone close collect compact compare complete compress compute"
    " configure confirm connect convert copy count create deactivate deauthorize decline decrypt"
    " delete deliver deny deploy deregister detach disable disassociate discard disconnect"
    " dismiss download draft duplicate edit enable encrypt end enrich enroll estimate evaluate"
    " exchange exec execute expire export extend extract fail fetch finalize find finish flush"
    " follow forward freeze generate get grant hold import increment init initialize insert"
    " inspect install invalidate invite invoke issue join kill leave link list load lock login"
    " logout mark merge migrate modify move mute open parse patch pause perform ping play poll"
    " process promote provision publish pull purge push put query reactivate read rebuild"
    " recompile reconcile record recover redeem refresh refund refuse register reindex reject"
    " release reload remove rename render renew reopen replace replay reply request rerank"
    " resend reserve reset resize resolve restart restore resume retrieve retry reverse revert"
    " revoke rollback rotate run save scan schedule scrape search sell send set share sign simulate"
    " skip snooze sort spawn split star start steer stop store stream submit subscribe summarize"
    " suspend swap sync terminate test toggle tokenize track transfer transform translate"
    " trigger unarchive unassign unblock unfreeze unlink unlock unmute unpause unpublish unshare"
    " unstar unsubscribe update upgrade upload upscale upsert validate verify view void watch"
    " write".split()
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


def told_verb(operation: Words, thing: Words) -> Words:
    """What an operationId says that is done with ``thing``; empty where it is about another.

    >>> told_verb(("get", "Or", "Create", "Peer"), ("peers",))
    ('get', 'or', 'create')
    >>> told_verb(("process", "Kill"), ("process",))
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
