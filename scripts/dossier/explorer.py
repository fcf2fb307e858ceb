"""All findings in one table, each with its number, its evidence and what bears on citing it.

The table is whole without a script. For the script it carries, row by row, what readers filter
and sort by; the controls stand in the page and are hidden until a script makes them work. No
work is listed below it: each passage stands in its row, in its own words, and leads to where
its source is listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Final

from dossier.assessments import SCALE, badge
from dossier.model import Assessed, Bearing, Bears, Passage, Standing
from dossier.problems import counted
from dossier.wording import (
    ASSESSMENT_WORDS,
    BEARING_SIGNS,
    STANDING_WORDS,
    grouped,
    origins_in_words,
)

_ORIGINS: Final = {"0": "None in support", "1": "One in support", "2": "Two or more in support"}


@dataclass(frozen=True, slots=True)
class Held:
    """A passage as the table shows it: its words, the name and the kind of its source, its place.

    `address` leads to the passage among the references, empty where no page lists it.
    """

    label: str
    address: str = ""
    passage: Passage | None = None
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the table needs of the site.

    `places` gives the address and the title of the page of a chapter, `held` a passage by its
    address, `beside` what else belongs to a finding, as HTML by its id.
    """

    held: Callable[[str], Held]
    places: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    beside: Mapping[str, str] = field(default_factory=dict)
    scale: str = ""


def explorer(items: Sequence[Assessed], around: Surroundings) -> str:
    """Return the controls and `table.findings.explorer`, a row `tr#finding-ID` a finding.

    Findings are numbered in the order of `items`. The row carries `data-number`,
    `data-chapter`, `data-assessment`, `data-origins`, `data-evidence` and `data-kinds`.
    """
    rows = "\n".join(_row(number, item, around) for number, item in enumerate(items, 1))
    heads = "".join(f'<th scope="col"{_sorting(key)}>{words}</th>' for words, key in _HEADS.items())
    note = (
        f' <span class="caption-note"><a href="{escape(around.scale)}">What the assessments mean'
        "</a></span>"
        if around.scale
        else ""
    )
    return (
        f"{_controls(items, around)}\n"
        '<div class="table-box" data-search-exclude><table class="findings explorer">\n'
        f"<caption>All findings{note}</caption>\n<thead>\n<tr>{heads}</tr>\n</thead>\n"
        f"<tbody>\n{rows}\n</tbody>\n</table></div>"
    )


def _sorting(key: str) -> str:
    return f' data-sort="{key}"' if key else ""


_HEADS: Final = {
    "Number": "number",
    "Finding": "",
    "Assessment": "assessment",
    "Origins": "origins",
    "Evidence": "evidence",
}


def _row(number: int, item: Assessed, around: Surroundings) -> str:
    finding = item.finding
    held = {bears.passage: around.held(bears.passage) for bears in finding.evidence}
    kinds = kinds_of(held.values())
    data = {
        "number": number,
        "chapter": finding.chapter,
        "assessment": item.assessment,
        "origins": item.origins,
        "evidence": len(finding.evidence),
        "kinds": " ".join(kinds),
    }
    attributes = "".join(f' data-{name}="{escape(str(value))}"' for name, value in data.items())
    page, title = around.places.get(finding.chapter, ("", finding.chapter))
    place = f"{page.partition('#')[0]}#finding-{finding.id}"
    chapter = f'<a href="{escape(place)}">{escape(title)}</a>' if page else escape(title)
    chapter = f'<p class="finding-chapter">{chapter}</p>'
    note = f'\n<p class="finding-note">{escape(finding.note)}</p>' if finding.note else ""
    stated = escape(finding.statement)
    # What heads the row is its statement; the number is the way to it.
    word = '<span class="number-word">Finding </span>'
    link = f'<a href="#finding-{escape(finding.id)}">{word}{number}</a>'
    folds = "\n".join(_fold(bearing, passages, held) for bearing, passages, _ in grouped(item))
    words = ", ".join(STANDING_WORDS[kind] for kind in kinds) or "none held"
    more = around.beside.get(finding.id, "")
    evidence = f'<p class="kinds">{words}</p>\n{folds}\n{more}'
    return "\n".join(
        (
            f'<tr id="finding-{escape(finding.id)}"{attributes}>',
            f'<td data-label="Number">{link}</td>',
            f'<th scope="row"><p class="finding-statement">{stated}</p>{note}\n{chapter}</th>',
            f'<td data-label="Assessment">{badge(item.assessment)}</td>',
            f'<td data-label="Origins"><span class="origins">{origins_in_words(item)}</span></td>',
            f'<td data-label="Evidence">{evidence}</td>',
            "</tr>",
        )
    )


def kinds_of(held: Iterable[Held]) -> tuple[Standing, ...]:
    """Return the kinds of sources among passages, each once, in the order of the wording."""
    found = {one.standing for one in held}
    return tuple(kind for kind in STANDING_WORDS if kind in found)


def _fold(bearing: Bearing, passages: Sequence[Bears], held: Mapping[str, Held]) -> str:
    sign = f'<span class="sign" aria-hidden="true">{BEARING_SIGNS[bearing]}</span>'
    count = counted(len(passages), "passage")
    listed = "\n".join(f"<li>{_passage(bears, held[bears.passage])}</li>" for bears in passages)
    return (
        f'<details class="evidence {bearing}"><summary>{sign} {bearing.capitalize()}: {count}'
        f"</summary>\n<ul>\n{listed}\n</ul>\n</details>"
    )


def _passage(bears: Bears, held: Held) -> str:
    words = f"<q>“{escape(held.passage.exact)}”</q> " if held.passage else ""
    name = escape(held.label)
    source = f'<a href="{escape(held.address)}">{name}</a>' if held.address else name
    note = f' <span class="bears-note">{escape(bears.note)}</span>' if bears.note else ""
    return f"{words}{source}{note}"


# -- controls ----------------------------------------------------------------------------


def _controls(items: Sequence[Assessed], around: Surroundings) -> str:
    chapters = dict.fromkeys(item.finding.chapter for item in items)
    used = {item.assessment for item in items}
    kinds = {
        kind
        for item in items
        for kind in kinds_of(around.held(bears.passage) for bears in item.finding.evidence)
    }
    chosen = (
        _select("chapter", "Chapter", _titled(chapters, around)),
        _select("assessment", "Assessment", ((a, ASSESSMENT_WORDS[a]) for a in SCALE if a in used)),
        _select("origins", "Origins", _ORIGINS.items()),
        _select(
            "kinds", "Kind of source", ((k, w) for k, w in STANDING_WORDS.items() if k in kinds)
        ),
        _select(
            "sort",
            "Order",
            ((key, f"By {words.lower()}") for words, key in _HEADS.items() if key),
            whole="",
        ),
    )
    return (
        '<form class="explorer-controls" hidden autocomplete="off" '
        'aria-label="Choose among the findings">\n'
        + "\n".join(chosen)
        + '\n<div><input type="checkbox" id="choose-down" name="down" value="1">'
        + '<label for="choose-down">Reversed</label></div>'
        + '\n<button type="reset">Show all</button>\n</form>\n'
        f'<p class="explorer-count" role="status">{counted(len(items), "finding")}</p>'
    )


def _titled(chapters: Iterable[str], around: Surroundings) -> Iterator[tuple[str, str]]:
    for chapter in chapters:
        yield chapter, around.places.get(chapter, ("", chapter))[1]


def _select(name: str, words: str, options: Iterable[tuple[str, str]], whole: str = "Any") -> str:
    listed = [("", whole)] if whole else []
    inner = "".join(
        f'<option value="{escape(value)}">{escape(shown)}</option>'
        for value, shown in (*listed, *options)
    )
    label = f'<label for="choose-{name}">{words}</label>'
    return f'<div>{label}<select id="choose-{name}" name="{name}">{inner}</select></div>'
