"""Numbers on an axis of time: a stem for each, and no line, since they need not count one thing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from dossier.charts.marks import Drawing, amount, dot, is_claim, rule, text, ticks
from dossier.lineage.boxes import NAME_SIZE, NOTE_SIZE, text_width
from dossier.model import Chart, Row, Series
from dossier.problems import counted
from dossier.wording import date_in_words

_PLOT: Final = 210.0
_HEAD: Final = 40.0
_LEAST_STEP: Final = 44.0

_Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis of whole years on a stretch of a drawing."""

    first: int
    last: int
    left: float
    right: float

    def at(self, year: float) -> float:
        """Return where a point in time, in years, stands."""
        return self.left + (self.right - self.left) * (year - self.first) / (self.last - self.first)

    def drawn(self, y: float) -> list[str]:
        """Return the line, with as many years as have room, at the height y."""
        step = 1
        while (self.right - self.left) * step / (self.last - self.first) < _LEAST_STEP:
            step += 1 if step == 1 else 5 - step % 5
        marks = [rule(self.left, y, self.right, y, "axis")]
        years = [year for year in range(self.first, self.last + 1) if not year % step]
        marks += ticks([self.at(year) for year in years], y, 5)
        for year in years:
            x = self.at(year)
            wide = text_width(str(year), NOTE_SIZE) / 2
            x = min(max(x, wide), self.right - wide)
            marks.append(text(x, y + 19, str(year), "note", "middle"))
        return marks


def axis_of(rows: Sequence[Row], column: str, width: float) -> Axis:
    """Return the axis on which all dates of the rows stand."""
    ends = [end for row in rows for end in period(row.values[column])]
    first, last = int(min(ends, default=0.0)), int(max(ends, default=0.0)) + 1
    return Axis(first, last, 4.0, width - 4.0)


def period(value: str) -> tuple[float, float]:
    """Return the beginning and end of a date or period, in years; of a date its middle twice."""
    ends = [_middle(part) for part in value.split("/")]
    return min(ends), max(ends)


def _middle(value: str) -> float:
    match = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", value)
    if match is None:
        return 0.0
    year, month, day = match.groups()
    if month is None:
        return int(year) + 0.5
    if day is None:
        return int(year) + (int(month) - 0.5) / 12
    start = date(int(year), 1, 1).toordinal()
    whole = date(int(year), 12, 31).toordinal() - start + 1
    return int(year) + (date(int(year), int(month), int(day)).toordinal() - start) / whole


def dated_rows(series: Series, chart: Chart) -> list[tuple[Row, float]]:
    """Return the rows that have a date and a number, with it, in order of time."""
    found = [
        (row, float(value))
        for row in series.rows
        if (value := amount(row, chart.value)) is not None and row.values.get(chart.date)
    ]
    return sorted(found, key=lambda item: period(item[0].values[chart.date]))


def dated(series: Series, chart: Chart, width: float) -> Drawing:
    """Return a stem and a dot for each row, with its number and date beside the dot."""
    rows = dated_rows(series, chart)
    axis = axis_of([row for row, _ in rows], chart.date, width)
    most = max((value for _, value in rows), default=0.0) or 1.0
    ground = _HEAD + _PLOT
    marks, names = axis.drawn(ground), []
    places = []
    for row, value in rows:
        start, end = period(row.values[chart.date])
        places.append((axis.at((start + end) / 2), ground - _PLOT * max(value, 0.0) / most))
        if start != end:
            marks.append(rule(axis.at(start), places[-1][1], axis.at(end), places[-1][1], "span"))
    # Nothing is written over a stem or a dot, as far as there is another place.
    taken = [(x - 5, y - 5, x + 5, ground) for x, y in places]
    for (row, _), (x, y) in zip(rows, places, strict=True):
        shown, day = row.values[chart.value], date_in_words(row.values[chart.date])
        marks += [
            rule(x, ground, x, y, "stem"),
            dot(x, y, 4.5, claim=is_claim(series, row)),
        ]
        wide = max(text_width(shown, NAME_SIZE), text_width(day, NOTE_SIZE))
        box, anchor = _place(x, y, wide, width, taken)
        taken.append(box)
        at = {"start": box[0], "middle": (box[0] + box[2]) / 2, "end": box[2]}[anchor]
        names.append(text(at, box[1] + 12, shown, "name", anchor))
        names.append(text(at, box[1] + 27, day, "note", anchor))
    return Drawing(width, ground + 24, (*marks, *names))


def _place(
    x: float, y: float, wide: float, width: float, taken: Sequence[_Box]
) -> tuple[_Box, str]:
    """Return where a label of two lines stands, and its anchor.

    It stands above its dot, to the left or right of it, or higher where that is taken.
    """
    tall = 31.0
    middle = min(max(x - wide / 2, 0.0), width - wide)
    places = [
        ((left, top - lift, left + wide, top + tall - lift), anchor)
        for lift in (0.0, 16.0, 32.0, 48.0, 64.0, 80.0)
        for left, top, anchor in (
            (middle, y - tall - 8, "middle"),
            (x - wide - 9, y - 14, "end"),
            (x + 6 - wide, y - tall - 8, "end"),
            (x - 6, y - tall - 8, "start"),
            (x + 9, y - 14, "start"),
        )
        if left >= 0 and left + wide <= width and top - lift >= 0
    ]
    free = (place for place in places if not any(_meet(place[0], other) for other in taken))
    top = max(y - tall - 8, 0.0)
    return next(free, ((middle, top, middle + wide, top + tall), "middle"))


def _meet(a: _Box, b: _Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def dated_in_words(series: Series, chart: Chart) -> str:
    """Return the first number, the last, and the highest where it is neither."""
    rows = dated_rows(series, chart)
    if not rows:
        return "No row has a date and a number."

    def told(row: Row) -> str:
        claim = " (a claim)" if is_claim(series, row) else ""
        return f"{row.values[chart.value]}{claim}, {date_in_words(row.values[chart.date])}"

    highest = max(rows, key=lambda item: item[1])[0]
    peak = "" if highest in (rows[0][0], rows[-1][0]) else f" The highest is {told(highest)}."
    ends = f"The first is {told(rows[0][0])}; the last is {told(rows[-1][0])}."
    return f"{counted(len(rows), 'number')} on an axis of time. {ends}{peak}"
