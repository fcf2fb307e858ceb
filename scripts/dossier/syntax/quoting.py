"""Which double quotation marks of a run of prose belong together."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_MARKS = re.compile(r"[\"“”„‟«»＂]")
_OPENING = frozenset("“„‟«")
_CLOSING = frozenset("”»")
_FEET = re.compile(r"\d\s?['’′]\s?\d[\d./½¼¾ ]*$")
_LOOK_BACK = 12


@dataclass(frozen=True, slots=True)
class Pairs:
    """The outermost pairs of marks, each from its opening to behind its closing mark, in order.

    `lone` are the marks that have no other.
    """

    pairs: tuple[tuple[int, int], ...]
    lone: tuple[int, ...]


def pair_marks(text: str, opaque: Sequence[tuple[int, int]] = ()) -> Pairs:
    """Return the pairs of double marks, straight or typographic, of any depth the outermost.

    A straight mark behind a number is inches where it closes nothing. `opaque` are
    stretches, such as code, whose marks are none.
    """
    finder = _Finder(text, opaque)
    finder.read()
    outermost: list[tuple[int, int]] = []
    for start, end in sorted(finder.pairs):
        if not outermost or start >= outermost[-1][1]:
            outermost.append((start, end))
    lone = sorted([*finder.lone, *finder.opened])
    return Pairs(tuple(outermost), tuple(at for at in lone if not _stands_in(outermost, at)))


def _stands_in(stretches: Sequence[tuple[int, int]], at: int) -> bool:
    """Tell whether a place lies in one of some stretches, which are in order."""
    number = bisect_right(stretches, at, key=lambda stretch: stretch[0]) - 1
    return number >= 0 and at < stretches[number][1]


class _Finder:
    def __init__(self, text: str, opaque: Sequence[tuple[int, int]]) -> None:
        self.text = text
        self.opened: list[int] = []
        self.pairs: list[tuple[int, int]] = []
        self.lone: list[int] = []
        self._places = [
            match.start()
            for match in _MARKS.finditer(text)
            if not _stands_in(opaque, match.start())
        ]

    def read(self) -> None:
        for at, following in pairwise([*self._places, -1]):
            char = self.text[at]
            if char == "“" and self.opened and self.text[self.opened[-1]] == "„":
                self._close(at)
            elif char in _OPENING:
                self.opened.append(at)
            elif char in _CLOSING:
                self._close(at)
            elif not self._is_inches(at, following):
                self._straight(at)

    def _close(self, at: int) -> None:
        if self.opened:
            self.pairs.append((self.opened.pop(), at + 1))
        else:
            self.lone.append(at)

    def _straight(self, at: int) -> None:
        """Open or close at a straight mark: it opens before a word and behind none."""
        if self.opened and not (self._space_before(at) and self._can_open(at)):
            self._close(at)
        elif self._can_open(at):
            self.opened.append(at)
        else:
            self.lone.append(at)

    def _space_before(self, at: int) -> bool:
        """Tell whether a mark inside an open quotation begins one within it."""
        return at > 0 and (self.text[at - 1].isspace() or self.text[at - 1] in "([{")

    def _can_open(self, at: int) -> bool:
        before, behind = self.text[at - 1 : at], self.text[at + 1 : at + 2]
        if not behind or behind.isspace():
            return False
        return not before.isalnum()

    def _is_inches(self, at: int, following: int) -> bool:
        text = self.text
        if not text[at - 1 : at].isdigit() or text[at] != '"':
            return False
        if _FEET.search(text, max(0, at - _LOOK_BACK), at) or not self.opened:
            return True
        # 'a 6" pipe"': the next mark closes, so that this one does not.
        if following < 0 or not text[at + 1 : at + 2].isspace():
            return False
        return text[following] in '"”' and not self._can_open(following)
