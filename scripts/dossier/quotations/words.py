"""Words in normalised text: where they begin and end, and which of them carry meaning."""

from __future__ import annotations

import re
import unicodedata

WORD = re.compile(r"[^\W_]+")

FUNCTION_WORDS = frozenset(
    re.split(
        r"\s+",
        "a about after all also an and any are as at be because been before being but by can"
        " could did do does for from had has have he her here him his how i if in into is it"
        " its may me might more most must my of on one only or our out over shall she should"
        " so some such than that the their them then there these they this those to under"
        " until up upon us very was we were what when where which while who whom whose why"
        " will with would you your",
    )
)
"""Words that, quoted alone, show nothing of a source."""

_NEGATIONS = re.compile(
    r"\b(?:cannot|neither|never|nobody|none|nor|not?|nothing|nowhere|without)\b|n't\b",
    re.IGNORECASE,
)


def negation_in(text: str) -> str:
    """Return the first negation in normalised text (`not`, `n't`), or the empty string."""
    match = _NEGATIONS.search(text)
    return match.group() if match else ""


def is_too_short(text: str) -> bool:
    """Tell whether normalised text has no letter, or is one function word."""
    words = WORD.findall(text)
    if not any(char.isalpha() for char in text):
        return True
    return len(words) == 1 and words[0].lower() in FUNCTION_WORDS


def is_inside_word(text: str, at: int) -> bool:
    """Tell whether a place in normalised text lies inside a word.

    A word is a run of letters and digits with what joins them: a hyphen or an apostrophe
    (`non-compliant`, `can't`), `&`, `_` and `@`, a point, comma, colon or stroke between digits
    (`1.2`, `1,500`, `11/19/24`), a point behind a single letter (`U.S`).
    """
    if not 0 < at < len(text):
        return False
    left, right = _is_letter(text[at - 1]), _is_letter(text[at])
    if left and right:
        return True
    return (left and _joins(text, at)) or (right and _joins(text, at - 1))


def is_whole(text: str, start: int, end: int) -> bool:
    """Tell whether a stretch of normalised text begins and ends outside of words."""
    return not is_inside_word(text, start) and not is_inside_word(text, end)


def _is_letter(char: str) -> bool:
    return char.isalnum() or (char > "\u02ff" and unicodedata.category(char)[0] == "M")


def _joins(text: str, at: int) -> bool:
    char = text[at]
    if not 0 < at < len(text) - 1 or char not in "'-&_@.,:/":
        return False
    left, right = text[at - 1], text[at + 1]
    if not (_is_letter(left) and _is_letter(right)):
        return False
    if char in "'-&_@" or (left.isdigit() and right.isdigit()):
        return True
    return char == "." and (at < 2 or not _is_letter(text[at - 2]))
