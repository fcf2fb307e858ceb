"""What hides citations in a run of inline text: code, HTML, mathematics, attributes, addresses."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

# Possessive quantifiers (`*+`) keep every match linear: none can be taken apart again. A group
# stands in an atomic one instead (`(?>(?:a|b)*)`), which is the same: before Python 3.11.5 a
# possessive group may match too much (CPython's issue 106052).
_AUTOLINK = re.compile(r"<(?:[A-Za-z][A-Za-z0-9+.\-]{1,31}:[^\s<>]*+|[^\s<>@]++@[^\s<>@]++)>")
_TAG = re.compile(
    r"<(?:/[A-Za-z][\w:-]*+\s*+"
    r"|[A-Za-z][\w:-]*+"
    r"(?>(?:\s++[^\s\"'<>/=]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'=<>`]++))?)*)"
    r"\s*+/?)>"
)
_BARE_URL = re.compile(r"(?:https?|ftp)://[^\s<>\[\]\"]+|www\.[^\s<>\[\]\"]+", re.IGNORECASE)
_ATTRIBUTES = re.compile(
    r"\{:?\s*+(?>(?:(?:[.#][\w:.-]++|[\w:-]++=(?:\"[^\"\n]*+\"|'[^'\n]*+'|[^\s{}\"']++))\s*+)*)\}"
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


class Atoms:
    """Finds where what begins at a place ends; each mark is looked for once in the text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._absent: dict[str, int] = {}
        self._runs = {m.start(): len(m.group()) for m in re.finditer(r"`+", text)}
        self._ticks: dict[int, list[int]] = {}
        for start, length in self._runs.items():
            self._ticks.setdefault(length, []).append(start)
        self._widths = sorted(-length for length in self._ticks)
        self._dollars = [m.start() for m in re.finditer(r"(?<!\\)\$", text)]

    def end(self, i: int) -> int:
        """Return the end of the atom at `i`, or `i` where none begins."""
        text = self.text
        char = text[i]
        if char in "\\`<$":
            return self.shield_end(i)
        if char == "{":
            if text.startswith("{=", i):
                return self._closed(i, 2, "=}")
            return self.attributes_end(i)
        if char == "&":
            match = _ENTITY.match(text, i)
            return match.end() if match else i
        if char in "hHfFwW" and (i == 0 or not text[i - 1].isalnum()):
            match = _BARE_URL.match(text, i)
            return match.end() if match else i
        return i

    def shield_end(self, i: int) -> int:
        """Return the end of an escape, code, HTML or mathematics at `i`: they hide brackets."""
        char = self.text[i]
        if char == "\\":
            return min(i + 2, len(self.text)) if not self.text[i + 1 : i + 2].isalnum() else i
        if char == "`":
            return self._code_end(i)
        if char == "$":
            return self._mathematics_end(i)
        if self.text.startswith("<!--", i):
            return self._closed(i, 4, "-->")
        match = _AUTOLINK.match(self.text, i) or _TAG.match(self.text, i)
        return match.end() if match else i

    def attributes_end(self, i: int) -> int:
        """Return the end of attributes, `{.class #id name=value}`, at `i`, or `i`."""
        match = _ATTRIBUTES.match(self.text, i)
        return match.end() if match else i

    def run_length(self, i: int) -> int:
        """Return the number of backticks in the run that begins at `i`."""
        return self._runs.get(i, 1)

    def _code_end(self, i: int) -> int:
        # Where the first backtick of a run is escaped the others are left.
        length = self._runs.get(i) or self._runs.get(i - 1, 1) - 1
        # A run that no other one of its length closes opens code with fewer backticks.
        for width in self._widths[bisect_left(self._widths, -length) :]:
            starts = self._ticks[-width]
            at = bisect_right(starts, i)
            if at < len(starts):
                return starts[at] - width
        return i

    def _mathematics_end(self, i: int) -> int:
        """Return the end of mathematics that opens at `i`, or `i`.

        Source: Pandoc's manual, extension `tex_math_dollars`: the opening `$` has no space
        to its right, the closing one none to its left and no digit after it.
        """
        text = self.text
        if text.startswith("$$", i):
            end = self._closed(i, 2, "$$")
            return end if end > i + 4 else i
        after = bisect_right(self._dollars, i)
        if after == len(self._dollars) or text[i + 1].isspace():
            return i
        end = self._dollars[after]
        if text[end - 1].isspace() or text[end + 1 : end + 2].isdigit():
            return i
        return end + 1

    def _closed(self, i: int, width: int, mark: str) -> int:
        """Return the end of what opens at `i` and ends with `mark`, or `i`.

        That a mark is absent from some place on is found once.
        """
        start = i + width
        if start >= self._absent.get(mark, len(self.text) + 1):
            return i
        at = self.text.find(mark, start)
        if at < 0:
            self._absent[mark] = start
            return i
        return at + len(mark)
