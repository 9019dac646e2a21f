"""What the SDK as a whole is called: its package, its client, its environment variables."""

from __future__ import annotations

import re
from dataclasses import replace

from specloom import ir
from specloom.ir.words import pascal, snake, split_words
from specloom.naming.reserved import CLIENT_MODULE_NAMES

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
