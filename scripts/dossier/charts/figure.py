"""A chart as a figure of a page, and as a file of its own.

A figure holds its title and caption, the drawing in two widths of which a style sheet shows one,
the works its data come from, ways to download it, and the table folded under it. A file has the
wide drawing with its title, its sources, and the colors of both schemes, which a page has already.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Final

from dossier.charts.bars import bars, bars_in_words
from dossier.charts.dated import dated, dated_in_words
from dossier.charts.marks import LEADING, NARROW, WIDE, Drawing, is_claim, lines
from dossier.charts.matrix import matrix, matrix_in_words
from dossier.charts.tally import tally, tally_in_words
from dossier.charts.timeline import timeline, timeline_in_words, timeline_told
from dossier.lineage.boxes import FILE_STYLE, NOTE_SIZE, xml_number, xml_text
from dossier.model import Assessed, Chart, Record, Series
from dossier.series_values import Undrawn, chart_of

Draw = Callable[[float], Drawing]

OF_FINDINGS: Final = "assessments"
"""What a directive names for the picture of all findings."""

NOTES: Final = {
    "dated": "No line joins the points: each stands for itself.",
    "timeline": "Each dot is one row of the list, at its year.",
    "matrix": (
        "Each dot is one distinct origin of the passages behind a row, whether they bear it out "
        "or limit it; how many origins there are says nothing of how often the thing happened."
    ),
    "tally": "Each sign is one finding.",
}
"""How a kind is read, for the end of its caption, where a reader has to be told."""

CLAIMED: Final = "What is claimed is drawn open."
"""How claims are told, where there are any."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart before it is set: what it is called and says, how it is drawn, what it rests on.

    `words` is its text alternative, `note` how it is read. `told` draws it for a file; where it
    is None the drawing says all, and else the table that stands with it is not folded.
    """

    id: str
    kind: str
    title: str
    caption: str
    words: str
    draw: Draw
    addresses: tuple[str, ...] = ()
    note: str = ""
    told: Draw | None = None


def picture_of(series: Series, records: Mapping[str, Record]) -> Picture | Undrawn:
    """Return the picture of a series, or why there is none."""
    chart = chart_of(series)
    if isinstance(chart, Undrawn):
        return chart
    # What claims there are is known only with the columns found.
    series = replace(series, chart=chart)
    words, draw = _drawn(series, chart, records)
    addresses = dict.fromkeys(address for row in series.rows for address in row.passages)
    claimed = CLAIMED if any(is_claim(series, row) for row in series.rows) else ""
    note = " ".join(filter(None, (NOTES.get(chart.kind, ""), claimed)))
    found = Picture(
        series.id, chart.kind, series.title, series.caption, words, draw, tuple(addresses), note
    )
    if chart.kind == "timeline":
        return replace(found, told=lambda width: timeline_told(series, chart, width))
    return found


def _drawn(series: Series, chart: Chart, records: Mapping[str, Record]) -> tuple[str, Draw]:
    match chart.kind:
        case "bars":
            return bars_in_words(series, chart), lambda width: bars(series, chart, width)
        case "dated":
            return dated_in_words(series, chart), lambda width: dated(series, chart, width)
        case "timeline":
            return timeline_in_words(series, chart), lambda width: timeline(series, chart, width)
        case "matrix":
            words = matrix_in_words(series, chart, records)
            return words, lambda width: matrix(series, chart, width, records)


def picture_of_findings(assessed: Sequence[Assessed], titles: Mapping[str, str]) -> Picture:
    """Return the picture of all findings, by chapter and assessment."""
    return Picture(
        OF_FINDINGS,
        "tally",
        "All findings by chapter and assessment",
        "",
        tally_in_words(assessed, titles),
        lambda width: tally(assessed, titles, width),
        note=NOTES["tally"],
    )


def chart_figure(
    picture: Picture,
    table: str,
    *,
    title: str,
    caption: str,
    data: str = "",
    downloads: Mapping[str, str],
) -> str:
    """Return `figure.chart` with both drawings, the sources, the downloads and the table.

    `title`, `caption` and `data`, the citations of what it rests on, are HTML; `downloads` gives
    the address of each form.
    """
    id_ = f"chart-{escape(picture.id)}"
    note = " ".join(filter(None, (caption, picture.note)))
    wide = _svg(picture.draw(WIDE), "chart-wide", id_, _told(picture, id_))
    # A name and a description may stand in what is not shown (Accessible Name 1.2, step 2A).
    narrow = _svg(picture.draw(NARROW), "chart-narrow", id_)
    box = f'<div class="table-box">{table}</div>\n'
    if picture.told:
        rest = box + sources_line("", downloads, picture.title)
    else:
        rest = (
            f"{sources_line(data, downloads, picture.title)}"
            '<details class="chart-table"><summary>The same as a table</summary>\n'
            f"{box}</details>\n"
        )
    return (
        f'<figure class="chart" id="{id_}">\n'
        f'<figcaption><span class="chart-title">{title}</span>\n{note}</figcaption>\n'
        f"{wide}\n{narrow}\n{rest}</figure>"
    )


def sources_line(data: str, downloads: Mapping[str, str], name: str) -> str:
    """Return `p.chart-sources`: what is drawn rests on, and links to its files; `data` is HTML."""
    links = ", ".join(
        f'<a href="{escape(address)}" download>{escape(form)}'
        f'<span class="sr-only"> of: {xml_text(name)}</span></a>'
        for form, address in downloads.items()
    )
    parts = [f"Data: {data}." if data else "", f"Download: {links}." if links else ""]
    words = " ".join(filter(None, parts))
    return f'<p class="chart-sources">{words}</p>\n' if words else ""


def _told(picture: Picture, id_: str) -> str:
    """Return the name and the description of a picture."""
    return (
        f'<title id="{id_}-title">{xml_text(picture.title)}</title>\n'
        f'<desc id="{id_}-desc">{xml_text(picture.words)}</desc>\n'
    )


def _svg(drawing: Drawing, class_: str, id_: str, head: str = "") -> str:
    """Return a drawing that is named and described by the elements whose ids begin with `id_`."""
    width, height = xml_number(drawing.width), xml_number(drawing.height)
    return (
        f'<svg class="{class_}" xmlns="http://www.w3.org/2000/svg" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-size="{xml_number(NOTE_SIZE)}" role="img" '
        f'aria-labelledby="{id_}-title" aria-describedby="{id_}-desc">\n'
        f'{head}<g fill="currentColor">\n' + "\n".join(drawing.marks) + "\n</g>\n</svg>"
    )


_EDGE: Final = 20.0


def chart_file(picture: Picture, works: Sequence[str]) -> str:
    """Return a picture as an SVG file (SVG 2): title, drawing, how to read it, and the works.

    It has the colors of both schemes and follows the reader's. `works` are plain text.
    """
    drawing = (picture.told or picture.draw)(WIDE)
    head, y = lines(_EDGE, _EDGE + 14, picture.title, WIDE, "name")
    body = (
        f'<g transform="translate({xml_number(_EDGE)} {xml_number(y)})">',
        *drawing.marks,
        "</g>",
    )
    y += drawing.height + 24
    foot = [" ".join(filter(None, (picture.caption, picture.note)))]
    foot += [f"Data: {'; '.join(works)}."] if works else []
    told: list[str] = []
    for words in foot:
        more, y = lines(_EDGE, y, words, WIDE)
        told += more
    whole = Drawing(WIDE + 2 * _EDGE, y + _EDGE - LEADING + 8, (*head, *body, *told))
    id_ = f"chart-{escape(picture.id)}"
    return _svg(whole, "chart", id_, _told(picture, id_) + FILE_STYLE) + "\n"
