"""The prose of a page as values: words as a reader sees them, what is quoted, and units.

Offsets are in code points; those of `Quoted` and `Unit` are into the text of the page.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import Literal

IN_TEXT = "\ufffc"
"""The character that stands for a citation or calculation which is a word of its sentence."""

UnitKind = Literal["sentence", "heading", "title", "row", "quotation"]


@dataclass(frozen=True, slots=True)
class Plain:
    """Words of a block and where each stands in the page.

    `places` holds for each piece of `text`, from its offset in `starts` on, the place in the
    page that it stands for; a piece as long as its place is copied from there. `opaque` are
    the stretches of `text` that are code, addresses or mathematics.
    """

    text: str
    starts: tuple[int, ...]
    places: tuple[tuple[int, int], ...]
    opaque: tuple[tuple[int, int], ...] = ()

    def start(self, offset: int) -> int:
        """Return where in the page the character at an offset begins."""
        return self._place(offset)[0]

    def end(self, offset: int) -> int:
        """Return where in the page the character before an offset ends."""
        return self._place(offset - 1)[1]

    def _place(self, offset: int) -> tuple[int, int]:
        at = max(0, bisect_right(self.starts, offset) - 1)
        begin, end = self.places[at]
        width = (self.starts[at + 1] if at + 1 < len(self.starts) else len(self.text)) - (
            self.starts[at]
        )
        if width != end - begin:
            return begin, end
        place = begin + max(0, offset - self.starts[at])
        return place, place + 1

    def part(self, start: int, end: int) -> Plain:
        """Return the words between two offsets."""
        first = max(0, bisect_right(self.starts, start) - 1)
        last = bisect_left(self.starts, end)
        starts: list[int] = []
        places: list[tuple[int, int]] = []
        for at in range(first, last):
            begin = max(self.starts[at], start)
            stop = min(self.starts[at + 1] if at + 1 < len(self.starts) else len(self.text), end)
            if stop > begin:
                starts.append(begin - start)
                places.append((self._place(begin)[0], self._place(stop - 1)[1]))
        low = bisect_right(self.opaque, start, key=_second)
        high = bisect_left(self.opaque, end, key=_first)
        opaque = tuple(
            (max(a, start) - start, min(b, end) - start) for a, b in self.opaque[low:high]
        )
        return Plain(self.text[start:end], tuple(starts), tuple(places), opaque)


def _first(pair: tuple[int, int]) -> int:
    return pair[0]


def _second(pair: tuple[int, int]) -> int:
    return pair[1]


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words that a page gives as those of a source, `start` and `end` bounding their marks.

    `plain` holds the words alone, without marks, markup and citations, and where each stands;
    `block` tells whether they are a paragraph of a block quotation.
    """

    start: int
    end: int
    plain: Plain
    block: bool = False

    @property
    def text(self) -> str:
        """The words, without citations that stand among them."""
        return self.plain.text.replace(IN_TEXT, "")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: where it begins and ends in its page, and what it holds.

    `clusters` are numbers of clusters of the page; `runs` is its prose, in which `IN_TEXT`
    stands for each citation in running text and each calculation.
    """

    kind: UnitKind
    start: int
    end: int
    clusters: tuple[int, ...]
    quotations: tuple[Quoted, ...]
    runs: tuple[Plain, ...]
