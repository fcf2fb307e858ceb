"""The values of a series: each in a column, each of its column's kind."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from dossier.conversion import items_of
from dossier.model import Chart, ChartKind, Column, ColumnKind, Series
from dossier.problems import Problem, nearest
from dossier.yaml_nodes import MappingNode, ScalarNode, YamlDocument, locate

_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def values_wrong(document: YamlDocument, series: Series) -> list[Problem]:
    """Return problems for values that no column takes or not of its kind, and of the chart."""
    problems: list[Problem] = []
    kinds = {c.id: c.kind for c in series.columns}
    # The tree as read: a row that misfits otherwise has its values looked at too.
    for node in items_of(document.root, "rows") if document.root else ():
        for entry in node.entries if isinstance(node, MappingNode) else ():
            if entry.key == "passages":
                continue
            if entry.key not in kinds:
                near = nearest(entry.key, kinds)
                hint = f"did you mean `{near[0]}`?" if near else f"columns: {', '.join(kinds)}"
                message = f"no column of the series `{series.id}` has the id `{entry.key}`"
                problems.append(
                    document.source.problem("series-unknown-key", entry.key_span, message, hint)
                )
            elif isinstance(entry.value, ScalarNode) and entry.value.value:
                words = _wanted_kind(entry.value.value, kinds[entry.key])
                if words:
                    message = f"`{entry.value.value}` is no {kinds[entry.key]}"
                    problems.append(
                        document.source.problem(
                            "series-bad-value", entry.value.span, message, words
                        )
                    )
    if document.root is not None and series.chart is not None:
        chart = chart_of(series)
        if not isinstance(chart, Chart):
            node, _, found = locate(document.root, ("chart", chart.field))
            place = node.span if found else locate(document.root, ("chart", "kind"))[0].span
            problems.append(
                document.source.problem("series-bad-chart", place, chart.message, chart.hint)
            )
    return problems


def _wanted_kind(value: str, kind: ColumnKind) -> str:
    """Return what a value of a column of this kind must be, empty where it is that.

    Dates are those of ISO 8601 to the year, month or day, and two of them with `/` between
    for a period (EDTF, level 0).
    """
    if kind == "date":
        if all(is_date(part) for part in value.split("/")) and value.count("/") < 2:
            return ""
        return "write it like 2025, 2025-04, 2025-04-30, or 2012/2014 for a period"
    if kind != "text" and not re.search(r"[0-9]", value):
        return "write it with digits, or give the column the kind text"
    return ""


def is_date(text: str) -> bool:
    """Tell whether a text is a year, a month or a day that exists, as ISO 8601 writes it."""
    match = _DATE.fullmatch(text)
    if match is None:
        return False
    try:
        date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return False
    return True


Field = Literal["label", "value", "date", "group", "claim"]

NUMBERS: Final[tuple[ColumnKind, ...]] = ("number", "money", "percent")
_NEEDED: Final[dict[ChartKind, tuple[Field, ...]]] = {
    "bars": ("label", "value"),
    "dated": ("date", "value"),
    "timeline": ("date", "label"),
    "matrix": ("label", "group"),
}
"""The columns that a kind of chart is drawn from."""

_TAKEN: Final[dict[Field, tuple[tuple[ColumnKind, ...], str]]] = {
    "label": (("text",), "texts"),
    "value": (NUMBERS, "numbers"),
    "date": (("date",), "dates"),
    "group": (("text",), "texts"),
    "claim": (("text",), "texts"),
}
"""The kinds of columns that a field takes, and how a sentence calls their values."""


@dataclass(frozen=True, slots=True)
class Undrawn:
    """Why a series has no picture: the field at fault, what is wrong, and the mend."""

    field: Field
    message: str
    hint: str


def chart_of(series: Series) -> Chart | Undrawn:
    """Return how a series is drawn, every column named, or why it cannot be.

    Without a `chart` of its own its columns decide: dates and numbers are set on an axis of
    time, numbers alone as bars, dates alone as a timeline. No field guesses at a group or claim.
    """
    kinds = {column.kind for column in series.columns}
    dated, counted = "date" in kinds, bool(kinds & {*NUMBERS})
    kind: ChartKind = ("dated" if counted else "timeline") if dated else "bars"
    chart = series.chart or Chart(kind)
    columns: dict[Field, str] = {}
    for field in _TAKEN:
        found = _column(series, chart, field)
        if isinstance(found, Undrawn):
            return found
        columns[field] = found
    return Chart(chart.kind, **columns)


def _column(series: Series, chart: Chart, field: Field) -> str | Undrawn:
    """Return the column of a field: the one named, else the first that fits; empty for none."""
    kinds, words = _TAKEN[field]
    fitting = [column for column in series.columns if column.kind in kinds]
    named = str(getattr(chart, field))
    needed = field in _NEEDED[chart.kind]
    listed = ", ".join(column.id for column in fitting) or "none"
    hint = f"columns of {words}: {listed}"
    if named:
        if _by_id(series, named) in fitting:
            return named
        near = nearest(named, [column.id for column in fitting])
        message = f"`{field}` of the chart cannot be `{named}`: no column of {words} has that id"
        return Undrawn(field, message, f"did you mean `{near[0]}`?" if near else hint)
    if needed and field != "group" and fitting:
        return fitting[0].id
    if needed:
        message = f"a chart of the kind {chart.kind} needs a column of {words} as its `{field}`"
        return Undrawn(field, message, hint)
    return ""


def _by_id(series: Series, id_: str) -> Column | None:
    return next((column for column in series.columns if column.id == id_), None)
