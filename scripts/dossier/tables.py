"""Findings and series as HTML tables.

Real tables with a caption and scoped headers, no inline style, nothing told by colour
alone. Each cell carries `data-label`, the words of its column head, so that a style sheet can
set the rows of a narrow screen as blocks. All text of the evidence is escaped here;
`cite(address)` gives HTML that is taken as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import TypeAlias

from dossier.model import Assessed, Bearing, Bears, Column, Row, Series
from dossier.wording import (
    ASSESSMENT_SIGNS,
    ASSESSMENT_WORDS,
    NO_VALUE,
    counted,
    date_in_words,
    grouped,
    origins_in_words,
)

Cite: TypeAlias = Callable[[str], str]

FINDINGS_HEADS = ("Finding", "Figure", "Evidence", "Origins", "Assessment")
SUMMARY_HEADS = ("Finding", "Figure", "Origins", "Assessment", "Evidence")


def findings_table(
    items: Sequence[Assessed], cite: Cite, *, caption: str = "Findings", ids: bool = True
) -> str:
    """Return the table of findings, `table.findings`, a row `tr#finding-ID[data-assessment]`.

    `ids=False` leaves the ids of rows out, for a second table of the same findings on a page.
    """
    heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in FINDINGS_HEADS)
    rows = "\n".join(_finding(item, cite, ids=ids) for item in items)
    return (
        f'<table class="findings">\n<caption>{escape(caption)}</caption>\n'
        f"<thead>\n<tr>{heads}</tr>\n</thead>\n<tbody>\n{rows}\n</tbody>\n</table>"
    )


def findings_summary(
    items: Sequence[Assessed],
    places: Mapping[str, tuple[str, str]],
    *,
    caption: str = "All findings",
    ids: bool = True,
) -> str:
    """Return the table of findings without their evidence, each with a link to where that is.

    `places` gives the address and the title of the page of a chapter; each link leads to the
    row of the finding there. A chapter without a page is named and not linked.
    """
    heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in SUMMARY_HEADS)
    rows = []
    for item in items:
        finding = item.finding
        id_ = f' id="finding-{escape(finding.id)}"' if ids else ""
        place = escape(finding.chapter)
        if finding.chapter in places:
            address, title = places[finding.chapter]
            target = f"{address.partition('#')[0]}#finding-{finding.id}"
            place = f'<a href="{escape(target)}">{escape(title)}</a>'
        statement = f'<p class="finding-statement">{escape(finding.statement)}</p>'
        rows += [
            f'<tr{id_} data-assessment="{item.assessment}">',
            f'<th scope="row">{statement}</th>',
            f'<td class="figure" data-label="Figure">{escape(finding.figure)}</td>',
            f'<td class="origins" data-label="Origins">{escape(origins_in_words(item))}</td>',
            f'<td data-label="Assessment">{assessment_sign(item)}</td>',
            f'<td data-label="Evidence">{place}</td>',
            "</tr>",
        ]
    listed = "\n".join(rows)
    return (
        f'<table class="findings findings-summary">\n<caption>{escape(caption)}</caption>\n'
        f"<thead>\n<tr>{heads}</tr>\n</thead>\n<tbody>\n{listed}\n</tbody>\n</table>"
    )


def _finding(item: Assessed, cite: Cite, *, ids: bool) -> str:
    finding, assessment = item.finding, item.assessment
    id_ = f' id="finding-{escape(finding.id)}"' if ids else ""
    note = f'\n<p class="finding-note">{escape(finding.note)}</p>' if finding.note else ""
    statement = f'<p class="finding-statement">{escape(finding.statement)}</p>'
    groups = "\n".join(_group(*group, cite) for group in grouped(item))
    evidence = f'<dl class="evidence">\n{groups}\n</dl>' if groups else "<p>none held</p>"
    return "\n".join(
        (
            f'<tr{id_} data-assessment="{assessment}">',
            f'<th scope="row">{statement}{note}</th>',
            f'<td class="figure" data-label="Figure">{escape(finding.figure)}</td>',
            f'<td data-label="Evidence">{evidence}</td>',
            f'<td class="origins" data-label="Origins">{escape(origins_in_words(item))}</td>',
            f'<td data-label="Assessment">{assessment_sign(item)}</td>',
            "</tr>",
        )
    )


def assessment_sign(item: Assessed) -> str:
    """Return the assessment of a finding as a sign, hidden from screen readers, and a word."""
    return (
        f'<span class="assessment assessment-{item.assessment}">'
        f'<span class="sign" aria-hidden="true">{ASSESSMENT_SIGNS[item.assessment]}</span> '
        f"{ASSESSMENT_WORDS[item.assessment]}</span>"
    )


def _group(bearing: Bearing, passages: Iterable[Bears], origins: int, cite: Cite) -> str:
    """Return what bears on a finding in one way: how much there is of it, and each passage."""
    every = tuple(passages)
    count = f"{counted(len(every), 'passage')}, {counted(origins, 'origin')}"
    listed = "\n".join(f"<dd>{_passage(passage, cite)}</dd>" for passage in every)
    return (
        f'<div class="{bearing}">\n<dt>{bearing.capitalize()} '
        f'<span class="count">({count})</span></dt>\n{listed}\n</div>'
    )


def _passage(item: Bears, cite: Cite) -> str:
    note = f' <span class="bears-note">{escape(item.note)}</span>' if item.note else ""
    return cite(item.passage) + note


def series_table(series: Series, cite: Cite) -> str:
    """Return the table of a series, `table.series`, with a column of sources at its end.

    Cells of numbers, money and percentages have the class `num`; the unit stands in the head.
    The first column heads its row.
    """
    caption = escape(series.title)
    if series.caption:
        caption += f' <span class="caption-note">{escape(series.caption)}</span>'
    heads = "".join(map(_head, series.columns)) + '<th scope="col">Source</th>'
    rows = "\n".join(_row(row, series.columns, cite) for row in series.rows)
    return (
        f'<table class="series" id="series-{escape(series.id)}">\n<caption>{caption}</caption>\n'
        f"<thead>\n<tr>{heads}</tr>\n</thead>\n<tbody>\n{rows}\n</tbody>\n</table>"
    )


def _is_number(column: Column) -> bool:
    return column.kind in ("number", "money", "percent")


def _head(column: Column) -> str:
    unit = f' <span class="unit">({escape(column.unit)})</span>' if column.unit else ""
    class_ = ' class="num"' if _is_number(column) else ""
    return f'<th scope="col"{class_}>{escape(column.title)}{unit}</th>'


def _row(row: Row, columns: Sequence[Column], cite: Cite) -> str:
    cells = []
    for number, column in enumerate(columns):
        class_ = ' class="num"' if _is_number(column) else ""
        label = f' data-label="{escape(column.title)}"'
        tag, scope = ("th", ' scope="row"') if number == 0 else ("td", label)
        cells.append(f"<{tag}{scope}{class_}>{_value(row, column)}</{tag}>")
    sources = " ".join(map(cite, row.passages))
    return "\n".join(("<tr>", *cells, f'<td data-label="Source">{sources}</td>', "</tr>"))


def _value(row: Row, column: Column) -> str:
    value = row.values.get(column.id, "")
    if not value:
        return f'<span class="no-value">{NO_VALUE}</span>'
    if column.kind != "date":
        return escape(value)
    words = escape(date_in_words(value))
    # `time` takes one date; a period has no machine form in HTML.
    return words if "/" in value else f'<time datetime="{escape(value)}">{words}</time>'
