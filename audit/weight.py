"""What pages, scripts and styles weigh, gzipped, beside what bare Material has."""

from __future__ import annotations

import gzip
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from bench.comparison import aligned

TIMES = 3.0
"""How many times the bare page a chapter may weigh, its evidence included."""

LIMITS = {"script": 6_000, "style": 10_000}
"""How many bytes, gzipped, all that is ours of a kind may come to."""

_KINDS = {".js": "script", ".mjs": "script", ".css": "style"}
_JAVASCRIPT = {"", "module", "text/javascript", "application/javascript"}


def gzipped(content: bytes) -> int:
    """Return how many bytes something comes to, gzipped as well as it can be (level 9)."""
    return len(gzip.compress(content, 9, mtime=0))


@dataclass(frozen=True, slots=True)
class PageWeight:
    """A page's HTML and the bare page's, in gzipped bytes; `limited` where it is a chapter."""

    page: str
    ours: int
    bare: int
    limited: bool

    @property
    def ratio(self) -> float:
        """How many times the bare page it is."""
        return self.ours / self.bare

    @property
    def misses(self) -> bool:
        """Whether a chapter weighs more than it may."""
        return self.limited and self.ratio > TIMES


@dataclass(frozen=True, slots=True)
class PartWeight:
    """A script or a style that is ours, by its path, or by the page that it stands in; in bytes."""

    kind: str
    name: str
    size: int


class _Inline(HTMLParser):
    """The scripts and styles that stand in a page, as pairs of kind and text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._kind = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        script = tag == "script" and "src" not in names
        if tag == "style" or (script and (names.get("type") or "") in _JAVASCRIPT):
            self._kind = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._kind:
            self._kind = ""

    def handle_data(self, data: str) -> None:
        if self._kind and data.strip():
            self.found.append((self._kind, data))


def inline_parts(html: str) -> tuple[tuple[str, str], ...]:
    """Return the scripts and styles in a page, each as its kind and text; data are no script."""
    parser = _Inline()
    parser.feed(html)
    parser.close()
    return tuple(parser.found)


def weigh_pages(
    ours: Mapping[str, bytes], bare: Mapping[str, bytes], written: Collection[str]
) -> tuple[PageWeight, ...]:
    """Return the weight of each page, beside the page of the same path.

    `written` are the pages that the build writes whole, which no limit is set for.
    """
    return tuple(
        PageWeight(page, gzipped(html), gzipped(bare[page]), page not in written)
        for page, html in ours.items()
    )


def weigh_parts(ours: Mapping[str, bytes], bare: Mapping[str, bytes]) -> tuple[PartWeight, ...]:
    """Return the weight of each script and style that Material does not have, given the files.

    A file of Material's that was altered is ours. What stands in pages counts once for each
    text, however many pages have it.
    """
    parts = [
        PartWeight(kind, path, gzipped(content))
        for path, content in ours.items()
        if (kind := _KINDS.get(Path(path).suffix)) and bare.get(path) != content
    ]
    seen: set[tuple[str, str]] = set()
    for path, content in ours.items():
        if not path.endswith(".html"):
            continue
        theirs = inline_parts(bare.get(path, b"").decode("utf-8"))
        for kind, text in inline_parts(content.decode("utf-8")):
            if (kind, text) not in theirs and (kind, text) not in seen:
                seen.add((kind, text))
                parts.append(PartWeight(kind, f"in {path}", gzipped(text.encode("utf-8"))))
    return tuple(parts)


def totals(parts: Sequence[PartWeight]) -> dict[str, int]:
    """Return how many bytes all parts of each kind come to."""
    return {kind: sum(part.size for part in parts if part.kind == kind) for kind in LIMITS}


def failures(pages: Sequence[PageWeight], parts: Sequence[PartWeight]) -> tuple[str, ...]:
    """Return a sentence for each limit that is missed."""
    heavy = [
        f"{page.page} weighs {page.ours:,} bytes, {page.ratio:.2f} times the bare page: "
        f"{page.ours - int(TIMES * page.bare):,} too many"
        for page in pages
        if page.misses
    ]
    heavy += [
        f"our {kind} weighs {size:,} bytes, and may weigh {LIMITS[kind]:,}"
        for kind, size in totals(parts).items()
        if size > LIMITS[kind]
    ]
    return tuple(heavy)


def as_text(pages: Sequence[PageWeight], parts: Sequence[PartWeight]) -> str:
    """Return the weights as two tables."""
    table = [("HTML, gzipped", "bytes", "bare", "times bare", "at most")]
    table += [
        (
            page.page,
            f"{page.ours:,}",
            f"{page.bare:,}",
            f"{page.ratio:.2f}",
            f"{TIMES:.0f}" if page.limited else "(written by the build)",
        )
        for page in pages
    ]
    other = [("Ours, gzipped", "bytes", "at most")]
    other += [(f"{part.kind}: {part.name}", f"{part.size:,}", "") for part in parts]
    other += [
        (f"{kind}, in all", f"{size:,}", f"{LIMITS[kind]:,}")
        for kind, size in totals(parts).items()
    ]
    return f"{aligned(table)}\n\n{aligned(other)}"
