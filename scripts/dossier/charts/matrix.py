"""A matrix: rows sorted by a group, each with a dot for every distinct origin behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dossier.charts.marks import LEADING, NARROW, Drawing, dot, is_claim, lines, rule, text
from dossier.lineage.boxes import NAME_SIZE, text_width, wrapped
from dossier.model import Chart, Record, Row, Series
from dossier.origins import origin_of

_LABEL: Final = 300.0
_DOT: Final = 4.5
_STEP: Final = 11.5

Weighed = tuple[str, Row, int]


def weighed(series: Series, chart: Chart, records: Mapping[str, Record]) -> list[Weighed]:
    """Return the rows by group, in the order of the file, those of most origins first.

    With each stand its group and the number of distinct origins of its passages, for and against.
    """
    groups = groups_of(series, chart)
    found = [
        (
            row.values[chart.group],
            row,
            len({origin_of(address, records) for address in row.passages}),
        )
        for row in series.rows
        if row.values.get(chart.group)
    ]
    return sorted(found, key=lambda item: (groups.index(item[0]), -item[2]))


def groups_of(series: Series, chart: Chart) -> list[str]:
    """Return the groups, in the order in which the file first names them."""
    named = (row.values.get(chart.group, "") for row in series.rows)
    return list(dict.fromkeys(group for group in named if group))


def matrix(series: Series, chart: Chart, width: float, records: Mapping[str, Record]) -> Drawing:
    """Return a line for each row: its label, and in the column of its group its origins."""
    groups = groups_of(series, chart)
    narrow = width <= NARROW
    left = 0.0 if narrow else _LABEL
    column = (width - left) / max(len(groups), 1)
    title = next(c.title for c in series.columns if c.id == chart.group)
    marks, y = lines(left, 12, title, width - left)
    heads = [wrapped(group, column - 4, NAME_SIZE) for group in groups]
    tall = max((len(head) for head in heads), default=1)
    for number, head in enumerate(heads):
        for at, words in enumerate(head):
            marks.append(text(left + number * column, y + at * LEADING, words, "name"))
    y += (tall - 1) * LEADING + 8
    marks.append(rule(0, y, width, y, "axis"))
    for group, row, origins in weighed(series, chart, records):
        named, below = lines(0, y + 19, row.values.get(chart.label, ""), (left or width) - 12)
        middle = below - 2 if narrow else y + 14.5
        x = left + groups.index(group) * column
        claim = is_claim(series, row)
        step = min(_STEP, (column - text_width(str(origins), NAME_SIZE) - 8) / max(origins, 1))
        marks += [
            *named,
            *(dot(x + _DOT + n * step, middle, _DOT, claim=claim) for n in range(origins)),
            text(x + origins * step + 5, middle + 4.5, str(origins), "name"),
        ]
        y = (below + LEADING if narrow else below) - 7
        marks.append(rule(0, y, width, y))
    return Drawing(width, y + 1, tuple(marks))


def matrix_in_words(series: Series, chart: Chart, records: Mapping[str, Record]) -> str:
    """Return for each group its rows, with the number of origins behind each."""
    rows = weighed(series, chart, records)
    title = next(c.title for c in series.columns if c.id == chart.group)
    told = []
    for group in groups_of(series, chart):
        members = [
            f"{row.values.get(chart.label, '')} ({origins})"
            for name, row, origins in rows
            if name == group
        ]
        told.append(f"{title}, {group}: {', '.join(members)}.")
    return f"{len(rows)} rows; in brackets the distinct origins behind each. {' '.join(told)}"
