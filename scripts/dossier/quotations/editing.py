"""Editorial convention: what the brackets and ellipses of a quotation stand for.

Source of the conventions: The Chicago Manual of Style, 17th edition, 13.7 and 13.50 to 13.62
(changes of case and final punctuation, ellipses, brackets), narrowed to what can be decided.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

from dossier.quotations.words import WORD, is_inside_word, is_whole, negation_in


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of comparison, in words for readers."""

    name: str
    description: str


RULES: tuple[Rule, ...] = (
    Rule(
        "Whole words",
        "A quotation begins and ends outside of words; compounds (non-compliant), contractions"
        " (can't) and numbers (1,500) are one word.",
    ),
    Rule(
        "Case",
        "Capital and small letters differ. Only inside brackets may the first letter be the other"
        " one: [T]he, [The].",
    ),
    Rule(
        "Omissions",
        "[...] or ... between parts: they follow in that order in one passage. At either end it"
        " stands for nothing, or for the source's own.",
    ),
    Rule(
        "Insertions",
        "Words in brackets stand for nothing, or for themselves; they replace no others, and those"
        " with a negation must be the source's own. Brackets joined to the front of a word hold"
        " one letter of it; behind a word (state[s]) they stand for nothing.",
    ),
    Rule("Sic", "[sic] stands for nothing."),
    Rule(
        "Final comma or full stop",
        "A comma or full stop right before the closing mark belongs to the quotation. Where no"
        " passage has it there, it is taken for American punctuation and left out.",
    ),
    Rule(
        "Titles",
        "The title of a cited work may be quoted whole, or up to or from a colon in it.",
    ),
)

_OMISSION = re.compile(r"\[…\]|…")
_BRACKETS = re.compile(r"\[([^\[\]]*)\]")


Piece: TypeAlias = tuple[str, ...]
"""What may stand at one place of a part, one of several, in the order in which they are tried."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a quotation, to be found in one piece.

    `pieces` follow one on the other, more than one where the part has brackets; `anchor` is
    its longest run of words that stand in every passage that holds it, empty where brackets
    cut its only word.
    """

    pieces: tuple[Piece, ...]
    anchor: tuple[str, ...]

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where the part stands in normalised text, on whole words."""
        failed: set[tuple[int, int]] = set()
        head = self.pieces[0][0] if len(self.pieces[0]) == 1 else ""
        start = text.find(head)
        while start >= 0:
            end = self._end(text, start, failed)
            if end > start and is_whole(text, start, end):
                yield start, end
            # In a word no part begins: a long one is not compared at each of its letters.
            start += 1
            while is_inside_word(text, start):
                start += 1
            start = text.find(head, start)

    def _end(self, text: str, start: int, failed: set[tuple[int, int]]) -> int:
        """Return where the part that begins at a place ends, -1 where it does not stand there.

        That what is left from a piece on does not stand at a place is found once: each bracket
        has two choices or more, and to try all of all would take twice as long for each more.
        """
        trail = [(0, start, 0)]
        while trail:
            number, at, choice = trail.pop()
            if number == len(self.pieces):
                return at
            if choice == len(self.pieces[number]):
                failed.add((number, at))
                continue
            trail.append((number, at, choice + 1))
            word = self.pieces[number][choice]
            behind = (number + 1, at + len(word))
            if behind not in failed and text.startswith(word, at):
                trail.append((*behind, 0))
        return -1


def parts_of(quotation: str) -> tuple[Part, ...]:
    """Return the parts of a normalised quotation between its ellipses, those with words."""
    texts = (text.strip() for text in _OMISSION.split(quotation))
    return tuple(_part(text) for text in texts if WORD.search(_BRACKETS.sub("", text)))


def places_of(parts: tuple[Part, ...], text: str) -> tuple[tuple[int, int], ...]:
    """Return where the parts stand in that order in normalised text, or nothing.

    The first stretch that holds them all is taken, made as short as it can be from behind.
    """
    if len(parts) == 1:
        return tuple(islice(parts[0].places(text), 1))
    by_part: dict[Part, list[tuple[int, int]]] = {}
    for part in parts:
        if part not in by_part:
            by_part[part] = list(part.places(text))
    found = [by_part[part] for part in parts]
    chosen: list[tuple[int, int]] = []
    end = 0
    for places in found:
        at = bisect_left(places, (end, end))
        if at == len(places):
            return ()
        chosen.append(places[at])
        end = places[at][1]
    for number in range(len(chosen) - 2, -1, -1):
        limit = chosen[number + 1][0]
        at = bisect_left(found[number], (limit, 0)) - 1
        while found[number][at][1] > limit:
            at -= 1
        chosen[number] = found[number][at]
    return tuple(chosen)


def _part(text: str) -> Part:
    if "[" not in text:
        return Part(((text,),), tuple(WORD.findall(text)))
    pieces: list[Piece] = []
    anchor: tuple[str, ...] = ()
    at = 0
    for match in _BRACKETS.finditer(text):
        literal = text[at : match.start()]
        anchor = max(anchor, _whole_words(text, at, match.start()), key=len)
        lead, tail, at = "", "", match.end()
        choices = _choices(text, match)
        if "" in choices and literal.endswith(" "):
            literal, lead = literal[:-1], " "
        elif "" in choices and match.start() == 0 and text[at : at + 1] == " ":
            tail, at = " ", at + 1
        pieces.append((literal,))
        pieces.append(tuple(f"{lead}{choice}{tail}" if choice else "" for choice in choices))
    pieces.append((text[at:],))
    anchor = max(anchor, _whole_words(text, at, len(text)), key=len)
    return Part(tuple(piece for piece in pieces if piece != ("",)), anchor)


def _choices(text: str, match: re.Match[str]) -> tuple[str, ...]:
    """Return what brackets may stand for, the empty text for nothing.

    That the source has these very brackets is always the first.
    """
    whole, inner = match.group(), match[1]
    letter_before = text[match.start() - 1 : match.start()].isalnum()
    letter_behind = text[match.end() : match.end() + 1].isalnum()
    if letter_behind:
        if len(inner) == 1 and not letter_before:
            return whole, inner, inner.swapcase()
        return (whole,)
    if inner == "sic":
        return whole, ""
    own = () if letter_before or not inner else (inner, inner[0].swapcase() + inner[1:])
    return (whole, *own) if negation_in(inner) else (whole, *own, "")


def _whole_words(text: str, start: int, end: int) -> tuple[str, ...]:
    """Return the words between two places, without one whose first letter stands in brackets."""
    cut = start if text[:start].endswith("]") else -1
    return tuple(m.group() for m in WORD.finditer(text, start, end) if m.start() != cut)
