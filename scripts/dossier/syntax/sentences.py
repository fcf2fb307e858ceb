"""Where the sentences of a run of prose end."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable

from dossier.syntax.abbreviations import (
    BEFORE_CAPITALS,
    BEFORE_MORE,
    BEFORE_NUMBERS,
    OPENERS,
)
from dossier.syntax.plain import IN_TEXT

_STOP = re.compile(r"(?P<stop>[.!?]+)(?P<close>[\"'”’»›)\]]*)(?=\s|$)")
_LAST_WORD = re.compile(r"[^\W_](?:[\w.&'’-]*\w)?$")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
_NEXT = re.compile(r"\s+(?P<open>[\"'“‘„«‹(\[]*)(?P<word>[^\W_]+|\S)")
_PARENTHESES = re.compile(r"[()]")
_LOOK_BACK = 40


def sentence_ends(text: str, whole: Iterable[tuple[int, int]] = ()) -> tuple[int, ...]:
    """Return the offsets at which sentences end, closing marks included; the last is the text's.

    Inside of the stretches `whole` (quotations), which do not overlap and are in order, and
    inside of parentheses no sentence ends. Three dots end none.
    """
    closed = sorted([*whole, *_parentheses(text)])
    starts = [start for start, _ in closed]
    reach: list[int] = []
    for _, end in closed:
        reach.append(max(end, reach[-1]) if reach else end)
    ends: list[int] = []
    for match in _STOP.finditer(text):
        at = bisect_right(starts, match.end() - 1) - 1
        if at >= 0 and match.end() < reach[at]:
            continue
        if _ends(text, match):
            ends.append(match.end())
    if not ends or text[ends[-1] :].strip():
        ends.append(len(text))
    return tuple(ends)


def _parentheses(text: str) -> list[tuple[int, int]]:
    opened: list[int] = []
    pairs: list[tuple[int, int]] = []
    for match in _PARENTHESES.finditer(text):
        if match.group() == "(":
            opened.append(match.start())
        elif opened:
            pairs.append((opened.pop(), match.end()))
    return pairs


def _ends(text: str, match: re.Match[str]) -> bool:
    """Tell whether a stop ends a sentence, by the words on both sides."""
    following = _NEXT.match(text, match.end())
    if following is None:
        return True
    word, quoted = following["word"], bool(following["open"])
    begins = not word[0].islower() or quoted
    stop = match["stop"]
    if stop in ("..", "...") or not begins:
        return False
    if stop != ".":
        return True
    last = _LAST_WORD.search(text, max(0, match.start() - _LOOK_BACK), match.start())
    if last is None:
        return True
    abbreviation = last.group().lower().replace("’", "'")
    if abbreviation in BEFORE_MORE:
        return False
    if abbreviation in BEFORE_NUMBERS and word[0].isdigit():
        return False
    if abbreviation in BEFORE_CAPITALS or _INITIALS.fullmatch(last.group()):
        return word.lower() in OPENERS or word == IN_TEXT
    return True
