"""Blocks as values: which parts of a page are prose, and the lines that are directives."""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True)
class Layout:
    """The blocks and directives of a page and the labels of its link definitions."""

    blocks: tuple[Block, ...]
    directives: tuple[DirectiveLine, ...]
    labels: frozenset[str]
