"""The assessments of all findings, chapter by chapter: a sign for each finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

from dossier.assessments import SCALE
from dossier.charts.marks import LEADING, NARROW, Drawing, lines, rule, signs, text
from dossier.lineage.boxes import NOTE_SIZE, text_width
from dossier.model import Assessed, Assessment
from dossier.problems import counted
from dossier.wording import ASSESSMENT_SIGNS, ASSESSMENT_WORDS

_LABEL: Final = 270.0
_STEP: Final = 17.0
_GAP: Final = 9.0


def tally(assessed: Sequence[Assessed], titles: Mapping[str, str], width: float) -> Drawing:
    """Return a line of signs for each chapter, the firmest first, under a key of the signs.

    `titles` gives the title of a chapter, in the order in which chapters stand; one without a
    title stands last, under its name.
    """
    narrow = width <= NARROW
    left = 0.0 if narrow else _LABEL
    marks, y = _key(assessed, width)
    marks.append(rule(0, y, width, y, "axis"))
    for chapter, counts in by_chapter(assessed, titles).items():
        named, below = lines(0, y + 19, titles.get(chapter, chapter), (left or width) - 12, "label")
        marks += named
        base = below + 1 if narrow else y + 19
        x, places, written = left, list[float](), ""
        for name in SCALE:
            for _ in range(counts[name]):
                if x + _STEP > width:
                    marks.append(signs(places, base, written))
                    x, places, written, base = left, [], "", base + LEADING + 2
                places.append(x + _STEP / 2)
                written += ASSESSMENT_SIGNS[name]
                x += _STEP
            x += _GAP if counts[name] else 0
        marks.append(signs(places, base, written))
        y = max(below - LEADING, base) + 9
        marks.append(rule(0, y, width, y))
    return Drawing(width, y + 1, tuple(marks))


def _key(assessed: Sequence[Assessed], width: float) -> tuple[list[str], float]:
    """Return what the signs mean, with the findings of each counted, and the y below."""
    counts = Counter(item.assessment for item in assessed)
    marks: list[str] = []
    x, y = 0.0, 14.0
    for name in SCALE:
        words = f"{ASSESSMENT_WORDS[name]} {counts[name]}"
        wide = _STEP + 5 + text_width(words, NOTE_SIZE)
        if x and x + wide > width:
            x, y = 0.0, y + LEADING + 4
        marks += [
            signs([x + _STEP / 2], y, ASSESSMENT_SIGNS[name]),
            text(x + _STEP + 5, y, words, "label"),
        ]
        x += wide + 10
    return marks, y + 10


def by_chapter(
    assessed: Sequence[Assessed], titles: Mapping[str, str]
) -> dict[str, Counter[Assessment]]:
    """Return the assessments of each chapter that has findings, counted."""
    found: dict[str, Counter[Assessment]] = {chapter: Counter() for chapter in titles}
    for item in assessed:
        found.setdefault(item.finding.chapter, Counter())[item.assessment] += 1
    return {chapter: counts for chapter, counts in found.items() if counts}


def tally_in_words(assessed: Sequence[Assessed], titles: Mapping[str, str]) -> str:
    """Return how many findings have each assessment."""
    counts = Counter(item.assessment for item in assessed)
    told = ", ".join(f"{counts[name]} {ASSESSMENT_WORDS[name]}" for name in SCALE if counts[name])
    findings = counted(len(assessed), "finding")
    chapters = counted(len(by_chapter(assessed, titles)), "chapter")
    return f"{findings} in {chapters}: {told or 'none'}."


def tally_table(assessed: Sequence[Assessed], titles: Mapping[str, str]) -> str:
    """Return `table.series` with the findings of each chapter, counted by assessment."""
    heads = "".join(f'<th scope="col" class="num">{ASSESSMENT_WORDS[name]}</th>' for name in SCALE)
    rows = "\n".join(
        f'<tr><th scope="row">{escape(titles.get(chapter, chapter))}</th>'
        + "".join(
            f'<td class="num" data-label="{ASSESSMENT_WORDS[name].capitalize()}">'
            f"{counts[name]}</td>"
            for name in SCALE
        )
        + "</tr>"
        for chapter, counts in by_chapter(assessed, titles).items()
    )
    return (
        '<table class="series" id="series-assessments">\n'
        "<caption>Findings of each chapter, by assessment</caption>\n"
        f'<thead>\n<tr><th scope="col">Chapter</th>{heads}</tr>\n</thead>\n'
        f"<tbody>\n{rows}\n</tbody>\n</table>"
    )
