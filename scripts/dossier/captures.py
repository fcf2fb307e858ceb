"""The words of captures, and how much of one capture stands in another."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

_DROPPED = frozenset("'`´‘’‚‛′‵ʹʻʼˈ＇")
"""Apostrophes and single quotation marks: they join or vanish, and never part a word."""


class _Table(dict[int, str | None]):
    """What becomes of each character, worked out when it is first met."""

    def __missing__(self, codepoint: int) -> str | None:
        char = chr(codepoint)
        category = unicodedata.category(char)
        if char in _DROPPED or category == "Cf":
            # Soft hyphens and zero-width characters (Cf) are not to be seen in a word either.
            kept = None
        elif category[0] in "LNM":
            kept = char
        else:
            kept = " "
        self[codepoint] = kept
        return kept


_TABLE = _Table()


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text, normalised so that typography makes no difference.

    A word is a run of letters, digits and combining marks; hyphens, dashes and all other
    punctuation part words and are gone, and so are symbols such as `$`. Apostrophes and single
    quotation marks are taken out first, so that `it's` and `it’s` are one word, `its`. Case is
    folded. Source of the forms: Unicode Standard Annex 15 (NFKC) and chapter 3.13, toNFKC_Casefold.
    """
    # Marks like ´ decompose into a space and an accent, so they go before the form changes.
    bare = "".join(c for c in text if c not in _DROPPED)
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", bare).casefold())
    return tuple(folded.translate(_TABLE).split())


def containment(part: Sequence[str], whole: Sequence[str], run: int) -> float:
    """Return the share of the part's runs of `run` words that stand in the whole, from 0 to 1.

    Both are given as words. Each distinct run counts once, however often the part repeats it:
    a headline printed twice is no more of a copy than one printed once. A part of fewer words
    than `run` has no runs, and 0 of it stands anywhere. The measure has a direction: a short
    text may stand wholly in a long one that hardly stands in it. Raises ValueError if `run` is
    less than 1. Source of the measure: Broder, On the resemblance and containment of
    documents (1997), section 2.
    """
    if run < 1:
        raise ValueError(f"a run has at least one word, not {run}")
    runs = _runs(part, run)
    return len(runs & _runs(whole, run)) / len(runs) if runs else 0.0


def _runs(sequence: Sequence[str], run: int) -> set[tuple[str, ...]]:
    return {tuple(sequence[at : at + run]) for at in range(len(sequence) - run + 1)}
