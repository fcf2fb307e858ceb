"""What differs in the quotations of pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from dossier.comparison.difference import Difference, Kind, code, theirs
from dossier.comparison.states import Quotation, State
from dossier.wording import plain_signs, same_words

_NEAR = 0.6
"""The likeness of words from which on a quotation is another one altered (difflib)."""


def of_quotations(old: State, new: State) -> Iterator[Difference]:
    """Yield the quotations that are new, altered, on another page, or gone, page by page."""
    was, is_ = _left(old.quotations, new.quotations), _left(new.quotations, old.quotations)
    for quotation in is_:
        elsewhere = next((q for q in was if same_words(q.words, quotation.words)), None)
        former = elsewhere or _nearest(quotation, was)
        if former is None:
            yield _difference("added", quotation, f"{theirs(quotation.words)} is new")
            continue
        was.remove(former)
        if elsewhere is not None:
            words = f"{theirs(quotation.words)} stood in {code(former.path)} before"
            yield _difference("relocated", quotation, words, former.path, quotation.path)
        else:
            words = f"now {theirs(quotation.words)}, before {theirs(former.words)}"
            yield _difference("altered", quotation, words, former.words, quotation.words)
    for quotation in was:
        words = f"{theirs(quotation.words)} is gone"
        yield _difference("gone", quotation, words, quotation.words, "")


def _left(of: Sequence[Quotation], other: Sequence[Quotation]) -> list[Quotation]:
    """Return the quotations that the same page of the other state does not have."""
    known = Counter((q.path, plain_signs(q.words)) for q in other)
    left = []
    for quotation in of:
        name = quotation.path, plain_signs(quotation.words)
        if known[name]:
            known[name] -= 1
        else:
            left.append(quotation)
    return left


def _nearest(quotation: Quotation, among: Sequence[Quotation]) -> Quotation | None:
    """Return the quotation of the same page that this one most likely was."""
    likeness = [
        (SequenceMatcher(None, q.words.split(), quotation.words.split(), False).ratio(), -number)
        for number, q in enumerate(among)
        if q.path == quotation.path
    ]
    best = max(likeness, default=(0.0, 0))
    return among[-best[1]] if best[0] >= _NEAR else None


def _difference(
    kind: Kind, quotation: Quotation, words: str, before: str = "", after: str | None = None
) -> Difference:
    place = f"{quotation.path}:{quotation.line}" if kind != "gone" else quotation.path
    source = f" ({code(quotation.address)})" if quotation.address else ""
    return Difference(
        "quotations",
        quotation.path,
        kind,
        f"{code(place)}:",
        words + source,
        before,
        quotation.words if after is None else after,
        (quotation.address,) if quotation.address else (),
    )
