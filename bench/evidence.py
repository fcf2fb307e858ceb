"""Synthetic evidence and pages for the gates, alike at every size and in every run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from dossier.model import Evidence, Passage, Record, Reference, Span
from dossier.syntax import Page, scan_page

_SEED = 287
_SOURCE_WORDS, _PASSAGE_WORDS = 1_000, 50
_SOURCE_NUMBERS, _PASSAGE_NUMBERS = 200, 10
# Ranks as in prose, where a few words make up half of it: words that were all equally rare
# would make every run of them easy to find.
_WORDS, _TOP = 20_000, 3
_UNITS_A_PAGE = 500
_OF_ANOTHER_SOURCE, _NOWHERE = 8, 2
"""Quotations of a hundred that stand in a source not cited there, and in none."""
_SYLLABLES = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]


@dataclass(frozen=True, slots=True)
class Trial:
    """What a gate is given, and what it has to find: the number of each code of problem."""

    evidence: Evidence
    pages: tuple[Page, ...]
    expected: dict[str, int]


def make_quotations(sources: int, quotations: int) -> Trial:
    """Return sources of 1,000 words each, and pages that quote 6 to 20 words at a time.

    Of a hundred quotations 90 stand in the source cited, 8 in another one, and 2 nowhere.
    """
    random = Random(_SEED)  # noqa: S311 - no secret
    vocabulary = ["".join(random.choices(_SYLLABLES, k=2 + n // 4_000)) for n in range(_WORDS)]
    weights = list(accumulate(1 / (n + _TOP) for n in range(_WORDS)))
    texts = [
        random.choices(vocabulary, cum_weights=weights, k=_SOURCE_WORDS) for _ in range(sources)
    ]
    units, expected = [], {"quote-in-other-source": 0, "quote-not-found": 0}
    for number in range(quotations):
        cited, long = random.randrange(sources), random.randint(6, 20)
        source, kind = cited, number % 100
        if kind < _OF_ANOTHER_SOURCE:
            source = (cited + random.randrange(1, sources)) % sources
            expected["quote-in-other-source"] += 1
        at = random.randrange(0, _SOURCE_WORDS, _PASSAGE_WORDS)
        at += random.randint(0, _PASSAGE_WORDS - long)
        words = texts[source][at : at + long]
        if _OF_ANOTHER_SOURCE <= kind < _OF_ANOTHER_SOURCE + _NOWHERE:
            # One word changed, as a slip of the pen is: the other words stand in many places.
            words[long // 2] += "x"
            expected["quote-not-found"] += 1
        units.append(f'The source says "{" ".join(words)}" [@s{cited}].')
    return Trial(_evidence(texts, _PASSAGE_WORDS), tuple(_pages(units)), expected)


def make_numbers(sources: int, numbers: int) -> Trial:
    """Return sources of 200 numbers each, and pages that give two of one in a sentence.

    Two of a hundred stand in no source.
    """
    random = Random(_SEED)  # noqa: S311 - no secret
    texts = [[_number(random) for _ in range(_SOURCE_NUMBERS)] for _ in range(sources)]
    units, missing = [], 0
    for unit in range(numbers // 2):
        cited = random.randrange(sources)
        one, other = random.sample(texts[cited], 2)
        if unit % 25 == 0:
            other = f"{random.randint(2_000, 9_999):,}.5 tons"
            missing += 1
        units.append(f"It went from {one} to {other} [@s{cited}].")
    return Trial(
        _evidence([[f"about {n} of it and" for n in text] for text in texts], _PASSAGE_NUMBERS),
        tuple(_pages(units)),
        {"number-not-found": missing},
    )


def _number(random: Random) -> str:
    amount = random.randint(2, 99_999)
    return random.choice(
        (
            f"${amount / 10:,.1f} million",
            f"{amount:,} agents",
            f"{amount % 1_000 / 10} percent",
            f"March {amount % 28 + 1}, {amount % 40 + 1980}",
        )
    )


def _evidence(texts: Sequence[Sequence[str]], size: int) -> Evidence:
    """Return an entry and a record for each text, its passages of so many pieces each."""
    references, records = {}, {}
    for number, text in enumerate(texts):
        key = f"s{number}"
        references[key] = Reference(key, "misc", (), "", Span("references.bib"), title=f"T {key}")
        records[key] = Record(
            key,
            "news",
            Span(f"sources/records/{key}.yml"),
            passages=tuple(
                Passage(f"p{at}", " ".join(text[at : at + size]), Span("s.yml"))
                for at in range(0, len(text), size)
            ),
        )
    return Evidence(references, records)


def _pages(units: list[str]) -> Iterator[Page]:
    """Yield pages of so many units each, two in a paragraph."""
    for at in range(0, len(units), _UNITS_A_PAGE):
        some = units[at : at + _UNITS_A_PAGE]
        text = "\n\n".join(" ".join(some[n : n + 2]) for n in range(0, len(some), 2))
        yield scan_page(f"docs/p{at}.md", f"# Page\n\n{text}\n")
