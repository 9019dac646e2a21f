"""Makes the pictures of README and docs, from what the commands really print: `make pictures`.

The plots of docs/benchmarks.md and docs/scale.md are made by the commands that measure them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from html import escape
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs/images"

ZOO = """\
openapi: 3.1.0
info: {title: Zoo, version: "1"}
servers: [{url: "https://zoo.example.com"}]
paths:
  /animals/{id}:
    get:
      operationId: getAnimal
      responses:
        "200":
          description: The animal.
          content: {application/json: {schema: {$ref: "#/components/schemas/Anmial"}}}
components:
  schemas:
    Animal: {type: object, properties: {name: {type: strng}}}
"""

# The frame of a terminal, without the web font that rich's own frame fetches.
FRAME = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">
<style>
.{unique_id}-matrix {{ font: {char_height}px ui-monospace, Menlo, Consolas, monospace; }}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/></clipPath>{lines}</defs>
<rect width="100%" height="100%" rx="8" fill="#292929"/>
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}<g class="{unique_id}-matrix">{matrix}</g></g>
</svg>
"""

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
    """Write every picture into docs/images."""
    IMAGES.mkdir(exist_ok=True)
    (IMAGES / "diagnostics.svg").write_text(diagnostics(), encoding="utf-8")
    (IMAGES / "stages.svg").write_text(stages(), encoding="utf-8")


def diagnostics() -> str:
    """A terminal in which a faulty description is corrected."""
    with tempfile.TemporaryDirectory() as folder:
        description = Path(folder) / "zoo.yaml"
        description.write_text(ZOO, encoding="utf-8")
        faulty = _printed("generate zoo.yaml -o sdk/", Path(folder))
        mended = ZOO.replace("Anmial", "Animal").replace("strng", "string")
        mended = mended.replace(
            "      responses",
            "      parameters: [{name: id, in: path, required: true, "
            "schema: {type: string}}]\n      responses",
            1,
        )
        description.write_text(mended, encoding="utf-8")
        right = _printed("generate zoo.yaml -o sdk/", Path(folder))
    console = Console(record=True, width=100, file=StringIO(), force_terminal=True)
    for command, printed in (("generate", faulty), ("generate", right)):
        console.print(Text(f"$ specloom {command} zoo.yaml -o sdk/", style="bold"))
        console.print(Text.from_ansi(printed))
    return console.export_svg(code_format=FRAME, unique_id="terminal")


def _printed(arguments: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "specloom", *arguments.split()],
        cwd=folder,
        env=os.environ | {"FORCE_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


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
