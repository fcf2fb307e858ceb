"""Which parts of a page are prose: its blocks, as Python-Markdown sees them.

Python-Markdown has no positions, so its block rules are read here line by line: fenced
and indented code, raw HTML, lists, admonitions, tabs, definitions, footnotes, block
quotations and tables, each in the other. Tests hold the outcome against Python-Markdown
itself, with the extensions that Material recommends.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import Literal

Kind = Literal["paragraph", "heading", "item", "cell", "title"]


@dataclass(frozen=True, slots=True)
class Block:
    """One run of inline text.

    `segments` are its pieces of the page in order, as (start, end) offsets, without
    the marks and indentation of the blocks around it. `row` numbers the rows of tables,
    -1 elsewhere; `quoted` tells whether it stands in a block quotation.
    """

    kind: Kind
    segments: tuple[tuple[int, int], ...]
    row: int = -1
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class DirectiveLine:
    """A line `::: ...` of its own: its offsets and what stands after the colons."""

    start: int
    end: int
    content: str
    indent: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The blocks and directives of a page and the labels of its link definitions."""

    blocks: tuple[Block, ...]
    directives: tuple[DirectiveLine, ...]
    labels: frozenset[str]


# HTML elements that Python-Markdown takes as blocks; a test compares with its own list.
BLOCK_ELEMENTS = frozenset(
    """address article aside blockquote body canvas center colgroup dd details div dl dt fieldset
    figcaption figure footer form frame frameset group h1 h2 h3 h4 h5 h6 head header hgroup hr html
    iframe legend li link main map math menu nav noframes noscript object ol option optgroup output
    p pre progress script section select style summary table tbody td tfoot textarea th thead title
    tr ul video""".split()
)

_FENCE = re.compile(r"^(?P<quote>[> \t]*)(?P<fence>`{3,}|~{3,})(?P<info>.*)$")
_HTML_OPEN = re.compile(r"^ {0,3}<(?P<tag>[A-Za-z][A-Za-z0-9-]*)(?=[\s/>])")
_MARKDOWN_ATTRIBUTE = re.compile(r"\smarkdown(?:\s*=\s*[\"']?(?P<value>[\w-]*)[\"']?)?(?=[\s/>])")
_DEFINITION = re.compile(r"^ {0,3}\[(?P<label>[^\[\]^][^\[\]]*)\]:[ \t]*\S?")
_ABBREVIATION = re.compile(r"^ {0,3}\*\[[^\]]+\]:")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]*\]:[ \t]*")
_HEADING = re.compile(r"(?P<mark>#{1,6})(?P<text>.*?)#*[ \t]*$")
_ADMONITION = re.compile(r"(?:!!!|\?\?\?\+?)[ \t]+[\w\- ]+(?:[ \t]+\"(?P<title>.*)\")?[ \t]*$")
_TAB = re.compile(r"={3}[!+]*[ \t]+\"(?P<title>.*)\"[ \t]*$")
_FENCED_BLOCK = re.compile(r"/{3,}(?:[ \t]*[\w-]+(?:[ \t]*\|(?P<title>.*))?)?[ \t]*$")
_ITEM = re.compile(r"(?:[*+-]|\d+\.)[ \t]+(?:\[[ xX]\][ \t]+)?")
_DESCRIPTION = re.compile(r":[ \t]{1,3}")
_QUOTE = re.compile(r">[ ]?")
_SNIPPET = re.compile(r";*-{1,}8<-{1,}")
_DELIMITER_ROW = re.compile(r"^[ >]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_DIRECTIVE = re.compile(r":::(?P<content>.*)$")
_TAB_WIDTH = 4

_Line = tuple[int, int]


class _Reader:
    def __init__(self, text: str, body: int) -> None:
        self.text = text
        self.blocks: list[Block] = []
        self.directives: list[DirectiveLine] = []
        self.labels: set[str] = set()
        self.row = 0
        self.lines: list[_Line] = []
        at = body
        while at <= len(text):
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            self.lines.append((at, end))
            at = end + 1
        self.hidden = [False] * len(self.lines)
        self.code = [False] * len(self.lines)
        self.starts = [line[0] for line in self.lines]

    def line(self, number: int) -> str:
        start, end = self.lines[number]
        return self.text[start:end]

    # -- what is code or raw HTML, found over the whole page as the preprocessors do -----

    def hide_fences(self) -> None:
        closing: dict[str, list[int]] = {}
        for number in range(len(self.lines)):
            bare = self.line(number).lstrip("> \t").rstrip()
            if bare[:3] in ("```", "~~~") and len(set(bare)) == 1:
                closing.setdefault(bare, []).append(number)
        number = 0
        while number < len(self.lines):
            match = _FENCE.match(self.line(number))
            end = None
            if match and not (match["fence"][0] == "`" and "`" in match["info"]):
                places = closing.get(match["fence"], [])
                at = bisect_left(places, number + 1)
                end = places[at] if at < len(places) else None
            if end is None:
                number += 1
                continue
            for inner in range(number, end + 1):
                self.hidden[inner] = self.code[inner] = True
            number = end + 1

    def hide_html(self) -> None:
        number = 0
        absent: set[str] = set()
        while number < len(self.lines):
            if self.hidden[number]:
                number += 1
                continue
            line = self.line(number)
            stripped = line.lstrip(" ")
            if len(line) - len(stripped) > 3 or not stripped.startswith("<"):
                number += 1
            elif stripped.startswith("<!--"):
                number = self._hide_until("-->", number, absent)
            else:
                number = self._hide_element(line, number, absent)

    def _hide_until(self, mark: str, number: int, absent: set[str]) -> int:
        if mark in absent:
            return number + 1
        end = self.text.find(mark, self.lines[number][0])
        if end < 0:
            absent.add(mark)
            return number + 1
        return self._hide_to(number, end + len(mark))

    def _hide_to(self, number: int, end: int) -> int:
        last = max(number, bisect_left(self.starts, end) - 1)
        for inner in range(number, last + 1):
            self.hidden[inner] = True
        # What follows a closing mark on its own line is inline text to Python-Markdown.
        tail = self.lines[last]
        if self.text[end : tail[1]].strip():
            self.hidden[last] = False
            self.lines[last] = (end, tail[1])
        return last + 1

    def _hide_element(self, line: str, number: int, absent: set[str]) -> int:
        match = _HTML_OPEN.match(line)
        if not match or match["tag"].lower() not in BLOCK_ELEMENTS:
            return number + 1
        tag = match["tag"].lower()
        opening_end = self.text.find(">", self.lines[number][0])
        opening = self.text[self.lines[number][0] : opening_end + 1]
        if opening.endswith("/>") or tag in ("hr", "link", "frame"):
            return self._hide_to(number, opening_end + 1)
        inner = _MARKDOWN_ATTRIBUTE.search(opening)
        if inner and inner["value"] not in ("0", "off"):
            return self._hide_to(number, opening_end + 1)
        end = self._element_end(tag, self.lines[number][0])
        if end < 0:
            # Python-Markdown takes the rest of the page as raw where a block is never closed.
            for inner_number in range(number, len(self.lines)):
                self.hidden[inner_number] = True
            return len(self.lines)
        return self._hide_to(number, end)

    def _element_end(self, tag: str, start: int) -> int:
        depth = 0
        for match in re.finditer(rf"<(/?){tag}(?=[\s/>])[^>]*>", self.text[start:], re.IGNORECASE):
            if self._hidden_at(start + match.start()):
                continue
            depth += -1 if match.group(1) else 1
            if depth == 0:
                return start + match.end()
        return -1

    def _hidden_at(self, offset: int) -> bool:
        return self.hidden[max(0, bisect_left(self.starts, offset + 1) - 1)]

    # -- blocks -------------------------------------------------------------------------

    def read(self, numbers: list[int], lines: list[_Line], quoted: bool) -> None:
        """Read lines that stand in one container; `lines` begin behind its marks."""
        depth = 0  # how many lists, admonitions and the like are open
        fresh, in_code, in_list = True, False, False
        current: list[_Line] = []
        kind: Kind = "paragraph"

        def flush() -> None:
            nonlocal current
            if current:
                self._emit(kind, current, quoted)
            current = []

        at = 0
        while at < len(lines):
            number, (start, end) = numbers[at], lines[at]
            raw = self.text[start:end]
            if self.hidden[number]:
                flush()
                if self.code[number]:
                    depth = min(depth, _indent(raw)[0] // _TAB_WIDTH)
                fresh, in_code, in_list = True, False, False
                at += 1
                continue
            if not raw.strip():
                flush()
                fresh, in_code, in_list = True, False, False
                at += 1
                continue
            columns, skip = _indent(raw)
            level = columns // _TAB_WIDTH
            if fresh:
                in_code = level > depth
                if not in_code:
                    depth = level
            elif in_code and level <= depth:
                in_code = False
            if in_code:
                flush()
                fresh = False
                at += 1
                continue
            content_start = start + skip
            content = self.text[content_start:end]
            if self._opaque_line(raw, content):
                flush()
                at += 1
                continue
            directive = _DIRECTIVE.match(content)
            if directive:
                flush()
                self.directives.append(
                    DirectiveLine(content_start, end, directive["content"].strip(), columns)
                )
                fresh, in_list = True, False
                at += 1
                continue
            if content.startswith(">"):
                flush()
                at = self._read_quote(numbers, lines, at)
                fresh = False
                continue
            container = _title_of(content)
            if container is not None:
                flush()
                title_start, title_end, opens = container
                if title_end > title_start:
                    span = (content_start + title_start, content_start + title_end)
                    self._emit("title", [span], quoted)
                depth = level + 1 if opens else level
                fresh, in_list = True, False
                at += 1
                continue
            heading = _HEADING.match(content)
            if heading and (fresh or not in_list):
                flush()
                span = (content_start + heading.start("text"), content_start + heading.end("text"))
                self._emit("heading", [span], quoted)
                fresh, in_list = True, False
                at += 1
                continue
            if fresh and at + 1 < len(lines) and "|" in content:
                following = lines[at + 1]
                if _DELIMITER_ROW.match(self.text[following[0] : following[1]]):
                    flush()
                    at = self._read_table(numbers, lines, at, quoted)
                    fresh = True
                    continue
            note = _FOOTNOTE.match(content) or (fresh and _DESCRIPTION.match(content)) or None
            item = _ITEM.match(content) if fresh or in_list else None
            if note or item:
                flush()
                mark = note or item
                assert mark is not None
                kind = "item" if item and not note else "paragraph"
                in_list = bool(item)
                depth = level + 1
                current = [(content_start + mark.end(), end)]
                fresh = False
                at += 1
                continue
            if fresh and not current:
                kind = "paragraph"
            current.append((content_start, end))
            fresh = False
            at += 1
        flush()

    def _opaque_line(self, raw: str, content: str) -> bool:
        if _SNIPPET.match(content):
            return True
        definition = _DEFINITION.match(raw)
        if definition:
            self.labels.add(" ".join(definition["label"].split()).casefold())
            return True
        return bool(_ABBREVIATION.match(raw))

    def _read_quote(self, numbers: list[int], lines: list[_Line], at: int) -> int:
        inner_numbers: list[int] = []
        inner: list[_Line] = []
        while at < len(lines):
            start, end = lines[at]
            raw = self.text[start:end]
            if not raw.strip():
                break
            _, skip = _indent(raw)
            mark = _QUOTE.match(raw, skip)
            inner_numbers.append(numbers[at])
            inner.append((start + mark.end(), end) if mark else (start, end))
            at += 1
        self.read(inner_numbers, inner, True)
        return at

    def _read_table(self, numbers: list[int], lines: list[_Line], at: int, quoted: bool) -> int:
        first = at
        while at < len(lines):
            start, end = lines[at]
            if self.hidden[numbers[at]] or not self.text[start:end].strip():
                break
            if at != first + 1:
                for cell in _cells(self.text, start, end):
                    self.blocks.append(Block("cell", (cell,), self.row, quoted))
                self.row += 1
            at += 1
        return at

    def _emit(self, kind: Kind, segments: list[_Line], quoted: bool) -> None:
        self.blocks.append(Block(kind, tuple(segments), -1, quoted))


def _indent(raw: str) -> tuple[int, int]:
    """Return the indentation in columns (tabs to the next multiple of four) and characters."""
    columns = skip = 0
    for char in raw:
        if char == " ":
            columns += 1
        elif char == "\t":
            columns += _TAB_WIDTH - columns % _TAB_WIDTH
        else:
            break
        skip += 1
    return columns, skip


def _title_of(content: str) -> tuple[int, int, bool] | None:
    """Return where the title of an admonition, tab or block begins and ends, if it opens one.

    The third value tells whether its content is indented below it.
    """
    for pattern, indented in ((_ADMONITION, True), (_TAB, True), (_FENCED_BLOCK, False)):
        match = pattern.match(content)
        if match:
            if match["title"] is None:
                return (0, 0, indented)
            return (match.start("title"), match.end("title"), indented)
    return None


def _cells(text: str, start: int, end: int) -> list[_Line]:
    """Return the cells of a table row: split at pipes outside code and not escaped."""
    cells: list[_Line] = []
    begin = at = start
    while at < end:
        char = text[at]
        if char == "\\":
            at += 2
            continue
        if char == "`":
            run = re.compile(r"`+").match(text, at, end)
            assert run is not None
            close = re.compile(rf"(?<!`){run.group()}(?!`)").search(text, run.end(), end)
            at = close.end() if close else run.end()
            continue
        if char == "|":
            cells.append((begin, at))
            begin = at + 1
        at += 1
    cells.append((begin, end))
    return [
        (a + len(text[a:b]) - len(text[a:b].lstrip()), a + len(text[a:b].rstrip()))
        for a, b in cells
        if text[a:b].strip()
    ]


def read_layout(text: str, body: int = 0) -> Layout:
    """Return the blocks of a page whose Markdown begins at offset `body`; lines end in LF."""
    reader = _Reader(text, body)
    reader.hide_fences()
    reader.hide_html()
    reader.read(list(range(len(reader.lines))), reader.lines, False)
    return Layout(tuple(reader.blocks), tuple(reader.directives), frozenset(reader.labels))
