"""Which square brackets belong together, and which of them are links."""

from __future__ import annotations

import re

from dossier.syntax.atoms import Atoms

_MARKS = re.compile(r"[\\`<$\[\]]")
_TARGET = re.compile(
    r"\(\s*+(?:<[^<>\n]*+>[^()]*+|(?>(?:[^()\\]|\\.|\((?>(?:[^()\\]|\\.)*)\))*))\)", re.DOTALL
)
_FOOTNOTE_MARK = re.compile(r"\[\^[^\s\[\]^]++\]")

# Pairs that hold more levels of further pairs are no pairs: a bound on recursion, and on
# the times that a text is read, that nothing written by a human being meets.
_DEEPEST = 24


class Brackets:
    """The pairs of square brackets of a text; `defined` are the labels of its page's links."""

    def __init__(self, text: str, atoms: Atoms, defined: frozenset[str]) -> None:
        self.text = text
        self._defined = defined
        self._pairs = _pairs(text, atoms)
        self._second: set[int] = set()

    def close(self, i: int) -> int | None:
        """Return where the bracket that opens at `i` is closed, or None."""
        return self._pairs.get(i)

    def label_after(self, close: int) -> int | None:
        """Return where a link label that begins right behind `close` ends, or None.

        `[^1]` there is the mark of a footnote.
        """
        if _FOOTNOTE_MARK.match(self.text, close + 1):
            return None
        return self._pairs.get(close + 1)

    def is_second(self, i: int) -> bool:
        """Tell whether the brackets at `i` are the second of a pair that is no link."""
        return i in self._second

    def join(self, close: int) -> None:
        """Note that the brackets right behind `close` are the second of a pair."""
        self._second.add(close + 1)

    def link_end(self, i: int) -> int:
        """Return the end of the link whose text opens at `[`, or `i` if it is none."""
        close = self._pairs.get(i)
        if close is None or i in self._second:
            return i
        text = self.text
        if text.startswith("(", close + 1):
            match = _TARGET.match(text, close + 1)
            if match:
                return match.end()
        end = self.label_after(close)
        if end is not None:
            label = text[close + 2 : end] or text[i + 1 : close]
            return end + 1 if folded_label(label) in self._defined else i
        return close + 1 if folded_label(text[i + 1 : close]) in self._defined else i


def folded_label(text: str) -> str:
    """Return a link label as labels are compared: white space folded, case ignored."""
    return " ".join(text.split()).casefold()


def _pairs(text: str, atoms: Atoms) -> dict[int, int]:
    stack: list[list[int]] = []
    pairs: dict[int, int] = {}
    skipped = 0
    for match in _MARKS.finditer(text):
        i = match.start()
        if i < skipped:
            continue
        char = match.group()
        if char in "\\`<$":
            skipped = atoms.shield_end(i)
            if skipped == i and char == "`":
                skipped = i + atoms.run_length(i)
        elif char == "[":
            stack.append([i, 0])
        elif stack:
            start, height = stack.pop()
            if stack:
                stack[-1][1] = max(stack[-1][1], height + 1)
            if height < _DEEPEST:
                pairs[start] = i
    return pairs
