"""Splits any spelling of a name into words, and joins words in Python's two spellings.

``thread_id``, ``threadId``, ``thread-id`` and ``Thread ID`` are the same two words. Words keep the
case of their letters, so ``HTTPError`` stays ``HTTPError``.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from specloom.ir.types import Words

# Signs that matter in names of little else: GitHub's reactions are +1 and -1.
_SIGNS = {"+": " plus ", "-": " minus ", "<": " lt ", ">": " gt ", "=": " eq ", "!": " not "}
_NO_WORD = re.compile(r"\W", re.ASCII)
_BOUNDARY = re.compile(
    r"(?<=[a-z0-9])(?=[A-Z])"  # threadId, v2Beta
    # HTTPError, and not the plural or version of an abbreviation: userIDs, APIv2
    r"|(?<=[A-Z])(?=[A-Z](?!s(?![a-z])|v\d)[a-z])"
)
# Names that count as one word in any capitalisation: OAuth, IPv4, E2B.
_ONE_WORD = re.compile(
    r"(OAuth2?|OData|IPv[46]|GitHub|GitLab|YouTube|LinkedIn|PayPal|WhatsApp|OpenAI|OpenAPI|GraphQL"
    r"|(?:My|Postgre|No)SQL|MongoDB|JavaScript|TypeScript|macOS|iOS"
    r"|(?<![A-Za-z0-9])[A-Z]\d[A-Z](?![A-Za-z0-9]))(?![a-z])"
)

_CAPITALS = {
    name.lower(): name
    for name in (
        "OAuth OAuth2 IPv4 IPv6 GitHub GitLab GraphQL OpenAI OpenAPI YouTube"
        " AI API APIs CDN CPU DNS GPU ID IDs IP IPs SDK SMS SSH URL URLs"
    ).split()
}
"""The lower-case spelling of names whose words begin with capitals."""


@lru_cache(maxsize=65536)
def split_words(text: str) -> tuple[str, ...]:
    """The words of a name, in order; empty when the text holds no letter and no digit.

    >>> split_words("listRunSteps")
    ('list', 'Run', 'Steps')
    >>> split_words("getGitHubUserIDs")
    ('get', 'GitHub', 'User', 'IDs')
    >>> split_words("+1")
    ('plus', '1')
    """
    text = unicodedata.normalize("NFKC", text)
    if re.fullmatch(r"[^\w]*[\d.]+", text) or not re.search(r"\w", text):
        text = "".join(_SIGNS.get(char, char) for char in text)
    if text.isascii():
        cleaned = _NO_WORD.sub(" ", text)
    else:
        cleaned = "".join(char if _is_word_char(char) else " " for char in text)
    return tuple(
        word
        for chunk in cleaned.replace("_", " ").split()
        for part in _ONE_WORD.split(chunk)
        for word in ([part] if _ONE_WORD.fullmatch(part) else _BOUNDARY.split(part))
        if word
    )


def _is_word_char(char: str) -> bool:
    # Only characters Python allows inside an identifier survive (the rules of PEP 3131).
    return char == "_" or ("a" + char).isidentifier()


def snake(words: tuple[str, ...]) -> str:
    """``("list", "Run")`` → ``list_run``."""
    return "_".join(word.lower() for word in words)


def dotted_path(path: tuple[tuple[str, ...], ...]) -> str:
    """``(("threads",), ("runs",))`` → ``threads.runs``, as ``x-sdk`` spells a resource's path."""
    return ".".join(snake(words) for words in path)


def capital_word(word: str) -> str:
    """An abbreviation in capitals, from any spelling: ``Id`` → ``ID``."""
    return _CAPITALS.get(word.lower(), word)


def pascal(words: tuple[str, ...]) -> str:
    """``("list", "Run")`` → ``ListRun``, ``("api", "key")`` → ``APIKey``; capitals are kept."""
    joined = ""
    for word in words:
        # Adjacent numbers need an underscore: (1, 5) is 1_5, not 15.
        gap = "_" if joined[-1:].isdigit() and word[:1].isdigit() else ""
        joined += gap + _CAPITALS.get(word, word[:1].upper() + word[1:])
    return joined


_IRREGULAR = dict(
    pair.split(":")
    for pair in (
        "people:person children:child men:man women:woman indices:index vertices:vertex"
        " matrices:matrix appendices:appendix analyses:analysis crises:crisis diagnoses:diagnosis"
        " hypotheses:hypothesis theses:thesis axes:axis criteria:criterion shelves:shelf"
        " bookshelves:bookshelf halves:half knives:knife lives:life wolves:wolf quizzes:quiz"
        " caches:cache aliases:alias canvases:canvas biases:bias atlases:atlas gases:gas"
        " lenses:lens buses:bus focuses:focus heroes:hero echoes:echo potatoes:potato"
        " cookies:cookie movies:movie calories:calorie selfies:selfie zombies:zombie ties:tie"
        " skus:sku menus:menu gpus:gpu cpus:cpu vcpus:vcpu apis:api kpis:kpi emojis:emoji"
    ).split()
)
_ONE_FORM = frozenset(
    "alias analytics atlas aws bias canvas christmas cors dns economics gas gps has headquarters"
    " https ios lens logistics macos mms news os physics rss series sms species sms tls"
    " whereabouts".split()
)
"""Words that end like a plural, and have no other singular."""
_WITH_ES = re.compile(r"(?:ss|sh|ch|x|[tnrpi]us|nsus)es$")


def is_plural(words: tuple[str, ...]) -> bool:
    """Whether words are an English plural, as far as their spelling shows."""
    last = words[-1].lower() if words else ""
    if last in _IRREGULAR or last in ("data", "media", "news", "series", "species"):
        return True
    is_one = last in _ONE_FORM or last.endswith(("ss", "us", "is", "contains", "exists"))
    return len(last) > 2 and last.endswith("s") and not is_one


def singular(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words for one item of a list: ``("tool", "calls")`` → ``("tool", "call")``.

    >>> singular(("sms",)), singular(("order", "Statuses")), singular(("people",))
    (('sms', 'item'), ('order', 'Status'), ('person',))
    """
    if not words:
        return words
    last = words[-1]
    lowered = last.lower()
    if lowered in _IRREGULAR:
        made = _IRREGULAR[lowered]
        return (*words[:-1], _in_case(made, last))
    if not lowered.endswith("s") or not is_plural(words) or lowered in _ONE_FORM:
        return (*words, "item")
    if lowered.endswith("ies") and len(last) > 4:
        return (*words[:-1], last[:-3] + "y")
    return (*words[:-1], last[:-2] if _WITH_ES.search(lowered) else last[:-1])


def _in_case(word: str, pattern: str) -> str:
    """A word in the case of another one, apart from its ending."""
    if pattern.rstrip("s").isupper():
        return word.upper()
    return word.capitalize() if pattern[:1].isupper() else word


def one_of_many(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words for one item of a collection. Words without a plural stay unchanged."""
    made = singular(words)
    return words if made[:-1] == words else made


def item_name(name: str) -> str:
    """The name for an item of a list called `name`: `toolCalls` → `tool_call`."""
    return "_".join(one_of_many(split_words(name)))


def in_lower_case(words: Words) -> str:
    """``("run", "Step")`` → ``run step``, for a sentence."""
    return " ".join(word.lower() for word in words)


def sentence(words: Words) -> str:
    """A summary from an operationId: ``("get", "Run", "Step")`` → ``Get a run step.``"""
    verb, *thing = (word.lower() for word in words)
    if thing and not (thing[-1].endswith("s") and not thing[-1].endswith("ss")):
        thing.insert(0, "an" if thing[0][0] in "aeio" else "a")
    return f"{' '.join([verb.capitalize(), *thing])}."


def camel(words: Words) -> str:
    """``("list", "Run")`` → ``listRun``."""
    first, *rest = words or ("",)
    return first.lower() + "".join(word[:1].upper() + word[1:] for word in rest)


def kebab(words: Words) -> str:
    """``("list", "Run")`` → ``list-run``."""
    return "-".join(word.lower() for word in words)


_NUMBERS = "zero one two three four five six seven eight nine ten eleven twelve".split()
_ORDINALS = {"1st": "first", "2nd": "second", "3rd": "third"}
_LEADING_NUMBER = re.compile(r"(\d+)(.*)", re.ASCII)


def readable_start(words: Words) -> Words:
    """The words of a name that begins with no digit.

    >>> readable_start(("2fa", "email")), readable_start(("1st",))
    (('two', 'fa', 'email'), ('first',))
    >>> readable_start(("2", "0")), readable_start(("2",)), readable_start(("200",))
    (('v2', '0'), ('v2',), ('n200',))
    """
    if not words or snake(words).isidentifier():
        return words
    first, others = words[0], words[1:]
    if all(word.isdecimal() for word in words) and (others or len(first) < 3):
        return (f"v{first}", *others)  # a version
    match = _LEADING_NUMBER.fullmatch(first)
    number, rest = (int(match[1]), match[2]) if match and len(match[1]) < 3 else (len(_NUMBERS), "")
    if first.lower() in _ORDINALS:
        return (_ORDINALS[first.lower()], *others)
    if number >= len(_NUMBERS):
        return (f"n{first}", *others)
    return (_NUMBERS[number], *([rest] if rest else []), *others)
