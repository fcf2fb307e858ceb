"""Where statements start: the graph of `voice`, `relies_on`, `variant_of` and `copy_of`.

Findings are assessed by distinct origins, so that five copies of one article count once.
Nothing here fails on a broken graph: what is wrong with it is for `relations` to say, and an
origin is given all the same.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from dossier.addresses import split_address
from dossier.model import Assessed, Assessment, Finding, Record

Records: TypeAlias = Mapping[str, Record]

VOICE = "voice:"
"""How the name of an origin begins that is a speaker without a record."""

ITSELF = "none"
"""The value of `relies_on` by which a passage says that its source speaks for itself."""


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """A point of a lineage: a passage, a record, the words of a record, or a voice.

    With `words` only `copy_of` leads on: it is the source's own text, whatever the record
    says of its facts.
    """

    key: str
    id: str = ""
    words: bool = False

    @property
    def address(self) -> str:
        """The point as an author writes it."""
        return f"{self.key}#{self.id}" if self.id else self.key


def origin_of(address: str, records: Records) -> str:
    """Return the origin of a passage (`key#id`) or of a whole record (`key`).

    It is the key where the chain of relations ends, or `voice:name`. What runs into a loop
    has the alphabetically first key of the loop for origin, so that its members count once;
    a key without a record is its own origin.
    """
    chain, loop = lineage(address, records)
    return min(loop).key if loop else chain[-1].key


def lineage(address: str, records: Records) -> tuple[tuple[Point, ...], tuple[Point, ...]]:
    """Return the points from an address to its origin, both included, and the loop, if any.

    Where the chain runs into a loop, the loop holds each of its points once.
    """
    chain = [Point(*split_address(address, records))]
    seen = {chain[0]: 0}
    while (following := _next(chain[-1], records)) is not None:
        if following in seen:
            return tuple(chain), tuple(chain[seen[following] :])
        seen[following] = len(chain)
        chain.append(following)
    return tuple(chain), ()


def _next(point: Point, records: Records) -> Point | None:
    """Return where a point takes its facts or its text from, None where it starts there.

    For a passage the first of these counts: a voice, `relies_on` with a key, `variant_of`
    (an altered copy has the origin of what it alters, even where it says `none`), `none`,
    what its record says. `none` sets aside only the record's `relies_on`: the words of a
    copy remain those of the text it copies, else five copies that each say `none` would
    count as five. They stop at that text and do not go on to what *it* relies on, because
    `none` says that these words are reporting of its own.
    """
    record = records.get(point.key)
    if record is None:
        return None
    if point.id:
        passage = record.passage(point.id)
        if passage is None:
            return Point(point.key)
        if passage.voice:
            return Point(voice_of(passage.voice))
        if passage.relies_on not in (None, ITSELF):
            return Point(*split_address(str(passage.relies_on), records))
        if passage.variant_of:
            return Point(*split_address(passage.variant_of, records))
        return Point(point.key, words=passage.relies_on == ITSELF)
    if record.relies_on and not point.words:
        return Point(*split_address(record.relies_on, records))
    if record.copy_of:
        return Point(record.copy_of, words=point.words)
    return None


# A speaker stands in many passages, and a slug takes a look at every character.
@lru_cache(maxsize=4096)
def voice_of(name: str) -> str:
    """Return the origin that a speaker without a record is: `voice:` and the name as a slug.

    Case, accents, punctuation and spacing do not tell two voices apart.
    """
    bare = "".join(
        c for c in unicodedata.normalize("NFKD", name) if unicodedata.category(c) != "Mn"
    )
    kept = (c if c.isalnum() else " " for c in bare.casefold())
    return VOICE + "-".join("".join(kept).split())


def assess(finding: Finding, records: Records) -> Assessed:
    """Return the finding with its assessment and the distinct origins behind it."""
    sides: dict[str, set[str]] = {"supports": set(), "qualifies": set(), "contradicts": set()}
    for item in finding.evidence:
        sides[item.bears].add(origin_of(item.passage, records))
    # A source is primary by its origin, not by the record a passage happens to stand in: a
    # newspaper that passes on the figures of a statute has the weight of the statute, and
    # hearsay that a primary document repeats gains none by being repeated there. A primary
    # record that speaks for itself is its own origin, so it is counted too.
    primary = {key for key, record in records.items() if record.standing == "primary"}
    return Assessed(
        finding=finding,
        assessment=assessment_of(
            sides["supports"], sides["qualifies"], sides["contradicts"], primary
        ),
        supports=tuple(sorted(sides["supports"])),
        qualifies=tuple(sorted(sides["qualifies"])),
        contradicts=tuple(sorted(sides["contradicts"])),
    )


def assess_all(findings: Iterable[Finding], records: Records) -> tuple[Assessed, ...]:
    """Return the findings with their assessments, in their order."""
    return tuple(assess(finding, records) for finding in findings)


def assessment_of(
    supports: Collection[str],
    qualifies: Collection[str],
    contradicts: Collection[str],
    primary: Collection[str],
) -> Assessment:
    """Return what distinct origins come to: the table of DESIGN.md, the first that matches.

    An origin that contradicts only itself makes no dispute: that takes *another* origin.
    """
    if not supports and not contradicts:
        return "unsupported"
    primary_against = any(origin in primary for origin in contradicts)
    if not supports or (primary_against and not any(origin in primary for origin in supports)):
        return "contradicted"
    if contradicts and len({*supports, *contradicts}) > 1:
        return "disputed"
    if qualifies:
        return "qualified"
    return "single-origin" if len(supports) == 1 else "confirmed"
