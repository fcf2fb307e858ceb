"""Bars: numbers of one kind side by side, from nought."""

from __future__ import annotations

from typing import Final

from dossier.charts.marks import LEADING, Drawing, amount, bar, is_claim, lines, rule, text
from dossier.lineage.boxes import NAME_SIZE, text_width
from dossier.model import Chart, Row, Series
from dossier.problems import counted

_BAR: Final = 18.0
_GAP: Final = 14.0


def drawn_rows(series: Series, chart: Chart) -> list[tuple[Row, float]]:
    """Return the rows that have a number, with it; one below nought has no length."""
    found = ((row, amount(row, chart.value)) for row in series.rows)
    return [(row, max(float(value), 0.0)) for row, value in found if value is not None]


def bars(series: Series, chart: Chart, width: float) -> Drawing:
    """Return a bar for each row that has a number, under its label, the number at its end."""
    rows = drawn_rows(series, chart)
    shown = {id(row): row.values[chart.value] for row, _ in rows}
    most = max((value for _, value in rows), default=0.0) or 1.0
    room = width - max((text_width(s, NAME_SIZE) for s in shown.values()), default=0.0) - 10
    marks: list[str] = []
    y = 0.0
    for row, value in rows:
        claim = is_claim(series, row)
        named, y = lines(0, y + 13, row.values.get(chart.label, ""), width, "name")
        note = row.values.get(chart.claim, "") if chart.claim else ""
        told, y = lines(0, y, note, width) if note else ([], y)
        y -= 7
        length = max(room, 20.0) * value / most
        marks += [
            *named,
            *told,
            bar(0.5, y, length, _BAR, claim=claim),
            rule(0.5, y - 4, 0.5, y + _BAR + 4, "axis"),
            text(length + 8, y + _BAR - 4.5, shown[id(row)], "name"),
        ]
        y += _BAR + _GAP
    height = max(y - _GAP, LEADING) + 5
    return Drawing(width, height, tuple(marks))


def bars_in_words(series: Series, chart: Chart) -> str:
    """Return what the bars show, each with its number."""
    told = [
        f"{row.values.get(chart.label, '')}: {row.values[chart.value]}"
        + (f" ({row.values[chart.claim]}, an open bar)" if is_claim(series, row) else "")
        for row, _ in drawn_rows(series, chart)
    ]
    return f"{counted(len(told), 'bar')}. {'; '.join(told)}."
