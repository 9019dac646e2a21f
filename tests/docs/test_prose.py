"""Text of a description on a page: formats stay, other markup is shown as text."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from specloom.docs.prose import block, cell, code, item, line

PAGE = "docs/resources/books.md"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Plain *text* with `code` and **more**.", None),
        ("- one\n- two\n    - three\n\n1. first\n2. second", None),
        ("| a | b |\n| --- | --- |\n| 1 | 2 |", None),
        ("See [the site](https://example.com/a?b=c).", None),
        ("# A heading ##\ntext", "**A heading**\n\ntext"),
        ("Heading\n===\ntext", "Heading\n\ntext"),
        ("See [files](/docs/files) and [runs](#runs).", "See files and runs."),
        ("[x](javascript:alert(1))", "x"),
        ("[x](https://example.com/a_(b))", None),
        ("[x](data:text/html,hi) ![logo](https://example.com/x.png)", "x logo"),
        ("[more](docs/migrating.md)", "[more](../migrating.md)"),
        ("[ref]: https://example.com", "\\[ref\\]: https://example.com"),
        ("<https://example.com/x>", "https://example.com/x"),
        ("a < b & c > d", "a &lt; b & c > d"),
        ("<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>"),
        ("\\<b onclick=x>", "&lt;b onclick=x>"),
        ("a<br/>b <b>c</b> <code>d<e</code>", "a\nb c `d<e`"),
        ('<a href="https://example.com/x">text</a>', "[text](https://example.com/x)"),
        ('<a href="javascript:x">text</a>', "text"),
        ("<ul><li>one</li><li>two</li></ul>", "- one\n\n- two"),
        ("`<b>` stays", "`<b>` stays"),
        ("an open ` tick <b>", "an open \\` tick &lt;b>"),
        ("``a ` b``", "``a ` b``"),
        ("> quoted", None),
        ("See:\n>quoted\n> - one\n\nafter", "See:\n\n> quoted\n>\n> - one\n\nafter"),
        ("> > twice\n   > and `code`", "> twice\n> and `code`"),
        ("> [!NOTE]\n> Read <this>.", "> **Note:** Read &lt;this>."),
        ("> ```\n> code\n> ```\n>= 3, but\n>4", "```\ncode\n```\n\n\\>= 3, but\n\\>4"),
        ("{: #id .class onclick=x }", "\\{: #id .class onclick=x }"),
        ("ends with a backslash \\", "ends with a backslash \\\\"),
        ("```python\nprint('<')\n```", "```\nprint('<')\n```"),
        ("```json\n{}", "```json\n{}\n```"),
        ("~~~\n```\n~~~", "````\n```\n````"),
    ],
)
def test_blocks(written: str, shown: str | None) -> None:
    assert block(written, PAGE) == (written if shown is None else shown)


def test_an_entry_keeps_what_belongs_to_it_together() -> None:
    assert item("`a` (`int`):", "One.\n\n- two", PAGE) == "- `a` (`int`): One.\n\n    - two"
    assert item("`a`:", "- one", PAGE) == "- `a`:\n\n    - one"
    assert item("`a`", "", PAGE) == "- `a`"


def test_lines_and_cells_stay_on_their_line() -> None:
    assert line("# one\n\ntwo", PAGE) == "# one two"
    assert cell("a | `b|c`\nd", PAGE) == "a \\| `b\\|c` d"


@pytest.mark.parametrize(
    ("value", "span"),
    [
        ("a", "`a`"),
        ("a`b", "``a`b``"),
        ("a``b", "`a``b`"),
        ("a`b``c", "```a`b``c```"),
        ("`", "`` ` ``"),
        ("a\nb", "`a\\nb`"),
    ],
)
def test_code_spans_hold_anything(value: str, span: str) -> None:
    assert code(value) == span


_INLINE = '< > ` `` ``` ~~~ \\ [ ]( ) ! | { & " script a <b> </li> https://e.com docs/x.md'
_PIECES = st.sampled_from([*_INLINE.split(), "\n", "\n\n", "\n- ", "\n# ", "\n    ", " "])


@settings(deadline=None)
@given(st.lists(_PIECES, max_size=40).map("".join))
@example("`<``<`")
@example("\\\\`<`")
def test_nothing_breaks_out(text: str) -> None:
    shown = block(text, PAGE)
    outside, fence = [], ""
    for row in shown.split("\n"):
        ticks = re.match(r" *(`{3,})[^`]*$", row)  # CommonMark §4.5: else it is a code span
        if ticks and (not fence or row.strip() == fence):
            fence = "" if fence else ticks[1]
        elif not fence:
            outside.append(row)
    assert not fence
    without_code = re.sub(
        r"(?<![`\\])(?:\\\\)*(`+)(?!`)(?:[^\n]|\n(?!\n))+?(?<!`)\1(?!`)", "", "\n".join(outside)
    )
    assert "<" not in without_code
    assert not re.search(r"^ {0,3}#", without_code, re.MULTILINE)
    targets = re.findall(r"(?<!\\)\]\(([^)]*)\)", without_code)
    assert all(one.startswith(("https://", "../x.md")) for one in targets)
    assert cell(text, PAGE).count("\n") == 0
