"""The passage most like a quotation that stands nowhere: for the hint only, never for a verdict."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from dossier.quotations.corpus import Corpus, Held
from dossier.quotations.normalisation import normalise
from dossier.quotations.outcomes import Nearest
from dossier.quotations.words import FUNCTION_WORDS, WORD

_TOKEN = re.compile(r"[^\W_]+(?:['&@.,:/-][^\W_]+)*|[^\w\s]|_")

# Bounds on the work for one hint: words of the quotation and of a passage that are looked
# at, passages that are compared in full, and places taken of a run that stands in many.
_LONGEST = 120
_LARGEST = 2000
_COMPARED = 4
_HITS = 40
_ALIKE = 0.5


def find_nearest(corpus: Corpus, cited: Sequence[Held], quotation: str) -> Nearest | None:
    """Return the passage most like a quotation, one of `cited` if any is like it.

    None says that less than half of the words agree anywhere. The work is bounded for the
    whole corpus, and grows with the words of `cited`.
    """
    text = normalise(quotation).text
    words = [word for word in WORD.findall(text)[:_LONGEST] if word.lower() not in FUNCTION_WORDS]
    asked = set(words)
    votes: Counter[int] = Counter()
    for number, held in enumerate(cited):
        count = len(asked & set(WORD.findall(held.text)))
        if count:
            votes[number] = count
    best = _best((cited[number] for number, _ in votes.most_common(_COMPARED)), text)
    return best or _best(_elsewhere(corpus, WORD.findall(text)[:_LONGEST]), text)


def _elsewhere(corpus: Corpus, words: Sequence[str]) -> Iterable[Held]:
    """Return the passages of all sources that share most pairs of words, a few of them."""
    votes: Counter[int] = Counter()
    for at in range(len(words) - 1):
        hits = corpus.hits(words[at : at + 2])
        if len(hits) <= _HITS:
            votes.update({corpus.owner(hit) for hit in hits})
    return [corpus.held[number] for number, _ in votes.most_common(_COMPARED)]


def _best(candidates: Iterable[Held], text: str) -> Nearest | None:
    compared = [_compare(held, text) for held in candidates]
    best = max(compared, key=lambda nearest: nearest.ratio, default=None)
    return best if best and best.ratio >= _ALIKE else None


def _compare(held: Held, text: str) -> Nearest:
    """Return how a passage and a quotation differ, over the stretch where they are most alike."""
    ours = list(_TOKEN.finditer(text))[:_LONGEST]
    theirs = list(_TOKEN.finditer(held.text))[:_LARGEST]
    theirs = _stretch([m.group() for m in ours], theirs)
    matcher = SequenceMatcher(
        None, [m.group() for m in ours], [m.group() for m in theirs], autojunk=False
    )
    codes = matcher.get_opcodes()
    # What the passage has before and behind the quotation is no difference.
    skipped = 0
    while codes and codes[0][0] == "insert":
        skipped += codes[0][4] - codes[0][3]
        codes = codes[1:]
    while codes and codes[-1][0] == "insert":
        skipped += codes[-1][4] - codes[-1][3]
        codes = codes[:-1]
    same = sum(high - low for tag, low, high, _, _ in codes if tag == "equal")
    total = len(ours) + len(theirs) - skipped
    pieces: list[str] = []
    for tag, low, high, start, end in codes:
        if tag == "equal":
            pieces.append(_source(held, theirs[start:end]))
            continue
        removed = f"[-{text[ours[low].start() : ours[high - 1].end()]}-]" if high > low else ""
        added = f"{{+{_source(held, theirs[start:end])}+}}" if end > start else ""
        pieces.append(removed + added)
    return Nearest(held.address, 2 * same / total if total else 0.0, " ".join(pieces))


def _stretch(words: Sequence[str], theirs: list[re.Match[str]]) -> list[re.Match[str]]:
    """Return the part of a passage around the place to which most words of a quotation point."""
    places: dict[str, list[int]] = {}
    for at, match in enumerate(theirs):
        places.setdefault(match.group(), []).append(at)
    shifts = Counter(
        place - at for at, word in enumerate(words) for place in places.get(word, ())[:_HITS]
    )
    if not shifts:
        return theirs[: len(words)]
    shift = min(shifts, key=lambda s: (-shifts[s], s))
    slack = 8 + len(words) // 4
    return theirs[max(0, shift - slack) : max(0, shift + len(words) + slack)]


def _source(held: Held, tokens: Sequence[re.Match[str]]) -> str:
    """Return the source's own words at some tokens, on one line."""
    start, end = held.normalised.original(tokens[0].start(), tokens[-1].end())
    return " ".join(held.passage.exact[start:end].split())
