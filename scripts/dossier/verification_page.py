"""What was checked in a report, how, and what was not: the page *Verification*.

Every number on it is counted here or handed in by what did the checking; none is typed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from dossier.assessments import SCALE, badge
from dossier.model import Assessed, Evidence
from dossier.standing import PassageStanding, standing_of
from dossier.wording import date_in_words


@dataclass(frozen=True, slots=True)
class Counts:
    """How much of the pages was held against the evidence.

    `titles` are texts in double marks that are titles of works cited; `own_dates` numbers that
    stand in the date or title of the entry cited; `on` is the day of the edition, ISO 8601.
    """

    quotations: int
    numbers: int
    calculations: int = 0
    titles: int = 0
    own_dates: int = 0
    on: str = ""


@dataclass(frozen=True, slots=True)
class Exempted:
    """An exception that a person made: where, for which words, and why."""

    where: str
    words: str
    reason: str


def verification_html(
    evidence: Evidence,
    assessed: Sequence[Assessed],
    counts: Counts,
    exceptions: Iterable[Exempted] = (),
) -> str:
    """Return four tables: what was checked, how passages are held, assessments, exceptions."""
    passages = [
        standing_of(passage, record, evidence.checks)
        for record in evidence.records.values()
        for passage in record.passages
    ]
    day = f" Edition of {escape(date_in_words(counts.on))}." if counts.on else ""
    return "\n".join(
        (
            _table(
                "What was checked",
                "All of it is checked by every build, on every page, with no page left out; one "
                f"that fails is not published.{day}",
                ("What", "How many", "How"),
                _checked(evidence, counts),
            ),
            _table(
                "How the passages are held",
                "What is only transcribed was copied from the source by hand, and nothing but a "
                "look at the source can show a fault in it.",
                ("Standing", "Passages", "What it means"),
                _standings(passages, evidence),
            ),
            _table(
                "What the findings come to",
                "Computed from the origins of the passages that bear on each; never typed.",
                ("Assessment", "Findings"),
                [
                    (badge(name), f"{sum(item.assessment == name for item in assessed):,}")
                    for name in SCALE
                ],
            ),
            _exceptions(tuple(exceptions)),
        )
    )


def _checked(evidence: Evidence, counts: Counts) -> list[tuple[str, ...]]:
    counted = [
        (
            "Quotations",
            counts.quotations,
            "Each stands word for word in a passage of a source cited in the same sentence.",
        ),
        (
            "Titles in quotation marks",
            counts.titles,
            "Each is the title of a work cited in the same sentence.",
        ),
        (
            "Numbers and dates",
            counts.numbers,
            "Each stands in a passage of a source cited in the same sentence.",
        ),
        (
            "Dates and numbers of the works themselves",
            counts.own_dates,
            "Each stands in the date or the title of the work cited.",
        ),
        (
            "Calculations",
            counts.calculations,
            "Each is worked out again, and agrees to the digits shown.",
        ),
        (
            "Findings",
            len(evidence.findings),
            "Each lists its passages, and its assessment follows from their origins.",
        ),
        (
            "Rows of series",
            sum(len(series.rows) for series in evidence.series.values()),
            "Each number stands in a passage of its row.",
        ),
        (
            "Overlaps of texts",
            len(evidence.overlaps),
            "Each names by their hashes the two texts that were measured.",
        ),
    ]
    # What a report does not have needs no line, but its quotations and numbers always do.
    always = ("Quotations", "Numbers and dates", "Findings")
    return [(what, f"{number:,}", how) for what, number, how in counted if number or what in always]


_STANDINGS: Final = {
    "checked": ("checked live", "Found at its address, or in an archived copy of it."),
    "sealed": ("sealed", "Found in the text of the source as it was retrieved."),
    "transcribed": ("transcribed", "Copied by hand, and not sealed in a text of the source."),
}


def _standings(passages: Sequence[PassageStanding], evidence: Evidence) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for how, (word, meaning) in _STANDINGS.items():
        days = Counter(one.date for one in passages if one.kind == how)
        for on, number in sorted(days.items()):
            when = f" on {escape(date_in_words(on))}" if on else ""
            rows.append((f"{word}{when}", f"{number:,}", meaning))
    twice = sum(p.read == "twice" for r in evidence.records.values() for p in r.passages)
    meaning = "Compared with the source, character by character, by a second reader."
    return [*rows, ("of all these, read twice", f"{twice:,}", meaning)]


def _exceptions(exceptions: tuple[Exempted, ...]) -> str:
    if not exceptions:
        return '<p class="exceptions">No exception was made.</p>'
    return _table(
        "Exceptions",
        "Made by a person, each for one place and one reason.",
        ("Where", "Words", "Reason"),
        [(escape(e.where), escape(e.words), escape(e.reason)) for e in exceptions],
    )


def _table(caption: str, note: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    number = {n for n, head in enumerate(heads) if head in ("How many", "Passages", "Findings")}
    named = "".join(
        f'<th scope="col"{_class(n in number)}>{escape(head)}</th>' for n, head in enumerate(heads)
    )
    body = "\n".join(
        "<tr>"
        + "".join(
            f'<th scope="row">{cell}</th>'
            if n == 0
            else f'<td data-label="{escape(heads[n])}"{_class(n in number)}>{cell}</td>'
            for n, cell in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    return (
        '<div class="table-box"><table class="series verification">\n'
        f'<caption>{escape(caption)} <span class="caption-note">{note}</span></caption>\n'
        f"<thead>\n<tr>{named}</tr>\n</thead>\n<tbody>\n{body}\n</tbody>\n</table></div>"
    )


def _class(number: bool) -> str:
    return ' class="num"' if number else ""
