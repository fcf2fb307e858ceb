"""Numerals in words and their values: twenty-two, two hundred and five, four hundred million."""

from __future__ import annotations

from collections.abc import Sequence

from dossier.numbers.vocabulary import SCALES, SMALL


def may_follow(words: Sequence[str], word: str) -> bool:
    """Tell whether a word goes on a numeral: twenty two, two hundred, but not two five."""
    if not words:
        return word in SMALL or word in SCALES
    last = words[-1]
    if word in SMALL:
        if last in SMALL:
            return SMALL[last] >= 20 and SMALL[word] < 10
        return last in SCALES and last != "dozen"
    if word not in SCALES:
        return False
    if word == "dozen":
        return last in SMALL
    if word == "hundred":
        return last in SMALL and words[-2:-1] != ["hundred"]
    # Behind one scale only a smaller one begins; a hundred thousand is a scale of two words.
    used = [SCALES[w] for w in words if w in SCALES and SCALES[w] >= 1000]
    return last in ("hundred", *SMALL) and all(SCALES[word] < scale for scale in used)


def may_add(words: Sequence[str], word: str) -> bool:
    """Tell whether `and` with a word behind it goes on a numeral: two hundred and five."""
    large = bool(words) and words[-1] in ("hundred", "thousand", "million", "billion")
    return large and word in SMALL and may_follow(words, word)


def worth(words: Sequence[str]) -> tuple[int, int]:
    """Return the numeral before its last scale, and that scale: (400, 1000000), (205, 1)."""
    total = current = 0
    for word in words:
        if word in SMALL:
            current += SMALL[word]
        elif SCALES[word] < 1000:
            current = max(current, 1) * SCALES[word]
        else:
            total, current = total + max(current, 1) * SCALES[word], 0
    scale = SCALES.get(words[-1], 1)
    return (total + current) // scale, scale
