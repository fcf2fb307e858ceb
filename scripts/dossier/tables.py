"""Findings and series as HTML tables.

Real tables with a caption and scoped headers, no inline style, nothing told by colour
alone. Each cell carries `data-label`, the words of its column head, so that a style sheet can
set the rows of a narrow screen as blocks. All text of the evidence is escaped here;
`cite(addresses)` gives the citations of passages as HTML that is taken as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import TypeAlias

from dossier.assessments import badge
from dossier.model import Assessed, Bearing, Bears, Column, Row, Series
from dossier.problems import counted
from dossier.wording import BEARING_SIGNS, NO_VALUE, date_in_words, grouped, origins_in_words

Cite: TypeAlias = Callable[[Sequence[str]], str]
Words: TypeAlias = Callable[[str, str], str]
"""The HTML of a text of the evidence, given the field it stands in."""


def plain_words(_field: str, text: str) -> str:
    """Return a text of the evidence as HTML; the field it comes from makes no difference."""
    return escape(text)


def findings_table(
    items: Sequence[Assessed],
    cite: Cite,
    *,
    caption: str = "Findings",
    ids: bool = True,
    words: Words = plain_words,
    scale: str = "",
) -> str:
    """Return the table of findings, `table.findings`, a row `tr#finding-ID[data-assessment]`.

    The passages that bear on a finding in one way are folded under their number; folds work
    without a script. The column of figures is left out where no finding has one.
    `ids=False` leaves the ids of rows out, for a second table of the same findings on a page;
    `words(field, text)` gives the HTML of a statement or note, with its quotations marked;
    `scale` is the address at which the assessments are explained, where there is one.
    """
    figures = any(item.finding.figure for item in items)
    rows = "\n".join(
        _finding(item, _evidence(item, cite), figures, ids, words=words) for item in items
    )
    return _table(
        "findings", caption, scale, _findings_heads(figures), f"<tbody>\n{rows}\n</tbody>"
    )


def findings_summary(
    items: Sequence[Assessed],
    places: Mapping[str, tuple[str, str]],
    *,
    caption: str = "All findings",
    ids: bool = True,
    scale: str = "",
) -> str:
    """Return the table of findings without notes and passages, a `tbody` for each chapter.

    `places` gives the address and the title of the page of a chapter; the head of its rows leads
    there, and each assessment to the row of its finding, whose id it has there alone. A chapter
    without a page is named and not linked.
    Chapters stand in the order of their first findings.
    """
    chapters = list(dict.fromkeys(item.finding.chapter for item in items))
    figures = any(item.finding.figure for item in items)
    heads = _findings_heads(figures)
    bodies = []
    for chapter in chapters:
        page, title = places.get(chapter, ("", chapter))
        page = page.partition("#")[0]
        name = escape(title)
        if chapter in places:
            name = f'<a href="{escape(page)}">{name}</a>'
        rows = [
            f'<tr class="chapter"><th scope="rowgroup" colspan="{len(heads)}">{name}</th></tr>',
            *(
                _finding(
                    item,
                    counted(len(item.finding.evidence), "passage"),
                    figures,
                    ids and page == "",
                    "",
                    home=page if chapter in places else None,
                )
                for item in items
                if item.finding.chapter == chapter
            ),
        ]
        bodies.append("\n".join(("<tbody>", *rows, "</tbody>")))
    return _table("findings findings-summary", caption, scale, heads, "\n".join(bodies))


def _findings_heads(figures: bool) -> tuple[str, ...]:
    return ("Finding", *(("Figure",) if figures else ()), "Assessment", "Evidence")


def _table(classes: str, caption: str, scale: str, heads: Iterable[str], bodies: str) -> str:
    named = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    note = (
        ' <span class="caption-note">Each assessment is computed from distinct origins. '
        f'<a href="{escape(scale)}">What the assessments mean</a></span>'
        if scale
        else ""
    )
    return (
        f'<table class="{classes}">\n<caption>{escape(caption)}{note}</caption>\n'
        f"<thead>\n<tr>{named}</tr>\n</thead>\n{bodies}\n</table>"
    )


def _finding(
    item: Assessed,
    evidence: str,
    figures: bool,
    ids: bool,
    note: str | None = None,
    words: Words = plain_words,
    home: str | None = "",
) -> str:
    finding = item.finding
    id_ = f' id="finding-{escape(finding.id)}"' if ids else ""
    name = f"finding/{finding.id}"
    stated = words(f"{name}/statement", finding.statement)
    statement = f'<p class="finding-statement">{stated}</p>'
    note = finding.note if note is None else note
    remark = f'\n<p class="finding-note">{words(f"{name}/note", note)}</p>' if note else ""
    shown = words(f"{name}/figure", finding.figure)
    figure = f'<td class="figure" data-label="Figure">{shown}</td>'
    place = "" if home is None else f"{home}#finding-{finding.id}"
    origins = f'<span class="origins">Origins: {escape(origins_in_words(item))}</span>'
    return "".join(
        (
            f'<tr{id_} data-assessment="{item.assessment}">',
            f'<th scope="row">{statement}{remark}</th>',
            *((figure,) if figures else ()),
            f'<td data-label="Assessment">{badge(item.assessment, place)} {origins}</td>',
            f'<td data-label="Evidence">{evidence}</td>',
            "</tr>",
        )
    )


def _evidence(item: Assessed, cite: Cite) -> str:
    """Return the passages of a finding, those of each bearing folded under their number."""
    folds = (_fold(bearing, passages, cite) for bearing, passages, _ in grouped(item))
    return "\n".join(folds) or "none held"


def _fold(bearing: Bearing, passages: Sequence[Bears], cite: Cite) -> str:
    sign = f'<span class="sign" aria-hidden="true">{BEARING_SIGNS[bearing]}</span>'
    count = counted(len(passages), "passage")
    listed = "\n".join(f"<li>{_passage(passage, cite)}</li>" for passage in passages)
    return (
        f'<details class="evidence {bearing}"><summary>{sign} {bearing.capitalize()}: {count}'
        f"</summary>\n<ul>\n{listed}\n</ul>\n</details>"
    )


def _passage(item: Bears, cite: Cite) -> str:
    note = f' <span class="bears-note">{escape(item.note)}</span>' if item.note else ""
    return cite((item.passage,)) + note


def series_table(series: Series, cite: Cite, *, words: Words = plain_words) -> str:
    """Return the table of a series, `table.series`, with a column of sources at its end.

    Cells of numbers, money and percentages have the class `num`; the unit stands in the head.
    The first column heads its row. `words(field, text)` gives the HTML of what is no date.
    """
    name = f"series/{series.id}"
    caption = words(f"{name}/title", series.title)
    if series.caption:
        note = words(f"{name}/caption", series.caption)
        caption += f' <span class="caption-note">{note}</span>'
    heads = "".join(map(_head, series.columns)) + '<th scope="col">Source</th>'
    rows = "\n".join(
        _row(row, series.columns, cite, f"{name}/rows/{number}", words)
        for number, row in enumerate(series.rows)
    )
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


def _row(row: Row, columns: Sequence[Column], cite: Cite, name: str, words: Words) -> str:
    cells = []
    for number, column in enumerate(columns):
        class_ = ' class="num"' if _is_number(column) else ""
        label = f' data-label="{escape(column.title)}"'
        tag, scope = ("th", ' scope="row"') if number == 0 else ("td", label)
        cells.append(f"<{tag}{scope}{class_}>{_value(row, column, name, words)}</{tag}>")
    sources = f'<td class="source" data-label="Source">{cite(row.passages)}</td>'
    return "\n".join(("<tr>", *cells, sources, "</tr>"))


def _value(row: Row, column: Column, name: str, words: Words) -> str:
    value = row.values.get(column.id, "")
    if not value:
        return f'<span class="no-value">{NO_VALUE}</span>'
    if column.kind != "date":
        return words(f"{name}/{column.id}", value)
    day = escape(date_in_words(value))
    # `time` takes one date; a period has no machine form in HTML.
    return day if "/" in value else f'<time datetime="{escape(value)}">{day}</time>'
