"""The one form in which a quotation and a source are compared: a short list of steps, in order.

Each step changes glyphs and white space, never a word. Why the Unicode form is NFC and not
NFKC: the latter also turns `²` into `2` and `½` into `1⁄2`, and so changes numbers; of what
it does only the ligatures of print are wanted, and these have a step of their own.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its name and description for readers, what it looks for, and what it puts there."""

    name: str
    description: str
    pattern: re.Pattern[str]
    function: Callable[[re.Match[str]], str]


@dataclass(frozen=True, slots=True)
class _Edits:
    """Where a step changed a text: the places before and behind the step, in order."""

    before: tuple[tuple[int, int], ...]
    behind: tuple[tuple[int, int], ...]

    def start(self, offset: int) -> int:
        """Return where a character behind the step began before it."""
        at = bisect_right(self.behind, offset, key=_first) - 1
        if at < 0:
            return offset
        if offset < self.behind[at][1]:
            return self.before[at][0]
        return self.before[at][1] + offset - self.behind[at][1]

    def end(self, offset: int) -> int:
        """Return where the character that ends at an offset behind the step ended before it."""
        at = bisect_right(self.behind, offset - 1, key=_first) - 1
        if at < 0:
            return offset
        if offset <= self.behind[at][1]:
            return self.before[at][1]
        return self.before[at][1] + offset - self.behind[at][1]


def _first(place: tuple[int, int]) -> int:
    return place[0]


@dataclass(frozen=True, slots=True)
class Normalised:
    """A text behind all steps, with the way back to the original."""

    text: str
    _edits: tuple[_Edits, ...] = ()

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the original of `text[start:end]`, which is not empty.

        A character that a step put in the place of several stands for all of them.
        """
        for edits in reversed(self._edits):
            start, end = edits.start(start), edits.end(end)
        return start, end


def normalise(text: str) -> Normalised:
    """Return a text behind all `STEPS`."""
    made: list[_Edits] = []
    for step in STEPS:
        text, edits = _apply(step, text)
        if edits.before:
            made.append(edits)
    return Normalised(text, tuple(made))


def _apply(step: Step, text: str) -> tuple[str, _Edits]:
    parts: list[str] = []
    before: list[tuple[int, int]] = []
    behind: list[tuple[int, int]] = []
    at = length = 0
    for match in step.pattern.finditer(text):
        new = step.function(match)
        if new == match.group():
            continue
        length += match.start() - at
        parts += [text[at : match.start()], new]
        before.append(match.span())
        behind.append((length, length + len(new)))
        length += len(new)
        at = match.end()
    if not before:
        return text, _Edits((), ())
    parts.append(text[at:])
    return "".join(parts), _Edits(tuple(before), tuple(behind))


_LIGATURES = dict(zip("ﬀﬁﬂﬃﬄﬅﬆ", ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True))
MARKS = "\"'“”„‟‘’‚‛«»‹›`´＂＇"
"""Every glyph of a quotation mark or apostrophe; primes (5′, 6″) are measures, and not here."""


def _join_line(match: re.Match[str]) -> str:
    """Return what stays of a hyphen at a line's end: nothing before a small letter."""
    return "" if match.string[match.end()].islower() else "-"


def _space(match: re.Match[str]) -> str:
    at_edge = match.start() == 0 or match.end() == len(match.string)
    return "" if at_edge else " "


def _ellipsis(match: re.Match[str]) -> str:
    """Return one ellipsis; four dots are a full stop and an ellipsis."""
    return ".…" if match.group().count(".") == 4 else "…"


STEPS: tuple[Step, ...] = (
    Step(
        "Soft hyphens",
        "Soft hyphens, with a line break right behind them, and zero-width spaces are taken out.",
        re.compile(r"\u00ad(?:[ \t]*+(?:\r\n?|\n)[ \t]*+)?|[\u200b\u200e\u200f\u2060\ufeff]"),
        lambda _: "",
    ),
    Step(
        "Ligatures",
        "The ligatures of print (ff, fi, fl, ffi, ffl, st as one glyph) become their letters.",
        re.compile("[ﬀ-ﬆ]"),
        lambda match: _LIGATURES[match.group()],
    ),
    Step(
        "Unicode form",
        "Letters with accents are composed (Unicode NFC). Superscripts, fractions and full-width"
        " signs stay as they are.",
        # An ASCII character never composes with what stands before it.
        re.compile(r"[\x00-\x7f]?[^\x00-\x7f]+"),
        lambda match: unicodedata.normalize("NFC", match.group()),
    ),
    Step(
        "Hyphens at line ends",
        "A hyphen that ends a line is taken out with the line break where a small letter follows;"
        " before any other letter or digit it stays, and only the break goes.",
        re.compile(r"(?<=[^\W_])[-‐][ \t]*+(?:\r\n?|\n)[ \t]*+(?=[^\W_])"),
        _join_line,
    ),
    Step(
        "White space",
        "Spaces of every kind, the non-breaking ones too, and line breaks become one space; none"
        " is kept at either end.",
        re.compile(r"\s+"),
        _space,
    ),
    Step(
        "Quotation marks and apostrophes",
        "Quotation marks of every shape and level, and apostrophes, become one mark, so that inner"
        " marks match whether the source has them double or single.",
        re.compile(f"[{MARKS}]"),
        lambda _: "'",
    ),
    Step(
        "Hyphens",
        "Hyphens of every kind, the minus sign, and a short dash without spaces on both sides"
        " (2012–2014) become one hyphen.",
        re.compile(r"[‐‑‒−]|(?<!\s)–|–(?!\s)"),
        lambda _: "-",
    ),
    Step(
        "Dashes",
        "A long dash, two or more hyphens in a row, and a short dash or hyphen between spaces"
        " become one dash without spaces.",
        re.compile(r"\s?(?:[—―⸺⸻]|-{2,}+|(?:(?<=\s)|\A)[-–](?=\s|\Z))\s?"),
        lambda _: "—",
    ),
    Step(
        "Ellipses",
        "Three dots, with or without spaces between them, become one ellipsis without spaces.",
        re.compile(r"\s?(?:…|\.(?>(?:\s?\.){2,}))\s?"),
        _ellipsis,
    ),
)
