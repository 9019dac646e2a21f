"""Draws docs/images/stages.svg: `make pictures`.

The commands that measure draw the plots of docs/benchmarks.md and docs/scale.md.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs/images"

STAGES = (
    ("load", "files, $ref"),
    ("overlay", "your patches"),
    ("checks", "all problems"),
    ("lower", "to the IR"),
    ("names", "one pass"),
    ("plan", "files as data"),
    ("render", "Jinja"),
    ("format", "black"),
    ("output", "only changes"),
)


def main() -> None:
    """Write the picture into docs/images."""
    IMAGES.mkdir(exist_ok=True)
    (IMAGES / "stages.svg").write_text(stages(), encoding="utf-8")


WIDE, HIGH, GAP = 112, 58, 12
ROW = HIGH + 58
ROWS = ((0, 3, "the document"), (3, 5, "the IR"), (5, 8, "text of files"), (8, 9, "the folder"))


def stages() -> str:
    """The stages in rows, one for each kind of data, so that a phone shows them unscaled."""
    width, height = 3 * (WIDE + GAP) + GAP, len(ROWS) * ROW
    body = "".join(
        _row(GAP, 42 + number * ROW, STAGES[first:end], text)
        for number, (first, end, text) in enumerate(ROWS)
    )
    turns = "".join(
        _turn(_middle(end - first - 1), 44 + number * ROW + HIGH)
        for number, (first, end, _) in enumerate(ROWS[:-1])
    )
    return STAGES_FRAME.format(width=width, height=height, body=body + turns)


STAGES_FRAME = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img">
<title>The stages: from a description to an SDK</title>
<style>
text {{ font-family: system-ui, sans-serif; text-anchor: middle; fill: #222; }}
.name {{ font-size: 19px; font-weight: 600; }} .what {{ font-size: 15px; fill: #555; }}
.span {{ font-size: 16px; fill: #3f51b5; }} .line {{ stroke: #3f51b5; fill: none; }}
.box {{ fill: #eef1ff; stroke: #9fa8da; }}
.arrow {{ stroke: #444; fill: none; marker-end: url(#head); }}
</style>
<defs><marker id="head" viewBox="0 0 6 6" refX="3" refY="3" markerWidth="6" markerHeight="6"
orient="auto"><path d="M0 0L6 3L0 6z" fill="#444"/></marker></defs>
<rect width="100%" height="100%" rx="8" fill="#fff"/>
{body}
</svg>
"""


def _middle(column: int) -> float:
    return GAP + column * (WIDE + GAP) + WIDE / 2


def _row(x: int, y: int, row: tuple[tuple[str, str], ...], text: str) -> str:
    boxes = "".join(_box(column, y, *one) for column, one in enumerate(row))
    arrows = "".join(
        f'<path d="M{x + at * (WIDE + GAP) + WIDE + 2} {y + HIGH / 2}h{GAP - 6}" class="arrow"/>'
        for at in range(len(row) - 1)
    )
    right = x + len(row) * (WIDE + GAP) - GAP
    line = f'<path class="line" d="M{x} {y - 6}v-6H{right}v6"/>'
    label = f'<text class="span" x="{(x + right) / 2}" y="{y - 20}">{escape(text)}</text>'
    return f"{line}{label}\n{boxes}{arrows}\n"


def _box(column: int, y: int, name: str, what: str) -> str:
    middle = _middle(column)
    return (
        f'<rect class="box" x="{middle - WIDE / 2}" y="{y}" width="{WIDE}" height="{HIGH}" rx="6"/>'
        f'<text class="name" x="{middle}" y="{y + 26}">{escape(name)}</text>'
        f'<text class="what" x="{middle}" y="{y + 46}">{escape(what)}</text>\n'
    )


def _turn(start: float, y: float) -> str:
    """The arrow from the last box of a row to the first box of the next one."""
    left = GAP / 2
    return f'<path d="M{start} {y}v8H{left}V{y + ROW - HIGH / 2}h{GAP / 2 - 4}" class="arrow"/>'


if __name__ == "__main__":
    main()
