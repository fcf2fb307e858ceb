"""Citations as values: what a run of inline text holds, each with its place.

Offsets are in code points, into the text that was scanned.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Mode = Literal["normal", "author", "suppress"]
SlipCode = Literal["citation-comma", "citation-semicolon", "citation-space", "citation-unread"]


@dataclass(frozen=True, slots=True)
class Item:
    """One cited work of a cluster.

    `key` is as written, a passage included (`key#passage`). `prefix` and `suffix`
    are inline Markdown; the suffix keeps the comma or space it begins with. `start`
    and `end` bound the key with its sign, `nested` holds what is cited inside the
    prefix and the suffix.
    """

    key: str
    mode: Mode
    prefix: str
    suffix: str
    start: int
    end: int
    nested: tuple[Cluster, ...] = ()


@dataclass(frozen=True, slots=True)
class Cluster:
    """One citation: the works cited together at one place, `text[start:end]`."""

    items: tuple[Item, ...]
    start: int
    end: int

    @property
    def all_items(self) -> tuple[Item, ...]:
        """The items of the cluster and of those nested in their prefixes and suffixes."""
        found: list[Item] = []
        for item in self.items:
            found.append(item)
            for inner in item.nested:
                found += inner.all_items
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Link:
    """A link whose text holds what would be a citation elsewhere, and its first key."""

    start: int
    end: int
    key: str


@dataclass(frozen=True, slots=True)
class Slip:
    """A likely slip in what is, or was meant as, a citation: a code and where it is."""

    code: SlipCode
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Inline:
    r"""What a run of inline text holds, each in the order of the text.

    `escapes` are the places of `\\@`, `calculations` bound `{= ... =}`, `opaque` bounds
    what is not prose: code, HTML, links, mathematics, addresses.
    """

    clusters: tuple[Cluster, ...]
    escapes: tuple[int, ...]
    calculations: tuple[tuple[int, int], ...]
    links: tuple[Link, ...]
    slips: tuple[Slip, ...]
    opaque: tuple[tuple[int, int], ...]
