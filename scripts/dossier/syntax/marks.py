"""The marks that a line of Markdown may begin with, as Python-Markdown and Material read them.

Possessive quantifiers (`*+`) keep every match linear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

TAB = 4
"""Columns of indentation that make a level; Python-Markdown's `tab_length`."""

ITEM = re.compile(r"(?:[*+-]|\d++\.)[ \t]++(?:\[[ xX]\][ \t]++)?")
DESCRIPTION = re.compile(r":[ \t]{1,3}")
FOOTNOTE = re.compile(r"\[\^[^\]\s]*+\]:[ \t]*+")
QUOTE = re.compile(r">[ \t]?")
RULE = re.compile(r" {0,3}(?:(?:- {0,2}){3,}|(?:_ {0,2}){3,}|(?:\* {0,2}){3,})$")
UNDERLINE = re.compile(r"(?:=+|-+)[ ]*$")
SNIPPET = re.compile(r";*-+8<-+")
ABBREVIATION = re.compile(r"\*\[[^\]]++\][ ]?:")
DEFINITION = re.compile(r"\[(?P<label>[^\[\]^][^\[\]]*+)\]:[ \t]*+(?P<target>\S?)")
TITLE_LINE = re.compile(r"[ \t]*+(?:\".*\"|'.*'|\(.*\))[ \t]*$")
DELIMITER_ROW = re.compile(
    r"[ >]*+\|?[ \t]*+:?-++:?[ \t]*+(?>(?:\|[ \t]*+:?-++:?[ \t]*+)*)\|?[ \t]*+$"
)

_ADMONITION = re.compile(
    r"(?:!!!|\?\?\?\+?)[ \t]*+[\w-]++(?>(?:[ \t]++[\w-]++)*)(?:[ \t]++\"(?P<title>.*)\")?[ \t]*$"
)
_TAB = re.compile(r"={3}[!+]*+[ \t]++\"(?P<title>.*)\"[ \t]*$")
_FENCED_BLOCK = re.compile(r"/{3,}(?:[ \t]*[\w-]++(?:[ \t]*+\|(?P<title>.*))?)?[ \t]*$")


@dataclass(frozen=True, slots=True)
class Opening:
    """A line that opens a block with a title: where the title stands in it, and its kind.

    `indented` tells whether the content of the block is indented below the line.
    """

    start: int
    end: int
    indented: bool


def indentation(raw: str) -> tuple[int, int]:
    """Return the indentation in columns (tabs to the next multiple of four) and characters."""
    skip = len(raw) - len(raw.lstrip(" \t"))
    return len(raw[:skip].expandtabs(TAB)), skip


def opening_of(content: str) -> Opening | None:
    """Return what an admonition, collapsible block, tab or `///` block has as its title."""
    for pattern, indented in ((_ADMONITION, True), (_TAB, True), (_FENCED_BLOCK, False)):
        match = pattern.match(content)
        if match:
            start, end = match.span("title")
            return Opening(max(start, 0), max(end, 0), indented)
    return None


def heading_of(content: str) -> tuple[int, int] | None:
    """Return where the text of a heading `## text ##` stands in its line, or None."""
    level = len(content) - len(content.lstrip("#"))
    if level == 0:
        return None
    start = min(level, 6)
    return start, max(start, len(content.rstrip().rstrip("#")))


def cells_of(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the cells of a table row that hold something, as offsets.

    A row is split at pipes that are neither escaped nor in code; brackets do not count.
    """
    cells: list[tuple[int, int]] = []
    begin = shown = start
    runs: dict[int, list[int]] = {}
    for match in _RUN.finditer(text, start, end):
        runs.setdefault(len(match.group()), []).append(match.start())
    for match in _CELL_MARKS.finditer(text, start, end):
        if match.start() < shown:
            continue
        mark = match.group()
        if mark == "|":
            cells.append((begin, match.start()))
            begin = match.end()
        elif mark[0] == "`":
            places = runs[len(mark)]
            while places and places[0] < match.end():
                del places[0]
            shown = places[0] + len(mark) if places else match.end()
    cells.append((begin, end))
    return [
        (a + len(cell) - len(cell.lstrip()), a + len(cell.rstrip()))
        for a, cell in ((a, text[a:b]) for a, b in cells)
        if cell.strip()
    ]


_RUN = re.compile(r"`+")
_CELL_MARKS = re.compile(r"\\.|`+|\|", re.DOTALL)
