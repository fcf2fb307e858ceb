"""The words of a block as a reader sees them, with the way back to the page.

What is no prose is taken out: citations, notes' marks, attributes, tags, the targets of links,
the signs of emphasis. Code, addresses and mathematics stay, marked opaque.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from dossier.syntax.atoms import Atoms
from dossier.syntax.blocks import Block
from dossier.syntax.brackets import Brackets
from dossier.syntax.citations import Cluster
from dossier.syntax.plain import IN_TEXT, Plain

_SPECIAL = re.compile(
    r"[\\`<$\[\]{&*_!~]|(?:(?<=\W)|^)(?:[hH][tT][tT][pP]|[fF][tT][pP]:|[wW]{3}\.)"
)
_FOOTNOTE = re.compile(r"\[\^[^\s\[\]^]++\]")
_LINE_BREAK = re.compile(r"<br\b", re.IGNORECASE)
_ADDRESS = re.compile(r"<[^\s<>/][^\s<>]*[:@][^\s<>]*>")


@dataclass(frozen=True, slots=True)
class Read:
    """The words of a block, and at which offset of them each of its clusters stands.

    `clusters` holds (offset, number of the cluster in its page); a citation in running text
    and a calculation are a character `IN_TEXT` of the words, a citation in brackets is nothing.
    """

    plain: Plain
    clusters: tuple[tuple[int, int], ...]


def read_plain(
    text: str,
    block: Block,
    clusters: Sequence[tuple[int, Cluster]],
    labels: frozenset[str],
) -> Read:
    """Return the words of a block of a page, whose clusters come with their numbers."""
    walk = _Walk(text, block, clusters, labels)
    walk.read()
    plain = Plain("".join(walk.parts), tuple(walk.starts), tuple(walk.places), tuple(walk.opaque))
    return Read(plain, tuple(walk.found))


class _Walk:
    def __init__(
        self,
        text: str,
        block: Block,
        clusters: Sequence[tuple[int, Cluster]],
        labels: frozenset[str],
    ) -> None:
        self.text = "\n".join(text[a:b] for a, b in block.segments)
        self._segments = block.segments
        self._heads = [0]
        for a, b in block.segments:
            self._heads.append(self._heads[-1] + (b - a) + 1)
        self._atoms = Atoms(self.text)
        self._brackets = Brackets(self.text, self._atoms, labels)
        self._clusters = {
            self._joined(cluster.start): (self._joined(cluster.end), number)
            for number, cluster in clusters
        }
        self._ahead = sorted(self._clusters)
        self._skips: dict[int, int] = {}
        self.parts: list[str] = []
        self.starts: list[int] = []
        self.places: list[tuple[int, int]] = []
        self.opaque: list[tuple[int, int]] = []
        self.found: list[tuple[int, int]] = []
        self._length = 0

    # -- between the joined text and the page ----------------------------------------------

    def _joined(self, place: int) -> int:
        """Return the offset in the joined text of a place in the page."""
        at = max(0, bisect_right(self._segments, place, key=lambda s: s[0]) - 1)
        start, end = self._segments[at]
        return self._heads[at] + min(max(place - start, 0), end - start)

    def _page(self, offset: int) -> int:
        at = min(bisect_right(self._heads, offset) - 1, len(self._segments) - 1)
        start, end = self._segments[at]
        return min(start + offset - self._heads[at], end)

    # -- what is kept ----------------------------------------------------------------------

    def _put(self, words: str, start: int, end: int) -> None:
        """Keep words for a stretch of the joined text."""
        self.starts.append(self._length)
        self.places.append((self._page(start), self._page(end - 1) + 1))
        self.parts.append(words)
        self._length += len(words)

    def _copy(self, start: int, end: int) -> None:
        """Keep a stretch of the joined text as it is, a piece for each line."""
        while start < end:
            at = bisect_right(self._heads, start)
            stop = min(end, self._heads[at] - 1)
            if stop > start:
                self._put(self.text[start:stop], start, stop)
            if stop < end:
                self._put("\n", stop, stop + 1)
            start = stop + 1

    def _keep_opaque(self, start: int, end: int) -> None:
        begin = self._length
        self._copy(start, end)
        self.opaque.append((begin, self._length))

    # -- the walk --------------------------------------------------------------------------

    def read(self) -> None:
        """Walk over the block and keep what is prose."""
        at = 0
        while at < len(self.text):
            stop = self._next(at)
            self._copy(at, stop)
            at = self._step(stop) if stop < len(self.text) else stop

    def _next(self, at: int) -> int:
        ahead = bisect_left(self._ahead, at)
        limit = self._ahead[ahead] if ahead < len(self._ahead) else len(self.text)
        match = _SPECIAL.search(self.text, at, limit)
        return match.start() if match else limit

    def _step(self, at: int) -> int:
        """Read what begins at a special character and return the place behind it."""
        if at in self._clusters:
            return self._cluster(at)
        if at in self._skips:
            return self._skips[at]
        char = self.text[at]
        if char in "*_~":
            return self._emphasis(at)
        if char == "[" or self.text.startswith("![", at):
            return self._bracket(at)
        return self._atom(at)

    def _atom(self, at: int) -> int:
        """Read code, an address, a tag, an escape and the like."""
        char = self.text[at]
        end = self._atoms.end(at) if char not in "]!" else at
        if end == at:
            end = at + (self._atoms.run_length(at) if char == "`" else 1)
            self._copy(at, end)
        elif char == "\\":
            self._copy(at + 1, end)
        elif char == "&":
            self._put(html.unescape(self.text[at:end]), at, end)
        elif char == "`":
            width = self._atoms.run_length(at)
            self._keep_opaque(at + width, max(at + width, end - width))
        elif char == "<" and not _ADDRESS.fullmatch(self.text, at, end):
            if _LINE_BREAK.match(self.text, at):
                self._put(" ", at, end)
        elif self.text.startswith("{=", at):
            self._put(IN_TEXT, at, end)
        elif char != "{":
            self._keep_opaque(at, end)
        return end

    def _cluster(self, at: int) -> int:
        end, number = self._clusters[at]
        self.found.append((self._length, number))
        if self.text[at] != "[":
            self._put(IN_TEXT, at, end)
        return end

    def _emphasis(self, at: int) -> int:
        """Leave out signs of emphasis; between spaces, or `_` inside a word, they are text."""
        char = self.text[at]
        end = at + 1
        while self.text[end : end + 1] == char:
            end += 1
        before, behind = self.text[at - 1 : at], self.text[end : end + 1]
        apart = not before.strip() and not behind.strip()
        inside = char == "_" and before.isalnum() and behind.isalnum()
        if apart or inside or (char == "~" and end - at != 2):
            self._copy(at, end)
        return end

    def _bracket(self, at: int) -> int:
        image = self.text[at] == "!"
        note = _FOOTNOTE.match(self.text, at)
        if note:
            return note.end()
        start = at + image
        end = self._brackets.link_end(start)
        if end > start:
            if image:
                return end
            close = self._brackets.close(start)
            assert close is not None, "a link has both brackets"
            self._skips[close] = end
            return start + 1
        self._copy(at, start + 1)
        return start + 1
