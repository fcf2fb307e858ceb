"""How a copy is told from a shared quotation, and copies that nobody declared.

The containment that a reader is shown (`captures`) does not tell them apart: one quotation of 30
words is a fifth of a short article, and a copy with every third word changed has no five
words left in a row. So two more figures are measured of each pair, both of them without the words
in quotation marks and without the longest stretch that is alike, up to 60 words of it: an
independent article may share a quotation, marked or not.

*spread*: the share of the part's distinct runs of five words that stand in the whole, 0 where
they are fewer than 12. It finds what was copied and rewritten here and there.

*carried*: the share of the part's words in stretches that run alongside each other: pairs of
neighbouring words that stand in both texts, in the same order, never more than 6 words from
one pair to the next in either text, 12 words or more in all. It finds what was
paraphrased word by word.

The thresholds lie between what is a copy and what is not. In the five captures of the first
report, spread is 21.5% for the paraphrase and 3.7% for the rewrite, and 0 for texts that are
independent or share a headline; between 600 pairs of chapters of one handbook, which share
subject and terms, it is at most 1.1%. Carried is 62% for the paraphrase and from 34% to 67%
where every third word was changed, in turn or at random; at most 2.6% between the chapters.
What one site prints around all its pages is shared text too: where captures hold enough of it,
a record says so by `independent_of`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dossier.captures import containment, words
from dossier.model import Overlap, Record
from dossier.origins import lineage
from dossier.problems import Problem, in_order

SPREAD = 0.02
CARRIED = 0.10
SHARE = 0.05
"""The threshold of the share alone, where an overlap was measured without the other two."""

_QUOTATION = 60
"""Words of the longest stretch that are taken for a quotation."""

_FEWEST_RUNS = 12
_GAP = 6
_SHORTEST_STRETCH = 12
_COMMON = 20
"""A pair of words that stands more often in a text than this is no sign of anything."""

_QUOTED = re.compile(
    r"“(?:(?!\n[ \t\r]*\n)[^”“]){1,800}”"
    r"|(?<!\w)\"(?=\S)(?:(?!\n[ \t\r]*\n)[^\"“”]){1,800}(?<=\S)\"(?!\w)"
)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much of one text stands in another: three shares from 0 to 1, of four decimals."""

    share: float
    spread: float
    carried: float

    @property
    def shown(self) -> str:
        """The three shares in words."""
        return f"{self.share:.4f} (spread {self.spread:.4f}, carried {self.carried:.4f})"

    @property
    def copied(self) -> bool:
        """Whether the text can only be a copy."""
        return self.spread >= SPREAD or self.carried >= CARRIED


@dataclass(frozen=True, slots=True)
class _Told:
    """The words of a text, and for each whether it stands in quotation marks."""

    words: tuple[str, ...]
    quoted: tuple[bool, ...]


def _told(text: str) -> _Told:
    found: list[str] = []
    quoted: list[bool] = []
    at = 0
    for match in _QUOTED.finditer(text):
        for piece, inside in ((text[at : match.start()], False), (match[0], True)):
            more = words(piece)
            found += more
            quoted += [inside] * len(more)
        at = match.end()
    more = words(text[at:])
    return _Told((*found, *more), (*quoted, *[False] * len(more)))


def likeness(part: str, whole: str, run: int = 5) -> Likeness:
    """Return how much of a text stands in another; of four decimals, as they are written.

    The share is the containment of `captures`.
    """
    told, other = _told(part), words(whole)
    # The words of a text do not depend on its quotation marks, save where these join two.
    share = containment(words(part), other, run)
    skipped = _longest(told.words, other)
    kept = [not q and i not in skipped for i, q in enumerate(told.quoted)]
    return Likeness(
        round(share, 4),
        round(_spread(told.words, other, kept, run), 4),
        round(_carried(told, other, kept), 4),
    )


def _runs(sequence: Sequence[str], run: int) -> list[tuple[str, ...]]:
    return [tuple(sequence[at : at + run]) for at in range(len(sequence) - run + 1)]


def _spread(part: Sequence[str], whole: Sequence[str], kept: Sequence[bool], run: int) -> float:
    runs = _runs(part, run)
    known = set(_runs(whole, run))
    shared = {r for at, r in enumerate(runs) if all(kept[at : at + run]) and r in known}
    return len(shared) / len(set(runs)) if len(shared) >= _FEWEST_RUNS else 0.0


def _places(whole: Sequence[str]) -> dict[tuple[str, str], list[int]]:
    """Return where each pair of neighbouring words stands in a text."""
    places: dict[tuple[str, str], list[int]] = {}
    for at in range(len(whole) - 1):
        places.setdefault((whole[at], whole[at + 1]), []).append(at)
    return places


def _pairs(part: Sequence[str], whole: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the places, in the part and in the whole, of each pair of words that both have."""
    places = _places(whole)
    for at in range(len(part) - 1):
        found = places.get((part[at], part[at + 1]), ())
        if len(found) <= _COMMON:
            for other in found:
                yield at, other


def _longest(part: Sequence[str], whole: Sequence[str]) -> Collection[int]:
    """Return the places in the part of the longest stretch alike, as far as a quotation goes.

    It may stand in the part more than once, as a headline does.
    """
    places = _places(whole)
    best, end = 0, 0
    before: dict[int, int] = {}
    for at in range(len(part) - 1):
        lengths = {o: before.get(o - 1, 1) + 1 for o in places.get((part[at], part[at + 1]), ())}
        longest = max(lengths.values(), default=0)
        if longest > best:
            best, end = longest, at + 2
        before = lengths
    stretch = tuple(part[end - best : end][:_QUOTATION])
    return {
        at + step
        for at in range(len(part) - len(stretch) + 1)
        if stretch and part[at] == stretch[0] and tuple(part[at : at + len(stretch)]) == stretch
        for step in range(len(stretch))
    }


def _carried(part: _Told, whole: Sequence[str], kept: Sequence[bool]) -> float:
    """Return the share of the part's words outside quotation marks in stretches alongside."""
    own = part.quoted.count(False)
    alongside = _alongside(part.words, whole)
    return sum(kept[at] for at in alongside) / own if own else 0.0


def _alongside(part: Sequence[str], whole: Sequence[str]) -> set[int]:
    """Return the places in the part of the words in stretches that run alongside the whole.

    For each pair the longest stretch that ends in it is found from those that end up to
    `_GAP` words before it; then the longest are taken, each pair once.
    """
    pairs = list(_pairs(part, whole))
    length: list[int] = []
    previous: list[int] = []
    near: list[tuple[int, dict[int, int]]] = []  # places in the part, each with those in the whole
    for number, (at, other) in enumerate(pairs):
        if not near or near[-1][0] != at:
            near = [n for n in near if at - n[0] < _GAP]
            near.append((at, {}))
        best, link = 2, -1
        for place, ends in near[:-1]:
            for step in range(1, _GAP + 1):
                earlier = ends.get(other - step)
                if earlier is not None:
                    grown = length[earlier] + min(2, at - place, step)
                    if grown > best:
                        best, link = grown, earlier
        length.append(best)
        previous.append(link)
        near[-1][1][other] = number
    taken: set[int] = set()
    found: set[int] = set()
    for last in sorted(range(len(pairs)), key=lambda n: (-length[n], n)):
        if length[last] < _SHORTEST_STRETCH:
            break
        stretch: set[int] = set()
        number = last
        while number != -1 and number not in taken:
            taken.add(number)
            stretch |= {pairs[number][0], pairs[number][0] + 1}
            number = previous[number]
        if len(stretch) >= _SHORTEST_STRETCH:
            found |= stretch
    return found


def undeclared_copies(
    overlaps: Iterable[Overlap], records: Mapping[str, Record]
) -> tuple[Problem, ...]:
    """Return a problem for each two sources that share text without a relation between them.

    Related are two records whose lineages meet (one copies or relies on the other, or both on a
    third), and those where every passage of one leads through the other. A record may also say
    that it is `independent_of` another, with the reason. Code: undeclared-copy.
    """
    worst: dict[frozenset[str], Overlap] = {}
    for overlap in overlaps:
        pair = frozenset((overlap.part, overlap.whole))
        if len(pair) < 2 or not pair <= records.keys() or not _is_copy(overlap):
            continue
        worst[pair] = max(worst.get(pair, overlap), overlap, key=_weight)
    problems: list[Problem] = []
    for overlap in worst.values():
        part, whole = records[overlap.part], records[overlap.whole]
        if _related(part, whole, records):
            continue
        message = (
            f"`{part.key}` shares text with `{whole.key}`, and no relation between them is "
            f"declared: {_figures(overlap)}"
        )
        hint = (
            f"in the record of the one that copies, say `copy_of:` or `relies_on:` the other; "
            f"where both take it from a third, say so in both; where they are alike for "
            f"another reason, add `independent_of: [{{key: {whole.key}, reason: ...}}]`"
        )
        span = overlap.span
        problems.append(
            Problem("undeclared-copy", span.path, span.line, span.column, message, hint)
        )
    return in_order(problems)


def _is_copy(overlap: Overlap) -> bool:
    if overlap.spread is None or overlap.carried is None:
        return overlap.share >= SHARE
    return overlap.spread >= SPREAD or overlap.carried >= CARRIED


def _weight(overlap: Overlap) -> tuple[float, float]:
    return (max(overlap.spread or 0.0, overlap.carried or 0.0), overlap.share)


def _figures(overlap: Overlap) -> str:
    share = f"{overlap.share:.1%} of its runs of {overlap.run} words stand there"
    if overlap.spread is None or overlap.carried is None:
        return share
    return (
        f"{share}, {overlap.spread:.1%} without quotations, and {overlap.carried:.1%} of its "
        f"words run alongside"
    )


def _related(one: Record, other: Record, records: Mapping[str, Record]) -> bool:
    if any(i.key == other.key for i in one.independent_of):
        return True
    if any(i.key == one.key for i in other.independent_of):
        return True
    if _keys(one.key, records) & _keys(other.key, records):
        return True
    return _all_through(one, other, records) or _all_through(other, one, records)


def _keys(address: str, records: Mapping[str, Record]) -> set[str]:
    return {point.key for point in lineage(address, records)[0]}


def _all_through(one: Record, other: Record, records: Mapping[str, Record]) -> bool:
    """Tell whether every passage of a record leads through another record."""
    return bool(one.passages) and all(
        other.key in _keys(f"{one.key}#{passage.id}", records) for passage in one.passages
    )
