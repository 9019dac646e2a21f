"""HTML that formats text → Markdown that means the same; other tags stay, to be shown as text.

Descriptions are CommonMark, which may hold HTML; on our pages none is let through (``prose``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

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
    """Text whose formatting tags are Markdown; code is left as it is."""
    return "".join(_lines(text)) if "<" in text else text


def _lines(text: str) -> Iterator[str]:
    is_code = False
    for line in text.splitlines(keepends=True):
        is_code ^= line.lstrip().startswith(_FENCES)
        yield line if is_code or "<" not in line else _converted(line)


def _converted(line: str) -> str:
    """A line with its tags turned into Markdown, those in code spans aside."""
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
