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


def stages() -> str:
    """The stages in a row, over what they take and give."""
    wide, gap, high = 104, 14, 56
    step = wide + gap
    width = len(STAGES) * step + gap
    boxes = "".join(_box(gap + at * step, 64, wide, high, *one) for at, one in enumerate(STAGES))
    spans = "".join(
        _span(gap + first * step, gap + last * step + wide, 40, text)
        for first, last, text in ((0, 2, "the document"), (3, 4, "the IR"), (5, 8, "text of files"))
    )
    arrows = "".join(
        f'<path d="M{gap + at * step + wide + 2} 92h{gap - 6}" class="arrow"/>'
        for at in range(len(STAGES) - 1)
    )
    return STAGES_FRAME.format(width=width, height=140, body=spans + boxes + arrows)


STAGES_FRAME = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">
<title>The stages: from a description to an SDK</title>
<style>
text {{ font-family: system-ui, sans-serif; text-anchor: middle; fill: #222; }}
.name {{ font-size: 17px; font-weight: 600; }} .what {{ font-size: 12.5px; fill: #555; }}
.span {{ font-size: 14px; fill: #3f51b5; }} .line {{ stroke: #3f51b5; fill: none; }}
.box {{ fill: #eef1ff; stroke: #9fa8da; }} .arrow {{ stroke: #444; marker-end: url(#head); }}
</style>
<defs><marker id="head" viewBox="0 0 6 6" refX="3" refY="3" markerWidth="6" markerHeight="6"
orient="auto"><path d="M0 0L6 3L0 6z" fill="#444"/></marker></defs>
<rect width="100%" height="100%" rx="8" fill="#fff"/>
{body}
</svg>
"""


def _box(x: int, y: int, wide: int, high: int, name: str, what: str) -> str:
    middle = x + wide / 2
    return (
        f'<rect class="box" x="{x}" y="{y}" width="{wide}" height="{high}" rx="6"/>'
        f'<text class="name" x="{middle}" y="{y + 25}">{escape(name)}</text>'
        f'<text class="what" x="{middle}" y="{y + 44}">{escape(what)}</text>\n'
    )


def _span(left: int, right: int, y: int, text: str) -> str:
    middle = (left + right) / 2
    return (
        f'<path class="line" d="M{left} {y + 12}v-6H{right}v6"/>'
        f'<text class="span" x="{middle}" y="{y - 4}">{escape(text)}</text>\n'
    )


if __name__ == "__main__":
    main()
