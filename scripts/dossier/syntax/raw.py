"""Which lines of a page are code in fences or raw HTML, over the whole page.

Python-Markdown takes both out before it reads blocks, wherever they stand.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import pairwise

Line = tuple[int, int]

# HTML elements that Python-Markdown takes as blocks; a test compares with its own list.
BLOCK_ELEMENTS = frozenset(
    re.split(
        r"\s+",
        "address article aside blockquote body canvas center colgroup dd details div dl dt"
        " fieldset figcaption figure footer form group h1 h2 h3 h4 h5 h6 header hgroup hr html"
        " iframe legend li main map math menu nav noscript object ol option output p pre progress"
        " script section style summary table tbody td textarea tfoot th thead tr ul video",
    )
)
_VOID = frozenset({"hr"})

_FENCE = re.compile(r"(?P<quote>[> \t]*+)(?P<fence>`{3,}+|~{3,}+)(?P<info>.*)$")
_HTML_OPEN = re.compile(r" {0,3}<(?P<tag>[A-Za-z][A-Za-z0-9-]*+)(?=[\s/>])")
_MARKDOWN_ATTRIBUTE = re.compile(r"\smarkdown(?:\s*=\s*[\"']?(?P<value>[\w-]*)[\"']?)?(?=[\s/>])")


@dataclass(frozen=True, slots=True)
class Raw:
    """The lines of a page, and of each whether it is hidden, and whether it is code.

    A line that goes on behind the end of raw HTML begins there.
    """

    lines: tuple[Line, ...]
    hidden: tuple[bool, ...]
    code: tuple[bool, ...]

    def opens_code(self, number: int) -> bool:
        """Tell whether a line is an opening fence."""
        return self.code[number] and not (number > 0 and self.code[number - 1])


def find_raw(text: str, body: int) -> Raw:
    """Return the lines of a page from `body` on, and which of them are no Markdown."""
    finder = _Finder(text, body)
    finder.hide_fences()
    finder.hide_html()
    return Raw(tuple(finder.lines), tuple(finder.hidden), tuple(finder.code))


class _Finder:
    def __init__(self, text: str, body: int) -> None:
        self.text = text
        breaks = [body, *(m.end() for m in re.compile("\n").finditer(text, body)), len(text) + 1]
        self.lines = [(a, b - 1) for a, b in pairwise(breaks)]
        self.starts = breaks[:-1]
        self.hidden = [False] * len(self.lines)
        self.code = [False] * len(self.lines)
        self._absent: set[str] = set()

    # -- fences ---------------------------------------------------------------------------

    def hide_fences(self) -> None:
        """Hide code in fences: the closing fence is the opening one again, as far in."""
        fences: list[tuple[int, re.Match[str]]] = []
        closing: dict[tuple[str, str], list[int]] = {}
        for number, (start, end) in enumerate(self.lines):
            match = _FENCE.match(self.text[start:end])
            if match:
                fences.append((number, match))
                if not match["info"].strip():
                    closing.setdefault(_fence_kind(match), []).append(number)
        shown = 0
        for number, match in fences:
            places = closing.get(_fence_kind(match), [])
            at = bisect_right(places, number)
            is_code_span = match["fence"][0] == "`" and "`" in match["info"]
            if number < shown or at == len(places) or is_code_span:
                continue
            shown = places[at] + 1
            for inner in range(number, shown):
                self.hidden[inner] = self.code[inner] = True

    # -- HTML -----------------------------------------------------------------------------

    def hide_html(self) -> None:
        """Hide comments and elements that begin a line and are no inline ones."""
        number = 0
        while number < len(self.lines):
            start, end = self.lines[number]
            line = self.text[start:end]
            if self.hidden[number] or not line.startswith(("<", " <", "  <", "   <")):
                number += 1
            elif line.lstrip(" ").startswith("<!--"):
                close = self._find("-->", start)
                number = number + 1 if close < 0 else self._hide_to(number, close + 3)
            else:
                number = self._hide_element(number)

    def _find(self, mark: str, start: int) -> int:
        """Return the place of a mark, or -1; that there is no more of it is found once."""
        at = -1 if mark in self._absent else self.text.find(mark, start)
        if at < 0:
            self._absent.add(mark)
        return at

    def _hide_element(self, number: int) -> int:
        """Hide the element that a line begins with, and return the number of the line behind."""
        start, end = self.lines[number]
        match = _HTML_OPEN.match(self.text[start:end] + "\n")
        if not match or match["tag"].lower() not in BLOCK_ELEMENTS:
            return number + 1
        tag = match["tag"].lower()
        close = self._find(">", start)
        if close < 0:
            return number + 1
        opening = self.text[start : close + 1]
        inner = _MARKDOWN_ATTRIBUTE.search(opening)
        is_read = inner is not None and inner["value"] not in ("0", "off")
        if opening.endswith("/>") or tag in _VOID or is_read:
            return self._hide_to(number, close + 1)
        close = self._element_end(tag, start)
        if close >= 0:
            return self._hide_to(number, close)
        # Python-Markdown takes the rest of the page as raw where a block is never closed.
        self.hidden[number:] = [True] * (len(self.lines) - number)
        return len(self.lines)

    def _element_end(self, tag: str, start: int) -> int:
        depth = 0
        pattern = re.compile(rf"<(/?){tag}(?=[\s/>])[^>]*+>", re.IGNORECASE)
        for match in pattern.finditer(self.text, start):
            if self.hidden[bisect_right(self.starts, match.start()) - 1]:
                continue
            depth += -1 if match.group(1) else 1
            if depth == 0:
                return match.end()
        return -1

    def _hide_to(self, number: int, end: int) -> int:
        """Hide what stands from a line to an offset, and return the number of the line behind."""
        last = max(number, bisect_left(self.starts, end) - 1)
        for inner in range(number, last + 1):
            self.hidden[inner] = True
        tail = self.lines[last][1]
        if self.text[end:tail].strip():
            self.hidden[last] = False
            self.lines[last] = (end, tail)
        return last + 1


def _fence_kind(match: re.Match[str]) -> tuple[str, str]:
    return match["fence"], match["quote"].expandtabs(4)
