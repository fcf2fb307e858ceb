"""Numbers in words: numerals from two up, fractions, and vague amounts such as hundreds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from dossier.numbers.numerals import may_add, may_follow, worth
from dossier.numbers.values import EXACT, Kind
from dossier.numbers.vocabulary import (
    DENOMINATORS,
    HALF,
    SCALES,
    SMALL,
    UNIT_ORDINALS,
)

_WORD = re.compile(r"[^\W\d_]+")
_JOIN = re.compile(r"\s+|[-\u2010\u2011]")
_HYPHENS = ("-", "\u2010", "\u2011")
_PLURALS = {f"{word}s": value for word, value in SCALES.items()}
_VAGUE_BEFORE = ("several", "few", "many", "multi", "couple")
# `half` beside these is the part of a time or of a match, not a share.
_BEFORE_HALF = ("first", "second", "other", "latter", "better", "former", "last", "top", "bottom")
_LARGE_ORDINALS = tuple(f"{word}th" for word in SCALES)
_WHOLE = Decimal(1)
# Each number in words has one of these, or ends with `fold`.
_TELLING = frozenset({*_PLURALS, "tens", *SMALL, *SCALES, *DENOMINATORS})


@dataclass(frozen=True, slots=True)
class Spoken:
    """A number in words. `written` times `scale` is its value; `alone` marks a mere *one*."""

    start: int
    end: int
    written: Decimal
    scale: int = 1
    kind: Kind = "count"
    alone: bool = False


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int


def read_spoken(text: str) -> tuple[Spoken, ...]:
    """Return the numbers in words of a text, in order; ordinals are none."""
    lowered = [word.lower() for word in _WORD.findall(text)]
    # Most texts have none, and each is looked at.
    if _TELLING.isdisjoint(lowered) and not any(word.endswith("fold") for word in lowered):
        return ()
    return tuple(_Words(text).read())


class _Words:
    """The words of one text, read from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        found = _WORD.finditer(text)
        self.words = [_Word(m.group().lower(), m.start(), m.end()) for m in found]

    def read(self) -> Iterator[Spoken]:
        at = 0
        while at < len(self.words):
            number, after = self._at(at)
            if number is not None:
                yield number
            at = max(after, at + 1)

    def _at(self, at: int) -> tuple[Spoken | None, int]:
        """Return the number that begins with a word, and the place of the word after it."""
        word = self.words[at].text
        if word in _PLURALS or (word == "tens" and self._text(at + 1, 1) == "of"):
            return self._vague(at)
        if word == "half":
            return self._half(at)
        if word in ("a", "an") and self._joined(at):
            return self._with_article(at)
        if word in SMALL or (word in SCALES and self._is_vague_before(at)):
            return self._numeral(at)
        if word.endswith("fold") and word[:-4] in SMALL:
            return self._made(at, at + 1, Decimal(SMALL[word[:-4]])), at + 1
        return None, at + 1

    def _text(self, at: int, joined_by: int = 0) -> str:
        """Return a word, empty where there is none or it is not joined to the one before."""
        if not 0 <= at < len(self.words) or (joined_by and not self._joined(at - 1)):
            return ""
        return self.words[at].text

    def _gap(self, at: int) -> str:
        """Return what stands between a word and the next, a full stop where there is none."""
        if not 0 <= at < len(self.words) - 1:
            return "."
        return self.text[self.words[at].end : self.words[at + 1].start]

    def _joined(self, at: int) -> bool:
        return _JOIN.fullmatch(self._gap(at)) is not None

    def _made(
        self, first: int, after: int, written: Decimal, scale: int = 1, kind: Kind = "count"
    ) -> Spoken:
        return Spoken(self.words[first].start, self.words[after - 1].end, written, scale, kind)

    def _vague(self, at: int) -> tuple[Spoken | None, int]:
        """Read `hundreds`, `tens of thousands`: said of a magnitude, equal to the same words."""
        first = self.words[at].text
        value = _PLURALS.get(first, 10)
        if self._text(at + 1, 1) == "of" and self._text(at + 2, 1) in _PLURALS:
            value *= _PLURALS[self.words[at + 2].text]
            return self._made(at, at + 3, Decimal(value), kind="vague"), at + 3
        if first == "tens":
            return None, at + 1
        return self._made(at, at + 1, Decimal(value), kind="vague"), at + 1

    def _half(self, at: int) -> tuple[Spoken | None, int]:
        """Read `half`: a share, or the half of a scale (half a million, half a percent)."""
        if self._joined(at - 1) and self.words[at - 1].text in _BEFORE_HALF:
            return None, at + 1
        after = at + 1
        if self._text(after, 1) in ("a", "an"):
            after += 1
        scale = SCALES.get(self._text(after, 1))
        if scale is not None:
            return self._made(at, after + 1, HALF, scale), after + 1
        if after > at + 1 and self._text(after, 1) in ("percent", "per"):
            return self._made(at, after, HALF), after
        if self._gap(at) in _HYPHENS:
            return None, at + 1
        return self._made(at, at + 1, HALF, kind="fraction"), at + 1

    def _with_article(self, at: int) -> tuple[Spoken | None, int]:
        """Read `a hundred`, `a dozen`, `a third of`, `a few hundred`."""
        word = self._text(at + 1)
        if word in SCALES:
            number, after = self._numeral(at + 1)
            if number is not None and number.kind != "vague":
                number = Spoken(
                    self.words[at].start, number.end, number.written, number.scale, number.kind
                )
            return number, after
        if word in DENOMINATORS and word != "half" and self._text(at + 2, 1) == "of":
            share = EXACT.divide(_WHOLE, Decimal(DENOMINATORS[word]))
            return self._made(at, at + 2, share, kind="fraction"), at + 2
        return None, at + 1

    def _numeral(self, at: int) -> tuple[Spoken | None, int]:
        """Read a numeral and what makes it something else: an ordinal, a fraction, `and a half`."""
        words, after = self._run(at)
        written, scale = worth(words)
        if words[0] in SCALES and self._is_vague_before(at):
            return self._made(at, after, Decimal(written * scale), kind="vague"), after
        following = self._text(after, 1)
        if SMALL.get(words[-1], 0) >= 20 and following in UNIT_ORDINALS:
            return None, after + 1
        share = self._denominator(written * scale, after)
        if share:
            value = EXACT.divide(Decimal(written), Decimal(share))
            return self._made(at, after + 1, value, kind="fraction"), after + 1
        hyphen = self._gap(after - 1) in _HYPHENS
        if following in _LARGE_ORDINALS or (hyphen and following in DENOMINATORS):
            return None, after + 1
        if following == "and" and (self._text(after + 1, 1), self._text(after + 2, 1)) == (
            "a",
            "half",
        ):
            return self._and_a_half(at, after + 3, Decimal(written) + HALF, scale)
        number = self._made(at, after, Decimal(written), scale)
        return (replace(number, alone=True) if words == ["one"] else number), after

    def _and_a_half(self, at: int, after: int, written: Decimal, scale: int) -> tuple[Spoken, int]:
        larger = SCALES.get(self._text(after, 1), 0)
        if larger > scale:
            return self._made(at, after + 1, written, larger), after + 1
        return self._made(at, after, written, scale), after

    def _is_vague_before(self, at: int) -> bool:
        """Tell whether `several`, `a few` or `a couple of` stands before a scale."""
        before = at - 1
        if self._text(before) == "of" and self._joined(before):
            before -= 1
        return self._text(before) in _VAGUE_BEFORE and self._joined(before)

    def _denominator(self, value: int, at: int) -> int:
        """Return the denominator that follows a numerator, 0 where none does.

        `one third party` has none; two quarters are as often half a year.
        """
        word = self._text(at, 1)
        name = word if value == 1 else word.removesuffix("s")
        if name not in DENOMINATORS or (value > 1 and name == word) or value > 9:
            return 0
        if name == "quarter" and value not in (1, 3):
            return 0
        if self._text(at + 1, 1) in ("party", "parties", "person", "grade", "grader", "time"):
            return 0
        return DENOMINATORS[name]

    def _run(self, at: int) -> tuple[list[str], int]:
        """Return the words of the longest numeral from a word on, and the place after it."""
        words = [self.words[at].text]
        after = at + 1
        while True:
            word = self._text(after, 1)
            step = 1
            if word == "and" and self._goes_on(words, at, after):
                word, step = self._text(after + 1), 2
            if not word or not may_follow(words, word):
                return words, after
            words.append(word)
            after += step

    def _goes_on(self, words: list[str], at: int, after: int) -> bool:
        """Tell whether `and` goes on a numeral: not in between two hundred and three hundred."""
        if self._text(at - 1) == "between" or self._text(after + 2, 1) == words[-1]:
            return False
        return may_add(words, self._text(after + 1, 1))
