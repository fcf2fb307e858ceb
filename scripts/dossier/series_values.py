"""The values of a series: each in a column, each of its column's kind."""

from __future__ import annotations

import re
from datetime import date

from dossier.conversion import items_of
from dossier.model import ColumnKind, Series
from dossier.problems import Problem, nearest
from dossier.yaml_nodes import MappingNode, ScalarNode, YamlDocument

_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def values_wrong(document: YamlDocument, series: Series) -> list[Problem]:
    """Return problems for values that no column takes or that are not of its kind."""
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
