"""What a drawing is made of: boxes with lines of text, and wires between them.

Lengths are user units of SVG, one to a pixel where a drawing is shown at its own size.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Final

from dossier.lineage.graph import Graph, Relation, Source
from dossier.problems import visible

NAME_SIZE: Final = 13.0
NOTE_SIZE: Final = 12.5
LEADING: Final = 16.0
PADDING: Final = 9.0
ARROW: Final = 7.0
FILE_STYLE: Final = """<style>
svg { color: #1d2126; background: #fdfcf9; font-family: system-ui, sans-serif }
:is(.note, .taken) { fill: #565b62 }
.mark { fill: #1b5570 }
:is(.rule, .stem, .span, .frame) { stroke: #8b8a85 }
@media (prefers-color-scheme: dark) {
  svg { color: #e4e1da; background: #15181b }
  :is(.note, .taken) { fill: #a9adb1 }
  .mark { fill: #8cc4d9 }
  :is(.rule, .stem, .span, .frame) { stroke: #7b8085 }
}
</style>
"""
"""The colors of both schemes for a drawing in a file of its own; in a page they are the page's."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A source as it is drawn: lines of its name, of what is said of it, and of what comes in.

    `entering` stands at the right, where the wires come in that its notes do not tell of.
    """

    key: str
    x: float
    y: float
    width: float
    height: float
    name: tuple[str, ...]
    notes: tuple[str, ...] = ()
    entering: tuple[str, ...] = ()
    heavy: bool = False

    @property
    def middle(self) -> float:
        """The height of its middle."""
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Wire:
    """A relation as it is drawn: corners from giver to taker, and where its label ends."""

    relation: Relation
    points: tuple[Point, ...]
    label: Point | None = None


@dataclass(frozen=True, slots=True)
class Drawing:
    """A graph laid out on a sheet of some width and height."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    wires: tuple[Wire, ...]


def label_of(relation: Relation) -> str:
    """Return what stands on an arrow: what is taken, and the share where it is measured."""
    if relation.taken == "facts":
        return "some facts" if relation.passages else "facts"
    return f"text {relation.measured.percent}" if relation.measured else "text"


def notes_of(source: Source) -> tuple[str, ...]:
    """Return what a box says under the name of a source."""
    own = f"own text; shares {source.measured.percent}" if source.measured else ""
    nearest = "nearest text held" if source.nearest else ""
    return tuple(filter(None, (source.about, own, nearest)))


def by_nearness(graph: Graph) -> dict[str, tuple[float, ...]]:
    """Return for each source where it stands among others at equal places.

    The text for which others are measured comes first, then the largest share, then the order
    of keys.
    """
    shares = {r.taker: r.measured.share for r in graph.relations if r.measured}
    return {
        source.key: (not source.nearest, -shares.get(source.key, 0.0), number)
        for number, source in enumerate(graph.sources)
    }


def wrapped(text: str, width: float, size: float) -> tuple[str, ...]:
    """Return the lines of a text that is no wider than `width` at a size of type.

    Nothing is left out: what has no space to break at is broken behind a full stop or a
    slash, and last of all anywhere. Characters that cannot be seen are named.
    """
    lines: list[str] = []
    line = ""
    for word in visible(" ".join(text.split())).split(" "):
        for number, piece in enumerate(_pieces(word, width, size)):
            joined = line + (" " if line and not number else "") + piece
            if line and text_width(joined, size) > width:
                lines.append(line)
                line = piece
            else:
                line = joined
    return (*lines, line)


def _pieces(word: str, width: float, size: float) -> Iterator[str]:
    if text_width(word, size) <= width:
        yield word
        return
    for part in re.findall(r"[^./]*[./]|[^./]+", word):
        start = 0
        for end in range(1, len(part) + 1):
            if end - start > 1 and text_width(part[start:end], size) > width:
                yield part[start : end - 1]
                start = end - 1
        yield part[start:]


def text_width(text: str, size: float) -> float:
    """Return about how wide a text is in a sans serif; more likely too much than too little.

    Text of the size of names is bold.
    """
    return sum(_em(char) for char in text) * size * (1.1 if size == NAME_SIZE else 1.0)


# Widths in em, by the letters of common sans serifs, the wider where they differ.
_EM: Final = {
    **dict.fromkeys("iljI.,:;'|!’‘", 0.34),
    **dict.fromkeys("ftr()[]/- ", 0.42),
    **dict.fromkeys("mwMW%@", 0.98),
}


def _em(char: str) -> float:
    if char in _EM:
        return _EM[char]
    if unicodedata.east_asian_width(char) in "WF":
        return 1.05
    return 0.74 if char.isupper() else 0.63


def box_height(lines: int, least: float = 0.0) -> float:
    """Return the height of a box of so many lines."""
    return max(lines * LEADING + 2 * PADDING - 3, least)


def lines_of(
    source: Source, width: float, notes: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the lines of a box of some width: those of the name, and those of the notes."""
    inner = width - 2 * PADDING
    name = wrapped(source.name, inner, NAME_SIZE)
    wraps = (wrapped(note, inner, NOTE_SIZE) for note in notes)
    return name, tuple(line for lines in wraps for line in lines)


def trimmed(wires: Sequence[Wire], bend: float) -> list[tuple[Point, ...]]:
    """Return the points of the wires, what several share of a trunk drawn once.

    A trunk is the first upright of wires that begin at one place; each but the nearest wire on
    either side takes it up where, `bend` before its corner, the one before it has turned off.
    """
    drawn = {n: wire.points for n, wire in enumerate(wires)}
    trunks: dict[tuple[Point, str], list[int]] = {}
    for n, wire in enumerate(wires):
        trunks.setdefault((wire.points[0], wire.relation.taken), []).append(n)
    for numbers in trunks.values():
        at = next((i for i in (0, 1) if _is_upright(wires[numbers[0]].points, i)), None)
        if at is None:
            continue
        for side in (-1, 1):
            near = float(wires[numbers[0]].points[at][1])
            away = [(side * (wires[n].points[at + 1][1] - near), n) for n in numbers]
            line = [n for far, n in sorted(away) if far > 0]
            for before, n in pairwise(line):
                x, y = wires[before].points[at + 1]
                drawn[n] = ((x, y - side * bend), *wires[n].points[at + 1 :])
    return [drawn[n] for n in range(len(wires))]


def _is_upright(points: Sequence[Point], at: int) -> bool:
    return len(points) > at + 2 and points[at][0] == points[at + 1][0]


def xml_text(text: str) -> str:
    """Return text for XML, where control characters and halves of pairs may not stand."""
    shown = visible(" ".join(text.split()))
    return escape(
        "".join("\ufffd" if "\ud800" <= c <= "\udfff" or c in "\ufffe\uffff" else c for c in shown)
    )


def xml_number(number: float) -> str:
    """Return a length of a drawing, to a tenth."""
    return f"{number:.1f}".removesuffix(".0")
