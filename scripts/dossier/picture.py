"""The picture of a report for those who show a link to it: its title and how its findings stand.

A PNG of 1200 by 630 pixels, the size that ogp.me's users expect, set by Typst with the faces that
it carries, so that one report gives one picture on every machine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from dossier.model import Assessment
from dossier.pdf.markup import literal
from dossier.pdf.typesetting import Failure, paint
from dossier.problems import counted
from dossier.wording import ASSESSMENT_WORDS

NAME: Final = "assets/dossier/picture.png"
SIZE: Final = (1200, 630)
# A point is a pixel here. The colors are those of the report: paper, ink, soft ink, accent.
_PAGE: Final = """\
#set page(width: 1200pt, height: 630pt, margin: 80pt, fill: rgb("#fdfcf9"))
#set text(font: "Libertinus Serif", fill: rgb("#1d2126"), hyphenate: false)
#set par(leading: 0.35em)
#let soft(size, body) = text(size: size, fill: rgb("#565b62"), body)
#let title(words, room) = layout(box => {
  let set-in(size) = text(size: size, weight: "semibold", words)
  let fits(size) = measure(block(width: box.width, set-in(size))).height <= room
  let size = (84pt, 72pt, 60pt, 48pt, 38pt).find(fits)
  block(height: room, clip: true, set-in(if size == none { 38pt } else { size }))
})
#let bar(name, number, most) = grid(
  columns: (180pt, 1fr),
  text(size: 22pt, name),
  stack(dir: ltr, spacing: 12pt,
    rect(width: 700pt * number / most, height: 18pt, fill: rgb("#1b5570")),
    text(size: 22pt, str(number))),
)
"""
# How high a bar is with what parts it from the next, and the title where there are none.
_BAR: Final = 27
_ROOM: Final = 310


def picture(
    title: str, kind: str, assessments: Iterable[Assessment], edition: str = ""
) -> bytes | Failure:
    """Return the picture: what it is, its title, a bar for each assessment, and the edition."""
    counts = Counter(assessments)
    used = [name for name in reversed(ASSESSMENT_WORDS) if counts[name]]
    most = max(counts.values(), default=1)
    bars = "".join(
        f"bar({literal(ASSESSMENT_WORDS[name])}, {counts[name]}, {most}), " for name in used
    )
    foot = ". ".join(filter(None, (counted(counts.total(), "finding") if used else "", edition)))
    room = _ROOM - _BAR * len(used)
    return paint(
        f"{_PAGE}"
        '#rect(width: 90pt, height: 8pt, fill: rgb("#1b5570"))\n'
        f"#soft(30pt, {literal(kind)})\n"
        f"#title({literal(' '.join(title.split()))}, {room}pt)\n"
        f"#place(bottom + left, dy: -50pt, stack(dir: ttb, spacing: 9pt, {bars}))\n"
        f"#place(bottom + left, soft(24pt, {literal(foot)}))\n"
    )
