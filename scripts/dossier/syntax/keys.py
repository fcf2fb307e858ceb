r"""Citation keys: where one may begin, and how far it goes.

Source: Pandoc's manual, section "Citation syntax": a key begins with a letter, digit or `_`
and may hold single punctuation characters of a list inside; anything else stands in braces.
Combining marks are neither letters nor digits, to pandoc and to `\\w`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_KEY = re.compile(r"\w(?>(?:\w|[:.#$%&\-+?<>~/](?=\w)|[:/](?=/))*)")
# What pandoc reads behind an `@` that begins no key: the label of an example.
_EXAMPLE = re.compile(r"@[^\W_]++(?>(?:[_-][^\W_]++)*)")
_BRACES = re.compile(r"[{}]")


@dataclass(frozen=True, slots=True)
class Sign:
    """A key with its sign, `@key` or `-@key`: the key, where all of it ends, and its mode."""

    key: str
    end: int
    mode: Literal["normal", "suppress"]


class Keys:
    """Reads the keys of one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._braces: dict[int, int] | None = None
        self._ends: set[int] = set()

    def at(self, i: int) -> Sign | None:
        """Return the key at `@` or `-@`, or None where none begins."""
        text = self.text
        # A key is no word: another may follow it directly.
        if i not in self._ends and self.follows_word(i):
            example = _EXAMPLE.match(text, i)
            if example:
                self._ends.add(example.end())
            return None
        suppress = text.startswith("-@", i)
        if suppress and self._ends_dash(i):
            return None  # the last hyphen of a dash, not a sign before the key
        at = i + 1 if suppress else i
        if not text.startswith("@", at):
            return None
        if text.startswith("{", at + 1):
            close = self.brace_end(at + 1)
            key = text[at + 2 : close]
            if not key or any(char.isspace() for char in key):
                return None
            end = close + 1
        else:
            match = _KEY.match(text, at + 1)
            if match is None:
                return None
            key, end = match.group(), match.end()
        self._ends.add(end)
        return Sign(key, end, "suppress" if suppress else "normal")

    def brace_end(self, i: int) -> int:
        """Return the place of the brace that closes the one at `i`, 0 where none does."""
        if self._braces is None:
            self._braces, stack = {}, []
            for match in _BRACES.finditer(self.text):
                if match.group() == "{":
                    stack.append(match.start())
                elif stack:
                    self._braces[stack.pop()] = match.start()
        return self._braces.get(i, 0)

    def follows_word(self, i: int) -> bool:
        """Tell whether a word ends at `i`: pandoc begins no key there, nor emphasis by `_`.

        A full stop belongs to the word before it, three in a row are an ellipsis.
        """
        if i == 0:
            return False
        if self.text[i - 1] == ".":
            return self._run_before(i, ".") % 3 != 0
        return self.text[i - 1].isalnum()

    def _ends_dash(self, i: int) -> bool:
        """Tell whether the hyphen at `i` belongs to a dash: `--` and `---` do, a fourth not."""
        return self._run_before(i + 1, "-") % 3 != 1

    def _run_before(self, i: int, char: str) -> int:
        """Return how many of a character stand before `i`, without one that is escaped."""
        # Longer runs are all one to an author, and looking back stays short.
        start = i
        while start > 0 and i - start < 30 and self.text[start - 1] == char:
            start -= 1
        if start < i and is_escaped(self.text, start):
            start += 1
        return i - start


def is_escaped(text: str, i: int) -> bool:
    """Tell whether an odd number of backslashes stands before `i`."""
    start = i
    while start > 0 and i - start < 30 and text[start - 1] == "\\":
        start -= 1
    return (i - start) % 2 == 1
