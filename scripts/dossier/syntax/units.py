"""The units of a page: the stretches within which words and their citations belong together.

A sentence; a heading, a table row, a list item without full stops; a block quotation with
the paragraph that introduces it. A citation behind the stop belongs to the sentence before.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from dossier.problems import Problem, in_order
from dossier.syntax.blocks import Block
from dossier.syntax.layout import read_layout
from dossier.syntax.pages import Page
from dossier.syntax.plain import IN_TEXT, Plain, Quoted, Unit, UnitKind
from dossier.syntax.prose import Read, read_plain
from dossier.syntax.quoting import pair_marks
from dossier.syntax.sentences import sentence_ends


def read_units(page: Page) -> tuple[tuple[Unit, ...], tuple[Problem, ...]]:
    """Return the units of a page in order, and a problem for each mark that is never closed."""
    reader = _Reader(page)
    reader.read()
    return tuple(reader.units), in_order(reader.problems)


_BETWEEN = re.compile(r"[\s>*+\-\d.)|:\[\]xX]*")
_SPACE = re.compile(r"\s*")
_DASH = re.compile(r"\s*(?:[—–―]|--?)")


class _Reader:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.units: list[Unit] = []
        self.problems: list[Problem] = []
        self._starts = [cluster.start for cluster in page.clusters]
        self._labels: frozenset[str] = frozenset()
        if "]:" in page.text:
            self._labels = read_layout(page.text, page.body).labels
        self._first = 0  # the first unit of the block that was read last
        self._last: Block | None = None

    def read(self) -> None:
        blocks = self.page.blocks
        at = 0
        while at < len(blocks):
            end = at + 1
            while end < len(blocks) and self._go_together(blocks[end - 1], blocks[end]):
                end += 1
            group = blocks[at:end]
            follows = self._last is not None and self._adjacent(self._last, group[0])
            first = len(self.units)
            if group[0].quoted:
                first = self._quotation(group, follows)
            elif group[0].row >= 0:
                self._keep(self._row(group))
            else:
                first = self._block(group[0], follows)
            self._first, self._last = first, group[-1]
            at = end

    def _go_together(self, one: Block, other: Block) -> bool:
        if one.quoted and other.quoted:
            return self._adjacent(one, other)
        return one.row >= 0 and one.row == other.row and one.quoted == other.quoted

    def _adjacent(self, one: Block, other: Block) -> bool:
        """Tell whether nothing but marks of blocks stands between two blocks."""
        between = self.page.text[one.segments[-1][1] : other.segments[0][0]]
        return _BETWEEN.fullmatch(between) is not None

    # -- the kinds of blocks ---------------------------------------------------------------

    def _read(self, block: Block) -> Read:
        start, end = block.segments[0][0], block.segments[-1][1]
        low, high = bisect_left(self._starts, start), bisect_left(self._starts, end)
        clusters = [(number, self.page.clusters[number]) for number in range(low, high)]
        return read_plain(self.page.text, block, clusters, self._labels)

    def _block(self, block: Block, follows: bool) -> int:
        """Read a block that is no quotation and no row; return the number of its first unit."""
        read = self._read(block)
        first = len(self.units)
        if self._only_cites(read) and follows and self.units and block.kind == "paragraph":
            before = self.units[-1]
            clusters = (*before.clusters, *(number for _, number in read.clusters))
            self.units[-1] = replace(before, clusters=clusters, end=block.segments[-1][1])
            return first
        if block.kind in ("heading", "title"):
            kind: UnitKind = "title" if block.kind == "title" else "heading"
            quotations = () if kind == "title" else self._marked(read.plain)
            self._keep(self._whole(kind, (block,), (read,), quotations))
        else:
            for unit in self._sentences(read):
                self._keep(unit)
        return first

    def _only_cites(self, read: Read) -> bool:
        return bool(read.clusters) and not read.plain.text.strip(f" \n.{IN_TEXT}")

    def _row(self, group: Sequence[Block]) -> Unit:
        reads = [self._read(block) for block in group]
        quotations = tuple(q for read in reads for q in self._marked(read.plain))
        return self._whole("row", group, reads, quotations)

    def _quotation(self, group: Sequence[Block], follows: bool) -> int:
        """Read a block quotation as one unit with the paragraph that introduces it."""
        reads = [self._read(block) for block in group]
        quotations: list[Quoted] = []
        for number, (block, read) in enumerate(zip(group, reads, strict=True)):
            words = self._without_attribution(block, read, number == len(group) - 1)
            lead = len(words.text) - len(words.text.lstrip())
            words = words.part(lead, len(words.text.rstrip()))
            if words.text:
                start, end = words.start(0), words.end(len(words.text))
                quotations.append(Quoted(start, end, words, True))
        unit = self._whole("quotation", group, reads, quotations)
        introduction: list[Unit] = []
        if follows and self._last and self._last.kind in ("paragraph", "item"):
            introduction = self.units[self._first :]
            del self.units[self._first :]
        first = len(self.units)
        self.units.append(_joined([*introduction, unit]))
        return first

    def _without_attribution(self, block: Block, read: Read, is_last: bool) -> Plain:
        """Return the words of a quoted block without a last line that begins with a dash."""
        plain = read.plain
        if not is_last:
            return plain
        begin, _ = block.segments[-1]
        line = self.page.text[self.page.text.rfind("\n", 0, begin) + 1 :]
        shown = line.lstrip("> \t") if block.kind == "item" and len(block.segments) == 1 else ""
        if not _DASH.match(shown or self.page.text[begin:]):
            return plain
        kept = bisect_left(range(len(plain.text)), begin, key=plain.start)
        return plain.part(0, kept)

    # -- what units hold -------------------------------------------------------------------

    def _keep(self, unit: Unit) -> None:
        if unit.clusters or any(run.text.strip() for run in unit.runs):
            self.units.append(unit)

    def _whole(
        self,
        kind: UnitKind,
        group: Sequence[Block],
        reads: Sequence[Read],
        quotations: Sequence[Quoted],
    ) -> Unit:
        return Unit(
            kind,
            group[0].segments[0][0],
            group[-1].segments[-1][1],
            tuple(number for read in reads for _, number in read.clusters),
            tuple(quotations),
            tuple(read.plain for read in reads),
        )

    def _sentences(self, read: Read) -> Iterator[Unit]:
        plain = read.plain
        quotations = self._marked(plain)
        pairs = pair_marks(plain.text, plain.opaque).pairs
        ends = sentence_ends(plain.text, pairs)
        behind = [_behind_space(plain.text, end) for end in ends]
        clusters: list[list[int]] = [[] for _ in ends]
        for offset, number in read.clusters:
            in_text = self.page.text[self.page.clusters[number].start] != "["
            # In brackets right before a sentence it belongs to the one before.
            at = (bisect_right if in_text else bisect_left)(behind, offset)
            clusters[min(at, len(ends) - 1)].append(number)
        inside: list[list[Quoted]] = [[] for _ in ends]
        for quoted, (start, _) in zip(quotations, pairs, strict=True):
            inside[bisect_right(behind, start)].append(quoted)
        begin = 0
        for at, end in enumerate(ends):
            run = plain.part(begin, end)
            places = [(c.start, c.end) for c in (self.page.clusters[n] for n in clusters[at])]
            if run.text:
                places.append((run.start(0), run.end(len(run.text))))
            if places:
                first, last = min(a for a, _ in places), max(b for _, b in places)
                yield Unit("sentence", first, last, tuple(clusters[at]), tuple(inside[at]), (run,))
            begin = behind[at]

    def _marked(self, plain: Plain) -> tuple[Quoted, ...]:
        """Return the words in double quotation marks, and report marks that stand alone."""
        found = pair_marks(plain.text, plain.opaque)
        for at in found.lone:
            self._report(plain.start(at))
        return tuple(
            Quoted(plain.start(start), plain.end(end), plain.part(start + 1, end - 1))
            for start, end in found.pairs
        )

    def _report(self, at: int) -> None:
        span = self.page.span(at)
        self.problems.append(
            Problem(
                "quote-unclosed",
                self.page.path,
                span.line,
                span.column,
                "this quotation mark has no other: what it quotes is not checked",
                "close the quotation in the same paragraph; write inches as 6 in. or 6″",
                "warning",
                self.page.excerpt(at),
            )
        )


def _behind_space(text: str, at: int) -> int:
    """Return the place behind the white space at `at`."""
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _joined(units: Sequence[Unit]) -> Unit:
    """Return several units as one, of the kind of the last."""
    return Unit(
        units[-1].kind,
        units[0].start,
        units[-1].end,
        tuple(number for unit in units for number in unit.clusters),
        tuple(quoted for unit in units for quoted in unit.quotations),
        tuple(run for unit in units for run in unit.runs),
    )
