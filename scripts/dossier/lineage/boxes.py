"""What a drawing is made of: boxes with lines of text, and wires between them.

Lengths are user units of SVG, one to a pixel where a drawing is shown at its own size.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from dossier.lineage.graph import Graph, Relation, Source
from dossier.problems import visible

NAME_SIZE: Final = 13.5
NOTE_SIZE: Final = 12.5
LEADING: Final = 16.0
PADDING: Final = 9.0
ARROW: Final = 7.0

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A source as it is drawn: lines of its name, then of what is said about it."""

    key: str
    x: float
    y: float
    width: float
    height: float
    name: tuple[str, ...]
    notes: tuple[str, ...] = ()
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
    """Return about how wide a text is in a sans serif; more likely too much than too little."""
    return sum(_em(char) for char in text) * size


# Widths in em, by the letters of common sans serifs, the wider where they differ.
_EM: Final = {
    **dict.fromkeys("iljI.,:;'|!’‘", 0.3),
    **dict.fromkeys("ftr()[]/- ", 0.4),
    **dict.fromkeys("mwMW%@", 0.93),
}


def _em(char: str) -> float:
    if char in _EM:
        return _EM[char]
    if unicodedata.east_asian_width(char) in "WF":
        return 1.05
    return 0.72 if char.isupper() else 0.6


def box_height(lines: int, least: float = 0.0) -> float:
    """Return the height of a box of so many lines."""
    return max(lines * LEADING + 2 * PADDING - 3, least)


def texts(
    source: Source, width: float, more: Sequence[str] = ()
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the lines of a box of some width: the name, and the notes."""
    inner = width - 2 * PADDING
    name = wrapped(source.name, inner, NAME_SIZE)
    notes = (wrapped(note, inner, NOTE_SIZE) for note in (*notes_of(source), *more))
    return name, tuple(line for lines in notes for line in lines)
