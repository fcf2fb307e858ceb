"""Who takes text or facts from whom: the relations of records as a graph of sources.

The graph of one story is small. It is drawn by `lineage_drawing` and told in words by
`lineage_figure`; here it is only worked out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from dossier.addresses import split_address
from dossier.model import Overlap, Record, Reference, in_percent
from dossier.origins import ITSELF

RUN: Final = 5
"""The number of words in the runs whose overlap is shown."""

Taken = Literal["text", "facts"]


@dataclass(frozen=True, slots=True)
class Measured:
    """How much of a text stands in that of the source `whole`, from 0 to 1."""

    share: float
    whole: str

    @property
    def percent(self) -> str:
        """The share in per cent, to one digit, a half rounded up: `32.2%`."""
        return in_percent(self.share)


@dataclass(frozen=True, slots=True)
class Relation:
    """What one source takes from another.

    `passages` counts those that take facts, 0 where the whole source does. `measured` tells how
    much of the taker's text stands in the giver's; where no text of the giver is held, in that
    of the copy of it to which the others are nearest.
    """

    giver: str
    taker: str
    taken: Taken
    passages: int = 0
    measured: Measured | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A source of the graph.

    `name` and `about` are plain text that tell it from the others. `nearest` names the source
    for whose text, which is not held, its own stands when copies are measured. `measured` is the
    largest share of its text that stands in a text from which it takes none.
    """

    key: str
    name: str
    about: str = ""
    nearest: str = ""
    measured: Measured | None = None


@dataclass(frozen=True, slots=True)
class Graph:
    """Sources, in the order of their keys, and relations: of text first, then of facts."""

    sources: tuple[Source, ...] = ()
    relations: tuple[Relation, ...] = ()

    def source(self, key: str) -> Source:
        """Return the source of that key; raises KeyError where there is none."""
        for source in self.sources:
            if source.key == key:
                return source
        raise KeyError(key)

    def given_to(self, key: str) -> tuple[Relation, ...]:
        """Return what a source takes from others."""
        return tuple(r for r in self.relations if r.taker == key)


def lineage_graph(
    records: Mapping[str, Record],
    references: Mapping[str, Reference],
    overlaps: Iterable[Overlap] = (),
    keys: Collection[str] = (),
) -> Graph:
    """Return the lineage of the sources named, or of every source that copies or is copied.

    To those named belong all texts copied from the same and whatever rests on them. Beside
    these stand all sources on which they rest, and each whose text was compared with one of
    theirs and which rests on a source of the graph too. Passages count for their records; what
    a copy takes over with the text that it copies is shown at that text only.
    """
    relations = tuple(_relations(records))
    chosen = _chosen(records, relations, keys)
    measures = {(o.part, o.whole): o.share for o in overlaps if o.run == RUN}
    above = chosen | _reached(chosen, relations)
    chosen |= {
        key
        for pair in measures
        for key, other in (pair, pair[::-1])
        if key in records and other in chosen and _reached({key}, relations) & above
    }
    chosen |= _reached(chosen, relations)
    shown = tuple(r for r in relations if r.giver in chosen and r.taker in chosen)
    nearest = _nearest(shown, measures)
    return Graph(
        tuple(_sources(chosen, records, references, shown, measures, nearest)),
        tuple(_measured(relation, measures, nearest) for relation in shown),
    )


def _relations(records: Mapping[str, Record]) -> Iterator[Relation]:
    """Yield what sources take from each other, each pair once, texts before facts."""
    facts = {}
    for key, record in records.items():
        found: dict[str, int] = {}
        for passage in record.passages:
            if passage.relies_on not in (None, ITSELF):
                giver = split_address(str(passage.relies_on), records)[0]
                found[giver] = found.get(giver, 0) + 1
        if record.relies_on:
            found[split_address(record.relies_on, records)[0]] = 0
        facts[key] = {g: n for g, n in found.items() if g not in (key, record.copy_of)}
    for key, record in records.items():
        if record.copy_of and record.copy_of != key:
            yield Relation(record.copy_of, key, "text")
    for key, found in facts.items():
        taken_over = {giver for copied in _copied(key, records) for giver in facts[copied]}
        for giver, passages in found.items():
            if not passages or giver not in taken_over:
                yield Relation(giver, key, "facts", passages)


def _copied(key: str, records: Mapping[str, Record]) -> Iterator[str]:
    """Yield the texts that a text is copied from, its original last."""
    seen = {key}
    while (key := records[key].copy_of) in records and key not in seen:
        seen.add(key)
        yield key


def _chosen(
    records: Mapping[str, Record], relations: tuple[Relation, ...], keys: Collection[str]
) -> set[str]:
    texts = [r for r in relations if r.taken == "text"]
    if not keys:
        return {key for r in texts for key in (r.giver, r.taker)}
    chosen = {key for key in keys if key in records}
    while True:
        more = {r.taker for r in relations if r.giver in chosen}
        more |= {r.giver for r in texts if r.taker in chosen}
        if more <= chosen:
            return chosen
        chosen |= more


def _reached(keys: Collection[str], relations: tuple[Relation, ...]) -> set[str]:
    """Return all sources on which these rest."""
    reached: set[str] = set()
    waiting = set(keys)
    while waiting:
        waiting = {r.giver for r in relations if r.taker in waiting} - reached
        reached |= waiting
    return reached


def _nearest(
    relations: tuple[Relation, ...], measures: Mapping[tuple[str, str], float]
) -> dict[str, str]:
    """Return for each original without a text the copy in which most of the others stands."""
    copies: dict[str, list[str]] = {}
    for relation in relations:
        if relation.taken == "text":
            copies.setdefault(relation.giver, []).append(relation.taker)
    nearest = {}
    for original, takers in copies.items():
        if any(original in pair for pair in measures):
            continue
        sums = {whole: sum(measures.get((part, whole), 0.0) for part in takers) for whole in takers}
        best = max(sorted(sums), key=lambda key: sums[key])
        if sums[best]:
            nearest[original] = best
    return nearest


def _measured(
    relation: Relation,
    measures: Mapping[tuple[str, str], float],
    nearest: Mapping[str, str],
) -> Relation:
    if relation.taken == "text":
        whole = nearest.get(relation.giver, relation.giver)
        share = measures.get((relation.taker, whole))
        if share is not None:
            return replace(relation, measured=Measured(share, whole))
    return relation


def _sources(
    chosen: Collection[str],
    records: Mapping[str, Record],
    references: Mapping[str, Reference],
    relations: tuple[Relation, ...],
    measures: Mapping[tuple[str, str], float],
    nearest: Mapping[str, str],
) -> Iterator[Source]:
    named = {key: _named(key, records.get(key), references.get(key)) for key in sorted(chosen)}
    stands_for = {copy: original for original, copy in nearest.items()}
    copies = {r.taker for r in relations if r.taken == "text"}
    for key, (name, about) in named.items():
        alike = list(named.values()).count((name, about)) > 1
        shares = [
            Measured(share, whole)
            for (part, whole), share in sorted(measures.items())
            if part == key and whole in chosen and key not in copies
        ]
        most = max(shares, key=lambda measured: measured.share, default=None)
        told = ", ".join(filter(None, (about, key if alike else "")))
        yield Source(key, name, told, stands_for.get(key, ""), most)


def _named(key: str, record: Record | None, reference: Reference | None) -> tuple[str, str]:
    """Return who published a source, and what it is and of which year."""
    authors = reference.authors if reference else ()
    name = " and ".join(authors) if len(authors) < 3 else f"{authors[0]} et al."
    kind = record.kind if record else ""
    year = reference.date[:4] if reference else ""
    title = reference.title if reference else ""
    return name.strip() or title.strip() or key, ", ".join(filter(None, (kind, year)))
