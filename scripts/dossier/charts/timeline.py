"""A timeline: how events fall over the years, and in a file each of them below in order."""

from __future__ import annotations

from collections import Counter
from typing import Final

from dossier.charts.dated import axis_of, period
from dossier.charts.marks import LEADING, Drawing, dot, is_claim, lines, rule
from dossier.model import Chart, Row, Series
from dossier.problems import counted
from dossier.wording import date_in_words

_DOT: Final = 4.0
_STACK: Final = 9.5


def events(series: Series, chart: Chart) -> list[Row]:
    """Return the rows that have a date, in order of time."""
    dated = [row for row in series.rows if row.values.get(chart.date)]
    return sorted(dated, key=lambda row: period(row.values[chart.date]))


def timeline(series: Series, chart: Chart, width: float) -> Drawing:
    """Return an axis with a dot for each event, stacked by year; the table beside it tells them."""
    marks, ground = _axis(series, chart, width)
    return Drawing(width, ground + 24, tuple(marks))


def _axis(series: Series, chart: Chart, width: float) -> tuple[list[str], float]:
    rows = events(series, chart)
    axis = axis_of(rows, chart.date, width)
    years = Counter(int(period(row.values[chart.date])[0]) for row in rows)
    ground = max(years.values(), default=1) * _STACK + 4
    marks = axis.drawn(ground)
    stacked: Counter[int] = Counter()
    for row in rows:
        year = int(period(row.values[chart.date])[0])
        y = ground - _DOT - 2 - stacked[year] * _STACK
        marks.append(dot(axis.at(year + 0.5), y, _DOT, claim=is_claim(series, row)))
        stacked[year] += 1
    return marks, ground


def timeline_told(series: Series, chart: Chart, width: float) -> Drawing:
    """Return the timeline with its events as a list below, for a file that has no table."""
    marks, ground = _axis(series, chart, width)
    top = y = ground + 44
    line, left = 156.0, 174.0
    dots: list[str] = []
    for row in events(series, chart):
        day = date_in_words(row.values[chart.date])
        dots.append(dot(line, y - 4.5, _DOT + 0.5, claim=is_claim(series, row)))
        told, below = lines(0.0, y, day, 142.0)
        marks += told
        for number, words in enumerate(_words(series, chart, row)):
            told, y = lines(left, y, words, width - left, "note" if number else "name")
            marks += told
        y = max(y, below) + 10
    bottom = y - 10 - LEADING
    marks += [rule(line, top - 5, line, bottom, "span"), *dots]
    return Drawing(width, bottom + 8, tuple(marks))


def _words(series: Series, chart: Chart, row: Row) -> list[str]:
    """Return what is told of an event: its label, then its other texts."""
    others = [c.id for c in series.columns if c.kind != "date" and c.id != chart.label]
    every = (row.values.get(name, "") for name in (chart.label, *others))
    return [words for words in every if words]


def timeline_in_words(series: Series, chart: Chart) -> str:
    """Return how many events there are, from when to when, and the year with the most."""
    rows = events(series, chart)
    if not rows:
        return "No row has a date."
    years = Counter(int(period(row.values[chart.date])[0]) for row in rows)
    year, most = max(years.items(), key=lambda item: (item[1], -item[0]))
    first, last = (date_in_words(row.values[chart.date]) for row in (rows[0], rows[-1]))
    peak = f" Most stand in {year}: {most}." if most > 1 else ""
    return f"{counted(len(rows), 'event')}, the first {first}, the last {last}.{peak}"
