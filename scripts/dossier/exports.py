"""Findings and series as Markdown, CSV and JSON, for use outside the site.

Citations are written `[@key#passage]`. Markdown and CSV show what the HTML table shows;
JSON holds each value by itself.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from typing import Final, TypeAlias

from dossier.model import Assessed, Series
from dossier.problems import counted
from dossier.wording import (
    ASSESSMENT_SIGNS,
    ASSESSMENT_WORDS,
    NO_VALUE,
    date_in_words,
    grouped,
    origins_in_words,
)

Table: TypeAlias = "Series | Sequence[Assessed]"

FINDINGS_HEADS: Final = ("Finding", "Figure", "Evidence", "Origins", "Assessment")


def as_markdown(table: Table, *, caption: str = "Findings") -> str:
    """Return a pipe table, with its caption in bold above; a series brings its own caption.

    Pipe tables are those of GitHub Flavored Markdown, section 4.10. Characters that mean
    something in Markdown are written so that they print as they are.
    """
    if isinstance(table, Series):
        heads, rows = _series_cells(table, words=True)
        title = ". ".join(filter(None, (table.title.rstrip("."), table.caption)))
        lines = [[_literal(cell) for cell in row[:-1]] + [row[-1]] for row in rows]
    else:
        heads, title = list(FINDINGS_HEADS), caption
        lines = [_finding_cells(item) for item in table]
    body = [[_literal(head) for head in heads], ["---"] * len(heads), *lines]
    listed = "\n".join("| " + " | ".join(line) + " |" for line in body)
    return f"**{_literal(title)}**\n\n{listed}\n"


def _finding_cells(item: Assessed) -> list[str]:
    finding = item.finding
    groups = []
    for bearing, passages, origins in grouped(item):
        count = f"{counted(len(passages), 'passage')}, {counted(origins, 'origin')}"
        cited = "; ".join(
            _citation(p.passage) + (f" {_literal(p.note)}" if p.note else "") for p in passages
        )
        groups.append(f"{bearing.capitalize()} ({count}): {cited}")
    note = f"<br>{_literal(finding.note)}" if finding.note else ""
    return [
        _literal(finding.statement) + note,
        _literal(finding.figure),
        "<br>".join(groups) or "none held",
        origins_in_words(item),
        f"{ASSESSMENT_SIGNS[item.assessment]} {ASSESSMENT_WORDS[item.assessment]}",
    ]


def as_csv(table: Table, *, numbered: bool = False) -> str:
    """Return the table as CSV (RFC 4180), in UTF-8 without a byte order mark, CRLF at line ends.

    `numbered` is for all findings in the order of their numbers, which then stand first. A text
    that a spreadsheet would take for a formula is preceded by an apostrophe (OWASP, "CSV
    Injection"); a plain negative number is left as it is.
    """
    if isinstance(table, Series):
        heads, rows = _series_cells(table, words=False)
    else:
        heads = ["id", "chapter", "finding", "figure", "note", "supports", "qualifies"]
        heads += ["contradicts", "origins", "assessment"]
        rows = [_finding_fields(item) for item in table]
        if numbered:
            heads = ["number", *heads]
            rows = [[str(number), *row] for number, row in enumerate(rows, 1)]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for row in (heads, *rows):
        writer.writerow([_guarded(cell) for cell in row])
    return out.getvalue()


def _finding_fields(item: Assessed) -> list[str]:
    finding = item.finding
    cited = {
        bearing: "; ".join(_citation(p.passage) for p in passages)
        for bearing, passages, _ in grouped(item)
    }
    return [
        finding.id,
        finding.chapter,
        finding.statement,
        finding.figure,
        finding.note,
        cited.get("supports", ""),
        cited.get("qualifies", ""),
        cited.get("contradicts", ""),
        str(item.origins),
        item.assessment,
    ]


def as_json(table: Table) -> str:
    """Return the table as JSON (RFC 8259): a list of findings, or a series as an object."""
    if isinstance(table, Series):
        value: object = _series_object(table)
    else:
        value = [finding_object(item) for item in table]
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def finding_object(item: Assessed) -> dict[str, object]:
    """Return a finding as JSON values: what it states and what its evidence comes to."""
    finding = item.finding
    return {
        "id": finding.id,
        "chapter": finding.chapter,
        "statement": finding.statement,
        "figure": finding.figure or None,
        "note": finding.note or None,
        "assessment": item.assessment,
        "origins": {
            "supports": list(item.supports),
            "qualifies": list(item.qualifies),
            "contradicts": list(item.contradicts),
        },
        "evidence": [
            {"passage": e.passage, "bears": e.bears, "note": e.note or None}
            for e in finding.evidence
        ],
    }


def _series_object(series: Series) -> dict[str, object]:
    return {
        "id": series.id,
        "title": series.title,
        "caption": series.caption or None,
        "columns": [
            {"id": c.id, "title": c.title, "kind": c.kind, "unit": c.unit or None}
            for c in series.columns
        ],
        "rows": [
            {
                "values": {c.id: row.values.get(c.id) for c in series.columns},
                "passages": list(row.passages),
            }
            for row in series.rows
        ],
    }


def _series_cells(series: Series, *, words: bool) -> tuple[list[str], list[list[str]]]:
    """Return the heads and the rows of a series; with `words` as a reader has them."""
    heads = [f"{c.title} ({c.unit})" if c.unit else c.title for c in series.columns]
    rows = []
    for row in series.rows:
        cells = []
        for column in series.columns:
            value = row.values.get(column.id, "")
            if words:
                value = value or NO_VALUE
                value = date_in_words(value) if column.kind == "date" else value
            cells.append(value)
        cells.append("; ".join(map(_citation, row.passages)))
        rows.append(cells)
    return [*heads, "Source"], rows


# A key that pandoc reads without braces: letters, digits and `_`, with single marks between
# (pandoc's manual, "Citation syntax").
_BARE_KEY: Final = re.compile(r"\w(?:[:.#$%&\-+?<>~/]?\w)*")


def _citation(address: str) -> str:
    shown = address if _BARE_KEY.fullmatch(address) else f"{{{address}}}"
    return f"[@{shown}]"


# Backslash escapes that every Markdown knows; the rest as entities, which all know too.
_MARKDOWN: Final = str.maketrans(
    {c: f"\\{c}" for c in "\\`*_[]|#"}
    | {"<": "&lt;", ">": "&gt;", "&": "&amp;", "@": "&#64;", "~": "&#126;", "{": "&#123;"}
)


def _literal(text: str) -> str:
    return " ".join(text.split()).translate(_MARKDOWN)


# The ASCII signs and their full-width forms, which some spreadsheets take for the same.
_FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠")


def _guarded(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    if cell[:1] in _FORMULA and not _is_plain_number(cell):
        return "'" + cell
    return cell


def _is_plain_number(cell: str) -> bool:
    return cell[:1] == "-" and cell[1:].replace(",", "").replace(".", "", 1).isdecimal()
