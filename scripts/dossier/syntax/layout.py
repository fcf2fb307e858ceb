"""Which parts of a page are prose: its blocks, as Python-Markdown sees them.

Python-Markdown has no positions, so its block rules are read here line by line: indented
code, lists, admonitions, tabs, definitions, footnotes, block quotations and tables, each in
the other. Tests hold the outcome against Python-Markdown itself, with the extensions that
Material recommends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dossier.syntax import marks
from dossier.syntax.blocks import Block, DirectiveLine, Kind, Layout
from dossier.syntax.brackets import folded_label
from dossier.syntax.raw import Line, Raw, find_raw

# Block quotations nested deeper are read as one.
_DEEPEST = 40


def read_layout(text: str, body: int = 0) -> Layout:
    """Return the blocks of a page whose Markdown begins at offset `body`; lines end in LF."""
    found = _Found(text, find_raw(text, body))
    _Reader(found, range(len(found.raw.lines)), found.raw.lines, 0).read()
    return Layout(tuple(found.blocks), tuple(found.directives), frozenset(found.labels))


class _Found:
    """What the readers of a page share."""

    def __init__(self, text: str, raw: Raw) -> None:
        self.text = text
        self.raw = raw
        self.blocks: list[Block] = []
        self.directives: list[DirectiveLine] = []
        self.labels: set[str] = set()
        self.row = 0


@dataclass(frozen=True, slots=True)
class _Current:
    """The line that is read: its place among the lines, its text, and its indentation."""

    at: int
    start: int
    end: int
    content: str
    columns: int

    @property
    def level(self) -> int:
        return self.columns // marks.TAB


class _Reader:
    """Reads the lines of one container, the page or a block quotation.

    `lines` begin behind the marks of the containers around; `numbers` are theirs in the page.
    """

    def __init__(
        self, found: _Found, numbers: Sequence[int], lines: Sequence[Line], quotes: int
    ) -> None:
        self.found = found
        self.text = found.text
        self.numbers = numbers
        self.lines = lines
        self.quotes = quotes
        self.depth = 0  # how many lists, admonitions and the like are open
        self.fresh = True  # a new block may begin here
        self.in_code = False
        self.in_list = False
        self.kind: Kind = "paragraph"
        self.segments: list[Line] = []

    def read(self) -> None:
        """Gather the blocks of all lines."""
        at = 0
        while at < len(self.lines):
            at = self._read_line(at)
        self._flush()

    def _read_line(self, at: int) -> int:
        """Read one line, or the block that it begins, and return the place behind."""
        start, end = self.lines[at]
        raw = self.text[start:end]
        number = self.numbers[at]
        hidden = self.found.raw.hidden[number]
        if hidden or not raw.strip():
            if raw.strip() and self.found.raw.opens_code(number):
                self.depth = min(self.depth, marks.indentation(raw)[0] // marks.TAB)
            self._begin_anew()
            return at + 1
        columns, skip = marks.indentation(raw)
        line = _Current(at, start + skip, end, raw[skip:], columns)
        if self._is_code(line.level):
            self._flush()
            self.fresh = False
            return at + 1
        for rule in (
            self._definition,
            self._directive,
            self._quotation,
            self._opening,
            self._heading,
            self._rule,
            self._table,
            self._item,
        ):
            behind = rule(line)
            if behind > at:
                return behind
        if self.fresh and not self.segments:
            self.kind = "paragraph"
        self.segments.append((line.start, line.end))
        self.fresh = False
        return at + 1

    # -- what is open ---------------------------------------------------------------------

    def _flush(self) -> None:
        if self.segments:
            self._emit(self.kind, self.segments)
        self.segments = []

    def _begin_anew(self) -> None:
        self._flush()
        self.fresh, self.in_code, self.in_list = True, False, False

    def _emit(self, kind: Kind, segments: Sequence[Line]) -> None:
        self.found.blocks.append(Block(kind, tuple(segments), -1, self.quotes > 0))

    def _is_code(self, level: int) -> bool:
        """Tell whether a line is indented code: a level deeper than what is open."""
        if self.fresh:
            self.in_code = level > self.depth
            if not self.in_code:
                self.depth = level
        elif self.in_code and level <= self.depth:
            self.in_code = False
        return self.in_code

    # -- the rules: each returns the place behind what it read, `line.at` where it does not apply

    def _definition(self, line: _Current) -> int:
        """Skip the definition of a link or abbreviation, or an inserted file."""
        if marks.SNIPPET.match(line.content):
            self._flush()
            self.fresh = False
            return line.at + 1
        behind = line.at + 1
        indented = line.columns - self.depth * marks.TAB
        definition = marks.DEFINITION.match(line.content) if indented < marks.TAB else None
        if definition:
            self.found.labels.add(folded_label(definition["label"]))
            if not definition["target"] and self._raw(behind).strip():
                behind += 1
            if marks.TITLE_LINE.match(self._raw(behind)):
                behind += 1
        elif indented > 0 or not marks.ABBREVIATION.match(line.content):
            return line.at
        self._begin_anew()
        return behind

    def _raw(self, at: int) -> str:
        return self.text[slice(*self.lines[at])] if at < len(self.lines) else ""

    def _directive(self, line: _Current) -> int:
        if not line.content.startswith(":::"):
            return line.at
        self._begin_anew()
        content = line.content[3:].strip()
        self.found.directives.append(DirectiveLine(line.start, line.end, content))
        return line.at + 1

    def _quotation(self, line: _Current) -> int:
        """Read a block quotation, with the lines that go on without its mark."""
        if not line.content.startswith(">"):
            return line.at
        self._flush()
        at = line.at
        inner: list[Line] = []
        while at < len(self.lines):
            start, end = self.lines[at]
            raw = self.text[start:end]
            if not raw.strip():
                break
            inner.append((start + self._quote_width(raw), end))
            at += 1
        _Reader(self.found, self.numbers[line.at : at], inner, self.quotes + 1).read()
        self.fresh = False
        return at

    def _quote_width(self, raw: str) -> int:
        skip = marks.indentation(raw)[1]
        if self.quotes >= _DEEPEST:
            return len(raw) - len(raw.lstrip("> \t"))
        mark = marks.QUOTE.match(raw, skip)
        return mark.end() if mark else 0

    def _opening(self, line: _Current) -> int:
        """Read the line that opens an admonition, a tab or another block with a title."""
        opening = marks.opening_of(line.content)
        if opening is None or (opening.indented and line.columns % marks.TAB):
            return line.at
        self._flush()
        if opening.end > opening.start:
            self._emit("title", [(line.start + opening.start, line.start + opening.end)])
        self.depth = line.level + 1 if opening.indented else line.level
        self.fresh, self.in_list = opening.indented, False
        return line.at + 1

    def _heading(self, line: _Current) -> int:
        heading = None if line.columns % marks.TAB else marks.heading_of(line.content)
        if heading is None or not (self.fresh or not self.in_list):
            return line.at
        self._begin_anew()
        self._emit("heading", [(line.start + heading[0], line.start + heading[1])])
        return line.at + 1

    def _rule(self, line: _Current) -> int:
        """Read a horizontal rule, or the line under a heading."""
        under = len(self.segments) == 1 and self.kind == "paragraph" and not self.in_list
        if under and marks.UNDERLINE.match(line.content):
            self.kind = "heading"
        elif not marks.RULE.match(line.content):
            return line.at
        self._begin_anew()
        return line.at + 1

    def _table(self, line: _Current) -> int:
        if not (self.fresh and "|" in line.content and self._delimits(line.at + 1)):
            return line.at
        self._flush()
        at = line.at
        while at < len(self.lines) and not self.found.raw.hidden[self.numbers[at]]:
            start, end = self.lines[at]
            if not self.text[start:end].strip():
                break
            if at != line.at + 1:
                self.found.blocks += [
                    Block("cell", (cell,), self.found.row, self.quotes > 0)
                    for cell in marks.cells_of(self.text, start, end)
                ]
                self.found.row += 1
            at += 1
        return at

    def _delimits(self, at: int) -> bool:
        return bool(marks.DELIMITER_ROW.match(self._raw(at)))

    def _item(self, line: _Current) -> int:
        """Begin an item of a list, a description of a term or a footnote."""
        note = marks.FOOTNOTE.match(line.content) or marks.DESCRIPTION.match(line.content)
        item = None
        if note is None and (self.fresh or self.in_list):
            item = marks.ITEM.match(line.content)
        mark = note or item
        if mark is None:
            return line.at
        self._flush()
        self.kind = "item" if item else "paragraph"
        self.in_list = item is not None
        self.depth = line.level + 1
        self.segments = [(line.start + mark.end(), line.end)]
        self.fresh = False
        return line.at + 1
