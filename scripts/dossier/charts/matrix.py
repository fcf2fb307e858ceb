"""A matrix: rows sorted by a group, each with a dot for every distinct origin behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from dossier.charts.marks import NARROW, Drawing, dot, is_claim, lines, rule, text
from dossier.lineage.boxes import NAME_SIZE, text_width
from dossier.model import Chart, Record, Row, Series
from dossier.origins import origin_of
from dossier.problems import counted

_LABEL: Final = 300.0
_DOT: Final = 4.5
_STEP: Final = 11.5
_TALLY: Final = 78.0

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
    """Return a line for each row: its label, and in the column of its group its origins.

    On a narrow sheet the groups stand below each other, each under its name.
    """
    groups, title = groups_of(series, chart), _title(series, chart)
    narrow = width <= NARROW
    left = width - _TALLY if narrow else _LABEL
    column = (width - left) / (1 if narrow else max(len(groups), 1))
    marks, y = ([], 0.0) if narrow else _heads(title, groups, left, width)
    before = ""
    for group, row, origins in weighed(series, chart, records):
        if narrow and group != before:
            head, y = lines(0, y + (24 if before else 12), f"{title}: {group}", width, "name")
            y -= 8
            marks += [*head, rule(0, y, width, y, "axis")]
        before = group
        named, below = lines(0, y + 19, row.values.get(chart.label, ""), left - 12, "label")
        x = left + (0.0 if narrow else groups.index(group) * column)
        claim = is_claim(series, row)
        step = min(_STEP, (column - text_width(str(origins), NAME_SIZE) - 8) / max(origins, 1))
        marks += [
            *named,
            *(dot(x + _DOT + n * step, y + 14.5, _DOT, claim=claim) for n in range(origins)),
            text(x + origins * step + 5, y + 19, str(origins), "name"),
        ]
        y = below - 7
        marks.append(rule(0, y, width, y))
    return Drawing(width, y + 1, tuple(marks))


def _heads(title: str, groups: Sequence[str], left: float, width: float) -> tuple[list[str], float]:
    """Return the heads of the columns under their common title, and the y below."""
    column = (width - left) / max(len(groups), 1)
    marks, y = lines(left, 12, title, width - left)
    bottom = y
    for number, group in enumerate(groups):
        named, below = lines(left + number * column, y, group, column - 4, "name")
        marks += named
        bottom = max(bottom, below)
    y = bottom - 8
    return [*marks, rule(0, y, width, y, "axis")], y


def _title(series: Series, chart: Chart) -> str:
    return next(column.title for column in series.columns if column.id == chart.group)


def matrix_in_words(series: Series, chart: Chart, records: Mapping[str, Record]) -> str:
    """Return for each group its rows, with the number of origins behind each."""
    rows = weighed(series, chart, records)
    title = _title(series, chart)
    told = []
    for group in groups_of(series, chart):
        members = [
            f"{row.values.get(chart.label, '')} ({origins})"
            for name, row, origins in rows
            if name == group
        ]
        told.append(f"{title}, {group}: {', '.join(members)}.")
    behind = "in brackets the distinct origins behind each"
    return f"{counted(len(rows), 'row')}; {behind}. {' '.join(told)}"
