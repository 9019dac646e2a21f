"""Matches URLs with servers and path templates, and recognises ids in paths."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from specloom.authoring.infer import looks_like_id
from specloom.ir.words import camel, one_of_many, snake, split_words

_NAMED = re.compile(
    r"\{\{?\s*(?P<brace>[^{}]+?)\s*\}?\}|:(?P<colon>[A-Za-z_]\w*)|<(?P<angle>[^<>]+)>"
    r"|\$\{?(?P<shell>[A-Za-z_]\w*)\}?"
)
# What documentation writes for a value: OWNER, ISSUE_NUMBER, YOUR_DOMAIN_NAME.
_PLACEHOLDER = re.compile(
    r"(?:YOUR[_-])?(?P<caps>[A-Z]+(?:_[A-Z][A-Z0-9]*)+|ID|SID|UID|UUID|ORG|OWNER|REPO|NAME|KEY|SLUG"
    r"|(?<=YOUR[_-])[A-Z]+)"
)
_PARAMETER = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Route:
    """A path template, and the values of its parameters by name: "" for a placeholder."""

    template: str
    values: dict[str, str]


def below_base(path: str, origin: str, bases: Sequence[str]) -> tuple[str, bool]:
    """The part of a path below the base URL, and whether its origin is that of a known server."""
    known = [urlsplit(base) for base in bases]
    is_known = not origin or any(f"{base.scheme}://{base.netloc}" == origin for base in known)
    for prefix in sorted({base.path.rstrip("/") for base in known}, key=len, reverse=True):
        if prefix and path.startswith(f"{prefix}/"):
            return path[len(prefix) :], is_known
    return path, is_known


def base_urls(root: Any) -> list[str]:
    """The addresses of a description's servers, their variables filled with the defaults."""
    servers = root.get("servers") if isinstance(root, dict) else None
    return [
        _filled(server) for server in servers or () if isinstance(server, dict) and "url" in server
    ]


def _filled(server: dict[str, Any]) -> str:
    url = str(server["url"])
    for name, variable in (server.get("variables") or {}).items():
        url = url.replace(f"{{{name}}}", str(variable.get("default", "")))
    return url


def matching(path: str, templates: Iterable[str]) -> Route | None:
    """The template that matches a path; of several, the one with the fewest parameters.

    The source is section 4.8.8.2 of OpenAPI.
    """
    fitting = [
        Route(template, {name: unquote(value) for name, value in found.groupdict().items()})
        for template, found in ((one, _pattern(one).fullmatch(path)) for one in templates)
        if found
    ]
    routes = [Route(one.template, _named(one)) for one in fitting]
    return min(routes, key=lambda route: len(route.values), default=None)


def _pattern(template: str) -> re.Pattern[str]:
    parts = _PARAMETER.split(template)
    return re.compile(
        "".join(
            re.escape(part) if index % 2 == 0 else f"(?P<p{index // 2}>[^/]+)"
            for index, part in enumerate(parts)
        )
    )


def _named(route: Route) -> dict[str, str]:
    """Values by the names of parameters, which may not be valid names of groups."""
    names = _PARAMETER.findall(route.template)
    return {names[int(group[1:])]: value for group, value in route.values.items()}


def route_of(path: str, templates: Sequence[str], *, spelled: str = "snake") -> Route:
    """A template for a path, in which ids become parameters.

    A parameter is called as in the templates that begin alike, else by the collection before it.
    """
    known = matching(path, templates)
    if known is not None and all(looks_like_id(value) for value in known.values.values()):
        return known
    segments = path.split("/")
    made: list[str] = []
    values: dict[str, str] = {}
    for index, segment in enumerate(segments):
        heads = [template.split("/") for template in templates]
        beside = [head for head in heads if head[:index] == made and len(head) > index]
        name = _parameter(segment, index, segments, beside, made, spelled)
        if name is None:
            made.append(segment)
            continue
        while name in values:
            name = f"{name}2"
        is_name = _NAMED.fullmatch(segment) or _PLACEHOLDER.fullmatch(segment)
        values[name] = "" if is_name else unquote(segment)
        made.append(f"{{{name}}}")
    return Route("/".join(made), values)


def _parameter(
    segment: str,
    index: int,
    segments: Sequence[str],
    beside: Sequence[Sequence[str]],
    made: Sequence[str],
    spelled: str,
) -> str | None:
    """The parameter name for a segment; None for a literal segment."""
    written = _NAMED.fullmatch(segment)
    if written:
        return _spelled(split_words(next(filter(None, written.groups()))), written, spelled)
    if any(head[index] == segment for head in beside) or not segment:
        return None
    here = [head for head in beside if _PARAMETER.fullmatch(head[index])]
    placeholder = _PLACEHOLDER.fullmatch(segment)
    if placeholder and not here:
        words = split_words(placeholder["caps"].lower())
        return camel(words) if spelled == "camel" else snake(words)
    is_followed = index < len(segments) - 1 and any(len(head) > index + 1 for head in here)
    is_value = placeholder or looks_like_id(unquote(segment))
    if not is_value and not (here and is_followed):
        return None
    if here:
        return here[0][index][1:-1]
    collection = [one for one in made if one and not _PARAMETER.fullmatch(one)]
    words = one_of_many(split_words(collection[-1])) if collection else ()
    return camel((*words, "id")) if spelled == "camel" else snake((*words, "id"))


def _spelled(words: tuple[str, ...], written: re.Match[str], spelled: str) -> str:
    if written["brace"] and re.fullmatch(r"[\w.-]+", written["brace"]):
        return written["brace"]
    return camel(words) if spelled == "camel" else snake(words)


def perhaps_ids(template: str) -> str:
    """The template with parameters for words that may be ids; empty if there are none.

    Such a word is no plural, and stands between two collections without an id between them. For
    example, `/repos/octocat/hello-world/issues` may mean `/repos/{repo_id}/{hello_world}/issues`.
    """
    segments = template.split("/")
    plural = [_is_collection(one) for one in segments]
    made = list(segments)
    for index, segment in enumerate(segments):
        if not segment or plural[index] or "{" in segment or True not in plural[index:]:
            continue
        before = [n for n in range(index) if plural[n]]
        if before and not any("{" in one for one in segments[before[-1] : index]):
            owner = snake(one_of_many(split_words(segments[before[-1]])))
            is_first = index == before[-1] + 1
            made[index] = f"{{{owner}_id}}" if is_first else f"{{{snake(split_words(segment))}}}"
    found = "/".join(made)
    return found if found != template else ""


def _is_collection(segment: str) -> bool:
    words = split_words(segment)
    return bool(words) and "{" not in segment and one_of_many(words) != tuple(words)
