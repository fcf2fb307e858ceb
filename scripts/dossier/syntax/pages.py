"""One scan of a page: its citations, calculations, directives and blocks, with their places."""

from __future__ import annotations

import re
import shlex
from bisect import bisect_right
from dataclasses import dataclass, field, replace

from dossier.model import Span
from dossier.problems import Problem, line_at
from dossier.syntax.blocks import Block, DirectiveLine
from dossier.syntax.citations import Cluster
from dossier.syntax.inline import scan_inline
from dossier.syntax.layout import read_layout


@dataclass(frozen=True, slots=True)
class Directive:
    """A directive: `::: name argument key=value`, `text[start:end]` of its page."""

    name: str
    argument: str
    options: tuple[tuple[str, str], ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Calculation:
    """What stands between `{=` and `=}`, and where the whole stands."""

    source: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page and everything scanned in it; all offsets are into `text`, in code points."""

    path: str
    text: str
    body: int
    blocks: tuple[Block, ...]
    clusters: tuple[Cluster, ...]
    escapes: tuple[int, ...]
    calculations: tuple[Calculation, ...]
    directives: tuple[Directive, ...]
    problems: tuple[Problem, ...]
    line_starts: tuple[int, ...] = field(repr=False, default=())
    first_line: int = 1

    def span(self, start: int, end: int | None = None) -> Span:
        """Return the place of an offset in the file."""
        return span_at(self.path, self.line_starts, self.first_line, start, end)

    def excerpt(self, start: int) -> str:
        """Return the line in which an offset stands."""
        return _line_of(self.text, self.line_starts, start)


def span_at(
    path: str, starts: tuple[int, ...], first_line: int, start: int, end: int | None = None
) -> Span:
    """Return the span of offsets, given where each line begins."""
    line = bisect_right(starts, start)
    column = start - starts[line - 1] + 1
    return Span(path, line + first_line - 1, column, start, start if end is None else end)


def _line_of(text: str, starts: tuple[int, ...], at: int) -> str:
    number = bisect_right(starts, at)
    end = starts[number] if number < len(starts) else len(text)
    return line_at(text, starts[number - 1], end)


class _Joined:
    """The pieces of a block as one text, and the way back from it to the page."""

    def __init__(self, text: str, block: Block) -> None:
        self.text = "\n".join(text[a:b] for a, b in block.segments)
        self._segments = block.segments
        self._at = [0]
        for a, b in block.segments:
            self._at.append(self._at[-1] + (b - a) + 1)

    def start(self, offset: int) -> int:
        index = min(bisect_right(self._at, offset) - 1, len(self._segments) - 1)
        begin, end = self._segments[index]
        return min(begin + offset - self._at[index], end)

    def end(self, offset: int) -> int:
        return self.start(offset - 1) + 1 if offset else self.start(0)


def _moved(cluster: Cluster, joined: _Joined) -> Cluster:
    return Cluster(
        tuple(
            replace(
                item,
                prefix=" ".join(item.prefix.split("\n")),
                suffix=" ".join(item.suffix.split("\n")),
                start=joined.start(item.start),
                end=joined.end(item.end),
                nested=tuple(_moved(inner, joined) for inner in item.nested),
            )
            for item in cluster.items
        ),
        joined.start(cluster.start),
        joined.end(cluster.end),
    )


_SLIPS = {
    "citation-comma": (
        "a comma separates the works of this citation, and only the last is printed",
        "separate works with a semicolon: [@a; @b]",
    ),
    "citation-semicolon": (
        "a semicolon ends this citation, so that it is not read as one",
        "take the last semicolon out",
    ),
    "citation-unread": (
        "this begins like a citation and is not read as one",
        "close each * and _, name a key between semicolons, and let no [ or { follow the bracket",
    ),
    "citation-space": (
        "a space follows @, so that this is not read as a citation",
        "write the key directly after @",
    ),
}


_NESTED = "this work is cited within the citation of another, which is not printed then"


def scan_page(path: str, text: str, body: int = 0, first_line: int = 1) -> Page:
    """Return what a page holds.

    `text` has LF line ends; its Markdown begins at offset `body` (behind the front
    matter), and its first line is line `first_line` of the file.
    """
    starts = (0, *(m.end() for m in re.finditer("\n", text)))
    layout = read_layout(text, body)
    clusters: list[Cluster] = []
    escapes: list[int] = []
    calculations: list[Calculation] = []
    problems: list[Problem] = []

    def report(code: str, at: int, message: str, hint: str, error: bool = False) -> None:
        where = span_at(path, starts, first_line, at)
        problems.append(
            Problem(
                code,
                path,
                where.line,
                where.column,
                message,
                hint,
                "error" if error else "warning",
                _line_of(text, starts, at),
            )
        )

    for block in layout.blocks:
        joined = _Joined(text, block)
        if not any(mark in joined.text for mark in ("@", "{=")):
            continue
        inline = scan_inline(joined.text, layout.labels)
        clusters += [_moved(cluster, joined) for cluster in inline.clusters]
        escapes += [joined.start(at) for at in inline.escapes]
        for a, b in inline.calculations:
            source = joined.text[a + 2 : b - 2].strip()
            calculations.append(Calculation(source, joined.start(a), joined.end(b)))
        for slip in inline.slips:
            message, hint = _SLIPS[slip.code]
            if slip.code == "citation-comma" and joined.text[slip.start] in "@-[":
                message = _NESTED
            report(slip.code, joined.start(slip.start), message, hint)
        for link in inline.links:
            report(
                "citation-in-link",
                joined.start(link.start),
                f"@{link.key} stands in the text of a link and is not read as a citation",
                "put the citation beside the link, or write \\@ if none is meant",
            )
    directives: list[Directive] = []
    for line in layout.directives:
        directive = _directive(line)
        if isinstance(directive, str):
            report("bad-directive", line.start, directive, _DIRECTIVE_FORM, error=True)
        else:
            directives.append(directive)
    return Page(
        path,
        text,
        body,
        layout.blocks,
        tuple(sorted(clusters, key=lambda c: c.start)),
        tuple(sorted(escapes)),
        tuple(sorted(calculations, key=lambda c: c.start)),
        tuple(directives),
        tuple(problems),
        starts,
        first_line,
    )


_LONGEST = 1000
_DIRECTIVE_FORM = "write it as  ::: name argument key=value  on a line of its own"


def _directive(line: DirectiveLine) -> Directive | str:
    """Return the directive of a line, or what is wrong with it."""
    if len(line.content) > _LONGEST:
        return f"this directive is longer than {_LONGEST} characters"
    try:
        words = shlex.split(line.content)
    except ValueError:
        return "a quotation mark in this directive is never closed"
    if not words:
        return "this directive has no name"
    arguments = [word for word in words[1:] if "=" not in word]
    if len(arguments) > 1:
        return f"this directive has {len(arguments)} arguments, at most one is read"
    pairs = (word.partition("=") for word in words[1:] if "=" in word)
    options = tuple((name, value) for name, _, value in pairs)
    argument = arguments[0] if arguments else ""
    return Directive(words[0], argument, options, line.start, line.end)
