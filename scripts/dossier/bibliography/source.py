"""The text of one .bib file with its places: from bytes to lines, columns and problems."""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from dataclasses import dataclass

from dossier.encoding import foreign
from dossier.model import Span
from dossier.problems import Problem, Severity, line_at

_UNDECODED = re.compile("[\udc80-\udcff]")
_UNDECODED_TO_MARK = dict.fromkeys(range(56448, 56576), "�")


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a file, without its byte order mark its lines ended by line feeds.

    `undecoded` holds the offsets of bytes that are not UTF-8, in order, and the bytes
    themselves; the text shows U+FFFD in their place. Offsets count code points.
    """

    path: str
    text: str
    line_starts: tuple[int, ...]
    undecoded: tuple[tuple[int, int], ...] = ()

    def place(self, offset: int) -> tuple[int, int]:
        """Return line and column of an offset, both from 1, the column in code points."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line_start(self, offset: int) -> int:
        """Return the offset at which the line of `offset` begins."""
        return self.line_starts[bisect_right(self.line_starts, offset) - 1]

    def span(self, start: int, end: int) -> Span:
        """Return the span from `start` to `end`."""
        line, column = self.place(start)
        return Span(self.path, line, column, start, end)

    def problem(
        self, code: str, offset: int, message: str, hint: str = "", severity: Severity = "error"
    ) -> Problem:
        """Return a problem at an offset, with the line there as excerpt."""
        line, column = self.place(offset)
        ends = self.line_starts[line] if line < len(self.line_starts) else len(self.text)
        excerpt = line_at(self.text, self.line_starts[line - 1], ends)
        return Problem(code, self.path, line, column, message, hint, severity, excerpt)

    def undecoded_in(self, start: int, end: int) -> tuple[int, int] | None:
        """Return offset and value of the first byte in a stretch that is not UTF-8, or None."""
        index = bisect_right(self.undecoded, (start, -1))
        if index < len(self.undecoded) and self.undecoded[index][0] < end:
            return self.undecoded[index]
        return None

    @property
    def encoding_hint(self) -> str:
        """Return the mend for bytes that are not UTF-8: the likeliest encoding to convert from."""
        windows = any(0x80 <= value < 0xA0 for _, value in self.undecoded)
        name, label = ("WINDOWS-1252", "Windows-1252") if windows else ("ISO-8859-1", "Latin-1")
        return (
            f"save the file as UTF-8; if it is {label}, the command "
            f"`iconv -f {name} -t UTF-8 {self.path}` prints it converted"
        )


def read_source(path: str, data: bytes) -> Source | Problem:
    """Return the text of a file, or the problem that keeps all of it from being read."""
    wrong = foreign(data)
    if wrong is not None:
        return Problem("bib-not-utf8", path, 1, 1, wrong.message, wrong.hint(path))
    data = data.removeprefix(codecs.BOM_UTF8)
    text = data.decode("utf-8", "surrogateescape").replace("\r\n", "\n").replace("\r", "\n")
    undecoded = tuple((m.start(), ord(m.group()) - 0xDC00) for m in _UNDECODED.finditer(text))
    if undecoded:
        text = text.translate(_UNDECODED_TO_MARK)
    starts = (0, *(m.end() for m in re.finditer("\n", text)))
    return Source(path, text, starts, undecoded)
