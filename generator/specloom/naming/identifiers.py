"""Words → Python identifiers, and the names of the package, the client and its environment."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Container
from dataclasses import dataclass, replace

from specloom import ir
from specloom.ir import Words
from specloom.ir.words import pascal, snake, split_words
from specloom.naming.reserved import CLIENT_MODULE_NAMES, DEVICES

# File systems allow 255 bytes; what is cut here leaves room for what is added to it.
_LONGEST_FILE_NAME = 100


@dataclass(frozen=True, slots=True)
class Clash:
    """Two things of the description that ask for one name, and what the second is called."""

    wanted: str
    given: str
    pointer: str


def attribute(words: Words, reserved: frozenset[str]) -> str:
    """A lower-case name; a reserved one gets an underscore at its end (PEP 8)."""
    name = snake(words).lstrip("_") or "value"
    name = name if name.isidentifier() or name in reserved else f"n{name}"
    return f"{name}_" if name in reserved else name


def module_name(words: Words, reserved: frozenset[str]) -> str:
    """A name that can also be a file's, on every system.

    A very long one is cut, and told apart by its hash; so is one that some disks take for another
    (``straße`` and ``strasse``). One that Windows gives to a device gets an underscore at its end.
    """
    name = attribute(words, reserved)
    if name.casefold() != name:
        return f"{name.casefold()[:_LONGEST_FILE_NAME]}_{_hash(name)}"
    if name.casefold() in DEVICES:
        return f"{name}_"
    if len(name.encode()) <= _LONGEST_FILE_NAME:
        return name
    start = name.encode()[:_LONGEST_FILE_NAME].decode(errors="ignore")
    return f"{start}_{_hash(name)}"


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:8]


def class_name(words: Words, reserved: frozenset[str] = frozenset()) -> str:
    """A name in PascalCase; a reserved one gets an underscore at its end."""
    name = pascal(words).lstrip("_") or "Model"
    name = name if name.isidentifier() else f"N{name}"
    return f"{name}_" if name in reserved else name


_SIGNS = {
    "_": "underscore",
    "@": "at",
    "$": "dollar",
    "#": "hash",
    ".": "dot",
    "-": "dash",
    "+": "plus",
    "*": "star",
    "/": "slash",
    ":": "colon",
    "!": "bang",
    "%": "percent",
    "&": "and",
    "~": "tilde",
    "?": "question mark",
    "=": "equals",
}


def spelled_out(wire_name: str) -> Words:
    """The words of a name with its signs: what tells ``@id`` and ``_id`` from ``id``.

    An underscore counts only at the beginning or the end; inside it joins words.
    """
    core = wire_name.strip("_")
    start, _, end = wire_name.partition(core) if core else (wire_name, "", "")
    text = "".join(f" {_SIGNS[sign]} " if sign in _SIGNS and sign != "_" else sign for sign in core)
    ends = (" underscore " * len(part) for part in (start, end))
    return split_words(text.join(ends))


def free(wanted: str, taken: Container[str], numbered: Callable[[str, int], str]) -> str:
    """The wanted name, or the first numbered one that nothing is called."""
    given, number = wanted, 2
    while given in taken:
        given, number = numbered(wanted, number), number + 1
    return given


_IDLE_PARTS = re.compile(
    r"['\u2019]s\b|\b(?:openapi|swagger)\s+v?\d[\w.]*|\bv?\d+\.\d[\w.]*|\([^()]*\)", re.IGNORECASE
)
_IDLE = re.compile(
    r"the|apis?|rest|restful|http|openapi|swagger|official|public|documentation|docs|collection"
    r"|specification|spec|reference|definitions?|description|sdk|v\d+",
    re.IGNORECASE,
)


def with_package_names(api: ir.Api) -> ir.Api:
    """The API with a name of the title's words for all that x-sdk names nothing for."""
    title, settings = _title_words(api.title), api.settings
    prefix = "_".join(word.upper() for word in title)
    named = replace(
        settings,
        package=settings.package or snake((*title, "sdk")),
        client=settings.client or _client_name(title),
        api_key_environment=settings.api_key_environment or (f"{prefix}_API_KEY",),
        base_url_environment=settings.base_url_environment or (f"{prefix}_BASE_URL",),
        client_id_environment=settings.client_id_environment or (f"{prefix}_CLIENT_ID",),
        client_secret_environment=settings.client_secret_environment
        or (f"{prefix}_CLIENT_SECRET",),
        log_environment=settings.log_environment or f"{prefix}_LOG",
    )
    return replace(api, settings=named)


def _client_name(title: ir.Words) -> str:
    name = pascal(title)
    return f"{name}Client" if {name, f"Async{name}"} & CLIENT_MODULE_NAMES else name


def _title_words(title: str) -> ir.Words:
    """The title's words as the start of a package name: ASCII, short, not starting with a digit.

    What says only that this is a description of an API is left out.
    """
    every = [word for word in split_words(_IDLE_PARTS.sub(" ", title)) if word.isascii()]
    telling = [word for word in every if not _IDLE.fullmatch(word)]
    words = telling or [word for word in every if word.lower() not in ("api", "the")]
    while words and words[0][0].isdigit():
        words.append(words.pop(0)) if any(not w[0].isdigit() for w in words) else words.clear()
    return tuple(words[:4]) or ("api", "client")
