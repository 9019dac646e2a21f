"""Text of the description → Markdown that cannot break out of its place on a page.

Descriptions are CommonMark (OpenAPI 3.1 §4.2). Paragraphs, lists, tables, quotes, emphasis, code
and links to the web remain. Headings become bold lines, because a heading would be an anchor of the
page. Images become their text; so do links relative to the vendor's site, which would be broken.
HTML formatting becomes Markdown. All other markup is shown as text. GitHub and Python-Markdown read
the result in the same way.
"""

from __future__ import annotations

import posixpath
import re
from collections import deque
from collections.abc import Callable, Iterator
from functools import lru_cache

from specloom.layout import plain

_FENCE = re.compile(r"\s*(`{3,}|~{3,})[ ]*([\w+-]*)")
_HEADING = re.compile(r"\s{0,3}#{1,6}\s+(.*)$")
_RULE = re.compile(r"\s*(?:=+|(?:-\s*)+|(?:\*\s*){3,}|(?:_\s*){3,})$")
_ITEM = re.compile(r"(\s*)([-*+]|\d{1,9}[.)])\s+(?=\S)")
# `>= 3` and `>5` are comparisons. The levels of a quote become one.
_QUOTE = re.compile(r"(?: {0,3}>(?![=\d]) ?)+")
_ALERT = re.compile(r"\A\s*\[!([A-Za-z]+)\]\s*")  # GitHub's `[!NOTE]`
_OPENING = re.compile(r"^(?=[#>])", re.MULTILINE)
_BACKTICKS = re.compile(r"`+")
# Finished parts are replaced by their number between NULs, which `plain` has removed from the text.
_STASHED = re.compile("\0(\\d+)\0")
_LINK = re.compile(
    r"\\[!-/:-@\[-`{-~]"
    r"|!?\[(?P<text>[^\[\]]*)\]\((?P<url>[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)"
    r"(?:\s+(?:\"[^\"]*\"|'[^']*'))?\)"
    r"|<(?P<bare>https?://[^\s<>]+)>"
)
_SPECIAL = re.compile(r"\\(?P<escaped>[!-/:-@\[-`{-~])|[\\<\[\]{`]")
_OUTSIDE = re.compile(r"(?:https?://|mailto:)[^\\<>\"`|\0]+")
# A line without characters that have a meaning in Markdown.
_PLAIN = re.compile(r"[A-Za-z][^\x00-\x1f\\<\[\]{`\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff]*")
_OWN_PAGE = re.compile(r"docs/[\w/-]+\.md")
_REMEMBERED = 20_000
"""In a large description, every other text is a repetition."""


@lru_cache(maxsize=_REMEMBERED)
def block(text: str, page: str) -> str:
    """Paragraphs, lists and code as a block on ``page``, without blank lines around them."""
    text = text.strip()
    if not text or _PLAIN.fullmatch(text):
        return text
    return "\n\n".join(part for part in _parts(without_tags(plain(text)), page) if part)


def item(label: str, text: str, page: str) -> str:
    """An entry of a list: its label, then the text, indented as part of the entry."""
    body = block(text, page)
    if not body:
        return f"- {label}"
    gap = "\n\n" if body.startswith(("```", "|", "> ", "    ")) or _ITEM.match(body) else " "
    return "- " + (label + gap + body).replace("\n", "\n    ").replace("\n    \n", "\n\n")


def line(text: str, page: str) -> str:
    """Text within a line, after other text."""
    return inline(" ".join(without_tags(plain(text)).split()), page)


def cell(text: str, page: str) -> str:
    """Text within a cell of a table (GFM "Tables": a pipe is escaped, in code too)."""
    return line(text, page).replace("|", "\\|")


@lru_cache(maxsize=4096)
def code(text: str) -> str:
    """A code span with the text unchanged; invisible characters are escaped."""
    shown = plain(text) if text.isprintable() else repr(text)[1:-1]
    runs = {*_BACKTICKS.findall(shown)}
    ticks = next("`" * many for many in range(1, len(runs) + 2) if "`" * many not in runs)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{ticks}{pad}{shown or ' '}{pad}{ticks}"


def _parts(text: str, page: str) -> Iterator[str]:
    """Blocks; the blocks of one list or one table stay together."""
    fence: re.Match[str] | None = None
    lines: list[str] = []
    quote: list[str] = []
    for row in text.split("\n"):
        quoted = _QUOTE.match(row) if fence is None else None
        if quote and quoted is None:
            yield _quote(quote, page)
            quote = []
        if quoted is not None:
            yield from _flow(lines, page)
            lines = []
            quote.append(row[quoted.end() :])
        elif fence is not None:
            if row.strip().startswith(fence.group(1)):
                yield _fenced(fence.group(2), lines)
                fence, lines = None, []
            else:
                lines.append(row)
        elif opening := _FENCE.match(row):
            yield from _flow(lines, page)
            fence, lines = opening, []
        elif not row.strip() or _RULE.match(row):
            yield from _flow(lines, page)
            lines = []
        elif heading := _HEADING.match(row):
            yield from _flow(lines, page)
            lines = []
            words = inline(heading.group(1).rstrip("# ").replace("**", ""), page)
            yield f"**{words}**" if words else ""
        else:
            lines.append(row)
    if quote:
        yield _quote(quote, page)
    yield from [_fenced(fence.group(2), lines)] if fence is not None else _flow(lines, page)


def _quote(rows: list[str], page: str) -> str:
    """A quote. One with code is no quote: Python-Markdown knows no fences in it."""
    text = _ALERT.sub(lambda match: f"**{match[1].capitalize()}:** ", "\n".join(rows))
    body = "\n\n".join(part for part in _parts(text, page) if part)
    if any(map(_FENCE.match, body.split("\n"))):
        return body
    return "\n".join(f"> {row}".rstrip() for row in body.split("\n"))


def _fenced(language: str, lines: list[str]) -> str:
    """A block of code without a language for Python, because it is not an example of this SDK."""
    longest = max((len(ticks) for row in lines for ticks in _BACKTICKS.findall(row)), default=0)
    ticks = "`" * max(3, longest + 1)
    named = "" if language.lower() in ("python", "py", "text") else language
    return "\n".join([ticks + named, *lines, ticks])


def _flow(lines: list[str], page: str) -> Iterator[str]:
    """A paragraph, a table or a list: lines without blank lines between them."""
    if not lines:
        return
    levels: list[int] = []
    shown: list[tuple[int, str, list[str]]] = [(0, "", [])]
    for row in lines:
        entry = _ITEM.match(row)
        if entry is not None:
            indent = len(entry.group(1))
            levels = [*(level for level in levels if level < indent), indent]
            shown.append((len(levels), f"{entry.group(2)} ", [row[entry.end() :]]))
        else:
            shown[-1][2].append(row.strip())
    (_, _, paragraph), *entries = shown
    if paragraph:
        yield _flat(paragraph, page)
    if entries:
        yield "\n".join(_entry(level, marker, rows, page) for level, marker, rows in entries)


def _entry(level: int, marker: str, rows: list[str], page: str) -> str:
    """An entry of a list on a level, from 1; each level is indented by four, for both dialects."""
    text = _flat(rows, page).replace("\n", "\n" + "    " * level)
    return "    " * (level - 1) + marker + text


def _flat(rows: list[str], page: str) -> str:
    """Inline text on several lines, none of which begins a block."""
    text = inline("\n".join(rows), page)
    return _OPENING.sub(r"\\", text)


def inline(text: str, page: str) -> str:
    """Inline Markdown: code, emphasis and links to the web; everything else is text."""
    stash: list[str] = []

    def keep(ready: str) -> str:
        stash.append(ready)
        return f"\0{len(stash) - 1}\0"

    def linked(match: re.Match[str]) -> str:
        if match["bare"]:
            return keep(match["bare"])
        if match["text"] is None:
            return match[0]
        target = _target(match["url"], page)
        if not target or match[0].startswith("!"):
            return match["text"]
        return keep("[") + match["text"] + keep(f"]({target})")

    text = _LINK.sub(linked, _with_code(text, keep))
    text = _SPECIAL.sub(_escaped, text)
    while "\0" in text:
        text = _STASHED.sub(lambda match: stash[int(match[1])], text)
    return text


def _target(url: str, page: str) -> str:
    """The target of a link on ``page``: an address of the web, or a page of the SDK's docs."""
    if _OWN_PAGE.fullmatch(url):
        return posixpath.relpath(url, posixpath.dirname(page) or ".")
    return url if _OUTSIDE.fullmatch(url) else ""


def _escaped(match: re.Match[str]) -> str:
    """Escapes that both dialects know: Python-Markdown has none for ``<``."""
    char = match["escaped"] or match[0]
    if char == "<":
        return "&lt;"
    return f"\\{char}" if match["escaped"] or char in "\\[]{`" else char


def _with_code(text: str, keep: Callable[[str], str]) -> str:
    """Replace code spans (CommonMark §6.1): a run of backticks up to the next equal one."""
    if "`" not in text:
        return text
    runs = list(_BACKTICKS.finditer(text))
    places: dict[int, deque[int]] = {}
    for index, run in enumerate(runs):
        places.setdefault(len(run[0]), deque()).append(index)
    found: list[str] = []
    position = index = 0
    while index < len(runs):
        run = runs[index]
        candidates = places[len(run[0])]
        while candidates and candidates[0] <= index:
            candidates.popleft()
        before = text[position : run.start()]
        is_escaped = (len(before) - len(before.rstrip("\\"))) % 2 == 1
        if is_escaped or not candidates:
            found += [before, run[0]]
            position = run.end()
            index += 1
            continue
        closing = runs[candidates[0]]
        content = " ".join(text[run.end() : closing.start()].split("\n"))
        found += [before, keep(code(_stripped(content)))]
        position = closing.end()
        index = candidates[0] + 1
    return "".join([*found, text[position:]])


def _stripped(content: str) -> str:
    """One blank at each end belongs to the backticks (CommonMark §6.1)."""
    padded = content.startswith(" ") and content.endswith(" ") and content.strip()
    return content[1:-1] if padded else content


_TAG = re.compile(r"(?<!\\)</?([A-Za-z][A-Za-z0-9]{0,9})((?:[\s/][^<>]{0,500})?)>")
_ADDRESS = re.compile(r"href\s*=\s*[\"']?(https?://[^\s\"'()<>]+)")
_MEANINGS = {
    **dict.fromkeys(
        "b strong i em u span font small center big tt sup sub thead tbody".split(), ""
    ),
    **dict.fromkeys("p div ul ol h1 h2 h3 h4 h5 h6 table blockquote".split(), "\n\n"),
    **dict.fromkeys("br tr dd dt dl".split(), "\n"),
    "code": "`",
}
_FENCES = ("```", "~~~")


def without_tags(text: str) -> str:
    """Text with formatting tags converted to Markdown; code is unchanged."""
    return "".join(_lines(text)) if "<" in text else text


def _lines(text: str) -> Iterator[str]:
    is_code = False
    for line in text.splitlines(keepends=True):
        is_code ^= line.lstrip().startswith(_FENCES)
        yield line if is_code or "<" not in line else _converted(line)


def _converted(line: str) -> str:
    """A line with its tags converted to Markdown, outside of code spans."""
    found: list[str] = []
    position, is_code, address = 0, False, ""
    for tag in _TAG.finditer(line):
        between = line[position : tag.start()]
        is_code ^= between.count("`") % 2 == 1
        found.append(between)
        position = tag.end()
        name, is_closing = tag[1].lower(), tag[0].startswith("</")
        if is_code:
            found.append(tag[0])
        elif name == "li":
            found.append("\n" if is_closing else "\n- ")
        elif name == "a":
            link = _ADDRESS.search(tag[2])
            found.append((f"]({address})" if address else "") if is_closing else "[" * bool(link))
            address = link[1] if link and not is_closing else ""
        else:
            found.append(_MEANINGS.get(name, tag[0]))
    return "".join([*found, f"]({address})" if address else "", line[position:]])
