"""What the SDK as a whole is called: its package, its client, its environment variables."""

from __future__ import annotations

from dataclasses import replace

from specloom import ir
from specloom.ir.words import pascal, snake, split_words
from specloom.naming.reserved import CLIENT_MODULE_NAMES


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
        log_environment=settings.log_environment or f"{prefix}_LOG",
    )
    return replace(api, settings=named)


def _client_name(title: ir.Words) -> str:
    name = pascal(title)
    return f"{name}Client" if {name, f"Async{name}"} & CLIENT_MODULE_NAMES else name


def _title_words(title: str) -> ir.Words:
    """The title's words as the start of a package name: ASCII, short, not starting with a digit."""
    words = [w for w in split_words(title) if w.isascii() and w.lower() not in ("api", "the")]
    while words and words[0][0].isdigit():
        words.append(words.pop(0)) if any(not w[0].isdigit() for w in words) else words.clear()
    return tuple(words[:4]) or ("api", "client")
